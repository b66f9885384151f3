"""Loading the demonstration once, by the same verbs that the pages use."""

from __future__ import annotations

import tempfile
import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.content.imports import service as imports
from app.content.materials import access as materials_access
from app.content.materials import service as materials
from app.demo import classroom, crowd, film, learning, results, staff
from app.kernel import clock
from app.kernel.actor import Actor, Grant
from app.kernel.db import Database, new_id
from app.kernel.errors import Refused
from app.kernel.fiction import is_fictional
from app.kernel.settings import Settings
from app.people.permission.models import Role, RoleGrant
from app.people.purposes import service as purposes
from app.people.register.models import Person
from app.people.sign_in import service as sign_in
from app.people.sign_in.models import Credential
from app.training.offerings.models import Offering
from app.training.plans import service as plans
from app.training.plans.models import Run, Training
from app.training.plans.states import RunState
from app.training.programme.service import ItemData
from app.training.roster import service as roster
from app.training.syllabus import service as syllabus
from content_packages.samples import build

#: Code of the training that all the staff takes.
EVERYBODYS = "S-01"
#: Who takes the shorter training.
INVITED = ("00202", "00203", "00302", "00303", "00304", "00305")


@dataclass(frozen=True)
class Account:
    """An account of the demonstration; its password exists in clear only here and now."""

    number: str
    name: str
    part: str
    password: str


def load(database: Database, settings: Settings, count: int = 0) -> list[Account]:
    """Load what is not there yet and return the accounts, which exist in clear only at the first.

    `count` people are added to those of the tour. Raises Refused("demo_on_real_data") where
    somebody is registered whose name is not seen to be invented.
    """
    now = clock.now()
    with database.unit_of_work() as session:
        names = session.scalars(sa.select(Person.name)).all()
        if not all(is_fictional(name) for name in names):
            raise Refused("demo_on_real_data")
        accounts = [] if names else _tour(session, settings, now)
        if count:
            _crowd(session, count, now)
    return accounts


def _crowd(session: Session, count: int, now: datetime) -> None:
    """Add people, and enrol those who are new in the run that all the staff takes."""
    new = crowd.add(session, count)
    office = session.scalars(sa.select(RoleGrant.person_id).where(RoleGrant.role == Role.OFFICE))
    by = Actor(person_id=office.first(), grants=(Grant(Role.OFFICE),))
    run_id = session.scalars(
        sa.select(Run.id)
        .join(Offering, Offering.id == Run.offering_id)
        .join(Training, Training.id == Offering.training_id)
        .where(Training.code == EVERYBODYS, Run.state == RunState.OPEN)
    ).first()
    if run_id and new:
        roster.enrol(session, run_id, new, by=by, now=now)


def _tour(session: Session, settings: Settings, now: datetime) -> list[Account]:
    people = staff.add(session)
    office = Actor(
        person_id=people["00102"].id,
        grants=(Grant(Role.OFFICE), Grant(Role.ADMINISTRATOR)),
    )
    security, plain_japanese, evacuation = (
        _material(session, settings, name, office, now) for name in build.NAMES
    )
    everybody = [person.id for person in people.values()]
    _security(session, everybody, security, office, now)
    some = [people[number].id for number in INVITED]
    _plain_japanese(session, some, plain_japanese, office, now)
    _evacuation(session, some, evacuation, office, now)
    classroom.add(session, people, office, now)
    results.add(session, settings, people, office, now)
    film.add(session, settings, people, office, now)
    return _accounts(session, people, office, now)


def _material(
    session: Session, settings: Settings, name: str, by: Actor, now: datetime
) -> uuid.UUID:
    """Build one of our packages, and take it in and publish it as an author would."""
    with tempfile.TemporaryDirectory() as folder:
        path = build.build(name, Path(folder))
        examined = imports.examine(path, settings, lambda _done, _total: None)
        imports.keep(materials_access.store(settings), path)
    version = imports.add_version(session, examined, path.name, None, by=by.known_id, now=now)
    materials.publish(session, version.id, by=by, now=now)
    return version.material_id


def _security(
    session: Session, everybody: list[uuid.UUID], material: uuid.UUID, by: Actor, now: datetime
) -> None:
    """Add a training with a run that has ended and one that is under way."""
    training = _training(
        session,
        EVERYBODYS,
        "情報セキュリティ研修",
        "全職員が毎年受ける研修です。パスワード、標的型メール、持ち出しの注意を確かめます。",
        by,
        now,
    )
    today, then = clock.today(now), now - timedelta(days=180)
    before = _run(session, training, material, today - timedelta(days=200), 60, by, then)
    roster.enrol(session, before.id, everybody, by=by, now=then)
    _act(session, before, "open", by, then)
    learning.finish_security(session, before, everybody[:17], then)
    _act(session, before, "end", by, now)
    present = _run(session, training, material, today - timedelta(days=10), 14, by, now)
    roster.enrol(session, present.id, everybody, by=by, now=now)
    _act(session, present, "open", by, now)
    learning.finish_security(session, present, everybody[5:11], now)
    learning.leave_security_half_way(session, present, everybody[11:13], now)


def _plain_japanese(
    session: Session, some: list[uuid.UUID], material: uuid.UUID, by: Actor, now: datetime
) -> None:
    """Add a training with a run that has just begun and one that is being prepared."""
    training = _training(
        session,
        "L-07",
        "やさしい日本語研修",
        "窓口と通知で使う「やさしい日本語」の書きかえ方を、例で学びます。",
        by,
        now,
    )
    today = clock.today(now)
    running = _run(session, training, material, today - timedelta(days=3), 28, by, now)
    roster.enrol(session, running.id, some, by=by, now=now)
    _act(session, running, "open", by, now)
    _run(session, training, material, today + timedelta(days=40), 30, by, now)


def _evacuation(
    session: Session, some: list[uuid.UUID], material: uuid.UUID, by: Actor, now: datetime
) -> None:
    """Add a training whose course speaks xAPI, with a run under way."""
    training = _training(
        session,
        "B-03",
        "避難誘導研修",
        "来庁者を安全に外へ導く手順を学び、確認テストで確かめます。",
        by,
        now,
    )
    running = _run(session, training, material, clock.today(now) - timedelta(days=1), 21, by, now)
    roster.enrol(session, running.id, some, by=by, now=now)
    _act(session, running, "open", by, now)


def _training(
    session: Session, code: str, title: str, purpose: str, by: Actor, now: datetime
) -> uuid.UUID:
    data = syllabus.TrainingData(code, title, purpose)
    return syllabus.register(session, new_id(), data, by=by, now=now).id


def _run(
    session: Session,
    training: uuid.UUID,
    material: uuid.UUID,
    begins: date,
    days: int,
    by: Actor,
    now: datetime,
) -> Run:
    data = plans.RunData(begins, begins + timedelta(days=days), 20, (ItemData(material),))
    return plans.plan(session, training, new_id(), data, by=by, now=now)


def _act(session: Session, run: Run, action: str, by: Actor, now: datetime) -> None:
    plans.act(session, run.id, action, by=by, now=now)


def _accounts(
    session: Session, people: dict[str, Person], by: Actor, now: datetime
) -> list[Account]:
    """Give the people of the tour their passwords; nothing is left to do at the first sign-in."""
    parts = {people[part.number].id: part for part in staff.PARTS}
    accounts = []
    for post, password in sign_in.issue_passwords(session, parts.keys(), by, now):
        session.get_one(Credential, post.person_id).must_change = False
        purposes.confirm(session, 0, by=Actor(person_id=post.person_id), now=now)
        part = parts[post.person_id]
        accounts.append(Account(post.number, post.name, part.shows, password))
    return accounts
