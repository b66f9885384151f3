"""The command `kenshu`: serving, migrating, and what an operator does without a browser."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from cryptography.fernet import InvalidToken

from app import factory
from app.cli import (
    affected,
    backups,
    first_account,
    keeping,
    next_revision,
    package_check,
    setting_list,
)
from app.cli.installation import Failure, opened
from app.kernel import clock, logs
from app.kernel.audit import verification
from app.kernel.audit.models import AuditEvent
from app.kernel.errors import Refused
from app.kernel.language import LANGUAGES
from app.kernel.open_days import open_days
from app.kernel.settings import Settings, SettingsError
from app.launcher import serve as launch
from app.launcher.errors import LaunchError
from app.people.operators import service as operators
from app.people.permission import access as permission
from app.people.permission.models import Role
from app.people.second_factor import service as second_factor

if TYPE_CHECKING:
    from app.demo import Account


#: What an operator's account can be refused for, as one reads it on a terminal.
OPERATOR_FAULTS = {
    "operator_role": "an operator's role is one that is granted, and needs no section",
    "operator_time": "an operator's last day is today or later, and within a year",
}


def main() -> None:
    """Run the command; what an operator can mend is one line, not a traceback."""
    try:
        kenshu()
    except (SettingsError, LaunchError) as error:
        click.echo(f"kenshu: {error}", err=True)
        sys.exit(1)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def kenshu() -> None:
    """Serve and look after Kenshu. Settings come from the environment: see `kenshu settings`."""


@kenshu.command()
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


@kenshu.command()
def migrate() -> None:
    """Bring the database to the newest schema."""
    launch.migrate(Settings.from_environment())


@kenshu.command()
@click.option("-m", "--message", required=True, help="What changes, as a sentence.")
def revision(message: str) -> None:
    """Write the next migration from what the code has more than the database (for developers)."""
    with opened() as database:
        for path in next_revision.write(database, message):
            click.echo(path)


@kenshu.command("create-administrator")
@click.argument("number")
@click.argument("name")
@click.option("--section-code", default="0000", show_default=True, help="Code of the section.")
@click.option("--section", default="人事課", show_default=True, help="Its name, if it is new.")
@click.option("--title", default="主事", show_default=True, help="Title of the person.")
def create_administrator(
    number: str, name: str, section_code: str, section: str, title: str
) -> None:
    """Add the first account: a person who administers the system and is the training office.

    The password is shown once, and must be changed at the first sign-in.
    """
    account = first_account.NewAccount(number, name, section_code, section, title)
    try:
        with opened() as database, database.unit_of_work() as session:
            password = first_account.create(session, account, clock.now())
    except Refused as refusal:
        raise Failure(f"somebody has the staff number {refusal.data['number']} already") from None
    click.echo(f"{number}  {password}")


@kenshu.command("create-operator")
@click.argument("name")
@click.option(
    "--until", required=True, type=click.DateTime(["%Y-%m-%d"]), help="Last day, as 2027-03-31."
)
@click.option("--role", default=Role.ADMINISTRATOR.value, show_default=True, help="Its one role.")
def create_operator(name: str, until: datetime, role: str) -> None:
    """Add an account for who runs the system on contract: no staff, and for a time only.

    The password is shown once, and must be changed at the first sign-in.
    """
    try:
        with opened() as database, database.unit_of_work() as session:
            made = operators.create(session, name, until.date(), role, clock.now())
    except Refused as refusal:
        raise Failure(OPERATOR_FAULTS[refusal.code]) from None
    click.echo(f"{made.number}  {made.password}")


@kenshu.command("rotate-keys")
def rotate_keys() -> None:
    """Seal every kept secret with the present key; those sealed with a former one are opened first.

    Afterwards KENSHU_FORMER_SECRET_KEYS can go.
    """
    settings = Settings.from_environment()
    try:
        with opened(settings) as database, database.unit_of_work() as session:
            count = second_factor.seal_anew(session, settings)
    except InvalidToken:
        raise Failure(
            "a secret was sealed with a key that is neither KENSHU_SECRET_KEY nor one of "
            "KENSHU_FORMER_SECRET_KEYS; nothing was changed"
        ) from None
    click.echo(f"{count} secrets are sealed with the present key.")


@kenshu.command()
@click.option("--staff", type=click.IntRange(min=0, max=99_999), default=0, help="More people.")
def demo(staff: int) -> None:
    """Load the demonstration data that is not loaded yet; never beside real people."""
    load_demo(replace(Settings.from_environment(), demo=True), staff)


@kenshu.command()
def settings() -> None:
    """List the settings: the variable, its default, what it means."""
    for each in setting_list.settings():
        click.echo(f"{each.variable} = {each.default}\n    {each.meaning}")


@kenshu.group()
def audit() -> None:
    """Prove the audit, and ask it whom a leak has touched."""


@audit.command()
@click.option("--hash", "kept", help="A hash that was printed before: its line must be there.")
def verify(kept: str | None) -> None:
    """Prove that no line of the audit was changed, taken out or put in."""
    with opened() as database, database.reading() as session:
        verdict = verification.verify(session)
        is_there = kept is None or verification.has(session, kept)
    if verdict.broken is not None:
        raise Failure(f"the audit does not hold from line {verdict.broken} on")
    if not is_there:
        raise Failure("no line has that hash: it was dropped, or the audit was written anew")
    click.echo(f"The audit holds: {verdict.lines} lines, the last one {verdict.last}.")
    click.echo(f"Its hash, to be kept elsewhere: {verdict.hash}")


@audit.command("affected")
@click.option("--by", "number", help="Staff number of an account, as it is or was.")
@click.option("--since", help="From when on, in Japan: 2026-11-23 or 2026-11-23T13:00.")
@click.option("--until", help="Until when: a day without a time belongs to it.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option(
    "--language", type=click.Choice(list(LANGUAGES)), default="ja", show_default=True,
    help="Language of the sentences.",
)  # fmt: skip
def find_affected(
    number: str | None, since: str | None, until: str | None, *, as_json: bool, language: str
) -> None:
    """List whose details an account, or anybody in a time, has seen, taken along or changed."""
    if number is None and since is None:
        raise click.UsageError("say by whom (--by), or since when (--since)")
    period = (_moment("--since", since), _moment("--until", until, is_end=True))
    factory.tell()
    try:
        with opened() as database, database.reading(AuditEvent) as session:
            report = affected.find(session, number, *period, now=clock.now())
    except Refused as refusal:
        raise Failure(f"nobody has the staff number {refusal.data['number']}") from None
    with package_check.speaking(language):
        told = [affected.document(report)] if as_json else affected.lines(report)
        for line in told:
            click.echo(package_check.printable(line))


def _moment(option: str, written: str | None, *, is_end: bool = False) -> datetime | None:
    try:
        return affected.read_moment(written, is_end=is_end) if written else None
    except ValueError:
        reason = f"{option} takes 2026-11-23 or 2026-11-23T13:00, not {written!r}"
        raise click.UsageError(reason) from None


@kenshu.group()
def package() -> None:
    """Look at packages where no server runs."""


@package.command("check")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON list, an object a file.")
@click.option(
    "--language", type=click.Choice(list(LANGUAGES)), default="ja", show_default=True,
    help="Language of the sentences.",
)  # fmt: skip
def check_packages(files: tuple[Path, ...], *, as_json: bool, language: str) -> None:
    """Say what an import would say of each ZIP: what it is, and all that is wrong or odd with it.

    The exit code is 1 where one of them would be refused or could not be published.
    """
    settings = Settings.from_environment()
    reports = (_checked(file, settings) for file in files)
    with package_check.speaking(language):
        sound = package_check.tell_json(reports) if as_json else package_check.tell(reports)
    sys.exit(0 if sound else 1)


def _checked(file: Path, settings: Settings) -> package_check.Report:
    try:
        return package_check.check(file, settings)
    except OSError as error:
        reason = f"{click.format_filename(file)}: {error.strerror}"
        raise click.BadParameter(reason) from None


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


for each_command in (*keeping.COMMANDS, *backups.COMMANDS):
    kenshu.add_command(each_command)
