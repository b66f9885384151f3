"""An item is delivered: by flow, by choice, to the newest launch alone."""

from __future__ import annotations

import uuid
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from app.kernel.errors import Conflict, Refused
from app.learning.attempts import service
from app.learning.attempts.service import Delivered
from app.learning.records.models import Attempt
from scorm.structure import Item
from tests import factories
from tests.learning import made

THREE = (made.sco("A"), made.sco("B"), made.sco("C"))


@pytest.fixture
def attempt(session: Session, now: datetime) -> Attempt:
    """An attempt at a course of three SCOs, launched once."""
    return begun(session, now, *THREE)


def begun(session: Session, now: datetime, *items: Item, edition: str = "1.2") -> Attempt:
    """Begin an attempt at a course of these items."""
    return service.begin(
        session,
        made.version(session, *items, edition=edition),
        person_id=factories.person(session).id,
        assignment_id=uuid.uuid4(),
        now=now,
    )


def deliver(
    session: Session, attempt: Attempt, request: str, now: datetime, lease: int | None = None
) -> Delivered | None:
    return service.deliver(
        session,
        attempt.id,
        lease=lease or attempt.lease,
        request=request,
        learner=made.HANAKO,
        now=now,
    )


def named(delivered: Delivered | None) -> str | None:
    return delivered.item.identifier if delivered else None


def test_flow_leads_through_the_leaves_in_order_and_out(
    session: Session, attempt: Attempt, now: datetime
) -> None:
    requests = ["start", "continue", "continue", "previous", "continue", "continue"]
    found = [named(deliver(session, attempt, request, now)) for request in requests]
    assert found == ["A", "B", "C", "B", "C", None]


def test_choice_leads_to_the_chosen_leaf_and_resume_to_the_last_one(
    session: Session, attempt: Attempt, now: datetime
) -> None:
    assert named(deliver(session, attempt, "choice:C", now)) == "C"
    assert named(deliver(session, attempt, "resume", now)) == "C"


@pytest.mark.parametrize("request_", ["choice:Z", "nonsense", "", "choice:", "\ud800"])
def test_what_cannot_be_followed_leads_to_the_present_leaf(
    session: Session, attempt: Attempt, now: datetime, request_: str
) -> None:
    deliver(session, attempt, "choice:B", now)
    assert named(deliver(session, attempt, request_, now)) == "B"


def test_the_player_is_told_what_it_may_ask_for_next(
    session: Session, attempt: Attempt, now: datetime
) -> None:
    first = deliver(session, attempt, "start", now)
    assert first is not None
    assert first.requests == {
        "continue": "true",
        "previous": "false",
        "choice": "A B C",
        "jump": "",
    }
    assert first.statuses == {"A": "in_progress", "B": "not_started", "C": "not_started"}


def test_the_content_is_told_who_learns_and_what_the_manifest_says(
    session: Session, now: datetime
) -> None:
    item = made.sco("A", mastery_score="80", launch_data="一章から")
    delivered = deliver(session, begun(session, now, item), "start", now)
    assert delivered is not None
    values = delivered.state["values"]
    assert values["cmi.core.student_id"] == "00012"
    assert values["cmi.core.student_name"] == "架空 花子"
    assert values["cmi.student_data.mastery_score"] == "80"
    assert values["cmi.launch_data"] == "一章から"
    assert values["cmi.core.entry"] == "ab-initio"


def test_an_asset_is_complete_once_it_is_delivered(session: Session, now: datetime) -> None:
    asset = Item("A", "資料", href="a.pdf", resource_type="asset")
    attempt = begun(session, now, asset)
    deliver(session, attempt, "start", now)
    assert attempt.status == "completed"


def test_a_cluster_without_a_page_is_passed_over(session: Session, now: datetime) -> None:
    cluster = Item("K", "第一章", children=(made.sco("A"),))
    attempt = begun(session, now, cluster, made.sco("B"))
    assert named(deliver(session, attempt, "start", now)) == "A"
    assert named(deliver(session, attempt, "choice:K", now)) == "A"


def test_a_new_launch_counts_its_messages_from_the_beginning(
    session: Session, attempt: Attempt, now: datetime
) -> None:
    deliver(session, attempt, "start", now)
    messages = [made.message(1), made.message(2)]
    service.commit(session, attempt.id, lease=1, messages=messages, now=now)
    again = deliver(session, attempt, "continue", now)
    assert again is not None
    assert again.sequence == 2
    relaunched = deliver(session, attempt, "resume", now, lease=2)
    assert relaunched is not None
    assert relaunched.sequence == 0
    assert attempt.answer == {}


def test_an_older_launch_may_deliver_until_the_newer_one_is_opened(
    session: Session, attempt: Attempt, now: datetime
) -> None:
    deliver(session, attempt, "start", now, lease=1)
    attempt.lease = 2
    assert named(deliver(session, attempt, "continue", now, lease=1)) == "B"
    deliver(session, attempt, "resume", now, lease=2)
    with pytest.raises(Conflict) as refused:
        deliver(session, attempt, "continue", now, lease=1)
    assert refused.value.code == "superseded"
    assert attempt.document["current"] == "B"


def test_an_ended_attempt_delivers_nothing(
    session: Session, attempt: Attempt, now: datetime
) -> None:
    for name in "ABC":
        deliver(session, attempt, f"choice:{name}", now)
        done = made.message(attempt.sequence + 1, item=name, end=True)
        service.commit(session, attempt.id, lease=1, messages=[done], now=now)
    assert service.end(session, attempt.id, lease=1, now=now)
    with pytest.raises(Refused) as refused:
        deliver(session, attempt, "start", now)
    assert refused.value.code == "attempt_ended"


def test_what_a_window_closed_without_a_word_is_resumed(
    session: Session, attempt: Attempt, now: datetime
) -> None:
    deliver(session, attempt, "start", now)
    changes = (("cmi.core.lesson_location", "3頁"), ("cmi.core.session_time", "0000:10:00"))
    messages = [made.message(1, *changes)]
    service.commit(session, attempt.id, lease=1, messages=messages, now=now)
    for _ in range(2):
        resumed = deliver(session, attempt, "resume", now, lease=2)
        assert resumed is not None
        assert resumed.state["values"]["cmi.core.entry"] == "resume"
        assert resumed.state["values"]["cmi.core.lesson_location"] == "3頁"
        assert resumed.state["values"]["cmi.core.total_time"] == "0000:10:00.00"
