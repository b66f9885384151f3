"""A session is suspended by its content's word, or where the learner leaves what is incomplete."""

from __future__ import annotations

import pytest

from scorm import runtime
from scorm.edition import Edition

LAUNCH = runtime.Launch(learner_id="1", learner_name="架空 太郎")
V12, V4 = Edition.SCORM_12, Edition.SCORM_2004_4


def ended(edition: Edition, *changes: tuple[str, str], leaving: bool = False) -> dict[str, object]:
    state = runtime.begin(edition, LAUNCH, None)
    assert runtime.apply(edition, state, changes) == []
    return runtime.finish(edition, state, leaving=leaving)


@pytest.mark.parametrize(
    ("said", "leaving", "suspended"),
    [
        ("incomplete", True, True),
        ("incomplete", False, False),
        ("completed", True, False),
        (None, True, False),
    ],
)
def test_leaving_suspends_only_what_is_incomplete(
    said: str | None, leaving: bool, suspended: bool
) -> None:
    """It is the LMS's own suspendAll, whatever content says of its exit (S&N 4e, 3.3)."""
    status = [("cmi.completion_status", said)] if said else []
    changes = [("cmi.location", "3"), *status, ("cmi.exit", "normal")]
    after = ended(V4, *changes, leaving=leaving)
    assert runtime.is_suspended(after) is suspended
    again = runtime.begin(V4, LAUNCH, after)
    assert runtime.get_value(V4, again, "cmi.location")[0] == ("3" if suspended else "")


@pytest.mark.parametrize("leaving", [True, False])
def test_what_content_suspends_is_suspended_however_it_is_left(leaving: bool) -> None:
    for edition, name in ((V4, "cmi.exit"), (V12, "cmi.core.exit")):
        after = ended(edition, (name, "suspend"), leaving=leaving)
        assert runtime.is_suspended(after)


def test_leaving_what_is_incomplete_suspends_nothing_in_1_2() -> None:
    """Its data are kept anyway."""
    after = ended(V12, ("cmi.core.lesson_status", "incomplete"), leaving=True)
    assert not runtime.is_suspended(after)


def test_to_ask_for_a_suspend_all_is_a_word_to_the_sequencer_alone() -> None:
    after = ended(V4, ("cmi.location", "7"), ("adl.nav.request", "suspendAll"))
    assert not runtime.is_suspended(after)
    again = runtime.begin(V4, LAUNCH, after)
    assert runtime.get_value(V4, again, "cmi.entry") == ("ab-initio", 0)


@pytest.mark.parametrize(("is_new", "location"), [(True, ""), (False, "7")])
def test_the_sequencer_says_whether_an_attempt_is_new(is_new: bool, location: str) -> None:
    """S&N 4e, DB.2: it is asked before the state's own session."""
    for session_exit in ("suspend", "normal"):
        after = ended(V4, ("cmi.location", "7"), ("cmi.exit", session_exit))
        again = runtime.begin(V4, LAUNCH, after, is_new_attempt=is_new)
        assert runtime.get_value(V4, again, "cmi.location")[0] == location
