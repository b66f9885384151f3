"""A year by section: of the time, and of now."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.audit.models import AuditEvent
from app.people.permission.models import Role, RoleGrant
from app.people.register.models import Person
from app.people.sections import service as sections
from app.people.sections.models import Section
from tests import factories
from tests.reports.test_heads import move

TODAY = clock.today(clock.now())
YEAR = clock.fiscal_year(TODAY)


@pytest.fixture
def places(session: Session) -> tuple[Section, Section]:
    """Two sections: of three in the first, one has moved to the second, and one has left."""
    ours, theirs = factories.section(session, "窓口課"), factories.section(session, "税務課")
    people = [factories.person(session, section=ours) for _ in range(3)]
    for training in ("一", "二"):
        run = factories.run(session, factories.training(session, training))
        for who in people:
            factories.enrol(session, run, who, state="completed")
        factories.enrol(session, run, factories.person(session, section=theirs))
        factories.enrol(session, run, factories.person(session, section=theirs), state="declined")
    move(session, people[1], theirs, TODAY)
    people[2].left_on = TODAY - timedelta(days=1)
    sections.change(session, ours.id, name="総合窓口課", parent_id=None, position=1, on=TODAY)
    session.flush()
    return ours, theirs


@pytest.fixture
def clerk(office: FlaskClient, session: Session) -> Person:
    """A person of the training office, signed in."""
    who = factories.person(session, roles=(Role.OFFICE,))
    factories.enter(office, session, who)
    return who


def counts(office: FlaskClient, **asked: str) -> dict[str, list[str]]:
    page = html.fromstring(office.get("/reports/sections", query_string=asked).text)
    rows = page.xpath("//main//table//tbody/tr")
    cells = [[" ".join(cell.text_content().split()) for cell in row] for row in rows]
    return {cell[0]: cell[1:] for cell in cells}


@pytest.mark.requirement("HIS-06")
def test_a_year_is_counted_by_the_sections_of_then_and_of_now(
    office: FlaskClient, clerk: Person, places: tuple[Section, Section]
) -> None:
    assert counts(office) == {
        "総合窓口課": ["3", "6", "6", "3"],
        "税務課": ["2", "2", "0", "0"],
    }
    assert counts(office, organisation="present") == {
        "総合窓口課": ["1", "2", "2", "1"],
        "税務課": ["3", "4", "2", "1"],
        "退職した人": ["1", "2", "2", "1"],
    }
    assert counts(office, year=str(YEAR - 1)) == {}
    assert "5人" in office.get("/reports/sections").text


@pytest.mark.requirement("HIS-06", "HIS-10")
def test_the_file_says_the_same_and_leaves_a_line(
    office: FlaskClient, session: Session, clerk: Person, places: tuple[Section, Section]
) -> None:
    body = office.get("/reports/sections.csv?organisation=present").data.decode("utf-8-sig")
    _, *rows = csv.reader(io.StringIO(body, newline=""))
    assert rows[-1] == ["退職した人", "1", "2", "2", "1.0"]
    (line,) = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "sections.exported"))
    assert line.details == {"count": 3, "filter": {"year": YEAR, "organisation": "present"}}


def test_who_looks_after_a_section_counts_its_people_alone(
    office: FlaskClient, session: Session, places: tuple[Section, Section]
) -> None:
    who = factories.person(session)
    session.add(
        RoleGrant(
            person_id=who.id, role=Role.OFFICE, section_id=places[1].id, valid_from=date(2020, 4, 1)
        )
    )
    session.flush()
    factories.enter(office, session, who)
    found = counts(office)
    assert found["総合窓口課"][0] == "1"  # who has come to the section since
    assert found["税務課"][0] == "2"
