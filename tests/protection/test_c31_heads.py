"""C31: answers to surveys are never seen by a head, in no page and in no file of theirs."""

from __future__ import annotations

from dataclasses import replace

import flask
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.settings import Settings
from app.learning.surveys.models import NamedResponse
from app.people.permission.models import Role, RoleGrant
from app.people.register.models import Person
from app.training.enrolment.models import Enrolment
from tests import factories, routes
from tests.learning.surveying import Held, held

pytestmark = pytest.mark.requirement("QST-07")

SECRET = "所属長には見せない意見"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Settings by which heads may take files: what may be in them is the question here."""
    return replace(settings, export_roles=" ".join(Role))


def head_of(session: Session, place: Held) -> Person:
    """Return a head of the section of somebody who took part."""
    enrolment = session.scalars(
        sa.select(Enrolment).where(Enrolment.person_id == place.people[0].id)
    ).one()
    head = factories.person(session, "架空 課長")
    grant = RoleGrant(
        person_id=head.id,
        role=Role.HEAD,
        section_id=enrolment.section_id,
        valid_from=factories.LONG_AGO,
    )
    session.add(grant)
    session.flush()
    return head


def answered(place: Held) -> None:
    for who in place.people:
        place.hand_in(who, words=f"{SECRET} {who.name}")


@pytest.mark.parametrize("is_anonymous", [True, False])
@pytest.mark.parametrize("is_shown", [True, False])
def test_a_head_sees_at_most_what_a_whole_run_adds_up_to(
    office_app: flask.Flask, session: Session, is_anonymous: bool, is_shown: bool
) -> None:
    office = office_app.test_client()
    place = held(session, office, 5, is_anonymous=is_anonymous, is_shown_to_heads=is_shown)
    answered(place)
    factories.enter(office, session, head_of(session, place))
    page = office.get(f"/runs/{place.run.id}/survey-totals").text
    listed = office.get("/sections/surveys").text
    assert ("平均 4（" in page) == is_shown
    assert (f"/runs/{place.run.id}/survey-totals" in listed) == is_shown
    assert "ご意見" not in page
    assert SECRET not in page


@pytest.mark.parametrize("is_anonymous", [True, False])
def test_of_few_answers_or_while_some_are_to_come_a_head_sees_nothing(
    office_app: flask.Flask, session: Session, is_anonymous: bool
) -> None:
    office = office_app.test_client()
    facts = {"is_anonymous": is_anonymous, "is_shown_to_heads": True}
    few, open_still = held(session, office, 4, **facts), held(session, office, 6, **facts)
    answered(few)
    for who in open_still.people[:5]:
        open_still.hand_in(who)
    for place in (few, open_still):
        factories.enter(office, session, head_of(session, place))
        page = office.get(f"/runs/{place.run.id}/survey-totals").text
        assert "公開された集計はありません" in page


def test_a_run_without_people_of_the_section_is_not_there(
    office_app: flask.Flask, session: Session
) -> None:
    office = office_app.test_client()
    mine, others = (held(session, office, 5, is_shown_to_heads=True) for _ in range(2))
    answered(others)
    factories.enter(office, session, head_of(session, mine))
    assert office.get(f"/runs/{others.run.id}/survey-totals").status_code == 404


def test_no_other_page_or_file_of_a_head_has_an_answer_in_it(
    office_app: flask.Flask, session: Session
) -> None:
    """Ask for every page there is, with the keys of a person who answered with a name."""
    office = office_app.test_client()
    place = held(session, office, 5, is_anonymous=False, is_shown_to_heads=True)
    answered(place)
    who = place.people[0]
    assert session.scalar(sa.select(sa.func.count()).select_from(NamedResponse)) == 5
    enrolment = session.scalars(sa.select(Enrolment).where(Enrolment.person_id == who.id)).one()
    keys = {
        "person": who.id,
        "run": place.run.id,
        "offering": place.run.offering_id,
        "enrolment": enrolment.id,
        "assignment": place.assignment(who),
        "learner_record": place.record(who).id,
        "material": place.material.id,
    }
    factories.enter(office, session, head_of(session, place))
    asked = 0
    for route in routes.declared(office_app):
        tables = [what.rpartition(" ")[2] for what in route.about.values() if isinstance(what, str)]
        if route.method != "GET" or not all(table in keys for table in tables):
            continue
        path = route.path
        for name, what in route.about.items():
            start = path.rfind("<", 0, path.index(f"{name}>"))
            key = keys[str(what).rpartition(" ")[2]] if isinstance(what, str) else what[0]
            path = f"{path[:start]}{key}{path[path.index('>', start) + 1 :]}"
        answer = office.get(path, query_string={"reason": "progress"}, buffered=True)
        asked += 1
        assert SECRET.encode() not in answer.data, path
    assert asked > 60
