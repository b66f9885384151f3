"""Importing the sections: check a file against those of today, then commit all of it or nothing."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.errors import Conflict
from app.people.register import access
from app.people.register import service as register
from app.people.register.models import ImportBatch
from app.people.register.queries import Finding, Line, Planned, Table, lines_of
from app.people.sections import queries
from app.people.sections.models import Section

KIND = "sections"


def check(session: Session, table: Table, *, by: Actor, now: datetime) -> ImportBatch:
    """Compare a file with the sections of today and keep it for the commit."""
    access.check_whole(by)
    plan = _plan(session, table.lines, now)
    codes = {planned.line.values["code"] for planned in plan}
    absent = len(queries.by_code(session, now).keys() - codes)
    return register.keep(session, KIND, plan, table.ignored, {"absent": absent}, by=by, now=now)


def commit(session: Session, batch_id: uuid.UUID, *, by: Actor, now: datetime) -> dict[str, int]:
    """Take a checked file of sections over, and return the counts by state.

    A section that is not in the file stays as it is. A file that has them all gives their order,
    too; else new ones come after the last. Raises Conflict as the staff's import does.
    """
    access.check_whole(by)
    row = access.batch(session, batch_id, KIND, by, now, lock=True)
    shown: list[Any] = row.rows
    register.close(session, row, "committed", by=by, now=now)
    plan = _plan(session, lines_of(shown), now)
    if [planned.kept() for planned in plan] != shown:
        raise Conflict("import_outdated")
    _take_over(session, [planned for planned in plan if planned.state != "error"], by, now)
    return dict(row.summary["counts"])


def _plan(session: Session, lines: Sequence[Line], now: datetime) -> list[Planned]:
    """Return what each line would do; what stands below a new section in error is in error, too."""
    known = queries.by_code(session, now)
    codes = {section.id: section.code for section in known.values()}
    above = {
        section.code: codes.get(section.parent_id, "") if section.parent_id else ""
        for section in known.values()
    } | {line.values["code"]: line.values["parent"] for line in lines}
    existing = {line.values["code"] for line in lines} | known.keys()
    while True:
        plan = [_planned(line, known, codes, existing, above) for line in lines]
        right = {planned.line.values["code"] for planned in plan if planned.state != "error"}
        if existing == right | known.keys():
            return plan
        existing = right | known.keys()


def _planned(
    line: Line,
    known: dict[str, Section],
    codes: dict[uuid.UUID, str],
    existing: set[str],
    above: dict[str, str],
) -> Planned:
    code, name, parent = (line.values[key] for key in ("code", "name", "parent"))
    section = known.get(code)
    planned = Planned(line, is_known=section is not None)
    if not line.findings and _is_in_circle(code, above):
        planned.found.append(Finding("parent", "section_circle", parent))
    elif parent and parent not in existing:
        planned.found.append(Finding("parent", "section_unknown", parent))
    if section:
        old = codes.get(section.parent_id, "") if section.parent_id else ""
        pairs = {"name": [section.name, name], "parent": [old, parent]}
        planned.changes = {column: pair for column, pair in pairs.items() if pair[0] != pair[1]}
    return planned


def _is_in_circle(code: str, above: dict[str, str]) -> bool:
    place, seen = above.get(code, ""), {code}
    while place and place not in seen:
        seen.add(place)
        place = above.get(place, "")
    return place != ""


def _take_over(session: Session, plan: Sequence[Planned], by: Actor, now: datetime) -> None:
    known = queries.by_code(session, now)
    has_all = known.keys() <= {planned.line.values["code"] for planned in plan}
    last = max((section.position for section in known.values()), default=0)
    for place, planned in enumerate(plan, 1):
        code, name = planned.line.values["code"], planned.line.values["name"]
        if code not in known:
            known[code] = Section(
                code=code, name=name, position=last + place, valid_from=clock.today(now)
            )
            session.add(known[code])
        known[code].name = name
        if has_all:
            known[code].position = place
    session.flush()
    for planned in plan:
        parent = known.get(planned.line.values["parent"])
        section = known[planned.line.values["code"]]
        section.parent_id = parent.id if parent else None
        if planned.state in ("added", "changed"):
            audit.record(
                session,
                f"section.{planned.state}",
                by=by.person_id,
                now=now,
                subject=("section", section.id),
                details=planned.changes or {"code": section.code, "name": section.name},
            )
