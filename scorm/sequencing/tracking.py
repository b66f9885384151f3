"""What is tracked of an activity (S&N 4e, TM.1), and how objectives are shared.

An activity's record holds, each only where it differs from false, 0 or nothing:

`active`, `suspended`   its state
`attempts`              how many attempts it has had
`children`              the order of its children after selection or randomization
`selected`, `randomized`  that this has been done
`objectives`            identifier → known values: `satisfied`, `completed` are true or false;
                        `measure`, `progress`, `raw`, `min`, `max` are numbers; absent is unknown
`past_objectives`, `past_progress`   that the values are of an attempt before the parent's present
                        one, and do not count for its rollup
`said`                  what content has set itself, were it "unknown": `success`, `completion`

The completion of an activity is that of its primary objective (4th Edition).
"""

from typing import Any, Final

from scorm.sequencing.definition import VALUES, Objective
from scorm.sequencing.session import Session
from scorm.sequencing.tree import Activity

_NOTHING: Final[dict[str, Any]] = {}


def record(s: Session, activity: Activity) -> dict[str, Any]:
    """Return the activity's record to write into."""
    return s.activities.setdefault(activity.identifier, {})


def seen(s: Session, activity: Activity) -> dict[str, Any]:
    """Return the activity's record to read from."""
    return s.activities.get(activity.identifier, _NOTHING)


def is_active(s: Session, activity: Activity) -> bool:
    """Whether an attempt on the activity is going on."""
    return bool(seen(s, activity).get("active"))


def is_suspended(s: Session, activity: Activity) -> bool:
    """Whether the last attempt on the activity is to be resumed."""
    return bool(seen(s, activity).get("suspended"))


def set_flag(s: Session, activity: Activity, name: str, *, value: bool) -> None:
    """Set `active` or `suspended`."""
    if value:
        record(s, activity)[name] = True
    else:
        record(s, activity).pop(name, None)


def attempts(s: Session, activity: Activity) -> int:
    """Return how many attempts there have been."""
    return int(seen(s, activity).get("attempts", 0))


def available_children(s: Session, activity: Activity) -> tuple[Activity, ...]:
    """Return the children in their order, after selection and randomization."""
    chosen = seen(s, activity).get("children")
    if chosen is None:
        return activity.children
    return tuple(s.tree.by_identifier[name] for name in chosen if name in s.tree.by_identifier)


def is_available(s: Session, activity: Activity) -> bool:
    """Whether the activity and all above it are among their parents' available children."""
    return all(
        at.parent is None or at in available_children(s, at.parent) for at in activity.path()
    )


# Reading. `rollup` is for a parent's rollup: values of an attempt before the parent's do not count.


def _own(s: Session, activity: Activity, objective: Objective, value: str) -> Any:
    held = seen(s, activity).get("objectives", _NOTHING)
    return held.get(objective.identifier, _NOTHING).get(value)


def _value(
    s: Session, activity: Activity, objective: Objective, value: str, *, is_past: bool
) -> Any:
    target = objective.read_from(value)
    if target is not None:
        found = s.shared.get(target, _NOTHING).get(value)
        # A shared completion that nobody knows leaves the own one in force; satisfaction, measure
        # and scores are the shared objective's alone, known or not.
        if found is not None or value not in ("completed", "progress"):
            return found
    return None if is_past else _own(s, activity, objective, value)


def measure(
    s: Session, activity: Activity, identifier: str | None = None, *, rollup: bool = False
) -> float | None:
    """Return an objective's normalized measure, -1 to 1; None while it is unknown."""
    objective = activity.objective(identifier)
    if objective is None or not activity.definition.tracked:
        return None
    is_past = rollup and bool(seen(s, activity).get("past_objectives"))
    found: float | None = _value(s, activity, objective, "measure", is_past=is_past)
    return found


def satisfied(
    s: Session, activity: Activity, identifier: str | None = None, *, rollup: bool = False
) -> bool | None:
    """Return whether an objective is satisfied; None while it is unknown.

    Where the measure decides, it may have to wait until the activity has ended (SM.12).
    """
    objective = activity.objective(identifier)
    if objective is None or not activity.definition.tracked:
        return None
    is_past = rollup and bool(seen(s, activity).get("past_objectives"))
    found: bool | None
    if not objective.satisfied_by_measure:
        found = _value(s, activity, objective, "satisfied", is_past=is_past)
        return found
    if is_active(s, activity) and not activity.definition.measure_satisfaction_if_active:
        return None
    reached = _value(s, activity, objective, "measure", is_past=is_past)
    return _compared(reached, objective.minimum_measure)


def progress(s: Session, activity: Activity, identifier: str | None = None) -> float | None:
    """Return how much of an objective is done, 0 to 1; None while it is unknown."""
    objective = activity.objective(identifier)
    if objective is None or not activity.definition.tracked:
        return None
    found: float | None = _value(s, activity, objective, "progress", is_past=False)
    return found


def completed(
    s: Session, activity: Activity, identifier: str | None = None, *, rollup: bool = False
) -> bool | None:
    """Return whether an objective, or by None the activity, is completed; None while unknown."""
    objective = activity.objective(identifier)
    if objective is None or not activity.definition.tracked:
        return None
    if rollup and seen(s, activity).get("past_progress"):
        return None  # whatever a shared objective says: the activity itself has yet to be taken
    if objective is activity.primary and activity.completed_by_measure:
        done = _value(s, activity, objective, "progress", is_past=False)
        return _compared(done, activity.minimum_progress)
    found: bool | None = _value(s, activity, objective, "completed", is_past=False)
    return found


def values(s: Session, activity: Activity, objective: Objective) -> dict[str, Any]:
    """Return all that is known of an objective, for the content that is delivered.

    Content of an activity that is not tracked reads shared objectives all the same.
    """
    found = {name: _value(s, activity, objective, name, is_past=False) for name in VALUES}
    if objective.satisfied_by_measure:
        found["satisfied"] = _compared(found["measure"], objective.minimum_measure)
    return {name: value for name, value in found.items() if value is not None}


def _compared(number: float | None, least: float) -> bool | None:
    return None if number is None else number >= least


# Writing. None is unknown, and is written to shared objectives as such.


def _put(s: Session, activity: Activity, objective: Objective, name: str, value: Any) -> None:
    held = record(s, activity).setdefault("objectives", {}).setdefault(objective.identifier, {})
    _assign(held, name, value)
    for target in objective.written_to(name):
        _assign(s.shared.setdefault(target, {}), name, value)


def _assign(held: dict[str, Any], name: str, value: Any) -> None:
    if value is None:
        held.pop(name, None)
    else:
        held[name] = value


def set_satisfied(
    s: Session, activity: Activity, identifier: str | None, *, value: bool | None
) -> None:
    """Set an objective's satisfaction; nothing happens where its measure decides."""
    objective = activity.objective(identifier)
    if objective is None or not activity.definition.tracked or objective.satisfied_by_measure:
        return
    _put(s, activity, objective, "satisfied", value)


def set_measure(
    s: Session, activity: Activity, identifier: str | None, value: float | None
) -> None:
    """Set an objective's measure, and its satisfaction where that goes by the measure."""
    objective = activity.objective(identifier)
    if objective is None or not activity.definition.tracked:
        return
    if value is None and _own(s, activity, objective, "measure") is None:
        return
    _put(s, activity, objective, "measure", value)
    if not objective.satisfied_by_measure:
        return
    waits = not activity.definition.measure_satisfaction_if_active and is_active(s, activity)
    if objective is not activity.primary or not waits:
        _put(s, activity, objective, "satisfied", _compared(value, objective.minimum_measure))


def settle_measure(s: Session, activity: Activity) -> None:
    """Let the primary objective's measure decide, now that the activity has ended (SM.12)."""
    if activity.definition.tracked and activity.primary.satisfied_by_measure:
        set_measure(s, activity, None, measure(s, activity))


def set_completed(
    s: Session, activity: Activity, identifier: str | None, *, value: bool | None
) -> None:
    """Set an objective's completion; nothing happens where the activity's progress decides."""
    objective = activity.objective(identifier)
    if objective is None or not activity.definition.tracked:
        return
    if objective is activity.primary and activity.completed_by_measure:
        return
    _put(s, activity, objective, "completed", value)


def set_progress(
    s: Session, activity: Activity, identifier: str | None, value: float | None
) -> None:
    """Set an objective's progress, and the activity's completion where that goes by it."""
    objective = activity.objective(identifier)
    if objective is None or not activity.definition.tracked:
        return
    if value is None and _own(s, activity, objective, "progress") is None:
        return
    _put(s, activity, objective, "progress", value)
    if objective is activity.primary and activity.completed_by_measure:
        _put(s, activity, objective, "completed", _compared(value, activity.minimum_progress))


def set_score(
    s: Session, activity: Activity, identifier: str | None, name: str, value: float | None
) -> None:
    """Set an objective's `raw`, `min` or `max` (4th Edition); they do not touch its measure."""
    objective = activity.objective(identifier)
    if objective is None or not activity.definition.tracked:
        return
    if value is None and _own(s, activity, objective, name) is None:
        return
    _put(s, activity, objective, name, value)


def begin_attempt(s: Session, activity: Activity) -> None:
    """Start a new attempt: nothing is known of it, and what is below belongs to an earlier one."""
    held = record(s, activity)
    held["attempts"] = attempts(s, activity) + 1
    for name in ("objectives", "past_objectives", "past_progress", "said"):
        held.pop(name, None)
    if activity.definition.use_current_objective:
        _make_past(s, activity, "past_objectives")
    if activity.definition.use_current_progress:
        _make_past(s, activity, "past_progress")


def _make_past(s: Session, activity: Activity, name: str) -> None:
    """Mark what was tracked below, further down only where each cluster looks at its present."""
    for child in activity.children:
        if child.identifier in s.activities:
            record(s, child)[name] = True
        uses = (
            child.definition.use_current_objective
            if name == "past_objectives"
            else child.definition.use_current_progress
        )
        if uses:
            _make_past(s, child, name)


def forget_results(s: Session) -> None:
    """Make unknown again all that came of earlier attempts.

    How many there were still counts, and what was drawn once stays drawn.
    """
    kept = ("attempts", "children", "selected", "randomized")
    for held in s.activities.values():
        for name in [name for name in held if name not in kept]:
            held.pop(name)
