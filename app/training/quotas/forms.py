"""The table of quotas as it is entered: a line for each section and each grade, or pasted."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from app.kernel.folding import code_key
from app.kernel.language import gettext
from app.people.sections.queries import SectionRow
from app.training.quotas.service import QuotaData
from app.training.seats.queries import Account

#: No offering is as large.
MOST_PEOPLE = 9999
Key = tuple[uuid.UUID | None, str]


@dataclass
class Entry:
    """One line of the table: what it is of, what was written, and what is wrong with it."""

    #: The part of the fields' names that tells the lines apart.
    field: str
    section_id: uuid.UUID | None
    grade: str
    #: What it is called, and how deep it stands in the tree.
    name: str
    depth: int = 0
    at_least: str = ""
    at_most: str = ""
    taken: int = 0
    error: str = ""

    @property
    def key(self) -> Key:
        """What it is of."""
        return self.section_id, self.grade


@dataclass
class QuotaTable:
    """The table: lines of the sections, of the grades, and of what is neither any more."""

    entries: list[Entry]
    #: Sections by the code that a pasted line names.
    codes: Mapping[str, uuid.UUID]
    pasted: str = ""
    #: What is wrong with pasted lines, by their number.
    faults: list[tuple[int, str]] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults and not any(entry.error for entry in self.entries)

    @property
    def of_sections(self) -> list[Entry]:
        """The lines of sections."""
        return [entry for entry in self.entries if entry.section_id]

    @property
    def of_grades(self) -> list[Entry]:
        """The lines of grades in all sections."""
        return [entry for entry in self.entries if not entry.section_id]

    def read(self, form: Mapping[str, str]) -> None:
        """Take what was sent: the fields of the lines, then the pasted ones over them."""
        for entry in self.entries:
            entry.at_least = form.get(f"least-{entry.field}", "").strip()
            entry.at_most = form.get(f"most-{entry.field}", "").strip()
        self.pasted = form.get("pasted", "").strip()
        by_key = {entry.key: entry for entry in self.entries}
        for number, cells in _lines(self.pasted):
            entry_of = by_key.get((self.codes.get(code_key(cells[0])), ""))
            if entry_of is None or entry_of.section_id is None:
                told = gettext("所属コード「%(code)s」の所属はありません。", code=cells[0][:20])
                self.faults.append((number, told))
            elif len(cells) != 3:
                told = gettext("所属コード、下限、上限の3つの列にしてください。")
                self.faults.append((number, told))
            else:
                entry_of.at_least, entry_of.at_most = cells[1].strip(), cells[2].strip()
        for entry in self.entries:
            entry.error = _fault_of(entry)

    def data_of(self) -> list[QuotaData]:
        """Return the lines that allot something."""
        return [
            QuotaData(entry.section_id, entry.grade, int(entry.at_least or 0), int(entry.at_most))
            for entry in self.entries
            if entry.at_most
        ]


def table_of(
    sections: Sequence[SectionRow],
    grades: Sequence[str],
    accounts: Mapping[Key, Account],
    names: Mapping[uuid.UUID, str],
) -> QuotaTable:
    """Return the table with what is allotted so far; what was allotted to others is kept last."""
    entries = [
        Entry(row.id.hex, row.id, "", f"{row.code} {row.name}", row.depth) for row in sections
    ]
    entries += [Entry(f"grade-{place}", None, grade, grade) for place, grade in enumerate(grades)]
    shown = {entry.key for entry in entries}
    for account in accounts.values():
        if (account.section_id, account.grade) not in shown:
            place = names.get(account.section_id, "") if account.section_id else ""
            name = f"{place} {account.grade}".strip()
            entries.append(Entry(account.id.hex, account.section_id, account.grade, name))
    for entry in entries:
        if known := accounts.get(entry.key):
            entry.at_least, entry.at_most = str(known.at_least), str(known.at_most)
            entry.taken = known.taken
    return QuotaTable(entries, {row.code: row.id for row in sections})


def _lines(pasted: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the pasted lines by number, without a heading and without empty ones."""
    delimiter = "\t" if "\t" in pasted else ","
    for number, line in enumerate(pasted.splitlines(), 1):
        cells = line.split(delimiter)
        is_heading = number == 1 and not any(_count(cell) is not None for cell in cells[1:])
        if any(cell.strip() for cell in cells) and not is_heading:
            yield number, cells


def _fault_of(entry: Entry) -> str:
    if not entry.at_least and not entry.at_most:
        return ""
    least, most = _count(entry.at_least or "0"), _count(entry.at_most)
    if least is None or most is None:
        return gettext("下限と上限を、0から9,999までの数字で入力してください。")
    if least > most:
        return gettext("下限が上限より大きくなっています。")
    entry.at_least, entry.at_most = str(least), str(most)
    return ""


def _count(text: str) -> int | None:
    written = code_key(text).removesuffix("人").replace(",", "")
    return int(written) if written.isdecimal() and int(written) <= MOST_PEOPLE else None
