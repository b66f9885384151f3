"""The register's rows about people: sign-ins, the remains of imports, and the person at last."""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.holdings import (
    AT_ONCE,
    Counts,
    Due,
    Erasing,
    Holding,
    RecordClass,
    delete,
    forget_doer,
    moment_before,
)
from app.people.accounts.models import Account
from app.people.imports.models import ImportBatch, ImportRow
from app.people.operators.models import Operator
from app.people.passwords.models import FormerPassword
from app.people.permission.models import Delegation, RoleGrant
from app.people.purposes.models import PurposeConfirmation, PurposeStatement
from app.people.register.models import (
    Appointment,
    ExclusionPeriod,
    Person,
    PersonMerge,
    StaffNumber,
)
from app.people.saved_filters.models import SavedFilter
from app.people.second_factor.models import RecoveryCode, SecondFactor
from app.people.sign_in.models import Credential, SignIn

#: When a sign-in was last of use.
_SIGNED = sa.func.coalesce(SignIn.ended_at, SignIn.created_at)


def _sign_ins_due(before: date) -> Due:
    return (
        sa.select(SignIn.person_id, sa.func.count(), sa.func.min(_SIGNED))
        .where(moment_before(before) > _SIGNED)
        .group_by(SignIn.person_id)
    )


def _erase_sign_ins(session: Session, person_id: uuid.UUID | None, before: date) -> Counts:
    is_old = moment_before(before) > _SIGNED
    return delete(session, SignIn, SignIn.person_id == person_id, is_old)


def _imports_due(before: date) -> Due:
    return sa.select(sa.null(), sa.func.count(), sa.func.min(ImportBatch.created_at)).where(
        ImportBatch.created_at < moment_before(before)
    )


def _erase_imports(session: Session, person_id: uuid.UUID | None, before: date) -> Counts:
    if person_id is not None:
        return {}
    old = sa.select(ImportBatch.id).where(ImportBatch.created_at < moment_before(before))
    keys = session.scalars(old.limit(AT_ONCE)).all()
    gone = delete(session, ImportRow, ImportRow.batch_id.in_(keys))
    return gone + delete(session, ImportBatch, ImportBatch.id.in_(keys))


def left_due(before: date) -> Due:
    """Return everybody who left before a day: they are erased whole, by all wings."""
    return (
        sa.select(Person.id, sa.literal(1), Person.left_on)
        .where(Person.left_on < before)
        .where(
            ~sa.exists().where(PersonMerge.merged_id == Person.id, PersonMerge.undone_at.is_(None))
        )
    )


def entries_of(session: Session, person_id: uuid.UUID) -> list[uuid.UUID]:
    """Return all entries that were found to be this person, the kept one last."""
    merged = session.scalars(
        sa.select(PersonMerge.merged_id).where(
            PersonMerge.kept_id == person_id, PersonMerge.undone_at.is_(None)
        )
    ).all()
    return [*(entry for key in merged for entry in entries_of(session, key)), person_id]


def has_left(session: Session, person_id: uuid.UUID, before: date) -> bool:
    """Whether somebody's last day of service came before a day."""
    found = session.get(Person, person_id, populate_existing=True)
    return found is not None and found.left_on is not None and found.left_on < before


def erase_person(session: Session, person_id: uuid.UUID) -> Counts:
    """Erase an entry of the register with all that hangs on it."""
    gone: Counter[str] = Counter()
    for model, *columns in (
        (SignIn, SignIn.person_id),
        (Credential, Credential.person_id),
        (FormerPassword, FormerPassword.person_id),
        (SecondFactor, SecondFactor.person_id),
        (RecoveryCode, RecoveryCode.person_id),
        (Account, Account.person_id),
        (SavedFilter, SavedFilter.person_id),
        (Operator, Operator.person_id),
        (PurposeConfirmation, PurposeConfirmation.person_id),
        (ExclusionPeriod, ExclusionPeriod.person_id),
        (PersonMerge, PersonMerge.kept_id, PersonMerge.merged_id),
        (Delegation, Delegation.from_id, Delegation.to_id),
        (RoleGrant, RoleGrant.person_id),
        (Appointment, Appointment.person_id),
        (StaffNumber, StaffNumber.person_id),
    ):
        gone += delete(session, model, sa.or_(*(column == person_id for column in columns)))
    forget_doer(
        session,
        person_id,
        RoleGrant.granted_by,
        Delegation.created_by,
        PersonMerge.merged_by,
        ImportBatch.created_by,
        Account.frozen_by,
        PurposeStatement.created_by,
    )
    return gone + delete(session, Person, Person.id == person_id)


HOLDINGS = (
    Holding(RecordClass.SIGN_IN, _sign_ins_due, _erase_sign_ins),
    Holding(RecordClass.REMAINS, _imports_due, _erase_imports),
)
ERASING = Erasing("people", erase_person)
