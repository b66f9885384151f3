"""年度実績報告: what was planned of each training of a year, and what became of it."""

from __future__ import annotations

import uuid
from datetime import timedelta
from io import BytesIO

import pytest
import python_calamine as calamine
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.content.materials.models import Version
from app.kernel import clock
from app.kernel.audit.models import AuditEvent
from app.learning.records.models import LearnerRecord
from app.learning.surveys.models import AnonymousResponse, NamedResponse
from app.people.permission.models import Role
from app.people.register.models import Person
from app.reports.yearly import queries
from app.training.attendance.models import Attendance
from app.training.offerings.models import Quota
from app.training.plans.models import Run, RunItem, RunSession
from tests import factories
from tests.reports.test_progress import table
from tests.training.counting import statements

PAGE = "/reports/yearly"
#: Two questions as a version of a survey keeps them, of which every survey asks the first.
QUESTIONS = [
    {"id": "q1", "kind": "scale", "text": "満足しましたか", "size": 5, "is_common": True},
    {"id": "q2", "kind": "scale", "text": "教室は快適でしたか", "size": 5, "is_common": False},
]


@pytest.fixture
def clerk(session: Session, office: FlaskClient) -> Person:
    """A person of the training office, signed in."""
    who = factories.person(session, "研修 次郎", roles=(Role.OFFICE,))
    factories.enter(office, session, who)
    return who


@pytest.fixture
def e_learning(session: Session, clerk: Person) -> Run:
    """Four who decided to learn alone: one has completed it, two have begun, one is out."""
    run = factories.run(
        session,
        factories.training(session, "個人情報研修"),
        materials=(factories.material(session, clerk, "基礎"),),
    )
    item = session.scalars(sa.select(RunItem).where(RunItem.run_id == run.id)).one()
    for state, status in (
        ("completed", "passed"),
        ("in_progress", "in_progress"),
        ("awaiting", "in_progress"),
        ("awaiting", ""),
        ("revoked", ""),
    ):
        who = factories.person(session)
        row = factories.enrol(session, run, who, state)
        if status:
            assignment = factories.assignment_of(session, row)
            session.add(
                LearnerRecord(
                    person_id=who.id,
                    material_id=item.material_id,
                    assignment_id=assignment,
                    status=status,
                    seconds=1200.0,
                )
            )
    session.flush()
    return run


@pytest.fixture
def classroom(session: Session) -> Run:
    """Two who were to meet: one came for two hours, one did not."""
    run = factories.run(session, factories.training(session, "接遇研修"))
    run.kind, run.capacity_max = "classroom", 30
    at = clock.now() - timedelta(days=1)
    held = RunSession(run_id=run.id, number=1, starts_at=at, ends_at=at + timedelta(hours=3))
    session.add(held)
    session.flush()
    for state, presence, minutes in (("completed", "late", 120), ("not_completed", "absent", 0)):
        row = factories.enrol(session, run, factories.person(session), state)
        session.add(
            Attendance(enrolment_id=row.id, session_id=held.id, presence=presence, minutes=minutes)
        )
    session.flush()
    return run


def survey(session: Session, run: Run, clerk: Person, answers: list[int], *, named: int) -> None:
    """Have so many answer the survey of a run, some of them with their names."""
    material = factories.material(session, clerk, "アンケート")
    material.kind = "survey"
    item = RunItem(run_id=run.id, material_id=material.id, position=9, is_required=False)
    session.add(item)
    session.flush()
    version = material_version(session, material.id)
    for place, answer in enumerate(answers):
        said = {"group_id": item.id, "version_id": version, "answers": {"q1": answer, "q2": 1}}
        if place >= named:
            session.add(AnonymousResponse(**said))
            continue
        record = LearnerRecord(
            person_id=clerk.id,
            material_id=material.id,
            assignment_id=item.id if place == 0 else factories.offering(session).id,
            status="completed",
        )
        session.add(record)
        session.flush()
        at = clock.now()
        session.add(NamedResponse(**said, record_id=record.id, saved_at=at, submitted_at=at))
    session.flush()


def material_version(session: Session, material_id: uuid.UUID) -> uuid.UUID:
    """Return the version of a survey, with its sheet in it."""
    version = session.scalars(sa.select(Version).where(Version.material_id == material_id)).one()
    version.document = {"questions": QUESTIONS}
    session.flush()
    return version.id


@pytest.mark.requirement("HIS-05")
def test_the_year_tells_of_each_training_what_was_planned_and_what_became_of_it(
    office: FlaskClient, session: Session, clerk: Person, e_learning: Run, classroom: Run
) -> None:
    session.add(Quota(offering_id=e_learning.offering_id, at_least=0, at_most=12, grade="係員"))
    survey(session, classroom, clerk, [5, 4, 4, 3, 4, 4], named=1)
    classroom.state = "ended"
    session.flush()
    page = office.get(PAGE).text
    rows = {row[2]: row[3:] for row in table(page, "year")}
    assert rows["個人情報研修"] == ["1", "12", "4", "3", "1", "－", "1時間"]
    assert rows["接遇研修"] == ["1", "30", "2", "1", "1", "4.0", "2時間"]
    assert rows["合計"] == ["2", "", "6", "4", "2", "", "3時間"]


@pytest.mark.requirement("HIS-05")
def test_it_leaves_as_a_workbook_and_as_a_pdf_and_the_audit_knows(
    office: FlaskClient, session: Session, e_learning: Run, classroom: Run
) -> None:
    book = office.get(f"{PAGE}.xlsx")
    sheet = calamine.CalamineWorkbook.from_filelike(BytesIO(book.data)).get_sheet_by_index(0)
    lines = sheet.to_python()[2:]
    assert lines[0][3:] == ["回", "計画人数", "決定", "出席", "修了", "満足度", "延べ時間"]
    assert ["接遇研修", 1, 30, 2, 1, 1] in [line[2:8] for line in lines]
    assert lines[-1][2:4] == ["合計", 2]
    paper = office.get(f"{PAGE}.pdf")
    assert paper.data.startswith(b"%PDF-")
    said = session.scalars(
        sa.select(AuditEvent).where(AuditEvent.action == "year.exported").order_by(AuditEvent.seq)
    ).all()
    assert [(line.details["form"], line.details["count"]) for line in said] == [
        ("xlsx", 2),
        ("pdf", 2),
    ]


@pytest.mark.parametrize(
    ("answers", "state", "told"), [(4, "ended", False), (5, "open", False), (5, "ended", True)]
)
def test_of_few_answers_and_before_the_end_nothing_is_told(
    session: Session, clerk: Person, classroom: Run, *, answers: int, state: str, told: bool
) -> None:
    survey(session, classroom, clerk, [1] * answers, named=0)
    classroom.state = state
    session.flush()
    day = clock.today(clock.now())
    found = queries.satisfaction(session, clock.fiscal_year(day), day)
    assert found == ({classroom.offering_id: 1.0} if told else {})


def test_a_year_without_a_plan_says_what_to_do(office: FlaskClient, clerk: Person) -> None:
    assert "この年度の年間計画はありません" in office.get(f"{PAGE}?year=2000").text


def test_the_year_costs_the_same_statements_whatever_is_in_it(
    office: FlaskClient, session: Session, e_learning: Run
) -> None:
    with statements(session) as few:
        office.get(PAGE)
    for _ in range(5):
        factories.enrol(session, factories.run(session), factories.person(session))
    with statements(session) as many:
        office.get(PAGE)
    assert len(many) == len(few)
