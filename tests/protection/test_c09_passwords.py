"""C09: no default password, a change at first, 12 characters, a lock, one answer for all."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app import factory
from app.kernel import clock, db, hashing, lists, schema
from app.kernel.actor import SYSTEM
from app.kernel.audit.models import AuditEvent
from app.kernel.db import Database
from app.kernel.settings import Settings
from app.people.accounts import service as accounts
from app.people.operators import service as operators
from app.people.permission.models import Role
from app.people.register.models import Person
from app.people.sign_in import service
from app.people.sign_in.models import Credential
from tests import factories
from tests.protection.conftest import OfficeWith

OWN = "わたしの長い合い言葉です"


def with_own_password(session: Session, number: str, *roles: Role) -> Person:
    """Make somebody who has nothing left to do in a sign-in."""
    who = factories.person(session, number=number, roles=roles)
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


def sign_in(client: FlaskClient, number: str, password: str = OWN) -> TestResponse:
    return client.post("/sign-in", data={"number": number, "password": password})


def test_nobody_has_a_password_that_was_not_made_for_them(session: Session) -> None:
    made = {service.new_password() for _ in range(100)}
    assert len(made) == 100
    factories.person(session)
    assert session.scalars(sa.select(Credential)).all() == []


def test_an_empty_installation_has_no_account(tmp_path: Path) -> None:
    database = db.connect(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    schema.upgrade(database)
    with database.reading() as reading:
        for table in (Person, Credential):
            assert reading.scalars(sa.select(table)).all() == []
    database.engine.dispose()


@pytest.mark.requirement("SEC-03")
def test_the_first_sign_in_asks_for_ones_own_password_of_twelve_characters(
    office: FlaskClient, session: Session
) -> None:
    who = factories.person(session, number="00012")
    factories.informed(session, who, clock.now())
    ((_, issued),) = service.issue_passwords(session, [who.id], SYSTEM, clock.now())
    sign_in(office, "00012", issued)
    assert office.get("/history").location == "/password"
    for new, told in (
        ("elevenchars", "12文字以上"),
        ("00012" * 3, "職員番号、氏名、メールアドレスを除くと"),
        ("password1234", "よく使われる"),
    ):
        refused = office.post("/password", data={"present": issued, "new": new, "again": new})
        assert refused.status_code == 422
        assert told in refused.text
    long = "長い合い言葉も使えます、" * 10
    assert office.post("/password", data={"present": issued, "new": long, "again": long}).location
    assert office.get("/history").status_code == 200


@pytest.mark.requirement("SEC-03")
def test_after_so_many_wrong_ones_no_password_is_taken_until_the_lock_is_over(
    office: FlaskClient, session: Session, settings: Settings
) -> None:
    who = with_own_password(session, "00012")
    for _ in range(settings.password_attempts):
        assert sign_in(office, "00012", "wrong").status_code == 422
    assert sign_in(office, "00012").status_code == 422
    session.expire_all()
    account = accounts.locked_row(session, who.id)
    assert account.locked_until
    lasts = account.locked_until - clock.now()
    assert timedelta(0) < lasts <= timedelta(minutes=settings.lock_minutes)
    account.locked_until = clock.now() - timedelta(seconds=1)
    session.flush()
    assert sign_in(office, "00012").status_code == 303


class CountingHasher:
    """The real hasher of chosen passwords, with a note of each slow hash that was tried."""

    def __init__(self, hasher: Any) -> None:
        self.hasher = hasher
        self.slow = 0

    def verify(self, kept: str, password: str) -> bool:
        self.slow += hashing.is_chosen(kept)
        return bool(self.hasher.verify(kept, password))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.hasher, name)


def strangers(session: Session, settings: Settings) -> dict[str, tuple[str, str]]:
    """Make everybody who is not let in; return number and password by why."""
    now = clock.now()
    frozen, locked, left = (
        with_own_password(session, number) for number in ("00021", "00022", "00023")
    )
    accounts.freeze(session, frozen.id, by=SYSTEM, now=now)
    accounts.locked_row(session, locked.id).locked_until = now + timedelta(minutes=5)
    left.left_on = clock.today(now) - timedelta(days=2)
    with_own_password(session, "00024")
    issued = factories.person(session, number="00025")
    service.issue_passwords(session, [issued.id], SYSTEM, now)
    factories.person(session, number="00026")
    over = operators.create(session, "期限 みほん", clock.today(now), "administrator", now)
    operators.end(session, over.person_id, by=SYSTEM, now=now)
    session.flush()
    return {
        "unknown": ("99999", OWN),
        "frozen": ("00021", OWN),
        "locked": ("00022", OWN),
        "left": ("00023", OWN),
        "wrong, chosen": ("00024", "wrong"),
        "wrong, issued": ("00025", "wrong"),
        "no password": ("00026", OWN),
        "an operator whose time is over": (over.number, over.password),
        "empty of letters": ("　", OWN),
        "very long": ("00024", "x" * 5000),
    }


@pytest.mark.requirement("SEC-03")
def test_every_failure_gives_the_same_answer_after_the_same_work(
    office: FlaskClient, session: Session, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    everybody = strangers(session, settings)
    hasher = CountingHasher(hashing._chosen)
    monkeypatch.setattr(hashing, "_chosen", hasher)
    pages = set()
    for why, (number, password) in everybody.items():
        hasher.slow = 0
        answer = sign_in(office.application.test_client(), number, password)
        assert answer.status_code == 422, why
        assert hasher.slow == 1, why
        pages.add(
            re.sub(r'value="[^"]*"', "", answer.text).replace(answer.headers["X-Request-Id"], "")
        )
    assert len(pages) == 1
    reasons = session.scalars(
        sa.select(AuditEvent.details).where(AuditEvent.action == "person.sign_in_failed")
    )
    assert {line["reason"] for line in reasons} == {
        *("unknown", "frozen", "locked", "left", "wrong", "no_password")
    }


@pytest.mark.requirement("SEC-03")
def test_where_single_sign_on_alone_lets_in_only_the_few_have_a_password(
    office_with: OfficeWith, session: Session
) -> None:
    client = office_with(sso_only=True)
    with_own_password(session, "00012")
    with_own_password(session, "00013", Role.OFFICE)
    with_own_password(session, "00014", Role.ADMINISTRATOR)
    assert [sign_in(client, number).status_code for number in ("00012", "00013")] == [422, 422]
    assert sign_in(client, "00014").status_code == 303
    learner = factories.person(session, number="00015")
    refused = client.post(f"/staff/{learner.id}/password", headers={"Accept": "application/json"})
    assert refused.get_json()["type"] == "urn:kenshu:sso_only"
    confirmed = {"confirmed": lists.mark([], [])}
    answer = client.post("/staff/passwords", data={"answer": "screen", **confirmed})
    assert answer.status_code == 200
    assert session.get(Credential, learner.id) is None


def write_as_another(database: Database, who: Person) -> None:
    """Write to the very account from another connection, which waits for nobody for long."""
    with database.unit_of_work() as other:
        is_sqlite = database.engine.dialect.name == "sqlite"
        patience = "PRAGMA busy_timeout=500" if is_sqlite else "SET LOCAL lock_timeout = '500ms'"
        other.connection().exec_driver_sql(patience)
        accounts.locked_row(other, who.id).failures = 1
        other.get_one(Credential, who.id).must_change = False


@pytest.mark.parametrize("path", ["/sign-in", "/password"])
def test_nobody_waits_for_the_database_while_a_password_is_tried(
    committed: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    settings.instance.mkdir()
    app = factory.create_app(settings, committed)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    client = app.test_client()
    with committed.unit_of_work() as session:
        who = with_own_password(session, "00012")
    new = "もう一つの長い長い合い言葉"
    typed = {"number": "00012", "password": OWN, "present": OWN, "new": new, "again": new}
    if path == "/password":
        assert sign_in(client, "00012").status_code == 303
    verify, tried = hashing.verifies, []

    def verify_while_another_writes(kept: str, password: str) -> bool:
        tried.append(kept)
        write_as_another(committed, who)
        return verify(kept, password)

    monkeypatch.setattr(hashing, "verifies", verify_while_another_writes)
    assert client.post(path, data=typed).status_code == 303
    assert tried
