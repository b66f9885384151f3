"""The pages of people over HTTP: sign-in, the list, one person, passwords, roles."""

import csv
import io
import re
from datetime import timedelta
from pathlib import Path

import flask
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app import factory
from app.kernel import clock, hashing
from app.kernel.actor import SYSTEM
from app.kernel.audit.models import AuditEvent
from app.kernel.db import Base
from app.kernel.settings import Settings
from app.people.accounts.models import Account
from app.people.permission.models import Role, RoleGrant
from app.people.register.models import Person
from app.people.sign_in import service
from app.people.sign_in.models import Credential, SignIn
from tests import factories, forms
from tests.conftest import SavepointDatabase

OWN = "a long sentence of mine"
STAFF = "職員番号,氏名,フリガナ,所属コード,職名\n00012,髙橋　一郎,コウゲンノカナ,0101,主事\n"


@pytest.fixture
def signed_in(office: FlaskClient, session: Session) -> Person:
    """The office's own person, signed in."""
    who = factories.person(session, "架空 花子", number="00001", roles=(Role.OFFICE,))
    factories.enter(office, session, who)
    return who


def with_own_password(session: Session, number: str = "00012") -> Person:
    who = factories.person(session, number=number)
    factories.informed(session, who, clock.now())
    service.issue_passwords(session, [who.id], SYSTEM, clock.now())
    credential = session.get_one(Credential, who.id)
    credential.password_hash, credential.must_change = hashing.of_chosen(OWN), False
    session.flush()
    return who


def sign_in(client: FlaskClient, number: str, password: str, **more: str) -> TestResponse:
    return client.post("/sign-in", data={"number": number, "password": password, **more})


def actions(session: Session) -> list[str]:
    return list(session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.seq)))


def main(answer: TestResponse) -> str:
    return answer.text.partition("<main")[2]


def test_signing_in_leads_back_to_the_page_that_was_asked_for(
    office: FlaskClient, session: Session
) -> None:
    with_own_password(session)
    answer = office.get("/password")
    assert answer.status_code == 303
    assert 'value="/password"' in main(office.get(answer.location))
    answer = sign_in(office, "00012", OWN, next="/password")
    assert (answer.status_code, answer.location) == (303, "/password")
    assert office.get("/password").status_code == 200


@pytest.mark.requirement("SEC-12")
@pytest.mark.parametrize(
    "path", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_signing_in_never_leads_to_another_host(
    office: FlaskClient, session: Session, path: str
) -> None:
    with_own_password(session)
    page = main(office.get("/sign-in", query_string={"next": path}))
    assert "evil" not in page
    assert "alert" not in page
    assert sign_in(office, "00012", OWN, next=path).location == "/"


def test_the_answer_is_the_same_for_an_unknown_number_and_a_wrong_password(
    office: FlaskClient, session: Session
) -> None:
    with_own_password(session, "00012")
    unknown, wrong = sign_in(office, "00013", "x"), sign_in(office, "00012", "x")
    assert unknown.status_code == wrong.status_code == 422
    pages = unknown.text.replace("00013", ""), wrong.text.replace("00012", "")
    # A form's token holds the second in which it was made.
    one, other = (re.sub(r'(name="csrf_token"[^>]*value=")[^"]*', r"\1", page) for page in pages)
    assert one == other
    session.expire_all()
    assert actions(session)[-2:] == ["person.sign_in_failed"] * 2
    assert session.scalars(sa.select(Account.failures)).one() == 1


def test_the_cookie_is_for_http_alone_and_for_this_site(
    office: FlaskClient, session: Session
) -> None:
    with_own_password(session)
    cookie = sign_in(office, "00012", OWN).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_the_cookie_insists_on_tls_where_the_office_has_it(
    tmp_path: Path, database: SavepointDatabase, session: Session
) -> None:
    settings = Settings(
        instance=tmp_path / "instance",
        secret_key="only for tests",
        office_origin="https://office.example",
        content_origin="https://content.example",
    )
    settings.instance.mkdir()
    app = factory.create_app(settings, database)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    with_own_password(session)
    answer = app.test_client().post(
        "/sign-in", data={"number": "00012", "password": OWN}, base_url="https://office.example"
    )
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-kenshu=")
    assert "Secure" in cookie


def test_signing_in_makes_a_new_session(office: FlaskClient, session: Session) -> None:
    with_own_password(session)
    with office.session_transaction() as before:
        before["planted"] = "by somebody else"
    sign_in(office, "00012", OWN)
    with office.session_transaction() as after:
        assert "planted" not in after


def test_signing_in_as_another_ends_the_first_sign_in(
    office: FlaskClient, session: Session, signed_in: Person
) -> None:
    with_own_password(session)
    sign_in(office, "00012", OWN)
    session.expire_all()
    rows = session.scalars(sa.select(SignIn).order_by(SignIn.id)).all()
    assert [row.ended_at is None for row in rows] == [False, True]


def test_signing_out_ends_the_session_on_the_server(office: FlaskClient, session: Session) -> None:
    with_own_password(session)
    sign_in(office, "00012", OWN)
    stolen = office.get_cookie("kenshu")
    assert stolen
    assert office.post("/sign-out").status_code == 303
    office.set_cookie("kenshu", stolen.value)
    assert office.get("/password").location.startswith("/sign-in")


def test_a_session_ends_after_so_long_without_a_request(
    office: FlaskClient, session: Session, settings: Settings
) -> None:
    who = with_own_password(session)
    idle = timedelta(minutes=settings.idle_minutes_learner, seconds=5)
    factories.enter(office, session, who, clock.now() - idle)
    assert office.get("/password").location.startswith("/sign-in")


def test_an_issued_password_opens_nothing_but_its_change(
    office: FlaskClient, session: Session
) -> None:
    who = factories.person(session, number="00012", roles=(Role.OFFICE,))
    factories.informed(session, who, clock.now())
    ((_, issued),) = service.issue_passwords(session, [who.id], SYSTEM, clock.now())
    assert sign_in(office, "00012", issued).location == "/"
    assert office.get("/staff").location == "/password"
    typed = {"present": issued, "new": OWN, "again": OWN}
    wrong = office.post("/password", data={**typed, "again": "another long one"})
    assert wrong.status_code == 422
    assert office.post("/password", data=typed).status_code == 303
    assert office.get("/staff").status_code == 200


def test_a_form_without_its_token_is_refused(
    office_app: flask.Flask, office: FlaskClient, session: Session
) -> None:
    office_app.config["WTF_CSRF_ENABLED"] = True
    with_own_password(session)
    assert sign_in(office, "00012", OWN).status_code == 400
    assert office.post("/sign-out").status_code == 400


@pytest.mark.requirement("SEC-02")
@pytest.mark.parametrize("path", ["/staff", "/staff/passwords", "/sections"])
def test_the_pages_of_staff_are_the_offices(
    office: FlaskClient, session: Session, path: str
) -> None:
    assert office.get(path).location.startswith("/sign-in")
    factories.enter(office, session, factories.person(session, roles=(Role.AUTHOR,)))
    assert office.get(path).status_code == 403


def test_the_list_is_found_by_variants_of_a_name_and_audited(
    office: FlaskClient, session: Session, signed_in: Person
) -> None:
    who = factories.person(session, "髙橋　一郎", number="00012")
    who.name_key = "高橋一郎"
    factories.person(session, "鈴木 二郎", number="00013")
    session.flush()
    for words in ("高橋", "髙橋 一", "00012", "０００１２"):
        page = office.get("/staff", query_string={"q": words}).text
        assert "髙橋　一郎" in page
        assert "鈴木 二郎" not in page
    assert actions(session) == ["people.listed"] * 4
    assert "当てはまる職員はいません" in office.get("/staff?q=%25").text


def test_the_list_is_narrowed_to_a_section_and_those_below(
    office: FlaskClient, session: Session, signed_in: Person
) -> None:
    top = factories.section(session, "総務部")
    below = factories.section(session, "総務課", parent=top)
    factories.person(session, "上の人", section=top)
    factories.person(session, "下の人", section=below)
    factories.person(session, "よその人")
    page = office.get("/staff", query_string={"section": str(top.id)}).text
    assert [name in page for name in ("上の人", "下の人", "よその人")] == [True, True, False]


@pytest.mark.requirement("SEC-02")
def test_who_looks_after_a_part_sees_that_part_only(office: FlaskClient, session: Session) -> None:
    own, other = factories.section(session, "総務課"), factories.section(session, "福祉課")
    clerk = factories.person(session, "担当の人", section=own)
    session.add(
        RoleGrant(
            person_id=clerk.id,
            role=Role.OFFICE,
            section_id=own.id,
            valid_from=factories.LONG_AGO,
        )
    )
    beyond = factories.person(session, "よその人", section=other)
    factories.enter(office, session, clerk)
    assert "よその人" not in office.get("/staff").text
    assert "よその人" not in office.get("/staff", query_string={"section": str(other.id)}).text
    assert office.get(f"/staff/{beyond.id}").status_code == 404
    assert office.post(f"/staff/{beyond.id}/password").status_code == 404
    assert office.post(f"/staff/{beyond.id}/roles", data={"role": "head"}).status_code == 404
    assert "担当の人" in office.get(f"/staff/{clerk.id}").text


def test_the_number_of_statements_does_not_grow_with_the_list(
    office: FlaskClient, session: Session, signed_in: Person, database: SavepointDatabase
) -> None:
    counted: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        counted.append(statement)

    def statements() -> int:
        counted.clear()
        assert office.get("/staff").status_code == 200
        return len(counted)

    where = factories.section(session)
    sa.event.listen(database.engine, "before_cursor_execute", note)
    try:
        few = statements()
        for _ in range(20):
            factories.person(session, section=where)
        assert statements() == few
    finally:
        sa.event.remove(database.engine, "before_cursor_execute", note)


def test_a_persons_page_shows_what_is_held_and_is_audited(
    office: FlaskClient, session: Session, signed_in: Person
) -> None:
    who = factories.person(session, "<b>甲</b>", number="00012", email="a@example.jp")
    page = office.get(f"/staff/{who.id}").text
    assert "&lt;b&gt;甲&lt;/b&gt;" in page
    assert "<b>甲" not in page
    assert "a@example.jp" in page
    assert "パスワード未発行" in page
    line = session.scalars(sa.select(AuditEvent)).one()
    assert (line.action, line.actor_id, line.subject_id) == ("person.viewed", signed_in.id, who.id)


def test_a_password_is_shown_once_to_the_office_and_works(
    office: FlaskClient, session: Session, signed_in: Person
) -> None:
    who = factories.person(session, number="00012")
    answer = office.post(f"/staff/{who.id}/password")
    assert answer.headers["Cache-Control"] == "no-store"
    found = re.search(r"<code[^>]*>(.+)</code>", answer.text)
    assert found
    assert found[1] not in office.get(f"/staff/{who.id}").text
    assert sign_in(office, "00012", found[1]).location == "/"
    assert office.get("/").location == "/password"


def test_first_passwords_come_as_csv_that_no_spreadsheet_runs(
    office: FlaskClient, session: Session, signed_in: Person
) -> None:
    factories.person(session, "=cmd()", number="00012")
    assert "1人に発行します" in office.get("/staff/passwords").text
    confirmed = forms.carried(office, "/staff/passwords")
    answer = office.post("/staff/passwords", data={"answer": "csv", **confirmed})
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.data.startswith(b"\xef\xbb\xbf")
    head, row = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert head == ["職員番号", "氏名", "所属", "仮のパスワード"]
    assert row[:2] == ["00012", "'=cmd()"]
    # Sent once more, nothing is issued anew: what was confirmed is not there any more.
    assert office.post("/staff/passwords", data={"answer": "csv", **confirmed}).status_code == 409
    confirmed = forms.carried(office, "/staff/passwords")
    again = office.post("/staff/passwords", data={"again": "y", "answer": "screen", **confirmed})
    assert row[3] not in again.text
    assert "00012" in again.text


def test_a_role_is_given_and_taken_on_the_persons_page(
    office: FlaskClient, session: Session, signed_in: Person
) -> None:
    where = factories.section(session, "福祉課")
    who = factories.person(session)
    address = f"/staff/{who.id}/roles"
    refused = office.post(address, data={"role": "head", "section": ""})
    assert refused.status_code == 422
    assert "範囲の所属を選んでください" in refused.text
    assert office.post(address, data={"role": "head", "section": "x"}).status_code == 404
    given = office.post(
        address, data={"role": "head", "section": str(where.id), "with_children": "y"}
    )
    assert given.status_code == 303
    assert "福祉課とその下" in office.get(f"/staff/{who.id}").text
    row = session.scalars(sa.select(RoleGrant).where(RoleGrant.person_id == who.id)).one()
    assert office.post(f"{address}/{row.id}/end").status_code == 303
    assert "福祉課とその下" not in office.get(f"/staff/{who.id}").text


def test_looking_at_the_pages_writes_nothing_but_the_audit(
    office: FlaskClient, session: Session, signed_in: Person
) -> None:
    factories.section(session, code="0101")

    def rows() -> dict[str, list[object]]:
        session.expire_all()
        tables = [t for t in Base.metadata.sorted_tables if not t.name.startswith("audit_")]
        return {t.name: list(session.execute(t.select())) for t in tables}

    before = rows()
    paths = ["/staff", f"/staff/{signed_in.id}", "/staff/passwords"]
    for path in [*paths, "/sections", "/password", "/sign-in", "/demo/mail"]:
        assert office.get(path).status_code in (200, 303)
    assert rows() == before
    assert actions(session) == ["people.listed", "person.viewed"]


def test_a_problem_page_shows_its_reference_and_the_way_home(
    office: FlaskClient, signed_in: Person
) -> None:
    answer = office.get("/nowhere")
    assert answer.status_code == 404
    assert answer.headers["X-Request-Id"] in answer.text
    assert "ページが見つかりません" in answer.text


def test_the_mailbox_shows_mail_as_text(
    office: FlaskClient, signed_in: Person, settings: Settings
) -> None:
    assert "まだメールはありません" in office.get("/demo/mail").text
    settings.mailbox.mkdir()
    (settings.mailbox / "1@kenshu.eml").write_text(
        "To: a@example.jp\nSubject: notice\nDate: Mon, 23 Nov 2026 13:00:00 +0900\n\n<script>\n"
    )
    page = office.get("/demo/mail").text
    assert "a@example.jp" in page
    assert "&lt;script&gt;" in page
