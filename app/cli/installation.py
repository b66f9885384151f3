"""The installation that a command works on, and how a command fails."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from app.kernel import installation
from app.kernel.db import Database
from app.kernel.settings import Settings


class Failure(click.ClickException):
    """A fault with its reason, on one line, and the exit code 1."""

    def show(self, file: object = None) -> None:  # noqa: ARG002 - click's signature
        """Write the reason to standard error."""
        click.echo(f"kenshu: {self.format_message()}", err=True)


@contextmanager
def opened(settings: Settings | None = None) -> Iterator[Database]:
    """Yield the database of the settings, those of the environment where none are given."""
    database = installation.connect(settings or Settings.from_environment())
    try:
        yield database
    finally:
        database.engine.dispose()
