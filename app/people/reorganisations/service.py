"""Taking a checked file of sections over, and carrying along who works in what ends.

Where a section has one successor, its posts go on there, and where that one has no other
predecessor, its roles do. Where it has several, or none, a file of staff says who goes where.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.audit import service as audit
from app.kernel.db import new_id
from app.kernel.tables.lines import Line
from app.people.imports.queries import Plan, Planned, RowState
from app.people.permission import service as permission
from app.people.register import service as register
from app.people.register.models import Appointment
from app.people.reorganisations import queries
from app.people.sections import queries as sections_queries
from app.people.sections import service as sections


def examine(session: Session, lines: Sequence[Line], day: date, *, is_full: bool) -> Plan:
    """Return what a file would do on a day."""
    revision = register.revision(session)
    organisation = queries.organisation_on(session, day)
    rows = queries.plan(organisation, lines, is_full=is_full)
    ending = {
        organisation.places[code].id: after
        for code, after in _ending(rows).items()
        if len(after) != 1
    }
    summary = {
        "ends": sum("ends" in row.changes for row in rows),
        "left_behind": len(_posts_in(session, ending, day)),
    }
    return Plan(rows, revision, summary)


def _ending(rows: Sequence[Planned]) -> dict[str, list[str]]:
    return {
        row.line.values["code"]: row.changes["ends"][1].split()
        for row in rows
        if "ends" in row.changes
    }


def _posts_in(session: Session, ending: Mapping[uuid.UUID, object], day: date) -> list[Appointment]:
    """Return the posts that go on, or begin, on a day or later in sections that end."""
    return list(
        session.scalars(
            sa.select(Appointment).where(
                Appointment.section_id.in_(ending),
                sa.or_(Appointment.valid_to.is_(None), Appointment.valid_to >= day),
            )
        )
    )


def take_over(
    session: Session, rows: Sequence[Planned], day: date, *, by: uuid.UUID | None, now: datetime
) -> None:
    """Write all that the rows would do; who calls has made sure that they still would do it."""
    places = sections_queries.by_code(session, day)
    keys = {code: place.id for code, place in places.items()}
    taken = [row for row in rows if row.state in (RowState.ADDED, RowState.CHANGED)]
    taken += [row for row in rows if row.state == RowState.UNCHANGED]
    order = _order(rows, places)
    for row in taken:
        values = row.line.values
        if row.state == RowState.ADDED:
            keys[values["code"]] = sections.found(
                session, values["code"], values["name"], on=day, position=order[values["code"]]
            ).id
    for row in taken:
        _place(session, row, places, keys, order, day)
    ending = {
        keys[code]: [keys[after] for after in successors if after in keys]
        for code, successors in _ending(rows).items()
    }
    for section_id, successor_ids in ending.items():
        sections.end(session, section_id, on=day, successor_ids=successor_ids)
    _carry(session, ending, day, by=by, now=now)
    changed = [row for row in rows if row.state in (RowState.ADDED, RowState.CHANGED)]
    audit.record_many(
        session,
        "section.changed",
        [(("section", keys[row.line.values["code"]]), dict(row.changes)) for row in changed],
        by=by,
        now=now,
    )
    audit.record_many(
        session, "section.ended", [(("section", key), {}) for key in ending], by=by, now=now
    )
    register.bump(session)


def _order(rows: Sequence[Planned], places: Mapping[str, sections_queries.Place]) -> dict[str, int]:
    """Return each section's place: the file's, where it has them all; else new ones come last."""
    codes = [row.line.values["code"] for row in rows if not row.is_absent]
    goes_on = {row.line.values["code"] for row in rows if row.is_absent and not row.changes}
    if not goes_on:
        return {code: count for count, code in enumerate(codes, 1)}
    last = max((place.position for place in places.values()), default=0)
    return {
        code: places[code].position if code in places else last + count
        for count, code in enumerate(codes, 1)
    }


def _place(
    session: Session,
    row: Planned,
    places: Mapping[str, sections_queries.Place],
    keys: Mapping[str, uuid.UUID],
    order: Mapping[str, int],
    day: date,
) -> None:
    """Give a section its name and its place, where they are others than on the day before."""
    values = row.line.values
    code = values["code"]
    parent_id = keys[values["parent"]] if values["parent"] else None
    before = places.get(code)
    new = (values["name"], parent_id, order[code])
    if before and new == (before.name, before.parent_id, before.position):
        return
    if before is None and parent_id is None:
        return  # it was founded so
    sections.change(session, keys[code], name=new[0], parent_id=new[1], position=new[2], on=day)


def _carry(
    session: Session,
    ending: Mapping[uuid.UUID, list[uuid.UUID]],
    day: date,
    *,
    by: uuid.UUID | None,
    now: datetime,
) -> None:
    """Let posts and roles go on in the one successor of a section that ends."""
    single = {key: after[0] for key, after in ending.items() if len(after) == 1}
    told = []
    for post in _posts_in(session, single, day):
        pair = [str(post.section_id), str(single[post.section_id])]
        told.append((("person", post.person_id), {"section_id": pair}))
        if post.valid_from >= day:
            post.section_id = single[post.section_id]
            continue
        following = _following(post, single[post.section_id], day)
        post.valid_to = day - timedelta(days=1)
        session.flush()  # one main post may be open at a time
        session.add(following)
    session.flush()
    audit.record_many(session, "person.changed", told, by=by, now=now)
    times = Counter(single.values())
    alone = {key: after for key, after in single.items() if times[after] == 1}
    permission.carry(session, alone, day, by=by, now=now)


def _following(post: Appointment, section_id: uuid.UUID, day: date) -> Appointment:
    """Return the same post in another section, for what is left of its time."""
    return Appointment(
        id=new_id(),
        person_id=post.person_id,
        section_id=section_id,
        title_id=post.title_id,
        kind=post.kind,
        job_type=post.job_type,
        duty=post.duty,
        valid_from=day,
        valid_to=post.valid_to,
    )
