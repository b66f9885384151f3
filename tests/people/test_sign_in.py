"""Signing in: the same answer for every failure, the lock, one's own password, issued ones."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import hashing
from app.kernel.actor import SYSTEM, Actor, Grant
from app.kernel.audit.models import AuditEvent
from app.kernel.errors import Forbidden, Refused
from app.kernel.settings import Settings
from app.people.accounts import service as accounts
from app.people.accounts.models import Account
from app.people.passwords import service as passwords
from app.people.permission.models import Role
from app.people.register.models import Person
from app.people.sign_in import access, queries, service
from app.people.sign_in.models import Credential, SignIn
from tests import factories

OWN = "a long sentence of mine"


def with_password(session: Session, number: str = "00012") -> tuple[Person, str]:
    who = factories.person(session, number=number)
    ((_, password),) = service.issue_passwords(session, [who.id], SYSTEM, factories.clock.now())
    return who, password


def sign_in(
    session: Session, number: str, password: str, now: datetime, settings: Settings
) -> SignIn | Refused:
    return service.sign_in(session, service.check(session, number, password, now), now, settings)


def change(
    session: Session, by: Actor, present: str, new: str, now: datetime, settings: Settings
) -> Refused | None:
    wanted = passwords.check(session, by, present, new, now, settings)
    return passwords.change(session, by, wanted, now, settings)


def reasons(session: Session) -> list[str]:
    query = sa.select(AuditEvent).where(AuditEvent.action == "person.sign_in_failed")
    return [line.details["reason"] for line in session.scalars(query.order_by(AuditEvent.seq))]


def test_an_issued_password_lets_in_and_must_be_changed(
    session: Session, now: datetime, settings: Settings
) -> None:
    who, password = with_password(session)
    row = sign_in(session, "００012 ", password, now, settings)
    assert isinstance(row, SignIn)
    actor = access.actor_of(session, row.id, now)
    assert actor
    assert (actor.person_id, actor.must_change_password) == (who.id, True)


@pytest.mark.requirement("SEC-03")
def test_all_failures_give_one_answer_and_the_audit_tells_them_apart(
    session: Session, now: datetime, settings: Settings
) -> None:
    with_password(session, "00012")
    factories.person(session, number="00013")
    gone, password = with_password(session, "00014")
    gone.left_on = (now - timedelta(days=2)).date()
    locked, right = with_password(session, "00015")
    accounts.locked_row(session, locked.id).locked_until = now + timedelta(minutes=1)
    session.flush()
    tries = [("99", "x"), ("00012", "x"), ("00013", "x"), ("00014", password), ("00015", right)]
    answers = [sign_in(session, *typed, now, settings) for typed in tries]
    assert {(type(answer), answer.code, str(answer.data)) for answer in answers} == {  # type: ignore[union-attr] # a SignIn would fail here
        (Refused, "sign_in_refused", "{}")
    }
    assert reasons(session) == ["unknown", "wrong", "no_password", "left", "locked"]


class CountingHasher:
    """The real hasher of chosen passwords, with a note of each hash that it was tried on."""

    def __init__(self, hasher: Any) -> None:
        self.hasher = hasher
        self.slow = 0

    def verify(self, kept: str, password: str) -> bool:
        self.slow += not self.hasher.check_needs_rehash(kept)
        return bool(self.hasher.verify(kept, password))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.hasher, name)


@pytest.mark.parametrize("number", ["99999", "00012", "00013", "00014"])
def test_every_failure_costs_one_slow_hash(
    session: Session,
    now: datetime,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    number: str,
) -> None:
    with_password(session, "00012")
    factories.person(session, number="00013")
    chosen, _ = with_password(session, "00014")
    session.get_one(Credential, chosen.id).password_hash = hashing.of_chosen(OWN)
    hasher = CountingHasher(hashing._chosen)
    monkeypatch.setattr(hashing, "_chosen", hasher)
    sign_in(session, number, "wrong", now, settings)
    assert hasher.slow == 1


@pytest.mark.requirement("SEC-03")
def test_an_account_is_locked_after_so_many_failures_and_opens_again(
    session: Session, now: datetime, settings: Settings
) -> None:
    _, password = with_password(session)
    for _ in range(settings.password_attempts):
        sign_in(session, "00012", "wrong", now, settings)
    assert isinstance(sign_in(session, "00012", password, now, settings), Refused)
    later = now + timedelta(minutes=settings.lock_minutes)
    assert isinstance(sign_in(session, "00012", password, later, settings), SignIn)


def test_a_success_forgets_the_failures(
    session: Session, now: datetime, settings: Settings
) -> None:
    who, password = with_password(session)
    sign_in(session, "00012", "wrong", now, settings)
    sign_in(session, "00012", password, now, settings)
    assert session.get_one(Account, who.id).failures == 0


def test_no_audit_line_holds_what_was_typed(
    session: Session, now: datetime, settings: Settings
) -> None:
    with_password(session)
    sign_in(session, "typed-number", "typed-password", now, settings)
    sign_in(session, "00012", "typed-password", now, settings)
    lines = session.scalars(sa.select(AuditEvent)).all()
    assert "typed" not in "".join(repr(line.details) for line in lines)


def entered(session: Session, who: Person, number: str, password: str, settings: Settings) -> Actor:
    row = sign_in(session, number, password, factories.clock.now(), settings)
    assert isinstance(row, SignIn)
    actor = access.actor_of(session, row.id, factories.clock.now())
    assert actor
    return actor


@pytest.mark.requirement("SEC-03")
@pytest.mark.parametrize(
    ("new", "code"),
    [
        ("elevenchars", "password_short"),
        ("x" * 201, "password_long"),
        ("123456789012", "password_is_yours"),
        ("123456789012" * 2, "password_is_yours"),
        ("架空　太郎123456789012", "password_is_yours"),
        ("KAKUU-TARO@example.jp!", "password_is_yours"),
        ("kakuu-taro2026kakuu-taro", "password_is_yours"),
        ("Passw0rd2026!!", "password_common"),
        ("qwertyuiopasdfghjkl", "password_common"),
        ("いろはにほへといろはにほへと", "password_common"),
        ("ababababababab", "password_common"),
        (None, "password_same"),
    ],
)
def test_a_password_against_the_rules_is_refused(
    session: Session, now: datetime, settings: Settings, new: str | None, code: str
) -> None:
    number = "123456789012"
    who, password = with_password(session, number)
    who.email = "kakuu-taro@example.jp"
    session.flush()
    by = entered(session, who, number, password, settings)
    refused = change(session, by, password, new or password, now, settings)
    assert refused
    assert refused.code == code
    assert session.get_one(Credential, who.id).must_change


def test_a_wrong_present_password_counts_as_a_failure(
    session: Session, now: datetime, settings: Settings
) -> None:
    who, password = with_password(session)
    by = entered(session, who, "00012", password, settings)
    refused = change(session, by, "wrong", OWN, now, settings)
    assert refused
    assert refused.code == "password_wrong"
    assert session.get_one(Account, who.id).failures == 1


def test_ones_own_password_ends_ones_other_sign_ins(
    session: Session, now: datetime, settings: Settings
) -> None:
    who, password = with_password(session)
    other = entered(session, who, "00012", password, settings)
    by = entered(session, who, "00012", password, settings)
    assert change(session, by, password, OWN, now, settings) is None
    assert other.sign_in_id
    assert by.sign_in_id
    assert access.actor_of(session, other.sign_in_id, now) is None
    present = access.actor_of(session, by.sign_in_id, now)
    assert present
    assert not present.must_change_password
    assert isinstance(sign_in(session, "00012", password, now, settings), Refused)
    assert isinstance(sign_in(session, "00012", OWN, now, settings), SignIn)


def test_an_issued_password_ends_open_sign_ins_and_is_kept_as_a_hash(
    session: Session, now: datetime, settings: Settings
) -> None:
    who, password = with_password(session)
    by = entered(session, who, "00012", password, settings)
    ((post, new),) = service.issue_passwords(session, [who.id], SYSTEM, now)
    assert by.sign_in_id
    assert access.actor_of(session, by.sign_in_id, now) is None
    assert post.person_id == who.id
    assert session.get_one(Credential, who.id).password_hash.startswith("$argon2id$")
    assert new not in repr(session.get_one(Credential, who.id).__dict__)


def test_issued_passwords_are_readable_and_never_the_same() -> None:
    made = {service.new_password() for _ in range(200)}
    assert len(made) == 200
    assert {len(password) for password in made} == {19}
    assert set("".join(made)) <= set(service.READABLE + "-")


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR])
def test_the_office_cannot_issue_a_password_above_itself(
    session: Session, now: datetime, role: Role
) -> None:
    above = factories.person(session, roles=(role,))
    who = factories.person(session, roles=(Role.OFFICE,))
    office = Actor(person_id=who.id, grants=(Grant(Role.OFFICE),))
    with pytest.raises(Forbidden, match="only_administrators"):
        service.issue_passwords(session, [who.id, above.id], office, now)
    administrator = Actor(person_id=who.id, grants=(Grant(Role.ADMINISTRATOR),))
    assert len(service.issue_passwords(session, [above.id], administrator, now)) == 1


def test_who_has_no_password_is_found_and_who_never_used_one_on_demand(
    session: Session, now: datetime, settings: Settings
) -> None:
    where = factories.section(session)
    none = factories.person(session, section=where)
    unused, _ = with_password(session, "00012")
    used, password = with_password(session, "00013")
    sign_in(session, "00013", password, now, settings)
    assert queries.without_password(session, now, None) == [none.id]
    assert set(queries.without_password(session, now, None, again=True)) == {none.id, unused.id}
    assert queries.without_password(session, now, {where.id}, again=True) == [none.id]
    assert queries.state_of(session, used.id, now).last_at == now
