"""Reads for telling a section: how many of its people are late, and have notices but no mail."""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.notices.models import MailState, Notice
from app.people.permission.queries import is_here
from app.people.register.models import Appointment, Person
from app.training.reminders.queries import due_on, main_post_on, unfinished

#: What tells of other people's notices is no news to hand on.
NO_ADDRESS = "digest.no_address"
#: So far ahead a due date is near.
AHEAD = timedelta(days=7)


def late_or_near(session: Session, day: date) -> Counter[uuid.UUID]:
    """Return how many people of each section are late with something, or due within a week."""
    people = unfinished(day, due_on() < day + AHEAD).subquery()
    rows = session.execute(
        sa.select(people.c.section_id, sa.func.count(sa.distinct(people.c.person_id))).group_by(
            people.c.section_id
        )
    )
    return Counter({row[0]: row[1] for row in rows})


def without_mail(
    session: Session, since: datetime, until: datetime, day: date
) -> Counter[uuid.UUID]:
    """Return how many people of each section have no address and unread notices of a time.

    Those that came after `since`, up to `until`.
    """
    rows = session.execute(
        sa.select(Appointment.section_id, sa.func.count(sa.distinct(Notice.person_id)))
        .join(Person, Person.id == Notice.person_id)
        .join(Appointment, main_post_on(day, Person.id))
        .where(
            Notice.mail_error.is_not(None),  # the condition of the index
            Notice.mail_at > since,
            Notice.mail_at <= until,
            Notice.mail == MailState.NO_ADDRESS,
            Notice.read_at.is_(None),
            Notice.kind != NO_ADDRESS,
            Person.email.is_(None),
            Person.restricted_at.is_(None),
            is_here(day),
        )
        .group_by(Appointment.section_id)
    )
    return Counter({row[0]: row[1] for row in rows})
