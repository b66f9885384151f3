"""未受講者一覧: who has not finished what, for whom it is, and reminding those who were chosen."""

from __future__ import annotations

import csv
import io
import re
import uuid
from dataclasses import dataclass
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.audit.models import AuditEvent
from app.kernel.notices.models import MailState, Notice
from app.learning.records.models import LearnerRecord
from app.people.permission.models import Role, RoleGrant
from app.people.register.models import ExclusionPeriod, Person, StaffNumber
from app.people.sections.models import Section
from app.training.enrolment.models import Enrolment
from app.training.offerings.models import Offering
from app.training.plans.models import Run, RunItem
from app.training.reminders import service as reminders
from tests import factories
from tests.training.counting import statements

PAGE = "/reports/unfinished"


@dataclass
class Year:
    """Two sections of a department, and two trainings: one is over, one is under way."""

    department: Section
    first: Section
    second: Section
    over: Run
    present: Run


@pytest.fixture
def clerk(session: Session, office: FlaskClient) -> Person:
    """A person of the training office, signed in."""
    who = factories.person(session, "研修 次郎", roles=(Role.OFFICE,))
    factories.enter(office, session, who)
    return who


@pytest.fixture
def year(session: Session, clerk: Person) -> Year:
    """Six people in six states."""
    today = clock.today(clock.now())
    department = factories.section(session, "区民部")
    first = factories.section(session, "窓口課", parent=department)
    second = factories.section(session, "税務課", parent=department)
    material = factories.material(session, clerk, "基礎")
    begins = today - timedelta(days=20)
    offered = factories.offering(session, factories.training(session, "個人情報研修"))
    over = factories.run(
        session,
        offered=offered,
        state="ended",
        learn_from=begins,
        learn_until=today - timedelta(days=2),
        materials=(material,),
    )
    present = factories.run(
        session,
        offered=factories.offering(session, factories.training(session, "接遇研修")),
        materials=(material,),
    )
    made = Year(department, first, second, over, present)
    put(session, made.over, "架空 一子", "Q0001", first, "awaiting")
    put(session, made.over, "架空 二子", "Q0002", first, "awaiting", "in_progress")
    put(session, made.over, "架空 三子", "Q0003", second, "completed", "passed")
    put(session, made.present, "架空 四子", "Q0004", second, "ordered")
    put(session, made.present, "架空 五子", "Q0005", second, "exempted")
    away = put(session, made.present, "架空 六子", "Q0006", second, "ordered")
    session.add(ExclusionPeriod(person_id=away.person_id, valid_from=factories.LONG_AGO))
    session.flush()
    return made


def put(
    session: Session,
    run: Run,
    name: str,
    number: str,
    section: Section,
    state: str,
    status: str = "",
) -> Enrolment:
    """Enrol somebody in a state, with a record where there is a status."""
    who = factories.person(session, name, number=number, section=section, email=f"{number}@x.jp")
    row = factories.enrol(session, run, who, state)
    if status:
        item = session.scalars(sa.select(RunItem).where(RunItem.run_id == run.id)).one()
        session.add(
            LearnerRecord(
                person_id=who.id,
                material_id=item.material_id,
                assignment_id=factories.assignment_of(session, row),
                status=status,
                completed_at=clock.now() if status == "passed" else None,
            )
        )
        session.flush()
    return row


def near(session: Session, client: FlaskClient, section: Section, role: Role = Role.HEAD) -> Person:
    """Sign a head in."""
    who = factories.person(session, "架空 課長", section=section)
    session.add(
        RoleGrant(person_id=who.id, role=role, section_id=section.id, valid_from=factories.LONG_AGO)
    )
    session.flush()
    factories.enter(client, session, who)
    return who


def shown(page: str) -> list[str]:
    """Return the numbers of those who are listed, in their order."""
    return re.findall(r">(Q000\d)<", page)


def seat(session: Session, number: str, run: Run) -> uuid.UUID:
    """Return the key of somebody's enrolment in a run."""
    return session.scalars(
        sa.select(Enrolment.id)
        .join(StaffNumber, StaffNumber.person_id == Enrolment.person_id)
        .where(StaffNumber.number == number, Enrolment.run_id == run.id)
    ).one()


@pytest.mark.requirement("HIS-03")
def test_who_has_not_finished_is_listed_by_training_section_due_date_and_state(
    office: FlaskClient, session: Session, year: Year
) -> None:
    assert shown(office.get(PAGE).text) == ["Q0001", "Q0002", "Q0004"]
    training = session.get_one(Offering, year.over.offering_id).training_id
    for query, numbers in {
        f"training={training}": ["Q0001", "Q0002"],
        f"run={year.present.id}": ["Q0004"],
        f"section={year.first.id}": ["Q0001", "Q0002"],
        f"section={year.department.id}": ["Q0001", "Q0002", "Q0004"],
        "due=late": ["Q0001", "Q0002"],
        "due=ahead": ["Q0004"],
        "standing=not_started": ["Q0001", "Q0004"],
        "standing=awaiting": ["Q0002"],
        "standing=in_progress": [],
        "obligation=mandatory": [],
        "obligation=named&due=late&standing=not_started": ["Q0001"],
        "q=四子": ["Q0004"],
        "q=Q0002": ["Q0002"],
        "year=2000": [],
        "sort=-number": ["Q0004", "Q0002", "Q0001"],
        "page=2": [],
    }.items():
        assert shown(office.get(f"{PAGE}?{query}").text) == numbers, query


def test_the_counts_of_sections_lead_down_the_tree(office: FlaskClient, year: Year) -> None:
    page = office.get(PAGE).text
    assert f"section={year.department.id}" in page
    assert "区民部</a>" in page
    below = office.get(f"{PAGE}?section={year.department.id}").text
    assert re.search(r"窓口課</a>.*?>2<", below, re.DOTALL)
    assert re.search(r"税務課</a>.*?>1<", below, re.DOTALL)


@pytest.mark.requirement("HIS-02", "HIS-03")
def test_a_head_sees_those_who_serve_in_the_section_and_reminds_nobody(
    office: FlaskClient, session: Session, year: Year
) -> None:
    near(session, office, year.first)
    page = office.get(PAGE).text
    assert shown(page) == ["Q0001", "Q0002"]
    assert "選んだ人に督促する" not in page
    assert shown(office.get(f"{PAGE}?section={year.second.id}").text) == []
    assert office.get(f"{PAGE}/remind?chosen=all").status_code == 403
    assert office.post(f"{PAGE}/remind", data={"chosen": "all"}).status_code == 403


def test_whoever_has_moved_is_listed_where_they_serve_now(
    office: FlaskClient, session: Session, year: Year
) -> None:
    row = session.get(Enrolment, seat(session, "Q0001", year.over))
    assert row
    row.section_id = year.second.id
    session.flush()
    assert shown(office.get(f"{PAGE}?section={year.first.id}").text) == ["Q0001", "Q0002"]


def test_an_organiser_sees_the_people_of_their_trainings_alone(
    office: FlaskClient, session: Session, year: Year
) -> None:
    organiser = factories.person(session, "主催の人")
    offered = session.get_one(Offering, year.present.offering_id)
    session.add(
        RoleGrant(
            person_id=organiser.id,
            role=Role.ORGANISER,
            training_id=offered.training_id,
            valid_from=factories.LONG_AGO,
        )
    )
    session.flush()
    factories.enter(office, session, organiser)
    assert shown(office.get(PAGE).text) == ["Q0004"]


@pytest.mark.requirement("HIS-03")
def test_those_who_were_chosen_are_reminded_once_a_day(
    office: FlaskClient, session: Session, year: Year
) -> None:
    silent = put(session, year.present, "架空 七子", "Q0007", year.first, "in_progress")
    session.get_one(Person, silent.person_id).email = None
    session.flush()
    asked = office.get(f"{PAGE}/remind?chosen=all&due=ahead")
    assert "2人に、2件の督促を送ります" in asked.text
    assert shown(asked.text) == ["Q0007"]
    found = re.search(r'name="confirmed" value="(\w+)"', asked.text)
    assert found
    form = {"chosen": "all", "due": "ahead", "confirmed": found[1]}
    assert office.post(f"{PAGE}/remind", data={**form, "confirmed": "0"}).status_code == 409
    done = office.post(f"{PAGE}/remind", data=form)
    assert done.status_code == 303
    assert done.location.startswith(PAGE)
    told = session.scalars(sa.select(Notice).where(Notice.kind == "learning.due")).all()
    assert {(row.person_id, row.mail) for row in told} == {
        (silent.person_id, MailState.NO_ADDRESS),
        (session.get_one(Enrolment, seat(session, "Q0004", year.present)).person_id, "waiting"),
    }
    line = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "run.reminded")).one()
    assert (line.subject_id, line.details["count"]) == (year.present.id, 2)
    again = office.get(f"{PAGE}/remind?chosen=all&due=ahead").text
    assert "2件は、今日すでに督促しているので送りません" in again
    assert "督促を送る人はいません" in again


def test_who_can_no_longer_take_it_is_not_reminded_and_a_choice_has_an_end(
    office: FlaskClient, session: Session, year: Year, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = seat(session, "Q0001", year.over)
    page = office.get(f"{PAGE}/remind?chosen=rows&row={row}").text
    assert "1件は、教材を終えているか、いま受講できないか" in page
    assert office.get(f"{PAGE}/remind?chosen=rows").status_code == 422
    assert office.get(f"{PAGE}/remind").status_code == 422
    monkeypatch.setattr(reminders, "MOST_BY_HAND", 1)
    answer = office.get(f"{PAGE}/remind?chosen=all")
    assert answer.status_code == 422
    assert "一度に督促できるのは1件までです" in answer.text


@pytest.mark.requirement("HIS-03")
def test_the_list_leaves_as_a_file_with_the_columns_that_are_shown(
    office: FlaskClient, session: Session, year: Year
) -> None:
    address = f"{PAGE}.csv?due=late&columns=name&columns=number&columns=state&columns=due"
    assert office.get(address).status_code == 422
    file = office.get(f"{address}&reason=progress")
    lines = list(csv.reader(io.StringIO(file.data.decode("utf-8-sig"))))
    due = f"{year.over.learn_until:%Y/%m/%d}"
    assert lines[:3] == [
        ["職員番号", "氏名", "期限", "状態"],
        ["Q0001", "架空 一子", due, "未受講"],
        ["Q0002", "架空 二子", due, "受講終了・報告待ち"],
    ]
    line = session.scalars(
        sa.select(AuditEvent).where(AuditEvent.action == "unfinished.exported")
    ).one()
    assert (line.details["count"], line.details["filter"]["due"]) == (2, "late")


def test_the_list_costs_the_same_statements_whatever_its_length(
    office: FlaskClient, session: Session, year: Year
) -> None:
    with statements(session) as few:
        office.get(PAGE)
    for number in range(60):
        put(session, year.present, "架空 多子", f"R{number:04}", year.first, "ordered")
    with statements(session) as many:
        page = office.get(PAGE).text
    assert len(many) == len(few)
    assert page.count("架空 多子</a>") < 60
