"""One small function a control, which looks at the real state and says what it found.

What no state can show (how a page behaves, what people are told to do) is proved by the tests and
the documents that `text.DOCUMENTS` names.
"""

from __future__ import annotations

import stat
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.keeping.retention import queries as retention
from app.keeping.retention.models import Erasure
from app.kernel import clock, pdf
from app.kernel.audit import verification
from app.kernel.audit.models import AuditEvent
from app.kernel.errors import Refused
from app.kernel.settings import Settings
from app.learning.forwarding.models import XapiForward
from app.learning.forwarding.states import ForwardState
from app.people.imports.models import ImportBatch, ImportRow
from app.people.permission import queries as permission
from app.people.permission.models import Role
from app.people.register.models import Person
from app.portals.registrations.models import Portal
from app.portals.registrations.states import PortalState

#: Nothing of an upload is kept for longer.
_UPLOADS = timedelta(hours=24)
#: A backup a day, and some hours for the day's to be made.
_BACKUP = timedelta(hours=30)
_DRILL = timedelta(days=366)
#: The register is a year old at most, and a month for the file to come.
STALE = timedelta(days=13 * 30.5)
#: All that the register may hold of a person: the approved items, and what runs the system.
PERSON_COLUMNS = frozenset(
    {
        "id", "name", "name_key", "email", "gender", "age", "age_as_of", "hired_on",
        "promoted_on", "left_on", "confirmed_on", "restricted_at",
    }
)  # fmt: skip
#: Roles to which a password alone should open nothing.
ADMINISTRATIVE = frozenset({Role.OFFICE, Role.ADMINISTRATOR})
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class Verdict(StrEnum):
    """適合, 要確認, 文書による."""

    OK = "ok"
    ATTENTION = "attention"
    DOCUMENT = "document"


@dataclass(frozen=True)
class Found:
    """What a check found: the sentence's code is the control, with a letter where it differs."""

    verdict: Verdict
    data: Mapping[str, object]


@dataclass(frozen=True)
class Place:
    """Where is looked."""

    settings: Settings
    session: Session
    now: datetime

    def count(self, query: sa.Select[int]) -> int:
        """Return the number that a query counts."""
        return self.session.scalar(query) or 0


def _found(*, is_ok: bool, **data: object) -> Found:
    return Found(Verdict.OK if is_ok else Verdict.ATTENTION, data)


def _items(at: Place) -> Found:
    columns = sa.inspect(at.session.connection()).get_columns(Person.__tablename__)
    more = sorted({column["name"] for column in columns} - PERSON_COLUMNS)
    return _found(is_ok=not more, count=len(columns), more=", ".join(more))


def _originals(at: Place) -> Found:
    too_old = (at.now - _UPLOADS).timestamp()
    files = [path for path in at.settings.uploads.glob("*") if path.stat().st_mtime < too_old]
    waiting = (
        sa.select(sa.func.count())
        .select_from(ImportRow)
        .join(ImportBatch, ImportBatch.id == ImportRow.batch_id)
        .where(
            sa.or_(ImportBatch.ended_at.is_not(None), ImportBatch.created_at < at.now - _UPLOADS)
        )
    )
    rows = at.count(waiting)
    return _found(is_ok=not files and not rows, files=len(files), rows=rows)


def _duties(at: Place) -> Found:
    same = sa.select(sa.func.count()).where(Erasure.approved_by == Erasure.proposed_by)
    people = permission.holders_of(at.session, ADMINISTRATIVE, at.now)
    return _found(is_ok=at.count(same) == 0 and len(people) > 1, people=len(people))


def _passwords(at: Place) -> Found:
    attempts, minutes = at.settings.password_attempts, at.settings.lock_minutes
    return _found(is_ok=0 < attempts <= 10 and minutes >= 15, attempts=attempts, minutes=minutes)


def _second_factor(at: Place) -> Found:
    named = at.settings.second_factor_roles.split()
    # A role that there is not stands as it is written, for the reader to see.
    asked = tuple(Role(code) if code in list(Role) else code for code in named)
    return _found(is_ok=set(asked) >= ADMINISTRATIVE, roles=asked, sso=at.settings.sso_only)


def _sessions(at: Place) -> Found:
    found = at.settings
    is_short = found.idle_minutes <= 30 and found.idle_minutes_learner <= 60
    return _found(
        is_ok=is_short and found.idle_minutes_shared <= 10 and found.is_secure,
        minutes=found.idle_minutes,
        learner=found.idle_minutes_learner,
        shared=found.idle_minutes_shared,
    )


def _networks(at: Place) -> Found:
    named = (at.settings.networks, at.settings.role_networks)
    return _found(is_ok=any(named), networks=named[0], roles=named[1])


def _tls(at: Place) -> Found:
    origins = (at.settings.office_origin, at.settings.content_origin)
    is_secure = all(urlsplit(origin).scheme == "https" for origin in origins)
    return _found(is_ok=is_secure, origins=" ".join(origins))


def _keys(at: Place) -> Found:
    name = at.settings.backup_key_file
    path = Path(name) if name else None
    is_there = path is not None and path.is_file()
    is_own = is_there and path is not None and not path.stat().st_mode & (stat.S_IRWXO)
    return _found(is_ok=bool(is_own), file=name)


def _audit(at: Place) -> Found:
    broken = verification.first_broken(at.session)
    lines = at.count(sa.select(sa.func.count()).select_from(AuditEvent))
    years = at.settings.audit_years
    return _found(is_ok=broken is None, lines=lines, broken=broken, years=years)


def _paper(at: Place) -> Found:
    try:
        pdf.refuse_missing("髙﨑𠮷葛󠄀", at.settings.fonts)
    except Refused:
        return _found(is_ok=False, family=pdf.FAMILY)
    return _found(is_ok=True, family=pdf.FAMILY)


def _restricted(at: Place) -> Found:
    query = sa.select(sa.func.count()).where(Person.restricted_at.is_not(None))
    return _found(is_ok=True, people=at.count(query))


def _stale(at: Place) -> Found:
    today = clock.today(at.now)
    query = sa.select(sa.func.count()).where(
        sa.or_(Person.left_on.is_(None), Person.left_on >= today),
        sa.or_(Person.confirmed_on.is_(None), Person.confirmed_on < today - STALE),
    )
    count = at.count(query)
    return _found(is_ok=not count, people=count)


def _due(at: Place) -> Found:
    lines = retention.due(at.session, at.now)
    waiting = {
        row.record_class for row in retention.erasures(at.session) if row.state in retention.OPEN
    }
    left = [line for line in lines if line.people > line.held or (line.rows and not line.people)]
    forgotten = [line for line in left if line.record_class not in waiting]
    return _found(
        is_ok=not forgotten, classes=len(forgotten), rows=sum(line.rows for line in forgotten)
    )


def _periods(at: Place) -> Found:
    periods = {line.record_class: line.years for line in retention.due(at.session, at.now)}
    return _found(is_ok=True, periods=periods)


def _outbound(at: Place) -> Found:
    address = urlsplit(at.settings.mail)
    host = address.hostname or ""
    is_private = host in LOOPBACK or address.scheme != "smtp" or bool(address.username)
    provider = urlsplit(at.settings.oidc_issuer).hostname
    portals = tuple(portal.name for portal in _connected(at))
    forwards = tuple(forward.name for forward in _forwarding(at))
    return _found(
        is_ok=is_private, host=host, provider=provider, portals=portals, forwards=forwards
    )


def _joined(at: Place) -> Found:
    """Whatever is connected was approved by somebody else than who proposed it."""
    connected, forwarding = _connected(at), _forwarding(at)
    is_ok = all(
        approved_by not in (None, proposed_by)
        for approved_by, proposed_by in (
            *((each.approved_by, each.proposed_by) for each in connected),
            *((each.approved_by, each.proposed_by) for each in forwarding),
        )
    )
    return _found(
        is_ok=is_ok,
        portals=tuple(each.name for each in connected),
        forwards=tuple(each.name for each in forwarding),
    )


def _forwarding(at: Place) -> Sequence[XapiForward]:
    query = sa.select(XapiForward).where(XapiForward.state == ForwardState.ACTIVE)
    return at.session.scalars(query.order_by(XapiForward.name)).all()


def _connected(at: Place) -> Sequence[Portal]:
    query = sa.select(Portal).where(Portal.state == PortalState.ACTIVE)
    return at.session.scalars(query.order_by(Portal.name)).all()


def _backups(at: Place) -> Found:
    made, tried = (_last(at, action) for action in ("backup.made", "backup.drilled"))
    is_ok = (made is not None and made > at.now - _BACKUP) and (
        tried is not None and tried > at.now - _DRILL
    )
    return _found(is_ok=is_ok, made=made, tried=tried)


def _last(at: Place, action: str) -> datetime | None:
    return at.session.scalar(
        sa.select(sa.func.max(AuditEvent.at)).where(AuditEvent.action == action)
    )


def _isolation(at: Place) -> Found:
    origin = at.settings.content_origin
    office = urlsplit(at.settings.office_origin).hostname or ""
    host = (urlsplit(origin.replace("{attempt}", "x")).hostname or "").partition(".")[2]
    is_apart = "{attempt}" in origin and not office.endswith(f".{host}")
    return _found(is_ok=is_apart, origin=origin)


def _trial(at: Place) -> Found:
    return _found(is_ok=not at.settings.demo, demo=at.settings.demo)


#: Control → what looks at it; a control that is not here is proved by a document.
CHECKS: Mapping[str, Callable[[Place], Found]] = {
    "C01": _items,
    "C02": _originals,
    "C07": _duties,
    "C09": _passwords,
    "C10": _second_factor,
    "C11": _sessions,
    "C12": _networks,
    "C13": _tls,
    "C14": _keys,
    "C15": _audit,
    "C19": _paper,
    "C20": _restricted,
    "C21": _stale,
    "C22": _due,
    "C23": _periods,
    "C26": _outbound,
    "C27": _backups,
    "C29": _isolation,
    "C32": _trial,
    "C35": _joined,
}
