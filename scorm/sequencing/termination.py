"""Ending what is going on (S&N 4e, TB.2.1 to TB.2.3)."""

from typing import Final, Literal

from scorm.sequencing import attempts, rollup, rules, tracking
from scorm.sequencing.session import Session
from scorm.sequencing.tree import Activity

Termination = Literal["exit", "exitAll", "suspendAll", "abandon", "abandonAll"]

_RETRY: Final = ("retry", "retryAll")


class NotValidError(ValueError):
    """A request that cannot be followed; the message is the book's code."""


def terminate(s: Session, request: Termination) -> str | None:
    """Termination Request Process (TB.2.3): return the sequencing request that rules ask for.

    Raises NotValidError where there is nothing to end. Afterwards the current activity is the one
    that the exit has come to.
    """
    current = s.current
    if current is None:
        raise NotValidError("TB.2.3-1")
    s.candidate = current
    if request in ("exit", "abandon") and not tracking.is_active(s, current):
        raise NotValidError("TB.2.3-2")
    asked: str | None = None
    match request:
        case "exit":
            asked = _exit(s, current)
        case "exitAll":
            asked = _exit_all(s, None)
        case "suspendAll":
            asked = _suspend_all(s, current)
        case "abandon" | "abandonAll":
            asked = _abandon(s, current, is_all=request == "abandonAll")
    s.note("TB.2.3", s.candidate, asked or "no request")
    s.current = s.candidate
    return asked


def _exit(s: Session, current: Activity) -> str | None:
    attempts.end_attempt(s, current)
    exit_action_rules(s, current)
    if tracking.is_suspended(s, current):
        return None
    at = s.candidate or current
    while (action := post_condition_rules(s, at)) == "exitParent" and at.parent is not None:
        at = s.candidate = at.parent
        attempts.end_attempt(s, at)
    if action in ("exitAll", "retryAll") or (action == "retry" and at.parent is None):
        return _exit_all(s, action)
    return action if action in ("retry", "continue", "previous") else None


def exit_action_rules(s: Session, current: Activity) -> None:
    """Sequencing Exit Action Rules Subprocess (TB.2.1): the highest cluster to exit by rule."""
    for at in current.path()[:-1]:
        if rules.check(s, at, at.definition.exit):
            attempts.terminate_descendent_attempts(s, at)
            attempts.end_attempt(s, at)
            s.candidate = at
            return


def post_condition_rules(s: Session, activity: Activity) -> str | None:
    """Sequencing Post Condition Rules Subprocess (TB.2.2)."""
    if tracking.is_suspended(s, activity):
        return None
    return rules.check(s, activity, activity.definition.post)


def _exit_all(s: Session, action: str | None) -> str:
    at, root = s.candidate, s.tree.root
    if at is not None and tracking.is_active(s, at):
        attempts.end_attempt(s, at)
    attempts.terminate_descendent_attempts(s, root)
    attempts.end_attempt(s, root)
    s.candidate = root
    return "retry" if action in _RETRY else "exit"


def _suspend_all(s: Session, current: Activity) -> str:
    if tracking.is_active(s, current):
        tracking.set_flag(s, current, "suspended", value=True)
        rollup.overall(s, current)
    suspended = current if tracking.is_suspended(s, current) else current.parent
    if suspended is None:
        raise NotValidError("TB.2.3-3")
    s.suspended = suspended
    for at in suspended.path():
        tracking.set_flag(s, at, "active", value=False)
        tracking.set_flag(s, at, "suspended", value=True)
    s.candidate = s.tree.root
    return "exit"


def _abandon(s: Session, current: Activity, *, is_all: bool) -> str | None:
    """End without asking what came of it: what this attempt has brought is not known."""
    tracking.set_completed(s, current, None, value=None)
    tracking.set_satisfied(s, current, None, value=None)
    tracking.set_measure(s, current, None, None)
    if not is_all:
        tracking.set_flag(s, current, "active", value=False)
        return None
    for at in current.path():
        tracking.set_flag(s, at, "active", value=False)
    s.candidate = s.tree.root
    return "exit"
