"""Sequencing rules (S&N 4e, UP.2, UP.2.1) and limits (UP.1, UP.5).

A condition is true, false, or None while nobody knows; None makes no rule hold.
"""

from collections.abc import Callable, Sequence
from typing import Final

from scorm.sequencing import tracking
from scorm.sequencing.definition import Combination, Condition, Rule
from scorm.sequencing.session import Session
from scorm.sequencing.tree import Activity

Evaluation = Callable[[Session, Activity, Condition, bool], bool | None]


def _compared(s: Session, a: Activity, c: Condition, sign: int, *, rollup: bool) -> bool | None:
    found = tracking.measure(s, a, c.objective, rollup=rollup)
    return None if found is None else (found - c.threshold) * sign > 0


def _is_limit_reached(s: Session, a: Activity) -> bool | None:
    limit = a.definition.attempt_limit
    return None if limit is None else tracking.attempts(s, a) >= limit


_EVALUATIONS: Final[dict[str, Evaluation]] = {
    "satisfied": lambda s, a, c, r: tracking.satisfied(s, a, c.objective, rollup=r),
    "objectiveStatusKnown": lambda s, a, c, r: (
        tracking.satisfied(s, a, c.objective, rollup=r) is not None
    ),
    "objectiveMeasureKnown": lambda s, a, c, r: (
        tracking.measure(s, a, c.objective, rollup=r) is not None
    ),
    "objectiveMeasureGreaterThan": lambda s, a, c, r: _compared(s, a, c, 1, rollup=r),
    "objectiveMeasureLessThan": lambda s, a, c, r: _compared(s, a, c, -1, rollup=r),
    "completed": lambda s, a, c, r: tracking.completed(s, a, c.objective, rollup=r),
    "activityProgressKnown": lambda s, a, c, r: (
        tracking.completed(s, a, c.objective, rollup=r) is not None
    ),
    "attempted": lambda s, a, _c, _r: tracking.attempts(s, a) > 0,
    "attemptLimitExceeded": lambda s, a, _c, _r: _is_limit_reached(s, a),
    "always": lambda _s, _a, _c, _r: True,
    "never": lambda _s, _a, _c, _r: False,
    # timeLimitExceeded and outsideAvailableTimeRange are optional in the book and left unknown:
    # no clock decides here.
}


def evaluate(
    s: Session,
    activity: Activity,
    conditions: Sequence[Condition],
    combination: Combination,
    *,
    rollup: bool = False,
) -> bool | None:
    """Sequencing Rule Check Subprocess (UP.2.1): return what a set of conditions comes to.

    `rollup` is for rollup rules, which look at the parent's present attempt alone.
    """
    if not conditions:
        return None
    is_all = combination == "all"
    result: bool | None = is_all
    for condition in conditions:
        found = _of_one(s, activity, condition, rollup=rollup)
        if is_all and found is not True:
            return found
        if not is_all and found is True:
            return True
        if found is None:
            result = None
    return result


def _of_one(s: Session, activity: Activity, condition: Condition, *, rollup: bool) -> bool | None:
    evaluation = _EVALUATIONS.get(condition.kind)
    found = evaluation(s, activity, condition, rollup) if evaluation else None
    return not found if condition.negated and found is not None else found


def check(s: Session, activity: Activity, rules: Sequence[Rule]) -> str | None:
    """Sequencing Rules Check Process (UP.2): return the action of the first rule that holds."""
    for rule in rules:
        if evaluate(s, activity, rule.conditions, rule.combination):
            s.note("UP.2", activity, rule.action)
            return rule.action
    return None


def is_limited(s: Session, activity: Activity) -> bool:
    """Limit Conditions Check Process (UP.1): return whether no further attempt may begin.

    Durations are optional in the book; content is told of them and keeps them itself.
    """
    return not tracking.is_active(s, activity) and has_no_attempt_left(s, activity)


def has_no_attempt_left(s: Session, activity: Activity) -> bool:
    """Whether an activity could not begin again, were its present attempt, if any, to end now."""
    if not activity.definition.tracked or tracking.is_suspended(s, activity):
        return False
    return bool(_is_limit_reached(s, activity))


def is_disabled(s: Session, activity: Activity) -> bool:
    """Check Activity Process (UP.5): return whether the activity may not be delivered."""
    disabled = activity.rules("disabled")
    if disabled and check(s, activity, disabled):
        return True
    return activity.definition.attempt_limit is not None and is_limited(s, activity)
