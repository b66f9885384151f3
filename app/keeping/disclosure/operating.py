"""What running the system has left of one person: roles, sign-ins, notices, lines of the audit."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.keeping.disclosure.dossier import Item, table
from app.keeping.disclosure.masking import Masking
from app.keeping.disclosure.text import BESIDES, DOERS, SOMEBODY
from app.kernel.audit.models import AuditEvent
from app.kernel.notices.models import Notice, NoticeTemplate
from app.kernel.notices.queries import HAS_WORDS, wording_of
from app.kernel.notices.text import KINDS, source_words
from app.people.permission.models import Delegation, RoleGrant
from app.people.permission.text import ROLES
from app.people.register.models import ExclusionPeriod, Person, PersonMerge
from app.people.saved_filters.models import SavedFilter
from app.people.sections.models import SectionVersion
from app.people.sign_in.models import Credential, SignIn
from app.training.calendars.models import CalendarKey


def item(session: Session, person_id: uuid.UUID, masking: Masking) -> Item:
    """Return what is kept besides the list."""
    periods = session.execute(
        sa.select(ExclusionPeriod.valid_from, ExclusionPeriod.valid_to)
        .where(ExclusionPeriod.person_id == person_id)
        .order_by(ExclusionPeriod.valid_from)
    )
    merges = session.execute(
        sa.select(PersonMerge.merged_at, PersonMerge.undone_at)
        .where(sa.or_(PersonMerge.kept_id == person_id, PersonMerge.merged_id == person_id))
        .order_by(PersonMerge.merged_at)
    )
    passwords = session.execute(
        sa.select(Credential.changed_at, Credential.must_change).where(
            Credential.person_id == person_id
        )
    )
    sign_ins = session.execute(
        sa.select(SignIn.created_at, SignIn.ended_at)
        .where(SignIn.person_id == person_id)
        .order_by(SignIn.created_at)
    )
    calendar_keys = session.execute(
        sa.select(CalendarKey.created_at, CalendarKey.used_at).where(
            CalendarKey.person_id == person_id
        )
    )
    tables = (
        table("roles", _roles(session, person_id)),
        table("delegations", _delegations(session, person_id)),
        table("exclusion_periods", periods),
        table("merges", merges),
        table("passwords", passwords),
        table("sign_ins", sign_ins),
        table("calendar_keys", calendar_keys),
        table("saved_filters", _saved_filters(session, person_id)),
        table("notices", _notices(session, person_id)),
        table("audit", _audit(session, person_id, masking)),
    )
    return Item(0, *BESIDES, as_of="", tables=tables)


def _roles(session: Session, person_id: uuid.UUID) -> Iterator[list[object]]:
    rows = session.execute(
        sa.select(RoleGrant, SectionVersion.name)
        .outerjoin(
            SectionVersion,
            sa.and_(
                SectionVersion.section_id == RoleGrant.section_id, SectionVersion.valid_to.is_(None)
            ),
        )
        .where(RoleGrant.person_id == person_id)
        .order_by(RoleGrant.valid_from, RoleGrant.id)
    )
    for grant, section in rows:
        yield [ROLES[grant.role].text, section or "すべて", grant.valid_from, grant.valid_to]


def _delegations(session: Session, person_id: uuid.UUID) -> Iterator[list[object]]:
    rows = session.scalars(
        sa.select(Delegation)
        .where(sa.or_(Delegation.from_id == person_id, Delegation.to_id == person_id))
        .order_by(Delegation.valid_from, Delegation.id)
    )
    for row in rows:
        names = [
            DOERS["self"] if key == person_id else SOMEBODY for key in (row.from_id, row.to_id)
        ]
        yield [ROLES[row.role].text, "→".join(names), row.valid_from, row.valid_to]


def _saved_filters(session: Session, person_id: uuid.UUID) -> Iterator[list[object]]:
    rows = session.scalars(
        sa.select(SavedFilter)
        .where(SavedFilter.person_id == person_id)
        .order_by(SavedFilter.created_at, SavedFilter.id)
    )
    for row in rows:
        yield [row.endpoint, row.name, row.query, row.created_at]


def _notices(session: Session, person_id: uuid.UUID) -> Iterator[list[object]]:
    rows = session.execute(
        sa.select(Notice, Person.name, NoticeTemplate.title, NoticeTemplate.text)
        .join(Person, Person.id == Notice.person_id)
        .outerjoin(NoticeTemplate, HAS_WORDS)
        .where(Notice.person_id == person_id)
        .order_by(Notice.created_at, Notice.id)
    )
    for row, name, *own in rows:
        words = ("", "")
        if row.kind in KINDS:
            words = source_words(row.kind, row.data, name=name, wording=wording_of(*own))
        yield [row.created_at, *words, row.read_at]


def _audit(session: Session, person_id: uuid.UUID, masking: Masking) -> Iterator[list[object]]:
    """Yield what was done to the person and by the person; of others' matters no details."""
    is_about = sa.and_(AuditEvent.subject_kind == "person", AuditEvent.subject_id == person_id)
    rows = session.scalars(
        sa.select(AuditEvent)
        .where(sa.or_(is_about, AuditEvent.actor_id == person_id))
        .order_by(AuditEvent.seq)
        .execution_options(yield_per=500)
    )
    for row in rows:
        by_self = row.actor_id == person_id
        doer = "self" if by_self else "system" if row.actor_id is None else "other"
        about_self = row.subject_kind == "person" and row.subject_id == person_id
        details = masking.value(row.details) if about_self and row.details else ""
        yield [row.at, row.action, DOERS[doer], row.address if by_self else "", details]
