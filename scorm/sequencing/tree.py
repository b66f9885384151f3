"""The activity tree of a course: nodes that never change, looked up by identifier.

A leaf without anything to launch, and a cluster of nothing else, are no activities: they could
never be delivered, and a course that holds one could never be complete.
"""

from dataclasses import dataclass
from typing import Final, Self

from scorm.edition import Edition
from scorm.sequencing.definition import Objective, Rule, Sequencing
from scorm.structure import Item, Organization

_DEFAULT: Final = Sequencing()


class Activity:
    """A node: its place, its definitions, and what follows from them."""

    def __init__(
        self,
        source: Item | Organization,
        edition: Edition,
        parent: "Activity | None",
    ) -> None:
        self.identifier = source.identifier
        self.item = source if isinstance(source, Item) else None
        self.parent = parent
        self.depth: int = parent.depth + 1 if parent else 0
        self.children: tuple[Activity, ...] = ()
        self.order = 0
        self.definition = definition = source.sequencing or _DEFAULT
        threshold = source.completion_threshold
        self.completed_by_measure = bool(
            edition is Edition.SCORM_2004_4 and threshold and threshold.by_measure
        )
        self.minimum_progress = _number(threshold.minimum if threshold else None, 1.0)
        self.progress_weight = _number(threshold.weight if threshold else None, 1.0)
        self.primary = definition.primary
        self.objectives = {o.identifier: o for o in (*definition.objectives, definition.primary)}
        self.pre_rules = {
            action: [rule for rule in definition.pre if rule.action == action]
            for action in ("skip", "disabled", "hiddenFromChoice", "stopForwardTraversal")
        }
        self.can_be_disabled = bool(
            self.pre_rules["disabled"] or definition.attempt_limit is not None
        )
        #: Whether a flow into it always delivers its first leaf: nothing below has a say in it.
        self.flows_freely = False
        self.reads_shared = any(
            found.reads for objective in self.objectives.values() for found in objective.maps
        )
        self.has_writes = any(
            found.writes for objective in self.objectives.values() for found in objective.maps
        )

    def rules(self, action: str) -> list[Rule]:
        """List the precondition rules of an action."""
        return self.pre_rules[action]

    def objective(self, identifier: str | None) -> Objective | None:
        """Return the objective of a name, the primary one for None, None where there is none."""
        return self.primary if identifier is None else self.objectives.get(identifier)

    @property
    def is_leaf(self) -> bool:
        """Whether it is what is delivered."""
        return not self.children

    def path(self) -> "list[Activity]":
        """List the activities from the root to this one."""
        found: list[Activity] = []
        at: Activity | None = self
        while at is not None:
            found.append(at)
            at = at.parent
        found.reverse()
        return found

    def is_within(self, other: "Activity") -> bool:
        """Whether the other is this one or above it."""
        at: Activity | None = self
        while at is not None and at.depth > other.depth:
            at = at.parent
        return at is other


@dataclass(frozen=True)
class Tree:
    """A course's activities in their preorder, and by identifier."""

    edition: Edition
    root: Activity
    activities: tuple[Activity, ...]
    by_identifier: dict[str, Activity]
    #: shared objective → the activities that read it
    readers: dict[str, list[Activity]]
    #: Whether its shared objectives are the learner's in all courses, or the attempt's alone.
    objectives_global: bool

    @classmethod
    def of(cls, organization: Organization, edition: Edition) -> Self:
        """Return the tree of a course."""
        root = Activity(organization, edition, None)
        _grow(root, organization.items, edition)
        listed = list(_preorder(root))
        readers: dict[str, list[Activity]] = {}
        for order, activity in enumerate(listed):
            activity.order = order
            for objective in activity.objectives.values():
                for found in objective.maps:
                    if found.reads:
                        readers.setdefault(found.target, []).append(activity)
        by_identifier = {activity.identifier: activity for activity in listed}
        is_global = organization.objectives_global
        return cls(edition, root, tuple(listed), by_identifier, readers, is_global)

    @property
    def targets(self) -> list[str]:
        """The shared objectives that any activity reads or writes, in order of their names."""
        maps = (
            found.target
            for activity in self.activities
            for objective in activity.objectives.values()
            for found in objective.maps
        )
        return sorted(set(maps))


def common_ancestor(one: Activity, other: Activity) -> Activity:
    """Return the closest cluster that holds both; one of them where it is a cluster itself."""
    at = one if not one.is_leaf else one.parent or one
    while not other.is_within(at):
        assert at.parent is not None
        at = at.parent
    return at


def _grow(above: Activity, items: tuple[Item, ...], edition: Edition) -> None:
    grown = []
    for item in items:
        activity = Activity(item, edition, above)
        _grow(activity, item.children, edition)
        if activity.children or item.href is not None:
            grown.append(activity)
    above.children = tuple(grown)
    above.flows_freely = above.definition.flow and all(map(_has_no_say, grown)) and bool(grown)


def _has_no_say(activity: Activity) -> bool:
    """Whether an activity neither refuses to be flowed into nor passes the flow on."""
    is_open = not (activity.definition.pre or activity.can_be_disabled)
    return is_open and (activity.is_leaf or activity.flows_freely)


def _preorder(activity: Activity) -> "list[Activity]":
    found = [activity]
    for child in activity.children:
        found.extend(_preorder(child))
    return found


def _number(text: str | None, default: float) -> float:
    """Return a measure between 0 and 1 as a manifest writes it; anything else is the default."""
    try:
        number = float(text) if text is not None else default
    except ValueError:
        return default
    return number if 0 <= number <= 1 else default
