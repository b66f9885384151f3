"""The office marks by hand what waits, and gives more time and another sitting."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.audit.models import AuditEvent
from app.kernel.db import Database
from app.kernel.outbox import Kind, Outgoing
from app.kernel.settings import Settings
from app.learning.exams import service
from app.learning.exams.models import Sitting
from app.people.permission.models import Role
from app.people.register.models import Person
from app.training.plans.models import RunItem
from content_packages.questions.paper import Rules
from tests import factories
from tests.learning.papers import ESSAY, SINGLE, Taken, exam, sit, taken
from tests.training.counting import statements
from workers import schedule
from workers.workshop import Workshop

ANSWERS = {"single": "o2", "essay": "鍵を\nかけます"}


@pytest.fixture
def clerk(session: Session, office: FlaskClient) -> Person:
    """A person of the training office, signed in."""
    who = factories.person(session, "担当 花子", roles=(Role.OFFICE,))
    factories.enter(office, session, who)
    return who


def waiting(session: Session, *names: str, rules: Rules | None = None) -> list[Taken]:
    """Have some people hand in a test with an essay, in one run, one after the other."""
    material = exam(session, SINGLE, ESSAY, rules=rules)
    run = factories.run(session, materials=(material,))
    people = [taken(session, material, run, name) for name in names]
    began = clock.now() - timedelta(hours=1)
    for place, of in enumerate(people):
        sit(session, of, dict(ANSWERS), began + timedelta(minutes=place))
    return people


def sat(session: Session, of: Taken) -> Sitting:
    return session.scalars(sa.select(Sitting).where(Sitting.record_id == of.record.id)).one()


def lines(session: Session, action: str) -> list[AuditEvent]:
    query = sa.select(AuditEvent).where(AuditEvent.action == action).order_by(AuditEvent.seq)
    return list(session.scalars(query))


@pytest.mark.requirement("QST-01")
@pytest.mark.usefixtures("clerk")
def test_essays_are_marked_one_after_the_other_and_their_records_follow(
    session: Session, office: FlaskClient
) -> None:
    one, other = waiting(session, "受験 一郎", "受験 二郎")
    assert "2件" in office.get("/marking").text
    place = f"/runs/{one.run.id}/marking"
    page = office.get(place).text
    assert page.index("受験 一郎") < page.index("受験 二郎")
    (listed,) = lines(session, "sittings.listed")
    assert set(listed.details["people"]) == {str(one.who.id), str(other.who.id)}
    first, second = sat(session, one), sat(session, other)
    page = office.get(f"/sittings/{first.id}/marking").text
    assert "鍵を" in page
    assert "模範" in page
    for wrong in ("", "4.3", "4.5", "-1", "x"):
        answer = office.post(f"/sittings/{first.id}/marking", data={"points_2": wrong})
        assert (answer.status_code, "0.5点きざみ" in answer.text) == (422, True)
    marked = office.post(
        f"/sittings/{first.id}/marking", data={"points_2": "３．５", "then": "next"}
    )
    assert marked.location == f"/sittings/{second.id}/marking"
    session.expire_all()
    assert (first.marks["essay"], first.is_passed) == (3.5, True)
    assert first.score == pytest.approx(100 * 5.5 / 6)
    assert one.record.status == "passed"
    told = session.scalars(sa.select(Outgoing).where(Outgoing.kind == Kind.PROGRESSED)).all()
    assert str(one.record.assignment_id) in {row.payload["assignment_id"] for row in told}
    marked = office.post(f"/sittings/{second.id}/marking", data={"points_2": "0", "then": "next"})
    assert marked.location == place
    assert "採点を待っているテストはありません" in office.get(place).text
    session.expire_all()
    assert other.record.status == "failed"


@pytest.mark.usefixtures("clerk")
def test_what_was_marked_is_marked_again_and_the_audit_tells_both(
    session: Session, office: FlaskClient
) -> None:
    (of,) = waiting(session, "受験 一郎")
    row = sat(session, of)
    for points in ("4", "0"):
        assert (
            office.post(f"/sittings/{row.id}/marking", data={"points_2": points}).status_code == 303
        )
    session.expire_all()
    assert (of.record.status, of.record.completed_at) == ("failed", None)
    assert "受験 一郎" in office.get(f"/runs/{of.run.id}/marking?view=marked").text
    first, second = lines(session, "sitting.marked")
    assert first.details["points"] == ["", "2: 4"]
    assert second.details["points"] == ["2: 4", "2: 0"]
    assert second.details["score"] == [100.0, pytest.approx(100 * 2 / 6)]


def test_whoever_does_not_look_after_the_training_marks_nothing(
    session: Session, office: FlaskClient
) -> None:
    (of,) = waiting(session, "受験 一郎")
    row = sat(session, of)
    for roles in ((), (Role.HEAD,), (Role.AUTHOR,)):
        factories.enter(office, session, factories.person(session, roles=roles))
        assert office.get(f"/sittings/{row.id}/marking").status_code == 403
    factories.enter(office, session, factories.person(session, roles=(Role.OFFICE,)))
    by = Actor(person_id=of.who.id)
    opened = service.begin(session, of.record.id, of.assigned, by=by, now=clock.now())
    assert office.get(f"/sittings/{opened.id}/marking").status_code == 404


@pytest.mark.requirement("QST-06")
@pytest.mark.usefixtures("clerk")
def test_the_essays_of_a_run_leave_as_a_file(session: Session, office: FlaskClient) -> None:
    one, other = waiting(session, "受験 一郎", "受験 二郎")
    place = f"/runs/{one.run.id}/essays.csv"
    assert office.get(place).status_code == 422
    file = office.get(f"{place}?reason=statistics").data.decode("utf-8-sig")
    assert file.split("\r\n")[0] == "職員番号,氏名,所属,テスト,回数,問,問題,解答,得点,配点"
    assert file.count("鍵を") == 2
    (line,) = lines(session, "essays.exported")
    assert set(line.details["people"]) == {str(one.who.id), str(other.who.id)}


@pytest.mark.usefixtures("clerk")
def test_the_list_takes_as_many_statements_for_two_as_for_six(
    session: Session, office: FlaskClient
) -> None:
    counts = []
    for many in (2, 6):
        people = waiting(session, *(f"受験 {number}" for number in range(many)))
        with statements(session) as seen:
            office.get(f"/runs/{people[0].run.id}/marking")
        counts.append(len(seen))
    assert counts[0] == counts[1]


@pytest.mark.requirement("QST-01")
@pytest.mark.usefixtures("clerk")
def test_the_office_grants_another_sitting(session: Session, office: FlaskClient) -> None:
    (of,) = waiting(session, "受験 一郎", rules=Rules(attempts=1))
    page = office.get(f"/history/{of.record.id}").text
    assert "もう1回受験できるようにする" in page
    place = f"/records/{of.record.id}/sittings"
    done = office.post(place, data={"back": f"/history/{of.record.id}"})
    assert done.location == f"/history/{of.record.id}"
    assert office.post(place).status_code == 422
    (line,) = lines(session, "record.sitting_allowed")
    assert line.details["people"] == [str(of.who.id)]
    session.expire_all()
    assert of.record.extra_sittings == 1
    assert "もう1回受験できるようにする" not in office.get(f"/history/{of.record.id}").text


@pytest.mark.requirement("QST-01")
@pytest.mark.usefixtures("clerk")
def test_the_time_of_a_test_is_longer_in_one_run_also_for_who_sits_already(
    session: Session, office: FlaskClient
) -> None:
    of = taken(session, exam(session, SINGLE, rules=Rules(minutes=20)))
    by = Actor(person_id=of.who.id)
    row = service.begin(session, of.record.id, of.assigned, by=by, now=clock.now())
    before = row.ends_at
    page = office.get(f"/runs/{of.run.id}/edit").text
    assert "テストの延長（分）" in page
    sent = {
        "kind": "e_learning",
        "learn_from": f"{of.run.learn_from:%Y/%m/%d}",
        "learn_until": f"{of.run.learn_until:%Y/%m/%d}",
        "minutes": "30",
        "late": "refuse",
        "what_1": str(of.record.material_id),
        "need_1": "required",
        "due_1": "",
    }
    wrong = office.post(f"/runs/{of.run.id}/edit", data={**sent, "extra_1": "9999"})
    assert (wrong.status_code, "0から600まで" in wrong.text) == (422, True)
    answer = office.post(f"/runs/{of.run.id}/edit", data={**sent, "extra_1": "15"})
    assert answer.status_code == 303, answer.text
    session.expire_all()
    item = session.scalars(sa.select(RunItem).where(RunItem.run_id == of.run.id)).one()
    assert item.extra_minutes == 15
    assert before
    assert row.ends_at == before + timedelta(minutes=15)
    assert 'value="15"' in office.get(f"/runs/{of.run.id}/edit").text


@pytest.mark.requirement("QST-05")
def test_workers_hand_in_what_is_overdue_once(
    session: Session, settings: Settings, database: Database
) -> None:
    shop = Workshop(settings, database)
    began = clock.now() - timedelta(hours=2)
    rows = []
    for _ in range(3):
        of = taken(session, exam(session, SINGLE, rules=Rules(minutes=20)))
        by = Actor(person_id=of.who.id)
        row = service.begin(session, of.record.id, of.assigned, by=by, now=began)
        service.save(session, row.id, {"single": "o2"}, now=began)
        rows.append(row)
    rows[2].ends_at = clock.now() + timedelta(minutes=1)
    session.flush()
    # A round that ended after the first of them.
    service.hand_in(session, rows[0].id, now=clock.now())
    assert schedule.close_sittings(shop, clock.now()) == 1
    assert schedule.close_sittings(shop, clock.now()) == 0
    session.expire_all()
    assert [row.submitted_at for row in rows] == [began + timedelta(minutes=20)] * 2 + [None]
    assert [row.is_by_time for row in rows] == [True, True, False]
    assert rows[1].score == 100


def test_a_record_of_a_test_shows_its_sittings_and_to_who_sat_no_more_than_its_rules(
    session: Session, office: FlaskClient
) -> None:
    (of,) = waiting(session, "受験 一郎")
    factories.enter(office, session, of.who)
    page = office.get(f"/history/{of.record.id}").text
    assert "採点待ち" in page
    assert "だれにも教えません。" not in page
    assert "/marking" not in page
    factories.enter(office, session, factories.person(session, roles=(Role.OFFICE,)))
    page = office.get(f"/history/{of.record.id}").text
    assert "だれにも教えません。" in page
    assert "かけます" in page


@pytest.mark.usefixtures("clerk")
def test_the_office_s_home_says_how_many_wait(session: Session, office: FlaskClient) -> None:
    waiting(session, "受験 一郎", "受験 二郎")
    assert "採点を待つテストが2件あります" in office.get("/").text
