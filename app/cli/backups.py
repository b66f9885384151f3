"""`kenshu backup` and its like: sealed copies of the whole, and the proof that they open."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from app.cli.installation import Failure, opened
from app.keeping.backup import service
from app.keeping.backup.sealing import make_key
from app.keeping.transfer.form import Fault
from app.kernel import clock
from app.kernel.settings import Settings
from app.launcher.serve import alone

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@contextmanager
def _telling() -> Iterator[None]:
    try:
        yield
    except Fault as fault:
        raise Failure(str(fault)) from None


@click.command("backup-key")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup_key(file: Path) -> None:
    """Write a new key for backups, readable by its owner alone.

    Keep a copy of it apart from the backups: without it none of them can be opened. To change the
    key, make another one and set it; older backups still need the older key.
    """
    try:
        make_key(file)
    except FileExistsError:
        raise Failure(f"{file} is there already: older backups may need it") from None
    click.echo(f"Set KENSHU_BACKUP_KEY_FILE={file}")


@click.command()
@click.argument("target", type=click.Path(path_type=Path))
def backup(target: Path) -> None:
    """Write a sealed backup: the database of this moment, and the packages.

    TARGET is a new file, or a folder that keeps KENSHU_BACKUP_GENERATIONS of them. Others may work
    meanwhile.
    """
    settings = Settings.from_environment()
    with _telling(), opened(settings) as database:
        path = service.make(database, settings, target, clock.now())
    click.echo(f"{path}  {path.stat().st_size} bytes")


@click.command()
@click.argument("file", type=_FILE)
def restore(file: Path) -> None:
    """Put a backup into an empty system; the server must not run."""
    settings = Settings.from_environment()
    with _telling(), alone(settings), opened(settings) as database:
        told = service.restore(database, settings, file)
    click.echo(f"{sum(told['rows'].values())} rows and {len(told['files'])} files are restored.")
    click.echo(f"The backup is of {told['made_at']}. Run `kenshu migrate` next.")


@click.command("restore-drill")
@click.argument("file", type=_FILE)
def restore_drill(file: Path) -> None:
    """Restore a backup on the side, compare counts and hashes, and report the time.

    FILE may be a backup of a system at work. Nothing in it changes but a line of the audit.
    """
    settings = Settings.from_environment()
    with _telling(), opened(settings) as database:
        done = service.drill(database, settings, file, clock.now())
    click.echo(
        f"The backup of {done.made_at} opens: {done.rows} rows and {done.files} files agree;"
        f" {done.seconds:.1f} s."
    )
