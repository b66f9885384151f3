"""From what an identity provider vouches for to a sign-in.

The staff number alone is taken; nothing else that the provider tells is kept, and nobody is ever
registered by it. Failures are recorded by their reason, and what the provider sent is not.
"""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.kernel.audit import service as audit
from app.kernel.errors import Refused
from app.kernel.folding import code_key
from app.kernel.settings import Settings
from app.people.accounts import queries as holders
from app.people.federation.models import UsedAssertion
from app.people.sign_in import service as sign_in
from app.people.sign_in.models import SignIn

#: An assertion may say that it lives for years. Longer than this it is not remembered: what it
#: answers is forgotten within minutes, and so it opens nothing.
LONGEST = timedelta(days=1)


def admit(
    session: Session, number: str, now: datetime, settings: Settings, *, method: str
) -> SignIn | Refused:
    """Begin the sign-in of whoever has this staff number today.

    Returns Refused("number_unknown") as a value, for somebody who is not registered or serves no
    more: the audit's line must be committed all the same.
    """
    person_id = holders.person_by_number(session, code_key(number), now)
    if person_id is None:
        record_failure(session, now, method=method, reason="unknown")
        return Refused("number_unknown", number=number, reason="unknown")
    try:
        return sign_in.begin(session, person_id, now, settings, method=method)
    except Refused as refused:
        reason = str(refused.data["reason"])
        record_failure(session, now, method=method, reason=reason, person_id=person_id)
        return Refused("number_unknown", number=number, reason=reason)


def record_failure(
    session: Session,
    now: datetime,
    *,
    method: str,
    reason: str,
    person_id: uuid.UUID | None = None,
) -> None:
    """Leave a line in the audit: nobody came in, by which method, and why."""
    audit.record(
        session,
        "person.sign_in_failed",
        by=None,
        now=now,
        subject=("person", person_id),
        details={"method": method, "reason": reason},
    )


def use_once(session: Session, assertion_id: str, expires_at: datetime, now: datetime) -> None:
    """Take an assertion; raises Refused when it comes a second time.

    The expired are forgotten meanwhile: there are never more rows than people came in of late.
    """
    session.execute(sa.delete(UsedAssertion).where(UsedAssertion.expires_at <= now))
    first = sa.insert(UsedAssertion).values(
        digest=hashlib.sha256(assertion_id.encode()).hexdigest(),
        expires_at=min(expires_at, now + LONGEST),
    )
    try:
        with session.begin_nested():
            session.execute(first)
    except IntegrityError as error:
        raise Refused("provider_unusable", reason="replayed") from error
