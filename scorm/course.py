"""A course as it is played, what its learner's courses share, and what a player may offer."""

from dataclasses import dataclass, field
from typing import Any

from scorm.edition import Edition
from scorm.sequencing.tree import Tree
from scorm.structure import Item, Organization, leaves


@dataclass(frozen=True)
class Course:
    """An organization with its leaves by identifier; `tree` is None in 1.2, without sequencing."""

    edition: Edition
    organization: Organization
    tree: Tree | None
    items: dict[str, Item]

    @classmethod
    def of(cls, edition: Edition, organization: Organization) -> "Course":
        """Return the course of an organization."""
        tree = Tree.of(organization, edition) if edition.is_2004 else None
        items = {item.identifier: item for item in leaves(organization)}
        return cls(edition, organization, tree, items)

    @property
    def title(self) -> str:
        """What the course calls itself."""
        return self.organization.title

    @property
    def flows(self) -> bool:
        """Whether "next" and "previous" ever lead anywhere: without any flow only choice does."""
        if self.tree is None:
            return True
        return any(not at.is_leaf and at.definition.flow for at in self.tree.activities)

    @property
    def shared_objectives(self) -> list[str]:
        """The objectives that the learner's other courses may know, too."""
        if self.tree is None or not self.organization.objectives_global:
            return []
        return self.tree.targets

    @property
    def shared_data(self) -> list[str]:
        """The buckets of adl.data that the learner's other courses may know, too."""
        if self.edition is not Edition.SCORM_2004_4 or not self.organization.shared_data_global:
            return []
        return sorted({bucket.target for i in self.items.values() for bucket in i.shared_data})


@dataclass
class Shared:
    """What one learner's courses share: objectives (values by name) and buckets, by target."""

    objectives: dict[str, dict[str, Any]] = field(default_factory=dict)
    data: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Controls:
    """What may be asked for now; identifiers of items and clusters."""

    can_continue: bool = False
    can_go_back: bool = False
    choices: tuple[str, ...] = ()
    jumps: tuple[str, ...] = ()
    #: What rules hide from choice, with all below.
    hidden: tuple[str, ...] = ()

    def as_requests(self) -> dict[str, str]:
        """Return the answers to adl.nav.request_valid (RTE 4e, 4.4.1)."""
        return {
            "continue": "true" if self.can_continue else "false",
            "previous": "true" if self.can_go_back else "false",
            "choice": " ".join(self.choices),
            "jump": " ".join(self.jumps),
        }

    def as_document(self) -> dict[str, Any]:
        """Return what a player shows, as JSON can hold it."""
        return {
            "continue": self.can_continue,
            "previous": self.can_go_back,
            "choices": list(self.choices),
            "jumps": list(self.jumps),
            "hidden": list(self.hidden),
        }
