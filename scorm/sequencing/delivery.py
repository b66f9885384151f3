"""Delivery (S&N 4e, DB.1.1, DB.2, DB.2.1): the last check, and the beginning of an attempt."""

from scorm.sequencing import attempts, rules, tracking
from scorm.sequencing.session import Session
from scorm.sequencing.tree import Activity, common_ancestor


def refusal(s: Session, activity: Activity) -> str | None:
    """Delivery Request Process (DB.1.1): return why an activity cannot be delivered."""
    if not activity.is_leaf:
        return "DB.1.1-1"
    if any(rules.is_disabled(s, at) for at in activity.path()):
        return "DB.1.1-3"
    return None


def used_up(s: Session) -> Activity | None:
    """Return the activity that is in its last attempt: once that has ended, none may begin."""
    current = s.current
    if current is None or not tracking.is_active(s, current):
        return None
    return current if rules.has_no_attempt_left(s, current) else None


def content_delivery_environment(s: Session, activity: Activity) -> bool:
    """Content Delivery Environment Process (DB.2): return whether a new attempt begins.

    False is an attempt that goes on: a suspended one, or one that is not tracked.
    """
    if s.suspended is not activity:
        clear_suspended_activity(s, activity)
    s.suspended = None
    attempts.terminate_descendent_attempts(s, activity)
    is_new = False
    for at in activity.path():
        if tracking.is_active(s, at):
            continue
        if at.definition.tracked:
            is_new = not tracking.is_suspended(s, at)
            if is_new:
                tracking.begin_attempt(s, at)
            tracking.set_flag(s, at, "suspended", value=False)
        tracking.set_flag(s, at, "active", value=True)
    s.current = activity
    s.note("DB.2", activity, "new attempt" if is_new else "resumed")
    return is_new and activity.definition.tracked


def clear_suspended_activity(s: Session, activity: Activity) -> None:
    """Clear Suspended Activity Subprocess (DB.2.1): what was suspended elsewhere is so no more."""
    suspended = s.suspended
    if suspended is None:
        return
    stop = common_ancestor(activity, suspended)
    at: Activity | None = suspended
    while at is not None and at is not stop:
        children = tracking.available_children(s, at)
        is_still = any(tracking.is_suspended(s, child) for child in children)
        tracking.set_flag(s, at, "suspended", value=is_still)
        at = at.parent
