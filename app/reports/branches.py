"""The tree of sections, and what the counts of its leaves add up to: 部 above 課 above 係."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from app.people.sections.queries import Place


@dataclass(frozen=True)
class Branch:
    """A section at its place in the tree."""

    id: uuid.UUID
    name: str
    #: How many sections stand above it.
    depth: int


@dataclass(frozen=True)
class Tree:
    """The sections of a day, in the order of the organisation."""

    places: Sequence[Place]
    #: By each section those right below it; None: at the top.
    children: Mapping[uuid.UUID | None, Sequence[Place]] = field(init=False)

    def __post_init__(self) -> None:
        known = {place.id for place in self.places}
        found: dict[uuid.UUID | None, list[Place]] = defaultdict(list)
        for place in self.places:
            found[place.parent_id if place.parent_id in known else None].append(place)
        object.__setattr__(self, "children", found)

    @property
    def ids(self) -> frozenset[uuid.UUID]:
        """The keys of all of them."""
        return frozenset(place.id for place in self.places)

    def branches(self, top: uuid.UUID | None = None, depth: int = 0) -> Iterator[Branch]:
        """Yield the sections below one (None: all), each followed by those below it."""
        for place in self.children.get(top, ()):
            yield Branch(place.id, place.name, depth)
            yield from self.branches(place.id, depth + 1)

    def below(self, section_id: uuid.UUID) -> frozenset[uuid.UUID]:
        """Return a section with all below it."""
        return frozenset({section_id, *(branch.id for branch in self.branches(section_id))})

    def summed(self, counts: Mapping[uuid.UUID | None, int]) -> dict[uuid.UUID, int]:
        """Return how many each section has with all below it, where that is any."""
        found: dict[uuid.UUID, int] = {}

        def add(section_id: uuid.UUID) -> int:
            total = counts.get(section_id, 0) + sum(
                add(place.id) for place in self.children.get(section_id, ())
            )
            if total:
                found[section_id] = total
            return total

        for place in self.children.get(None, ()):
            add(place.id)
        return found
