"""What every task has at hand: the settings, and the database they name."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import flask

from app import factory
from app.kernel import installation
from app.kernel.db import Database
from app.kernel.settings import Settings


@dataclass(frozen=True)
class Workshop:
    """One installation, as a worker sees it."""

    settings: Settings
    database: Database

    def __post_init__(self) -> None:
        """Know the words of every room, before the first of them is written."""
        factory.tell()

    @classmethod
    def opened(cls) -> Workshop:
        """Return the installation that the environment names.

        Each work-horse opens its own: no connection to the database outlives a fork.
        """
        settings = Settings.from_environment()
        return cls(settings, installation.connect(settings))

    @cached_property
    def office(self) -> flask.Flask:
        """The office's application, for the words that it knows."""
        return factory.create_app(self.settings, self.database)
