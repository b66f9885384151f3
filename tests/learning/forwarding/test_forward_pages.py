"""The office's pages of other record stores: registered, approved by another, watched, ended."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime, timedelta

import flask
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.kernel import clock, sealing
from app.kernel.audit.models import AuditEvent
from app.kernel.settings import Settings
from app.learning.forwarding import service, text
from app.learning.forwarding.models import XapiForward, XapiForwardRule
from app.learning.outgoing.models import XapiOutgoing
from app.learning.statements.models import XapiStatement
from app.people.permission.models import Role
from app.people.register.models import Person
from tests import factories
from tests.learning import stating
from tests.learning.forwarding import made
from tests.learning.forwarding.receiver import Receiver
from tests.training.counting import statements

LIST, NEW = "/record-store/forwards", "/record-store/forwards/new"
FORM = made.SAID


@pytest.fixture
def first(office: FlaskClient, session: Session) -> Person:
    """The administrator who is signed in."""
    who = factories.person(session, "申請 一子", roles=(Role.ADMINISTRATOR,))
    factories.enter(office, session, who)
    return who


@pytest.fixture
def second(office_app: flask.Flask, session: Session) -> FlaskClient:
    """Another administrator's browser."""
    client = office_app.test_client()
    who = factories.person(session, "承認 二郎", roles=(Role.ADMINISTRATOR,))
    factories.enter(client, session, who)
    return client


def main(answer: TestResponse) -> str:
    """Return the text of a page's main part, in single spaces."""
    assert answer.status_code == 200, answer.text
    page = html.document_fromstring(answer.text)
    return " ".join(page.xpath("//main")[0].text_content().split())


def errors(answer: TestResponse) -> dict[str, str]:
    """Return what is said at the fields of a form that came back."""
    assert answer.status_code == 422
    page = html.document_fromstring(answer.text)
    return {
        each.get("id").removesuffix("-error"): each.text_content()
        for each in page.xpath("//p[@class='form-control-label__error']")
    }


def only(session: Session) -> XapiForward:
    session.expire_all()
    return session.scalars(sa.select(XapiForward)).one()


def acts(session: Session) -> list[str]:
    query = sa.select(AuditEvent.action).where(AuditEvent.action.like("xapi_forward.%"))
    return list(session.scalars(query.order_by(AuditEvent.seq)))


def path(row: XapiForward) -> str:
    return f"{LIST}/{row.id}"


def fail(session: Session, row: XapiForward, code: str, answer: str = "") -> None:
    """Have nothing been sent lately."""
    row.error, row.answer, row.failures = code, answer, 3
    row.next_at = clock.now() + timedelta(minutes=2)
    session.flush()


def refuse(session: Session, row: XapiForward, answer: str = "no such verb") -> uuid.UUID:
    """Have the destination refuse a statement; return its id."""
    [key] = stating.told(session, stating.said())
    seq = session.scalars(sa.select(XapiStatement.seq).where(XapiStatement.id == key)).one()
    waiting = session.get_one(XapiOutgoing, (row.id, seq))
    waiting.refused_at, waiting.status, waiting.answer = clock.now(), 400, answer
    session.flush()
    return key


def test_as_long_as_nothing_is_forwarded_the_page_says_so_and_leads_on(
    office: FlaskClient, first: Person
) -> None:
    answer = office.get(LIST)
    assert "学習の記録はこの研修システムの中だけに置かれます" in main(answer)
    assert answer.text.count(f'href="{NEW}"') == 1


def test_two_administrators_begin_it_and_it_is_recorded(
    office: FlaskClient, session: Session, settings: Settings, first: Person, second: FlaskClient
) -> None:
    rule = {"verbs": f"{stating.VERBS}passed\n{stating.VERBS}passed", "activities": stating.COURSE}
    answer = office.post(LIST, data={**FORM, **rule})
    row = only(session)
    assert (answer.status_code, answer.location) == (303, path(row))
    assert (row.state, row.proposed_by, row.wanted_since) == ("proposed", first.id, None)
    assert row.secret != FORM["secret"]
    assert sealing.unseal(settings, row.secret) == FORM["secret"]
    named = session.execute(sa.select(XapiForwardRule.kind, XapiForwardRule.iri)).all()
    assert set(map(tuple, named)) == {
        ("verb", f"{stating.VERBS}passed"),
        ("any_activity", stating.COURSE),
    }
    page = office.get(path(row))
    assert "自分で承認できません" in main(page)
    assert f"{path(row)}/approve" not in page.text
    assert row.secret not in page.text
    assert FORM["secret"] not in page.text
    assert office.post(f"{path(row)}/approve").status_code == 422
    assert only(session).state == "proposed"

    page = second.get(path(row))
    for words in ("https://lrs.example.jp/xapi/", "合格した", stating.COURSE, "氏名", "key-1"):
        assert words in main(page)
    assert second.post(f"{path(row)}/approve").status_code == 303
    row = only(session)
    assert (row.state, row.approved_by is not None) == ("active", True)
    assert row.approved_at == row.wanted_since
    assert "転送中" in main(second.get(LIST))
    assert acts(session) == ["xapi_forward.proposed", "xapi_forward.approve"]
    assert second.post(f"{path(row)}/approve").status_code == 409


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("https://lrs.example.jp/xapi", "https://lrs.example.jp/xapi/"),
        ("https://lrs.example.jp/xapi//", "https://lrs.example.jp/xapi/"),
        (" https://lrs.example.jp/xapi/statements ", "https://lrs.example.jp/xapi/"),
        ("https://lrs.example.jp:8443/a/about/", "https://lrs.example.jp:8443/a/"),
        ("https://lrs.example.jp", "https://lrs.example.jp/"),
        ("http://127.0.0.1:9/lrs/", "http://127.0.0.1:9/lrs/"),
    ],
)
def test_an_address_is_kept_as_resources_are_put_to_it(
    office: FlaskClient, session: Session, first: Person, said: str, kept: str
) -> None:
    assert office.post(LIST, data={**FORM, "endpoint": said}).status_code == 303
    assert only(session).endpoint == kept


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("name", " ", "呼ぶ名前"),
        ("name", "あ" * 256, "255文字"),
        ("endpoint", "", "エンドポイント"),
        ("endpoint", "lrs.example.jp", "そのまま写して"),
        ("endpoint", "ftp://lrs.example.jp/", "そのまま写して"),
        ("endpoint", "https://lrs.example.jp/?a=1", "そのまま写して"),
        ("endpoint", "https://somebody:secret@lrs.example.jp/", "そのまま写して"),
        ("endpoint", "https://lrs.example.jp/" + "x" * 2000, "そのまま写して"),
        ("endpoint", f"{stating.HOME}/xapi/", "自身には転送できません"),
        ("version", "3.0", "選択肢から"),
        ("version", "", "選択肢から"),
        ("key", "", "利用者キー"),
        ("key", "a:b", "「:」は使えません"),
        ("secret", " ", "シークレット"),
        ("secret", "x" * 256, "255文字"),
        ("verbs", "completed", "「completed」はIRIではありません"),
        ("verbs", f"https://example.jp/{'x' * 2000}", "IRIではありません"),
        ("activities", "https://example.jp/a\nこれは違う", "「これは違う」"),
        ("activities", "\n".join(f"https://e.jp/{n}" for n in range(101)), "100行以内"),
    ],
    ids=lambda value: value[:20].replace("\n", " "),
)
def test_what_cannot_be_right_is_said_at_its_field(
    office: FlaskClient, session: Session, first: Person, field: str, value: str, told: str
) -> None:
    answer = office.post(LIST, data={**FORM, field: value})
    found = errors(answer)
    assert set(found) == {field, "secret"}  # which is never given back
    assert told in found[field]
    assert FORM["secret"] not in answer.text
    assert session.scalar(sa.select(sa.func.count()).select_from(XapiForward)) == 0


def test_it_is_stopped_resumed_and_ended_by_one_and_each_leaves_a_line(
    office: FlaskClient, session: Session, settings: Settings, first: Person
) -> None:
    row = made.active(session, settings)
    stating.told(session, stating.said())
    assert office.post(f"{path(row)}/stop").status_code == 303
    assert only(session).state == "stopped"
    page = main(office.get(path(row)))
    assert "止めている間に届いた記録（1件）も送ります" in page
    assert office.post(f"{path(row)}/resume").status_code == 303
    assert only(session).state == "active"
    assert office.post(f"{path(row)}/end").status_code == 303
    row = only(session)
    assert (row.state, row.secret, row.wanted_since) == ("ended", "", None)
    page = office.get(path(row))
    assert "転送終了" in main(page)
    assert f'action="{path(row)}' not in page.text
    for step in ("stop", "resume", "approve", "end"):
        assert office.post(f"{path(row)}/{step}").status_code == 409
    steps = ["proposed", "approve", "stop", "resume", "end"]
    assert acts(session) == [f"xapi_forward.{step}" for step in steps]


def test_a_proposal_is_taken_back(
    office: FlaskClient, session: Session, settings: Settings, first: Person
) -> None:
    row = made.proposed(session, settings)
    assert "申請を取り下げる" in main(office.get(path(row)))
    assert office.post(f"{path(row)}/end").status_code == 303
    assert only(session).state == "ended"


def test_another_key_is_approved_anew_and_nothing_is_lost_meanwhile(
    office: FlaskClient, session: Session, settings: Settings, first: Person, second: FlaskClient
) -> None:
    row = made.active(session, settings)
    said = {"key": "key-2", "secret": "secret-2"}
    assert f"{path(row)}/key" not in office.get(path(row)).text
    assert "転送中は、キーを変えられません" in main(office.get(f"{path(row)}/key"))
    assert office.post(f"{path(row)}/key", data=said).status_code == 409
    assert only(session).key == "key-1"
    office.post(f"{path(row)}/stop")
    assert 'value="key-1"' in office.get(f"{path(row)}/key").text
    found = errors(office.post(f"{path(row)}/key", data={**said, "key": "a:b"}))
    assert "もう一度入力してください" in found.pop("secret")
    assert found.keys() == {"key"}
    assert errors(office.post(f"{path(row)}/key", data={**said, "secret": ""})).keys() == {"secret"}
    assert office.post(f"{path(row)}/key", data=said).status_code == 303
    row = only(session)
    assert (row.state, row.key, row.proposed_by) == ("proposed", "key-2", first.id)
    assert sealing.unseal(settings, row.secret) == "secret-2"
    stating.told(session, stating.said())
    assert session.scalar(sa.select(sa.func.count()).select_from(XapiOutgoing)) == 1
    assert office.post(f"{path(row)}/approve").status_code == 422
    assert office.post(f"{path(row)}/key", data=said).status_code == 303
    assert second.post(f"{path(row)}/approve").status_code == 303
    assert only(session).state == "active"
    steps = ["proposed", "approve", "stop", "propose", "renewed", "approve"]
    assert acts(session) == [f"xapi_forward.{step}" for step in steps]


def test_secrets_are_sealed_anew_and_those_of_the_ended_are_gone(
    session: Session, settings: Settings, now: datetime
) -> None:
    first = replace(settings, secret_key="first")
    rows = [made.active(session, first) for _ in range(2)]
    service.end(session, rows[0], by=made.administrator(session), now=now)
    session.flush()
    rotating = replace(settings, secret_key="next", former_secret_keys="first")
    assert service.seal_anew(session, rotating) == 1
    only = replace(settings, secret_key="next")
    assert sealing.unseal(only, rows[1].secret) == FORM["secret"]
    assert rows[0].secret == ""


def test_what_waits_and_why_is_told_with_what_to_do(
    office: FlaskClient, session: Session, settings: Settings, first: Person
) -> None:
    row = made.active(session, settings)
    stating.told(session, stating.said(), stating.said())
    fail(session, row, "credentials_refused", "401 who are you")
    page = office.get(path(row))
    for words in ("受け付けません", "キーが有効か", "401 who are you", "送信待ち2件"):
        assert words in main(page)
    assert "送れません" in main(office.get(LIST))
    assert office.post(f"{path(row)}/hurry").status_code == 303
    row = only(session)
    assert (row.error, row.failures, row.next_at <= clock.now()) == ("", 0, True)
    assert f"{path(row)}/hurry" not in office.get(path(row)).text
    before = row.next_at
    assert office.post(f"{path(row)}/hurry").status_code == 303
    assert only(session).next_at == before


@pytest.mark.parametrize("code", [*text.ERRORS, "something_new"])
def test_every_cause_has_its_words(
    office: FlaskClient, session: Session, settings: Settings, first: Person, code: str
) -> None:
    row = made.active(session, settings)
    fail(session, row, code)
    what, mending = text.trouble(code)
    page = main(office.get(path(row)))
    assert what in page
    assert mending in page


def test_what_was_refused_is_shown_with_the_answer_and_sent_again(
    office: FlaskClient, session: Session, settings: Settings, first: Person
) -> None:
    row = made.active(session, settings)
    keys = [refuse(session, row, f"no <b>{number}</b>") for number in range(3)]
    page = office.get(path(row))
    assert "no <b>0</b>" in main(page)
    assert "送れなかった記録3件" in main(page)
    held = session.scalars(sa.select(XapiOutgoing)).first()
    assert held is not None
    held.status, held.answer = 0, ""
    session.flush()
    assert "利用を停止している職員の記録です" in main(office.get(path(row)))
    for key in keys:
        assert f'href="/record-store/statements/{key}"' in page.text
    tree = html.document_fromstring(page.text)
    [seq, *_] = [each.get("value") for each in tree.xpath("//button[@name='seq']")]
    assert office.post(f"{path(row)}/again", data={"seq": seq}).status_code == 303
    assert "送れなかった記録2件" in main(office.get(path(row)))
    for wrong in ("x", "-1", "9" * 30, seq):
        assert office.post(f"{path(row)}/again", data={"seq": wrong}).status_code == 303
    assert "0件を、もう一度送ります" in main(office.get(path(row)))
    assert office.post(f"{path(row)}/again").status_code == 303
    assert "送れなかった記録0件" in main(office.get(path(row)))
    assert acts(session)[2:] == ["xapi_forward.sent_again"] * 2
    office.post(f"{path(row)}/end")
    assert office.post(f"{path(row)}/again").status_code == 409


def test_the_connection_is_tried_before_anything_is_sent(
    office: FlaskClient, session: Session, settings: Settings, store: Receiver, first: Person
) -> None:
    row = made.proposed(session, settings, endpoint=store.endpoint)

    def tried() -> str:
        assert office.post(f"{path(row)}/test").status_code == 303
        return main(office.get(path(row)))

    assert "転送先につながりました。転送先が使えるxAPIの版：1.0.3、1.0.0" in tried()
    assert [each.path.partition("?")[0] for each in store.asked] == [
        "/lrs/about",
        "/lrs/statements",
    ]
    store.about = {"version": ["2.0.0"]}
    assert "登録した版（1.0.3）は使えません" in tried()
    for about in ({"version": []}, {"version": "1.0.3"}, ["1.0.3"]):
        store.about = about
        assert "記録ストア（LRS）として応答しません（応答：200）" in tried()
    store.status = 503
    assert "転送先で障害が起きています（応答：503）" in tried()
    row.secret = "sealed by nobody"
    session.flush()
    assert "保存したシークレットを読めません" in tried()


def test_a_wrong_key_is_told_before_anybody_approves(
    office: FlaskClient, session: Session, settings: Settings, store: Receiver, first: Person
) -> None:
    row = made.proposed(session, settings, endpoint=store.endpoint)
    store.knows_key = False
    office.post(f"{path(row)}/test")
    assert "利用者キーとシークレットを受け付けません（応答：401）" in main(office.get(path(row)))


def test_who_watches_over_the_system_sees_and_changes_nothing(
    office: FlaskClient, session: Session, settings: Settings
) -> None:
    factories.enter(office, session, factories.person(session, roles=(Role.AUDITOR,)))
    assert "システム管理者が登録し" in main(office.get(LIST))
    row = made.active(session, settings)
    refuse(session, row, "what it answers")
    assert FORM["name"] in main(office.get(LIST))
    page = office.get(path(row))
    assert "送れなかった記録1件" in main(page)
    for words in ("what it answers", "/statements/", f'action="{path(row)}', NEW):
        assert words not in page.text
    assert office.get(NEW).status_code == 403
    for step in ("approve", "stop", "resume", "end", "test", "key", "hurry", "again"):
        assert office.post(f"{path(row)}/{step}").status_code == 403


def test_there_is_nothing_to_do_where_no_destination_is(office: FlaskClient, first: Person) -> None:
    for step in ("approve", "stop", "resume", "end", "test", "key", "hurry", "again"):
        data = {"key": "a", "secret": "b"}
        assert office.post(f"{LIST}/{uuid.uuid4()}/{step}", data=data).status_code == 404
    assert office.get(f"{LIST}/{uuid.uuid4()}").status_code == 404


def test_those_that_have_ended_stand_below(
    office: FlaskClient, session: Session, settings: Settings, first: Person
) -> None:
    rows = [made.active(session, settings, name=name) for name in ("一つめ", "二つめ", "三つめ")]
    office.post(f"{path(rows[1])}/end")
    page = html.document_fromstring(office.get(LIST).text)
    names = [each.text_content() for each in page.xpath("//tbody/tr/th")]
    assert names == ["三つめ", "一つめ", "二つめ"]


def test_the_list_asks_the_same_however_many_there_are(
    office: FlaskClient, session: Session, settings: Settings, first: Person
) -> None:
    counts = []
    for _ in range(2):
        for _ in range(3):
            made.active(session, settings)
        with statements(session) as asked:
            assert office.get(LIST).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_audit_tells_what_was_done_in_words(
    office: FlaskClient, session: Session, settings: Settings, first: Person
) -> None:
    office.post(LIST, data={**FORM, "verbs": f"{stating.VERBS}passed"})
    row = made.active(session, settings)
    office.post(f"{path(row)}/stop")
    shown = main(office.get("/audit"))
    for words in (
        "学習ステートメントの転送先を登録",
        "転送先：架空の分析基盤",
        "転送先のアドレス：https://lrs.example.jp/xapi/",
        "xAPIの版：1.0.3",
        "送る記録の「対象」：なし",
        "転送中 → 転送停止",
    ):
        assert words in shown
