"""Odd cases of seats and sittings: fewer places, a cancelled run, a sitting made up elsewhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import new_id
from app.kernel.errors import Refused
from app.people.heads import queries as heads
from app.people.permission import queries as permission
from app.people.sections.models import Section, SectionSuccessor
from app.training.attendance import queries as attendance_queries
from app.training.attendance import service as attendance
from app.training.attendance.models import Announcement, Presence
from app.training.attendance.service import AbsenceReason, Noted
from app.training.candidacies import service as candidacies
from app.training.candidacies.models import Candidacy
from app.training.candidacies.states import CandidacyState
from app.training.changes import service as changes
from app.training.changes.models import ChangeKind
from app.training.changes.service import Wish
from app.training.life import service as life
from app.training.make_ups import service as make_ups
from app.training.plans import service as plans
from app.training.plans.models import Run, RunKind
from app.training.plans.service import Limits, RunData
from app.training.programme.service import SessionData
from app.training.seats import queries as seats
from tests import factories
from tests.training.test_edge_cases import headed, seated
from tests.training.test_workflow_walk import DAYS, Stage, planned


def sittings(stage: Stage, run: Run) -> list[attendance_queries.Sitting]:
    """Return the sittings of a run."""
    return attendance_queries.sittings(stage.session, [run.id])[run.id]


def as_it_is(stage: Stage, run: Run) -> RunData:
    """Return what is said of a run, to be said anew."""
    return RunData(
        run.learn_from,
        run.learn_until,
        run.minutes,
        kind=RunKind(run.kind),
        capacity_max=run.capacity_max,
        limits=Limits("3週間前の金曜", "2週間前の金曜", "前開庁日17時"),
        sessions=tuple(
            SessionData(each.starts_at, each.ends_at, "第1研修室", id=each.id)
            for each in sittings(stage, run)
        ),
    )


def test_edge_11_capacity_goes_below_those_enrolled_only_by_who_is_to_wait(
    session: Session, now: datetime
) -> None:
    stage = planned(session, now)
    stay, go = seated(stage, stage.people[0], stage.people[1])
    less = replace(as_it_is(stage, stage.first), capacity_max=1)
    with pytest.raises(Refused, match="capacity_below"):
        plans.reschedule(session, stage.first.id, less, by=stage.office, now=now, days=DAYS)
    assert stage.first.capacity_max == 2
    life.shrink(session, stage.first.id, 1, [go.id], DAYS, by=stage.office, now=now)
    waiting = session.scalars(
        sa.select(Candidacy).where(Candidacy.person_id == stage.people[1].id)
    ).one()
    assert (stay.state, go.state, waiting.state) == ("ordered", "revoked", "waitlisted")
    assert stage.first.capacity_max == 1


def test_edge_13_what_was_attended_before_a_run_is_cancelled_counts_in_the_next(
    session: Session, now: datetime
) -> None:
    stage = planned(session, now)
    who = stage.people[0]
    [seat] = seated(stage, who)
    [morning, _] = sittings(stage, stage.first)
    came = {seat.id: Noted(Presence.PRESENT)}
    noon = morning.ends_at
    attendance.note(session, morning.id, came, by=stage.office, now=noon)
    life.act(session, stage.first.id, "cancel", by=stage.office, now=noon, reason="disaster")
    assert attendance_queries.marks_of(session, seat.id)[morning.id].presence == "present"
    wish = Wish(ChangeKind.MOVE, "duty", run_id=stage.second.id)
    request = changes.ask(session, seat.id, wish, DAYS, by=stage.of(who), now=noon)
    changes.approve(session, request.id, DAYS, by=stage.office, now=noon)
    after = stage.seat_of(who)
    assert (seat.state, after.run_id) == ("moved", stage.second.id)
    [same, other] = sittings(stage, stage.second)
    marks = attendance_queries.marks_of(session, after.id)
    assert (marks[same.id].presence, marks[same.id].minutes) == ("present", 180)
    assert other.id not in marks


def test_edge_16_who_makes_a_sitting_up_takes_a_seat_in_that_sitting_alone(
    session: Session, now: datetime
) -> None:
    stage = planned(session, now, capacity=1)
    [seat] = seated(stage, stage.people[0])
    [morning, afternoon] = sittings(stage, stage.first)
    attendance.announce(
        session,
        seat.id,
        [morning.id],
        Announcement.ABSENT,
        AbsenceReason.DUTY,
        by=stage.of(stage.people[0]),
        now=now,
    )
    [same, _] = sittings(stage, stage.second)
    mark = make_ups.ask(session, seat.id, morning.id, same.id, by=stage.office, now=now)
    account = seats.runs(session, stage.offering.id)[stage.second.id]
    assert (account.taken, account.guests, account.left) == (0, 1, 0)
    by_session = session.execute(seats.guests(stage.offering.id)).all()
    assert [(row.session_id, row.guests) for row in by_session] == [(same.id, 1)]
    come = {seat.id: Noted(Presence.PRESENT)}
    attendance.note(session, same.id, come, by=stage.office, now=same.ends_at)
    assert (mark.presence, mark.session_id, mark.minutes) == ("made_up", morning.id, 180)
    with pytest.raises(Refused, match="make_up_not_needed"):
        make_ups.ask(session, seat.id, afternoon.id, same.id, by=stage.office, now=now)


def test_edge_26_what_waits_for_a_head_goes_to_the_head_of_what_came_after(
    session: Session, now: datetime
) -> None:
    stage = planned(session, now)
    who = stage.people[0]
    row = candidacies.apply(
        session, stage.offering.id, new_id(), [stage.first.id], by=stage.of(who), now=now
    )
    after = factories.section(session, "新しい課")
    before = session.get_one(Section, row.section_id)
    before.valid_to = clock.today(now) - timedelta(days=1)
    session.add(SectionSuccessor(section_id=before.id, successor_id=after.id))
    head = headed(session, after.id)
    assert heads.heads(session, now).of(before.id) == {head.id}
    by = Actor(person_id=head.id, grants=permission.grants_of(session, head.id, now))
    candidacies.act(session, row.id, "nominate", by=by, now=now)
    assert row.state == CandidacyState.NOMINATED
