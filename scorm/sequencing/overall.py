"""Overall Sequencing Process (S&N 4e, OP.1): one navigation request, followed to its end."""

from dataclasses import dataclass, replace
from typing import Final

from scorm.sequencing import attempts, delivery, navigation, requests, tracking
from scorm.sequencing.requests import Answer
from scorm.sequencing.session import Session
from scorm.sequencing.termination import NotValidError, Termination, terminate
from scorm.sequencing.tree import Activity

_TERMINATIONS: Final[dict[str, Termination]] = {
    "exit": "exit",
    "exitAll": "exitAll",
    "suspendAll": "suspendAll",
    "abandon": "abandon",
    "abandonAll": "abandonAll",
}


@dataclass(frozen=True)
class Result:
    """What a navigation request came to.

    `activity` has been delivered, with a new attempt or a resumed one; `is_ended` says that the
    sequencing session is over. With neither, the learner stays without content (`is_left`, what was
    delivered has ended) or nothing has happened; `reason` is the book's code.
    """

    activity: Activity | None = None
    is_new_attempt: bool = False
    is_ended: bool = False
    is_left: bool = False
    reason: str = ""


def overall_sequencing(s: Session, request: str, target: str | None = None) -> Result:
    """Follow a navigation request; one that is not valid changes nothing.

    `request` is start, resumeAll, continue, previous, choice and jump (with a `target`), exit,
    exitAll, abandon, abandonAll or suspendAll.
    """
    if s.current is None:
        s.candidate = None
        attempts.prepare(s)
    reason = navigation.refusal(s, request, target)
    s.note("NB.2.1", s.current, f"{request} {target or ''} {reason or 'valid'}".replace("  ", " "))
    if reason:
        return Result(reason=reason)
    was_active = s.current is not None and tracking.is_active(s, s.current)
    try:
        asked = _end_what_goes_on(s, request)
    except NotValidError as error:
        return Result(reason=str(error))
    has_left = was_active and asked is None and s.candidate is s.tree.root
    answer = _sequencing_request(s, request, target, asked)
    if has_left and answer.activity is None:
        # Rules have led out of the course, and nothing has led into it again.
        answer = replace(answer, ends_session=True)
    s.note("SB.2.12", answer.activity, answer.reason or ("ends" if answer.ends_session else "ok"))
    return _deliver(s, answer, was_active=was_active)


def _end_what_goes_on(s: Session, request: str) -> str | None:
    termination = _TERMINATIONS.get(request)
    if termination:
        asked = terminate(s, termination)
        return "exit" if termination != "exit" else asked
    if s.current is not None and tracking.is_active(s, s.current):
        return terminate(s, "exit")
    return None


def _sequencing_request(s: Session, request: str, target: str | None, asked: str | None) -> Answer:
    """Sequencing Request Process (SB.2.12); what rules ask for goes before the request's own."""
    wanted = asked or ("exit" if request in _TERMINATIONS else request)
    if wanted in ("choice", "jump"):
        activity = s.tree.by_identifier[target or ""]
        return requests.choose(s, activity) if wanted == "choice" else requests.jump(activity)
    if wanted == "retry" and s.candidate is s.tree.root:
        forget_shared(s)
    return {
        "start": requests.start,
        "resumeAll": requests.resume_all,
        "continue": requests.continue_,
        "previous": requests.previous,
        "retry": requests.retry,
        "exit": requests.exit_,
    }[wanted](s)


def forget_shared(s: Session) -> None:
    """Clear the objectives that are shared within the course alone: its attempt begins anew."""
    if not s.tree.objectives_global:
        s.shared.clear()


def _deliver(s: Session, answer: Answer, *, was_active: bool) -> Result:
    activity = answer.activity
    if activity is not None:
        reason = delivery.refusal(s, activity)
        if not reason:
            is_new = delivery.content_delivery_environment(s, activity)
            return Result(activity, is_new_attempt=is_new)
        s.note("DB.1.1", activity, reason)
        answer = Answer(reason=reason)
    if answer.ends_session:
        s.current = None
        return Result(is_ended=True, reason=answer.reason)
    is_left = was_active and (s.current is None or not tracking.is_active(s, s.current))
    return Result(is_left=is_left, reason=answer.reason)
