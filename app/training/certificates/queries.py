"""Reads of certificates: those of a person and of a run, who is to be issued one, and the paper.

The paper is written in Japanese, whoever prints it, from what was frozen when it was issued: the
same certificate is always the same file.
"""

from __future__ import annotations

import hmac
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from urllib.parse import urlencode

import segno
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock
from app.people.register.models import Person
from app.people.register.queries import newest_number
from app.people.sections import queries as sections
from app.people.sections.models import Section, SectionVersion
from app.training.attendance import queries as attendance
from app.training.certificates.models import Certificate
from app.training.decisions import queries as decisions
from app.training.decisions.models import Decision
from app.training.enrolment.models import Enrolment
from app.training.enrolment.states import EnrolmentState
from app.training.offerings.models import Offering
from app.training.plans.models import Run, Training

TITLE = "修了証書"
_SENTENCE = "あなたは、次の研修の課程を修了したことを証します。"
#: Letters of a check code that stand together.
_TOGETHER = 4


@dataclass(frozen=True)
class Issued:
    """One certificate, as lists show it."""

    id: uuid.UUID
    enrolment_id: uuid.UUID
    person_id: uuid.UUID
    #: What the person is called now, and the number that they have.
    name_now: str
    staff_number: str
    fiscal_year: int
    number: int
    document: dict[str, Any]
    issued_on: date
    check_code: str
    issued_at: datetime
    revoked_at: datetime | None

    @property
    def training(self) -> str:
        """The training, as the certificate says it."""
        return str(self.document["training"])

    @property
    def name(self) -> str:
        """The name that is on it."""
        return str(self.document["name"])

    @property
    def is_holding(self) -> bool:
        """Whether it holds."""
        return self.revoked_at is None

    @property
    def number_text(self) -> str:
        """Its number: 令和8年度 第12号."""
        return number_text(self.fiscal_year, self.number)


def number_text(fiscal_year: int, number: int) -> str:
    """Return a certificate's number as it is printed: 令和8年度 第12号."""
    return f"{clock.fiscal_year_name(fiscal_year)} 第{number}号"


def grouped(code: str) -> str:
    """Return a check code as it is printed: by fours."""
    return "-".join(code[at : at + _TOGETHER] for at in range(0, len(code), _TOGETHER))


def issued(*conditions: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Return the query of certificates, with the columns of `Issued`, by year and number."""
    found = (
        sa.select(
            Certificate.id,
            Certificate.enrolment_id,
            Person.id,
            Person.name,
            newest_number(Person.id),
            Certificate.fiscal_year,
            Certificate.number,
            Certificate.document,
            Certificate.issued_on,
            Certificate.check_code,
            Certificate.issued_at,
            Certificate.revoked_at,
        )
        .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(*conditions)
        .order_by(Certificate.fiscal_year, Certificate.number)
    )
    return cast("sa.Select[Any]", found)


def of_person(session: Session, person_id: uuid.UUID) -> list[Issued]:
    """Return somebody's certificates, the newest first, those too that hold no more."""
    rows = session.execute(issued(Enrolment.person_id == person_id))
    return [Issued(*row) for row in rows][::-1]


def of_run(
    session: Session, run_id: uuid.UUID, *conditions: sa.ColumnElement[bool]
) -> list[Issued]:
    """Return the certificates of a run, by number."""
    rows = session.execute(issued(Enrolment.run_id == run_id, *conditions))
    return [Issued(*row) for row in rows]


def of_section(section_id: uuid.UUID | None) -> list[sa.ColumnElement[bool]]:
    """Return the condition that somebody was sent by a section; none where none is asked for."""
    return [Enrolment.section_id == section_id] if section_id else []


def sections_of(
    session: Session, run_id: uuid.UUID, day: date, *conditions: sa.ColumnElement[bool]
) -> dict[uuid.UUID, str]:
    """Return the sections of those of a run who have a certificate, in their order."""
    rows = session.execute(
        sa.select(Section.id, sa.func.coalesce(SectionVersion.name, Section.code))
        .outerjoin(SectionVersion, sections.version_on(day))
        .where(
            Section.id.in_(
                sa.select(Enrolment.section_id)
                .join(Certificate, Certificate.enrolment_id == Enrolment.id)
                .join(Person, Person.id == Enrolment.person_id)
                .where(Enrolment.run_id == run_id, Certificate.revoked_at.is_(None), *conditions)
            )
        )
        .order_by(*sections.ORDER)
    )
    return {row[0]: row[1] for row in rows}


@dataclass(frozen=True)
class Due:
    """Somebody who completed a run and has no certificate of it that holds."""

    enrolment_id: uuid.UUID
    decision_id: uuid.UUID
    person_id: uuid.UUID
    name: str
    number: str
    section: str


def due(
    session: Session, run_id: uuid.UUID, day: date, *conditions: sa.ColumnElement[bool]
) -> list[Due]:
    """Return who of a run is to be issued one, by section and number, in one statement."""
    number = newest_number(Person.id).label("number")
    has_one = sa.exists().where(
        Certificate.enrolment_id == Enrolment.id, Certificate.revoked_at.is_(None)
    )
    rows = session.execute(
        sa.select(
            Enrolment.id,
            Decision.id,
            Person.id,
            Person.name,
            number,
            sa.func.coalesce(SectionVersion.name, Section.code),
        )
        .select_from(Enrolment)
        .join(Decision, Decision.enrolment_id == Enrolment.id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Section, Section.id == Enrolment.section_id)
        .outerjoin(SectionVersion, sections.version_on(day))
        .where(
            Enrolment.run_id == run_id,
            Enrolment.state == EnrolmentState.COMPLETED,
            Decision.is_completed.is_(True),
            decisions.is_holding(),
            ~has_one,
            *conditions,
        )
        .order_by(*sections.ORDER, number, Person.id)
    )
    return [Due(*row) for row in rows]


def document(session: Session, run_id: uuid.UUID) -> dict[str, Any]:
    """Return what the certificates of a run say of it: the training, its days and its minutes."""
    title, run = session.execute(
        sa.select(Training.title, Run)
        .join(Offering, Offering.id == Run.offering_id)
        .join(Training, Training.id == Offering.training_id)
        .where(Run.id == run_id)
    ).one()
    held = attendance.sittings(session, [run_id]).get(run_id, [])
    return {
        "training": title,
        "from": run.learn_from.isoformat(),
        "until": run.learn_until.isoformat(),
        "minutes": sum(each.minutes for each in held) or run.minutes,
    }


def last_number(session: Session, fiscal_year: int) -> int:
    """Return the highest number of a fiscal year; 0 before the first."""
    query = sa.select(sa.func.max(Certificate.number)).where(Certificate.fiscal_year == fiscal_year)
    return session.scalar(query) or 0


def last_issuer(session: Session) -> str | None:
    """Return who issued the newest certificate, as it says; None before the first."""
    newest = session.scalars(
        sa.select(Certificate.document).order_by(Certificate.issued_at.desc()).limit(1)
    ).first()
    return str(newest["issuer"]) if newest else None


def checked(session: Session, fiscal_year: int, number: int, code: str) -> Issued | None:
    """Return the certificate that has both this number and this code; None where there is none.

    How long it takes tells nothing of the code.
    """
    row = session.execute(
        issued(Certificate.fiscal_year == fiscal_year, Certificate.number == number)
    ).one_or_none()
    found = Issued(*row) if row else None
    is_same = hmac.compare_digest(found.check_code if found else "-" * len(code), code)
    return found if is_same else None


def paper(certificates: Sequence[Issued]) -> dict[str, Any]:
    """Return 修了証書, one page each."""
    return {"title": TITLE, "people": list(_pages(certificates))}


def _pages(certificates: Iterable[Issued]) -> Iterable[dict[str, Any]]:
    for each in certificates:
        said = each.document
        code = grouped(each.check_code)
        asked = urlencode({"number": f"{each.fiscal_year}-{each.number}", "code": code})
        yield {
            "number": each.number_text,
            "name": each.name,
            "sentence": _SENTENCE,
            "rows": [
                ["研修名", each.training],
                [
                    "期間",
                    _period(date.fromisoformat(said["from"]), date.fromisoformat(said["until"])),
                ],
                ["時間", _hours(said["minutes"])],
            ],
            "day": clock.era_day(each.issued_on),
            "issuer": said["issuer"],
            "code": code,
            "address": said["address"],
            "picture": segno.make(f"{said['address']}?{asked}", error="m").svg_inline(border=0),
        }


def _period(first: date, last: date) -> str:
    if first == last:
        return clock.era_day(first)
    return f"{clock.era_day(first)}から{clock.era_day(last)}まで"


def _hours(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return "".join([f"{hours}時間" if hours else "", f"{rest}分" if rest or not hours else ""])
