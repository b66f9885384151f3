"""C16: whatever shows another person's details, or a list or file of people, leaves its line.

The first test walks every page there is: a new page that shows somebody and says nothing fails it.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, replace
from datetime import timedelta

import flask
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import Rule as Route

from app.kernel import clock
from app.kernel.audit.models import AuditEvent
from app.kernel.audit.text import ACTS, Manner
from app.kernel.db import Database
from app.kernel.notices import service as notices
from app.kernel.settings import Settings
from app.learning.records.models import Attempt
from app.learning.traces.models import TraceLines
from app.learning.traces.service import CONTENT
from app.people.audit.queries import Line
from app.people.permission.models import Role
from app.people.register.models import Person
from app.people.sections.models import Section
from app.training.attendance.models import Attendance
from app.training.candidacies.models import Candidacy
from app.training.changes.models import ChangeRequest
from app.training.offerings.models import Offering
from app.training.plans.models import Provider, Run, RunSession, Training
from tests import factories, forms
from tests.learning import made, stating
from tests.people.importing import Importing
from tests.reports.test_views import take

pytestmark = pytest.mark.requirement("SEC-07", "HIS-10")

NAME, ANSWER = "標的 花子", "標的の回答"
NUMBER = "00777"
#: Pages that show the demonstration's mail, or all components, to whoever develops them.
NOT_SERVED = {"mailbox.mailbox", "look.look"}


#: Whatever answers GET with a file in the scene, and who is in it: a new file is put down here.
FILES = {
    "attendance_files.matrix_file": "people",
    "attendance_files.sheet_file": "people",
    "exchange.blank_file": "nobody: an empty workbook",
    "institutes.nominees_file": "people",
    "ledgers.blank_file": "nobody: an empty workbook",
    "marking.essays_file": "people",
    "offerings.plan_file": "nobody: the plan of a year",
    "register_imports.errors": "people",
    "report_desk.file": "people",
    "reports.history_file": "oneself",
    "reports.history_paper": "oneself",
    "reports.run_file": "people",
    "reports.sections_file": "sums of people",
    "staff.staff_file": "people",
    "statement_pages.statements_file": "people",
    "unfinished.unfinished_file": "people",
    "yearly.sheet": "sums of people",
    "yearly.workbook": "sums of people",
    "traces.trace_file": "people",
}


@dataclass(frozen=True)
class Scene:
    """Somebody to be seen, in every place where people are shown, and the keys of those places."""

    target: Person
    keys: dict[str, uuid.UUID]
    run: Run


@pytest.fixture
def clerk(office: FlaskClient, session: Session) -> Person:
    """Somebody with every role, signed in."""
    who = factories.person(session, "担当 一子", roles=tuple(set(Role) - {Role.LEARNER}))
    factories.enter(office, session, who)
    return who


@pytest.fixture
def scene(session: Session, settings: Settings, database: Database, clerk: Person) -> Scene:
    section = factories.section(session, "標的課", code="0777")
    target = factories.person(session, NAME, number=NUMBER, section=section)
    version = made.version(session, made.sco("A"))
    run = factories.run(session)
    offering = session.get_one(Offering, run.offering_id)
    session.get_one(Training, offering.training_id).provider = Provider.INSTITUTE
    other = factories.run(session, materials=(factories.material(session, clerk),))
    record = take(session, other, target, "passed")
    enrolment = factories.enrol(session, run, target)
    nominee = Candidacy(
        offering_id=offering.id, person_id=target.id, state="nominated", section_id=section.id,
        title_id=enrolment.title_id, created_at=clock.now(),
    )  # fmt: skip
    session.add(nominee)
    attempt = Attempt(
        record_id=record, person_id=target.id, version_id=version.id, created_at=clock.now(),
        document={},
    )  # fmt: skip
    held = RunSession(
        run_id=run.id, number=1, starts_at=clock.now(), ends_at=clock.now() + timedelta(hours=1)
    )
    session.add_all([attempt, held])
    session.flush()
    session.add(
        Attendance(enrolment_id=enrolment.id, session_id=held.id, announced="absent", reason="duty")
    )
    session.add(
        ChangeRequest(
            enrolment_id=enrolment.id,
            kind="exempt",
            state="requested",
            reason="duty",
            requested_at=clock.now(),
        )
    )
    session.flush()
    put = Candidacy(
        offering_id=other.offering_id, person_id=target.id, state="applied", section_id=section.id,
        title_id=factories.title(session).id, created_at=clock.now() - timedelta(days=30),
    )  # fmt: skip
    session.add(put)
    session.flush()
    called = [["SetValue", "cmi.location", ANSWER, "true", "0"]]
    session.add(TraceLines(attempt_id=attempt.id, at=clock.now(), source=CONTENT, lines=called))
    session.flush()
    notices.notify(
        session, [target.id], "run.opened", {}, "/", now=clock.now(), dedupe="x", mail_to=[]
    )
    rows = f"職員番号,氏名,所属コード,所属,職名,メールアドレス\n{NUMBER},{NAME},0777,標的課,主任,\n"
    batch = Importing(replace(settings, demo=False), database, clock.now()).check(rows)
    [told] = stating.told(session, stating.said(
        actor={"name": NAME, **stating.account(NUMBER)}, result={"response": ANSWER},
    ))  # fmt: skip
    keys = {
        "person_id": target.id,
        "run_id": run.id,
        "empty_run": factories.run(session).id,
        "training_id": offering.training_id,
        "offering_id": offering.id,
        "record_id": record,
        "attempt_id": attempt.id,
        "enrolment_id": enrolment.id,
        "candidacy_id": put.id,
        "session_id": held.id,
        "material_id": version.material_id,
        "version_id": version.id,
        "batch_id": batch.id,
        "statement_id": told,
    }
    return Scene(target, keys, run)


def lines_after(session: Session, seq: int) -> list[Line]:
    columns = [getattr(AuditEvent, name) for name in Line.__dataclass_fields__]
    query = sa.select(*columns).where(AuditEvent.seq > seq).order_by(AuditEvent.seq)
    return [Line(*row) for row in session.execute(query)]


def newest(session: Session) -> int:
    return session.scalar(sa.select(sa.func.max(AuditEvent.seq))) or 0


def shows(body: bytes) -> bool:
    """Whether an answer shows the name or an answer of the one to be seen."""
    text = body.decode("utf-8", "replace")
    return NAME in text or ANSWER in text


def filled(route: Route, keys: dict[str, uuid.UUID]) -> str:
    """Return a path to a route, its parameters filled with what there is."""
    return re.sub(
        r"<(?:\w+:)?(\w+)>", lambda found: str(keys.get(found[1], uuid.UUID(int=1))), route.rule
    )


def test_every_page_that_shows_somebody_says_so(
    office_app: flask.Flask, office: FlaskClient, session: Session, scene: Scene
) -> None:
    showing, files = set(), set()
    for route in office_app.url_map.iter_rules():
        if "GET" not in (route.methods or ()) or route.endpoint in NOT_SERVED:
            continue
        before = newest(session)
        answer = office.get(filled(route, scene.keys), query_string={"reason": "progress"})
        lines = lines_after(session, before)
        if "attachment" in answer.headers.get("Content-Disposition", ""):
            files.add(route.endpoint)
            assert FILES.get(route.endpoint), f"say in FILES who is in {route.endpoint}"
            is_told = any(ACTS[line.action].manner == Manner.EXPORTED for line in lines)
            assert is_told or FILES[route.endpoint].startswith("nobody"), route.endpoint
        for line in lines:
            if ACTS[line.action].manner in (Manner.LISTED, Manner.EXPORTED):
                assert isinstance((line.details or {}).get("count"), int), line.action
        if not shows(answer.data):
            continue
        showing.add(route.endpoint)
        told = [line for line in lines if scene.target.id in line.people]
        assert told, f"{route.endpoint} shows somebody and leaves no line that names them"
        assert all(ACTS[line.action].manner for line in told), route.endpoint
        assert all(line.role for line in told), route.endpoint
    assert showing >= {
        "staff.staff", "staff.person", "runs.run", "reports.run",
        "register_imports.batch", "roles.roles",
        "reports.run_file", "reports.history_of", "reports.record", "traces.trace",
        "traces.trace_file", "audit.lines", "approvals.approvals", "approvals.stuck",
        "calls.candidacies_of",
        "institutes.nominees_file", "messages.undelivered",
        "statement_pages.statements", "statement_pages.statement",
        "statement_pages.statements_file",
    }  # fmt: skip
    assert files == set(FILES)


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/runs/{empty_run}/enrol", {"numbers": NUMBER}),
        ("/staff/{person_id}/password", {}),
        ("/staff/{person_id}/roles", {"role": "head", "section": ""}),
        ("/staff/passwords", {"answer": "screen"}),
        ("/staff/passwords", {"answer": "csv"}),
        ("/audit/export", {"reason": "audit"}),
        ("/audit/export", {}),
    ],
)
def test_an_answer_to_a_form_that_shows_somebody_says_so(
    office: FlaskClient, session: Session, scene: Scene, path: str, data: dict[str, str]
) -> None:
    office.get(f"/staff/{scene.target.id}")
    confirmed = forms.carried(office, path) if path == "/staff/passwords" else {}
    before = newest(session)
    answer = office.post(path.format(**scene.keys), data={**data, **confirmed})
    assert shows(answer.data)
    assert any(scene.target.id in line.people for line in lines_after(session, before))


@pytest.mark.parametrize(
    ("path", "action", "count", "total", "conditions"),
    [
        ("/staff?q=標的", "people.listed", 1, 1, {"q": "標的"}),
        ("/runs/{run_id}?q=標的", "run.viewed", 1, 1, {"q": "標的"}),
        (
            "/runs/{run_id}?standing=not_started&section={section}",
            "run.viewed",
            4,
            4,
            {"standing": "not_started", "section": "{section}"},
        ),
        (
            "/reports/runs/{run_id}?standing=not_started&q=標的",
            "run.reported",
            1,
            1,
            {"standing": "not_started", "q": "標的"},
        ),
        ("/reports/runs/{run_id}?page=2", "run.reported", 0, 4, {}),
        ("/reports/runs/{run_id}.csv?reason=progress", "run.exported", 4, None, {}),
        (
            "/reports/runs/{run_id}.csv?reason=progress&standing=not_started&columns=name",
            "run.exported",
            4,
            None,
            {"standing": "not_started", "columns": "name"},
        ),
        (
            "/staff.csv?reason=progress&section={section}&columns=number&columns=name",
            "people.exported",
            4,
            None,
            {"section": "{section}", "columns": "number name"},
        ),
    ],
)
def test_a_list_and_a_file_leave_count_and_conditions(
    office: FlaskClient,
    session: Session,
    scene: Scene,
    path: str,
    action: str,
    count: int,
    total: int | None,
    conditions: dict[str, str],
) -> None:
    place = session.scalars(sa.select(Section).where(Section.code == "0777")).one()
    keys = {**scene.keys, "section": place.id}
    for _ in range(3):
        who = factories.person(session, section=place)
        factories.enrol(session, scene.run, who)
    before = newest(session)
    assert office.get(path.format(**keys)).status_code == 200
    [line] = lines_after(session, before)
    assert (line.action, line.role) == (action, "office")
    assert line.details is not None
    assert (line.details["count"], line.details.get("total")) == (count, total)
    assert len(line.details["people"]) == count
    assert line.details["filter"] == {
        name: value.format(**keys) for name, value in conditions.items()
    }


def test_ones_own_history_as_a_file_leaves_a_line(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    assert office.get("/history.csv").status_code == 200
    [line] = lines_after(session, 0)
    assert (line.action, line.subject_id) == ("history.exported", clerk.id)
    assert ACTS[line.action].manner == Manner.EXPORTED
