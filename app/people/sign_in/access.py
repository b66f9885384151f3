"""From a cookie to the person who acts: Flask-Login's user, loaded once a request.

Each request asks anew: whether the sign-in is open, which roles are held today and from here, and
what has still to be done in it. So nothing that was taken away outlives the request under way.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import flask
import flask_login
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import networks
from app.kernel.actor import Actor, Step
from app.kernel.audit.service import origin
from app.kernel.settings import Settings
from app.kernel.web import routing
from app.kernel.web.rules import actor as present_actor
from app.people.accounts import queries as holders
from app.people.accounts.models import Account
from app.people.permission import access as roles
from app.people.permission import queries as permission
from app.people.permission.models import Role
from app.people.purposes import queries as purposes
from app.people.second_factor.models import SecondFactor
from app.people.sign_in import service
from app.people.sign_in.models import Credential, SignIn

#: When the cookie was last seen, in the cookie itself.
SEEN = "seen"
#: The page that was asked for before the sign-in, until its steps are done.
WANTED = "wanted"
#: That several people share this browser: it stays in the cookie after the sign-in has ended.
SHARED = "shared"
HOME = "/"

#: Asks a wing above when somebody was last active elsewhere: in the player.
LastActivity = Callable[[Session, uuid.UUID], datetime | None]


class User(flask_login.UserMixin):  # type: ignore[misc] # Flask-Login has no types
    """What Flask-Login keeps: the sign-in's key, and the person behind it."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.id = str(actor.sign_in_id)


@dataclass(frozen=True)
class Opened:
    """A sign-in that is open, and who acts by it wherever the request comes from."""

    actor: Actor
    created_at: datetime
    has_given_factor: bool


#: Built once: every request asks it, and to build it takes longer than to ask.
_ROW = (
    sa.select(
        SignIn.person_id,
        SignIn.method,
        SignIn.is_shared,
        SignIn.created_at,
        SignIn.second_factor_at.is_not(None).label("has_given_factor"),
        SecondFactor.secret.is_not(None).label("has_factor"),
        sa.func.coalesce(Credential.must_change, sa.false()).label("must_change"),
        purposes.is_confirmed(SignIn.person_id).label("is_confirmed"),
    )
    .outerjoin(Credential, Credential.person_id == SignIn.person_id)
    .outerjoin(SecondFactor, SecondFactor.person_id == SignIn.person_id)
    .outerjoin(Account, Account.person_id == SignIn.person_id)
    .where(
        SignIn.id == sa.bindparam("sign_in"),
        SignIn.ended_at.is_(None),
        Account.frozen_at.is_(None),
    )
)


def opened(session: Session, sign_in_id: uuid.UUID, now: datetime) -> Opened | None:
    """Return a sign-in with its person and the roles of today; None once it has ended.

    It has ended too where the person serves no more or the account is frozen.
    """
    row = _row_of(session, sign_in_id)
    holder = holders.holder_of(session, row.person_id, now) if row else None
    if row is None or holder is None:
        return None
    grants = permission.grants_of(session, row.person_id, now)
    if holder.is_operator:
        grants = tuple(grant for grant in grants if grant.role != Role.LEARNER)
    waiting = {
        Step.PASSWORD: row.method == service.PASSWORD and row.must_change,
        Step.SECOND_FACTOR: row.has_factor and not row.has_given_factor,
        Step.PURPOSE: not row.is_confirmed,
    }
    actor = Actor(
        person_id=row.person_id,
        name=holder.name,
        section=holder.section,
        grants=grants,
        sign_in_id=sign_in_id,
        steps=tuple(step for step in Step if waiting[step]),
        is_shared=row.is_shared,
        operator=holder.number if holder.is_operator else "",
    )
    return Opened(actor, row.created_at, row.has_given_factor)


def _row_of(session: Session, sign_in_id: uuid.UUID) -> Any:
    """Return what the database has of an open sign-in: one statement."""
    return session.execute(_ROW, {"sign_in": sign_in_id}).one_or_none()


def actor_of(session: Session, sign_in_id: uuid.UUID, now: datetime) -> Actor | None:
    """Return who a sign-in belongs to, with the roles of today; None once it has ended."""
    found = opened(session, sign_in_id, now)
    return found.actor if found else None


def from_here(found: Opened, settings: Settings, address: str) -> Actor:
    """Return the actor as a request from an address may act.

    Roles that are bound to other networks are withheld; what is left decides whether the second
    factor has to be given first.
    """
    bound = networks.parse_by_role(settings.role_networks)
    withheld = frozenset(
        role
        for role in found.actor.roles & bound.keys()
        if not networks.contain(bound[role], address)
    )
    grants = tuple(grant for grant in found.actor.grants if grant.role not in withheld)
    actor = replace(found.actor, grants=grants, withheld=withheld)
    needed = actor.roles.intersection(settings.second_factor_roles.split())
    if not needed or found.has_given_factor:
        return actor
    waiting = {*actor.steps, Step.SECOND_FACTOR}
    return replace(actor, steps=tuple(step for step in Step if step in waiting))


def is_over(
    session: Session,
    found: Opened,
    seen_at: datetime,
    now: datetime,
    settings: Settings,
    last_activity: LastActivity,
) -> bool:
    """Whether a sign-in has lasted too long, or nothing was heard of the person for too long.

    A learner who is busy in the player is heard of there; whoever holds a granted role is not.
    """
    if now - found.created_at >= timedelta(hours=settings.sign_in_hours):
        return True
    is_learner = found.actor.roles == {Role.LEARNER}
    minutes = settings.idle_minutes_learner if is_learner else settings.idle_minutes
    if found.actor.is_shared:
        minutes = min(minutes, settings.idle_minutes_shared)
    longest = timedelta(minutes=minutes)
    if now - seen_at <= longest:
        return False
    active_at = last_activity(session, found.actor.known_id) if is_learner else None
    return active_at is None or now - active_at > longest


def install(
    app: flask.Flask, settings: Settings, last_activity: LastActivity = lambda *_: None
) -> None:
    """Load the actor from the cookie. Raises SettingsError for a role that there is not."""
    roles.check_settings(settings)
    manager = flask_login.LoginManager(app)
    manager.session_protection = None  # it would tie a sign-in to an address that proxies change

    def find(session: Session, sign_in_id: uuid.UUID) -> Actor | None:
        now = routing.now()
        found = opened(session, sign_in_id, now)
        seen_at = datetime.fromtimestamp(flask.session.get(SEEN, 0), UTC)
        if not found or is_over(session, found, seen_at, now, settings, last_activity):
            return None
        flask.session[SEEN] = int(now.timestamp())
        return from_here(found, settings, flask.request.remote_addr or "")

    @manager.user_loader  # type: ignore[untyped-decorator]
    def load(key: str) -> User | None:
        if "session" in flask.g:
            actor = find(routing.session(), uuid.UUID(key))
        else:
            with routing.database().reading() as session:  # before any route began, or after it
                actor = find(session, uuid.UUID(key))
        if actor is None:
            return None
        origin.set(replace(origin.get(), operator=actor.operator))
        return User(actor)


def is_shared_terminal() -> bool:
    """Whether the request comes from a terminal that the settings know to be shared."""
    settings = routing.settings()
    shared = networks.parse(settings.shared_networks)
    return networks.contain(shared, flask.request.remote_addr or "")


def enter(row: SignIn, address: str) -> flask.Response:
    """Have the browser carry a new sign-in, and lead to the page that was wanted (a path of ours).

    Whatever session there was ends: nothing of it, nor its cookie, is carried over.
    """
    session, now = routing.session(), routing.now()
    if present_actor().is_signed_in:
        service.sign_out(session, present_actor(), now)
    found = opened(session, row.id, now)
    if found is None:
        raise LookupError("the sign-in that was just made opens nothing")
    flask.session.clear()
    here = flask.request.remote_addr or ""
    flask_login.login_user(User(from_here(found, routing.settings(), here)))
    flask.session[SEEN] = int(now.timestamp())
    flask.session[WANTED] = address
    if row.is_shared:
        flask.session[SHARED] = True
    return onward()


def wanted() -> str:
    """Return the page that was asked for before the sign-in."""
    return str(flask.session.get(WANTED, HOME))


def onward(done: Step | None = None) -> flask.Response:
    """Lead to the next step of the sign-in, and once none is left to the page that was wanted."""
    address = wanted()
    if present_actor().steps in ((), (done,)):
        flask.session.pop(WANTED, None)
    return flask.make_response(flask.redirect(address, 303))
