"""Choice of an activity (S&N 4e, SB.2.4, SB.2.9 to SB.2.9.2): may it be gone to from here."""

from scorm.sequencing import rules, tracking
from scorm.sequencing.flow import Direction, sibling
from scorm.sequencing.session import Session
from scorm.sequencing.tree import Activity, common_ancestor


def activity_traversal(s: Session, activity: Activity, direction: Direction) -> str | None:
    """Choice Activity Traversal Subprocess (SB.2.4): return why an activity cannot be passed."""
    if direction == "forward":
        stops = activity.rules("stopForwardTraversal")
        return "SB.2.4-1" if stops and rules.check(s, activity, stops) else None
    if activity.parent is None:
        return "SB.2.4-3"
    return "SB.2.4-2" if activity.parent.definition.forward_only else None


def flow(s: Session, activity: Activity, direction: Direction) -> Activity:
    """Choice Flow Subprocess (SB.2.9.1): the activity a constrained choice may reach at most."""
    # Its way to a neighbour is the Choice Flow Tree Traversal Subprocess (SB.2.9.2), too.
    return sibling(s, activity, 1 if direction == "forward" else -1) or activity


def is_hidden(s: Session, activity: Activity) -> bool:
    """Whether a rule of the activity's own hides it from choice."""
    found = activity.pre_rules["hiddenFromChoice"]
    return bool(found) and rules.check(s, activity, found) is not None


def refusal(s: Session, target: Activity, start: Activity | None) -> str | None:
    """Choice Sequencing Request Process (SB.2.9), steps 1 to 10: why a target cannot be chosen.

    `start` is where the learner is, None at the beginning of a session.
    """
    if not tracking.is_available(s, target):
        return "SB.2.9-2"
    if any(is_hidden(s, at) for at in target.path()):
        return "SB.2.9-3"
    if target.parent is None:
        # All lies below the root: to choose it is to leave every cluster.
        return _way_out(s, start, target) if start is not None and start is not target else None
    if not target.parent.definition.choice:
        return "SB.2.9-4"
    return Objection(s, target.parent, start).to(target)


class Objection:
    """What stands against choosing a child of a cluster from where the learner is.

    Most of it is the same for all children, and found once: what is passed on the way down to the
    cluster (steps 6 and 9), what must be left (7 and 8), and how far siblings may be reached (5).
    """

    def __init__(self, s: Session, cluster: Activity, start: Activity | None) -> None:
        self._s = s
        self._start = start
        self._cluster = cluster
        self._constrained: Activity | None = None
        self._is_beside = start is not None and start.parent is cluster
        if self._is_beside:
            self._of_all = None
            self._reasons = self._among_siblings()
        else:
            self._of_all = self._on_the_way()

    def to(self, target: Activity) -> str | None:
        """Return the book's code of what stands against choosing this child, None for nothing."""
        if target is self._start:
            return None
        if self._is_beside:
            return self._reasons.get(target.identifier)
        if self._start is not None and self._start.is_within(target):
            return _way_out(self._s, self._start, target)
        if self._of_all is None and self._constrained is not None:
            is_reached = _is_reachable(self._s, self._constrained, target)
            return None if is_reached else "SB.2.9-8"
        return self._of_all

    def _on_the_way(self) -> str | None:
        s, start, cluster = self._s, self._start, self._cluster
        if start is None:
            return _way_down(s, s.tree.root, cluster)
        common = common_ancestor(start, cluster)
        if start is common:
            return _way_down(s, common, cluster)
        at = start.parent
        while at is not None and at is not common:
            if not at.definition.choice_exit:
                return "SB.2.9-7"
            if self._constrained is None and at.definition.constrain_choice:
                self._constrained = at
            at = at.parent
        return _way_down(s, common, cluster)

    def _among_siblings(self) -> dict[str, str]:
        """Return the reasons by identifier: walk both ways from the start until something stops."""
        s, start = self._s, self._start
        assert start is not None
        siblings = tracking.available_children(s, self._cluster)
        if start not in siblings:
            return {one.identifier: "SB.2.9-5" for one in siblings}
        here = siblings.index(start)
        found = {}
        directions: tuple[Direction, Direction] = ("forward", "backward")
        for direction, way in zip(directions, (siblings[here:], siblings[here::-1]), strict=True):
            reason = None
            for one in way:
                if reason:
                    found[one.identifier] = reason
                reason = reason or activity_traversal(s, one, direction)
        return found


def _way_out(s: Session, start: Activity, target: Activity) -> str | None:
    """Return what stands against choosing a cluster that the learner is in.

    The book lets the cluster's own choiceExit and a constraint below it pass. ADL's own sequencer
    does not, and content goes by it: the cluster itself is outside of what may not be left, and
    within a constraint only where its flow begins there.
    """
    constrained: Activity | None = None
    at = start.parent
    while at is not None:
        if not at.definition.choice_exit:
            return "SB.2.9-7"
        if at is target:
            break
        if constrained is None and at.definition.constrain_choice:
            constrained = at
        at = at.parent
    if constrained is not None and not _begins_within(s, constrained, target):
        return "SB.2.9-8"
    return None


def _begins_within(s: Session, constrained: Activity, target: Activity) -> bool:
    """Whether a flow into a cluster begins with the least that a constraint reaches."""
    at = flow(s, constrained, "backward")
    while at.parent is not None and at is not target:
        first = tracking.available_children(s, at.parent)[0]
        if at is not first or not at.parent.definition.flow:
            return False
        at = at.parent
    return at is target


def _is_reachable(s: Session, constrained: Activity, target: Activity) -> bool:
    """Whether a target outside of a constrained cluster is just before or just behind it."""
    reached = flow(s, constrained, "forward"), flow(s, constrained, "backward")
    return any(target.is_within(activity) for activity in reached)


def _way_down(s: Session, common: Activity, cluster: Activity) -> str | None:
    """Return what stops on the way from the common ancestor into a cluster, both included."""
    for at in cluster.path()[common.depth :]:
        reason = activity_traversal(s, at, "forward")
        if reason:
            return reason
        is_entered = at is common or tracking.is_active(s, at)
        if not is_entered and at.definition.prevent_activation:
            return "SB.2.9-6"
    return None
