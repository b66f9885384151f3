"""The office's pages of notices: words in versions, trials, and mails that have not arrived."""

from __future__ import annotations

from datetime import datetime

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel import outbox
from app.kernel.actor import Actor
from app.kernel.audit.models import AuditEvent
from app.kernel.errors import Conflict
from app.kernel.notices import service as notices
from app.kernel.notices.models import MailState, Notice
from app.kernel.notices.text import Wording
from app.kernel.outbox import Kind, Outgoing
from app.people.messages import queries, service
from app.people.permission.models import Role, RoleGrant
from app.people.register.models import Person
from app.training.enrolment.service import OPENED
from tests import factories

PAGE = f"/messages/words/{OPENED}"
WORDS = {"title": "{研修名}のご案内", "text": "{氏名}さん\n{受講の期限}までです。"}
DATA = {"title": "接遇研修", "from_on": "2026-12-01", "until_on": "2026-12-25"}


@pytest.fixture
def clerk(office: FlaskClient, session: Session) -> Person:
    """Somebody of the office, signed in, with an address."""
    who = factories.person(session, "担当 一子", roles=(Role.OFFICE,), email="ichiko@ward.example")
    factories.enter(office, session, who)
    return who


def audited(session: Session, *actions: str) -> list[object]:
    query = sa.select(AuditEvent.details).where(AuditEvent.action.in_(actions))
    return list(session.scalars(query.order_by(AuditEvent.seq)))


@pytest.mark.requirement("NTF-01")
def test_the_office_words_a_notice_version_by_version_and_goes_back(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    assert "標準" in office.get("/messages").text
    shown = office.get(PAGE).text
    assert "研修の受講を始められます：{研修名}" in shown
    assert "標準の文面に戻す" not in shown
    assert office.post(PAGE, data={**WORDS, "after": "0"}).location == PAGE
    shown = office.get(PAGE).text
    assert "情報セキュリティ研修のご案内" in shown  # by an example
    assert "第1版" in shown
    assert "担当 一子" in shown
    assert "変更済み" in office.get("/messages").text
    assert office.post(f"{PAGE}/restore", data={"after": "1"}).location == PAGE
    assert [each.version for each in queries.versions(session, OPENED)] == [2, 1, 0]
    assert queries.present(session)[OPENED].wording is None
    written = {"kind": OPENED, "version": 1}
    assert audited(session, "notice_template.written", "notice_template.restored") == [
        written, {**written, "version": 2},
    ]  # fmt: skip


@pytest.mark.requirement("NTF-01")
@pytest.mark.parametrize("action", ["", "/preview", "/trial"])
def test_what_cannot_be_placed_is_named_and_nothing_typed_is_lost(
    office: FlaskClient, session: Session, clerk: Person, action: str
) -> None:
    typed = {**WORDS, "text": "｛ 研修名 ｝と{職員番号}", "after": "0"}
    answer = office.post(PAGE + action, data=typed)
    assert answer.status_code == 422
    assert "差込項目{職員番号}はありません" in answer.text
    assert "使える差込項目は、{氏名}、{研修名}、{受講開始日}、{受講の期限}です" in answer.text
    assert "{研修名}と{職員番号}</textarea>" in answer.text
    assert WORDS["title"] in answer.text
    assert queries.versions(session, OPENED) == [queries.Version(0)]
    empty = office.post(PAGE + action, data={**WORDS, "title": " \r\n", "after": "0"})
    assert empty.status_code == 422
    assert "題名を入力してください。" in empty.text


def test_of_two_who_write_after_the_same_version_the_second_loses_nothing(
    office: FlaskClient, session: Session, clerk: Person, now: datetime
) -> None:
    by = Actor(person_id=clerk.id)
    service.write(session, OPENED, Wording("一人目", "一人目"), 0, by=by, now=now)
    with pytest.raises(Conflict, match="wording_changed"):
        service.restore(session, OPENED, 0, by=by, now=now)
    late = office.post(PAGE, data={**WORDS, "after": "0"})
    assert late.status_code == 409
    assert WORDS["title"] in late.text
    assert "一人目" in late.text
    assert 'name="after" type="hidden" value="1"' in late.text
    assert office.post(PAGE, data={**WORDS, "after": "1"}).status_code == 303


@pytest.mark.requirement("NTF-01")
def test_words_are_tried_out_on_oneself_and_nothing_is_kept(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    typed = {"title": "{研修名}\r\nのご案内", "text": WORDS["text"], "after": "0"}
    assert "情報セキュリティ研修 のご案内" in office.post(f"{PAGE}/preview", data=typed).text
    assert session.scalars(sa.select(Outgoing)).all() == []
    answer = office.post(f"{PAGE}/trial", data=typed)
    assert "ichiko@ward.example に試送します" in answer.text
    assert "{研修名} のご案内" in answer.text
    row = session.scalars(sa.select(Outgoing)).one()
    assert (row.kind, row.payload["person_id"]) == (Kind.TRIAL, str(clerk.id))
    assert row.payload["title"] == "{研修名} のご案内"
    assert queries.versions(session, OPENED) == [queries.Version(0)]
    assert session.scalars(sa.select(Notice)).all() == []
    clerk.email = None
    session.flush()
    refused = office.post(f"{PAGE}/trial", data=typed)
    assert refused.status_code == 422
    assert "あなたのメールアドレスが登録されていないため、試送できません" in refused.text
    assert "{研修名} のご案内" in refused.text


@pytest.fixture
def mails(session: Session, now: datetime) -> dict[str, Notice]:
    """A notice of each standing of its mail, by what became of it."""
    found = {}
    for name, email in (
        ("sent", "s@ward.example"),
        ("recipient", "r@ward.example"),
        ("unreachable", "u@ward.example"),
        ("no_address", None),
    ):
        who = factories.person(session, f"架空 {name}", email=email)
        keys = [who.id] if email else []
        notices.notify(session, [who.id], OPENED, DATA, "/", now=now, dedupe="x", mail_to=keys)
        found[name] = session.scalars(sa.select(Notice).where(Notice.person_id == who.id)).one()
    notices.note_mail(session, found["sent"].id, MailState.SENT, now)
    notices.note_mail(session, found["recipient"].id, MailState.FAILED, now, "recipient")
    notices.note_mail(session, found["unreachable"].id, MailState.WAITING, now, "unreachable")
    session.execute(sa.delete(Outgoing))
    session.expire_all()
    return found


@pytest.mark.requirement("NTF-03")
def test_what_has_not_arrived_is_listed_with_why_and_sent_again(
    office: FlaskClient, session: Session, clerk: Person, mails: dict[str, Notice]
) -> None:
    assert "届かなかったメールが1通あります" in office.get("/").text
    page = office.get("/messages/undelivered").text
    assert "宛先がメールサーバーに断られました" in page
    assert "メールサーバーに接続できません" in page
    assert "職員の登録にメールアドレスがありません。" in page
    assert "架空 sent" not in page
    narrowed = office.get("/messages/undelivered?state=no_address").text
    assert ("架空 no_address" in narrowed, "架空 recipient" in narrowed) == (True, False)
    shown = audited(session, "mails.listed")
    assert [line["count"] for line in shown if isinstance(line, dict)] == [3, 1]
    path = "/messages/undelivered/{}/send"
    assert office.post(path.format(mails["recipient"].id)).status_code == 303
    session.refresh(mails["recipient"])
    assert mails["recipient"].mail == MailState.WAITING
    for name, status in (("recipient", 409), ("sent", 409), ("unreachable", 409)):
        assert office.post(path.format(mails[name].id)).status_code == status
    assert office.post(path.format(mails["no_address"].id)).status_code == 422
    assert len(session.scalars(sa.select(Outgoing)).all()) == 1
    assert "届かなかったメールが" not in office.get("/").text


@pytest.mark.requirement("NTF-03")
def test_all_that_have_an_address_are_sent_again_at_once(
    office: FlaskClient, session: Session, clerk: Person, mails: dict[str, Notice], now: datetime
) -> None:
    session.get_one(Person, mails["no_address"].person_id).email = "new@ward.example"
    apart = factories.person(session, "架空 停止", email="t@ward.example")
    apart.restricted_at = now
    notices.notify(session, [apart.id], OPENED, DATA, "/", now=now, dedupe="x", mail_to=[])
    session.flush()
    page = office.get("/messages/undelivered").text
    assert "2通を送り直しますか" in page
    assert "アドレスが登録されました。送り直せます。" in page
    assert "架空 停止" not in page
    office.post("/messages/undelivered/send")
    letters = session.scalars(
        sa.select(Outgoing.payload).where(Outgoing.kind == outbox.Kind.MAIL)
    ).all()
    assert {letter["notice_id"] for letter in letters} == {
        str(mails["no_address"].id), str(mails["recipient"].id),
    }  # fmt: skip
    assert audited(session, "mail.sent_again") == [{"count": 2}]
    assert "すべて送り直す" not in office.get("/messages/undelivered").text
    assert (
        "送り直せるメールはありません"
        in office.post("/messages/undelivered/send", follow_redirects=True).text
    )


def test_a_part_of_the_office_is_offered_none_of_it(office: FlaskClient, session: Session) -> None:
    where = factories.section(session)
    part = factories.person(session, section=where)
    session.add(
        RoleGrant(
            person_id=part.id,
            role=Role.OFFICE,
            section_id=where.id,
            valid_from=factories.LONG_AGO,
        )
    )
    factories.enter(office, session, part)
    assert "通知の文面とメール" not in office.get("/trainings").text
    assert office.get("/messages").status_code == 403
    assert office.get("/messages/words/nothing").status_code == 403


def test_a_kind_that_there_is_not_is_not_found(office: FlaskClient, clerk: Person) -> None:
    assert "通知の文面とメール" in office.get("/trainings").text
    assert office.get("/messages/words/nothing").status_code == 404
    for action in ("", "/preview", "/trial", "/restore"):
        assert office.post(f"/messages/words/nothing{action}", data=WORDS).status_code == 404
