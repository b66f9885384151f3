"""Flow through the tree (S&N 4e, SB.2.1 to SB.2.3): which leaf comes next, which came before.

Nothing is changed here, so that a player can be told beforehand what would happen; who follows a
flow off the end of the tree ends the session (see `scorm.sequencing.requests`).
"""

from dataclasses import dataclass
from typing import Literal

from scorm.sequencing import rules, tracking
from scorm.sequencing.session import Session
from scorm.sequencing.tree import Activity

Direction = Literal["forward", "backward"]


@dataclass(frozen=True)
class Step:
    """Where a step through the tree leads: `activity` None is nowhere, for the book's `reason`."""

    activity: Activity | None
    direction: Direction
    reason: str = ""


@dataclass(frozen=True)
class Flow:
    """What a flow comes to: a leaf that may be delivered, or the activity it stopped at and why."""

    activity: Activity
    is_deliverable: bool
    reason: str = ""


def _is_last(s: Session, activity: Activity) -> bool:
    """Whether nothing comes behind an activity in the tree, its own children apart."""
    return all(
        at.parent is None or tracking.available_children(s, at.parent)[-1] is at
        for at in activity.path()
    )


def tree_traversal(
    s: Session,
    activity: Activity,
    direction: Direction,
    *,
    considers_children: bool,
    previous: Direction | None = None,
) -> Step:
    """Flow Tree Traversal Subprocess (SB.2.1): one step in a direction.

    `previous` is the direction before a cluster that allows forward only turned it round; at the
    end of such a cluster the way goes back again.
    """
    is_reversed = False
    parent = activity.parent
    if previous == "backward" and parent is not None:
        siblings = tracking.available_children(s, parent)
        if siblings[-1] is activity:
            direction, activity, is_reversed = "backward", siblings[0], True
    if direction == "forward":
        return _forward(s, activity, considers_children=considers_children)
    return _backward(s, activity, considers_children=considers_children, is_reversed=is_reversed)


def _forward(s: Session, activity: Activity, *, considers_children: bool) -> Step:
    if activity.children and considers_children:
        children = tracking.available_children(s, activity)
        if children:
            return Step(children[0], "forward")
        return Step(None, "forward", reason="SB.2.1-2")
    if _is_last(s, activity):
        return Step(None, "forward", reason="SB.2.1-1")
    return Step(sibling(s, activity, 1), "forward")


def _backward(
    s: Session, activity: Activity, *, considers_children: bool, is_reversed: bool
) -> Step:
    parent = activity.parent
    if parent is None:
        return Step(None, "backward", reason="SB.2.1-3")
    if activity.children and considers_children:
        children = tracking.available_children(s, activity)
        if not children:
            return Step(None, "backward", reason="SB.2.1-2")
        if activity.definition.forward_only:
            return Step(children[0], "forward")
        return Step(children[-1], "backward")
    at: Activity | None = activity
    while at is not None and at.parent is not None:
        if at.parent.definition.forward_only and not is_reversed:
            return Step(None, "backward", reason="SB.2.1-4")
        before = _neighbour(s, at, -1)
        if before is not None:
            return Step(before, "backward")
        at, is_reversed = at.parent, False
    return Step(None, "backward", reason="SB.2.1-3")


def _neighbour(s: Session, activity: Activity, places: int) -> Activity | None:
    assert activity.parent is not None
    siblings = tracking.available_children(s, activity.parent)
    if activity not in siblings:
        return None
    at = siblings.index(activity) + places
    return siblings[at] if 0 <= at < len(siblings) else None


def sibling(s: Session, activity: Activity, places: int) -> Activity | None:
    """Return the next sibling, of the activity or else of the closest above that has one."""
    at: Activity | None = activity
    while at is not None and at.parent is not None:
        found = _neighbour(s, at, places)
        if found is not None:
            return found
        at = at.parent
    return None


def activity_traversal(
    s: Session, activity: Activity, direction: Direction, previous: Direction | None = None
) -> Flow:
    """Flow Activity Traversal Subprocess (SB.2.2): from an activity to one that is delivered.

    What is skipped is passed by, clusters are entered; a loop, where the book calls itself.
    """
    while True:
        parent = activity.parent
        if parent is None or not parent.definition.flow:
            return Flow(activity, is_deliverable=False, reason="SB.2.2-1")
        skipped = activity.rules("skip")
        if skipped and rules.check(s, activity, skipped):
            step = tree_traversal(
                s, activity, direction, considers_children=False, previous=previous
            )
            if previous == "backward" and step.direction == "backward":
                direction, previous = "backward", None
        elif rules.is_disabled(s, activity):
            return Flow(activity, is_deliverable=False, reason="SB.2.2-2")
        elif activity.is_leaf:
            return Flow(activity, is_deliverable=True)
        else:
            step = tree_traversal(s, activity, direction, considers_children=True)
            is_turned = direction == "backward" and step.direction == "forward"
            direction, previous = ("forward", "backward") if is_turned else (direction, None)
        if step.activity is None:
            return Flow(activity, is_deliverable=False, reason=step.reason)
        activity = step.activity


def flow(s: Session, activity: Activity, direction: Direction, *, considers_children: bool) -> Flow:
    """Flow Subprocess (SB.2.3): step off an activity, then go on to a leaf."""
    step = tree_traversal(s, activity, direction, considers_children=considers_children)
    if step.activity is None:
        return Flow(activity, is_deliverable=False, reason=step.reason)
    return activity_traversal(s, step.activity, step.direction)
