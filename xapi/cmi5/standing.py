"""How far a registration is: of each unit what was said, what is satisfied, and what it comes to.

The document, which JSON can hold: `units` by key, those of which there is something to tell, each
with

`is_begun`      whether it was ever launched
`is_completed`, `is_passed`, `is_failed`   what its content has said
`waived`        why it need not be done; None where it must
`scaled`        the score of its last judgement, from 0 to 1
`progress`      the share that its content said was done, from 0 to 100
`seconds`       the time spent, over all sessions that have ended

and `satisfied`, the keys of the blocks that are, and `course` once the whole is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from scorm import outcome
from scorm.outcome import Completion, Outcome
from xapi.cmi5.course import Block, Course, MoveOn, Unit, within
from xapi.cmi5.words import PROGRESS, Verb

#: Stands among the keys of what is satisfied for the course itself.
WHOLE: Final = "course"
#: What passing a unit can satisfy.
_BY_PASSING: Final = frozenset({MoveOn.PASSED, MoveOn.BOTH, MoveOn.EITHER})
_FRESH: Final[Mapping[str, Any]] = {
    "is_begun": False,
    "is_completed": False,
    "is_passed": False,
    "is_failed": False,
    "waived": None,
    "scaled": None,
    "progress": None,
    "seconds": 0.0,
}


def fresh() -> dict[str, Any]:
    """Return the document of a registration that begins."""
    return {"units": {}, "satisfied": []}


def of(document: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Return what is known of a unit."""
    found: dict[str, Any] = document["units"].get(key) or dict(_FRESH)
    return found


def noted(document: dict[str, Any], key: str) -> dict[str, Any]:
    """Return what is known of a unit, to be changed."""
    found: dict[str, Any] = document["units"].setdefault(key, dict(_FRESH))
    return found


def take(
    document: dict[str, Any], key: str, verb: str | None, statement: Mapping[str, Any]
) -> None:
    """Note what content has said of its unit; `verb` as `session.judge` returns it."""
    unit = noted(document, key)
    result = statement.get("result", {})
    progress = result.get("extensions", {}).get(PROGRESS)
    if type(progress) is int and 0 <= progress <= 100:
        unit["progress"] = int(progress)
    if verb == Verb.COMPLETED:
        unit["is_completed"] = True
    if verb in (Verb.PASSED, Verb.FAILED):
        unit["is_passed"] = verb == Verb.PASSED
        unit["is_failed"] = verb == Verb.FAILED
        unit["scaled"] = _scaled(result.get("score", {}), unit["scaled"])


def _scaled(score: Mapping[str, Any], before: float | None) -> float | None:
    """Return a score between 0 and 1: as content scaled it, or from what it counted."""
    raw = Outcome(scaled=score.get("scaled"), raw=score.get("raw"),
                  min=score.get("min"), max=score.get("max"))  # fmt: skip
    found = outcome.scaled_of(raw)
    return before if found is None else max(0.0, found)


def is_satisfied(unit: Unit, document: Mapping[str, Any]) -> bool:
    """Whether what a unit asks for is met, or was waived (13.1.4, moveOn)."""
    said = of(document, unit.key)
    completed, passed = said["is_completed"], said["is_passed"]
    by_move_on = {
        MoveOn.PASSED: passed,
        MoveOn.COMPLETED: completed,
        MoveOn.BOTH: completed and passed,
        MoveOn.EITHER: completed or passed,
        MoveOn.NOT_APPLICABLE: True,
    }
    return said["waived"] is not None or bool(by_move_on[MoveOn(unit.move_on)])


def newly_satisfied(course: Course, document: dict[str, Any]) -> list[Course | Block]:
    """Return what has become satisfied, blocks first and the course last, and note it (9.3.9)."""
    found: list[Course | Block] = []
    for block in course.blocks:
        _note(found, block, block.key, within(block), document)
    _note(found, course, WHOLE, course.units, document)
    return found


def _note(
    found: list[Course | Block],
    node: Course | Block,
    key: str,
    units: list[Unit],
    document: dict[str, Any],
) -> None:
    if key in document["satisfied"] or not units:
        return
    if all(is_satisfied(unit, document) for unit in units):
        document["satisfied"].append(key)
        found.append(node)


def is_to_review(unit: Unit, document: Mapping[str, Any]) -> bool:
    """Whether nothing more can come of a unit: it is done, and where it is judged, passed.

    Its content may say completed and passed once in a registration (9.3), so that to launch it as
    before would only have it refused.
    """
    said = of(document, unit.key)
    if not is_satisfied(unit, document) or not (said["is_completed"] or said["is_passed"]):
        return False
    is_judged = unit.mastery_score is not None or said["is_failed"]
    return bool(said["is_passed"] or not is_judged)


def outcomes(course: Course, document: Mapping[str, Any]) -> dict[str, Outcome]:
    """Return what each unit comes to, by its key."""
    return {unit.key: _outcome(unit, document) for unit in course.units}


def _outcome(unit: Unit, document: Mapping[str, Any]) -> Outcome:
    said = of(document, unit.key)
    is_asked = unit.move_on != MoveOn.NOT_APPLICABLE
    is_met = said["waived"] is not None or (is_asked and is_satisfied(unit, document))
    is_done = said["is_completed"] or is_met
    progress = 1.0 if is_done else (said["progress"] or 0) / 100
    return Outcome(
        completion=_completion(is_done=is_done, is_begun=said["is_begun"]),
        success="passed" if said["is_passed"] else "failed" if said["is_failed"] else "unknown",
        scaled=said["scaled"],
        progress_measure=progress,
        seconds=said["seconds"],
    )


def _completion(*, is_done: bool, is_begun: bool) -> Completion:
    return "completed" if is_done else "incomplete" if is_begun else "not attempted"


def whole(course: Course, document: Mapping[str, Any]) -> Outcome:
    """Return what a registration comes to: complete where the course is satisfied.

    Passed where it is complete and a unit was passed; failed while a judgement of a unit that must
    be passed stands against it. The score is the mean of those that are known.
    """
    units = outcomes(course, document)
    found = list(units.values())
    scores = [each.scaled for each in found if each.scaled is not None]
    is_complete = WHOLE in document["satisfied"]
    is_begun = any(each["is_begun"] for each in document["units"].values())
    failed = [
        unit for unit in course.units
        if unit.move_on in _BY_PASSING
        and units[unit.key].success == "failed"
        and not is_satisfied(unit, document)
    ]  # fmt: skip
    is_passed = is_complete and any(each.success == "passed" for each in found)
    shares = [each.progress_measure or 0.0 for each in found]
    return Outcome(
        completion=_completion(is_done=is_complete, is_begun=is_begun),
        success="failed" if failed else "passed" if is_passed else "unknown",
        scaled=sum(scores) / len(scores) if scores else None,
        progress_measure=1.0 if is_complete else sum(shares) / max(1, len(shares)),
        seconds=sum(each.seconds for each in found),
    )


def seconds_of(said: str) -> float:
    """Return the seconds of a duration (Data 4.6); a year counts 365 days, a month 365/12."""
    days, _, hours = said.removeprefix("P").partition("T")
    found = [(number, _DAYS[unit]) for number, unit in _PARTS.findall(days)]
    found += [(number, _TIMES[unit]) for number, unit in _PARTS.findall(hours)]
    return sum(float(number.replace(",", ".")) * unit for number, unit in found)


_PARTS: Final = re.compile(r"([0-9]+(?:[.,][0-9]+)?)([A-Z])")
_DAYS: Final = {"Y": 365 * 86400.0, "M": 365 * 7200.0, "W": 7 * 86400.0, "D": 86400.0}
_TIMES: Final = {"H": 3600.0, "M": 60.0, "S": 1.0}
