"""Passwords: trying one, changing one's own, issuing first ones; and ending sign-ins.

Only the argon2id hash is kept. Why a sign-in failed stands in the audit and nowhere else.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from functools import cache

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy.orm import Session

from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.errors import Refused
from app.kernel.folding import code_key
from app.kernel.settings import Settings
from app.people.permission import access as permission
from app.people.register import queries as register
from app.people.register.queries import Post
from app.people.sign_in.models import Credential, SignIn

#: Shortest password that people may choose.
LEAST = 12
#: Longest that is looked at: argon2id takes any, a line of a form need not.
MOST = 200
#: Letters and digits that are not taken for one another on paper.
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"

#: For passwords that people choose: OWASP's least for argon2id, 19 MiB and two rounds.
_chosen = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
#: For those made here: 79 random bits need no slow hash, and a whole ward's are made at once.
_issued = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)


def sign_in(
    session: Session, number: str, password: str, now: datetime, settings: Settings
) -> SignIn | Refused:
    """Try a staff number and a password.

    Returns the new sign-in, or Refused("sign_in_refused") as a value: the count of failures and the
    audit's line must be committed all the same. Unknown, wrong, locked and left answer alike, and
    after the same work.
    """
    person_id = register.person_by_number(session, code_key(number), now)
    credential = _credential(session, person_id) if person_id else None
    is_right = _matches(credential, password)
    reason = _why_not(session, person_id, credential, now, is_right=is_right)
    if person_id is None or credential is None or reason:
        if credential and reason == "wrong":
            _count_failure(credential, now, settings)
        _record(session, "person.sign_in_failed", person_id, now, by=None, reason=reason)
        return Refused("sign_in_refused")
    credential.failures = 0
    credential.locked_until = None
    return begin(session, person_id, now, settings, method="password")


def begin(
    session: Session,
    person_id: uuid.UUID,
    now: datetime,
    settings: Settings,  # noqa: ARG001 - a limit of open sign-ins would be one of them
    *,
    method: str,
    is_shared: bool = False,  # noqa: ARG001 - as above
) -> SignIn:
    """Open a sign-in for somebody whose identity is proved, by `method`."""
    row = SignIn(person_id=person_id, created_at=now)
    session.add(row)
    session.flush()
    subject = ("person", person_id)
    details = {"method": method}
    audit.record(
        session, "person.signed_in", by=person_id, now=now, subject=subject, details=details
    )
    return row


def sign_out(session: Session, by: Actor, now: datetime) -> None:
    """End the sign-in that the actor came by: its cookie opens nothing any more."""
    row = session.get_one(SignIn, by.sign_in_id)
    row.ended_at = row.ended_at or now
    _record(session, "person.signed_out", by.person_id, now, by=by.person_id)


def change_password(
    session: Session, by: Actor, present: str, new: str, now: datetime, settings: Settings
) -> Refused | None:
    """Set one's own password and end one's other sign-ins.

    Returns Refused as a value, since a wrong present password counts as a failure: code
    "password_wrong" (also while locked), "password_short", "password_long", "password_is_number" or
    "password_same". Raises Refused("password_none") for whoever has none.
    """
    credential = _credential(session, by.known_id)
    if credential is None:
        raise Refused("password_none")
    is_right = _matches(credential, present)
    if reason := _why_not(session, by.known_id, credential, now, is_right=is_right):
        if reason == "wrong":
            _count_failure(credential, now, settings)
        _record(session, "person.sign_in_failed", by.known_id, now, by=by.person_id, reason=reason)
        return Refused("password_wrong")
    post = register.post_of(session, by.known_id, now)
    if refused := _fault_of(new, present, post.number if post else ""):
        return refused
    credential.password_hash = _chosen.hash(new)
    credential.must_change = False
    credential.failures = 0
    credential.changed_at = now
    end_sign_ins(session, [by.known_id], now, keep=by.sign_in_id)
    _record(session, "person.password_changed", by.known_id, now, by=by.person_id)
    return None


def issue_passwords(
    session: Session, person_ids: Collection[uuid.UUID], by: Actor, now: datetime
) -> list[tuple[Post, str]]:
    """Give people new passwords that they must change, and end their open sign-ins.

    Returns them in the register's order, in clear: this is the only time they exist so. Who does
    not serve today gets none. Raises Forbidden where somebody holds a role above the actor's.
    """
    permission.check_may_govern(session, person_ids, by, now)
    posts = register.posts_of(session, person_ids, now)
    kept = {
        row.person_id: row
        for row in session.scalars(
            sa.select(Credential).where(Credential.person_id.in_(person_ids)).with_for_update()
        )
    }
    issued = []
    for post in posts:
        password = new_password()
        row = kept.get(post.person_id) or Credential(person_id=post.person_id)
        row.password_hash = _issued.hash(password)
        row.must_change, row.failures, row.locked_until, row.changed_at = True, 0, None, now
        session.add(row)
        issued.append((post, password))
    lines = [(("person", post.person_id), None) for post, _ in issued]
    audit.record_many(session, "person.password_issued", lines, by=by.person_id, now=now)
    end_sign_ins(session, person_ids, now)
    return issued


def withdraw_password(session: Session, person_id: uuid.UUID, now: datetime) -> None:
    """Leave somebody without a password, where there is one."""
    credential = _credential(session, person_id)
    if credential is not None:
        session.delete(credential)
        _record(session, "person.password_withdrawn", person_id, now, by=person_id)


def new_password() -> str:
    """Return a password of 16 characters in four groups, easy to read off paper."""
    groups = ("".join(secrets.choice(READABLE) for _ in range(4)) for _ in range(4))
    return "-".join(groups)


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


def _credential(session: Session, person_id: uuid.UUID) -> Credential | None:
    """Return the row locked, so that guesses side by side are counted one by one."""
    return session.get(Credential, person_id, with_for_update=True, populate_existing=True)


@cache
def _nobodys() -> str:
    """Return the hash that an unknown person's password is tried on: the work is the same."""
    return _chosen.hash(secrets.token_urlsafe())


def _matches(credential: Credential | None, password: str) -> bool:
    kept = credential.password_hash if credential else ""
    is_issued = kept.startswith("$argon2id$") and _chosen.check_needs_rehash(kept)
    is_right = _verifies(kept, password[:MOST]) if kept else False
    if not kept or is_issued:
        _verifies(_nobodys(), password[:MOST])
    return is_right


def _verifies(kept: str, password: str) -> bool:
    try:
        return _chosen.verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False


def _why_not(
    session: Session,
    person_id: uuid.UUID | None,
    credential: Credential | None,
    now: datetime,
    *,
    is_right: bool,
) -> str | None:
    """Return the reason, for the audit alone, why nobody is let in; None where somebody is."""
    if person_id is None:
        return "unknown"
    if credential is None:
        return "no_password"
    if credential.locked_until and credential.locked_until > now:
        return "locked"
    if register.post_of(session, person_id, now) is None:
        return "left"
    return None if is_right else "wrong"


def _count_failure(credential: Credential, now: datetime, settings: Settings) -> None:
    credential.failures += 1
    if credential.failures >= settings.password_attempts:
        credential.failures = 0
        credential.locked_until = now + timedelta(minutes=settings.lock_minutes)


def _fault_of(new: str, present: str, number: str) -> Refused | None:
    if len(new) < LEAST:
        return Refused("password_short", least=LEAST)
    if len(new) > MOST:
        return Refused("password_long", most=MOST)
    if number and not new.replace(number, ""):
        return Refused("password_is_number")
    if new == present:
        return Refused("password_same")
    return None


def _record(
    session: Session,
    action: str,
    person_id: uuid.UUID | None,
    now: datetime,
    *,
    by: uuid.UUID | None,
    reason: str | None = None,
) -> None:
    details = {"reason": reason} if reason else {}
    audit.record(session, action, by=by, now=now, subject=("person", person_id), details=details)
