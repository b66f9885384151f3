"""From a cookie to the person who acts: Flask-Login's user, loaded once a request."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import flask
import flask_login
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.actor import Actor
from app.kernel.settings import Settings
from app.kernel.web import routing
from app.people.permission import queries as permission
from app.people.register import queries as register
from app.people.sign_in.models import Credential, SignIn

SEEN = "seen"


class User(flask_login.UserMixin):  # type: ignore[misc] # Flask-Login has no types
    """What Flask-Login keeps: the sign-in's key, and the person behind it."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.id = str(actor.sign_in_id)


def actor_of(session: Session, sign_in_id: uuid.UUID, now: datetime) -> Actor | None:
    """Return who a sign-in belongs to, with the roles of today; None once it has ended.

    Whoever came by the organisation's own account need not have a password.
    """
    row = session.execute(
        sa.select(SignIn.person_id, Credential.must_change)
        .outerjoin(Credential, Credential.person_id == SignIn.person_id)
        .where(SignIn.id == sign_in_id, SignIn.ended_at.is_(None))
    ).one_or_none()
    post = register.post_of(session, row.person_id, now) if row else None
    if row is None or post is None:
        return None
    return Actor(
        person_id=row.person_id,
        name=post.name,
        section=post.section,
        grants=permission.grants_of(session, row.person_id, now),
        sign_in_id=sign_in_id,
        must_change_password=bool(row.must_change),
    )


def install(app: flask.Flask, settings: Settings) -> None:
    """Load the actor from the cookie; end what has been idle for too long."""
    manager = flask_login.LoginManager(app)
    manager.session_protection = None  # it would tie a sign-in to an address that proxies change
    longest = timedelta(minutes=settings.idle_minutes).total_seconds()

    @manager.user_loader  # type: ignore[untyped-decorator]
    def load(key: str) -> User | None:
        moment = routing.now().timestamp()
        if moment - flask.session.get(SEEN, 0) > longest:
            return None
        flask.session[SEEN] = int(moment)
        actor = _loaded(uuid.UUID(key))
        return User(actor) if actor else None


def _loaded(sign_in_id: uuid.UUID) -> Actor | None:
    if "session" in flask.g:
        return actor_of(routing.session(), sign_in_id, routing.now())
    with routing.database().reading() as session:  # an error's page, before any route began
        return actor_of(session, sign_in_id, routing.now())
