"""The office's pages of statements: found, read, counted, taken along, and written down."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import unquote

import flask
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app import factory
from app.kernel import clock
from app.kernel.audit.models import AuditEvent
from app.kernel.db import Database
from app.kernel.settings import Settings
from app.learning.statement_pages import queries
from app.learning.statements.models import XapiStatement
from app.people.permission.models import Role
from app.people.register.models import Person
from tests import factories
from tests.learning import stating
from tests.learning.stating import COURSE, VERBS, account, mail, said, told, void
from tests.training import counting

LIST = "/record-store/statements"
FILE = f"{LIST}/file.jsonl"
OTHER = "https://example.jp/courses/2"


@pytest.fixture(autouse=True)
def administrator(office: FlaskClient, session: Session) -> Person:
    """The administrator who is signed in."""
    who = factories.person(session, "管理 一子", roles=(Role.ADMINISTRATOR,))
    factories.enter(office, session, who)
    return who


def page_of(answer: TestResponse, status: int = 200) -> html.HtmlElement:
    assert answer.status_code == status, answer.text
    return html.document_fromstring(answer.text)


def main(answer: TestResponse, status: int = 200) -> str:
    """Return the text of a page's main part, in single spaces."""
    return " ".join(page_of(answer, status).xpath("//main")[0].text_content().split())


def shown(answer: TestResponse) -> list[uuid.UUID]:
    """Return the statements of a list, in their order."""
    links = page_of(answer).xpath("//tbody/tr/th//a/@href")
    return [uuid.UUID(each.removeprefix(f"{LIST}/")) for each in links]


def cells(answer: TestResponse) -> list[list[str]]:
    """Return the rows of a list, without when each was stored."""
    rows = page_of(answer).xpath("//tbody/tr")
    return [[" ".join(cell.text_content().split()) for cell in row.xpath("td")] for row in rows]


def last(session: Session, action: str) -> AuditEvent:
    """Return the newest line of an act."""
    query = sa.select(AuditEvent).where(AuditEvent.action == action)
    return session.scalars(query.order_by(AuditEvent.seq.desc()).limit(1)).one()


def test_as_long_as_there_are_none_the_page_says_where_they_come_from(
    office: FlaskClient,
) -> None:
    page = main(office.get(LIST))
    assert "学習ステートメントはまだありません" in page
    assert "接続先システムが記録を送ると" in page


def test_a_list_says_who_did_what_to_which_thing_and_who_has_sent_it(
    office: FlaskClient, session: Session
) -> None:
    named = {"id": COURSE, "definition": {"name": {"ja": "防火の基本", "en": "Fire"}}}
    at = datetime(2026, 11, 23, 4, 0, 5, tzinfo=clock.JST)
    told(
        session,
        said(actor=mail("taro@example.jp", "架空 太郎"), object=named, timestamp=at.isoformat()),
        now=at,
        client="防災LMS",
    )
    answer = office.get(LIST)
    assert cells(answer) == [["架空 太郎taro@example.jp", "完了した", "防火の基本", "防災LMS"]]
    assert "令和8年11月23日（月） 04:00:05" in main(answer)
    assert "起きた日時" not in main(answer)
    office.set_cookie("language", "en")
    assert cells(office.get(LIST)) == [["架空 太郎taro@example.jp", "completed", "Fire", "防災LMS"]]


def test_what_happened_long_before_it_was_stored_says_when(
    office: FlaskClient, session: Session
) -> None:
    told(session, said(timestamp="2026-04-01T00:00:00Z"))
    assert "起きた日時：令和8年4月1日（水） 09:00" in main(office.get(LIST))


def test_the_name_of_an_activity_is_known_from_any_statement(
    office: FlaskClient, session: Session
) -> None:
    told(session, said(object={"id": COURSE, "definition": {"name": {"ja": "防火の基本"}}}))
    told(session, said("attempted"))
    assert [row[2] for row in cells(office.get(LIST))] == ["防火の基本", "防火の基本"]


FOUND: list[tuple[dict[str, str], list[int]]] = [
    ({}, [3, 2, 1, 0]),
    ({"verb": f"{VERBS}completed"}, [3, 0]),
    ({"activity": OTHER}, [2]),
    ({"agent": "taro@example.jp"}, [1, 0]),
    ({"agent": "mailto:taro@EXAMPLE.jp"}, [1, 0]),
    ({"agent": "00303"}, [2]),
    ({"agent": "00303", "home_page": "https://elsewhere.example"}, [3]),
    ({"agent": "x@example.jp", "home_page": "https://elsewhere.example"}, []),
    ({"registration": "6C4C5ED0-6D6F-4C5E-9B3F-4A3A4D5E6F70"}, [1]),
    ({"verb": f"{VERBS}completed", "agent": "taro@example.jp"}, [0]),
    ({"since": "2026-11-21"}, [3, 2, 1]),
    ({"until": "2026-11-20"}, [0]),
    ({"since": "2026-11-21", "until": "2026-11-22"}, [2, 1]),
    ({"since": "2026/11/23"}, [3]),
    ({"verb": f"{VERBS}waived"}, []),
]


@pytest.fixture
def four(session: Session) -> list[uuid.UUID]:
    """Four statements of four days from the 20th on, each at its very beginning or end in Japan."""
    day = clock.start_of(date(2026, 11, 20))
    registration = {"registration": "6c4c5ed0-6d6f-4c5e-9b3f-4a3a4d5e6f70"}
    values = [
        said("completed"),
        said("attempted", context=registration),
        said("failed", actor=account("00303"), object={"id": OTHER}),
        said("completed", actor=account("00303", "https://elsewhere.example")),
    ]
    ends = timedelta(days=1) - timedelta(microseconds=1)
    times = [day + timedelta(days=at) + (ends if at % 2 == 0 else timedelta()) for at in range(4)]
    return [
        told(session, value, now=at)[0] for value, at in zip(values, times, strict=True)
    ]  # fmt: skip


@pytest.mark.requirement("TRK-02")
@pytest.mark.parametrize(("asked", "wanted"), FOUND)
def test_statements_are_found_by_what_is_filled_in(
    office: FlaskClient, four: list[uuid.UUID], asked: dict[str, str], wanted: list[int]
) -> None:
    answer = office.get(LIST, query_string=asked)
    assert shown(answer) == [four[place] for place in wanted]
    if not wanted:
        assert "当てはまる学習ステートメントはありません" in main(answer)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"verb": "completed"}, "verb"),
        ({"activity": "教材"}, "activity"),
        ({"agent": "太郎@"}, "agent"),
        ({"home_page": "elsewhere"}, "home_page"),
        ({"registration": "1"}, "registration"),
        ({"since": "昨日"}, "since"),
        ({"since": "0001-01-01"}, "since"),
        ({"until": "9999-12-31"}, "until"),
        ({"since": "2026-11-23", "until": "2026-11-22"}, "until"),
    ],
)
@pytest.mark.parametrize("path", [LIST, f"{LIST}/days", FILE])
def test_what_cannot_be_read_is_said_at_its_field_and_finds_nothing(
    office: FlaskClient, session: Session, four: list[uuid.UUID],
    path: str, asked: dict[str, str], field: str,
) -> None:  # fmt: skip
    answer = office.get(path, query_string={**asked, "reason": "inspection"})
    page = page_of(answer, 422)
    told_at = page.xpath("//p[@class='form-control-label__error']/@id")
    if not (path.endswith("/days") and field in ("since", "until")):  # the days have no period
        assert told_at == [f"{field}-error"]
    assert "条件を読み取れません" in main(answer, 422)
    assert page.xpath("//tbody") == []
    assert session.scalar(sa.select(sa.func.count()).select_from(AuditEvent)) == 0


@pytest.mark.parametrize("odd", ["\0", "'; --", "%", "\x1b", "a" * 5000])
def test_what_no_statement_says_is_looked_for_and_not_run(
    office: FlaskClient, four: list[uuid.UUID], odd: str
) -> None:
    for name in ("agent", "verb", "activity", "registration", "home_page"):
        answer = office.get(LIST, query_string={name: odd})
        assert answer.status_code in (200, 422), name


def test_pages_go_on_from_one_to_the_next_and_back(
    office: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "SIZE", 2)
    ids = told(session, *(said(object={"id": f"{COURSE}/{n}"}) for n in range(5)))
    told(session, said("failed"))
    asked, seen, path = {"verb": f"{VERBS}completed"}, [], ""
    for _ in range(3):
        answer = office.get(path or LIST, query_string=None if path else asked)
        seen += shown(answer)
        [path] = page_of(answer).xpath("//a[contains(., 'より古いもの')]/@href") or [""]
        assert bool(path) == (len(seen) < 5)
    assert seen == ids[::-1]
    [back] = page_of(answer).xpath("//a[contains(., '最新のものに戻る')]/@href")
    assert shown(office.get(back)) == ids[:2:-1]


@pytest.mark.parametrize("past", ["0", "-1", "x", "9" * 30, "²"])
def test_a_place_to_go_on_from_that_is_none_is_the_beginning(
    office: FlaskClient, four: list[uuid.UUID], past: str
) -> None:
    assert shown(office.get(LIST, query_string={"past": past})) == four[::-1]


def test_a_list_asks_the_same_however_many_there_are(office: FlaskClient, session: Session) -> None:
    counts = []
    for many in (1, 20):
        for n in range(many):
            context = {"registration": str(uuid.uuid4())}
            told(session, said(actor=mail(f"{n}@example.jp"), context=context))
            told(session, said(actor=account(f"{n:05}"), object={"id": f"{COURSE}/{n}"}))
        with counting.statements(session) as asked:
            assert office.get(LIST).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_one_statement_is_told_in_words_and_as_the_json_that_it_is(
    office: FlaskClient, session: Session
) -> None:
    registration = str(uuid.uuid4())
    value = said(
        actor=mail("taro@example.jp", "架空 太郎"),
        context={"registration": registration},
        result={"response": "<script>alert(1)</script>\u2028", "score": {"scaled": 0.5}},
    )
    [key] = told(session, value)
    answer = office.get(f"{LIST}/{key}")
    page = main(answer)
    for words in (
        "架空 太郎", "taro@example.jp", "完了した", f"{VERBS}completed", COURSE, registration,
        "架空LMS", str(key),
    ):  # fmt: skip
        assert words in page
    assert "無効" not in page
    [pretty] = page_of(answer).xpath("//pre")
    whole = json.loads(pretty.text_content())
    assert {name: whole[name] for name in value} == value
    assert '\n    "mbox"' in pretty.text_content()
    assert "<script>alert" not in answer.text


def test_a_very_long_statement_is_shown_from_its_beginning_on(
    office: FlaskClient, session: Session
) -> None:
    [key] = told(session, said(result={"response": "あ" * 150_000}))
    answer = office.get(f"{LIST}/{key}")
    assert "長いため、最初の部分だけを表示しています" in main(answer)
    assert len(page_of(answer).xpath("//pre")[0].text_content()) == 100_000


def test_what_was_voided_is_told_as_such_and_leads_to_what_voids_it(
    office: FlaskClient, session: Session
) -> None:
    [key] = told(session, said())
    [by] = told(session, void(key))
    answer = office.get(LIST)
    assert shown(answer) == [by, key]
    assert [row[1] for row in cells(answer)] == ["無効にした", "完了した無効"]
    assert cells(answer)[0][2] == "ほかのステートメント"
    assert f'href="{LIST}/{key}"' in office.get(f"{LIST}/{by}").text
    voided = office.get(f"{LIST}/{key}")
    assert "このステートメントは、無効にされています" in main(voided)
    assert f'href="{LIST}/{by}"' in voided.text


def test_a_statement_that_there_is_not_is_not_found(office: FlaskClient) -> None:
    assert office.get(f"{LIST}/{uuid.uuid4()}").status_code == 404


def test_days_are_those_of_japan_and_the_last_thirty(office: FlaskClient, session: Session) -> None:
    today = clock.today(clock.now())
    first = clock.start_of(today - timedelta(days=29))
    for at in (first - timedelta(seconds=1), first, first + timedelta(hours=23, minutes=59)):
        told(session, said(), now=at)
    told(session, said("failed"), void(told(session, said())[0]))
    answer = office.get(f"{LIST}/days")
    rows = page_of(answer).xpath("//tbody/tr")
    counts = [int(row.xpath("td")[0].text_content()) for row in rows]
    assert counts == [2, *[0] * 28, 3]
    assert "30日間の合計：5件" in main(answer)
    assert page_of(answer).xpath("//figure[@data-chart='by-day']")
    narrowed = main(office.get(f"{LIST}/days", query_string={"verb": f"{VERBS}failed"}))
    assert "30日間の合計：1件" in narrowed
    nothing = main(office.get(f"{LIST}/days", query_string={"verb": f"{VERBS}waived"}))
    assert "この30日間に届いた記録はありません" in nothing


def lines_of(answer: TestResponse) -> list[Any]:
    assert answer.status_code == 200, answer.text
    assert answer.content_type == "application/x-ndjson; charset=utf-8"
    return [json.loads(line) for line in answer.data.decode().splitlines()]


def test_a_file_holds_what_was_found_as_it_came_a_statement_a_line(
    office: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PORTION", 2)
    ids = told(session, *(said(object={"id": f"{COURSE}/{n}"}) for n in range(5)))
    told(session, said("failed"), void(ids[1]))
    asked = {"verb": f"{VERBS}completed", "reason": "inspection"}
    answer = office.get(FILE, query_string=asked)
    found = lines_of(answer)
    assert [uuid.UUID(each["id"]) for each in found[:5]] == ids, "the oldest first, voided or not"
    texts = session.scalars(sa.select(XapiStatement.text).order_by(XapiStatement.seq)).all()
    assert answer.data.decode().splitlines()[:5] == list(texts[:5])
    name = unquote(answer.headers["Content-Disposition"])
    assert answer.headers["X-Request-Id"] in name
    assert re.search(r"学習ステートメント_\d{8}_\w+\.jsonl", name)


def test_lines_that_a_client_has_begun_within_a_statement_do_not_end_it(
    office: FlaskClient, session: Session
) -> None:
    [key] = told(session, said())
    row = session.scalars(sa.select(XapiStatement)).one()
    row.text = row.text.replace('":', '"\r\n:')
    session.flush()
    [found] = lines_of(office.get(FILE, query_string={"reason": "inspection"}))
    assert found["id"] == str(key)


def test_a_file_ends_though_others_go_on_sending(
    office: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PORTION", 1)
    ids = told(session, said(), said("failed"))
    answer = office.open(FILE, query_string={"reason": "inspection"}, buffered=False)
    told(session, said("passed"), now=clock.now() + timedelta(seconds=1))
    assert [uuid.UUID(each["id"]) for each in lines_of(answer)] == ids


@pytest.mark.parametrize("reason", [None, "", "because"])
def test_no_file_without_a_reason(
    office: FlaskClient, session: Session, reason: str | None
) -> None:
    told(session, said())
    answer = office.get(FILE, query_string={"reason": reason} if reason is not None else {})
    assert answer.status_code == 422
    assert "取り出す理由が選ばれていません" in answer.text


@pytest.fixture
def without_files(settings: Settings, database: Database, session: Session) -> FlaskClient:
    """An administrator's browser where their role may take no files."""
    settings.instance.mkdir(exist_ok=True)
    object.__setattr__(settings, "export_roles", "office")
    app = factory.create_app(settings, database)
    app.config.update(TESTING=True)
    client = app.test_client()
    factories.enter(client, session, factories.person(session, roles=(Role.ADMINISTRATOR,)))
    return client


def test_the_setting_says_whether_administrators_take_files(
    without_files: FlaskClient, office: FlaskClient, session: Session
) -> None:
    told(session, said())
    assert without_files.get(FILE, query_string={"reason": "inspection"}).status_code == 403
    assert FILE not in without_files.get(LIST).text


def test_the_form_of_the_file_keeps_what_was_asked_for(
    office: FlaskClient, four: list[uuid.UUID]
) -> None:
    page = page_of(office.get(LIST, query_string={"verb": f"{VERBS}completed"}))
    [form] = page.xpath(f"//form[@action='{FILE}']")
    assert form.xpath(".//input[@type='hidden']/@name") == ["verb"]
    assert form.xpath(".//select[@name='reason']")


Ask = Callable[[FlaskClient, uuid.UUID], TestResponse]
ASKED: list[tuple[str, Ask, int]] = [
    ("xapi_statement.listed", lambda office, _: office.get(LIST), 4),
    ("xapi_statement.viewed", lambda office, key: office.get(f"{LIST}/{key}"), 1),
    ("xapi_statement.exported", lambda office, _: office.get(f"{FILE}?reason=inspection"), 4),
]


@pytest.mark.requirement("SEC-07")
@pytest.mark.parametrize(("action", "ask", "count"), ASKED)
def test_whoever_reads_statements_leaves_whom_of_the_staff_they_were_about(
    office: FlaskClient,
    session: Session,
    administrator: Person,
    action: str,
    ask: Ask,
    count: int,
) -> None:
    by_mail = factories.person(session, email="Taro@example.jp", number="00303")
    by_number = factories.person(session, number="00304")
    factories.person(session, number="00305", email="nobody@example.jp")
    group = {"objectType": "Group", "member": [mail("Taro@example.jp"), account("00304")]}
    [key, *_] = told(
        session,
        said(actor=group),
        said(actor=mail("Taro@example.jp")),
        said(actor=account("00304")),
        said(actor=account("00305", "https://elsewhere.example")),
    )
    assert ask(office, key).status_code == 200
    line = last(session, action)
    assert (line.actor_id, line.role) == (administrator.id, "administrator")
    assert line.details is not None
    assert set(line.details["people"]) == {str(by_mail.id), str(by_number.id)}
    assert line.details["count"] == count
    assert line.subject_id == (key if action.endswith("viewed") else None)


def test_the_audit_keeps_what_was_asked_for_and_why(
    office: FlaskClient, session: Session, four: list[uuid.UUID]
) -> None:
    asked = {"agent": "taro@example.jp", "since": "2026-11-20"}
    office.get(LIST, query_string=asked)
    office.get(f"{LIST}/days", query_string=asked)
    office.get(FILE, query_string={**asked, "reason": "inspection"})
    listed, counted, exported = (
        last(session, f"xapi_statement.{act}").details for act in ("listed", "counted", "exported")
    )
    assert listed is not None
    assert counted is not None
    assert exported is not None
    assert listed["filter"] == counted["filter"] == exported["filter"] == asked
    assert (listed["count"], exported["count"], exported["reason"]) == (2, 2, "inspection")
    page = main(office.get("/audit"))
    assert "学習ステートメントをファイルに出力" in page
    assert "学習した人：taro@example.jp" in page


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_statements_are_for_who_looks_after_the_system(
    office_app: flask.Flask, session: Session, role: Role
) -> None:
    [key] = told(session, said())
    client = office_app.test_client()
    factories.enter(client, session, factories.person(session, roles=(role,)))
    for path in (LIST, f"{LIST}/days", f"{LIST}/{key}", f"{FILE}?reason=inspection"):
        assert client.get(path).status_code == 403, path


def test_what_a_client_is_called_stays_with_what_it_has_said(
    office: FlaskClient, session: Session
) -> None:
    stating.client(session, "新しい名前")
    told(session, said(), client="前の名前")
    assert cells(office.get(LIST))[0][3] == "前の名前"
