"""The office's pages of systems that speak to the record store."""

from __future__ import annotations

import uuid

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.kernel.audit.models import AuditEvent
from app.kernel.hashing import hashed
from app.kernel.settings import Settings
from app.learning.clients import access
from app.learning.clients.models import XapiClient
from app.learning.clients.text import SCOPES
from app.people.permission.models import Role
from app.people.register.models import Person
from tests import factories
from tests.learning import stating
from tests.training.counting import statements

LIST, NEW = "/record-store/clients", "/record-store/clients/new"
FORM = {"name": "架空LMS", "scopes": ["statements/write", "state"]}


@pytest.fixture
def administrator(office: FlaskClient, session: Session) -> Person:
    """The administrator who is signed in."""
    who = factories.person(session, "管理 一子", roles=(Role.ADMINISTRATOR,))
    factories.enter(office, session, who)
    return who


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


def field(answer: TestResponse, name: str) -> str:
    """Return what stands in a field that is there to be copied."""
    [found] = html.document_fromstring(answer.text).xpath(f"//input[@id='{name}'][@readonly]")
    return str(found.get("value"))


def acts(session: Session) -> list[AuditEvent]:
    query = sa.select(AuditEvent).where(AuditEvent.action.like("xapi_client.%"))
    return list(session.scalars(query.order_by(AuditEvent.seq)))


def test_as_long_as_none_is_added_the_page_says_so_and_leads_on(
    office: FlaskClient, administrator: Person
) -> None:
    answer = office.get(LIST)
    assert "接続先システムはまだありません" in main(answer)
    assert answer.text.count(f'href="{NEW}"') == 1


def test_the_entry_of_the_record_store_is_there_for_who_may_see_it(
    office: FlaskClient, session: Session, administrator: Person
) -> None:
    assert "学習記録ストア" in office.get("/").text
    factories.enter(office, session, factories.person(session, roles=(Role.OFFICE,)))
    assert "学習記録ストア" not in office.get("/").text


def test_every_scope_that_there_is_can_be_chosen_and_says_what_it_means(
    office: FlaskClient, administrator: Person
) -> None:
    assert SCOPES.keys() == access.SCOPES.keys()
    page = html.document_fromstring(office.get(NEW).text)
    boxes = page.xpath("//input[@name='scopes']")
    assert [box.get("value") for box in boxes] == list(SCOPES)
    assert not any("checked" in box.attrib for box in boxes)
    for box in boxes:
        [note] = page.xpath(f"//p[@id='{box.get('aria-describedby')}']")
        assert note.text_content() == str(SCOPES[box.get("value")][1].text)


def test_a_client_is_made_and_its_secret_shown_this_once(
    office: FlaskClient, session: Session, settings: Settings, administrator: Person
) -> None:
    answer = office.post(LIST, data=FORM)
    assert "シークレットの表示はこの1回だけです" in main(answer)
    assert "no-store" in answer.headers["Cache-Control"]
    row = session.scalars(sa.select(XapiClient)).one()
    secret = field(answer, "secret")
    assert field(answer, "key") == row.key
    assert field(answer, "endpoint") == f"{settings.office_origin}/xapi/"
    assert (row.name, row.created_by) == ("架空LMS", administrator.id)
    assert row.scopes == ["state", "statements/write"]
    assert row.secret_hash == hashed(secret)
    listed = office.get(LIST)
    assert secret not in listed.text
    assert row.secret_hash not in listed.text
    shown = main(listed)
    for words in ("架空LMS", row.key, "接続中", "管理 一子", "記録を送る", "/xapi/"):
        assert words in shown
    [line] = acts(session)
    assert (line.action, line.subject_id) == ("xapi_client.made", row.id)
    assert line.details == {"client": "架空LMS", "scopes": "state statements/write"}


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"name": " "}, {"name": "呼ぶ名前"}),
        ({"name": "あ" * 256}, {"name": "255文字"}),
        ({"scopes": []}, {"scopes": "1つ以上"}),
        ({"scopes": ["statements/write", "define"]}, {"scopes": "選択肢から"}),
        ({"name": "", "scopes": []}, {"name": "呼ぶ名前", "scopes": "1つ以上"}),
    ],
)
def test_what_is_missing_is_said_at_its_field_and_nothing_is_made(
    office: FlaskClient,
    session: Session,
    administrator: Person,
    changed: dict[str, object],
    told: dict[str, str],
) -> None:
    found = errors(office.post(LIST, data={**FORM, **changed}))
    assert found.keys() == told.keys()
    assert all(words in found[name] for name, words in told.items())
    assert session.scalar(sa.select(sa.func.count()).select_from(XapiClient)) == 0


def test_a_client_is_stopped_for_good_and_that_is_recorded_once(
    office: FlaskClient, session: Session, administrator: Person
) -> None:
    row = stating.client(session).client
    stating.told(session, stating.said())
    page = office.get(LIST)
    assert "これまでに届いた記録は残ります" in main(page)
    assert f'action="{LIST}/{row.id}/stop"' in page.text
    for _ in range(2):
        answer = office.post(f"{LIST}/{row.id}/stop")
        assert (answer.status_code, answer.location) == (303, LIST)
    session.expire_all()
    assert session.get_one(XapiClient, row.id).stopped_at
    listed = office.get(LIST)
    assert "接続停止" in main(listed)
    assert f"{row.id}/stop" not in listed.text
    assert [line.action for line in acts(session)] == ["xapi_client.made", "xapi_client.stopped"]
    assert "架空LMS" in main(office.get("/record-store/statements"))


def test_there_is_nothing_to_stop_where_no_client_is(
    office: FlaskClient, administrator: Person
) -> None:
    assert office.post(f"{LIST}/{uuid.uuid4()}/stop").status_code == 404


def test_those_that_speak_stand_above_those_that_are_stopped(
    office: FlaskClient, session: Session, administrator: Person
) -> None:
    first = stating.client(session, "一つめ").client
    for name in ("二つめ", "三つめ"):
        stating.client(session, name)
    office.post(f"{LIST}/{first.id}/stop")
    page = html.document_fromstring(office.get(LIST).text)
    names = [each.text_content() for each in page.xpath("//tbody/tr/th")]
    assert names == ["三つめ", "二つめ", "一つめ"]


def test_who_watches_over_the_system_sees_and_changes_nothing(
    office: FlaskClient, session: Session
) -> None:
    who = factories.person(session, roles=(Role.AUDITOR,))
    factories.enter(office, session, who)
    assert "システム管理者が接続先を追加するまで" in main(office.get(LIST))
    row = stating.client(session).client
    page = office.get(LIST)
    assert "架空LMS" in main(page)
    assert NEW not in page.text
    assert "/stop" not in page.text
    assert "/record-store/statements" not in page.text
    assert office.get(NEW).status_code == 403
    assert office.post(LIST, data=FORM).status_code == 403
    assert office.post(f"{LIST}/{row.id}/stop").status_code == 403


def test_the_list_asks_the_same_however_many_there_are(
    office: FlaskClient, session: Session, administrator: Person
) -> None:
    counts = []
    for _ in range(2):
        for _ in range(3):
            stating.client(session)
        with statements(session) as asked:
            assert office.get(LIST).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_audit_tells_what_was_done_with_a_client_in_words(
    office: FlaskClient, session: Session, administrator: Person
) -> None:
    office.post(LIST, data=FORM)
    shown = main(office.get("/audit"))
    assert "学習記録ストアの接続先を追加" in shown
    assert "接続先システム：架空LMS" in shown
    assert "許すこと：state statements/write" in shown
