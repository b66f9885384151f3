"""Who has not finished is reminded by the rule of the offering, on open days, once; nobody else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.audit.models import AuditEvent
from app.kernel.db import Database
from app.kernel.notices.models import MailState, Notice
from app.kernel.open_days import OpenDays
from app.kernel.settings import Settings
from app.learning.records.models import LearnerRecord
from app.people.permission.models import Role, RoleGrant
from app.people.register.models import ExclusionPeriod, Person
from app.training.offerings import service as offerings
from app.training.offerings.models import Offering
from app.training.plans.models import Run, RunItem
from app.training.reminders import service
from app.training.reminders.queries import Rule
from tests import factories
from tests.training import counting
from workers import schedule
from workers.workshop import Workshop

DAYS = OpenDays()
#: A Tuesday; the Monday before it is a holiday.
TUESDAY = date(2026, 11, 24)


def at(day: date, hour: int = 9) -> datetime:
    """Return an hour of a day in Japan."""
    return clock.start_of(day) + timedelta(hours=hour)


@pytest.mark.requirement("NTF-02")
@pytest.mark.parametrize(
    ("today", "due_on", "told"),
    [
        (TUESDAY, date(2026, 12, 1), TUESDAY),  # seven days before
        (TUESDAY, date(2026, 11, 27), TUESDAY),  # three
        (TUESDAY, TUESDAY, TUESDAY),
        (TUESDAY, date(2026, 11, 30), None),
        (TUESDAY, date(2026, 11, 17), TUESDAY),  # seven days late
        (TUESDAY, date(2026, 11, 10), TUESDAY),
        (TUESDAY, date(2026, 11, 16), None),
        # The Friday before three closed days stands for all of them: the last one is told.
        (date(2026, 11, 20), date(2026, 11, 29), date(2026, 11, 22)),
        (date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 21)),
        (date(2026, 11, 20), date(2026, 11, 26), date(2026, 11, 23)),
        # Late on a closed day: told before it, but not of what is not late yet.
        (date(2026, 11, 20), date(2026, 11, 15), date(2026, 11, 22)),
        (date(2026, 11, 22), date(2026, 11, 29), None),  # closed
        (date(2026, 12, 28), date(2026, 12, 31), date(2026, 12, 31)),  # over the turn of the year
    ],
)
def test_a_day_of_the_rule_is_told_on_the_open_day_that_stands_for_it(
    today: date, due_on: date, told: date | None
) -> None:
    assert Rule().told_on(today, due_on, DAYS) == told


def test_nobody_is_called_late_before_they_are_and_a_rule_may_say_nothing() -> None:
    friday = date(2026, 11, 20)
    assert Rule(before=(), every=1).told_on(friday, friday, DAYS) is None
    assert Rule(before=(), every=1).told_on(friday, date(2026, 11, 19), DAYS) == date(2026, 11, 23)
    assert Rule(before=(), every=0).told_on(TUESDAY, date(2026, 11, 17), DAYS) is None
    assert Rule.of({}) == Rule() == Rule((7, 3, 0), 7)
    own = Rule((10, 1), 0, with_head=True)
    assert Rule.of(own.plain()) == own


def due_in(session: Session, days: int, people: Sequence[Person], **changes: object) -> Run:
    """Make an open run of e-learning that is due so many days after that Tuesday."""
    author = factories.person(session)
    run = factories.run(
        session,
        factories.training(session, "情報セキュリティ研修"),
        learn_from=TUESDAY - timedelta(days=30),
        learn_until=TUESDAY + timedelta(days=days),
        materials=(factories.material(session, author),),
    )
    for name, value in changes.items():
        setattr(run, name, value)
    for who in people:
        factories.enrol(session, run, who)
    return run


def done(session: Session, run: Run, who: Person) -> None:
    """Have somebody complete what a run requires; no worker has followed it yet."""
    [enrolment] = session.scalars(
        sa.select(factories.Enrolment).where(
            factories.Enrolment.run_id == run.id, factories.Enrolment.person_id == who.id
        )
    )
    material_id = session.scalars(sa.select(RunItem.material_id).where(RunItem.run_id == run.id))
    session.add(
        LearnerRecord(
            person_id=who.id,
            material_id=material_id.one(),
            assignment_id=factories.assignment_of(session, enrolment),
            status="completed",
        )
    )
    session.flush()


def told(session: Session, *kinds: str) -> list[tuple[str, str]]:
    """Return who was told what, by name."""
    query = (
        sa.select(Notice.kind, Person.name)
        .join(Person, Person.id == Notice.person_id)
        .where(Notice.kind.in_(kinds) if kinds else sa.true())
        .order_by(Notice.kind, Person.name)
    )
    return [tuple(row) for row in session.execute(query)]


@pytest.mark.requirement("NTF-02")
def test_only_who_has_not_finished_is_reminded_and_once(session: Session) -> None:
    names = ("未了", "完了", "利用停止", "除外", "退職", "取消", "免除")
    people = {name: factories.person(session, f"架空 {name}") for name in names}
    people["未了"].email = "a@ward.example"
    run = due_in(session, 7, list(people.values()))
    done(session, run, people["完了"])
    people["利用停止"].restricted_at = at(TUESDAY)
    people["退職"].left_on = TUESDAY - timedelta(days=1)
    session.add(ExclusionPeriod(person_id=people["除外"].id, valid_from=factories.LONG_AGO))
    for name, state in (("取消", "revoked"), ("免除", "exempted")):
        session.execute(
            sa.update(factories.Enrolment)
            .where(factories.Enrolment.person_id == people[name].id)
            .values(state=state)
        )
    assert service.remind(session, DAYS, at(TUESDAY)) == 1
    assert told(session) == [("learning.due", "架空 未了")]
    assert service.remind(session, DAYS, at(TUESDAY, 15)) == 0
    [notice] = session.scalars(sa.select(Notice))
    assert (notice.mail, notice.data["until_on"]) == (MailState.WAITING, "2026-12-01")
    # Three days before it is told again, once it is late as well; who has finished is let alone.
    assert service.remind(session, DAYS, at(date(2026, 11, 27))) == 1
    assert service.remind(session, DAYS, at(date(2026, 12, 8))) == 1
    assert told(session, "learning.overdue") == [("learning.overdue", "架空 未了")]
    done(session, run, people["未了"])
    assert service.remind(session, DAYS, at(date(2026, 12, 15))) == 0


@pytest.mark.requirement("NTF-02")
def test_a_due_date_of_ones_own_counts_and_what_cannot_be_taken_any_more_is_not_asked_for(
    session: Session,
) -> None:
    own, late = (factories.person(session, f"架空 {name}") for name in ("延長", "遅れ"))
    ended = due_in(session, -7, [own, late], state="ended")
    [row] = session.scalars(
        sa.select(factories.Enrolment).where(factories.Enrolment.person_id == own.id)
    )
    row.extended_until = TUESDAY + timedelta(days=3)
    session.flush()
    for state in ("cancelled", "draft", "postponed", "settled"):
        due_in(session, 0, [late], state=state)
    due_in(session, 0, [late], learn_from=TUESDAY, state="open").kind = "classroom"
    assert service.remind(session, DAYS, at(TUESDAY)) == 2
    assert told(session) == [("learning.due", "架空 延長"), ("learning.due", "架空 遅れ")]
    data = {notice.person_id: notice.data for notice in session.scalars(sa.select(Notice))}
    assert data[own.id]["until_on"] == "2026-11-27"
    assert ended.learn_until == date(2026, 11, 17)


@pytest.mark.requirement("NTF-02")
def test_the_head_is_told_how_many_and_not_who_where_the_rule_says_so(session: Session) -> None:
    section = factories.section(session)
    head = factories.person(session, "架空 課長", section=section)
    session.add(
        RoleGrant(
            person_id=head.id,
            role=Role.HEAD,
            section_id=section.id,
            valid_from=factories.LONG_AGO,
        )
    )
    people = [factories.person(session, f"架空 {n}子", section=section) for n in range(3)]
    run = due_in(session, 3, people)
    service.remind(session, DAYS, at(TUESDAY))
    assert told(session, "learning.section") == []
    offering = session.get_one(Offering, run.offering_id)
    offering.reminders = Rule((3,), with_head=True).plain()
    session.flush()
    assert service.remind(session, DAYS, at(TUESDAY)) == 1
    assert service.remind(session, DAYS, at(TUESDAY)) == 0
    [notice] = session.scalars(sa.select(Notice).where(Notice.kind == "learning.section"))
    assert (notice.person_id, notice.data) == (
        head.id,
        {"title": "情報セキュリティ研修", "until_on": "2026-11-27", "count": 3},
    )


@pytest.mark.requirement("NTF-02")
def test_the_statements_do_not_grow_with_the_people(session: Session) -> None:
    section = factories.section(session)
    counts = []
    for many in (2, 40):
        people = [factories.person(session, section=section) for _ in range(many)]
        due_in(session, 0, people)
        session.flush()
        with counting.statements(session) as seen:
            assert service.remind(session, DAYS, at(TUESDAY)) == many
        counts.append(len(seen))
        session.execute(sa.update(Run).values(state="settled"))
    assert counts[0] == counts[1]
    assert counts[1] < 20


@pytest.mark.requirement("NTF-02")
def test_the_day_is_told_once_from_eight_and_on_open_days(
    session: Session, settings: Settings, database: Database
) -> None:
    shop = Workshop(settings, database)
    who = factories.person(session, "架空 花子")
    due_in(session, 0, [who])
    session.flush()
    closed = date(2026, 11, 23)
    for moment in (at(closed), at(TUESDAY, 7)):
        schedule.tell_of_the_day(shop, moment)
        assert told(session) == []
    schedule.tell_of_the_day(shop, at(TUESDAY, 8))
    assert told(session) == [("learning.due", "架空 花子")]
    due_in(session, 0, [factories.person(session, "架空 次子")])
    session.flush()
    schedule.tell_of_the_day(shop, at(TUESDAY, 20))
    assert told(session) == [("learning.due", "架空 花子")]
    lines = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "reminders.told"))
    assert [line.details["reminded"] for line in lines if line.details] == [1]


@pytest.fixture
def clerk(office: FlaskClient, session: Session) -> Person:
    """Somebody of the office, signed in."""
    who = factories.person(session, "担当 一子", roles=(Role.OFFICE,))
    factories.enter(office, session, who)
    return who


@pytest.mark.requirement("NTF-02")
def test_the_office_says_when_to_remind_and_next_year_takes_it_over(
    office: FlaskClient, session: Session, clerk: Person, now: datetime
) -> None:
    offering = factories.offering(session)
    page = f"/offerings/{offering.id}/reminders"
    shown = office.get(page).text
    assert 'value="7、3、0"' in shown
    assert 'value="7"' in shown
    sent = {"before": "１０日前, 5 1", "every": "14", "with_head": "y"}
    assert office.post(page, data=sent).location == page
    session.refresh(offering)
    assert Rule.of(offering.reminders) == Rule((10, 5, 1), 14, with_head=True)
    assert 'value="10、5、1"' in office.get(page).text
    after = offerings.of_year(session, offering.training_id, offering.fiscal_year + 1, now)
    assert after.reminders == offering.reminders
    [line] = session.scalars(
        sa.select(AuditEvent).where(AuditEvent.action == "offering.reminders_set")
    )
    assert (line.details or {})["every"] == [7, 14]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"before": "7、来週"}, "0から90までの数字を、7、3、0のように並べてください。"),
        ({"before": "91"}, "0から90までの数字を、7、3、0のように並べてください。"),
        ({"before": "1 2 3 4 5 6 7 8 9 10 11"}, "10回までにしてください。"),
        ({"every": "毎日"}, "0から90までの数字を入力してください。"),
    ],
)
def test_what_is_no_number_of_days_is_told_and_stays_on_screen(
    office: FlaskClient, session: Session, clerk: Person, wrong: dict[str, str], said: str
) -> None:
    offering = factories.offering(session)
    sent = {"before": "7、3", "every": "7", **wrong}
    answer = office.post(f"/offerings/{offering.id}/reminders", data=sent)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{next(iter(wrong.values()))}"' in answer.text
    session.refresh(offering)
    assert offering.reminders == {}
