"""修了認定: what the rule proposes, its confirmation for all at once, and its correction."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel import clock, lists, outbox
from app.kernel.actor import Actor, Grant
from app.kernel.audit.models import AuditEvent
from app.kernel.errors import Conflict, Refused
from app.people.permission.models import Role
from app.people.register.models import Person
from app.training.attendance.models import Attendance, Presence
from app.training.certificates.models import Certificate
from app.training.completion import queries as completion
from app.training.completion import service as rules
from app.training.completion.models import Rule
from app.training.decisions import queries, service
from app.training.decisions.models import Decision, DecisionChangedError
from app.training.decisions.queries import Standing
from app.training.enrolment.models import Enrolment
from app.training.offerings.models import Offering
from app.training.plans import service as plans
from app.training.plans.models import ItemKind, Run, RunItem, RunKind, RunSession
from app.training.results.models import ResultReport
from tests import factories
from tests.training.counting import statements


@pytest.fixture
def clerk(session: Session, office: FlaskClient) -> Person:
    """A person of the training office, signed in."""
    who = factories.person(session, "研修 担当", roles=(Role.OFFICE,))
    factories.enter(office, session, who)
    return who


def by(clerk: Person) -> Actor:
    return Actor(person_id=clerk.id, grants=(Grant(Role.OFFICE),))


@pytest.fixture
def run(session: Session) -> Run:
    """A run of one sitting and a report, a month ago."""
    today = clock.today(clock.now())
    day = today - timedelta(days=30)
    row = factories.run(session, state="ended", learn_from=day, learn_until=day)
    row.kind = RunKind.CLASSROOM
    start = clock.start_of(day) + timedelta(hours=9)
    session.add(
        RunSession(run_id=row.id, number=1, starts_at=start, ends_at=start + timedelta(hours=4))
    )
    session.add(RunItem(run_id=row.id, kind=ItemKind.REPORT, position=1))
    session.flush()
    return row


def seat(
    session: Session,
    run: Run,
    name: str,
    minutes: int | None = 240,
    report: str | None = "confirmed",
    state: str = "awaiting",
) -> Enrolment:
    """Give somebody a seat, with how long they were there and how far their report is."""
    row = factories.enrol(session, run, factories.person(session, name), state)
    held = session.scalars(sa.select(RunSession).where(RunSession.run_id == run.id)).one()
    if minutes is not None:
        presence = Presence.PRESENT if minutes == 240 else Presence.LATE
        session.add(
            Attendance(enrolment_id=row.id, session_id=held.id, presence=presence, minutes=minutes)
        )
    if report:
        session.add(ResultReport(enrolment_id=row.id, state=report))
    session.flush()
    return row


def seated(session: Session, run: Run) -> dict[str, Enrolment]:
    """Seat one of each kind."""
    return {
        "done": seat(session, run, "修了 案子"),
        "absent": seat(session, run, "欠席 多子", minutes=100),
        "silent": seat(session, run, "報告 なし子", report=None),
        "waiting": seat(session, run, "確認 待子", report="submitted"),
        "unknown": seat(session, run, "未記録 子", minutes=None),
    }


def proposals(session: Session, run: Run, now: datetime) -> dict[str, queries.Proposal]:
    found = completion.ruled(session, run.id)
    return {row.name: row for row in queries.proposals(session, found, now)}


def mark(session: Session, run: Run, now: datetime, is_completed: bool | None = None) -> str:
    """Return the mark of what deciding of all would do."""
    rows = list(proposals(session, run, now).values())
    return lists.mark(*queries.plan(rows, is_completed=is_completed).groups)


def decide(session: Session, run: Run, clerk: Person, now: datetime) -> queries.Plan:
    """Decide of all as proposed."""
    keys = [row.enrolment_id for row in proposals(session, run, now).values()]
    return service.decide(
        session,
        run.id,
        keys,
        is_completed=None,
        reason=None,
        confirmed=mark(session, run, now),
        by=by(clerk),
        now=now,
    )


@pytest.mark.requirement("RPT-04")
def test_the_rule_proposes_of_each_with_why(session: Session, run: Run) -> None:
    seated(session, run)
    now = clock.now()
    found = proposals(session, run, now)
    assert {name: str(row.standing) for name, row in found.items()} == {
        "修了 案子": "would_complete",
        "欠席 多子": "would_fail",
        "報告 なし子": "would_fail",
        "確認 待子": "open",
        "未記録 子": "open",
    }
    assert found["欠席 多子"].judgement.unmet == ("attendance",)
    assert found["欠席 多子"].facts.missed == 140
    assert found["報告 なし子"].judgement.unmet == ("report",)
    # The report is due fourteen days after the last day; until then it is open.
    earlier = clock.start_of(run.learn_until + timedelta(days=14))
    assert proposals(session, run, earlier)["報告 なし子"].standing == Standing.OPEN
    # Who was ordered to stop neither completes nor fails.
    seat(session, run, "中止 子", state="suspended")
    assert "中止 子" not in proposals(session, run, now)


@pytest.mark.requirement("RPT-04")
def test_what_is_known_of_a_run_is_read_in_the_same_few_statements_for_any_number(
    session: Session, run: Run
) -> None:
    seated(session, run)
    with statements(session) as few:
        proposals(session, run, clock.now())
    for place in range(12):
        seat(session, run, f"多数 {place}子")
    with statements(session) as many:
        assert len(proposals(session, run, clock.now())) == 17
    assert len(many) == len(few) <= 10


@pytest.mark.requirement("RPT-04", "RPT-05")
def test_all_are_decided_by_one_action_and_what_it_rested_on_stays(
    session: Session, run: Run, clerk: Person
) -> None:
    people, now = seated(session, run), clock.now()
    done = decide(session, run, clerk, now)
    assert (len(done.completed), len(done.failed), done.left_open) == (1, 2, 2)
    session.expire_all()
    assert {name: row.state for name, row in people.items()} == {
        "done": "completed",
        "absent": "not_completed",
        "silent": "not_completed",
        "waiting": "awaiting",
        "unknown": "awaiting",
    }
    row = session.scalars(
        sa.select(Decision).where(Decision.enrolment_id == people["absent"].id)
    ).one()
    assert (row.number, row.is_completed, row.reason, row.decided_by) == (1, False, None, clerk.id)
    assert row.rule == {**Rule().plain(), "version": 1, "absence_limit": 25}
    assert (row.facts["missed"], row.facts["total"], row.facts["unmet"]) == (
        140,
        240,
        ["attendance"],
    )
    # Another rule, and other records, change nothing of what was decided.
    office = by(clerk)
    rules.write(session, run.offering_id, Rule(attendance=False), by=office, now=now)
    assert session.get_one(Offering, run.offering_id).completion_version == 2
    session.expire_all()
    [version] = queries.versions(session, people["absent"].id)
    assert (version.rule_version, version.unmet, version.facts.missed) == (
        1,
        ("attendance",),
        140,
    )
    row.is_completed = True
    with pytest.raises(DecisionChangedError):
        session.flush()
    session.rollback()


@pytest.mark.requirement("RPT-04")
def test_many_are_decided_in_the_same_few_statements(
    session: Session, run: Run, clerk: Person
) -> None:
    for place in range(3):
        seat(session, run, f"少数 {place}子")
    with statements(session) as few:
        decide(session, run, clerk, clock.now())
    other = factories.run(
        session, state="ended", learn_from=run.learn_from, learn_until=run.learn_until
    )
    other.kind = RunKind.CLASSROOM
    start = clock.start_of(run.learn_from)
    session.add(
        RunSession(run_id=other.id, number=1, starts_at=start, ends_at=start + timedelta(hours=4))
    )
    session.add(RunItem(run_id=other.id, kind=ItemKind.REPORT, position=1))
    session.flush()
    for place in range(15):
        seat(session, other, f"多数 {place}子")
    with statements(session) as many:
        assert len(decide(session, other, clerk, clock.now()).completed) == 15
    assert len(many) <= len(few) + 2


@pytest.mark.requirement("RPT-04")
def test_otherwise_than_proposed_needs_a_reason_and_what_was_confirmed_must_still_be_so(
    session: Session, run: Run, clerk: Person
) -> None:
    people, now = seated(session, run), clock.now()
    key, office = people["absent"].id, by(clerk)
    [row] = [each for each in proposals(session, run, now).values() if each.enrolment_id == key]
    seen = lists.mark(*queries.plan([row], is_completed=True).groups)
    asked = {"is_completed": True, "by": office, "now": now}
    with pytest.raises(Refused, match="reason_needed"):
        service.decide(session, run.id, [key], reason=None, confirmed=seen, **asked)  # type: ignore[arg-type] # as it is asked
    with pytest.raises(Conflict, match="choice_changed"):
        service.decide(session, run.id, [key], reason="duty", confirmed="", **asked)  # type: ignore[arg-type] # as it is asked
    service.decide(session, run.id, [key], reason="duty", confirmed=seen, **asked)  # type: ignore[arg-type] # as it is asked
    assert session.scalars(sa.select(Decision.reason)).one() == "duty"
    with pytest.raises(Conflict, match="choice_changed"):
        service.decide(session, run.id, [key], reason="duty", confirmed=seen, **asked)  # type: ignore[arg-type] # twice is once
    run.state = "decided"
    session.flush()
    with pytest.raises(Refused, match="completion_too_early"):
        service.decide(session, run.id, [key], reason="duty", confirmed=seen, **asked)  # type: ignore[arg-type] # as it is asked


@pytest.mark.requirement("RPT-04")
def test_what_completed_by_itself_or_an_institute_has_told_is_proposed_so(
    session: Session, clerk: Person
) -> None:
    author = factories.person(session, "作成 者")
    run = factories.run(session, materials=(factories.material(session, author),))
    now = clock.now()
    alone = factories.enrol(session, run, factories.person(session, "自動 修了"), "completed")
    outside = factories.run(session, state="ended")
    failed = factories.enrol(session, outside, factories.person(session, "機関 未修了"))
    failed.state = "not_completed"
    session.flush()
    # The record alone says that it is done: without one it is open while the run is.
    assert proposals(session, run, now)["自動 修了"].standing == Standing.OPEN
    rules.write(session, run.offering_id, Rule(materials=False), by=by(clerk), now=now)
    assert proposals(session, run, now)["自動 修了"].standing == Standing.WOULD_COMPLETE
    decide(session, run, clerk, now)
    session.expire_all()
    assert alone.state == "completed"
    [line] = session.scalars(
        sa.select(AuditEvent).where(AuditEvent.action == "completion_decision.made")
    )
    assert (line.subject_id, line.details["to"]) == (alone.id, "completed")
    [told] = proposals(session, outside, now).values()
    assert (told.standing, told.judgement.unmet) == (Standing.WOULD_FAIL, ("recorded",))
    decide(session, outside, clerk, now)
    # What was decided here is no longer what an institute has told.
    assert next(iter(proposals(session, outside, now).values())).judgement.unmet == ()


@pytest.mark.requirement("RPT-05", "RPT-06")
def test_a_correction_is_another_version_and_ends_the_certificate(
    session: Session, run: Run, clerk: Person
) -> None:
    people, now, office = seated(session, run), clock.now(), by(clerk)
    decide(session, run, clerk, now)
    key = people["done"].id
    first = session.scalars(sa.select(Decision).where(Decision.enrolment_id == key)).one()
    session.add(
        Certificate(
            fiscal_year=2026,
            number=1,
            enrolment_id=key,
            decision_id=first.id,
            document={"name": "修了 案子", "training": "研修"},
            issued_on=clock.today(now),
            check_code="0" * 20,
            issued_at=now,
        )
    )
    session.flush()
    asked = {"by": office, "now": now}
    with pytest.raises(Refused, match="decided_so_already"):
        service.correct(session, key, is_completed=True, reason="mistake", **asked)  # type: ignore[arg-type] # as it is asked
    with pytest.raises(Refused, match="reason_needed"):
        service.correct(session, key, is_completed=False, reason="", **asked)  # type: ignore[arg-type] # as it is asked
    service.correct(session, key, is_completed=False, reason="mistake", **asked)  # type: ignore[arg-type] # as it is asked
    session.expire_all()
    assert people["done"].state == "not_completed"
    assert session.scalars(sa.select(Certificate)).one().revoked_at == now
    newest, oldest = queries.versions(session, key)
    assert (newest.number, newest.is_completed, newest.reason) == (2, False, "mistake")
    assert (oldest.number, oldest.is_completed, oldest.reason) == (1, True, None)
    assert queries.holding(session, Enrolment.id == key)[key].number == 2
    service.correct(session, key, is_completed=True, reason="late", **asked)  # type: ignore[arg-type] # as it is asked
    session.expire_all()
    assert people["done"].state == "completed"


def test_a_run_is_settled_once_everybody_has_completed_it_or_not(
    session: Session, run: Run, clerk: Person
) -> None:
    people, now = seated(session, run), clock.now()
    decide(session, run, clerk, now)
    with pytest.raises(Refused, match="run_has_undecided") as refused:
        plans.act(session, run.id, "settle", by=by(clerk), now=now)
    assert refused.value.data == {"count": "2"}
    for name in ("waiting", "unknown"):
        people[name].state = "not_completed"
    session.flush()
    plans.act(session, run.id, "settle", by=by(clerk), now=now)
    assert run.state == "settled"


def hidden(page: str) -> dict[str, list[str]]:
    """Return the hidden fields of a page's forms."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page):
        found.setdefault(name, []).append(value)
    return found


@pytest.mark.requirement("RPT-04")
def test_the_office_sees_the_proposals_narrows_them_and_confirms_them(
    office: FlaskClient, session: Session, run: Run, clerk: Person
) -> None:
    people = seated(session, run)
    place = f"/runs/{run.id}/completion"
    page = office.get(place).text
    for told in ("修了案", "出席不足", "受講結果報告が未提出", "出欠が未記録", "5人をすべて選ぶ"):
        assert told in page
    narrow = office.get(f"{place}?standing=would_fail").text
    assert "欠席 多子" in narrow
    assert "修了 案子" not in narrow
    line = session.scalars(
        sa.select(AuditEvent)
        .where(AuditEvent.action == "completion_decision.listed")
        .order_by(AuditEvent.seq.desc())
    ).first()
    assert line is not None
    assert set(line.details["people"]) == {
        str(people[name].person_id) for name in ("absent", "silent")
    }
    assert office.post(f"{place}/check", data={"chosen": "rows"}).status_code == 422
    asked = {"chosen": "all", "word": "proposed"}
    confirm = office.post(f"{place}/check", data=asked).text
    assert "修了1人、未修了2人を認定します" in confirm
    assert "未確定の2人は、認定しません。" in confirm
    sent = hidden(confirm)
    done = office.post(place, data={**asked, "confirmed": sent["confirmed"][0]})
    assert done.status_code == 303
    assert "修了1人、未修了2人を認定しました" in office.get(done.location).text
    # One whose head has not looked at the report yet, decided by hand: a reason is asked for.
    key = str(people["waiting"].id)
    asked = {"chosen": "rows", "row": key, "word": "completed"}
    confirm = office.post(f"{place}/check", data=asked).text
    assert "1人は、案と異なる認定です" in confirm
    asked["confirmed"] = hidden(confirm)["confirmed"][0]
    assert office.post(place, data=asked).status_code == 422
    assert office.post(place, data={**asked, "reason": "late"}).status_code == 303
    session.expire_all()
    assert people["waiting"].state == "completed"
    person = office.get(f"/enrolments/{key}/completion").text
    assert "記録があとから届いた" in person
    assert "0/240分を欠席" in person
    sent_back = office.post(f"/enrolments/{key}/completion", data={"to": "not_completed"})
    assert sent_back.status_code == 422
    corrected = {"to": "not_completed", "reason": "mistake"}
    assert office.post(f"/enrolments/{key}/completion", data=corrected).status_code == 303
    assert "第2版" in office.get(f"/enrolments/{key}/completion").text


@pytest.mark.requirement("RPT-04")
def test_whoever_was_judged_sees_the_result_and_why_and_is_told_without_it(
    office: FlaskClient, session: Session, run: Run, clerk: Person
) -> None:
    people = seated(session, run)
    decide(session, run, clerk, clock.now())
    who = session.get_one(Person, people["absent"].person_id)
    factories.enter(office, session, who)
    page = office.get(f"/seats/{people['absent'].id}").text
    assert "未修了" in page
    assert "出席不足" in page
    assert "140/240分を欠席" in page
    told = [row.payload for row in session.scalars(sa.select(outbox.Outgoing))]
    assert sum(each["action"] == "decide" for each in told) == 3
    [of_sections] = [each for each in told if each["action"] == "decide_completion"]
    assert sum(of_sections["sections"].values()) == 3
    assert office.get(f"/runs/{run.id}/completion").status_code == 403


@pytest.mark.requirement("RPT-04")
def test_the_rule_is_edited_on_the_offering_and_counts_its_versions(
    office: FlaskClient, session: Session, run: Run, clerk: Person
) -> None:
    place = f"/offerings/{run.offering_id}/completion"
    assert "修了の条件" in office.get(f"/offerings/{run.offering_id}").text
    page = office.get(place).text
    assert re.search(r'name="attendance"[^>]*checked|checked[^>]*name="attendance"', page)
    assert office.post(place, data={"report": "often"}).status_code == 422
    data = {"attendance": "y", "materials": "y", "report": "off"}
    for _ in range(2):  # what changes nothing is no version
        assert office.post(place, data=data).status_code == 303
    session.expire_all()
    row = session.get_one(Offering, run.offering_id)
    assert row.completion_version == 2
    assert row.completion == Rule(exam=False, survey=False, report="off").plain()
    line = session.scalars(
        sa.select(AuditEvent).where(AuditEvent.action == "offering.completion_set")
    ).one()
    assert line.details["report"] == ["confirmed", "off"]
