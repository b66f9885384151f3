"""The office names people past their sections, and they say whether they can."""

from __future__ import annotations

from datetime import datetime

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel import outbox
from app.kernel.actor import Actor, Grant
from app.kernel.errors import Refused
from app.people.permission.models import Role
from app.people.register.models import ExclusionPeriod, Person
from app.training.approvals.models import ApprovalStep
from app.training.audiences import service as audiences
from app.training.candidacies.models import Candidacy
from app.training.naming import queries, service
from app.training.offerings.models import Quota
from app.training.seats import queries as seats
from tests import factories
from tests.training.counting import rows, statements

OFFICE = Actor(grants=(Grant("office"),))


@pytest.fixture
def clerk(session: Session, office: FlaskClient) -> Person:
    """A person of the training office, signed in."""
    who = factories.person(session, "研修 次郎", number="99999", roles=(Role.OFFICE,))
    factories.enter(office, session, who)
    return who


@pytest.mark.requirement("NOM-06")
def test_who_is_named_stands_for_selection_at_once_and_takes_a_place_of_the_quota(
    session: Session, now: datetime
) -> None:
    section = factories.section(session)
    people = [factories.person(session, section=section) for _ in range(3)]
    keys = [who.id for who in people]
    offering = factories.offering(session)
    session.add(Quota(offering_id=offering.id, section_id=section.id, at_most=2))
    session.flush()
    with pytest.raises(Refused, match="quota_full"), session.begin_nested():
        service.name_all(session, offering.id, keys, by=OFFICE, now=now)
    assert rows(session, Candidacy) == 0
    for named in (2, 0):
        done = service.name_all(session, offering.id, keys[:2], by=OFFICE, now=now)
        assert (done.named, done.left_out) == (named, 2 - named)
    found = session.scalars(sa.select(Candidacy)).all()
    assert {(row.route, row.state, row.section_id) for row in found} == {
        ("named", "nominated", section.id)
    }
    assert seats.ledger(session, offering.id, now.date()).left(section.id) == 0
    told = session.scalars(sa.select(outbox.Outgoing.payload)).all()
    assert sorted(row["id"] for row in told) == sorted(str(row.id) for row in found)
    assert {(row["table"], row["action"]) for row in told} == {("candidacy", "name")}
    # 例外許可: beyond the quota, and the reason is kept.
    done = service.name_all(session, offering.id, keys, exception="duty", by=OFFICE, now=now)
    assert (done.named, done.excepted) == (1, 1)
    [step] = session.scalars(sa.select(ApprovalStep))
    assert (step.action, step.reason) == ("except", "duty")


@pytest.mark.requirement("NOM-06")
def test_what_the_office_may_let_pass_needs_a_reason_and_what_it_may_not_stays_out(
    session: Session, now: datetime
) -> None:
    meant, stranger, away, apart, enrolled = (factories.person(session) for _ in range(5))
    keys = [who.id for who in (meant, stranger, away, apart, enrolled)]
    offering = factories.offering(session)
    audiences.add_listed(
        session, offering.id, [meant.id, away.id, apart.id, enrolled.id], by=OFFICE, now=now
    )
    session.add(ExclusionPeriod(person_id=away.id, valid_from=factories.LONG_AGO))
    apart.restricted_at = now
    factories.enrol(session, factories.run(session, offered=offering), enrolled)
    session.flush()
    found = queries.sorted_out(session, offering, keys, now)
    assert [post.person_id for post in found.free] == [meant.id]
    assert {each.post.person_id for each in found.passable} == {stranger.id, away.id}
    assert [each.post.person_id for each in found.stopped] == [enrolled.id]
    assert found.restricted == 1
    done = service.name_all(session, offering.id, keys, by=OFFICE, now=now)
    assert (done.named, done.left_out) == (1, 4)
    done = service.name_all(session, offering.id, keys, exception="experience", by=OFFICE, now=now)
    assert (done.named, done.excepted) == (2, 2)
    excepted = sa.select(Candidacy.person_id).where(Candidacy.exception == "experience")
    assert set(session.scalars(excepted)) == {stranger.id, away.id}
    with pytest.raises(Refused, match="reason_needed"):
        service.name_all(session, offering.id, keys, exception="because", by=OFFICE, now=now)


def test_naming_many_takes_as_many_statements_as_naming_one(
    session: Session, now: datetime
) -> None:
    counts = []
    for number in (1, 60):
        keys = [factories.person(session).id for _ in range(number)]
        offering = factories.offering(session)
        with statements(session) as seen:
            assert service.name_all(session, offering.id, keys, by=OFFICE, now=now).named == number
        counts.append(len(seen))
    assert counts[0] == counts[1]


@pytest.mark.requirement("NOM-06")
def test_people_are_named_on_a_page_that_says_who_and_answer_on_one_of_their_own(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    who = factories.person(session, "架空 花子", number="Q0001")
    audience = factories.person(session, "架空 桃子")
    offering = factories.offering(session)
    audiences.add_listed(
        session, offering.id, [who.id, audience.id], by=OFFICE, now=offering.created_at
    )
    url = f"/offerings/{offering.id}/naming"
    assert "まだだれも指名していません" in office.get(url).text
    assert office.post(f"{url}/new", data={"numbers": " "}).status_code == 422
    sent = {"numbers": "Q0001\nQ9999", "everyone": "y", "exception": ""}
    page = office.post(f"{url}/new", data=sent).text
    assert "2人を指名し、返答を求めます" in page
    assert "この番号の職員は名簿にありません。" in page
    assert rows(session, Candidacy) == 0
    assert "Q9999</textarea>" in office.post(f"{url}/new", data={**sent, "again": "1"}).text
    for _ in range(2):
        assert office.post(f"{url}/commit", data=sent).status_code == 303
    assert rows(session, Candidacy) == 2
    listed = office.get(url).text
    assert listed.count("返答待ち") == 3  # the tab, and both
    naming = session.scalars(sa.select(Candidacy).where(Candidacy.person_id == who.id)).one()
    own = f"/naming/{naming.id}"
    assert office.get(own).status_code == 404
    factories.enter(office, session, who)
    assert "受けられるかどうかを返答してください" in office.get(own).text
    assert office.post(own, data={}).status_code == 422
    assert office.post(own, data={"answer": "perhaps"}).status_code == 404
    for said in ("can", "cannot"):
        assert office.post(own, data={"answer": said}).status_code == 303
    assert "受けられない事情あり" in office.get(own).text
    assert office.get(url).status_code == 403
    factories.enter(office, session, clerk)
    assert "架空 花子" in office.get(f"{url}?answer=cannot").text
    assert "架空 花子" not in office.get(f"{url}?answer=none").text
    assert "当てはまる人がいません" in office.get(f"{url}?answer=can").text
    # Once it is taken back there is nothing to be answered.
    assert office.post(f"{own}/withdraw").status_code == 303
    factories.enter(office, session, who)
    assert "返答は変えられません" in office.get(own).text
    assert office.post(own, data={"answer": "can"}).status_code == 409


def test_what_is_beyond_the_quota_is_said_before_it_is_refused(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    who = factories.person(session, "架空 花子", number="Q0001")
    offering = factories.offering(session)
    session.add(Quota(offering_id=offering.id, section_id=None, at_most=0))
    session.flush()
    url = f"/offerings/{offering.id}/naming"
    page = office.post(f"{url}/new", data={"numbers": "Q0001"}).text
    assert "割当を超える1人がいるため、指名できません" in page
    assert "人を指名する</span>" not in page
    assert office.post(f"{url}/commit", data={"numbers": "Q0001"}).status_code == 422
    sent = {"numbers": "Q0001", "exception": "seats_left"}
    assert "割当を超えて指名します" in office.post(f"{url}/new", data=sent).text
    assert office.post(f"{url}/commit", data=sent).status_code == 303
    assert session.scalars(sa.select(Candidacy.person_id)).all() == [who.id]
    assert "例外許可：席に余裕がある" in office.get(url).text
