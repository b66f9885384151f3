"""Rollup (S&N 4e, RB.1.1 to RB.1.5): what the children of a cluster come to."""

from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from typing import Final

from scorm.sequencing import rules, tracking
from scorm.sequencing.definition import Condition, RollupRule
from scorm.sequencing.session import Session
from scorm.sequencing.tree import Activity

#: What the book puts in place of missing rules (RB.1.2 b, RB.1.3 b): a cluster is satisfied when
#: all its children are, not satisfied when all are known and not all are.
_SATISFIED: Final = RollupRule("satisfied", (Condition("satisfied"),), "all", "all")
_NOT_SATISFIED: Final = RollupRule("notSatisfied", (Condition("objectiveStatusKnown"),))
_COMPLETED: Final = RollupRule("completed", (Condition("completed"),), "all", "all")
_INCOMPLETE: Final = RollupRule("incomplete", (Condition("activityProgressKnown"),))


def overall(s: Session, activity: Activity) -> None:
    """Overall Rollup Process (RB.1.5) from an activity up to the root.

    What the way up writes to shared objectives may change other clusters: those whose children
    read them are rolled up as well, the deepest first.
    """
    waiting = {at.order: at for at in activity.path()}
    for at in [*waiting.values()]:
        for reader in _readers(s, at):
            if reader.parent and tracking.is_available(s, reader):
                waiting |= {above.order: above for above in reader.parent.path()}
    waiting.pop(activity.order, None)
    for at in sorted(waiting.values(), key=lambda each: (each.depth, each.order), reverse=True):
        _roll_up(s, at)


def _readers(s: Session, activity: Activity) -> Iterable[Activity]:
    if activity.has_writes:
        for objective in activity.objectives.values():
            for found in objective.maps:
                if found.writes:
                    yield from s.tree.readers.get(found.target, ())


def _roll_up(s: Session, cluster: Activity) -> None:
    children = [
        child for child in tracking.available_children(s, cluster) if child.definition.tracked
    ]
    for child in children:
        if child.reads_shared:
            # What it reads has counted once: with the cluster's next attempt it is of a past one.
            tracking.record(s, child)
    _measure(s, cluster, children)
    _completion_measure(s, cluster, children)
    _objective(s, cluster, children)
    _progress(s, cluster, children)


def _measure(s: Session, cluster: Activity, children: Sequence[Activity]) -> None:
    """Measure Rollup Process (RB.1.1 a): the weighted mean; an unknown measure counts as 0."""
    total = weights = 0.0
    for child in children:
        weight = child.definition.measure_weight
        weights += weight
        if weight > 0 and _is_touched(s, child):
            total += weight * (tracking.measure(s, child) or 0.0)
    tracking.set_measure(s, cluster, None, total / weights if weights else None)


def _is_touched(s: Session, child: Activity) -> bool:
    """Whether anything can be known of a child: it was attempted, or reads what is shared."""
    return child.identifier in s.activities or child.reads_shared


def _completion_measure(s: Session, cluster: Activity, children: Sequence[Activity]) -> None:
    """Completion Measure Rollup Process (RB.1.1 b): as the measure, by the progress weights."""
    total = weights = 0.0
    for child in children:
        weight = child.progress_weight
        weights += weight
        if weight > 0 and _is_touched(s, child):
            total += weight * (tracking.progress(s, child) or 0.0)
    tracking.set_progress(s, cluster, None, total / weights if weights else None)


def _objective(s: Session, cluster: Activity, children: Sequence[Activity]) -> None:
    """Objective Rollup Process (RB.1.2): by the measure, else by rules."""
    if cluster.primary.satisfied_by_measure:
        return
    own = _rules_for(cluster, "satisfied", "notSatisfied") or (_NOT_SATISFIED, _SATISFIED)
    found = _outcome(s, own, children)
    if "satisfied" in found:
        tracking.set_satisfied(s, cluster, None, value=True)
    elif "notSatisfied" in found:
        tracking.set_satisfied(s, cluster, None, value=False)


def _progress(s: Session, cluster: Activity, children: Sequence[Activity]) -> None:
    """Activity Progress Rollup Process (RB.1.3): by the completion measure, else by rules."""
    if cluster.completed_by_measure:
        return
    own = _rules_for(cluster, "completed", "incomplete") or (_INCOMPLETE, _COMPLETED)
    found = _outcome(s, own, children)
    if "completed" in found:
        tracking.set_completed(s, cluster, None, value=True)
    elif "incomplete" in found:
        tracking.set_completed(s, cluster, None, value=False)


def _rules_for(cluster: Activity, *actions: str) -> tuple[RollupRule, ...]:
    return tuple(rule for rule in cluster.definition.rollup_rules if rule.action in actions)


def _outcome(s: Session, own: Iterable[RollupRule], children: Sequence[Activity]) -> set[str]:
    found = set()
    for rule in own:
        if check_child_set(rule, _evaluations(s, rule, children)):
            s.note("RB.1.4", children[0].parent if children else None, rule.action)
            found.add(rule.action)
    return found


def _evaluations(
    s: Session, rule: RollupRule, children: Sequence[Activity]
) -> Iterator[bool | None]:
    """Evaluate Rollup Conditions Subprocess (RB.1.4.1) for each child that is considered."""
    for child in children:
        if _is_considered(s, child, rule.action):
            yield rules.evaluate(s, child, rule.conditions, rule.combination, rollup=True)


def check_child_set(rule: RollupRule, found: Iterable[bool | None]) -> bool:
    """Rollup Rule Check Subprocess (RB.1.4): return whether enough children fulfil a rule.

    What nobody knows does not fulfil "none" either. A rule over children that all are unknown
    holds only where nothing is asked of any. As few children are asked as will do.
    """
    match rule.child_set:
        case "any":
            return any(one is True for one in found)
        case "none":
            return all(one is False for one in found)
        case "atLeastCount" | "atLeastPercent":
            listed = list(found)
            needed = rule.minimum_count
            if rule.child_set == "atLeastPercent":
                needed = int(rule.minimum_percent * len(listed) + 0.5)
            is_known = any(one is not None for one in listed)
            return is_known and sum(one is True for one in listed) >= needed
    return all(one is True for one in found)


_CONSIDERED_BY: Final = {
    "satisfied": attrgetter("rollup_satisfied", "required_for_satisfied"),
    "notSatisfied": attrgetter("rollup_satisfied", "required_for_not_satisfied"),
    "completed": attrgetter("rollup_progress", "required_for_completed"),
    "incomplete": attrgetter("rollup_progress", "required_for_incomplete"),
}


def _is_considered(s: Session, child: Activity, action: str) -> bool:
    """Check Child for Rollup Subprocess (RB.1.4.2): return whether a child counts for an action."""
    is_included, consideration = _CONSIDERED_BY[action](child.definition)
    if not is_included or consideration == "always":
        return bool(is_included)
    if consideration == "ifNotSkipped":
        return rules.check(s, child, child.rules("skip")) is None
    is_attempted = tracking.attempts(s, child) > 0
    if consideration == "ifAttempted":
        return is_attempted
    return not (is_attempted and tracking.is_suspended(s, child))
