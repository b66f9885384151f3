"""However messages are resent and reordered, the attempt ends as if they had come in order."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.kernel.errors import Conflict
from app.learning.attempts import service
from app.learning.attempts.service import Message
from app.learning.records.models import Attempt
from tests.learning import made

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
CHANGES = st.lists(
    st.sampled_from(
        [
            ("cmi.core.lesson_location", "1"),
            ("cmi.core.lesson_location", "2"),
            ("cmi.core.lesson_status", "completed"),
            ("cmi.core.lesson_status", "incomplete"),
            ("cmi.core.score.raw", "70"),
            ("cmi.core.session_time", "0000:01:00"),
            ("cmi.suspend_data", "途中"),
            ("cmi.interactions.0.id", "q1"),
            ("cmi.interactions.1.id", "q2"),
            ("cmi.interactions.0.result", "correct"),
            ("cmi.core.student_name", "refused"),
        ]
    ),
    max_size=4,
)


@st.composite
def deliveries(draw: st.DrawFn) -> tuple[list[Message], list[list[int]]]:
    """Draw messages, and the batches of numbers by which an unreliable line brings them.

    At the end the line is good, and everything comes once more in order.
    """
    count = draw(st.integers(1, 5))
    messages = [
        made.message(
            number, *draw(CHANGES), item=draw(st.sampled_from("AB")), end=draw(st.booleans())
        )
        for number in range(1, count + 1)
    ]
    batches = draw(st.lists(st.lists(st.integers(1, count), min_size=1, max_size=3), max_size=8))
    return messages, [*batches, list(range(1, count + 1))]


def opened(session: Session) -> Attempt:
    """Return an attempt whose two items are both delivered."""
    course = made.version(session, made.sco("A"), made.sco("B"))
    sitting = made.launched(session, course, NOW)
    for request in ("{target=A}choice", "{target=B}choice"):
        sitting.go(request)
    return sitting.attempt


def outcome(row: Attempt) -> tuple[object, ...]:
    """Return all that an attempt has come to."""
    statuses = row.answer["statuses"]
    return (row.document, row.sequence, statuses, row.status, row.score, row.seconds)


@settings(
    max_examples=10,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(deliveries())
def test_resent_and_reordered_messages_end_as_those_in_order(
    session: Session, drawn: tuple[list[Message], list[list[int]]]
) -> None:
    messages, batches = drawn
    in_order, on_a_bad_line = opened(session), opened(session)
    for message in messages:
        service.commit(session, in_order.id, lease=1, messages=[message], now=NOW)
    seen = 0
    for batch in batches:
        some = [messages[number - 1] for number in batch]
        try:
            with session.begin_nested():
                service.commit(session, on_a_bad_line.id, lease=1, messages=some, now=NOW)
        except Conflict as refused:
            assert refused.code == "out_of_sequence"  # noqa: PT017 - a gap is one of two outcomes
        session.refresh(on_a_bad_line)
        assert on_a_bad_line.sequence >= seen
        seen = on_a_bad_line.sequence
    assert outcome(on_a_bad_line) == outcome(in_order)
