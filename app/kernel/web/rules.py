"""Who may use a route: every route declares one rule, and a test walks them all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import flask
from flask_login import current_user

from app.kernel.actor import ANONYMOUS, Actor, Step
from app.kernel.errors import Forbidden, KenshuError


class SignInNeededError(KenshuError):
    """Nobody is signed in, or the sign-in has ended: the page asks for it and comes back."""

    status = 401

    def __init__(self) -> None:
        super().__init__("sign_in_needed")


class StepNeededError(KenshuError):
    """Something has to be done in this sign-in before anything else is open."""

    status = 403

    def __init__(self, step: Step) -> None:
        super().__init__("step_needed", step=step)
        self.step = step


@dataclass(frozen=True)
class Rule:
    """A route's rule: its name, and a check that raises what the edge makes a page of."""

    name: str
    check: Callable[[], None]


def actor() -> Actor:
    """Return who is signed in, or ANONYMOUS (Flask-Login's user, typed once)."""
    user = current_user._get_current_object()  # noqa: SLF001 - Flask-Login's proxy has no other way
    found: Actor = getattr(user, "actor", ANONYMOUS)
    return found


def _identified() -> None:
    if not actor().is_signed_in:
        raise SignInNeededError


def _signed_in() -> None:
    _identified()
    if actor().steps:
        raise StepNeededError(actor().steps[0])


def at(step: Step) -> Rule:
    """Return the rule of a step's own pages: open while it is the next one, and with none left."""

    def check() -> None:
        _identified()
        if actor().steps[:1] not in ((), (step,)):
            raise StepNeededError(actor().steps[0])

    return Rule(f"step:{step}", check)


def having(*roles: str) -> Rule:
    """Return the rule that asks for one of these roles, whatever its scope."""

    def check() -> None:
        _signed_in()
        if not actor().roles.intersection(roles):
            withheld = actor().withheld.intersection(roles)
            raise Forbidden("role_withheld" if withheld else "role_needed", path=flask.request.path)

    return Rule("role:" + "|".join(roles), check)


#: Anyone, signed in or not.
PUBLIC = Rule("public", lambda: None)
#: Whoever is signed in, whatever is still to be done: signing out.
IDENTIFIED = Rule("identified", _identified)
#: Whoever is signed in.
SIGNED_IN = Rule("signed_in", _signed_in)
