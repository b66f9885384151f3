"""A whole request (S&N 4e, OP.1): what it comes to, and what is written down of it."""

from scorm.sequencing.overall import Result, overall_sequencing
from scorm.sequencing.session import Decision, Session
from tests.scorm.sequencing.made import at, begun, go, item, rules, session, tree


def test_a_request_comes_to_a_delivery_an_end_or_neither() -> None:
    s = begun("a", "b", flow=True)
    assert overall_sequencing(s, "continue") == Result(at(s, "b"), is_new_attempt=True)
    assert overall_sequencing(s, "exit") == Result(is_left=True)
    assert overall_sequencing(s, "dance") == Result(reason="NB.2.1-13")
    assert overall_sequencing(s, "continue") == Result(is_ended=True, reason="SB.2.1-1")


def test_what_ends_without_a_session_left_has_no_current_activity() -> None:
    s = begun("a", flow=True)
    assert go(s, "exitAll") == ["ended"]
    assert (s.current, s.state["current"]) == (None, None)


def test_a_delivery_that_is_refused_at_last_leaves_the_learner_without_content() -> None:
    """DB.1.1-3: the present content has ended before that."""
    s = begun("a", item("b", pre=rules("disabled", "always")), flow=True)
    result = overall_sequencing(s, "choice", "b")
    assert result == Result(is_left=True, reason="DB.1.1-3")


def test_decisions_are_written_down_in_the_book_s_words() -> None:
    s = session(tree("a", flow=True))
    go(s, "start", "exitAll")
    assert s.log == [
        Decision("NB.2.1", None, "start valid"),
        Decision("SB.2.12", "a", "ok"),
        Decision("DB.2", "a", "new attempt"),
        Decision("NB.2.1", "a", "exitAll valid"),
        Decision("UP.4", "a", "ended"),
        *[Decision("RB.1.4", "root", action) for action in ("notSatisfied", "satisfied")],
        *[Decision("RB.1.4", "root", action) for action in ("incomplete", "completed")],
        Decision("UP.4", "root", "ended"),
        Decision("TB.2.3", "root", "exit"),
        Decision("SB.2.12", None, "ends"),
    ]


def test_without_a_log_nothing_is_written_down() -> None:
    s = Session(tree("a", flow=True), {}, {}, lambda bound: bound - 1)
    assert go(s, "start") == ["a"]
    assert s.log is None


def test_a_stored_session_goes_on_where_it_was() -> None:
    s = begun("a", "b", flow=True)
    again = Session(s.tree, s.state, s.shared, s.draw)
    assert (again.current, again.candidate) == (at(s, "a"), at(s, "a"))
    assert go(again, "continue") == ["b"]


def test_a_stored_session_whose_item_is_gone_has_none() -> None:
    s = Session(tree("a"), {"current": "gone", "suspended": "gone"}, {}, lambda bound: bound - 1)
    assert (s.current, s.suspended) == (None, None)
