"""Sequencing requests (S&N 4e, SB.2.5 to SB.2.13): what is to be delivered, or that all is over."""

from dataclasses import dataclass

from scorm.sequencing import attempts, choice, flow, tracking
from scorm.sequencing.session import Session
from scorm.sequencing.tree import Activity, common_ancestor


@dataclass(frozen=True)
class Answer:
    """What a request comes to: an activity for delivery, the session's end, or a reason why not."""

    activity: Activity | None = None
    ends_session: bool = False
    reason: str = ""


def start(s: Session) -> Answer:
    """Start Sequencing Request Process (SB.2.5)."""
    if s.candidate is not None:
        return Answer(reason="SB.2.5-1")
    root = s.tree.root
    if root.is_leaf:
        return Answer(root)
    return _of_flow(flow.flow(s, root, "forward", considers_children=True))


def resume_all(s: Session) -> Answer:
    """Resume All Sequencing Request Process (SB.2.6)."""
    if s.candidate is not None:
        return Answer(reason="SB.2.6-1")
    suspended = s.suspended
    return Answer(suspended) if suspended else Answer(reason="SB.2.6-2")


def continue_(s: Session) -> Answer:
    """Continue Sequencing Request Process (SB.2.7).

    Where nothing more can be gone on to the session ends, and with it the attempt on the course.
    """
    at = s.candidate
    if at is None:
        return Answer(reason="SB.2.7-1")
    if at.parent is not None and not at.parent.definition.flow:
        return Answer(reason="SB.2.7-2")
    found = flow.flow(s, at, "forward", considers_children=False)
    if found.is_deliverable:
        return Answer(found.activity)
    attempts.terminate_descendent_attempts(s, s.tree.root)
    attempts.end_attempt(s, s.tree.root)
    s.candidate = s.tree.root
    return Answer(ends_session=True, reason=found.reason)


def previous(s: Session) -> Answer:
    """Previous Sequencing Request Process (SB.2.8)."""
    at = s.candidate
    if at is None:
        return Answer(reason="SB.2.8-1")
    if at.parent is not None and not at.parent.definition.flow:
        return Answer(reason="SB.2.8-2")
    return _of_flow(flow.flow(s, at, "backward", considers_children=False))


def choose(s: Session, target: Activity) -> Answer:
    """Choice Sequencing Request Process (SB.2.9).

    A cluster that cannot be flowed into becomes the current activity without anything delivered.
    """
    begun = s.candidate
    reason = choice.refusal(s, target, begun)
    if reason:
        return Answer(reason=reason)
    if target.is_leaf:
        return Answer(target)
    found = flow.flow(s, target, "forward", considers_children=True)
    if found.is_deliverable:
        return Answer(found.activity)
    if s.current is not None and begun is not None:
        common = common_ancestor(begun, target)
        attempts.terminate_descendent_attempts(s, common)
        attempts.end_attempt(s, common)
        s.current = target
    return Answer(reason="SB.2.9-9")


def retry(s: Session) -> Answer:
    """Retry Sequencing Request Process (SB.2.10)."""
    at = s.candidate
    if at is None:
        return Answer(reason="SB.2.10-1")
    if tracking.is_active(s, at) or tracking.is_suspended(s, at):
        return Answer(reason="SB.2.10-2")
    if at.is_leaf:
        return Answer(at)
    return _of_flow(flow.flow(s, at, "forward", considers_children=True))


def exit_(s: Session) -> Answer:
    """Exit Sequencing Request Process (SB.2.11): the session ends where the root has ended."""
    at = s.candidate
    if at is None:
        return Answer(reason="SB.2.11-1")
    if tracking.is_active(s, at):
        return Answer(reason="SB.2.11-2")
    return Answer(ends_session=at.parent is None)


def jump(target: Activity) -> Answer:
    """Jump Sequencing Request Process (SB.2.13): no control mode and no rule is asked."""
    return Answer(target)


def _of_flow(found: flow.Flow) -> Answer:
    if found.is_deliverable:
        return Answer(found.activity)
    return Answer(reason=found.reason)
