"""C33: operators' accounts are apart from the staff, end by themselves, and are watched."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.cli import kenshu
from app.kernel import clock, db
from app.kernel.audit.models import AuditEvent
from app.people.operators import service
from app.people.operators.models import Operator
from app.people.permission.models import Role
from app.people.register import queries as register
from app.people.register.models import Appointment, StaffNumber
from app.people.sign_in import access
from app.people.sign_in import service as sign_in
from app.people.sign_in.models import SignIn
from tests import factories
from tests.training.counting import rows

OWN = "受託者の長い合い言葉です"
NAME = "受託 みほん"


def made(session: Session, role: str = "administrator") -> service.NewOperator:
    until = clock.today(clock.now()) + timedelta(days=30)
    return service.create(session, NAME, until, role, clock.now())


def enter(client: FlaskClient, operator: service.NewOperator) -> None:
    """Sign an operator in by the pages, up to where everything is open."""
    client.post("/sign-in", data={"number": operator.number, "password": operator.password})
    typed = {"present": operator.password, "new": OWN, "again": OWN}
    assert client.post("/password", data=typed).status_code == 303
    assert client.post("/purposes/confirm", data={"version": "0"}).status_code == 303


def test_an_operator_signs_in_and_is_in_no_list_of_staff(
    office: FlaskClient, session: Session
) -> None:
    operator = made(session)
    enter(office, operator)
    assert NAME in office.get("/").text
    assert office.get("/system").status_code == 200
    for path in ("/staff", "/staff?q=みほん", "/staff?q=op-0001"):
        assert NAME not in office.get(path).text.partition("<main")[2]
    assert office.get(f"/staff/{operator.person_id}").status_code == 404
    assert "全員にパスワードがあります" in office.get("/staff/passwords").text
    for table in (Appointment, StaffNumber):
        assert rows(session, table) == 0
    assert session.execute(register.posts(clock.now())).all() == []


def test_an_operator_cannot_be_enrolled_or_given_a_role_by_the_pages(
    office: FlaskClient, session: Session
) -> None:
    operator = made(session)
    factories.enter(
        office, session, factories.person(session, roles=(Role.OFFICE, Role.ADMINISTRATOR))
    )
    run = factories.run(session, state="draft")
    checked = office.post(f"/runs/{run.id}/enrol/check", data={"numbers": operator.number})
    assert NAME not in checked.text
    path = f"/staff/{operator.person_id}"
    assert office.post(f"{path}/roles", data={"role": "office"}).status_code == 404
    assert office.post(f"{path}/password").status_code == 404


def test_a_sign_in_ends_with_the_accounts_last_day(office: FlaskClient, session: Session) -> None:
    operator = made(session)
    enter(office, operator)
    row = session.get_one(Operator, operator.person_id)
    today = clock.today(clock.now())
    for valid_to, status in ((today, 200), (today - timedelta(days=1), 303)):
        row.valid_to = valid_to
        session.flush()
        assert office.get("/").status_code == status
    refused = office.post("/sign-in", data={"number": operator.number, "password": OWN})
    assert refused.status_code == 422


def test_all_that_an_operator_does_is_marked_in_the_audit(
    office: FlaskClient, session: Session
) -> None:
    operator = made(session)
    enter(office, operator)
    office.get("/staff")
    office.post("/sign-out")
    lines = session.execute(
        sa.select(AuditEvent.action, AuditEvent.details)
        .where(AuditEvent.actor_id == operator.person_id)
        .order_by(AuditEvent.seq)
    ).all()
    assert [line.action for line in lines] == [
        "person.signed_in",
        "person.password_changed",
        "person.purposes_confirmed",
        "people.listed",
        "person.signed_out",
    ]
    assert {line.details.get("operator") for line in lines} == {"op-0001"}
    factories.enter(office, session, factories.person(session, roles=(Role.OFFICE,)))
    office.get("/staff")
    newest = session.scalars(sa.select(AuditEvent).order_by(AuditEvent.seq.desc())).first()
    assert newest
    assert "operator" not in newest.details


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR])
def test_the_ward_sees_the_accounts_their_sign_ins_and_what_each_did(
    office: FlaskClient, session: Session, role: Role
) -> None:
    operator = made(session)
    browser = office.application.test_client()
    enter(browser, operator)
    browser.get("/staff")
    factories.enter(office, session, factories.person(session, roles=(role,)))
    listed = office.get("/operators").text
    assert all(words in listed for words in ("op-0001", NAME, "利用できます"))
    page = office.get(f"/operators/{operator.person_id}").text
    assert all(words in page for words in ("サインイン", "職員の一覧を表示", "127.0.0.1"))
    assert office.get(f"/operators/{factories.person(session).id}").status_code == 404
    actions = session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.seq)).all()
    assert actions[-2:] == ["operators.listed", "operator.viewed"]


def test_the_administrator_ends_an_account_at_once(office: FlaskClient, session: Session) -> None:
    operator = made(session)
    browser = office.application.test_client()
    enter(browser, operator)
    path = f"/operators/{operator.person_id}"
    factories.enter(office, session, factories.person(session, roles=(Role.AUDITOR,)))
    assert office.post(f"{path}/end").status_code == 403
    factories.enter(office, session, factories.person(session, roles=(Role.ADMINISTRATOR,)))
    assert office.post(f"{path}/end").location == path
    assert browser.get("/").location.startswith("/sign-in")
    assert "期限切れ" in office.get("/operators").text


def typed(instance: Path, *words: str) -> Result:
    return CliRunner().invoke(kenshu, words, env={"KENSHU_INSTANCE": str(instance)})


def test_the_command_makes_an_account_for_a_time_and_shows_its_password_once(
    tmp_path: Path,
) -> None:
    assert typed(tmp_path, "migrate").exit_code == 0
    until = (clock.today(clock.now()) + timedelta(days=90)).isoformat()
    done = typed(tmp_path, "create-operator", NAME, "--until", until, "--role", "auditor")
    assert done.exit_code == 0, done.output
    number, password = done.output.split()
    database = db.connect(f"sqlite:///{tmp_path / 'kenshu.sqlite3'}")
    with database.reading() as session:
        row = session.scalars(sa.select(Operator)).one()
        assert (row.number, row.valid_to) == (number, date.fromisoformat(until))
        checked = sign_in.check(session, number, password, clock.now())
        assert checked.is_right
        assert session.scalars(sa.select(SignIn)).all() == []
        assert access.holders.holder_of(session, row.person_id, clock.now())
        assert password not in repr(session.scalars(sa.select(AuditEvent.details)).all())
    database.engine.dispose()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--until", "2020-01-01"), "today or later, and within a year"),
        (("--until", "2099-01-01"), "today or later, and within a year"),
        (("--until", "2099-01-01", "--role", "head"), "needs no section"),
        (("--until", "soon"), "Invalid value for '--until'"),
        ((), "Missing option '--until'"),
    ],
)
def test_the_command_says_what_it_cannot_take(
    tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    assert typed(tmp_path, "migrate").exit_code == 0
    refused = typed(tmp_path, "create-operator", NAME, *words)
    assert refused.exit_code != 0
    assert told in refused.output
