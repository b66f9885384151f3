"""The second factor: set up by its first code, each code once, ten codes for when it is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pyotp
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel import clock, sealing
from app.kernel.actor import Actor, Grant, Step
from app.kernel.audit.models import AuditEvent
from app.kernel.errors import Forbidden, Refused
from app.kernel.settings import Settings
from app.people.accounts.models import Account
from app.people.permission.models import Role
from app.people.register.models import Person
from app.people.second_factor import queries, service
from app.people.second_factor.models import RecoveryCode, SecondFactor
from app.people.sign_in import access
from app.people.sign_in import service as sign_in
from tests import factories


class Phone:
    """Somebody with a sign-in and an app."""

    def __init__(self, session: Session, now: datetime, settings: Settings) -> None:
        self.session, self.now, self.settings = session, now, settings
        self.who = factories.person(session)
        factories.informed(session, self.who, now)
        self.by = self.enter()
        self.secret = ""
        self.codes: list[str] = []

    def enter(self) -> Actor:
        """Sign in anew, and go on as that."""
        row = sign_in.begin(self.session, self.who.id, self.now, self.settings, method="password")
        found = access.actor_of(self.session, row.id, self.now)
        assert found
        self.by = found
        return found

    def code(self, steps: int = 0) -> str:
        """Return what the app shows, so many steps from now."""
        return pyotp.TOTP(self.secret).at(self.now, counter_offset=steps)

    def scan(self) -> None:
        """Have a secret proposed, and take it into the app."""
        service.propose(self.session, self.by, self.settings)
        row = self.session.get_one(SecondFactor, self.who.id)
        assert row.proposed
        self.secret = sealing.unseal(self.settings, row.proposed)

    def set_up(self) -> None:
        """Set the factor up."""
        self.scan()
        codes = service.confirm(self.session, self.by, self.code(), self.now, self.settings)
        assert not isinstance(codes, Refused)
        self.codes = codes

    def give(self, code: str) -> str | None:
        """Give a code in the present sign-in; return what was wrong with it."""
        refused = service.give(self.session, self.by, code, self.now, self.settings)
        self.session.flush()
        return refused.code if refused else None

    def steps(self) -> tuple[Step, ...]:
        """Return what is left to do in the present sign-in."""
        assert self.by.sign_in_id
        found = access.actor_of(self.session, self.by.sign_in_id, self.now)
        assert found
        return found.steps


@pytest.fixture
def phone(session: Session, now: datetime, settings: Settings) -> Phone:
    """Somebody who has signed in, and has no second factor yet."""
    return Phone(session, now, settings)


@pytest.mark.requirement("SEC-04")
def test_it_is_set_up_by_its_first_code_and_asked_for_in_each_sign_in(phone: Phone) -> None:
    assert phone.steps() == ()
    phone.set_up()
    assert phone.steps() == ()
    phone.enter()
    assert phone.steps() == (Step.SECOND_FACTOR,)
    phone.now += timedelta(seconds=30)
    assert phone.give(phone.code()) is None
    assert phone.steps() == ()


def test_a_wrong_first_code_takes_nothing_into_use(phone: Phone) -> None:
    phone.scan()
    found = service.confirm(phone.session, phone.by, "000000", phone.now, phone.settings)
    assert isinstance(found, Refused)
    assert not queries.state_of(phone.session, phone.who.id).is_set_up


def test_the_codes_are_those_of_the_standard(
    phone: Phone, session: Session, settings: Settings
) -> None:
    """RFC 6238, appendix B: SHA-1, the moment 1111111109, the last six digits of its eight."""
    phone.set_up()
    row = session.get_one(SecondFactor, phone.who.id)
    row.secret = sealing.seal(settings, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
    row.last_step = None
    phone.enter()
    phone.now = datetime.fromtimestamp(1111111109, clock.JST)
    assert phone.give("081804") is None
    assert row.last_step == 0x23523EC


@pytest.mark.requirement("SEC-04")
def test_a_code_is_taken_once_and_none_before_it_any_more(phone: Phone) -> None:
    phone.set_up()
    assert phone.give(phone.code()) == "code_wrong"  # it was used to set up
    assert phone.give(phone.code(1)) is None
    assert phone.give(phone.code(1)) == "code_wrong"
    assert phone.give(phone.code(0)) == "code_wrong"


@pytest.mark.parametrize(("steps", "is_taken"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_clock_may_be_off_by_one_step(phone: Phone, steps: int, is_taken: bool) -> None:
    phone.set_up()
    phone.enter()
    phone.now += timedelta(minutes=10)
    assert (phone.give(phone.code(steps)) is None) == is_taken


@pytest.mark.parametrize("typed", ["{} {}", "{}-{}", "　{}{}　"])
def test_a_code_may_be_typed_as_people_type(phone: Phone, typed: str) -> None:
    phone.set_up()
    phone.now += timedelta(minutes=1)
    code = phone.code().translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert phone.give(typed.format(code[:3], code[3:])) is None


def test_a_recovery_code_stands_in_once_and_is_kept_as_a_hash(
    phone: Phone, session: Session
) -> None:
    phone.set_up()
    assert len(set(phone.codes)) == service.CODES == 10
    kept = repr(session.execute(sa.select(RecoveryCode.code_hash)).all())
    assert not any(code in kept or code.replace("-", "") in kept for code in phone.codes)
    phone.enter()
    assert phone.give(phone.codes[3].replace("-", "").upper()) is None
    assert phone.steps() == ()
    assert phone.give(phone.codes[3]) == "code_wrong"
    assert phone.give(phone.codes[4]) is None
    assert queries.state_of(session, phone.who.id).codes_left == 8


def test_new_recovery_codes_void_the_old_ones(phone: Phone) -> None:
    phone.set_up()
    new = service.renew_codes(phone.session, phone.by, phone.now)
    assert phone.give(phone.codes[0]) == "code_wrong"
    assert phone.give(new[0]) is None


def test_nobodys_code_is_anothers(
    phone: Phone, session: Session, now: datetime, settings: Settings
) -> None:
    phone.set_up()
    other = Phone(session, now, settings)
    other.set_up()
    other.now += timedelta(minutes=1)
    phone.now += timedelta(minutes=1)
    assert other.give(phone.codes[0]) == "code_wrong"
    assert other.give(phone.code()) == "code_wrong"


@pytest.mark.requirement("SEC-04")
def test_wrong_codes_count_toward_the_lock_and_end_the_sign_in(
    phone: Phone, session: Session, settings: Settings
) -> None:
    phone.set_up()
    phone.enter()
    phone.now += timedelta(minutes=1)
    for _ in range(settings.password_attempts):
        assert phone.give("000000") == "code_wrong"
    assert phone.by.sign_in_id
    assert access.actor_of(session, phone.by.sign_in_id, phone.now) is None
    phone.enter()  # as single sign-on would: the lock still keeps every code out
    assert phone.give(phone.code()) == "code_wrong"
    assert phone.give(phone.codes[0]) == "code_wrong"
    assert session.get_one(Account, phone.who.id).failures == 0
    phone.now += timedelta(minutes=settings.lock_minutes)
    assert phone.give(phone.code()) is None


def test_the_secret_is_sealed_and_in_no_audit_line(phone: Phone, session: Session) -> None:
    phone.set_up()
    row = session.get_one(SecondFactor, phone.who.id)
    assert row.secret
    assert phone.secret not in row.secret
    told = repr([line.details for line in session.scalars(sa.select(AuditEvent))])
    assert phone.secret not in told
    assert not any(code in told for code in phone.codes)


@pytest.mark.requirement("SEC-04")
def test_who_has_not_given_it_puts_no_other_in_its_place(phone: Phone) -> None:
    phone.set_up()
    thief = phone.enter()
    for verb in (
        lambda: service.propose(phone.session, thief, phone.settings),
        lambda: service.confirm(phone.session, thief, "1", phone.now, phone.settings),
        lambda: service.renew_codes(phone.session, thief, phone.now),
        lambda: service.give_up(phone.session, thief, phone.now, phone.settings),
    ):
        with pytest.raises(Refused, match="factor_not_given"):
            verb()


def test_another_app_takes_over_with_its_first_code_and_other_sign_ins_end(
    phone: Phone, session: Session
) -> None:
    phone.set_up()
    first, other = phone.secret, phone.by
    phone.enter()
    phone.now += timedelta(minutes=1)
    assert phone.give(phone.code()) is None
    phone.scan()
    before, phone.secret = phone.secret, first
    phone.now += timedelta(minutes=1)
    assert phone.give(phone.code()) is None  # the new one is not proved yet
    phone.secret = before
    found = service.confirm(
        session, phone.by, phone.code(), phone.now + timedelta(seconds=1), phone.settings
    )
    assert not isinstance(found, Refused)
    assert other.sign_in_id
    assert access.actor_of(session, other.sign_in_id, phone.now) is None
    phone.now += timedelta(minutes=1)
    assert phone.give(pyotp.TOTP(first).at(phone.now)) == "code_wrong"
    assert phone.give(phone.code()) is None


def test_what_a_role_asks_for_is_not_given_up(phone: Phone, session: Session) -> None:
    phone.set_up()
    officer = Actor(
        person_id=phone.who.id, grants=(Grant(Role.OFFICE),), sign_in_id=phone.by.sign_in_id
    )
    withheld = replace(officer, grants=(), withheld=frozenset({"office"}))
    needed = replace(phone.settings, second_factor_roles="office")
    for by in (officer, withheld):
        with pytest.raises(Refused, match="factor_needed"):
            service.give_up(session, by, phone.now, needed)
    service.give_up(session, officer, phone.now, phone.settings)
    assert not queries.state_of(session, phone.who.id).is_set_up


def test_a_lost_one_is_taken_away_by_who_may_and_sign_ins_end(
    phone: Phone, session: Session
) -> None:
    phone.set_up()
    administrator = factories.person(session, roles=(Role.ADMINISTRATOR,))
    by = Actor(person_id=administrator.id, grants=(Grant(Role.ADMINISTRATOR),))
    service.reset(session, phone.who.id, by=by, now=phone.now)
    assert phone.by.sign_in_id
    assert access.actor_of(session, phone.by.sign_in_id, phone.now) is None
    assert session.scalars(sa.select(RecoveryCode)).all() == []
    phone.enter()
    assert phone.steps() == ()
    line = session.scalars(
        sa.select(AuditEvent).where(AuditEvent.action == "person.second_factor_reset")
    ).one()
    assert (line.actor_id, line.subject_id) == (administrator.id, phone.who.id)


def test_the_office_takes_none_away_from_somebody_above(session: Session, now: datetime) -> None:
    above = factories.person(session, roles=(Role.ADMINISTRATOR,))
    clerk = factories.person(session, roles=(Role.OFFICE,))
    by = Actor(person_id=clerk.id, grants=(Grant(Role.OFFICE),))
    with pytest.raises(Forbidden, match="only_administrators"):
        service.reset(session, above.id, by=by, now=now)


def test_every_secret_is_sealed_anew(phone: Phone, session: Session, settings: Settings) -> None:
    phone.set_up()
    phone.scan()  # one in use, one proposed
    rotating = replace(settings, secret_key="next", former_secret_keys="first")
    row = session.get_one(SecondFactor, phone.who.id)
    for name in ("secret", "proposed"):
        sealed = sealing.seal(replace(settings, secret_key="first"), f"a {name}")
        setattr(row, name, sealed)
    session.flush()
    assert service.seal_anew(session, rotating) == 1
    only = replace(settings, secret_key="next")
    assert row.secret
    assert row.proposed
    assert sealing.unseal(only, row.secret) == "a secret"
    assert sealing.unseal(only, row.proposed) == "a proposed"


def secret_on(page: str) -> str:
    """Return the key that a page shows in groups for typing."""
    groups = page.partition("読み取れないときに入力するキー</dt><dd>")[2].partition("</dd>")[0]
    assert len(groups.split()) == 8
    return groups.replace(" ", "")


def test_on_the_pages_it_is_set_up_voluntarily_and_given_up(
    office: FlaskClient, session: Session
) -> None:
    who: Person = factories.person(session, number="00012")
    factories.enter(office, session, who)
    assert "設定を始める" in office.get("/second-factor/set-up").text
    assert office.post("/second-factor/set-up").location == "/second-factor/set-up"
    shown = office.get("/second-factor/set-up")
    assert shown.headers["Cache-Control"] == "no-store"
    assert 'src="data:image/svg+xml' in shown.text
    app = pyotp.TOTP(secret_on(shown.text))
    refused = office.post("/second-factor/confirm", data={"code": "12345"})
    assert refused.status_code == 422
    assert "確認コードが違います" in refused.text
    done = office.post("/second-factor/confirm", data={"code": app.at(clock.now())})
    assert (done.status_code, done.headers["Cache-Control"]) == (200, "no-store")
    assert done.text.count("<li><code>") == 10
    page = office.get("/second-factor/set-up").text
    assert "10個" in page
    assert app.secret not in page
    assert office.post("/second-factor/codes").text.count("<li><code>") == 10
    assert office.post("/second-factor/give-up").location == "/account"
    assert "設定を始める" in office.get("/second-factor/set-up").text


def test_on_a_persons_page_an_administrator_takes_it_away(
    office: FlaskClient, session: Session, now: datetime, settings: Settings
) -> None:
    phone = Phone(session, now, settings)
    phone.set_up()
    path = f"/staff/{phone.who.id}"
    factories.enter(office, session, factories.person(session, roles=(Role.OFFICE,)))
    assert "2段階の確認を取り消す" not in office.get(path).text
    assert office.post(f"{path}/second-factor/reset").status_code == 403
    factories.enter(office, session, factories.person(session, roles=(Role.ADMINISTRATOR,)))
    assert "2段階の確認を取り消す" in office.get(path).text
    assert office.post(f"{path}/second-factor/reset").location == path
    assert "使っていません" in office.get(path).text
