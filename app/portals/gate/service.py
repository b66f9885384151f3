"""The gate: logins kept and used up once, and each launch noted with what came of it."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.db import new_id
from app.kernel.hashing import hashed
from app.kernel.plain import Plain
from app.kernel.system.service import IS_CHANGEABLE
from app.portals.gate.models import PortalLaunch, PortalLogin
from app.portals.gate.queries import ACCEPTED, PATIENCE
from app.portals.registrations.queries import Known, OpenPortal
from lti import login as lti_login
from lti.errors import LaunchRefused
from lti.login import Begun, Login

#: How long it is kept what came of a launch; of a portal that nobody knows, which is whoever likes.
KEPT: Final = timedelta(days=90)
KEPT_OF_STRANGERS: Final = timedelta(days=7)


@dataclass(frozen=True)
class Asked:
    """A login that was begun, and what the browser is given to keep."""

    begun: Begun
    portal: OpenPortal
    verifier: str


@dataclass(frozen=True)
class Came:
    """Somebody who came in, and from where."""

    portal_id: uuid.UUID
    deployment_id: str
    #: What the portal knows them by; empty for nobody's name.
    subject: str


def begin(
    session: Session,
    params: Mapping[str, str],
    *,
    launch_address: str,
    is_ours: Callable[[str], bool],
    of: OpenPortal | None,
    now: datetime,
) -> Asked:
    """Begin a login, and keep it in one row; `of` is the portal where the address names it.

    Raises LaunchRefused.
    """
    known = Known(session, now)
    begun = lti_login.begin(
        params,
        known,
        launch_address=launch_address,
        is_ours=is_ours,
        of=of.registration if of else None,
    )
    verifier = secrets.token_urlsafe(lti_login.CHANCE)
    session.add(
        PortalLogin(
            state_hash=hashed(begun.login.state),
            nonce=begun.login.nonce,
            portal_id=begun.registration.id,
            target=begun.login.target_link_uri,
            verifier_hash=hashed(verifier),
            storage_target=begun.storage_target[:255],
            created_at=now,
        )
    )
    return Asked(begun, of or known.portal(begun.registration.id), verifier)


_LOGIN = cast("sa.Table", PortalLogin.__table__)
_LAUNCH = cast("sa.Table", PortalLaunch.__table__)
#: What each launch does, made once.
_USE_UP = Plain(
    sa.update(_LOGIN)
    .where(
        _LOGIN.c.state_hash == sa.bindparam("state"),
        _LOGIN.c.verifier_hash == sa.bindparam("verifier"),
        _LOGIN.c.used_at.is_(None),
        _LOGIN.c.created_at > sa.bindparam("oldest"),
        IS_CHANGEABLE,
    )
    .values(used_at=sa.bindparam("now"))
    .returning(_LOGIN.c.nonce, _LOGIN.c.portal_id, _LOGIN.c.target)
)
_NOTE = Plain(sa.insert(_LAUNCH))


def use_up(session: Session, state: str, verifier: str, now: datetime) -> Login | None:
    """Return a login, used up by this one statement; None where it was not this browser's.

    None, too, while the system may only be read: nothing is used up then.
    """
    session.flush()
    row = _USE_UP.one(
        session,
        state=hashed(state),
        verifier=hashed(verifier),
        oldest=now - PATIENCE,
        now=now,
    )
    return None if row is None else Login(state, *row)


def answer_once(session: Session, state_hash: str, now: datetime) -> bool:
    """Whether the choice that a login was for has not gone back yet; it has from now on."""
    row = session.execute(
        sa.update(PortalLogin)
        .where(PortalLogin.state_hash == state_hash, PortalLogin.answered_at.is_(None))
        .values(answered_at=now)
        .returning(PortalLogin.portal_id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    return row is not None


def note(
    session: Session,
    step: str,
    came: Came,
    *,
    material_id: uuid.UUID | None,
    now: datetime,
    reference: str,
) -> str:
    """Keep that somebody came in: of them a hash, which differs by portal, and is returned."""
    who = _subject_hash(came.portal_id, came.subject)
    values = {
        "id": new_id(),
        "at": now,
        "portal_id": came.portal_id,
        "step": step,
        "code": ACCEPTED,
        "data": {},
        "deployment_id": came.deployment_id,
        "subject_hash": who,
        "material_id": material_id,
        "reference": reference,
    }
    _NOTE.rows(session, **values)
    return who


def note_refused(
    session: Session,
    step: str,
    refused: LaunchRefused,
    *,
    portal_id: uuid.UUID | None,
    issuer: str,
    now: datetime,
    reference: str,
) -> None:
    """Keep why somebody did not come in; of a portal that nobody knows what it calls itself."""
    data: dict[str, Any] = dict(refused.data)
    if portal_id is None and issuer:
        data["issuer"] = issuer[:255]
    session.add(
        PortalLaunch(
            at=now,
            portal_id=portal_id,
            step=step,
            code=refused.code,
            data=data,
            reference=reference,
        )
    )


def _subject_hash(portal_id: uuid.UUID, subject: str) -> str:
    """Return a short hash of whoever comes from a portal: the same for the same, and no name."""
    return hashed(f"{portal_id} {subject}")[:16] if subject else ""


def forget(session: Session, now: datetime) -> int:
    """Delete logins of yesterday and launches past their time; return how many."""
    gone = 0
    for query in (
        sa.delete(PortalLogin).where(PortalLogin.created_at < now - timedelta(days=1)),
        sa.delete(PortalLaunch).where(PortalLaunch.at < now - KEPT),
        sa.delete(PortalLaunch).where(
            PortalLaunch.portal_id.is_(None), PortalLaunch.at < now - KEPT_OF_STRANGERS
        ),
    ):
        gone += len(session.execute(query.returning(sa.literal(1))).all())
    return gone
