"""The lock after too many failures, the freeze by one click, and the end of open sign-ins.

A lock, a freeze and leaving end what is open; a role that is given or taken works at the next
request, since every request asks anew which roles are held.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.errors import Refused
from app.kernel.settings import Settings
from app.people.accounts.models import Account
from app.people.permission import access as permission
from app.people.sign_in.models import SignIn


def locked_row(session: Session, person_id: uuid.UUID) -> Account:
    """Return somebody's account, made where there is none, with its row locked.

    So guesses side by side are counted one by one, and so are sign-ins.
    """
    row = session.get(Account, person_id, with_for_update=True, populate_existing=True)
    if row is None:
        try:
            with session.begin_nested():
                row = Account(person_id=person_id, failures=0)
                session.add(row)
        except sa.exc.IntegrityError:  # another request of the same moment has made it
            row = session.get_one(Account, person_id, with_for_update=True, populate_existing=True)
    return row


def is_locked(account: Account, now: datetime) -> bool:
    """Whether no password and no code is accepted now."""
    return account.locked_until is not None and account.locked_until > now


def count_failure(session: Session, account: Account, now: datetime, settings: Settings) -> None:
    """Count a wrong password or code; the last one allowed locks, and ends what is open."""
    account.failures += 1
    if account.failures >= settings.password_attempts:
        account.failures = 0
        account.locked_until = now + timedelta(minutes=settings.lock_minutes)
        end_sign_ins(session, [account.person_id], now)
        _record(session, "person.locked", account.person_id, now, None)


def forget_failures(account: Account) -> None:
    """Begin to count anew, after a right one."""
    account.failures, account.locked_until = 0, None


def freeze(session: Session, person_id: uuid.UUID, *, by: Actor, now: datetime) -> None:
    """Close an account at once: what is open ends, and nothing lets the person in any more.

    Raises Forbidden where the person holds a role above the actor's, and Refused("own_account").
    """
    permission.check_may_govern(session, [person_id], by, now)
    if person_id == by.person_id:
        raise Refused("own_account")
    account = locked_row(session, person_id)
    if account.frozen_at is None:
        account.frozen_at, account.frozen_by = now, by.person_id
        _record(session, "person.frozen", person_id, now, by)
    end_sign_ins(session, [person_id], now)


def thaw(session: Session, person_id: uuid.UUID, *, by: Actor, now: datetime) -> None:
    """Open a frozen account again; the password and the second factor are what they were."""
    permission.check_may_govern(session, [person_id], by, now)
    account = locked_row(session, person_id)
    if account.frozen_at is not None:
        account.frozen_at = account.frozen_by = None
        _record(session, "person.thawed", person_id, now, by)


def end_sign_ins(
    session: Session,
    person_ids: Collection[uuid.UUID],
    now: datetime,
    keep: uuid.UUID | None = None,
) -> None:
    """End every open sign-in of these people, but for the one to keep."""
    ending = sa.update(SignIn).where(SignIn.person_id.in_(person_ids), SignIn.ended_at.is_(None))
    if keep:
        ending = ending.where(SignIn.id != keep)
    session.execute(ending.values(ended_at=now))


def _record(
    session: Session, action: str, person_id: uuid.UUID, now: datetime, by: Actor | None
) -> None:
    audit.record(
        session,
        action,
        by=by.person_id if by else None,
        now=now,
        subject=("person", person_id),
    )
