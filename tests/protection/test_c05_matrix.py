"""C05: every route × every role × own, below and other section × own and other training.

Nothing here is written route by route. A route declares its rule and what its parameters are; from
that and from what each role reaches follows what is to be answered, and real things are asked for.
"""

from __future__ import annotations

import sys
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

import flask
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.content.banks.models import Question, QuestionBank
from app.content.captions.text import LANGUAGES
from app.content.materials.models import MaterialKind, Version
from app.content.uploads.models import Upload
from app.keeping.disclosure.models import Disclosure
from app.keeping.retention.models import Erasure, RetentionHold
from app.kernel import clock
from app.kernel.db import Base
from app.kernel.jobs import Job
from app.kernel.notices.models import Notice
from app.kernel.notices.text import KINDS
from app.kernel.settings import Settings
from app.learning.exams.models import Sitting
from app.learning.forwarding.models import XapiForward
from app.learning.records.models import Attempt, LearnerRecord
from app.people.imports.models import ImportBatch
from app.people.operators.models import Operator
from app.people.permission.models import Delegation, Role, RoleGrant
from app.people.register.models import ExclusionPeriod, Person, PersonMerge, Title
from app.people.saved_filters.models import SavedFilter
from app.people.sections.models import Section
from app.portals.learners.models import PortalLearner
from app.portals.links.models import PortalAssignment, PortalLink
from app.portals.registrations.models import Portal
from app.portals.scores.models import PortalScore
from app.training.attendance.models import Attendance
from app.training.calendars import queries as calendars
from app.training.calendars.models import CalendarKey
from app.training.candidacies.models import Candidacy
from app.training.certificates.models import Certificate
from app.training.changes.models import ChangeRequest
from app.training.decisions.models import Decision
from app.training.enrolment.models import Enrolment
from app.training.ledgers.models import LedgerImport
from app.training.orders import queries as orders
from app.training.orders.models import Order, OrderLine
from app.training.plans.models import Run, RunItem, RunSession, Training, TrainingCategory
from app.training.results.models import ReportVersion, ResultReport
from tests import factories, routes
from tests.learning import made as learning
from tests.learning import stating
from tests.routes import Declared

JSON = {"Accept": "application/json"}
#: Where a thing stands to who asks for it.
PLACES = ("own", "below", "other")
#: How a role is limited: not at all, to a section with those below it, or to one training.
LIMITS = ("nothing", "section", "training")
WHO = [None, *(role for role in Role if role is not Role.LEARNER)]
#: Every role on SQLite; on PostgreSQL one that is limited by training and one by section.
WHERE = [
    *(("sqlite", role) for role in WHO),
    *(
        pytest.param("postgres", role, marks=pytest.mark.postgres)
        for role in (Role.ORGANISER, Role.HEAD)
    ),
]
#: Tables whose rows are of a person alone, of a training alone, of a person in a training.
OF_PERSON = {"person", "role_grant", "exclusion_period", "delegation", "person_merge"}
OF_TRAINING = {"training", "offering", "run", "run_item", "run_session"}
OF_BOTH = {
    "candidacy", "enrolment", "learner_record", "attempt", "assignment", "attendance",
    "change_request", "sitting", "result_report", "report_version", "completion_decision",
    "certificate",
}  # fmt: skip
#: Tables whose rows reach those who plan the training, and whoever is near the people in them.
OF_THE_NEAR = {"training_order"}
NEAR = {Role.HEAD, Role.COORDINATOR}
#: Tables whose rows are nobody's: whoever the rule lets in has all of them.
OF_NOBODY = {
    "material", "material_version", "job", "notice", "title", "import_batch", "disclosure",
    "retention_hold", "erasure", "operator", "training_category",
    "question_bank", "question", "ledger_import", "saved_filter", "upload",
    "portal", "portal_learner", "portal_assignment", "xapi_client", "xapi_statement",
    "xapi_forward",
}  # fmt: skip
#: Rooms whose `material` and `material_version` are of one kind.
OF_A_KIND = {
    "readings": "link",
    "videos": "video",
    "captions": "video",
    "video_questions": "video",
}
#: Where a route's rule lets one of these in, it asks nothing of a section or training.
LEAST = 300


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Settings by which every role may take files: what may be in them is the question here."""
    return replace(settings, export_roles=" ".join(Role))


@dataclass
class World:
    """Things in each place, by table; and where their people and trainings stand."""

    sections: dict[str, Section] = field(default_factory=dict)
    trainings: dict[str, Training] = field(default_factory=dict)
    things: dict[tuple[str, str], uuid.UUID] = field(default_factory=dict)


@pytest.fixture
def world(session: Session) -> World:
    """A person of each section, in a training of their own, with a row of every kind."""
    made = World()
    made.sections["own"] = factories.section(session, "窓口課")
    made.sections["below"] = factories.section(session, "窓口係", parent=made.sections["own"])
    made.sections["other"] = factories.section(session, "税務課")
    author = factories.person(session, "作成の人")
    shown = factories.material(session, author, manifest=learning.document())
    made.trainings["own"] = made.trainings["below"] = factories.training(session, "自分の研修")
    made.trainings["other"] = factories.training(session, "よその研修")
    for place in ("own", "other"):
        made.trainings[place].owner_id = made.sections[place].id
    for place in PLACES:
        who = factories.person(session, f"{place}の人", section=made.sections[place])
        _fill(session, made, place, who, shown.id)
    return made


def _fill(session: Session, made: World, place: str, who: Person, material_id: uuid.UUID) -> None:
    run = factories.run(session, made.trainings[place])
    film = factories.material(session, who, f"{place}の動画")
    film.kind = MaterialKind.VIDEO
    watched = RunItem(run_id=run.id, material_id=film.id, position=2)
    session.add_all([RunItem(run_id=run.id, material_id=material_id, position=1), watched])
    session.flush()
    enrolment = factories.enrol(session, run, who)
    version = session.scalars(sa.select(Version).where(Version.material_id == material_id)).one()
    record = LearnerRecord(
        person_id=who.id,
        material_id=material_id,
        assignment_id=factories.assignment_of(session, enrolment),
        status="not_started",
    )
    held = RunSession(
        run_id=run.id,
        number=1,
        starts_at=clock.now(),
        ends_at=clock.now() + timedelta(hours=3),
    )
    session.add_all([record, held])
    session.flush()
    rows: dict[str, Base] = {
        "candidacy": Candidacy(
            offering_id=run.offering_id,
            person_id=who.id,
            route="named",
            state="nominated",
            section_id=enrolment.section_id,
            title_id=enrolment.title_id,
            created_at=clock.now(),
        ),
        "attempt": Attempt(
            record_id=record.id,
            person_id=who.id,
            version_id=version.id,
            document={},
            created_at=clock.now(),
        ),
        "role_grant": RoleGrant(
            person_id=who.id,
            role=Role.AUTHOR,
            section_id=made.sections[place].id,
            valid_from=factories.LONG_AGO,
        ),
        "exclusion_period": ExclusionPeriod(person_id=who.id, valid_from=factories.LONG_AGO),
        "delegation": Delegation(
            from_id=who.id,
            to_id=who.id,
            role=Role.HEAD,
            created_by=who.id,
            valid_from=factories.LONG_AGO,
        ),
        "person_merge": PersonMerge(
            kept_id=who.id,
            merged_id=who.id,
            moved={"rows": {}, "staying": 0, "closed": {}},
            merged_by=who.id,
            merged_at=clock.now(),
        ),
        "run_item": watched,
        "run_session": held,
        "attendance": Attendance(
            enrolment_id=enrolment.id, session_id=held.id, announced="absent", reason="duty"
        ),
        "change_request": ChangeRequest(
            enrolment_id=enrolment.id,
            kind="decline",
            state="requested",
            reason="duty",
            requested_at=clock.now(),
        ),
        "disclosure": Disclosure(person_id=who.id, created_by=who.id, created_at=clock.now()),
        "retention_hold": RetentionHold(
            person_id=who.id,
            reason="dispute",
            until=clock.today(clock.now()),
            placed_by=who.id,
            placed_at=clock.now(),
        ),
        "erasure": Erasure(
            record_class="history",
            before=factories.LONG_AGO,
            proposed_by=who.id,
            proposed_at=clock.now(),
        ),
        "import_batch": ImportBatch(
            kind="staff",
            mode="difference",
            effective_on=factories.LONG_AGO,
            fills_numbers=False,
            created_by=who.id,
            created_at=clock.now(),
            summary={},
        ),
        "calendar_key": CalendarKey(
            person_id=who.id,
            key_hash=calendars.hash_of(f"key-{place}"),
            created_at=clock.now(),
        ),
        "job": Job(
            name="import_package",
            arguments={"file_name": "a.zip", "material_id": None},
            created_at=clock.now(),
        ),
        "notice": Notice(
            person_id=who.id,
            kind="run.opened",
            data={},
            path="/",
            created_at=clock.now(),
            dedupe_key=f"matrix-{place}",
        ),
    }
    rows["candidacy"] = Candidacy(
        offering_id=run.offering_id,
        person_id=who.id,
        route="named",
        state="nominated",
        section_id=made.sections[place].id,
        title_id=factories.title(session).id,
        created_at=clock.now(),
    )
    session.add_all(rows.values())
    session.flush()
    operator = Person(name=f"受託の人 {place}", name_key="受託の人")
    session.add(operator)
    session.flush()
    session.add(
        Operator(
            person_id=operator.id,
            number=f"op-{place}",
            valid_to=clock.today(clock.now()),
            created_at=clock.now(),
        )
    )
    session.flush()
    del rows["calendar_key"]  # found by its key alone
    category = TrainingCategory(name=f"区分 {place}", position=1)
    session.add(category)
    session.flush()
    rows |= _results(session, run, enrolment, record, version.id)
    known: dict[str, uuid.UUID] = {name: row.id for name, row in rows.items()}  # type: ignore[attr-defined] # all are keyed
    known |= {
        "person": who.id,
        "operator": operator.id,
        "training": made.trainings[place].id,
        "run": run.id,
        "offering": run.offering_id,
        "training_order": _order(session, run.id, enrolment, who),
        "training_category": category.id,
        "enrolment": enrolment.id,
        "assignment": record.assignment_id,
        "learner_record": record.id,
        "material": material_id,
        "material_version": version.id,
        "title": session.scalars(sa.select(Title.id)).first() or uuid.UUID(int=0),
    }
    known |= _written(session, who) | _portal(session, who, material_id)
    known["xapi_client"] = stating.client(session).client.id
    known["xapi_forward"] = _forward(session, who)
    [known["xapi_statement"]] = stating.told(session, stating.said())
    made.things |= {(name, place): key for name, key in known.items()}


def _written(session: Session, who: Person) -> dict[str, uuid.UUID]:
    """Return a material of each kind that is written here, with its version, by kind."""
    found = {}
    link = factories.material(session, who, "書いた教材 link", state="draft")
    link.kind = MaterialKind.LINK
    captions = [{"language": language, "text": "WEBVTT\n"} for language in LANGUAGES]
    video = factories.video(session, who, "動画", state="draft", captions=captions)
    rows = {"link": link, "video": video}
    for kind, row in rows.items():
        version = session.scalars(sa.select(Version).where(Version.material_id == row.id)).one()
        if kind == "link":
            version.document = {"url": "https://example.jp/"}
        found |= {f"{kind} material": row.id, f"{kind} material_version": version.id}
    session.flush()
    return found


def _forward(session: Session, who: Person) -> uuid.UUID:
    """Return another record store, which nothing is sent to yet."""
    row = XapiForward(
        name="架空の分析基盤", endpoint="https://lrs.example.com/", key="key", secret="",
        version="1.0.3", proposed_by=who.id, proposed_at=clock.now(), next_at=clock.now(),
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id


def _portal(session: Session, who: Person, material_id: uuid.UUID) -> dict[str, uuid.UUID]:
    """Return a portal that is open, with somebody who takes a material by a link of it."""
    moment = clock.now()
    portal = Portal(
        name="架空ポータル", issuer=f"https://{who.id}.example.com", client_id="1",
        auth_login_url="https://a.example.com", auth_token_url="", key_set_url="", state="active",
        proposed_by=who.id, proposed_at=moment, has_all_materials=True, package_key="key",
    )  # fmt: skip
    session.add(portal)
    session.flush()
    link = PortalLink(
        portal_id=portal.id, deployment_id="1", resource_link_id="1", material_id=material_id,
        created_at=moment,
    )  # fmt: skip
    learner = PortalLearner(portal_id=portal.id, subject="1", person_id=who.id, created_at=moment)
    session.add_all([link, learner])
    session.flush()
    taken = PortalAssignment(
        link_id=link.id, learner_id=learner.id, material_id=material_id, created_at=moment
    )
    session.add(taken)
    session.flush()
    score = PortalScore(
        assignment_id=taken.id, activity_progress="Completed", grading_progress="FullyGraded"
    )
    session.add(score)
    session.flush()
    return {"portal": portal.id, "portal_learner": learner.id, "portal_assignment": taken.id}


def _results(
    session: Session, run: Run, enrolment: Enrolment, record: LearnerRecord, version_id: uuid.UUID
) -> dict[str, Base]:
    """Return a row of each kind that tells what came of an enrolment, and what it was asked by."""
    moment = clock.now()
    rows: dict[str, Base] = {
        "sitting": Sitting(
            record_id=record.id,
            person_id=record.person_id,
            version_id=version_id,
            number=1,
            seed="1",
            drawn=[],
            started_at=moment,
            submitted_at=moment,
        ),
        "result_report": ResultReport(enrolment_id=enrolment.id, state="submitted"),
        "completion_decision": Decision(
            enrolment_id=enrolment.id,
            number=1,
            is_completed=True,
            rule={},
            facts={},
            decided_at=moment,
        ),
        "question_bank": QuestionBank(
            name="問題集", created_by=record.person_id, created_at=moment
        ),
        "ledger_import": LedgerImport(
            file_name="台帳.csv", created_by=record.person_id, created_at=moment
        ),
        "upload": Upload(
            created_by=record.person_id,
            created_at=moment,
            file_name="film.mp4",
            size=10,
            finished_at=None,
        ),
        "saved_filter": SavedFilter(
            person_id=record.person_id,
            endpoint="staff.staff",
            name="係員",
            query="",
            created_at=moment,
        ),
    }
    session.add_all(rows.values())
    session.flush()
    more: dict[str, Base] = {
        "report_version": ReportVersion(
            report_id=rows["result_report"].id,  # type: ignore[attr-defined] # keyed
            number=1,
            fields=[],
            answers={},
            submitted_at=moment,
        ),
        "question": Question(
            bank_id=rows["question_bank"].id,  # type: ignore[attr-defined] # keyed
            position=1,
            document={"id": "1", "kind": "true_false", "text": "正しい。", "answer": True},
            changed_at=moment,
        ),
        "certificate": Certificate(
            fiscal_year=2026,
            number=run.number,
            enrolment_id=enrolment.id,
            decision_id=rows["completion_decision"].id,  # type: ignore[attr-defined] # keyed
            document={
                "name": "だれか",
                "training": "研修",
                "from": "2026-06-01",
                "until": "2026-06-01",
                "minutes": 60,
                "issuer": "架空区長",
                "address": "https://kenshu.example.jp/verify",
            },
            issued_on=factories.LONG_AGO,
            check_code=enrolment.id.hex,
            issued_at=moment,
        ),
    }
    session.add_all(more.values())
    session.flush()
    return rows | more


def _order(session: Session, run_id: uuid.UUID, enrolment: Enrolment, who: Person) -> uuid.UUID:
    """Return an order that names somebody."""
    order = Order(
        fiscal_year=2026,
        serial=session.scalar(sa.select(sa.func.count()).select_from(Order)) or 0,
        version=1,
        kind="order",
        run_id=run_id,
        issued_on=factories.LONG_AGO,
        issuer="架空区長",
        document=orders.document(session, run_id),
        issued_at=clock.now(),
    )
    session.add(order)
    session.flush()
    session.add(
        OrderLine(
            order_id=order.id,
            enrolment_id=enrolment.id,
            person_id=who.id,
            number="1",
            name=who.name,
            section="窓口課",
            section_id=enrolment.section_id,
            title="主事",
        )
    )
    session.flush()
    return order.id


def holder(session: Session, made: World, role: Role | None, limit: str) -> Person:
    """Return somebody of the own section who holds a role so limited."""
    who = factories.person(session, "尋ねる人", section=made.sections["own"])
    if role:
        session.add(
            RoleGrant(
                person_id=who.id,
                role=role,
                section_id=made.sections["own"].id if limit == "section" else None,
                training_id=made.trainings["own"].id if limit == "training" else None,
                valid_from=factories.LONG_AGO,
            )
        )
        session.flush()
    return who


def cookie_of(app: flask.Flask, session: Session, who: Person) -> str:
    """Sign somebody in, and return the cookie that says so."""
    client = app.test_client()
    factories.enter(client, session, who)
    cookie = client.get_cookie("kenshu")
    assert cookie
    return str(cookie.value)


def rule_allows(rule: str, role: Role | None, limit: str) -> bool:
    """Whether a rule's name lets somebody in, whatever they ask for."""
    kind, _, roles = rule.partition(":")
    if kind == "everywhere" and limit != "nothing":
        return False
    if kind == "owning":
        whose = {Role.OFFICE: {"nothing"}, Role.ORGANISER: {"nothing", "section"}}
        return role is not None and limit in whose.get(role, set())
    if kind == "token":
        return False  # what is asked with here is none of ours
    return kind in {"public", "identified", "signed_in", "step"} or role in roles.split("|")


def reaches(  # noqa: PLR0911 - one line a rule
    role: Role | None, limit: str, place: str, scope: str, table: str
) -> bool:
    """Whether a role held so reaches a row: the whole of what this test knows of permissions."""
    if scope == "near" and role in (Role.HEAD, Role.COORDINATOR):
        # A call reaches every section; of the people put forward they have their own.
        return limit == "section" and (place != "other" or table == "offering")
    if scope in ("own", "open") or table in OF_NOBODY:
        return scope == "open" or (table in OF_NOBODY and scope != "own")
    if scope == "part":
        return any(reaches(role, limit, place, "", each) for each in (table, "enrolment"))
    is_near = place in ("own", "below")  # and of the own training
    if (table in OF_THE_NEAR and not scope and limit == "section" and role in NEAR) or (
        scope == "near" and role in NEAR
    ):
        return limit == "section" and is_near
    if table in OF_PERSON:
        is_all = role is Role.ADMINISTRATOR or (role is Role.OFFICE and limit == "nothing")
        readers = {Role.OFFICE} if scope else {Role.OFFICE, Role.HEAD, Role.COORDINATOR}
        return is_all or (limit == "section" and is_near and role in readers)
    if limit != "section":
        planners = {Role.OFFICE, Role.ORGANISER}
        looks = role is Role.LECTURER and not scope and table in OF_TRAINING
        return (is_near or limit == "nothing") and (role in planners or looks)
    # An organiser acts for all people of what the section holds.
    if role is Role.ORGANISER:
        return is_near
    return role is Role.OFFICE and scope != "whole" and (is_near or table in OF_TRAINING)


def expected(route: Declared, role: Role | None, limit: str, place: str) -> bool:
    """Whether the route is to be opened."""
    if not rule_allows(route.rule, role, limit) or "launch" in route.about.values():
        return False
    return all(reaches(role, limit, place, *thing) for thing in route.things.values())


def path_of(route: Declared, made: World, place: str) -> str:
    """Return the route's path with the things of a place in it."""
    values: dict[str, object] = {}
    for name, what in route.about.items():
        if not isinstance(what, str):
            values[name] = what[0]
        elif what == "file":
            values[name] = "css/ground.css"
        elif what == "calendar":
            values[name] = f"key-{place}"
        elif what == "kind":
            values[name] = next(iter(KINDS))
        elif what == "launch":
            values[name] = "made-up"
        else:
            table = what.rpartition(" ")[2]
            kind = OF_A_KIND.get(route.endpoint.partition(".")[0], "")
            values[name] = made.things.get((f"{kind} {table}", place), made.things[table, place])
    path = route.path
    for name, value in values.items():
        start = path.rfind("<", 0, path.index(f"{name}>"))
        end = path.index(">", start) + 1
        path = path[:start] + str(value) + path[end:]
    return path


def ask(client: FlaskClient, session: Session, method: str, path: str) -> TestResponse:
    """Ask, and take back whatever that has changed."""
    with session.connection().begin_nested() as point:
        answer = client.open(path, method=method, headers=JSON, buffered=True)
        point.rollback()
    session.expire_all()
    return answer


def is_open(answer: TestResponse) -> bool:
    """Whether the door was open; a form that says what is missing was reached, too."""
    if answer.status_code == 403:
        return False
    return answer.status_code != 404


def cases(app: flask.Flask, role: Role | None) -> Iterator[tuple[Declared, str, str]]:
    """Yield every route with each way to hold a role and each place of what it is about.

    Who is limited to nothing is asked about one place; so is, once, whom the rule keeps out.
    """
    for route in routes.declared(app):
        for limit in LIMITS:
            if limit != "nothing" and (
                role is None or not rule_allows(route.rule, role, "nothing")
            ):
                continue
            is_one = not route.things or not rule_allows(route.rule, role, limit)
            places = PLACES[:1] if is_one else PLACES[2:] if limit == "nothing" else PLACES
            yield from ((route, limit, place) for place in places)


@pytest.mark.requirement("SEC-01", "SEC-02")
@pytest.mark.parametrize(("migrated", "role"), WHERE, indirect=["migrated"])
def test_every_role_opens_what_it_reaches_and_nothing_else(
    office_app: flask.Flask, session: Session, world: World, role: Role | None
) -> None:
    cookies = {
        limit: cookie_of(office_app, session, holder(session, world, role, limit))
        for limit in LIMITS
    }
    wrong, asked, allowed = [], 0, 0
    for route, limit, place in cases(office_app, role):
        client = office_app.test_client()
        client.set_cookie("kenshu", cookies[limit])
        answer = ask(client, session, route.method, path_of(route, world, place))
        wanted = expected(route, role, limit, place)
        asked += 1
        allowed += wanted
        if is_open(answer) != wanted or answer.status_code >= 500:
            wrong.append(
                f"{role} for a {limit} at {route.method} {route.path} of the {place} one: "
                f"{answer.status_code}, and {'allowed' if wanted else 'denied'} was to be"
            )
    assert wrong == []
    assert asked >= 60
    assert 0 < allowed < asked


def test_the_matrix_is_large_enough_and_says_how_large(
    office_app: flask.Flask, record_property: Callable[[str, object], None]
) -> None:
    pairs = sum(1 for _ in routes.declared(office_app)) * len(WHO)
    combinations = sum(1 for role in WHO for _ in cases(office_app, role))
    record_property("route × role", pairs)
    record_property("route × role × limit × place", combinations)
    said = f"{pairs} pairs of route and role, {combinations} combinations with limit and place\n"
    sys.stdout.write(said)
    assert pairs >= LEAST
    assert combinations > pairs


def test_every_table_that_a_route_is_about_has_its_place_in_the_matrix(
    office_app: flask.Flask,
) -> None:
    known = OF_PERSON | OF_TRAINING | OF_BOTH | OF_THE_NEAR | OF_NOBODY
    about = {table for route in routes.declared(office_app) for _, table in route.things.values()}
    assert about <= known, f"say in this file what reaches a row of {sorted(about - known)}"
