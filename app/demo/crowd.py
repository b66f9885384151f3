"""Any number of invented staff, the same each time, in a tree of sections as large as a ward's."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.demo.staff import BEGINNING, TITLES
from app.kernel.db import new_id
from app.kernel.fiction import SURNAMES
from app.kernel.folding import name_key
from app.people.permission.models import Role, RoleGrant
from app.people.register.models import Appointment, Person, StaffNumber, Title
from app.people.sections import queries
from app.people.sections import service as sections

DEPARTMENTS, DIVISIONS, UNITS = 12, 6, 3
GIVEN = (
    "あおい", "いずみ", "うらら", "えいた", "かえで", "きよし", "さくら", "しげる", "すみれ",
    "たける", "つばさ", "なぎさ", "のぞみ", "はるか", "ひかり", "まこと", "みどり", "ゆうき",
    "一郎", "二葉", "三郎", "花子", "栄", "実",
)  # fmt: skip
#: How many of a hundred hold each of TITLES, the first two aside: those are one a section.
SHARES = (0, 0, 8, 18, 44, 8, 22)
YOUNGEST, OLDEST = 20, 64
SEED = 20261126


@dataclass(frozen=True)
class Someone:
    """One invented person, as a file of the register would say it."""

    number: str
    name: str
    section: str
    title: str
    gender: str
    age: int
    hired_on: date
    email: str


def tree() -> Iterator[tuple[str, str, str]]:
    """Yield code, name and code above of every section, those above first."""
    for department in range(1, DEPARTMENTS + 1):
        top = f"{department:02}0000"
        yield top, f"第{department}部", ""
        for division in range(1, DIVISIONS + 1):
            middle = f"{department:02}{division:02}00"
            yield middle, f"第{department}部 第{division}課", top
            for unit in range(1, UNITS + 1):
                yield (
                    f"{middle[:4]}{unit:02}",
                    f"第{department}部 第{division}課 第{unit}係",
                    middle,
                )


def people(count: int) -> Iterator[Someone]:
    """Yield people, the same at each call; the first of a section is its head."""
    chance = random.Random(SEED)  # noqa: S311 - the same people each time, no secret
    places = list(tree())
    names = [title[0] for title in TITLES]
    for place in range(count):
        code, _, above = places[place % len(places)]
        is_head = place < len(places)
        head_title = "課長" if above else "部長"
        title = head_title if is_head else chance.choices(names, SHARES)[0]
        age = chance.randint(YOUNGEST + 20 if is_head else YOUNGEST, OLDEST)
        yield Someone(
            number=f"1{place:05}",
            name=f"{chance.choice(SURNAMES)} {chance.choice(GIVEN)}",
            section=code,
            title=title,
            gender=chance.choice(("男", "女")),
            age=age,
            hired_on=date(2026 - chance.randint(0, age - YOUNGEST), 4, 1),
            email=f"s1{place:05}@example.jp",
        )


def add(session: Session, count: int) -> list[uuid.UUID]:
    """Add the sections and the first `count` people; return those who were not there before."""
    places = _sections(session)
    titles = {row.name: row.id for row in session.scalars(sa.select(Title))}
    known = set(session.scalars(sa.select(StaffNumber.number)))
    new = [someone for someone in people(count) if someone.number not in known]
    keys = {someone.number: new_id() for someone in new}
    for model, rows in (
        (Person, [_person(keys[each.number], each) for each in new]),
        (StaffNumber, [_number(keys[each.number], each) for each in new]),
        (Appointment, [_post(keys[each.number], each, places, titles) for each in new]),
        (RoleGrant, list(_heads(new, keys, places))),
    ):
        if rows:
            session.execute(sa.insert(model), rows)
    return list(keys.values())


def _sections(session: Session) -> dict[str, uuid.UUID]:
    places = {code: place.id for code, place in queries.by_code(session, BEGINNING).items()}
    for position, (code, name, above) in enumerate(tree(), 1000):
        if code not in places:
            parent_id = places[above] if above else None
            places[code] = sections.found(
                session, code, name, on=BEGINNING, parent_id=parent_id, position=position
            ).id
    return places


def _person(key: uuid.UUID, someone: Someone) -> dict[str, object]:
    return {
        "id": key,
        "name": someone.name,
        "name_key": name_key(someone.name),
        "email": someone.email,
        "gender": someone.gender,
        "age": someone.age,
        "age_as_of": BEGINNING,
        "hired_on": someone.hired_on,
        "confirmed_on": BEGINNING,
    }


def _number(key: uuid.UUID, someone: Someone) -> dict[str, object]:
    return {
        "id": new_id(),
        "person_id": key,
        "number": someone.number,
        "valid_from": BEGINNING,
    }


def _post(
    key: uuid.UUID,
    someone: Someone,
    places: dict[str, uuid.UUID],
    titles: dict[str, uuid.UUID],
) -> dict[str, object]:
    return {
        "id": new_id(),
        "person_id": key,
        "section_id": places[someone.section],
        "title_id": titles[someone.title],
        "valid_from": BEGINNING,
    }


def _heads(
    new: Sequence[Someone], keys: dict[str, uuid.UUID], places: dict[str, uuid.UUID]
) -> Iterator[dict[str, object]]:
    for someone in new:
        if someone.title in ("部長", "課長"):
            yield {
                "id": new_id(),
                "person_id": keys[someone.number],
                "role": Role.HEAD,
                "section_id": places[someone.section],
                "valid_from": BEGINNING,
            }
