"""Sequencing requests (S&N 4e, SB.2.5 to SB.2.13): start, resume, retry and exit."""

import pytest

from scorm.sequencing import requests
from scorm.sequencing.requests import Answer
from tests.scorm.sequencing.made import active, at, begun, go, item, rules, session, tell, tree


@pytest.mark.parametrize(
    ("process", "code"),
    [
        (requests.continue_, "SB.2.7-1"),
        (requests.previous, "SB.2.8-1"),
        (requests.retry, "SB.2.10-1"),
        (requests.exit_, "SB.2.11-1"),
        (requests.resume_all, "SB.2.6-2"),
    ],
)
def test_what_goes_on_needs_a_session(process: object, code: str) -> None:
    assert callable(process)
    assert process(session(tree("a", flow=True))) == Answer(reason=code)


def test_what_begins_needs_that_there_is_none() -> None:
    s = begun("a", flow=True)
    assert requests.start(s) == Answer(reason="SB.2.5-1")
    assert requests.resume_all(s) == Answer(reason="SB.2.6-1")


def test_what_is_going_on_is_neither_begun_again_nor_left() -> None:
    """SB.2.10-2, SB.2.11-2."""
    s = begun("a", flow=True)
    assert requests.retry(s) == Answer(reason="SB.2.10-2")
    assert requests.exit_(s) == Answer(reason="SB.2.11-2")


def test_from_a_cluster_without_flow_rules_lead_neither_on_nor_back() -> None:
    """SB.2.7-2, SB.2.8-2: a post condition may ask where a learner could not."""
    for action, code in (("continue", "SB.2.7-2"), ("previous", "SB.2.8-2")):
        s = session(tree(item("a", post=rules(action, "always")), "b"))
        go(s, "choice a")
        assert go(s, "exit") == ["left"]
        assert s.log is not None
        assert s.log[-1].said == code


def test_what_was_suspended_is_resumed_where_it_was() -> None:
    """SB.2.6: the same attempt goes on."""
    s = begun("a", item("m", "b", "c", flow=True), flow=True)
    assert go(s, "choice c", "suspendAll", "resumeAll") == ["c", "ended", "c"]
    assert active(s) == ["root", "m", "c"]
    assert s.activities["c"]["attempts"] == 1
    assert s.suspended is None


def test_a_start_elsewhere_forgets_what_was_suspended() -> None:
    """DB.2.1."""
    s = begun("a", item("m", "b", flow=True), flow=True)
    assert go(s, "choice b", "suspendAll", "start") == ["b", "ended", "a"]
    assert (s.suspended, s.activities["m"].get("suspended")) == (None, None)
    assert s.activities["b"].get("suspended") is None


def test_what_else_is_suspended_stays_so() -> None:
    """DB.2.1: a cluster is still suspended where another child is."""
    s = begun(item("m", "a", "b", "c", flow=True), "d", flow=True)
    tell(s, session="suspended")
    assert go(s, "continue") == ["b"]
    assert go(s, "suspendAll", "choice d") == ["ended", "d"]
    assert s.activities["m"]["suspended"]
    assert s.activities["a"]["suspended"]
    assert s.activities["b"].get("suspended") is None


def test_an_exit_of_content_leaves_the_learner_within_the_session() -> None:
    s = begun("a", "b", flow=True)
    assert go(s, "exit") == ["left"]
    assert s.current is at(s, "a")
    assert go(s, "continue") == ["b"]


def test_a_session_that_has_ended_may_be_begun_again() -> None:
    s = begun("a", "b", flow=True)
    assert go(s, "exitAll", "continue", "start") == ["ended", "NB.2.1-2", "a"]
    assert s.activities["a"]["attempts"] == 2


def test_from_the_root_there_is_no_way_on() -> None:
    """Rules have led out to the root: a continue of theirs ends the session."""
    s = begun(
        item("a", post=rules("exitParent", "always")), flow=True, post=rules("continue", "always")
    )
    assert go(s, "exit") == ["ended"]


def test_a_retry_of_a_cluster_begins_at_its_first_leaf() -> None:
    """SB.2.10 3.2."""
    s = begun(
        item(
            "m",
            "a",
            item("b", post=rules("exitParent", "always")),
            flow=True,
            post=rules("retry", "always"),
        ),
        "c",
        flow=True,
    )
    assert go(s, "continue", "continue") == ["b", "a"]
    assert s.activities["m"]["attempts"] == 2
