"""What holds in any course, whatever is asked for: random trees and random requests."""

import copy
import json
from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from scorm import result
from scorm.attempt import Attempt, Delivery
from scorm.course import Course, Shared
from scorm.launch import Launch
from scorm.sequencing import rules, tracking
from scorm.sequencing.session import Session
from scorm.sequencing.tree import Activity
from scorm.structure import Item
from tests.scorm.sequencing.courses import LASTING_SAYINGS, courses

#: What content says; `{}` stands for the place of an objective.
SAID = st.lists(
    st.sampled_from(
        [
            ("cmi.completion_status", "completed"),
            ("cmi.completion_status", "incomplete"),
            ("cmi.completion_status", "unknown"),
            ("cmi.success_status", "passed"),
            ("cmi.success_status", "failed"),
            ("cmi.score.scaled", "0.5"),
            ("cmi.score.scaled", "-1"),
            ("cmi.progress_measure", "0.7"),
            ("cmi.exit", "suspend"),
            ("cmi.exit", "normal"),
            ("cmi.objectives.0.id", "o"),
            ("cmi.objectives.0.success_status", "passed"),
            ("cmi.objectives.0.score.scaled", "1"),
            ("cmi.objectives.0.score.raw", "7"),
            ("cmi.objectives.0.completion_status", "incomplete"),
            ("cmi.objectives.0.progress_measure", "0.1"),
            ("adl.data.0.store", "x"),
            ("adl.nav.request", "continue"),
            ("adl.nav.request", "exitAll"),
        ]
    ),
    max_size=4,
)
REQUESTS = st.sampled_from(
    [
        *("open", "start", "resumeAll", "continue", "continue", "continue", "previous"),
        *("exit", "exitAll", "abandon", "abandonAll", "suspendAll", "no such request"),
    ]
).map(lambda request: (request, None)) | st.tuples(
    st.sampled_from(["choice", "choice", "jump"]),
    st.sampled_from(["root", "absent", *(f"a{number}" for number in range(8))]),
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("go"), REQUESTS),
        st.tuples(st.just("go"), REQUESTS),
        st.tuples(st.just("say"), st.tuples(SAID, st.booleans())),
        st.tuples(st.just("leave"), st.booleans()),
    ),
    min_size=3,
    max_size=10,
)


def launch(item: Item) -> Launch:
    return Launch.of(item, learner_id="k", learner_name="n", language="", mode="normal")


def drawing(seed: int) -> Callable[[int], int]:
    """Return a draw that gives the same numbers for the same seed."""
    numbers = [seed]

    def draw(bound: int) -> int:
        numbers[0] = (numbers[0] * 1103515245 + 12345) % 2**31
        return numbers[0] // 16 % bound

    return draw


def begun(course: Course, *, suspends: bool = True, seed: int = 0) -> Attempt:
    attempt = Attempt(course, {}, Shared(), suspends_silent=suspends, draw=drawing(seed))
    attempt.navigate("open", None, launch)
    return attempt


def take(attempt: Attempt, step: tuple[str, Any]) -> None:
    kind, given_ = step
    if kind == "go":
        attempt.navigate(*given_, launch)
    elif kind == "leave":
        attempt.leave(is_done=given_)
    elif "current" in attempt.document:
        said, finished = given_
        attempt.commit(attempt.document["current"], said, finished=finished)


def is_closed_above(s: Session, activity: Activity) -> bool:
    """Tell whether a cluster above is disabled: continue is offered even so."""
    return any(rules.is_disabled(s, at) for at in activity.path()[:-1])


def session_of(attempt: Attempt) -> Session:
    assert attempt.course.tree is not None
    state = attempt.document.get("sequencing", {})
    return Session(attempt.course.tree, state, attempt.objectives(), attempt.draw)


def active(attempt: Attempt) -> list[str]:
    s = session_of(attempt)
    return [a.identifier for a in s.tree.activities if tracking.is_active(s, a)]


def path(attempt: Attempt) -> list[str]:
    current = session_of(attempt).current
    return [a.identifier for a in current.path()] if current else []


@settings(max_examples=80)
@given(courses(), STEPS, st.booleans())
def test_no_step_breaks_the_document_or_leaves_the_path(
    course: Course, steps: list[tuple[str, Any]], suspends: bool
) -> None:
    attempt = begun(course, suspends=suspends)
    for step in steps:
        take(attempt, step)
        found = active(attempt)
        assert found == path(attempt)[: len(found)]
        kept = [attempt.document, attempt.shared.objectives, attempt.shared.data]
        stored = json.loads(json.dumps(kept))
        assert stored == kept
        attempt.controls()
        assert stored == kept


def after(course: Course, steps: list[tuple[str, Any]], *, seed: int = 0) -> Attempt:
    attempt = begun(course, seed=seed)
    for step in steps:
        take(attempt, step)
    return attempt


def asked(attempt: Attempt, request: str, target: str | None = None) -> Delivery:
    """Return what a request would come to."""
    document, shared = copy.deepcopy((attempt.document, attempt.shared))
    tried = Attempt(attempt.course, document, shared, draw=drawing(0))
    return tried.navigate(request, target, launch)


@settings(max_examples=50)
@given(courses(LASTING_SAYINGS), STEPS)
def test_what_may_be_chosen_is_delivered_and_nothing_else(
    course: Course, steps: list[tuple[str, Any]]
) -> None:
    attempt = after(course, steps)
    for activity in session_of(attempt).tree.activities:
        name = activity.identifier
        delivered = asked(attempt, "choice", name).item is not None
        assert delivered == (name in attempt.controls().choices)


@settings(max_examples=30)
@given(courses(LASTING_SAYINGS), STEPS)
def test_what_may_be_jumped_to_is_delivered(course: Course, steps: list[tuple[str, Any]]) -> None:
    attempt = after(course, steps)
    for name in attempt.controls().jumps:
        assert asked(attempt, "jump", name).item is not None


@settings(max_examples=50)
@given(courses(LASTING_SAYINGS), STEPS)
def test_what_may_be_gone_on_or_back_to_is_delivered_or_ends_the_session(
    course: Course, steps: list[tuple[str, Any]]
) -> None:
    attempt = after(course, steps)
    s = session_of(attempt)
    if attempt.controls().can_continue and s.current and not is_closed_above(s, s.current):
        found = asked(attempt, "continue")
        assert found.item is not None or found.is_ended
    if attempt.controls().can_go_back:
        assert asked(attempt, "previous").item is not None


@settings(max_examples=20)
@given(courses(), STEPS, st.integers(0, 99))
def test_the_same_draw_gives_the_same_document(
    course: Course, steps: list[tuple[str, Any]], seed: int
) -> None:
    one, other = (after(course, steps, seed=seed) for _ in range(2))
    assert one.document == other.document
    assert one.shared == other.shared


@settings(max_examples=40)
@given(courses(), STEPS, SAID, st.booleans())
def test_to_commit_again_changes_nothing(
    course: Course, steps: list[tuple[str, Any]], said: list[tuple[str, str]], finished: bool
) -> None:
    attempt = after(course, steps)
    for identifier in [*attempt.states]:
        refused = {
            (one.element, one.value) for one in attempt.commit(identifier, said, finished=finished)
        }
        # What was refused because something was missing may be taken the second time.
        said = [one for one in said if one not in refused]
        kept = copy.deepcopy([attempt.document, attempt.shared])
        attempt.commit(identifier, said, finished=finished)
        assert [attempt.document, attempt.shared] == kept


@settings(max_examples=40)
@given(courses(), STEPS)
def test_what_content_notes_for_itself_changes_nothing_that_is_derived(
    course: Course, steps: list[tuple[str, Any]]
) -> None:
    attempt = after(course, steps)
    for identifier in [*attempt.states]:
        if attempt.states[identifier]["session"] != "open":
            continue
        attempt.commit(identifier, [("cmi.completion_status", "unknown")], finished=False)
        kept = derived(attempt)
        notes = [("cmi.location", "2"), ("cmi.suspend_data", "x")]
        assert attempt.commit(identifier, notes, finished=False) == []
        assert derived(attempt) == kept
        # By the long way, with something that says nothing new: the same.
        attempt.commit(identifier, [("cmi.completion_status", "unknown")], finished=False)
        assert derived(attempt) == kept


def derived(attempt: Attempt) -> list[Any]:
    found = result.outcomes(attempt.course, attempt.document)
    return copy.deepcopy([found, result.whole(attempt, found), attempt.controls()])
