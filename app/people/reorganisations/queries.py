"""What each line of a file of sections would do to the sections of a day; nothing is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.tables.lines import Finding, Line
from app.people.imports.queries import Planned
from app.people.sections import queries as sections
from app.people.sections.models import Section
from app.people.sections.queries import Place


@dataclass(frozen=True)
class Organisation:
    """The sections of a day, read once for a whole file."""

    day: date
    places: Mapping[str, Place]
    #: Codes of sections that begin after the day.
    later: frozenset[str]


def organisation_on(session: Session, day: date) -> Organisation:
    """Return the sections of a day, in two statements."""
    later = session.scalars(sa.select(Section.code).where(Section.valid_from > day))
    return Organisation(day, sections.by_code(session, day), frozenset(later))


def plan(organisation: Organisation, lines: Sequence[Line], *, is_full: bool) -> list[Planned]:
    """Return what each line would do, and after them the sections that are in none of them.

    What stands below a new section in error is in error, too; so the lines are gone through until
    nothing more is.
    """
    places = organisation.places
    ending = endings(organisation, lines, is_full=is_full)
    staying = places.keys() - ending.keys()
    existing = {line.values["code"] for line in lines} | staying
    while True:
        look = _Look(organisation, lines, existing, ending)
        rows = [_planned(line, look) for line in lines]
        right = {planned.line.values["code"] for planned in rows if planned.state != "error"}
        if existing == right | staying:
            break
        existing = right | staying
    last = max((line.row for line in lines), default=1)
    named = {line.values["code"] for line in lines}
    absent = [place for code, place in places.items() if code not in named]
    return rows + [_absent(place, last + count, ending) for count, place in enumerate(absent, 1)]


def endings(
    organisation: Organisation, lines: Sequence[Line], *, is_full: bool
) -> dict[str, list[str]]:
    """Return the codes of the sections that end, each with those that take its work over."""
    named = {line.values["code"] for line in lines}
    ending: dict[str, list[str]] = {}
    for line in lines:
        for code in line.values.get("predecessors", "").split():
            if code in organisation.places and code not in named:
                ending.setdefault(code, []).append(line.values["code"])
    if is_full:
        for code in organisation.places.keys() - named:
            ending.setdefault(code, [])
    return ending


class _Look:
    """What a line is looked at beside."""

    def __init__(
        self,
        organisation: Organisation,
        lines: Sequence[Line],
        existing: set[str],
        ending: Mapping[str, list[str]],
    ) -> None:
        self.organisation = organisation
        self.existing = existing
        self.ending = ending
        self.named = {line.values["code"] for line in lines}
        by_id = {place.id: place.code for place in organisation.places.values()}
        self.above = {
            place.code: by_id.get(place.parent_id, "") if place.parent_id else ""
            for place in organisation.places.values()
        }
        self.before = dict(self.above)
        self.above.update({line.values["code"]: line.values["parent"] for line in lines})


def _planned(line: Line, look: _Look) -> Planned:
    code, name, parent = (line.values[key] for key in ("code", "name", "parent"))
    place = look.organisation.places.get(code)
    planned = Planned(line, is_known=place is not None)
    if not line.findings and _is_in_circle(code, look.above):
        planned.found.append(Finding("parent", "section_circle", parent))
    elif parent and parent not in look.existing:
        planned.found.append(Finding("parent", "section_unknown", parent))
    if place is None and code in look.organisation.later:
        planned.found.append(Finding("code", "section_later", code))
    planned.found += _of_predecessors(line, look)
    if place:
        pairs = {"name": [place.name, name], "parent": [look.before[code], parent]}
        planned.changes = {column: pair for column, pair in pairs.items() if pair[0] != pair[1]}
    return planned


def _of_predecessors(line: Line, look: _Look) -> Iterator[Finding]:
    for code in line.values.get("predecessors", "").split():
        if code not in look.organisation.places:
            yield Finding("predecessors", "section_unknown", code)
        elif code in look.named:
            yield Finding("predecessors", "predecessor_continues", code)
        elif any(above == code and below not in look.ending for below, above in look.above.items()):
            yield Finding("predecessors", "predecessor_has_below", code)


def _is_in_circle(code: str, above: Mapping[str, str]) -> bool:
    place, seen = above.get(code, ""), {code}
    while place and place not in seen:
        seen.add(place)
        place = above.get(place, "")
    return place != ""


def _absent(place: Place, row: int, ending: Mapping[str, list[str]]) -> Planned:
    values = {"code": place.code, "name": place.name, "parent": ""}
    planned = Planned(Line(row, values), is_known=True, is_absent=True)
    if place.code in ending:
        planned.changes = {"ends": [place.code, " ".join(ending[place.code])]}
    return planned
