"""Twenty people whom everybody sees to be invented, in a section tree of a ward that is none."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.kernel.db import new_id
from app.kernel.folding import name_key
from app.people.permission.access import NEAR
from app.people.permission.models import Role, RoleGrant
from app.people.register.models import Appointment, EmploymentClass, Person, StaffNumber, Title
from app.people.sections import service as sections

BEGINNING = date(2024, 4, 1)

#: code, name, code of the section it belongs to.
SECTIONS = (
    ("0100", "総務部", None),
    ("0110", "人材育成課", "0100"),
    ("0120", "総務課", "0100"),
    ("0200", "区民部", None),
    ("0210", "窓口課", "0200"),
    ("0220", "税務課", "0200"),
    ("0300", "福祉部", None),
    ("0310", "高齢者支援課", "0300"),
    ("0320", "子育て支援課", "0300"),
)

#: name, grade, rank, class of employment.
TITLES = (
    ("部長", "管理職", 10, EmploymentClass.REGULAR),
    ("課長", "管理職", 20, EmploymentClass.REGULAR),
    ("係長", "係長級", 30, EmploymentClass.REGULAR),
    ("主任", "主任級", 40, EmploymentClass.REGULAR),
    ("主事", "係員級", 50, EmploymentClass.REGULAR),
    ("再任用主事", "係員級", 60, EmploymentClass.REAPPOINTED),
    ("会計年度任用職員", "", 70, EmploymentClass.FISCAL_YEAR),
)

#: number, name, section, title.
STAFF = (
    ("00101", "見本 一郎", "0110", "課長"),
    ("00102", "見本 花子", "0110", "係長"),
    ("00103", "例示 みどり", "0110", "主事"),
    ("00201", "架空 太郎", "0120", "課長"),
    ("00202", "架空 さくら", "0120", "主任"),
    ("00203", "試験 次郎", "0120", "主事"),
    ("00204", "髙見本 栄", "0120", "再任用主事"),
    ("00301", "仮名 三郎", "0210", "課長"),
    ("00302", "仮名 ひかり", "0210", "係長"),
    ("00303", "研修 太郎", "0210", "主事"),
    ("00304", "研修 花子", "0210", "主事"),
    ("00305", "例文 まこと", "0210", "会計年度任用職員"),
    ("00401", "模擬 四郎", "0220", "課長"),
    ("00402", "模擬 あおい", "0220", "主任"),
    ("00403", "﨑例 のぞみ", "0220", "主事"),
    ("00501", "想定 五郎", "0310", "課長"),
    ("00502", "想定 かえで", "0310", "主事"),
    ("00503", "𠮷見本 ゆう", "0310", "会計年度任用職員"),
    ("00601", "架橋 例子", "0320", "課長"),
    ("00602", "見出 つばさ", "0320", "主事"),
)


@dataclass(frozen=True)
class Part:
    """A person whose account the demonstration hands out, with what it shows."""

    number: str
    roles: tuple[Role, ...]
    shows: str


PARTS = (
    Part("00102", (Role.OFFICE, Role.ADMINISTRATOR), "研修管理者"),
    Part("00101", (Role.ADMINISTRATOR,), "システム管理者"),
    Part("00103", (Role.AUTHOR,), "教材作成者"),
    Part("00301", (Role.HEAD,), "所属長・受講者"),
    Part("00302", (Role.COORDINATOR,), "所属の研修担当"),
    Part("00303", (), "受講者"),
    Part("00304", (), "受講者"),
)


def add(session: Session) -> dict[str, Person]:
    """Add everybody; return them by their number."""
    places = _sections(session)
    titles = {
        name: Title(
            id=new_id(), name=name, grade=grade, rank_order=rank, employment_class=employment
        )
        for name, grade, rank, employment in TITLES
    }
    people = {
        number: Person(
            id=new_id(), name=name, name_key=name_key(name), email=f"s{number}@example.jp"
        )
        for number, name, _, _ in STAFF
    }
    session.add_all([*titles.values(), *people.values()])
    session.flush()
    for number, _, section, title in STAFF:
        who = people[number].id
        session.add(StaffNumber(person_id=who, number=number, valid_from=BEGINNING))
        session.add(
            Appointment(
                person_id=who,
                section_id=places[section],
                title_id=titles[title].id,
                valid_from=BEGINNING,
            )
        )
    session.add_all(_grants(people, places))
    session.flush()
    return people


def _sections(session: Session) -> dict[str, uuid.UUID]:
    keys: dict[str, uuid.UUID] = {}
    for position, (code, name, parent) in enumerate(SECTIONS):
        above = keys[parent] if parent else None
        keys[code] = sections.found(
            session, code, name, on=BEGINNING, parent_id=above, position=position
        ).id
    return keys


def _grants(people: dict[str, Person], places: dict[str, uuid.UUID]) -> Iterator[RoleGrant]:
    """Yield the roles of the people of the tour; a section's role reaches the own section."""
    of = {number: section for number, _, section, _ in STAFF}
    for part in PARTS:
        for role in part.roles:
            yield RoleGrant(
                person_id=people[part.number].id,
                role=role,
                section_id=places[of[part.number]] if role in NEAR else None,
                valid_from=BEGINNING,
            )
