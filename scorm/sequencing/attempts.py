"""The ends of attempts (S&N 4e, UP.3 and UP.4), and which children a cluster has (SR.1, SR.2)."""

from typing import TypeVar

from scorm.sequencing import rollup, tracking
from scorm.sequencing.session import Session
from scorm.sequencing.tree import Activity, common_ancestor

Name = TypeVar("Name")


def terminate_descendent_attempts(s: Session, activity: Activity) -> None:
    """Terminate Descendent Attempts Process (UP.3): end all from the candidate up to another."""
    at = s.candidate
    if at is None:
        return
    stop = common_ancestor(at, activity)
    while at is not None and at is not stop:
        if tracking.is_active(s, at):
            end_attempt(s, at)
        at = at.parent


def end_attempt(s: Session, activity: Activity) -> None:
    """End Attempt Process (UP.4).

    Content that ends without a word has completed and satisfied its activity, unless the manifest
    says that it would have spoken, or it has said itself that it does not know.
    """
    if activity.is_leaf:
        if activity.definition.tracked and not tracking.is_suspended(s, activity):
            _assume(s, activity)
    else:
        children = tracking.available_children(s, activity)
        is_suspended = any(tracking.is_suspended(s, child) for child in children)
        tracking.set_flag(s, activity, "suspended", value=is_suspended)
        if not is_suspended:
            _prepare_next(s, activity)
    tracking.set_flag(s, activity, "active", value=False)
    tracking.settle_measure(s, activity)
    s.note("UP.4", activity, "suspended" if tracking.is_suspended(s, activity) else "ended")
    rollup.overall(s, activity)


def _assume(s: Session, leaf: Activity) -> None:
    said = tracking.seen(s, leaf).get("said", ())
    definition = leaf.definition
    is_silent = not definition.completion_set_by_content and "completion" not in said
    if is_silent and tracking.completed(s, leaf) is None:
        tracking.set_completed(s, leaf, None, value=True)
    is_silent = not definition.objective_set_by_content and "success" not in said
    if is_silent and tracking.satisfied(s, leaf) is None:
        tracking.set_satisfied(s, leaf, None, value=True)


def prepare(s: Session) -> None:
    """Choose and order the children of every cluster before a session's first delivery."""
    for activity in s.tree.activities:
        if not activity.is_leaf:
            held = tracking.seen(s, activity)
            if activity.definition.selection_timing != "never" and not held.get("selected"):
                select_children(s, activity)
            if activity.definition.randomization_timing != "never" and not held.get("randomized"):
                randomize_children(s, activity)


def _prepare_next(s: Session, cluster: Activity) -> None:
    if cluster.definition.selection_timing == "onEachNewAttempt":
        select_children(s, cluster)
    if cluster.definition.randomization_timing == "onEachNewAttempt":
        randomize_children(s, cluster)


def select_children(s: Session, cluster: Activity) -> None:
    """Select Children Process (SR.1): so many of them, in the order they stand in."""
    held = tracking.record(s, cluster)
    held["selected"] = True
    count = cluster.definition.select_count
    names = [child.identifier for child in cluster.children]
    if count is None or not 0 < count < len(names):
        return
    drawn = _shuffled(s, list(range(len(names))))[:count]
    held["children"] = [names[at] for at in sorted(drawn)]
    s.note("SR.1", cluster, " ".join(held["children"]))


def randomize_children(s: Session, cluster: Activity) -> None:
    """Randomize Children Process (SR.2)."""
    held = tracking.record(s, cluster)
    held["randomized"] = True
    if not cluster.definition.reorder:
        return
    names = [child.identifier for child in tracking.available_children(s, cluster)]
    held["children"] = _shuffled(s, names)
    s.note("SR.2", cluster, " ".join(held["children"]))


def _shuffled(s: Session, names: list[Name]) -> list[Name]:
    """Return the names in an order that is drawn (Fisher and Yates)."""
    names = list(names)
    for at in range(len(names) - 1, 0, -1):
        other = s.draw(at + 1)
        names[at], names[other] = names[other], names[at]
    return names
