"""Telling people on the day before; where that is a closed day, on the last open one before it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.open_days import DAY, OpenDays
from app.training.notifying.queries import counted
from app.training.notifying.service import say
from app.training.reminders.service import alone
from app.training.telling import queries as telling
from app.training.telling import text
from app.training.tomorrow import queries


def _near(days: OpenDays, now: datetime) -> list[date]:
    """Return the days of which today is the day before."""
    return [day + DAY for day in days.standing_for(clock.today(now))]


def tell_sessions(session: Session, days: OpenDays, now: datetime) -> int:
    """Tell those who have a seat when and where they are expected; return how many were told."""
    alone(session)
    told = 0
    for sitting in queries.first_sittings(session, _near(days, now)):
        matter = telling.of_run(session, sitting.run_id)
        begins = sitting.starts_at.astimezone(clock.JST)
        day = begins.date().isoformat()
        data = {
            "title": matter.title,
            "run": matter.held.number,
            "session_on": day,
            "starts": f"{begins.hour}:{begins:%M}",
            "place": sitting.place or sitting.online_url,
        }
        told += say(
            session,
            queries.coming(session, sitting),
            "session.tomorrow",
            data,
            "/",
            dedupe=f"session.tomorrow:{sitting.run_id}:{day}",
            now=now,
        )
    return told


def tell_limits(session: Session, days: OpenDays, now: datetime) -> int:
    """Tell those who have something to say before it is too late; return how many were told.

    Sections on whose word people wait, and people who are asked to apply and have not.
    """
    alone(session)
    near = _near(days, now)
    return _tell_sections(session, near, now) + _tell_learners(session, near, now)


def _tell_sections(session: Session, near: list[date], now: datetime) -> int:
    limits = [
        (limit, counts)
        for limit in queries.head_limits(session, near)
        if (counts := queries.undecided(session, limit.offering_id))
    ]
    sections = {section_id for _, counts in limits for section_id in counts}
    around = telling.near(session, sections, now) if sections else {}
    told = 0
    for limit, counts in limits:
        matter = telling.of_offering(session, limit.offering_id)
        said = {"title": matter.title, "until": text.until(limit.until)}
        dedupe = f"candidacy.closing:{limit.offering_id}:{limit.day}"
        for count, people in counted(around, counts).items():
            data = {**said, "count": count}
            told += say(
                session, people, "candidacy.closing", data, "/approvals", dedupe=dedupe, now=now
            )
    return told


def _tell_learners(session: Session, near: list[date], now: datetime) -> int:
    told = 0
    for limit in queries.learner_limits(session, near):
        matter = telling.of_offering(session, limit.offering_id)
        told += say(
            session,
            queries.silent(session, limit.offering_id, clock.today(now)),
            "apply.closing",
            {"title": matter.title, "until": text.until(limit.until)},
            f"/courses/{limit.offering_id}",
            dedupe=f"apply.closing:{limit.offering_id}:{limit.day}",
            now=now,
        )
    return told
