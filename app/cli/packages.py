"""`kenshu package`: look at packages where no server runs."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from app.cli import package_check
from app.kernel.language import LANGUAGES
from app.kernel.settings import Settings


@click.group()
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
