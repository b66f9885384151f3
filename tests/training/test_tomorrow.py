"""Sessions and limits are told of on the day before, to those who still have to do something."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.db import new_id
from app.kernel.notices.models import Notice
from app.kernel.open_days import OpenDays
from app.training.attendance import service as attendance
from app.training.attendance.models import Announcement
from app.training.candidacies import service as candidacies
from app.training.offerings.models import Obligation
from app.training.plans.models import RunSession
from app.training.tomorrow import service
from tests import factories
from tests.training.told import Cast, cast, meant

DAYS = OpenDays()


def at(day: date, hour: int = 9) -> datetime:
    """Return an hour of a day in Japan."""
    return clock.start_of(day) + timedelta(hours=hour)


def applied(made: Cast, name: str, now: datetime) -> None:
    """Have somebody apply for the first run."""
    stage = made.stage
    by = stage.of(made.people[name])
    candidacies.apply(made.session, stage.offering.id, new_id(), [stage.first.id], by=by, now=now)


@pytest.mark.requirement("NTF-02")
def test_who_has_a_seat_is_told_the_day_before_when_and_where(
    session: Session, now: datetime
) -> None:
    made = cast(session, now)
    stage = made.stage
    stage.first.state = "open"
    seats = {name: made.people[name] for name in "abc"}
    for name, who in seats.items():
        factories.enrol(session, stage.first, who, "declined" if name == "c" else "ordered")
    sittings = session.scalars(
        sa.select(RunSession.id).where(RunSession.run_id == stage.first.id)
    ).all()
    attendance.announce(
        session,
        stage.seat_of(seats["b"]).id,
        sittings,
        Announcement.ABSENT,
        "duty",
        by=stage.of(seats["b"]),
        now=now,
    )
    made.forget()
    # Held on a Tuesday, the 15th.
    assert service.tell_sessions(session, DAYS, at(date(2026, 12, 11))) == 0
    assert service.tell_sessions(session, DAYS, at(date(2026, 12, 14))) == 1
    assert service.tell_sessions(session, DAYS, at(date(2026, 12, 14), 15)) == 0
    assert dict(made.told()) == {("session.tomorrow", "a"): 1}
    [notice] = session.scalars(sa.select(Notice))
    assert notice.data == {
        "title": "新任係長研修",
        "run": 1,
        "session_on": "2026-12-15",
        "starts": "9:00",
        "place": "第1研修室",
    }
    # Held on a Monday, it is told on the Friday before; put off, it is not told at all.
    for row in session.scalars(sa.select(RunSession).where(RunSession.run_id == stage.first.id)):
        row.starts_at += timedelta(days=6)
        row.ends_at += timedelta(days=6)
    session.flush()
    assert service.tell_sessions(session, DAYS, at(date(2026, 12, 18))) == 1
    stage.first.state = "postponed"
    session.flush()
    made.forget()
    assert service.tell_sessions(session, DAYS, at(date(2026, 12, 18))) == 0


@pytest.mark.requirement("NTF-02")
def test_sections_are_told_on_whom_they_have_to_decide_before_it_is_too_late(
    session: Session, now: datetime
) -> None:
    made = cast(session, now)
    applied(made, "a", now)
    applied(made, "b", now)
    made.forget()
    # The heads' limit is a Friday, the 4th.
    assert service.tell_limits(session, DAYS, at(date(2026, 12, 2))) == 0
    assert service.tell_limits(session, DAYS, at(date(2026, 12, 3))) == 2
    assert service.tell_limits(session, DAYS, at(date(2026, 12, 3), 12)) == 0
    assert set(made.told()) == {("candidacy.closing", each) for each in ("head", "coordinator")}
    notice = session.scalars(sa.select(Notice)).first()
    assert notice is not None
    assert (notice.data["count"], notice.data["until"]) == (2, "令和8年12月4日（金）")
    for row in session.scalars(sa.select(candidacies.Candidacy)):
        candidacies.act(session, row.id, "nominate", by=made.stage.head, now=now)
    made.forget()
    assert service.tell_limits(session, DAYS, at(date(2026, 12, 3))) == 0


@pytest.mark.requirement("NTF-02")
@pytest.mark.parametrize("obligation", Obligation)
def test_learners_are_told_of_their_limit_only_where_they_can_apply(
    session: Session, now: datetime, obligation: Obligation
) -> None:
    made = cast(session, now)
    made.stage.offering.obligation = obligation
    for name in "ab":
        meant(session, made.stage.offering.id, made.people[name], now)
    applied(made, "b", now)
    made.forget()
    # The learners' limit is a Friday, the 27th of November.
    service.tell_limits(session, DAYS, at(date(2026, 11, 26)))
    service.tell_limits(session, DAYS, at(date(2026, 11, 26)))
    can_apply = obligation in (Obligation.OPEN, Obligation.FREE)
    assert dict(made.told()) == ({("apply.closing", "a"): 1} if can_apply else {})
