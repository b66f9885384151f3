"""Taking a checked staff file over: everything in one transaction, in a few statements a table.

Posts are dated: a change of section or title ends the post of the day before and begins another.
What has no day of its own (name, e-mail and the like) changes when the file is taken over.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.audit import service as audit
from app.kernel.db import Base, new_id
from app.kernel.folding import name_key
from app.kernel.tables.lines import Line
from app.people.imports.queries import Plan, Planned, RowState
from app.people.register import service as register_service
from app.people.register.models import Appointment, Person, PostKind, StaffNumber, Title
from app.people.transfers import queries
from app.people.transfers.queries import ITEMS, POST, Entry, Register

#: Rows that are written with one statement.
PORTION = 1000


@dataclass
class Writing:
    """What is to be written, gathered before the first statement."""

    register: Register
    day: date
    titles: Mapping[str, uuid.UUID]
    added: dict[type[Base], list[dict[str, Any]]] = field(
        default_factory=lambda: {Person: [], StaffNumber: [], Appointment: []}
    )
    changed_people: list[dict[str, Any]] = field(default_factory=list)
    ended_posts: list[uuid.UUID] = field(default_factory=list)
    ended_numbers: list[uuid.UUID] = field(default_factory=list)
    told: dict[str, list[tuple[uuid.UUID, dict[str, Any]]]] = field(default_factory=dict)

    def tell(self, action: str, person_id: uuid.UUID, details: dict[str, Any]) -> None:
        """Have a line of the audit written."""
        self.told.setdefault(action, []).append((person_id, details))


def examine(session: Session, lines: Sequence[Line], day: date, *, limit: int | None) -> Plan:
    """Return what a file would do on a day.

    `limit` is the part of the staff, in percent, that a full file may end; None where who is absent
    stays as they are.
    """
    revision = register_service.revision(session)
    register = queries.register_on(session, day)
    rows = queries.plan(register, lines)
    serving = sum(entry.serves(day) for entry in register.entries.values())
    absent = sum(planned.is_absent for planned in rows)
    titles = set(session.scalars(sa.select(Title.name)))
    wanted = (row.line.values["title"] for row in rows if row.state in TAKEN)
    summary = {
        "new_titles": [name for name in dict.fromkeys(wanted) if name not in titles],
        "serving": serving,
        "ends_too_many": limit is not None and 100 * absent > limit * serving,
        "at_once": sum(_changes_at_once(row) for row in rows),
    }
    return Plan(rows, revision, summary)


#: Rows that are taken over.
TAKEN = (RowState.ADDED, RowState.CHANGED, RowState.UNCHANGED)


def _changes_at_once(planned: Planned) -> bool:
    return planned.state == RowState.CHANGED and bool(
        planned.changes.keys() & set(ITEMS) - {"left_on"}
    )


def take_over(
    session: Session,
    rows: Sequence[Planned],
    day: date,
    *,
    ends_absent: bool,
    by: uuid.UUID | None,
    now: datetime,
) -> None:
    """Write all that the rows would do; who calls has made sure that they still would do it."""
    register = queries.register_on(session, day)
    writing = Writing(register, day, _titles(session, rows))
    for planned in rows:
        if planned.state == RowState.ADDED:
            _add(writing, planned)
        elif planned.state in (RowState.CHANGED, RowState.UNCHANGED):
            _change(writing, planned)
        elif planned.is_absent and ends_absent:
            _leave(writing, register.entries[planned.line.values["number"]])
    _write(session, writing)
    for action, told in writing.told.items():
        lines = ((("person", person_id), details) for person_id, details in told)
        audit.record_many(session, action, list(lines), by=by, now=now)
    register_service.bump(session)


def _titles(session: Session, rows: Iterable[Planned]) -> dict[str, uuid.UUID]:
    """Return the keys of all titles by name, those that are new ranked after the last."""
    titles = {title.name: title for title in session.scalars(sa.select(Title))}
    last = max((title.rank_order for title in titles.values()), default=0)
    for planned in rows:
        name = planned.line.values.get("title", "")
        if planned.state in TAKEN and name not in titles:
            last += 1
            titles[name] = Title(id=new_id(), name=name, rank_order=last)
            session.add(titles[name])
    session.flush()
    return {name: title.id for name, title in titles.items()}


def _add(writing: Writing, planned: Planned) -> None:
    values, person_id = planned.line.values, new_id()
    writing.added[Person].append({"id": person_id, **_items(values, writing.day)})
    _number(writing, person_id, values["number"])
    _posts(writing, person_id, planned, None)
    writing.tell("person.added", person_id, {"number": values["number"]})


def _change(writing: Writing, planned: Planned) -> None:
    values, changes = planned.line.values, planned.changes
    entry = queries.entry_of(writing.register, values)
    if entry is None:
        raise LookupError("a row that changes somebody names nobody")
    writing.changed_people.append({"id": entry.person_id, **_items(values, writing.day)})
    if "left_on" in changes and "left_on" not in values:
        writing.changed_people[-1]["left_on"] = None
    if "number" in changes:
        writing.ended_numbers.append(entry.number_id)
        _number(writing, entry.person_id, values["number"])
    _posts(writing, entry.person_id, planned, entry)
    if changes:
        writing.tell("person.changed", entry.person_id, dict(changes))


def _leave(writing: Writing, entry: Entry) -> None:
    last = writing.day - timedelta(days=1)
    writing.changed_people.append({"id": entry.person_id, "left_on": last})
    writing.ended_posts += [*entry.concurrent.values(), *([entry.post.id] if entry.post else [])]
    writing.tell("person.left", entry.person_id, {"left_on": ["", last.isoformat()]})


def _items(values: Mapping[str, str], day: date) -> dict[str, Any]:
    """Return the columns of a person that a row says."""
    items: dict[str, Any] = {
        "name": values["name"],
        "name_key": name_key(values["name"]),
        "confirmed_on": day,
    }
    for key in ("email", "gender"):
        if key in values:
            items[key] = values[key] or None
    for key in ("hired_on", "promoted_on", "left_on"):
        if key in values:
            items[key] = date.fromisoformat(values[key]) if values[key] else None
    if "age" in values:
        items["age"] = int(values["age"]) if values["age"] else None
        items["age_as_of"] = day if values["age"] else None
    return items


def _number(writing: Writing, person_id: uuid.UUID, number: str) -> None:
    writing.added[StaffNumber].append(
        {"id": new_id(), "person_id": person_id, "number": number, "valid_from": writing.day}
    )


def _posts(writing: Writing, person_id: uuid.UUID, planned: Planned, entry: Entry | None) -> None:
    """End and begin the posts of a person."""
    values, changes = planned.line.values, planned.changes
    before = entry.post if entry else None
    places = writing.register.places
    title_id = writing.titles[values["title"]]
    moves = entry is None or bool(changes.keys() & {*POST, "left_on"}) or before is None
    if moves:
        if before:
            writing.ended_posts.append(before.id)
        kept: dict[str, str] = {"job_type": before.job_type, "duty": before.duty} if before else {}
        said: dict[str, str] = {key: values[key] for key in ("job_type", "duty") if key in values}
        section_id = places[values["section_code"]].id
        _post(writing, person_id, section_id, title_id, PostKind.MAIN, {**kept, **said})
    if "concurrent" in values:
        wanted = set(values["concurrent"].split())
        held = entry.concurrent if entry else {}
        writing.ended_posts += [post_id for code, post_id in held.items() if code not in wanted]
        for code in sorted(wanted - held.keys()):
            _post(writing, person_id, places[code].id, title_id, PostKind.CONCURRENT, {})


def _post(
    writing: Writing,
    person_id: uuid.UUID,
    section_id: uuid.UUID,
    title_id: uuid.UUID,
    kind: PostKind,
    said: Mapping[str, str],
) -> None:
    writing.added[Appointment].append(
        {
            "id": new_id(),
            "person_id": person_id,
            "section_id": section_id,
            "title_id": title_id,
            "kind": kind.value,
            "valid_from": writing.day,
            "job_type": "",
            "duty": "",
            **said,
        }
    )


def _write(session: Session, writing: Writing) -> None:
    """Write all that was gathered; what was to begin on the day itself gives way."""
    before = writing.day - timedelta(days=1)
    for model, ids in ((Appointment, writing.ended_posts), (StaffNumber, writing.ended_numbers)):
        for some in _portions(ids):
            wanted = model.id.in_(some)
            session.execute(sa.delete(model).where(wanted, model.valid_from >= writing.day))
            session.execute(sa.update(model).where(wanted).values(valid_to=before))
    for columns in {frozenset(row) for row in writing.changed_people}:
        rows = [row for row in writing.changed_people if row.keys() == columns]
        for part in _portions(rows):
            session.execute(sa.update(Person), part)
    for model_added, added in writing.added.items():
        for part in _portions(added):
            session.execute(sa.insert(model_added), part)


def _portions(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(rows), PORTION):
        yield rows[start : start + PORTION]
