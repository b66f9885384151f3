"""Notices: told once, worded by the version of that day, and read like that for ever."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import flask
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.calendar import Event
from app.kernel.language import lazy
from app.kernel.notices import queries, service, text
from app.kernel.notices.models import MailState, Notice, NoticeTemplate
from app.kernel.notices.text import Kind, Placeholder, Wording
from app.kernel.outbox import Outgoing

KIND = "test.told"
DATA = {"title": "接遇研修", "from_on": "2026-12-01"}
TOLD = Kind(
    lazy("試しの通知"),
    lazy("始まります：%(title)s"),
    lazy("%(from_on)sから"),
    {
        "title": Placeholder(lazy("研修名"), lazy("情報セキュリティ研修")),
        "from_on": Placeholder(lazy("受講開始日"), "2026-12-25"),
    },
)


@pytest.fixture(autouse=True)
def told() -> Iterator[None]:
    """A kind of notice of the tests' own."""
    text.tell({KIND: TOLD})
    yield
    del text.KINDS[KIND]


def template(session: Session, version: int, wording: Wording | None, now: datetime) -> None:
    session.add(
        NoticeTemplate(
            kind=KIND,
            version=version,
            title=wording.title if wording else None,
            text=wording.text if wording else None,
            created_by=uuid.uuid4(),
            created_at=now,
        )
    )
    session.flush()


def tell(session: Session, now: datetime, dedupe: str, *people: uuid.UUID) -> int:
    return service.notify(session, people, KIND, DATA, "/", now=now, dedupe=dedupe)


@pytest.mark.requirement("NTF-01")
def test_a_notice_reads_as_it_was_told_whatever_the_words_are_since(
    session: Session, office_app: flask.Flask, now: datetime
) -> None:
    who = uuid.uuid4()
    for version, wording in enumerate(
        (
            None,
            Wording("{研修名}のお知らせ", "{氏名}さん\n{受講開始日}に"),
            Wording("別", "別"),
            None,
        )
    ):
        if version:
            template(session, version, wording, now)
        tell(session, now + timedelta(minutes=version), str(version), who)
    with office_app.test_request_context():
        read = [
            text.words(row.kind, row.data, name="架空 花子", wording=row.wording)
            for row in reversed(queries.unread(session, who))
        ]
    built_in = ("始まります：接遇研修", "令和8年12月1日（火）から")
    assert read == [
        built_in,
        ("接遇研修のお知らせ", "架空 花子さん\n令和8年12月1日（火）に"),
        ("別", "別"),
        built_in,
    ]


def test_a_placeholder_that_the_software_has_given_up_stays_as_it_was_written(
    office_app: flask.Flask,
) -> None:
    text.tell({KIND: replace(TOLD, placeholders={})})
    with office_app.test_request_context():
        words = text.words(KIND, DATA, name="", wording=Wording("{研修名}", "{氏名}"))
    assert words == ("{研修名}", "")


def test_the_built_in_words_can_be_written_by_the_office(office_app: flask.Flask) -> None:
    with office_app.test_request_context():
        wording = text.built_in(KIND)
        assert wording == Wording("始まります：{研修名}", "{受講開始日}から")
        assert text.sample(KIND, wording) == (
            "始まります：情報セキュリティ研修",
            "令和8年12月25日（金）から",
        )


@pytest.mark.requirement("NTF-01")
@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ("{研修名}と{氏名}", []),
        ("｛ 研修名　｝", []),
        ("{研修}", [("placeholder_unknown", "{研修}")]),
        ("{title}{title}", [("placeholder_unknown", "{title}")]),
        ("{研修名", [("brace_alone", "{")]),
        ("研修名}｝", [("brace_alone", "}")]),
        ("{{研修名}}", [("brace_alone", "{"), ("brace_alone", "}")]),
    ],
)
def test_placeholders_are_those_of_the_kind(typed: str, wrong: list[tuple[str, str]]) -> None:
    faults = text.faults(KIND, text.tidied(typed))
    assert [(fault.code, fault.placed) for fault in faults] == wrong


@pytest.mark.requirement("NTF-03")
def test_the_same_is_told_once_and_mailed_to_who_has_an_address(
    session: Session, now: datetime
) -> None:
    people = [uuid.uuid4() for _ in range(3)]
    event = Event("session-1", 0, "研修", now, now + timedelta(hours=1))
    for count in (3, 0):
        told = service.notify(
            session, people, KIND, DATA, "/",
            now=now, dedupe="a", mail_to=people[:2], events=[event],
        )  # fmt: skip
        assert told == count
    assert tell(session, now, "b", people[0]) == 1
    found = session.execute(
        sa.select(Notice.person_id, Notice.mail, Notice.mail_error).order_by(Notice.dedupe_key)
    ).all()
    expected = sorted(
        [(person, "waiting", None) for person in people[:2]]
        + [(people[2], "no_address", "no_address")],
        key=lambda row: str(row[0]),
    )
    assert [tuple(row) for row in found] == [*expected, (people[0], None, None)]
    kept = session.scalars(sa.select(Notice.events).order_by(Notice.dedupe_key)).all()
    assert kept == [[event.plain()]] * 3 + [None]
    assert session.scalar(sa.select(sa.func.count()).select_from(Outgoing)) == 2


@pytest.mark.requirement("NTF-03")
def test_what_was_sent_or_waits_is_not_sent_again(session: Session, now: datetime) -> None:
    people = [uuid.uuid4() for _ in range(4)]
    service.notify(session, people, KIND, DATA, "/", now=now, dedupe="a", mail_to=people[:3])
    found = session.execute(sa.select(Notice.person_id, Notice.id))
    keys = {person_id: notice_id for person_id, notice_id in found}  # noqa: C416 - rows, not pairs
    sent, failed, _, nowhere = (keys[person] for person in people)
    service.note_mail(session, sent, MailState.SENT, now)
    service.note_mail(session, failed, MailState.FAILED, now, "recipient")
    assert [service.send_again(session, list(keys.values()), now) for _ in range(2)] == [2, 0]
    letters = session.scalars(sa.select(Outgoing.payload).order_by(Outgoing.id)).all()
    assert {letter["notice_id"] for letter in letters[3:]} == {str(failed), str(nowhere)}
