"""Quotas: a table that is typed or pasted, held against the seats and against what is taken."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.audit.models import AuditEvent
from app.people.permission.models import Role
from app.people.register.models import Person
from app.people.sections.models import Section
from app.training.candidacies.models import Candidacy
from app.training.offerings.models import Quota
from app.training.plans.models import Run
from tests import factories


@pytest.fixture
def clerk(session: Session, office: FlaskClient) -> Person:
    """A person of the training office, signed in."""
    who = factories.person(session, roles=(Role.OFFICE,))
    factories.enter(office, session, who)
    return who


@pytest.fixture
def sections(session: Session) -> dict[str, Section]:
    """A department with a section below it, and a section beside them."""
    above = factories.section(session, "総務部", code="1000")
    return {
        "1000": above,
        "1010": factories.section(session, "総務課", code="1010", parent=above),
        "2000": factories.section(session, "税務課", code="2000"),
    }


@pytest.fixture
def run(session: Session) -> Run:
    """A run of ten seats."""
    row = factories.run(session, state="draft")
    row.capacity_max = 10
    session.flush()
    return row


def kept(session: Session, run: Run) -> set[tuple[str, int, int]]:
    """Return the quotas that are kept: code of the section or grade, least, most."""
    session.expire_all()
    rows = session.execute(
        sa.select(Section.code, Quota.grade, Quota.at_least, Quota.at_most)
        .outerjoin(Section, Section.id == Quota.section_id)
        .where(Quota.offering_id == run.offering_id)
    )
    return {(row[0] or row[1], row[2], row[3]) for row in rows}


@pytest.mark.requirement("PLN-06")
def test_quotas_are_typed_and_pasted_and_what_is_left_empty_is_none(
    office: FlaskClient, session: Session, clerk: Person, run: Run, sections: dict[str, Section]
) -> None:
    factories.title(session).grade = "主任級"
    session.flush()
    place = f"/offerings/{run.offering_id}/quotas"
    assert "総務課" in office.get(place).text
    entered = {
        f"least-{sections['2000'].id.hex}": "１",
        f"most-{sections['2000'].id.hex}": "４",
        f"most-{sections['1000'].id.hex}": "9",
        "most-grade-0": "8",
        "pasted": "所属コード\t下限\t上限\r\n１０００\t0\t6\r\n",
    }
    assert office.post(place, data=entered).status_code == 303
    assert kept(session, run) == {("2000", 1, 4), ("1000", 0, 6), ("主任級", 0, 8)}
    page = office.get(f"/offerings/{run.offering_id}").text
    assert "所属の上限の合計" in page
    # Saved again without it, a quota is no more.
    only = {f"most-{sections['2000'].id.hex}": "4"}
    assert office.post(place, data=only).status_code == 303
    assert kept(session, run) == {("2000", 0, 4)}


@pytest.mark.requirement("PLN-06")
def test_more_than_the_seats_is_asked_about_before_anything_is_saved(
    office: FlaskClient, session: Session, clerk: Person, run: Run, sections: dict[str, Section]
) -> None:
    place = f"/offerings/{run.offering_id}/quotas"
    # What a section takes within its department's quota is counted once.
    sound = {"pasted": "1000,0,10\n1010,0,5"}
    assert office.post(place, data=sound).status_code == 303
    beyond = {"pasted": "1000,0,10\n2000,0,1"}
    asked = office.post(place, data=beyond)
    assert asked.status_code == 422
    assert "割当の合計11人が、実施回の定員の合計10人を超えています" in asked.text
    assert 'name="exceeds"' in asked.text
    assert "1000,0,10" in asked.text
    assert kept(session, run) == {("1000", 0, 10), ("1010", 0, 5)}
    assert office.post(place, data={**beyond, "exceeds": "1"}).status_code == 303
    assert kept(session, run) == {("1000", 0, 10), ("2000", 0, 1)}
    assert "割当の合計が、定員を超えています" in office.get(f"/offerings/{run.offering_id}").text


@pytest.mark.requirement("PLN-06")
def test_a_quota_is_not_lowered_below_what_is_taken_and_the_page_says_by_whom(
    office: FlaskClient, session: Session, clerk: Person, run: Run, sections: dict[str, Section]
) -> None:
    seated = factories.person(session, "決定 済子", section=sections["1010"], number="Q0001")
    put = factories.person(session, "推薦 済子", section=sections["1000"], number="Q0002")
    factories.enrol(session, run, seated)
    session.add(
        Candidacy(
            offering_id=run.offering_id,
            person_id=put.id,
            state="nominated",
            section_id=sections["1000"].id,
            title_id=factories.title(session).id,
            created_at=clock.now(),
        )
    )
    session.flush()
    place = f"/offerings/{run.offering_id}/quotas"
    refused = office.post(place, data={"pasted": "1000,0,1"})
    assert refused.status_code == 422
    assert "1000 総務部の上限1人は、すでに使われている2人より少なくなっています" in refused.text
    assert "Q0001　決定 済子（総務課）：受講決定" in refused.text
    assert "Q0002　推薦 済子（総務部）：推薦済" in refused.text
    assert kept(session, run) == set()
    line = session.scalars(
        sa.select(AuditEvent).where(AuditEvent.action == "offering.holders_viewed")
    ).one()
    assert set(line.details["people"]) == {str(seated.id), str(put.id)}
    assert office.post(place, data={"pasted": "1000,0,2"}).status_code == 303
    assert kept(session, run) == {("1000", 0, 2)}


@pytest.mark.requirement("PLN-06")
def test_lines_that_cannot_be_read_are_told_by_their_number_and_nothing_is_saved(
    office: FlaskClient, session: Session, clerk: Person, run: Run, sections: dict[str, Section]
) -> None:
    entered = {
        "pasted": "1000,0,5\n9999,0,1\n1010,3,2\n2000,1",
        f"most-{sections['2000'].id.hex}": "多め",
    }
    answer = office.post(f"/offerings/{run.offering_id}/quotas", data=entered)
    assert answer.status_code == 422
    for told in (
        "貼り付けた表の2行目：所属コード「9999」の所属はありません。",
        "貼り付けた表の4行目：所属コード、下限、上限の3つの列にしてください。",
        "下限が上限より大きくなっています。",
        "0から9,999までの数字で入力してください。",
        'value="多め"',
    ):
        assert told in answer.text
    assert kept(session, run) == set()
