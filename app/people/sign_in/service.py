"""Signing in: trying a password, opening a sign-in whoever proved it, ending it; first passwords.

Why a sign-in failed stands in the audit and nowhere else. The slow part, hashing, comes before the
short part that writes: `check` and then `sign_in`, `make_passwords` and then `issue_passwords`.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import hashing
from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.errors import Refused
from app.kernel.folding import code_key
from app.kernel.settings import Settings
from app.people.accounts import queries as holders
from app.people.accounts import service as accounts
from app.people.accounts.models import Account
from app.people.passwords import service as passwords
from app.people.permission import access as permission
from app.people.permission import queries as roles
from app.people.register import queries as register
from app.people.register.queries import Post
from app.people.sign_in.models import Credential, SignIn

#: The way in by a password of ours; the others are those of single sign-on.
PASSWORD = "password"  # noqa: S105 - a method's name
#: Letters and digits that are not taken for one another on paper.
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True)
class Checked:
    """What a number and a password came to; nothing is decided by it yet."""

    person_id: uuid.UUID | None
    #: What the password was tried on; "" where there is none.
    password_hash: str
    is_right: bool


@dataclass(frozen=True)
class Made:
    """A password that was made here, and its hash."""

    password: str
    password_hash: str


def check(session: Session, number: str, password: str, now: datetime) -> Checked:
    """Try a staff number and a password, after the same work whatever they are; writes nothing."""
    person_id = holders.person_by_number(session, code_key(number), now)
    credential = session.get(Credential, person_id) if person_id else None
    kept = credential.password_hash if credential else ""
    return Checked(person_id, kept, hashing.matches(kept, password))


def sign_in(
    session: Session,
    checked: Checked,
    now: datetime,
    settings: Settings,
    *,
    is_shared: bool = False,
) -> SignIn | Refused:
    """Open a sign-in for what was checked, or count the failure.

    Returns the new sign-in, or Refused("sign_in_refused") as a value: the count of failures and the
    audit's line must be committed all the same. Unknown, wrong, locked, frozen and left answer
    alike.
    """
    person_id = checked.person_id
    account = accounts.locked_row(session, person_id) if person_id else None
    reason = _why_not(session, account, checked, now, settings)
    if account is None or reason:
        if account and reason == "wrong":
            accounts.count_failure(session, account, now, settings)
        record_failure(session, person_id, now, reason or "unknown")
        return Refused("sign_in_refused")
    accounts.forget_failures(account)
    return begin(session, account.person_id, now, settings, method=PASSWORD, is_shared=is_shared)


def begin(
    session: Session,
    person_id: uuid.UUID,
    now: datetime,
    settings: Settings,
    *,
    method: str,
    is_shared: bool = False,
) -> SignIn:
    """Open a sign-in for a person who was proved by a `method`: password, oidc or saml.

    The oldest beyond the limit of parallel sign-ins end. Who comes by single sign-on has no
    password of ours any more, but for those who must get in when it is down. Raises
    Refused("account_closed") for who serves no more and for a frozen account, before it writes; its
    `reason`, for the audit alone, is "left" or "frozen".
    """
    account = accounts.locked_row(session, person_id)
    holder = holders.holder_of(session, person_id, now)
    if holder is None or account.frozen_at is not None:
        raise Refused("account_closed", reason="frozen" if holder else "left")
    keeps = method == PASSWORD or _is_excepted(session, person_id, now, settings)
    if not keeps and passwords.drop(session, person_id):
        _record(session, "person.password_withdrawn", person_id, now, person_id)
    row = SignIn(person_id=person_id, method=method, is_shared=is_shared, created_at=now)
    session.add(row)
    session.flush()
    details: dict[str, object] = {"method": method, "shared": is_shared}
    if holder.is_operator:
        details["operator"] = holder.number
    _record(session, "person.signed_in", person_id, now, person_id, details)
    _end_the_oldest(session, person_id, now, settings)
    return row


def _end_the_oldest(
    session: Session, person_id: uuid.UUID, now: datetime, settings: Settings
) -> None:
    opened = holders.open_sign_ins(session, person_id, now, settings)
    beyond = [each.id for each in opened[settings.parallel_sign_ins :]]
    if beyond:
        session.execute(sa.update(SignIn).where(SignIn.id.in_(beyond)).values(ended_at=now))
        details = {"count": len(beyond), "most": settings.parallel_sign_ins}
        _record(session, "person.sign_ins_displaced", person_id, now, person_id, details)


def may_use_password(
    session: Session, person_id: uuid.UUID, now: datetime, settings: Settings
) -> bool:
    """Whether a password of ours lets the person in: not where single sign-on alone does."""
    return not settings.sso_only or _is_excepted(session, person_id, now, settings)


def _is_excepted(session: Session, person_id: uuid.UUID, now: datetime, settings: Settings) -> bool:
    """Whether the person keeps a password beside single sign-on.

    Operators have no account at the organisation, and a few roles must get in when it is down.
    """
    holder = holders.holder_of(session, person_id, now)
    held = {grant.role for grant in roles.grants_of(session, person_id, now)}
    excepted = held.intersection(settings.break_glass_roles.split())
    return bool(excepted or (holder and holder.is_operator))


def _why_not(
    session: Session, account: Account | None, checked: Checked, now: datetime, settings: Settings
) -> str | None:
    """Return the reason, for the audit alone, why nobody is let in; None where somebody is."""
    if account is None:
        return "unknown"
    person_id = account.person_id
    credential = session.get(Credential, person_id, populate_existing=True)
    is_same = credential is not None and credential.password_hash == checked.password_hash
    reasons = {
        "no_password": not checked.password_hash,
        "locked": accounts.is_locked(account, now),
        "left": holders.holder_of(session, person_id, now) is None,
        "frozen": account.frozen_at is not None,
        "sso_only": not may_use_password(session, person_id, now, settings),
        "wrong": not (is_same and checked.is_right),
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


def sign_out(session: Session, by: Actor, now: datetime) -> None:
    """End the sign-in that the actor came by: its cookie opens nothing any more."""
    row = session.get_one(SignIn, by.sign_in_id)
    row.ended_at = row.ended_at or now
    _record(session, "person.signed_out", by.known_id, now, by.person_id)


def make_passwords(count: int) -> list[Made]:
    """Return so many new passwords with their hashes: the slow part of issuing them."""
    made = (new_password() for _ in range(count))
    return [Made(password, hashing.of_issued(password)) for password in made]


def issue_passwords(
    session: Session,
    person_ids: Collection[uuid.UUID],
    by: Actor,
    now: datetime,
    made: Sequence[Made] = (),
) -> list[tuple[Post, str]]:
    """Give people new passwords that they must change, and end their open sign-ins.

    Returns them in the register's order, in clear: this is the only time they exist so. Who does
    not serve today gets none. `made` were made before; where they are too few, more are made now.
    Raises Forbidden where somebody holds a role above the actor's.
    """
    permission.check_may_govern(session, person_ids, by, now)
    posts = register.posts_of(session, person_ids, now)
    ready = [*made, *make_passwords(len(posts) - len(made))]
    given = dict(zip((post.person_id for post in posts), ready, strict=False))
    _give(session, given, by, now)
    accounts.end_sign_ins(session, person_ids, now)
    return [(post, given[post.person_id].password) for post in posts]


def issue_operators(session: Session, person_id: uuid.UUID, by: Actor, now: datetime) -> str:
    """Give an operator a password that must be changed, and return it."""
    [made] = make_passwords(1)
    _give(session, {person_id: made}, by, now)
    accounts.end_sign_ins(session, [person_id], now)
    return made.password


def _give(session: Session, given: dict[uuid.UUID, Made], by: Actor, now: datetime) -> None:
    query = sa.select(Credential).where(Credential.person_id.in_(given)).with_for_update()
    kept = {row.person_id: row for row in session.scalars(query)}
    for person_id, made in given.items():
        row = kept.get(person_id) or Credential(person_id=person_id)
        if person_id in kept:
            passwords.keep_former(session, row, now)
        row.password_hash, row.must_change, row.changed_at = made.password_hash, True, now
        session.add(row)
        _record(session, "person.password_issued", person_id, now, by.person_id)
    session.execute(
        sa.update(Account).where(Account.person_id.in_(given)).values(failures=0, locked_until=None)
    )


def new_password() -> str:
    """Return a password of 16 characters in four groups, easy to read off paper."""
    groups = ("".join(secrets.choice(READABLE) for _ in range(4)) for _ in range(4))
    return "-".join(groups)


def record_failure(
    session: Session, person_id: uuid.UUID | None, now: datetime, reason: str
) -> None:
    """Write down that somebody was not let in, and why."""
    _record(session, "person.sign_in_failed", person_id, now, None, {"reason": reason})


def _record(
    session: Session,
    action: str,
    person_id: uuid.UUID | None,
    now: datetime,
    by: uuid.UUID | None,
    details: Mapping[str, object] | None = None,
) -> None:
    audit.record(session, action, by=by, now=now, subject=("person", person_id), details=details)
