"""C11: idle time by role, an end on the server, a cookie of three guards, nothing that lingers."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel import clock, hashing
from app.kernel.actor import SYSTEM
from app.kernel.settings import Settings
from app.learning.records.models import Attempt
from app.people.accounts import service as accounts
from app.people.permission import service as permission
from app.people.permission.models import Role, RoleGrant
from app.people.register.models import Person
from app.people.sign_in import service
from app.people.sign_in.models import Credential, SignIn
from tests import factories
from tests.learning import made
from tests.protection.conftest import OfficeWith
from tests.training.counting import statements

OWN = "わたしの長い合い言葉です"
MARGIN = timedelta(seconds=20)


def with_own_password(session: Session, number: str = "00012") -> Person:
    who = factories.person(session, number=number)
    factories.informed(session, who, clock.now())
    session.add(
        Credential(
            person_id=who.id,
            password_hash=hashing.of_chosen(OWN),
            must_change=False,
            changed_at=clock.now(),
        )
    )
    session.flush()
    return who


def sign_in(client: FlaskClient, **more: str) -> str:
    """Sign in on the page; return the cookie's line."""
    answer = client.post("/sign-in", data={"number": "00012", "password": OWN, **more})
    assert answer.status_code == 303
    return answer.headers["Set-Cookie"]


def is_in(client: FlaskClient) -> bool:
    """Whether the browser's sign-in still opens a page."""
    return client.get("/").status_code == 200


@pytest.mark.requirement("SEC-06")
@pytest.mark.parametrize(
    ("roles", "is_shared", "minutes"),
    [
        ((), False, 60),
        ((Role.HEAD,), False, 30),
        ((Role.ADMINISTRATOR, Role.OFFICE), False, 30),
        ((), True, 10),
        ((Role.OFFICE,), True, 10),
    ],
)
def test_the_idle_time_is_the_roles(
    office: FlaskClient, session: Session, roles: tuple[Role, ...], is_shared: bool, minutes: int
) -> None:
    who = factories.person(session, roles=roles)
    for idle, is_kept in (
        (timedelta(minutes=minutes) - MARGIN, True),
        (timedelta(minutes=minutes) + MARGIN, False),
    ):
        factories.enter(office, session, who, clock.now() - idle, is_shared=is_shared)
        assert is_in(office) == is_kept


def committed_at(session: Session, who: Person, moment: datetime) -> None:
    """Have somebody's player save something at a moment."""
    version = made.version(session)
    attempt = Attempt(
        person_id=who.id, version_id=version.id, document={}, created_at=moment, committed_at=moment
    )
    session.add(attempt)
    session.flush()


@pytest.mark.requirement("SEC-06")
@pytest.mark.parametrize(("roles", "is_kept"), [((), True), ((Role.HEAD,), False)])
def test_what_the_player_saves_keeps_a_learner_in_and_nobody_else(
    office: FlaskClient, session: Session, roles: tuple[Role, ...], is_kept: bool
) -> None:
    who, other = factories.person(session, roles=roles), factories.person(session)
    long_ago = clock.now() - timedelta(minutes=61)
    factories.enter(office, session, who, long_ago)
    committed_at(session, who, long_ago)
    committed_at(session, other, clock.now())
    assert not is_in(office)
    factories.enter(office, session, who, long_ago)
    committed_at(session, who, clock.now() - timedelta(minutes=5))
    assert is_in(office) == is_kept


def test_the_player_is_asked_only_where_the_cookie_says_idle(
    office: FlaskClient, session: Session
) -> None:
    who = factories.person(session)
    factories.enter(office, session, who)
    with statements(session) as seen:
        office.get("/account")
    assert not any("max(attempt.committed_at)" in each for each in seen)
    factories.enter(office, session, who, clock.now() - timedelta(minutes=61))
    with statements(session) as seen:
        office.get("/account")
    assert sum("max(attempt.committed_at)" in each for each in seen) == 1


@pytest.mark.requirement("SEC-06")
def test_no_sign_in_outlives_its_hours_however_busy(
    office: FlaskClient, session: Session, settings: Settings
) -> None:
    who = factories.person(session)
    row = factories.enter(office, session, who)
    row.created_at = clock.now() - timedelta(hours=settings.sign_in_hours) + MARGIN
    session.flush()
    assert is_in(office)
    row.created_at -= 2 * MARGIN
    session.flush()
    assert not is_in(office)


@pytest.mark.requirement("SEC-06")
def test_the_oldest_of_too_many_sign_ins_is_ended(
    office: FlaskClient, session: Session, settings: Settings
) -> None:
    with_own_password(session)
    clients = [office.application.test_client() for _ in range(settings.parallel_sign_ins + 1)]
    for client in clients:
        sign_in(client)
    assert [is_in(client) for client in clients] == [False, True, True, True]


def end_role(session: Session, who: Person) -> None:
    grant = session.scalars(sa.select(RoleGrant).where(RoleGrant.person_id == who.id)).one()
    permission.end(session, who.id, grant.id, by=SYSTEM, now=clock.now())


def lock(session: Session, who: Person) -> None:
    settings = Settings(instance=Path(), password_attempts=1)
    account = accounts.locked_row(session, who.id)
    accounts.count_failure(session, account, clock.now(), settings)


def leave(session: Session, who: Person) -> None:
    who.left_on = clock.today(clock.now()) - timedelta(days=1)


ENDINGS: dict[str, Callable[[Session, Person], object]] = {
    "lock": lock,
    "freeze": lambda s, who: accounts.freeze(s, who.id, by=SYSTEM, now=clock.now()),
    "password": lambda s, who: service.issue_passwords(s, [who.id], SYSTEM, clock.now()),
    "leaving": leave,
}


@pytest.mark.requirement("SEC-06")
@pytest.mark.parametrize("why", ENDINGS)
def test_what_ends_a_sign_in_ends_it_at_the_next_request(
    office: FlaskClient, session: Session, why: str
) -> None:
    who = factories.person(session, roles=(Role.OFFICE,))
    factories.enter(office, session, who)
    assert office.get("/staff").status_code == 200
    ENDINGS[why](session, who)
    session.flush()
    assert office.get("/staff").location.startswith("/sign-in")


def test_wrong_passwords_at_the_page_end_what_is_open(
    office: FlaskClient, session: Session, settings: Settings
) -> None:
    with_own_password(session)
    sign_in(office)
    stranger = office.application.test_client()
    for _ in range(settings.password_attempts):
        stranger.post("/sign-in", data={"number": "00012", "password": "wrong"})
    assert not is_in(office)


@pytest.mark.requirement("SEC-06")
def test_a_role_is_gone_and_there_at_the_next_request(
    office: FlaskClient, session: Session
) -> None:
    who = factories.person(session, roles=(Role.OFFICE,))
    factories.enter(office, session, who)
    assert office.get("/staff").status_code == 200
    end_role(session, who)
    session.flush()
    assert office.get("/staff").status_code == 403
    assert is_in(office)
    permission.grant(session, who.id, Role.OFFICE, section_id=None, by=SYSTEM, now=clock.now())
    session.flush()
    assert office.get("/staff").status_code == 200


def test_a_cookie_that_was_copied_opens_nothing_after_the_sign_out(
    office: FlaskClient, session: Session
) -> None:
    with_own_password(session)
    sign_in(office)
    stolen = office.get_cookie("kenshu")
    assert stolen
    office.post("/sign-out")
    thief = office.application.test_client()
    thief.set_cookie("kenshu", stolen.value)
    assert not is_in(thief)
    assert session.scalars(sa.select(SignIn.ended_at)).one() is not None


def test_the_cookie_is_secure_for_http_alone_and_for_this_site(
    office_with: OfficeWith, session: Session
) -> None:
    client = office_with(
        office_origin="https://office.example", content_origin="https://{attempt}.content.example"
    )
    with_own_password(session)
    answer = client.post(
        "/sign-in",
        data={"number": "00012", "password": OWN},
        base_url="https://office.example",
    )
    attributes = answer.headers["Set-Cookie"].split("; ")
    assert attributes[0].startswith("__Host-kenshu=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(attributes)
    assert not any(each.startswith("Domain") for each in attributes)


def test_a_session_that_was_there_before_is_not_the_one_that_is_signed_in(
    office: FlaskClient, session: Session
) -> None:
    with_own_password(session)
    office.get("/sign-in")
    with office.session_transaction() as before:
        before["planted"] = "by somebody else"
    planted = office.get_cookie("kenshu")
    assert planted
    sign_in(office)
    entered = office.get_cookie("kenshu")
    assert entered
    assert entered.value != planted.value
    with office.session_transaction() as after:
        assert "planted" not in after
    other = office.application.test_client()
    other.set_cookie("kenshu", planted.value)
    assert not is_in(other)


@pytest.mark.requirement("SEC-06")
def test_a_shared_terminal_names_its_user_and_keeps_nothing_for_the_next(
    office: FlaskClient, session: Session
) -> None:
    with_own_password(session)
    assert 'name="is_shared"' in office.get("/sign-in").text
    sign_in(office, is_shared="y")
    assert session.scalars(sa.select(SignIn)).one().is_shared
    assert "いまは架空 太郎さんの画面です" in office.get("/").text
    left = office.post("/sign-out")
    assert left.headers["Clear-Site-Data"] == '"cache", "storage"'
    page = office.get(left.location).text
    assert re.search(r'<input[^>]* checked[^>]* name="is_shared"', page)
    assert 'autocomplete="off"' in page
    assert "架空" not in page
    sign_in(office)
    assert "共用の端末です" not in office.get("/").text
    assert "Clear-Site-Data" not in office.post("/sign-out").headers


def test_on_a_shared_terminal_that_was_left_the_next_one_begins_afresh(
    office: FlaskClient, session: Session
) -> None:
    with_own_password(session)
    sign_in(office, is_shared="y")
    with office.session_transaction() as cookie:
        cookie["seen"] -= 11 * 60
    left = office.get("/account")
    assert left.location == "/sign-in?next=/account"
    page = office.get(left.location).text
    assert 'value="/account"' not in page
    assert re.search(r'<input[^>]* checked[^>]* name="is_shared"', page)
    sign_in(office)
    office.post("/sign-out")
    assert not re.search(r'<input[^>]* checked[^>]* name="is_shared"', office.get("/sign-in").text)


def test_a_terminal_that_is_known_to_be_shared_is_one_whatever_is_typed(
    office_with: OfficeWith, session: Session
) -> None:
    client = office_with(shared_networks="127.0.0.0/8")
    with_own_password(session)
    page = client.get("/sign-in").text
    assert "共用の端末です" in page
    assert 'name="is_shared"' not in page
    assert 'autocomplete="current-password"' not in page
    sign_in(client)
    assert session.scalars(sa.select(SignIn)).one().is_shared


def test_a_page_of_somebody_is_kept_by_no_browser(office: FlaskClient, session: Session) -> None:
    factories.enter(office, session, factories.person(session))
    assert office.get("/account").headers["Cache-Control"] == "no-store"
