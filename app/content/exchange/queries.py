"""Files of questions in the formats that are known: read to questions, and written."""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from app.content.question_sheets import queries as sheets
from app.kernel import carried, csv, db
from app.kernel.errors import Refused
from app.kernel.tables import blank, sheet
from content_packages.questions import gift
from content_packages.questions.files import LARGEST, Read
from content_packages.questions.findings import Finding, QuestionError
from content_packages.questions.item import Question, check, from_document, to_document
from content_packages.questions.qti import packages, packing, writing
from content_packages.questions.qti.making import Edition

#: Characters of the questions that a page carries from the check to the commit, unpacked.
MOST_CARRIED: Final = 64 * 1024**2


@dataclass(frozen=True)
class Format:
    """A format that questions are written in."""

    suffix: str
    media_type: str


FORMATS: Final[Mapping[str, Format]] = {
    "xlsx": Format("xlsx", blank.MEDIA_TYPE),
    "csv": Format("csv", "text/csv; charset=utf-8"),
    "gift": Format("gift.txt", "text/plain; charset=utf-8"),
    "qti-2.1": Format("qti21.zip", "application/zip"),
    "qti-3.0": Format("qti30.zip", "application/zip"),
}


@dataclass(frozen=True)
class Faulty:
    """A question of a file that cannot be set, and why; `number` is its place among the file's."""

    number: int
    question: Question
    findings: Sequence[Finding]


@dataclass(frozen=True)
class Checked:
    """What a file would add, and all that is to be said about it."""

    sound: Sequence[Question]
    faulty: Sequence[Faulty]
    findings: Sequence[Finding]

    @property
    def errors(self) -> int:
        """How many questions are not taken over."""
        return len(self.faulty) + sum(each.severity == "error" for each in self.findings)


def read(path: Path, name: str) -> Read:
    """Return the questions of a file in whichever format it is, by what is in it.

    Raises Refused (of tables), QuestionError and PackageRefused.
    """
    if _is_table(path, name):
        return sheets.read(path)
    with path.open("rb") as file:
        head = file.read(200)
    if head.startswith(b"PK") or head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return packages.read(path)
    if path.stat().st_size > LARGEST:
        raise QuestionError("too_large", limit=LARGEST)
    return gift.read(path.read_bytes())


def _is_table(path: Path, name: str) -> bool:
    if name.lower().endswith((".csv", ".tsv", ".xlsx", ".xlsm", ".xls")):
        return True
    with path.open("rb") as file:
        head = file.read(2_000)
    if head.startswith(b"PK"):
        try:
            with zipfile.ZipFile(path) as archive:
                return "xl/workbook.xml" in archive.namelist()
        except zipfile.BadZipFile:
            return False
    try:
        first = sheet.decode(head[: head.find(b"\n")] if b"\n" in head else head)
    except Refused:
        return False
    return sheets.is_sheet(first)


def checked(found: Read) -> Checked:
    """Return which questions of a file can be set; each of those gets a key of its own."""
    sound, faulty = [], []
    for number, question in enumerate(found.questions, 1):
        wrong = check(question)
        if wrong:
            faulty.append(Faulty(number, question, wrong))
        else:
            sound.append(replace(question, id=str(db.new_id())))
    return Checked(sound, faulty, found.findings)


def packed(questions: Iterable[Question]) -> str:
    """Return questions as a page carries them from the check to the commit."""
    return carried.packed([to_document(each) for each in questions])


def unpacked(text: str) -> list[Question]:
    """Return the questions that a page carried; raises Refused("questions_stale") for others."""
    try:
        return [from_document(each) for each in carried.unpacked(text, MOST_CARRIED)]
    except (ValueError, TypeError) as error:
        raise Refused("questions_stale") from error


def written(form: str, questions: Sequence[Question], title: str) -> bytes:
    """Return the file of a key of FORMATS; what it cannot hold is left out, as `losses` tells."""
    if form == "gift":
        return gift.write(questions, title).encode()
    if form.startswith("qti-"):
        return packing.write(questions, Edition(form.removeprefix("qti-")), title)
    rows = sheets.rows(questions)
    if form == "csv":
        return csv.write(sheets.headings(), rows).body
    return blank_sheet(rows)


def blank_sheet(rows: Iterable[Sequence[object]] = ()) -> bytes:
    """Return a workbook with the columns of a sheet of questions, and rows if there are any."""
    needed = frozenset(each.names[0] for each in sheets.COLUMNS.values() if each.is_needed)
    return blank.workbook(sheets.headings(), needed, rows)


@dataclass(frozen=True)
class Loss:
    """What a format cannot hold, and of how many questions."""

    code: str
    is_whole: bool
    count: int


def losses(questions: Sequence[Question]) -> dict[str, list[Loss]]:
    """Return by format what would be lost; an `is_whole` loss is the question itself."""
    tellers = {
        "xlsx": sheets.losses,
        "gift": gift.losses,
        "qti-3.0": writing.losses,
    }
    found = {}
    for form, tell in tellers.items():
        counted = Counter(
            (each.code, each.severity == "error")
            for question in questions
            for each in {(loss.code, loss.severity): loss for loss in tell(question)}.values()
        )
        found[form] = [Loss(code, whole, count) for (code, whole), count in counted.items()]
    return {**found, "csv": found["xlsx"], "qti-2.1": found["qti-3.0"]}
