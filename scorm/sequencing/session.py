"""What every process works on: the course's tree, the tracked state, and what learners share.

The state is a dictionary that JSON can hold, empty at first:

`current`     identifier of the current activity; absent before the session and after its end
`suspended`   identifier of the activity that a suspendAll left, to be resumed
`activities`  identifier → what is tracked of it, see `scorm.sequencing.tracking`
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from scorm.sequencing.tree import Activity, Tree

#: Draws a whole number from 0 up to, not including, the bound.
Draw = Callable[[int], int]


@dataclass
class Decision:
    """One step that the sequencer took: which process of the book, on what, and what came of it."""

    process: str
    activity: str | None
    said: str


@dataclass
class Session:
    """One learner's way through a tree. `state` and `shared` are changed in place.

    `shared` holds the shared objectives by their names, each a dictionary of its known values.
    """

    tree: Tree
    state: dict[str, Any]
    shared: dict[str, dict[str, Any]]
    draw: Draw
    log: list[Decision] | None = None
    #: Where a sequencing request starts from (S&N 4e, TB.2.3): the current activity, or the one
    #: that rules have moved the exit to.
    candidate: Activity | None = field(init=False)

    def __post_init__(self) -> None:
        self.activities: dict[str, dict[str, Any]] = self.state.setdefault("activities", {})
        self.candidate = self.current

    @property
    def current(self) -> Activity | None:
        """The current activity, None where no session is going on."""
        return self.tree.by_identifier.get(self.state.get("current") or "")

    @current.setter
    def current(self, activity: Activity | None) -> None:
        self.state["current"] = activity.identifier if activity else None
        self.candidate = activity

    @property
    def suspended(self) -> Activity | None:
        """The activity that is to be resumed."""
        return self.tree.by_identifier.get(self.state.get("suspended") or "")

    @suspended.setter
    def suspended(self, activity: Activity | None) -> None:
        self.state["suspended"] = activity.identifier if activity else None

    def note(self, process: str, activity: Activity | None, said: str) -> None:
        """Write a decision into the log, if one is kept."""
        if self.log is not None:
            identifier = activity.identifier if activity else None
            self.log.append(Decision(process, identifier, said))
