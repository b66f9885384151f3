"""The debug log: what content called and what the sequencer decided, where somebody wants it."""

from __future__ import annotations

import json
import uuid
from datetime import datetime
from html import unescape

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.content.materials.models import Version
from app.kernel.actor import Actor
from app.kernel.audit.models import AuditEvent
from app.kernel.errors import Refused
from app.learning.attempts.service import Message
from app.learning.launches import service as launches
from app.learning.traces import queries
from app.learning.traces.models import TraceLines
from app.people.permission.models import Role
from app.people.register.models import Person
from tests import factories
from tests.learning import made
from tests.learning.made import FLOW, Sitting
from tests.training.counting import rows

CLERK = Actor(person_id=uuid.UUID(int=5))
INITIALIZE = ["Initialize", "", "", "true", "0"]
SET = ["SetValue", "cmi.location", "3頁", "true", "0"]
WRONG = ["SetValue", "cmi.no_such", "<b>x</b>", "false", "401"]


def called(sequence: int, *calls: list[str]) -> Message:
    """Return a message that tells what content has called."""
    return Message(sequence, "A", [], finished=False, calls=list(calls))


@pytest.fixture
def author(session: Session) -> Person:
    """Somebody who makes materials."""
    return factories.person(session, "作成 花子", roles=(Role.AUTHOR,))


@pytest.fixture
def course(session: Session) -> Version:
    """A course of one SCO that is flowed through."""
    return made.version(session, made.sco("A"), edition="2004-4", sequencing=FLOW)


@pytest.fixture
def preview(session: Session, course: Version, author: Person, now: datetime) -> Sitting:
    """The author's preview of the course, with its item delivered."""
    sitting = made.launched(session, course, now, person_id=author.id, is_preview=True)
    sitting.go()
    return sitting


def said(session: Session, sitting: Sitting) -> list[tuple[str, str, str]]:
    """Return the log as source, function or process, and what it is about."""
    session.flush()
    lines = queries.lines(session, sitting.attempt.id)
    return [(line.source, line.what, line.about) for line in lines]


# What is written down.


def test_a_preview_is_traced_from_its_first_step_on(session: Session, preview: Sitting) -> None:
    preview.commit(called(1, INITIALIZE, SET))
    log = said(session, preview)
    decided = [line for line in log if line[0] == "sequencer"]
    assert ("sequencer", "DB.2", "A") in decided
    assert log == [*decided, ("content", "Initialize", ""), ("content", "SetValue", "cmi.location")]


def test_a_learners_attempt_is_not_traced_and_what_a_page_sends_of_it_is_dropped(
    session: Session, course: Version, now: datetime
) -> None:
    sitting = made.launched(session, course, now)
    sitting.go()
    sitting.commit(called(1, SET))
    session.flush()
    assert rows(session, TraceLines) == 0


def test_a_message_sent_again_is_written_down_once(session: Session, preview: Sitting) -> None:
    for _ in range(2):
        preview.commit(called(1, SET))
    assert said(session, preview).count(("content", "SetValue", "cmi.location")) == 1


def test_a_step_sent_again_decides_nothing_anew(session: Session, preview: Sitting) -> None:
    before = said(session, preview)
    preview.at_step(1, "open")
    assert said(session, preview) == before


def test_the_office_has_an_attempt_traced_from_now_on_and_no_more(
    session: Session, course: Version, now: datetime
) -> None:
    sitting = made.launched(session, course, now)
    sitting.go()
    record_id = sitting.attempt.record_id
    assert record_id is not None
    launches.trace(session, record_id, is_traced=True, by=CLERK, now=now)
    sitting.commit(called(1, SET))
    launches.trace(session, record_id, is_traced=False, by=CLERK, now=now)
    sitting.commit(called(2, INITIALIZE))
    assert said(session, sitting) == [("content", "SetValue", "cmi.location")]
    events = session.scalars(sa.select(AuditEvent).order_by(AuditEvent.seq)).all()
    assert [(event.action, event.subject_id) for event in events] == [
        ("attempt.traced", sitting.attempt.id),
        ("attempt.untraced", sitting.attempt.id),
    ]
    assert queries.traced(session, [sitting.attempt.id, uuid.uuid4()]) == {sitting.attempt.id}


def test_only_an_open_attempt_can_be_traced(
    session: Session, course: Version, now: datetime
) -> None:
    sitting = made.launched(session, course, now)
    sitting.attempt.ended_at = now
    assert sitting.attempt.record_id is not None
    for record_id in (sitting.attempt.record_id, uuid.uuid4()):
        with pytest.raises(Refused) as refused:
            launches.trace(session, record_id, is_traced=True, by=CLERK, now=now)
        assert refused.value.code == "nothing_to_trace"


# Who reads it.


def test_an_author_reads_the_log_of_ones_own_preview(
    office: FlaskClient, session: Session, preview: Sitting, author: Person
) -> None:
    preview.commit(called(1, SET, WRONG))
    session.flush()
    factories.enter(office, session, author)
    page = office.get(f"/traces/{preview.attempt.id}").text
    for words in ("教材の呼び出し", "順序の判定", "cmi.location", "3頁", "DB.2", ">401<"):
        assert words in page, words
    assert "11/23 13:00:00" in page
    assert "<b>x</b>" not in page
    assert "<b>x</b>" in unescape(page)
    (event,) = session.scalars(sa.select(AuditEvent)).all()
    assert (event.action, event.actor_id) == ("trace.viewed", author.id)
    assert event.subject_id == preview.attempt.id


def test_the_calls_that_failed_can_be_shown_alone(
    office: FlaskClient, session: Session, preview: Sitting, author: Person
) -> None:
    preview.commit(called(1, SET, WRONG))
    session.flush()
    factories.enter(office, session, author)
    page = office.get(f"/traces/{preview.attempt.id}?only=errors").text
    assert "cmi.no_such" in page
    assert "cmi.location" not in page
    assert "順序の判定" not in page


def test_an_empty_log_says_how_to_fill_it(
    office: FlaskClient, session: Session, course: Version, author: Person, now: datetime
) -> None:
    sitting = made.launched(session, course, now, person_id=author.id, is_preview=True)
    factories.enter(office, session, author)
    assert "記録はまだありません" in office.get(f"/traces/{sitting.attempt.id}").text


def test_a_log_longer_than_a_page_is_cut_and_whole_in_the_file(
    office: FlaskClient, session: Session, preview: Sitting, author: Person
) -> None:
    preview.commit(*(called(number, *[SET] * 1_000) for number in (1, 2, 3)))
    session.flush()
    factories.enter(office, session, author)
    page = office.get(f"/traces/{preview.attempt.id}").text
    assert "最初の部分だけを表示しています" in page
    assert page.count("<tr>") == queries.MOST_SHOWN + 1
    file = office.get(f"/traces/{preview.attempt.id}.jsonl")
    assert len(file.text.splitlines()) == len(said(session, preview)) > 3_000


def test_the_file_holds_a_document_a_line(
    office: FlaskClient, session: Session, preview: Sitting, author: Person, now: datetime
) -> None:
    preview.commit(called(1, SET))
    session.flush()
    factories.enter(office, session, author)
    file = office.get(f"/traces/{preview.attempt.id}.jsonl")
    assert file.mimetype == "application/x-ndjson"
    assert file.headers["Content-Disposition"].startswith("attachment")
    *_, last = [json.loads(line) for line in file.text.splitlines()]
    assert last == {
        "at": now.isoformat(),
        "source": "content",
        "what": "SetValue",
        "about": "cmi.location",
        "value": "3頁",
        "said": "true",
        "error": "0",
    }


@pytest.mark.parametrize("suffix", ["", ".jsonl"])
def test_a_log_is_its_authors_and_the_offices_and_nobody_elses(
    office: FlaskClient,
    session: Session,
    preview: Sitting,
    course: Version,
    author: Person,
    now: datetime,
    suffix: str,
) -> None:
    taken = made.launched(session, course, now, person_id=author.id)
    own, as_learner = (f"/traces/{one.attempt.id}{suffix}" for one in (preview, taken))
    readers = {
        author: (200, 404),
        factories.person(session, roles=(Role.OFFICE,)): (200, 200),
        factories.person(session, roles=(Role.AUTHOR,)): (404, 404),
        factories.person(session): (403, 403),
    }
    for who, expected in readers.items():
        factories.enter(office, session, who)
        assert (office.get(own).status_code, office.get(as_learner).status_code) == expected
    factories.enter(office, session, author)
    assert office.get(f"/traces/{uuid.uuid4()}{suffix}").status_code == 404


# The office's switch on a record.


def test_the_office_switches_the_log_on_and_off(
    office: FlaskClient, session: Session, course: Version, now: datetime
) -> None:
    factories.enter(office, session, factories.person(session, roles=(Role.OFFICE,)))
    sitting = made.launched(session, course, now)
    sitting.go()
    switch = f"/records/{sitting.attempt.record_id}/trace"
    answer = office.post(switch, data={"on": "1", "back": "/history"})
    assert (answer.status_code, answer.location) == (303, "/history")
    assert "動作の記録をとります" in office.get("/history").text
    assert made.attempt(session, sitting.attempt.id).is_traced
    office.post(switch, data={"on": "0"})
    assert "動作の記録をとるのをやめました" in office.get("/history").text
    assert not made.attempt(session, sitting.attempt.id).is_traced
