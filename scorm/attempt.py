"""One attempt on a course, from its first delivery to its end, as one document that JSON can hold.

The document, empty at first:

`current`     identifier of the item that was delivered last
`items`       identifier → run-time state (`scorm.runtime`)
`sequencing`  2004: the sequencer's state (`scorm.sequencing.session`)
`own`         2004: `objectives` and `data` that activities of this course alone share
`ended`       true when the session is over, nothing to be resumed; what is tracked stays

What a learner's courses share lies outside: `Shared`. Functions change the document in place.
SCORM 2004 goes by `scorm.sequencing`, 1.2 by `scorm.navigation`.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from scorm import navigation, runtime
from scorm.course import Controls, Course, Shared
from scorm.launch import Launch
from scorm.sequencing import reporting, tracking
from scorm.sequencing.overall import Result, overall_sequencing
from scorm.sequencing.session import Decision, Draw, Session
from scorm.sequencing.tree import Tree
from scorm.sequencing.validity import valid_requests
from scorm.structure import Item


@dataclass(frozen=True)
class Delivery:
    """What a navigation request came to: an item with its state, the attempt's end, or neither."""

    item: Item | None = None
    state: dict[str, Any] | None = None
    is_ended: bool = False
    #: The learner stays without content: what was delivered has ended.
    is_left: bool = False
    #: The book's code of why nothing was delivered; "" where that is as it should be.
    reason: str = ""


def _draw(bound: int) -> int:
    return random.randrange(bound)  # noqa: S311 - an order of questions is no secret


def _begin(session: Session) -> Result:
    result = Result()
    for request in ("resumeAll", "start"):
        result = overall_sequencing(session, request)
        if result.activity is not None:
            return result
    choices = (session.tree.by_identifier[name] for name in valid_requests(session).choices)
    first = next((choice for choice in choices if choice.is_leaf), None)
    return overall_sequencing(session, "choice", first.identifier) if first else result


@dataclass
class Attempt:
    """An attempt's document with all that its steps need."""

    course: Course
    document: dict[str, Any]
    shared: Shared = field(default_factory=Shared)
    #: Whether a session that ends without a word is to be resumed, or has simply ended.
    suspends_silent: bool = True
    draw: Draw = _draw
    log: list[Decision] | None = None

    def _session(self, tree: Tree) -> Session:
        state = self.document.setdefault("sequencing", {})
        return Session(tree, state, self.objectives(), self.draw, self.log)

    def objectives(self) -> dict[str, dict[str, Any]]:
        """Return the shared objectives that count here: the learner's, or this attempt's own."""
        if self.course.organization.objectives_global:
            return self.shared.objectives
        own: dict[str, Any] = self.document.setdefault("own", {})
        found: dict[str, dict[str, Any]] = own.setdefault("objectives", {})
        return found

    def _data(self) -> dict[str, str]:
        if self.course.organization.shared_data_global:
            return self.shared.data
        own: dict[str, Any] = self.document.setdefault("own", {})
        found: dict[str, str] = own.setdefault("data", {})
        return found

    @property
    def states(self) -> dict[str, dict[str, Any]]:
        """The run-time states of the items that were delivered."""
        found: dict[str, dict[str, Any]] = self.document.setdefault("items", {})
        return found

    def navigate(
        self, request: str, target: str | None, launch: Callable[[Item], Launch]
    ) -> Delivery:
        """Follow a navigation request; `launch` tells what an item is given when it starts.

        Besides the requests of the book (see `overall_sequencing`) there is `open`: go on where the
        learner stopped, or begin.
        """
        if request == "open":
            self.document.pop("ended", None)
        if self.document.get("ended"):
            return Delivery(is_ended=True)
        tree = self.course.tree
        if tree is None:
            return self._navigate_1_2(request, target, launch)
        session = self._session(tree)
        was_silent = self._settle(session, request)
        if request == "open":
            result = self._open(session, is_over=was_silent and not self.suspends_silent)
        else:
            if request == "suspendAll":
                self._suspend(session)
            result = overall_sequencing(session, request, target)
        return self._delivered(session, result, launch)

    def _suspend(self, session: Session) -> None:
        """Keep the present content's data to be resumed: a suspendAll is on the learner's part."""
        current = session.current
        state = self.states.get(current.identifier) if current else None
        if state is not None and current is not None and tracking.is_active(session, current):
            state["session"] = "suspended"

    def _settle(self, session: Session, request: str) -> bool:
        """End the present content's session where it has not done so itself; return whether so.

        A window that is closed without a word is a suspendAll, unless the course says otherwise.
        Where the learner goes on, content that calls itself incomplete is kept to be resumed; all
        other has simply ended.
        """
        current = session.current
        state = self.states.get(current.identifier) if current else None
        if current is None or state is None or not runtime.is_open(state):
            return False
        ended = runtime.finish(self.course.edition, state, leaving=self.suspends_silent)
        if self.suspends_silent and request in ("open", "suspendAll"):
            ended["session"] = "suspended"
        self.states[current.identifier] = ended
        reporting.report(session, current, ended)
        return True

    def _open(self, session: Session, *, is_over: bool) -> Result:
        """Go on after a launch: what its last session left open is suspended first.

        Where nothing can be resumed nor started, as the course has no flow, the first item that may
        be chosen is. `is_over`: the course goes on where it was, but its content begins afresh.
        """
        if session.current is not None:
            result = self._take_up(session, is_over=is_over)
            if result.activity is not None:
                return result
        result = _begin(session)
        if result.activity is None and not self.states:
            # An attempt that begins after one that is done: rules may find nothing left to do.
            tracking.forget_results(session)
            result = _begin(session)
        return result

    def _take_up(self, session: Session, *, is_over: bool) -> Result:
        """Follow what content has asked for last, if anything; else suspend what is going on."""
        asked = self._last_request(session)
        result = overall_sequencing(session, *asked) if asked else Result()
        if result.activity is None and session.current is not None:
            if not is_over:
                self._suspend(session)
            overall_sequencing(session, "suspendAll")
            session.current = None
        return result

    def _last_request(self, session: Session) -> tuple[str, str | None] | None:
        """Return what content asked for as it ended, and nobody followed: its page went away."""
        current = session.current
        state = self.states.get(current.identifier) if current else None
        if state is None or state["session"] == "open":
            return None
        return navigation.parse_request(state["values"].get("adl.nav.request", "_none_"))

    def _delivered(
        self, session: Session, result: Result, launch: Callable[[Item], Launch]
    ) -> Delivery:
        activity = result.activity
        if result.is_ended:
            self._end(session)
        if activity is None or activity.item is None:
            return Delivery(is_ended=result.is_ended, is_left=result.is_left, reason=result.reason)
        item = activity.item
        former = self.states.get(item.identifier)
        has_ended = former is not None and former["session"] == "finished"
        state = runtime.begin(
            self.course.edition,
            launch(item),
            former,
            is_new_attempt=result.is_new_attempt or (has_ended and not self.suspends_silent),
        )
        reporting.lay_out(session, activity, state)
        self._lay_out_data(item, state)
        return self._started(item, state)

    def _started(self, item: Item, state: dict[str, Any]) -> Delivery:
        self.states[item.identifier] = state
        self.document["current"] = item.identifier
        if self.course.tree is not None and item.resource_type == "asset":
            # An asset says nothing: to have been delivered is all it can do.
            session = self._session(self.course.tree)
            reporting.report(session, self.course.tree.by_identifier[item.identifier], state)
        return Delivery(item, state)

    def _end(self, session: Session) -> None:
        """Note that the session is over; what is shared within one attempt goes with it."""
        if not tracking.is_suspended(session, session.tree.root):
            self.document["ended"] = True
            self.document.pop("own", None)

    def _lay_out_data(self, item: Item, state: dict[str, Any]) -> None:
        data = self._data()
        for at, bucket in enumerate(item.shared_data):
            state["values"].pop(f"adl.data.{at}.store", None)
            if bucket.target in data:
                state["values"][f"adl.data.{at}.store"] = data[bucket.target]

    def commit(
        self,
        identifier: str,
        changes: Sequence[tuple[str, str]],
        *,
        finished: bool,
        leaving: bool = False,
    ) -> list[runtime.Rejection]:
        """Apply what content has set; return what was refused. `identifier` must be in `states`."""
        state = self.states[identifier]
        rejected = runtime.apply(self.course.edition, state, changes)
        if not finished and runtime.are_notes(changes):
            return rejected
        if finished:
            state = runtime.finish(self.course.edition, state, leaving=leaving)
            self.states[identifier] = state
        tree = self.course.tree
        if tree is not None and identifier in tree.by_identifier:
            reporting.report(self._session(tree), tree.by_identifier[identifier], state)
            self._take_data(self.course.items[identifier], state)
        return rejected

    def _take_data(self, item: Item, state: dict[str, Any]) -> None:
        for at, bucket in enumerate(item.shared_data):
            store = state["values"].get(f"adl.data.{at}.store")
            if bucket.writable and store is not None:
                self._data()[bucket.target] = store

    def controls(self) -> Controls:
        """Return what may be asked for now."""
        if self.document.get("ended"):
            return Controls()
        tree = self.course.tree
        if tree is None:
            return navigation.controls(self.course, self.document)
        return valid_requests(self._session(tree))

    def _navigate_1_2(
        self, request: str, target: str | None, launch: Callable[[Item], Launch]
    ) -> Delivery:
        if request in ("exitAll", "abandonAll"):
            self.document["ended"] = True
            return Delivery(is_ended=True)
        present = self.document.get("current", "")
        state = self.states.get(present)
        if state is not None and runtime.is_open(state) and not self.suspends_silent:
            # What has ended keeps its data in 1.2; but its next session is no resumption.
            self.states[present] = runtime.finish(self.course.edition, state)
        item = navigation.deliver(self.course, self.document, request, target)
        if item is None:
            return Delivery(is_left=True)
        state = runtime.begin(self.course.edition, launch(item), self.states.get(item.identifier))
        return self._started(item, state)

    def leave(self, *, is_done: bool) -> None:
        """Let the learner go: what is done and not to be resumed is over, all other is kept.

        A course that is left in the middle is suspended (S&N 4e, 3.3), whatever its content says.
        """
        states = self.states.values()
        is_kept = any(runtime.is_open(state) or runtime.is_suspended(state) for state in states)
        request = "exitAll" if is_done and not is_kept else "suspendAll"
        tree = self.course.tree
        if tree is None:
            if request == "exitAll":
                self.document["ended"] = True
            return
        session = self._session(tree)
        self._settle(session, request)
        if request == "suspendAll":
            self._suspend(session)
        result = overall_sequencing(session, request)
        if result.is_ended or (is_done and not is_kept):
            self._end(session)
