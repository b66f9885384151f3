"""`kenshu disclose` and its like: what the law asks of whoever keeps data about people."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from app.cli.installation import Failure, opened
from app.cli.package_check import speaking
from app.keeping.disclosure import queries as disclosure
from app.keeping.disclosure import service as disclosing
from app.keeping.ending import service as ending
from app.keeping.self_check import queries as checking
from app.keeping.transfer import export, importing
from app.keeping.transfer.form import Fault
from app.kernel import clock
from app.kernel.audit import service as audit
from app.kernel.errors import NotFound, Refused, Unavailable
from app.kernel.folding import code_key
from app.kernel.language import LANGUAGES
from app.kernel.settings import Settings
from app.launcher.serve import alone


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


@click.command("export-all")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--with-secrets", is_flag=True, help="Also password hashes: they can be tried out.")
def export_all(folder: Path, *, with_secrets: bool) -> None:
    """Return all data: every table as CSV or JSON lines, every package, a manifest, a README.

    FOLDER is a new folder. `kenshu import-all` takes it into an empty system.
    """
    settings = Settings.from_environment()
    with opened(settings) as database:
        try:
            manifest = export.export(
                database, settings, emptied(folder), secrets=with_secrets, now=clock.now()
            )
        except Fault as fault:
            raise Failure(str(fault)) from None
        rows = sum(entry["rows"] for entry in manifest["tables"])
        details = {"rows": rows, "with_secrets": with_secrets}
        with database.unit_of_work() as session:
            audit.record(
                session, "all.exported", by=None, now=clock.now(), subject=("system", None),
                details=details,
            )  # fmt: skip
    click.echo(
        f"{len(manifest['tables'])} tables with {rows} rows, {len(manifest['files'])} files"
        f" in {folder}"
    )
    if manifest["left_out"]:
        click.echo(f"Left out: {', '.join(manifest['left_out'])} (see --with-secrets)")


@click.command("import-all")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def import_all(folder: Path) -> None:
    """Take what `export-all` has written into an empty system of the same version.

    Nothing changes where a file is not what the manifest says, or the system is not empty.
    """
    settings = Settings.from_environment()
    with opened(settings) as database:
        try:
            manifest = importing.take_in(database, settings, folder)
        except Fault as fault:
            raise Failure(str(fault)) from None
        except Unavailable as missing:
            raise Failure(f"nothing was taken in but files: {missing.code}") from None
    rows = sum(entry["rows"] for entry in manifest["tables"])
    click.echo(f"{rows} rows and {len(manifest['files'])} files were taken in; the audit holds.")


@click.command("erase-all")
@click.option(
    "--certificate",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where the certificate goes, as PDF and as JSON; outside the instance.",
)
@click.option("--responsible", required=True, help="Office or name that answers for it (責任者).")
@click.option("--yes-erase-everything", is_flag=True, help="Do not ask for the name.")
def erase_all(certificate: Path, responsible: str, *, yes_erase_everything: bool) -> None:
    """Erase all rows and all files at the end of a contract, and certify it.

    It cannot be undone: return the data first with `kenshu export-all`. The organisation's name
    has to be typed.
    """
    settings = Settings.from_environment()
    name = settings.organisation or "kenshu"
    if not yes_erase_everything and click.prompt(f"Type 「{name}」 to erase everything") != name:
        raise Failure("that is not the organisation's name: nothing was erased")
    try:
        with alone(settings), opened(settings) as database:
            erased = ending.erase_all(database, settings, certificate, responsible, clock.now())
    except Fault as fault:
        raise Failure(str(fault)) from None
    except Refused as refusal:
        raise Failure(f"no certificate: {refusal.code} {refusal.data}") from None
    except Unavailable as missing:
        raise Failure(f"no certificate, and something is left: {missing.code}; repeat it") from None
    click.echo(f"{sum(erased.values())} rows and files were erased. Certificate: {certificate}")


@click.command("self-check")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON list, an object a control.")
@click.option(
    "--language", type=click.Choice(list(LANGUAGES)), default="ja", show_default=True,
    help="Language of the sentences.",
)  # fmt: skip
def self_check(*, as_json: bool, language: str) -> None:
    """Hold the settings and the state against each control (C01-C37).

    The exit code is 1 where something wants attention.
    """
    settings = Settings.from_environment()
    with opened(settings) as database, database.reading() as session, speaking(language):
        lines = checking.lines(session, settings, clock.now())
    if as_json:
        told = [asdict(line) for line in lines]
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        for line in lines:
            click.echo(f"{line.control}  {line.word}  {line.title}\n      {line.present}")
    sys.exit(1 if checking.is_wrong(lines) else 0)
