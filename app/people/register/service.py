"""Importing the staff register: check a file against it, then commit all of it or nothing.

Between the two the file's wanted columns wait in an ImportBatch; rows with an error are left out.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.db import new_id
from app.kernel.errors import Conflict
from app.kernel.folding import name_key
from app.people.register import access, queries
from app.people.register.models import Appointment, ImportBatch, Person, StaffNumber, Title
from app.people.register.queries import Planned, Registered, Table
from app.people.sections import queries as sections

KIND = "staff"


def check(session: Session, table: Table, *, by: Actor, now: datetime) -> ImportBatch:
    """Compare a file with the register and keep it for the commit; nobody is changed.

    Raises Forbidden for whoever looks after a part of the staff only.
    """
    access.check_whole(by)
    plan = queries.plan(session, table.lines, now)
    numbers = {planned.line.values["number"] for planned in plan}
    titles = set(session.scalars(sa.select(Title.name)))
    wanted = (planned.line.values["title"] for planned in plan if planned.state != "error")
    summary = {
        "new_titles": [name for name in dict.fromkeys(wanted) if name not in titles],
        "absent": len(queries.registered(session, now).keys() - numbers),
    }
    return keep(session, KIND, plan, table.ignored, summary, by=by, now=now)


def keep(
    session: Session,
    kind: str,
    plan: Sequence[Planned],
    ignored: Sequence[str],
    summary: dict[str, object],
    *,
    by: Actor,
    now: datetime,
) -> ImportBatch:
    """Keep a checked file until its commit, and empty those that nobody came back to."""
    session.execute(
        sa.update(ImportBatch)
        .where(ImportBatch.ended_at.is_(None), ImportBatch.created_at <= now - access.WAITS)
        .values(rows=[], ended_at=now)
    )
    row = ImportBatch(
        created_by=by.known_id,
        created_at=now,
        rows=[planned.kept() for planned in plan],
        summary={"kind": kind, "counts": _counts(plan), "ignored": list(ignored), **summary},
    )
    session.add(row)
    session.flush()
    _record(session, "import.checked", row, by, now)
    return row


def close(session: Session, row: ImportBatch, how: str, *, by: Actor, now: datetime) -> None:
    """End a file as "committed" or "discarded": its rows go, its counts stay."""
    _record(session, f"import.{how}", row, by, now)
    row.rows, row.ended_at = [], now


def discard(session: Session, batch_id: uuid.UUID, kind: str, *, by: Actor, now: datetime) -> None:
    """Throw a checked file away."""
    row = access.batch(session, batch_id, kind, by, now, lock=True)
    close(session, row, "discarded", by=by, now=now)


def commit(session: Session, batch_id: uuid.UUID, *, by: Actor, now: datetime) -> dict[str, int]:
    """Take a checked file's rows over into the register, and return the counts by state.

    Raises Conflict("import_ended") the second time, and Conflict("import_outdated") when the
    register has changed since the check so that something else would happen than was shown.
    """
    access.check_whole(by)
    row = access.batch(session, batch_id, KIND, by, now, lock=True)
    shown: list[Any] = row.rows
    close(session, row, "committed", by=by, now=now)  # the audit's lock lets one in at a time
    plan = queries.plan(session, queries.lines_of(shown), now)
    if [planned.kept() for planned in plan] != shown:
        raise Conflict("import_outdated")
    titles = _titles(session, plan)
    known = queries.registered(session, now)
    changed = [planned for planned in plan if planned.state == "changed"]
    _change(session, changed, known, now)
    added = _add(session, [planned for planned in plan if planned.state == "added"], now)
    people = added | {number: entry.person for number, entry in known.items()}
    _appoint(session, plan, people, titles, now)
    new = [(("person", person.id), {"number": number}) for number, person in added.items()]
    audit.record_many(session, "person.added", new, by=by.person_id, now=now)
    told = [
        (("person", people[planned.line.values["number"]].id), planned.changes)
        for planned in changed
    ]
    audit.record_many(session, "person.changed", told, by=by.person_id, now=now)
    return dict(row.summary["counts"])


def _record(session: Session, action: str, row: ImportBatch, by: Actor, now: datetime) -> None:
    details = {"kind": row.summary["kind"], **row.summary["counts"]}
    audit.record(
        session,
        action,
        by=by.person_id,
        now=now,
        subject=("import_batch", row.id),
        details=details,
    )


def _counts(plan: Iterable[Planned]) -> dict[str, int]:
    states = [planned.state for planned in plan]
    return {state: states.count(state) for state in ("added", "changed", "unchanged", "error")}


def _titles(session: Session, plan: Iterable[Planned]) -> dict[str, uuid.UUID]:
    """Return the keys of all titles by name, those that are new ranked after the last."""
    titles = {title.name: title for title in session.scalars(sa.select(Title))}
    last = max((title.rank_order for title in titles.values()), default=0)
    for planned in plan:
        name = planned.line.values["title"]
        if planned.state != "error" and name not in titles:
            last += 1
            titles[name] = Title(name=name, rank_order=last)
            session.add(titles[name])
    session.flush()
    return {name: title.id for name, title in titles.items()}


def _add(session: Session, plan: Sequence[Planned], now: datetime) -> dict[str, Person]:
    """Add the new people with their numbers, and return them by number."""
    people = {
        planned.line.values["number"]: Person(
            id=new_id(),
            name=planned.line.values["name"],
            name_key=name_key(planned.line.values["name"]),
            email=planned.line.values.get("email") or None,
        )
        for planned in plan
    }
    session.add_all(people.values())
    session.flush()
    today = clock.today(now)
    for number, person in people.items():
        session.add(StaffNumber(person_id=person.id, number=number, valid_from=today))
    return people


def _change(
    session: Session, plan: Sequence[Planned], known: dict[str, Registered], now: datetime
) -> None:
    """Change what is said about people, and end the posts that they leave."""
    for planned in plan:
        values = planned.line.values
        entry = known[values["number"]]
        entry.person.name, entry.person.name_key = values["name"], name_key(values["name"])
        if "email" in values:
            entry.person.email = values["email"] or None
        if "left_on" in planned.changes:
            entry.person.left_on = None
        if planned.moves and entry.appointment:
            _end(session, entry.appointment, clock.today(now))
    session.flush()  # a person's old post must be over before the new one is there


def _end(session: Session, post: Appointment, today: date) -> None:
    if post.valid_from >= today:
        session.delete(post)  # it never lasted a day: the new one takes its place
    else:
        post.valid_to = today - timedelta(days=1)


def _appoint(
    session: Session,
    plan: Sequence[Planned],
    people: dict[str, Person],
    titles: dict[str, uuid.UUID],
    now: datetime,
) -> None:
    by_code = sections.by_code(session, now)
    for planned in plan:
        if planned.state == "added" or (planned.state == "changed" and planned.moves):
            values = planned.line.values
            session.add(
                Appointment(
                    person_id=people[values["number"]].id,
                    section_id=by_code[values["section_code"]].id,
                    title_id=titles[values["title"]],
                    valid_from=clock.today(now),
                )
            )
    session.flush()
