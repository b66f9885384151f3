"""Setting up the second factor, giving it in a sign-in, and taking it away.

RFC 6238: six digits, thirty seconds a step, one step of tolerance either way (5.2), and no step's
code is taken twice (5.2: "MUST NOT accept the second attempt of the OTP"). A wrong code counts
towards the account's lock as a wrong password does.
"""

from __future__ import annotations

import hashlib
import secrets
import uuid
from datetime import datetime
from unicodedata import normalize

import pyotp
import sqlalchemy as sa
from pyotp.exceptions import OTPVerificationError
from sqlalchemy.orm import Session

from app.kernel import sealing
from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.errors import Refused
from app.kernel.settings import Settings
from app.people.accounts import service as accounts
from app.people.accounts.models import Account
from app.people.permission import access as permission
from app.people.second_factor.models import RecoveryCode, SecondFactor
from app.people.sign_in.models import SignIn
from app.people.sign_in.service import new_password

#: How many recovery codes somebody is given.
CODES = 10
#: How many digits a code of the app has; a recovery code is longer.
DIGITS = 6
#: Steps of thirty seconds that a clock may be off, either way.
TOLERANCE = 1


def propose(session: Session, by: Actor, settings: Settings) -> None:
    """Make a new secret for the actor's app; one in use goes on until the new one is proved.

    Raises Refused("factor_not_given") where there is one in use and this sign-in has not given it:
    who knows the password alone must not put another app in its place.
    """
    row = _locked(session, by.known_id)
    _check_given(session, row, by)
    row.proposed = sealing.seal(settings, pyotp.random_base32())


def confirm(
    session: Session, by: Actor, code: str, now: datetime, settings: Settings
) -> list[str] | Refused:
    """Take the proposed secret into use, by its first right code; return new recovery codes.

    They exist in clear only now, and other sign-ins end. Returns Refused("code_wrong") as a value,
    since it counts as a failure. Raises Refused("factor_not_proposed") and what `propose` raises.
    """
    account = accounts.locked_row(session, by.known_id)
    row = _locked(session, by.known_id)
    _check_given(session, row, by)
    if row.proposed is None:
        raise Refused("factor_not_proposed")
    step = _step_of(sealing.unseal(settings, row.proposed), code, now, None)
    if step is None or accounts.is_locked(account, now):
        return _failed(session, account, by, now, settings)
    row.secret, row.proposed, row.last_step, row.set_up_at = row.proposed, None, step, now
    accounts.forget_failures(account)
    accounts.end_sign_ins(session, [by.known_id], now, keep=by.sign_in_id)
    _mark_given(session, by, now)
    _record(session, "person.second_factor_set_up", by.known_id, by, now)
    return _new_codes(session, by.known_id)


def give(
    session: Session, by: Actor, code: str, now: datetime, settings: Settings
) -> Refused | None:
    """Give the second factor in the actor's sign-in: a code of the app, or a recovery code.

    Returns Refused("code_wrong") as a value, since it counts as a failure; also for a code that was
    taken before, and while the account is locked. Raises Refused("factor_not_set_up").
    """
    account = accounts.locked_row(session, by.known_id)
    row = _locked(session, by.known_id)
    if row.secret is None:
        raise Refused("factor_not_set_up")
    if accounts.is_locked(account, now):
        return _failed(session, account, by, now, settings)
    is_recovery = len(_folded(code)) > DIGITS
    if is_recovery:
        is_right = _use(session, by.known_id, code, now)
    else:
        secret = sealing.unseal(settings, row.secret)
        step = _step_of(secret, code, now, row.last_step)
        row.last_step, is_right = step or row.last_step, step is not None
    if not is_right:
        return _failed(session, account, by, now, settings)
    accounts.forget_failures(account)
    _mark_given(session, by, now)
    action = "person.recovery_code_used" if is_recovery else "person.second_factor_given"
    _record(session, action, by.known_id, by, now)
    return None


def renew_codes(session: Session, by: Actor, now: datetime) -> list[str]:
    """Return new recovery codes; those before them are void. Raises what `propose` raises."""
    row = _locked(session, by.known_id)
    _check_given(session, row, by)
    if row.secret is None:
        raise Refused("factor_not_set_up")
    _record(session, "person.recovery_codes_renewed", by.known_id, by, now)
    return _new_codes(session, by.known_id)


def give_up(session: Session, by: Actor, now: datetime, settings: Settings) -> None:
    """Do without a second factor from now on.

    Raises Refused("factor_needed") where one of the actor's roles asks for it, and what `propose`
    raises.
    """
    row = _locked(session, by.known_id)
    _check_given(session, row, by)
    if (by.roles | by.withheld).intersection(settings.second_factor_roles.split()):
        raise Refused("factor_needed")
    _remove(session, by.known_id)
    _record(session, "person.second_factor_given_up", by.known_id, by, now)


def reset(session: Session, person_id: uuid.UUID, *, by: Actor, now: datetime) -> None:
    """Take somebody's second factor away, who has lost it, and end their sign-ins.

    Raises Forbidden where the person holds a role above the actor's.
    """
    permission.check_may_govern(session, [person_id], by, now)
    _remove(session, person_id)
    accounts.end_sign_ins(session, [person_id], now)
    _record(session, "person.second_factor_reset", person_id, by, now)


def seal_anew(session: Session, settings: Settings) -> int:
    """Seal every secret with the present key; return how many people that were."""
    rows = session.scalars(sa.select(SecondFactor).with_for_update()).all()
    for row in rows:
        if row.secret:
            row.secret = sealing.seal_anew(settings, row.secret)
        if row.proposed:
            row.proposed = sealing.seal_anew(settings, row.proposed)
    return len(rows)


def _failed(
    session: Session, account: Account, by: Actor, now: datetime, settings: Settings
) -> Refused:
    """Count a wrong code, but not while the account is locked anyway."""
    if not accounts.is_locked(account, now):
        accounts.count_failure(session, account, now, settings)
    _record(session, "person.second_factor_failed", by.known_id, by, now)
    return Refused("code_wrong")


def _locked(session: Session, person_id: uuid.UUID) -> SecondFactor:
    """Return somebody's row, locked by its account's so that no code is taken twice at once."""
    accounts.locked_row(session, person_id)
    row = session.get(SecondFactor, person_id, populate_existing=True)
    if row is None:
        row = SecondFactor(person_id=person_id)
        session.add(row)
        session.flush()
    return row


def _check_given(session: Session, row: SecondFactor, by: Actor) -> None:
    sign_in = session.get(SignIn, by.sign_in_id) if by.sign_in_id else None
    if row.secret and (sign_in is None or sign_in.second_factor_at is None):
        raise Refused("factor_not_given")


def _mark_given(session: Session, by: Actor, now: datetime) -> None:
    session.get_one(SignIn, by.sign_in_id).second_factor_at = now


def _folded(code: str) -> str:
    """Return a code as it is meant: 全角 as 半角, without what only parts it."""
    return "".join(each for each in normalize("NFKC", code).lower() if each.isalnum())


def _step_of(secret: str, code: str, now: datetime, last_step: int | None) -> int | None:
    """Return the step of time that a code belongs to; None for a wrong one or one taken before."""
    try:
        step = pyotp.TOTP(secret, digits=DIGITS).verify_and_get_timecode(
            _folded(code), for_time=now, valid_window=TOLERANCE
        )
    except OTPVerificationError:
        return None
    return step if last_step is None or step > last_step else None


def _hash_of(code: str) -> str:
    return hashlib.sha256(_folded(code).encode()).hexdigest()


def _new_codes(session: Session, person_id: uuid.UUID) -> list[str]:
    session.execute(sa.delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    codes = [new_password() for _ in range(CODES)]
    session.add_all(RecoveryCode(person_id=person_id, code_hash=_hash_of(code)) for code in codes)
    session.flush()
    return codes


def _use(session: Session, person_id: uuid.UUID, code: str, now: datetime) -> bool:
    """Use a recovery code up; return whether it was one that was left."""
    rows = session.scalars(
        sa.select(RecoveryCode).where(
            RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None)
        )
    )
    wanted = _hash_of(code)
    found = [row for row in rows if secrets.compare_digest(row.code_hash, wanted)]
    for row in found:
        row.used_at = now
    return bool(found)


def _remove(session: Session, person_id: uuid.UUID) -> None:
    accounts.locked_row(session, person_id)
    for table in (RecoveryCode, SecondFactor):
        session.execute(sa.delete(table).where(table.person_id == person_id))


def _record(session: Session, action: str, person_id: uuid.UUID, by: Actor, now: datetime) -> None:
    audit.record(session, action, by=by.person_id, now=now, subject=("person", person_id))
