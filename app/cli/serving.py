"""`kenshu serve`, `migrate`, `demo`: an installation that runs, and what it runs on.

What a server's launcher does not need is not imported here: it stays as long as the server does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from app.cli.installation import Failure, opened
from app.kernel import logs
from app.kernel.errors import Refused
from app.kernel.open_days import open_days
from app.kernel.settings import Settings
from app.launcher import serve as launch
from app.people.permission import access as permission

if TYPE_CHECKING:
    from app.demo import Account


@click.command()
@click.option("--demo", is_flag=True, help="Load the demonstration data, and show the mail sent.")
def serve(*, demo: bool) -> None:
    """Start Redis, the worker and the web server, and stop them with Ctrl-C."""
    settings = Settings.from_environment()
    permission.check_settings(settings)
    open_days(settings.holidays)
    logs.configure(settings.log_format)
    if demo:
        settings = replace(settings, demo=True)
    launch.serve(settings, load_demo if demo else _nothing)


@click.command()
def migrate() -> None:
    """Bring the database to the newest schema."""
    launch.migrate(Settings.from_environment())


@click.command()
@click.option("--staff", type=click.IntRange(min=0, max=99_999), default=0, help="More people.")
def demo(staff: int) -> None:
    """Load the demonstration data that is not loaded yet; never beside real people."""
    load_demo(replace(Settings.from_environment(), demo=True), staff)


def load_demo(settings: Settings, count: int = 0) -> None:
    """Load the demonstration and print its accounts, which exist in clear only now."""
    from app import demo as demonstration  # noqa: PLC0415 - only a demonstration needs it

    try:
        with opened(settings) as database:
            _print_accounts(demonstration.load(database, settings, count))
    except Refused as refusal:
        if refusal.code != "demo_on_real_data":
            raise  # ours to mend: it is not about who is registered
        raise Failure(
            "people are registered whose names are not invented: "
            "the demonstration is loaded into an installation of its own"
        ) from None


def _print_accounts(accounts: Iterable[Account]) -> None:
    lines = [f"  {each.number}  {each.password}  {each.name}（{each.part}）" for each in accounts]
    if lines:
        click.echo("\n  Accounts of the demonstration. The passwords are shown this once.\n")
        click.echo("\n".join(lines))


def _nothing(_settings: Settings) -> None:
    """Prepare nothing: an installation that is no demonstration has its own data."""
