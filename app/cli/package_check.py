"""What an import would say of a package, for an author's desk: no database, no store, no server."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import flask
import flask_babel

from app.content.findings import text as findings_text
from app.content.imports import service
from app.content.imports import text as import_text
from app.content.imports.service import Examined
from app.content.materials import text
from app.kernel import language
from app.kernel.errors import Refused
from app.kernel.language import gettext
from app.kernel.settings import Settings
from app.kernel.web import application, filters


@dataclass(frozen=True)
class Report:
    """What came of one file: exactly one of the two is there."""

    file: str
    examined: Examined | None = None
    refused: Refused | None = None

    @property
    def is_sound(self) -> bool:
        """Whether the package could be imported and published."""
        return self.examined is not None and not _counts(self.examined)["error"]


def check(path: Path, settings: Settings) -> Report:
    """Examine a file as an import does; raises OSError where it cannot be read."""
    file = click.format_filename(path)
    try:
        return Report(file, examined=service.examine(path, settings, _unwatched))
    except Refused as refusal:
        return Report(file, refused=refusal)


@contextmanager
def speaking(chosen: str) -> Iterator[None]:
    """Let sentences be in this language meanwhile, outside of any application that serves."""
    app = flask.Flask("app", static_folder=None, root_path=str(application.ROOT))
    language.install(app, chosen)
    with app.app_context(), flask_babel.force_locale(chosen):
        yield


def tell(reports: Iterable[Report]) -> bool:
    """Print each report for a person as soon as it is there; return whether all are sound."""
    sound = True
    for report in reports:
        click.echo(printable("\n".join(_lines(report))))
        sound = sound and report.is_sound
    return sound


def tell_json(reports: Iterable[Report]) -> bool:
    """Print one JSON list, an object a file; return whether all are sound."""
    told = list(reports)
    documents = [_document(report) for report in told]
    ascii_alone = not _encoding().lower().startswith("utf")
    click.echo(printable(json.dumps(documents, ensure_ascii=ascii_alone, indent=2)))
    return all(report.is_sound for report in told)


def _encoding() -> str:
    return sys.stdout.encoding or "utf-8"


def printable(text: str) -> str:
    """Return the text as this terminal can show it, whose encoding may lack our letters."""
    return text.encode(_encoding(), "replace").decode(_encoding())


def _document(report: Report) -> dict[str, Any]:
    if report.refused is not None:
        what, mending = _refusal(report.refused)
        code, data = report.refused.code, report.refused.data
        refused = {"code": code, "data": dict(data), "what": what, "mending": mending}
        return {"file": report.file, "refused": refused}
    assert report.examined is not None
    return {"file": report.file, **_package(report.examined)}


def _lines(report: Report) -> Iterator[str]:
    yield report.file
    if report.refused is not None:
        yield "  " + gettext("教材を登録できませんでした") + f"  {report.refused.code}"
        yield from (f"      {sentence}" for sentence in _refusal(report.refused))
        return
    assert report.examined is not None
    yield from _lines_of_package(report.examined)


def _lines_of_package(examined: Examined) -> Iterator[str]:
    title = examined.title or gettext("（題名なし）")
    yield f"  {text.EDITIONS[examined.edition]}  {title}"
    scos, launchable = examined.scos, examined.scos + examined.assets
    yield "  " + gettext(
        "開ける項目 %(launchable)s件、うち記録するもの（SCO） %(scos)s件",
        launchable=launchable,
        scos=scos,
    )
    for found in examined.findings:
        word, _ = text.SEVERITIES[found["severity"]]
        yield f"  {word}  {found['code']}  {found['place']}"
        yield from (f"      {said}" for said in findings_text.finding(found["code"], found["data"]))
    counts = _counts(examined)
    yield "  " + (
        gettext(
            "確認の結果（エラー%(error)s件、注意%(warning)s件、参考%(notice)s件）",
            error=counts["error"],
            warning=counts["warning"],
            notice=counts["notice"],
        )
        if examined.findings
        else gettext("問題は見つかりませんでした。")
    )


def _package(examined: Examined) -> dict[str, Any]:
    return {
        "kind": examined.kind,
        "edition": examined.edition,
        "title": examined.title,
        "scos": examined.scos,
        "launchable": examined.scos + examined.assets,
        "findings": [_finding(found) for found in examined.findings],
    }


def _finding(found: dict[str, Any]) -> dict[str, Any]:
    what, mending = findings_text.finding(found["code"], found["data"])
    return {**found, "what": what, "mending": mending}


def _refusal(refused: Refused) -> tuple[str, str]:
    return import_text.refusal(refused.code, refused.data, filters.size)


def _counts(examined: Examined) -> Counter[str]:
    return Counter(found["severity"] for found in examined.findings)


def _unwatched(_done: int, _total: int) -> None:
    """Report the progress to nobody."""
