"""An old ledger held against the register and the trainings there are, before it is taken in.

The titles of a ledger are not ours: for each, the trainings that are called alike are offered
(名寄せ).
"""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.folding import name_key
from app.kernel.tables.lines import Finding
from app.people.register.models import Person, StaffNumber
from app.training.ledgers.models import LedgerEntry, LedgerImport
from app.training.plans.models import Training

#: Keys in one statement.
_SOME = 1_000
#: So many trainings are offered for a title, and for so many titles: to compare takes its time.
MOST_ALIKE, MOST_COMPARED = 5, 300
#: Lengths of staff numbers that leading zeros are looked for.
_LONGEST = 9

#: What makes an entry the same as another: whose, title, year, day.
Key = tuple[uuid.UUID, str, int, date | None]


@dataclass(frozen=True)
class Entry:
    """One line of a ledger, as it is to be taken in."""

    row: int
    number: str
    title: str
    fiscal_year: int
    completed_on: date | None
    is_completed: bool
    section: str
    job_title: str


@dataclass(frozen=True)
class Written:
    """One line of the file: what it says, and what cannot be read in it."""

    entry: Entry
    name: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Faulty:
    """A line that is left out, and why."""

    row: int
    number: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Titled:
    """What the ledger calls a training, on how many lines, and which training it may be."""

    title: str
    count: int
    #: The training that is called the same; None where there is none.
    same_id: uuid.UUID | None
    #: Those that are called alike, the nearest first, by key and title.
    alike: tuple[tuple[uuid.UUID, str], ...]


@dataclass(frozen=True)
class Plan:
    """What a file would take in."""

    entries: tuple[Entry, ...]
    #: Whose each of them is, by its row.
    people: Mapping[int, uuid.UUID]
    faulty: tuple[Faulty, ...]
    #: Lines that were taken in before, or stand in the file before.
    known: int


@dataclass(frozen=True)
class _Holder:
    """Who has, or had, a number, and when."""

    person_id: uuid.UUID
    name: str
    valid_from: date
    valid_to: date | None


def plan(session: Session, lines: Sequence[Written], *, takes_others: bool = False) -> Plan:
    """Return what a file would take in, and which of its lines it would not, and why.

    `takes_others` takes lines in whose name is not that of the register.
    """
    holders = _holders(session, {line.entry.number for line in lines})
    zeros = _with_zeros(session, {line.entry.number for line in lines} - holders.keys())
    faulty, sound = [], []
    people: dict[int, uuid.UUID] = {}
    for line in lines:
        holder, findings = _whose(line, holders, zeros, takes_others=takes_others)
        if findings or holder is None:
            faulty.append(Faulty(line.entry.row, line.entry.number, findings))
        else:
            sound.append(line.entry)
            people[line.entry.row] = holder.person_id
    new = list(_new(sound, people, _known(session, set(people.values()))))
    kept = {entry.row: people[entry.row] for entry in new}
    return Plan(tuple(new), kept, tuple(faulty), len(sound) - len(new))


def _whose(
    line: Written,
    holders: Mapping[str, Sequence[_Holder]],
    zeros: Mapping[str, str],
    *,
    takes_others: bool,
) -> tuple[_Holder | None, tuple[Finding, ...]]:
    if line.findings:
        return None, line.findings
    found = holders.get(line.entry.number, [])
    people = {holder.person_id for holder in found}
    if not people:
        meant = zeros.get(line.entry.number, "")
        return None, (Finding("number", "zeros" if meant else "number_unknown", meant),)
    day = line.entry.completed_on or date(line.entry.fiscal_year, 4, 1)
    held = [each for each in found if each.valid_from <= day <= (each.valid_to or date.max)]
    if len(people) > 1 and len({each.person_id for each in held}) != 1:
        return None, (Finding("number", "number_shared", line.entry.number),)
    holder = held[0] if held else found[0]
    if line.name and not takes_others and name_key(line.name) != name_key(holder.name):
        return None, (Finding("name", "name_differs", line.name[:60]),)
    return holder, ()


def _new(
    entries: Iterable[Entry], people: Mapping[int, uuid.UUID], known: Collection[Key]
) -> Iterator[Entry]:
    seen = set(known)
    for entry in entries:
        key = (people[entry.row], entry.title, entry.fiscal_year, entry.completed_on)
        if key not in seen:
            seen.add(key)
            yield entry


def _known(session: Session, person_ids: Collection[uuid.UUID]) -> set[Key]:
    """Return what ledgers have said of some people before."""
    found: set[Key] = set()
    for some in _portions(sorted(person_ids)):
        rows = session.execute(
            sa.select(
                LedgerEntry.person_id,
                LedgerEntry.title,
                LedgerEntry.fiscal_year,
                LedgerEntry.completed_on,
            ).where(LedgerEntry.person_id.in_(some))
        )
        found.update(cast("Key", tuple(row)) for row in rows)
    return found


def _holders(session: Session, numbers: Collection[str]) -> dict[str, list[_Holder]]:
    """Return who has, or had, each of some numbers, the last one first."""
    found: dict[str, list[_Holder]] = defaultdict(list)
    for some in _portions(sorted(numbers)):
        rows = session.execute(
            sa.select(
                StaffNumber.number,
                Person.id,
                Person.name,
                StaffNumber.valid_from,
                StaffNumber.valid_to,
            )
            .join(Person, Person.id == StaffNumber.person_id)
            .where(StaffNumber.number.in_(some))
            .order_by(StaffNumber.valid_from.desc())
        )
        for row in rows:
            found[row[0]].append(_Holder(row[1], row[2], row[3], row[4]))
    return found


def _with_zeros(session: Session, numbers: Collection[str]) -> dict[str, str]:
    """Return the number that each of some may mean, where a spreadsheet took its zeros away."""
    meant = {
        number.zfill(length): number
        for number in numbers
        if number.isdecimal()
        for length in range(len(number) + 1, _LONGEST)
    }
    return {meant[full]: full for full in _holders(session, meant)}


def _portions(keys: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(keys), _SOME):
        yield keys[start : start + _SOME]


def titles(session: Session, entries: Iterable[Entry]) -> list[Titled]:
    """Return what a ledger calls its trainings, with which of ours each may be: one statement."""
    counts = Counter(entry.title for entry in entries)
    rows = session.execute(sa.select(Training.id, Training.title).order_by(Training.code)).all()
    ours: dict[str, list[tuple[uuid.UUID, str]]] = defaultdict(list)
    for key, title in rows:
        ours[name_key(title)].append((key, title))
    found = []
    for place, (title, count) in enumerate(sorted(counts.items())):
        same = ours.get(name_key(title), [])
        alike = same
        if not same and place < MOST_COMPARED:
            alike = [each for key in _alike(title, ours) for each in ours[key]]
        found.append(Titled(title, count, same[0][0] if same else None, tuple(alike)))
    return found


def _alike(title: str, keys: Collection[str]) -> list[str]:
    """Return the keys that are most like a title's; one that holds the other is like it, too."""
    key = name_key(title)
    close = get_close_matches(key, keys, n=MOST_ALIKE, cutoff=0.6)
    inside = [
        each for each in keys if len(key) > 2 and len(each) > 2 and (each in key or key in each)
    ]
    return list(dict.fromkeys([*close, *inside]))[:MOST_ALIKE]


@dataclass(frozen=True)
class ImportLine:
    """A file that was taken in."""

    id: uuid.UUID
    file_name: str
    created_by: str
    created_at: datetime
    entries: int
    people: int


def imports() -> sa.Select[Any]:
    """Return the query of the files that were taken in, newest first, as `ImportLine`."""
    found = (
        sa.select(
            LedgerImport.id,
            LedgerImport.file_name,
            sa.func.coalesce(sa.func.max(Person.name), ""),
            LedgerImport.created_at,
            sa.func.count(LedgerEntry.id),
            sa.func.count(LedgerEntry.person_id.distinct()),
        )
        .outerjoin(LedgerEntry, LedgerEntry.import_id == LedgerImport.id)
        .outerjoin(Person, Person.id == LedgerImport.created_by)
        .group_by(LedgerImport.id, LedgerImport.file_name, LedgerImport.created_at)
        .order_by(LedgerImport.created_at.desc(), LedgerImport.id.desc())
    )
    return cast("sa.Select[Any]", found)
