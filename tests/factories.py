"""Plain functions that make rows, and say every fact that matters."""

from __future__ import annotations

import itertools
import uuid
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.content.materials.models import Material, MaterialKind, Version
from app.content.videos.models import Video, VideoStatus
from app.kernel import clock
from app.people.permission.models import Role, RoleGrant
from app.people.purposes import queries as purposes
from app.people.purposes.models import PurposeConfirmation
from app.people.register.models import Appointment, Person, PostKind, StaffNumber, Title
from app.people.sections import service as sections
from app.people.sections.models import Section
from app.people.sign_in.models import Credential, SignIn
from app.training.enrolment.models import Assignment, Enrolment
from app.training.offerings import service as offerings
from app.training.offerings.models import Offering
from app.training.plans.models import Run, RunItem, Training

LONG_AGO = date(2020, 4, 1)
# Beyond the numbers that tests name themselves.
_numbers = itertools.count(20_001)


def section(
    session: Session, name: str = "総務課", code: str | None = None, parent: Section | None = None
) -> Section:
    """Make a section that has existed for long."""
    count = next(_numbers)
    return sections.found(
        session,
        code or f"{count:04}",
        name,
        on=LONG_AGO,
        parent_id=parent.id if parent else None,
        position=count,
    )


def title(session: Session, name: str = "主事", rank_order: int = 50) -> Title:
    """Return the title of that name, made once."""
    row = session.scalars(sa.select(Title).where(Title.name == name)).one_or_none()
    if row is None:
        row = Title(name=name, rank_order=rank_order)
        session.add(row)
        session.flush()
    return row


def person(
    session: Session,
    name: str = "架空 太郎",
    *,
    number: str | None = None,
    section: Section | None = None,
    roles: tuple[Role, ...] = (),
    email: str | None = None,
) -> Person:
    """Make a member of the staff with a number, a main post and roles without limits."""
    row = Person(name=name, name_key=name.replace(" ", ""), email=email)
    session.add(row)
    session.flush()
    where = section or globals()["section"](session)
    session.add_all(
        [
            StaffNumber(
                person_id=row.id,
                number=number or f"{next(_numbers):05}",
                valid_from=LONG_AGO,
            ),
            Appointment(
                person_id=row.id,
                section_id=where.id,
                title_id=title(session).id,
                kind=PostKind.MAIN,
                valid_from=LONG_AGO,
            ),
            *(RoleGrant(person_id=row.id, role=role, valid_from=LONG_AGO) for role in roles),
        ]
    )
    session.flush()
    return row


def informed(session: Session, who: Person, now: datetime) -> None:
    """Have somebody confirm what their data is used for, as it is worded now."""
    version = purposes.present(session).version
    if purposes.confirmed_at(session, who.id, version) is None:
        session.add(PurposeConfirmation(person_id=who.id, version=version, confirmed_at=now))
        session.flush()


def enter(
    client: FlaskClient,
    session: Session,
    who: Person,
    now: datetime | None = None,
    *,
    is_shared: bool = False,
) -> SignIn:
    """Sign somebody in, in a client, as if by the page; nothing is left to do in the sign-in."""
    moment = now or clock.now()
    if session.get(Credential, who.id) is None:
        session.add(
            Credential(person_id=who.id, password_hash="-", must_change=False, changed_at=moment)
        )
    informed(session, who, moment)
    row = SignIn(person_id=who.id, method="password", is_shared=is_shared, created_at=moment)
    session.add(row)
    session.flush()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = str(row.id)
        cookie["_fresh"] = True
        cookie["seen"] = int(moment.timestamp())
    return row


def training(session: Session, title: str = "情報セキュリティ研修") -> Training:
    """Make a training."""
    row = Training(code=f"T-{next(_numbers)}", title=title, created_at=clock.now())
    session.add(row)
    session.flush()
    return row


def offering(session: Session, of: Training | None = None, day: date | None = None) -> Offering:
    """Return what the fiscal year of a day (today's) offers of a training, planned once."""
    at = clock.now()
    year = clock.fiscal_year(day or clock.today(at))
    return offerings.of_year(session, (of or training(session)).id, year, at)


def run(
    session: Session,
    of: Training | None = None,
    *,
    offered: Offering | None = None,
    state: str = "open",
    learn_from: date | None = None,
    learn_until: date | None = None,
    materials: tuple[Material, ...] = (),
) -> Run:
    """Make a run of e-learning, from a week ago to a month from now unless said otherwise."""
    today = clock.today(clock.now())
    row = Run(
        offering_id=(offered or offering(session, of, learn_from or today)).id,
        number=next(_numbers),
        state=state,
        learn_from=learn_from or today - timedelta(days=7),
        learn_until=learn_until or today + timedelta(days=30),
        minutes=30,
        created_at=clock.now(),
    )
    session.add(row)
    session.flush()
    for position, material_row in enumerate(materials, 1):
        session.add(RunItem(run_id=row.id, material_id=material_row.id, position=position))
    session.flush()
    return row


def material(
    session: Session,
    by: Person,
    title: str = "ゴルフの説明",
    *,
    state: str = "published",
    manifest: dict[str, object] | None = None,
    sha256: str = "0" * 64,
    edition: str = "1.2",
) -> Material:
    """Make a material with one version; its package is not in the store unless a test puts it."""
    row = Material(title=title, created_by=by.id, created_at=clock.now())
    session.add(row)
    session.flush()
    session.add(
        Version(
            material_id=row.id,
            number=1,
            state=state,
            sha256=sha256,
            size=1000,
            file_name="package.zip",
            edition=edition,
            root="",
            manifest=manifest or {},
            findings=[],
            created_by=by.id,
            created_at=clock.now(),
            published_at=clock.now() if state == "published" else None,
        )
    )
    session.flush()
    return row


def video(
    session: Session,
    by: Person,
    title: str = "火災のときの動き方",
    *,
    state: str = "published",
    play: dict[str, object] | None = None,
    duration: float = 120.0,
    **beside: object,
) -> Material:
    """Make a video with one version; `beside` stands in its document. Its files are not there."""
    made, film = material(session, by, title, state=state), uuid.uuid4()
    made.kind, made.play = MaterialKind.VIDEO, play or {}
    version = session.scalars(sa.select(Version).where(Version.material_id == made.id)).one()
    rungs = [
        {"name": f"{height}-1", "width": height * 16 // 9, "height": height, "rate": 30.0,
         "bandwidth": height * 1000, "average": height * 800, "codecs": "avc1.64001f"}
        for height in (720, 360)
    ]  # fmt: skip
    sound = {"name": "sound-1", "bandwidth": 98_000, "average": 96_000, "codecs": "mp4a.40.2"}
    board = {"interval": 5.0, "width": 160, "height": 90, "columns": 10, "rows": 10}
    picture = {"width": 1280, "height": 720}
    row = Video(
        id=film,
        file_name="film.mp4",
        size=1_000_000,
        source={"duration": duration, "picture": picture, "sound": {"codec": "aac"}},
        plan={"rate": "30", "frames": round(duration * 30), "stretches": []},
        status=VideoStatus.READY,
        edition={
            "prefix": f"videos/{film}/", "duration": duration, "rungs": rungs, "sound": sound,
            "poster": "poster-1.jpg", "storyboard": {**board, "sheets": ["board-1-1.jpg"]},
            "is_whole": True,
        },
        version_id=version.id,
        created_at=clock.now(),
        ready_at=clock.now(),
    )  # fmt: skip
    session.add(row)
    version.sha256, version.edition, version.file_name = "", "", row.file_name
    version.document = {"video": str(film), **beside}
    session.flush()
    return made


def enrol(session: Session, run_row: Run, who: Person, state: str = "decided") -> Enrolment:
    """Enrol somebody in a run, with an assignment for each of its materials."""
    post = session.scalars(sa.select(Appointment).where(Appointment.person_id == who.id)).one()
    row = Enrolment(
        run_id=run_row.id,
        person_id=who.id,
        state=state,
        section_id=post.section_id,
        title_id=post.title_id,
        decided_at=clock.now(),
    )
    session.add(row)
    session.flush()
    materials = sa.select(RunItem).where(
        RunItem.run_id == run_row.id, RunItem.material_id.is_not(None)
    )
    for item in session.scalars(materials):
        session.add(Assignment(enrolment_id=row.id, run_item_id=item.id))
    session.flush()
    return row


def assignment_of(session: Session, enrolment: Enrolment) -> uuid.UUID:
    """Return the key of an enrolment's first assignment."""
    return session.scalars(
        sa.select(Assignment.id)
        .join(RunItem, RunItem.id == Assignment.run_item_id)
        .where(Assignment.enrolment_id == enrolment.id)
        .order_by(RunItem.position)
    ).first() or uuid.UUID(int=0)
