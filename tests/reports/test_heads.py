"""HIS-02: what a head reads of whom, before and after a transfer of either."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy.orm import Session

from app.kernel import clock
from app.people.permission.models import Delegation, Role, RoleGrant
from app.people.register.models import Appointment, Person, PostKind
from app.people.sections.models import Section
from tests import factories
from tests.reports.test_history import ledger

pytestmark = pytest.mark.requirement("HIS-02")

TODAY = clock.today(clock.now())
MOVED = TODAY - timedelta(days=60)
#: A day of their time, one before it, and one after.
IN_TIME, BEFORE, AFTER = MOVED - timedelta(days=30), date(2019, 5, 1), MOVED + timedelta(days=10)


@pytest.fixture
def ours(session: Session) -> Section:
    return factories.section(session, "窓口課")


@pytest.fixture
def theirs(session: Session) -> Section:
    return factories.section(session, "税務課")


@pytest.fixture
def head(office: FlaskClient, session: Session, ours: Section) -> Person:
    """The head of 窓口課, signed in."""
    who = factories.person(session, "所属 長子", section=ours)
    session.add(
        RoleGrant(
            person_id=who.id, role=Role.HEAD, section_id=ours.id, valid_from=factories.LONG_AGO
        )
    )
    session.flush()
    factories.enter(office, session, who)
    return who


@pytest.fixture
def clerk(session: Session, ours: Section) -> Person:
    return factories.person(session, "異動 する", section=ours)


def take(session: Session, who: Person, title: str, section: Section, on: date) -> None:
    """Enrol somebody, decided for a section on a day."""
    row = factories.enrol(session, factories.run(session, factories.training(session, title)), who)
    row.section_id = section.id
    row.decided_at = datetime(on.year, on.month, on.day, 3, tzinfo=clock.UTC)
    session.flush()


def move(session: Session, who: Person, to: Section, on: date = MOVED) -> None:
    """Transfer somebody; enrolments are made by the only post, so do it last."""
    for post in session.query(Appointment).filter_by(person_id=who.id):
        post.valid_to = on - timedelta(days=1)
    session.flush()
    session.add(
        Appointment(
            person_id=who.id,
            section_id=to.id,
            title_id=factories.title(session).id,
            kind=PostKind.MAIN,
            valid_from=on,
        )
    )
    session.flush()


def titles(office: FlaskClient, who: Person) -> set[str]:
    """Return the trainings that the history of somebody tells; none where it is not there."""
    answer = office.get(f"/history/people/{who.id}")
    if answer.status_code == 404:
        return set()
    assert answer.status_code == 200
    cells = html.document_fromstring(answer.text).xpath("//main//th[@data-label='研修名']")
    return {cell.text_content().split("　")[0].strip().split(" ")[0] for cell in cells}


def histories(session: Session, who: Person, ours: Section, theirs: Section) -> None:
    """Have somebody take one training before, one in, and two after the head's time with them."""
    take(session, who, "以前", ours, BEFORE)
    take(session, who, "在任中", ours, IN_TIME)
    take(session, who, "異動後", theirs, AFTER)
    take(session, who, "旧所属のまま", ours, AFTER)


def test_the_present_head_reads_the_whole_history(
    office: FlaskClient,
    session: Session,
    head: Person,
    clerk: Person,
    ours: Section,
    theirs: Section,
) -> None:
    histories(session, clerk, ours, theirs)
    ledger(session, clerk, "台帳の研修")
    assert titles(office, clerk) == {"以前", "在任中", "異動後", "旧所属のまま", "台帳の研修"}


def test_after_the_persons_transfer_only_what_was_decided_for_the_section_in_time_is_left(
    office: FlaskClient,
    session: Session,
    head: Person,
    clerk: Person,
    ours: Section,
    theirs: Section,
) -> None:
    histories(session, clerk, ours, theirs)
    ledger(session, clerk, "台帳の研修")
    move(session, clerk, theirs)
    # Still the head of the section, so what is decided for it is theirs; nothing of the new one.
    assert titles(office, clerk) == {"在任中", "旧所属のまま"}
    page = office.get(f"/history/people/{clerk.id}").text
    assert "表示しているのは一部です" in page
    listed = office.get("/history/people").text
    assert "異動 する" in listed
    assert "以前の所属" in listed


def test_after_the_heads_transfer_nothing_newer_is_read_of_anybody(
    office: FlaskClient,
    session: Session,
    head: Person,
    clerk: Person,
    ours: Section,
    theirs: Section,
) -> None:
    histories(session, clerk, ours, theirs)
    move(session, head, theirs)
    assert titles(office, clerk) == {"在任中"}
    newcomer = factories.person(session, "後から 来た", section=ours)
    take(session, newcomer, "着任後", ours, AFTER)
    assert titles(office, newcomer) == set()
    listed = office.get("/history/people").text
    assert "異動 する" in listed
    assert "後から 来た" not in listed
    assert "/history/people" in office.get("/history").text


def test_a_role_that_was_taken_back_ends_the_time(
    office: FlaskClient,
    session: Session,
    head: Person,
    clerk: Person,
    ours: Section,
    theirs: Section,
) -> None:
    histories(session, clerk, ours, theirs)
    session.query(RoleGrant).filter_by(person_id=head.id).one().valid_to = MOVED
    session.flush()
    assert titles(office, clerk) == {"在任中"}


def test_the_next_head_reads_the_whole_of_who_serves_and_nothing_of_who_left_before(
    office: FlaskClient,
    session: Session,
    head: Person,
    clerk: Person,
    ours: Section,
    theirs: Section,
) -> None:
    histories(session, clerk, ours, theirs)
    move(session, head, theirs)
    gone = factories.person(session, "先に 出た", section=ours)
    take(session, gone, "前任の時代", ours, IN_TIME)
    move(session, gone, theirs)
    successor = factories.person(session, "後任 長子", section=ours)
    session.add(
        RoleGrant(person_id=successor.id, role=Role.HEAD, section_id=ours.id, valid_from=MOVED)
    )
    session.flush()
    factories.enter(office, session, successor)
    assert titles(office, clerk) == {"以前", "在任中", "異動後", "旧所属のまま"}
    assert titles(office, gone) == set()


def test_sections_below_belong_to_the_time_and_others_never_did(
    office: FlaskClient, session: Session, head: Person, ours: Section, theirs: Section
) -> None:
    below = factories.section(session, "窓口係", parent=ours)
    who = factories.person(session, "係 員", section=below)
    take(session, who, "係で", below, IN_TIME)
    stranger = factories.person(session, "他課 員", section=theirs)
    take(session, stranger, "他課で", theirs, IN_TIME)
    move(session, who, theirs)
    assert titles(office, who) == {"係で"}
    assert titles(office, stranger) == set()


def test_who_never_headed_and_who_only_stood_in_reads_nothing_of_the_past(
    office: FlaskClient,
    session: Session,
    head: Person,
    clerk: Person,
    ours: Section,
    theirs: Section,
) -> None:
    histories(session, clerk, ours, theirs)
    move(session, clerk, theirs)
    deputy = factories.person(session, "代行 者", section=ours)
    session.add(
        Delegation(
            from_id=head.id,
            to_id=deputy.id,
            role=Role.HEAD,
            created_by=head.id,
            valid_from=factories.LONG_AGO,
        )
    )
    session.flush()
    factories.enter(office, session, deputy)
    assert titles(office, clerk) == set()
    factories.enter(office, session, factories.person(session, section=ours))
    assert office.get(f"/history/people/{clerk.id}").status_code == 403
    assert office.get("/history/people").status_code == 403
