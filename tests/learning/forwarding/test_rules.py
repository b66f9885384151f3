"""What is put down for whom: by verb and activity, from the approval on, with what is about it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.settings import Settings
from app.learning.forwarding import service
from app.learning.forwarding.models import XapiForward
from app.learning.outgoing import service as outgoing
from app.learning.outgoing.models import XapiOutgoing
from app.learning.statements import service as statements
from app.learning.statements.models import XapiStatement
from tests.learning import stating
from tests.learning.forwarding import made
from tests.training.counting import statements as counted
from xapi import reading, storing
from xapi.statement import Version
from xapi.storing import Received

Waits = Callable[[XapiForward], list[uuid.UUID]]
COMPLETED, PASSED = (f"{stating.VERBS}{verb}" for verb in ("completed", "passed"))
OTHER = "https://example.jp/courses/2"


@pytest.fixture
def waits(session: Session) -> Waits:
    """Return a function that says what waits for a destination, in its order."""

    def found(row: XapiForward) -> list[uuid.UUID]:
        query = (
            sa.select(XapiStatement.id)
            .join(XapiOutgoing, XapiOutgoing.seq == XapiStatement.seq)
            .where(XapiOutgoing.forward_id == row.id)
        )
        return list(session.scalars(query.order_by(XapiOutgoing.seq)))

    return found


def within(activity: str) -> dict[str, Any]:
    """Return a context that names an activity."""
    return {"contextActivities": {"grouping": [{"id": activity}]}}


def test_nothing_is_put_down_as_long_as_nobody_has_approved(
    session: Session, settings: Settings, waits: Waits
) -> None:
    row = made.proposed(session, settings)
    stating.told(session, stating.said())
    assert waits(row) == []


def test_from_the_approval_on_everything_is_put_down_in_its_order(
    session: Session, settings: Settings, waits: Waits
) -> None:
    stating.told(session, stating.said())
    row = made.active(session, settings)
    keys = stating.told(session, *(stating.said() for _ in range(3)))
    assert waits(row) == keys


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"verbs": [PASSED]}, [1, 3]),
        ({"activities": [OTHER]}, [2, 3]),
        ({"verbs": [PASSED], "activities": [OTHER]}, [3]),
        ({"verbs": [PASSED, COMPLETED], "activities": [OTHER, stating.COURSE]}, [0, 1, 2, 3]),
        ({"verbs": ["https://example.jp/verbs/none"]}, []),
    ],
)
def test_a_rule_says_what_a_destination_gets(
    session: Session,
    settings: Settings,
    waits: Waits,
    rule: dict[str, list[str]],
    expected: list[int],
) -> None:
    row = made.active(session, settings, **rule)
    keys = stating.told(
        session,
        stating.said("completed"),
        stating.said("passed"),
        stating.said("completed", object={"id": OTHER}),
        stating.said("passed", context=within(OTHER)),
    )
    assert waits(row) == [keys[place] for place in expected]


def test_each_destination_gets_what_its_own_rule_says(
    session: Session, settings: Settings, waits: Waits
) -> None:
    passed = made.active(session, settings, verbs=[PASSED])
    every = made.active(session, settings)
    keys = stating.told(session, stating.said("completed"), stating.said("passed"))
    assert (waits(passed), waits(every)) == (keys[1:], keys)


def test_what_voids_a_statement_goes_where_that_one_goes(
    session: Session, settings: Settings, waits: Waits
) -> None:
    passed = made.active(session, settings, verbs=[PASSED])
    other = made.active(session, settings, verbs=[COMPLETED])
    [key] = stating.told(session, stating.said("passed"))
    [voiding] = stating.told(session, stating.void(key))
    assert waits(passed) == [key, voiding]
    assert waits(other) == []


def test_what_voids_a_statement_that_comes_later_goes_with_it(
    session: Session, settings: Settings, waits: Waits
) -> None:
    row = made.active(session, settings, verbs=[PASSED])
    key = uuid.uuid4()
    [voiding] = stating.told(session, stating.void(key))
    assert waits(row) == []
    stating.told(session, stating.said("passed", id=str(key)))
    assert waits(row) == [voiding, key]


def test_a_statement_that_is_there_already_is_not_put_down_again(
    session: Session, settings: Settings, waits: Waits
) -> None:
    one = stating.said("passed", id=str(uuid.uuid4()))
    stating.told(session, one)
    row = made.active(session, settings)
    stating.told(session, one)
    assert waits(row) == []


def test_many_at_once_are_put_down_by_one_statement(
    session: Session, settings: Settings, waits: Waits, now: datetime
) -> None:
    row = made.active(session, settings, verbs=[PASSED])
    received = Received(Version.OLD, stating.account("kenshu"))
    prepared = []
    for number in range(60):
        said = stating.said("passed" if number % 2 else "completed")
        [read], _ = reading.read(json.dumps(said).encode())
        prepared.append(storing.prepare(read, str(uuid.uuid4()), received))
    with counted(session) as asked:
        statements.add(session, prepared, now)
    assert len(waits(row)) == 30
    assert len([each for each in asked if "xapi_outgoing" in each]) == 1


def test_where_nothing_is_forwarded_nothing_is_asked_for_it(
    session: Session, settings: Settings
) -> None:
    made.proposed(session, settings)
    with counted(session) as asked:
        stating.told(session, stating.said())
    assert not any("xapi_outgoing" in each for each in asked)
    if session.get_bind().dialect.name == "postgresql":
        # It is asked within the statement that inserts, which is plain and not counted.
        assert not any("xapi_forward" in each for each in asked)


def test_what_comes_while_it_is_stopped_waits_and_nothing_is_for_what_has_ended(
    session: Session, settings: Settings, waits: Waits, now: datetime
) -> None:
    row, by = made.active(session, settings), made.administrator(session)
    service.stop(session, row, by=by, now=now)
    keys = stating.told(session, stating.said())
    assert waits(row) == keys
    service.resume(session, row, by=by, now=now)
    service.end(session, row, by=by, now=now)
    session.flush()
    stating.told(session, stating.said())
    assert waits(row) == keys
    assert (row.wanted_since, row.secret) == (None, "")


def test_a_worker_is_asked_once_in_a_while_and_not_with_every_statement(
    session: Session, settings: Settings, nudges: list[tuple[str, ...]], now: datetime
) -> None:
    made.active(session, settings)
    session.info["after_commit"] = []
    for seconds in (0, 1, 9, 11):
        stating.told(session, stating.said(), now=now + timedelta(seconds=seconds))
    assert len(session.info["after_commit"]) == 2
    for hook in session.info["after_commit"]:
        hook()
    assert nudges == [("forward",), ("forward",)]


def test_a_worker_is_not_asked_where_no_rule_is_met(
    session: Session, settings: Settings, now: datetime
) -> None:
    made.active(session, settings, verbs=[PASSED])
    session.info["after_commit"] = []
    stating.told(session, stating.said("completed"), now=now)
    assert session.info["after_commit"] == []


def test_who_cannot_ask_a_worker_leaves_it_to_the_round(
    session: Session, settings: Settings, waits: Waits, now: datetime
) -> None:
    session.info["nudge"] = None
    row = made.active(session, settings)
    assert waits(row) == []
    assert len(stating.told(session, stating.said(), now=now)) == len(waits(row))
    assert outgoing.is_any_wanted(session)
