"""C06: the head of one section meets nobody of another, by whatever way they ask."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app import factory
from app.kernel import clock
from app.kernel.db import Database
from app.kernel.settings import Settings
from app.people.permission.models import Role, RoleGrant
from app.people.register.models import Appointment, Person, PostKind
from app.people.sections.models import Section
from tests import factories

TODAY = clock.today(clock.now())


@dataclass
class Wards:
    """Two sections, the head of one of them, and somebody of each."""

    own: Section
    other: Section
    head: Person
    near: Person
    far: Person


@pytest.fixture(params=[Role.HEAD, Role.COORDINATOR])
def wards(request: pytest.FixtureRequest, session: Session) -> Wards:
    own, other = factories.section(session, "窓口課"), factories.section(session, "税務課")
    head = factories.person(session, "所属 長子", section=own)
    session.add(
        RoleGrant(
            person_id=head.id,
            role=request.param,
            section_id=own.id,
            valid_from=factories.LONG_AGO,
        )
    )
    near = factories.person(session, "近い 人子", section=own, number="N0001")
    far = factories.person(session, "遠い 人夫", section=other, number="F0001")
    for who in (near, far):
        run = factories.run(session)
        factories.enrol(session, run, who)
    session.flush()
    return Wards(own, other, head, near, far)


@pytest.fixture
def open_office(settings: Settings, database: Database) -> FlaskClient:
    """The office where heads, too, may take files."""
    return client(settings, database)


def client(settings: Settings, database: Database, **changed: object) -> FlaskClient:
    settings.instance.mkdir(exist_ok=True)
    roles = "office head coordinator"
    app = factory.create_app(replace(settings, export_roles=roles, **changed), database)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return app.test_client()


def ways(who: Person, number: str) -> Iterator[str]:
    """Yield every address by which somebody could be met."""
    yield f"/staff/{who.id}"
    yield f"/history/people/{who.id}"
    yield "/staff"
    yield f"/staff?q={number}"
    yield f"/staff?q={who.name[:2]}"
    yield "/staff?kind=left"
    yield "/staff?kind=old"
    yield "/staff.csv?reason=progress"
    yield f"/staff.csv?reason=progress&q={who.name[:2]}&encoding=cp932"


def met(office: FlaskClient, who: Person, number: str) -> set[str]:
    """Return the addresses by which somebody is met."""
    found = set()
    for way in ways(who, number):
        answer = office.get(way)
        assert answer.status_code in (200, 404), way
        text = answer.data.decode("cp932" if "cp932" in way else "utf-8-sig")
        if answer.status_code == 200 and (who.name in text or number in _without_form(text)):
            found.add(way)
    return found


def _without_form(page: str) -> str:
    """Return what a page shows below its search box, which says again what was typed."""
    below = page.partition('role="search"')[2].partition("</form>")[2]
    return below or page


@pytest.mark.requirement("SEC-02")
def test_a_head_meets_nobody_of_another_section(
    open_office: FlaskClient, session: Session, wards: Wards
) -> None:
    factories.enter(open_office, session, wards.head)
    assert len(met(open_office, wards.near, "N0001")) >= 6
    assert met(open_office, wards.far, "F0001") == set()
    listed = open_office.get(f"/staff?section={wards.other.id}").text
    assert "遠い 人夫" not in listed
    assert "税務課" not in listed  # nor the other sections, in the filter


@pytest.mark.requirement("SEC-02")
def test_a_head_acts_on_nobody_at_all(
    open_office: FlaskClient, session: Session, wards: Wards
) -> None:
    factories.enter(open_office, session, wards.head)
    for who in (wards.near, wards.far):
        for way in ("password", "roles", "deputies", "gender", "correction", "leaving"):
            assert open_office.post(f"/staff/{who.id}/{way}").status_code == 403, way
    for path in ("/sections", "/titles", "/merges", "/staff/passwords", "/trainings"):
        assert open_office.get(path).status_code == 403, path


def transfer(session: Session, who: Person, to: Section, on_day: int) -> None:
    """Give somebody another main post so many days from now."""
    post = session.scalars(
        sa.select(Appointment).where(
            Appointment.person_id == who.id, Appointment.valid_to.is_(None)
        )
    ).one()
    first = TODAY + timedelta(days=on_day)
    post.valid_to = first - timedelta(days=1)
    session.flush()
    session.add(
        Appointment(person_id=who.id, section_id=to.id, title_id=post.title_id, valid_from=first)
    )
    session.flush()


# §7.6, 1: who came today is seen from today, who went yesterday is seen no more.
@pytest.mark.requirement("SEC-02")
def test_the_day_of_a_transfer_decides(
    open_office: FlaskClient, session: Session, wards: Wards
) -> None:
    factories.enter(open_office, session, wards.head)
    transfer(session, wards.near, wards.other, 1)
    assert met(open_office, wards.near, "N0001") != set()
    for who, to in ((wards.far, wards.own),):
        transfer(session, who, to, 0)
    assert met(open_office, wards.far, "F0001") != set()


@pytest.mark.requirement("SEC-02")
def test_the_day_after_a_transfer_there_is_nothing_to_be_met(
    open_office: FlaskClient, session: Session, wards: Wards
) -> None:
    factories.enter(open_office, session, wards.head)
    transfer(session, wards.near, wards.other, 0)
    # What was decided in a head's own time stays to be read by that head, and nothing else.
    is_head = (
        session.scalars(sa.select(RoleGrant.role).where(RoleGrant.person_id == wards.head.id)).one()
        == Role.HEAD
    )
    kept = {f"/history/people/{wards.near.id}"} if is_head else set()
    assert met(open_office, wards.near, "N0001") == kept


@pytest.mark.requirement("SEC-02")
def test_the_day_after_their_own_transfer_a_head_meets_nobody(
    open_office: FlaskClient, session: Session, wards: Wards
) -> None:
    transfer(session, wards.head, wards.other, 0)
    factories.enter(open_office, session, wards.head)
    assert open_office.get("/staff").status_code == 403
    assert open_office.get(f"/staff/{wards.near.id}").status_code == 403
    assert open_office.get("/staff.csv?reason=progress").status_code == 403


@pytest.mark.requirement("STF-08")
@pytest.mark.parametrize("concurrent_heads", [True, False])
def test_the_head_of_a_concurrent_post_sees_where_the_setting_says_so(
    settings: Settings,
    database: Database,
    session: Session,
    wards: Wards,
    concurrent_heads: bool,
) -> None:
    session.add(
        Appointment(
            person_id=wards.far.id,
            section_id=wards.own.id,
            title_id=factories.title(session).id,
            kind=PostKind.CONCURRENT,
            valid_from=TODAY,
        )
    )
    session.flush()
    office = client(settings, database, concurrent_heads=concurrent_heads)
    factories.enter(office, session, wards.head)
    assert bool(met(office, wards.far, "F0001")) is concurrent_heads


# §7.6, 8: and who has left is the office's alone.
@pytest.mark.requirement("STF-14")
def test_a_head_meets_nobody_who_has_left(
    open_office: FlaskClient, session: Session, wards: Wards
) -> None:
    wards.near.left_on = TODAY - timedelta(days=1)
    session.flush()
    factories.enter(open_office, session, wards.head)
    assert met(open_office, wards.near, "N0001") == set()


# §7.6, 7: two of one name and section are told apart.
def test_people_of_one_name_are_listed_with_number_and_title(
    open_office: FlaskClient, session: Session, wards: Wards
) -> None:
    factories.person(session, wards.near.name, section=wards.own, number="N0002")
    factories.enter(open_office, session, wards.head)
    page = open_office.get(f"/staff?q={wards.near.name[:2]}").text
    assert "N0001" in page
    assert "N0002" in page
