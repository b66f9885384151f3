"""Telling sections: the week's summary on Mondays, and each day who has notices but no mail."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.open_days import OpenDays
from app.people.heads.queries import near_to
from app.people.permission.models import Role
from app.training.digests import queries
from app.training.notifying.queries import counted
from app.training.notifying.service import say
from app.training.reminders import queries as reminders
from app.training.reminders.service import alone
from app.training.telling import queries as telling

MONDAY = 0
#: Where the notices of those without an address are read.
PATH = "/sections/notices"


def tell_week(session: Session, days: OpenDays, now: datetime) -> int:
    """On Mondays, tell heads and coordinators how many of theirs are late or near; to how many.

    Where nobody is, nothing is said.
    """
    today = clock.today(now)
    monday = next((day for day in days.standing_for(today) if day.weekday() == MONDAY), None)
    if monday is None:
        return 0
    alone(session)
    counts = queries.late_or_near(session, today)
    around = telling.near(session, list(counts), now) if counts else {}
    told = 0
    for count, people in counted(around, counts).items():
        dedupe = f"summary.weekly:{monday}"
        told += say(
            session, people, "summary.weekly", {"count": count}, "/", dedupe=dedupe, now=now
        )
    return told


def tell_without_mail(session: Session, days: OpenDays, now: datetime) -> int:
    """Tell a section's coordinator how many people without mail have new notices; to how many.

    Where there is no coordinator, the head. New is what came since the last day's telling.
    """
    alone(session)
    today = clock.today(now)
    since = reminders.last_told(session) or clock.start_of(days.before(today))
    counts = queries.without_mail(session, since, now, today)
    around = near_to(session, list(counts), Role.COORDINATOR, now) if counts else {}
    left = [section_id for section_id in counts if section_id not in around]
    around |= near_to(session, left, Role.HEAD, now) if left else {}
    told = 0
    for count, people in counted(around, counts).items():
        dedupe = f"{queries.NO_ADDRESS}:{today}"
        told += say(
            session, people, queries.NO_ADDRESS, {"count": count}, PATH, dedupe=dedupe, now=now
        )
    return told
