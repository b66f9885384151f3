"""`kenshu disclose`: what the law asks of whoever keeps data about people."""

from __future__ import annotations

from pathlib import Path

import click

from app.cli.installation import Failure, opened
from app.keeping.disclosure import queries as disclosure
from app.keeping.disclosure import service as disclosing
from app.kernel import clock
from app.kernel.errors import NotFound, Refused
from app.kernel.folding import code_key
from app.kernel.settings import Settings


def emptied(folder: Path) -> Path:
    """Return a folder that is there and empty; fails for one that holds anything."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise Failure(f"{folder} is not empty. Name a new folder: nothing is ever written over.")
    return folder


@click.command()
@click.argument("number")
@click.option(
    "--to", "folder", required=True, type=click.Path(file_okay=False, path_type=Path),
    help="A new folder for the bundle.",
)  # fmt: skip
def disclose(number: str, folder: Path) -> None:
    """Write all that is held about a person: a PDF, a JSON document and a CSV a table.

    NUMBER is the staff number, also of somebody who has left. Other people's names are masked.
    """
    settings = Settings.from_environment()
    try:
        with opened(settings) as database, database.unit_of_work() as session:
            person_id = disclosure.person_of(session, code_key(number))
            written = disclosing.write(
                session,
                person_id,
                emptied(folder),
                made_by="kenshu disclose",
                settings=settings,
                now=clock.now(),
            )
    except NotFound:
        raise Failure(f"nobody has or had the staff number {number}") from None
    except Refused as refusal:
        raise Failure(f"no PDF: {refusal.code} {refusal.data}") from None
    click.echo(f"{len(written)} files in {folder}")


COMMANDS = (disclose,)
