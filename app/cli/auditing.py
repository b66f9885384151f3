"""`kenshu audit`: prove the audit, and ask it whom a leak has touched."""

from __future__ import annotations

from datetime import datetime

import click

from app import factory
from app.cli import affected, package_check
from app.cli.installation import Failure, opened
from app.kernel import clock
from app.kernel.audit import verification
from app.kernel.audit.models import AuditEvent
from app.kernel.errors import Refused
from app.kernel.language import LANGUAGES


@click.group()
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
