"""Navigation requests (S&N 4e, NB.2.1): which are valid here."""

from scorm.edition import Edition
from scorm.sequencing import choice, delivery, flow, requests, tracking
from scorm.sequencing.session import Session
from scorm.sequencing.tree import Activity


def refusal(s: Session, request: str, target: str | None = None) -> str | None:
    """Navigation Request Process (NB.2.1): return why a request is not valid, None where it is."""
    current = s.current
    if request in ("choice", "jump"):
        return _of_target(s, request, target)
    if request in ("start", "resumeAll"):
        if current is not None:
            return "NB.2.1-1"
        return "NB.2.1-3" if request == "resumeAll" and s.suspended is None else None
    if current is None:
        return "NB.2.1-2"
    if request == "continue":
        return None if _flows(current) else "NB.2.1-4"
    if request == "previous":
        return None if _can_go_back(s, current) else "NB.2.1-5"
    if request in ("exit", "abandon"):
        return None if tracking.is_active(s, current) else "NB.2.1-12"
    return None if request in ("exitAll", "abandonAll", "suspendAll") else "NB.2.1-13"


def _flows(activity: Activity) -> bool:
    return activity.parent is not None and activity.parent.definition.flow


def _can_go_back(s: Session, current: Activity) -> bool:
    """Whether there is something before: the request is tried, as it changes nothing."""
    if current.parent is None or not _flows(current) or current.parent.definition.forward_only:
        return False
    s.candidate = current
    found = requests.previous(s).activity
    return found is not None and delivery.refusal(s, found) is None


def _of_target(s: Session, request: str, target: str | None) -> str | None:
    """Tell whether a target may be asked for; a choice is tried, as an attempt ends for it."""
    activity = s.tree.by_identifier.get(target or "")
    if activity is None:
        return "NB.2.1-11"
    if request == "jump":
        return _of_jump(s, activity)
    current = s.current
    if current is None:
        is_offered = activity.parent is None or activity.parent.definition.choice
        return None if is_offered else "NB.2.1-10"
    if is_held(s, current):
        return "NB.2.1-8"
    reason = choice.refusal(s, activity, current)
    if reason:
        return reason
    found = chosen_leaf(s, activity)
    if found is None:
        return "SB.2.9-9"
    return "DB.1.1-3" if found is delivery.used_up(s) else None


def chosen_leaf(s: Session, activity: Activity) -> Activity | None:
    """Return the leaf that is delivered when an activity is chosen; clusters are flowed into."""
    if activity.is_leaf:
        return activity
    found = flow.flow(s, activity, "forward", considers_children=True)
    return found.activity if found.is_deliverable else None


def is_held(s: Session, current: Activity) -> bool:
    """Whether the current activity lets no choice leave it while it goes on."""
    return tracking.is_active(s, current) and not current.definition.choice_exit


def _of_jump(s: Session, activity: Activity) -> str | None:
    """Only the 4th Edition knows jumps; they lead to leaves."""
    if s.tree.edition is not Edition.SCORM_2004_4 or s.current is None:
        return "NB.2.1-11"
    return None if activity.is_leaf else "NB.2.1-11"
