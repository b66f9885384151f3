"""Two entries that are one person: made one without losing a row, and parted again exactly."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.audit.models import AuditEvent
from app.kernel.db import Base
from app.kernel.errors import Refused
from app.learning.records.models import LearnerRecord
from app.people.merges import queries, service
from app.people.permission import queries as permission
from app.people.permission.models import Role
from app.people.profiles import queries as profiles
from app.people.register import queries as register
from app.people.register.models import ExclusionPeriod, Person, PersonMerge, RegisterRevision
from app.people.sign_in.models import SignIn
from app.training.enrolment.models import Enrolment
from app.training.plans.models import Run
from tests import factories

HIRED = date(1990, 4, 1)


def clerk(session: Session, now: datetime) -> Actor:
    who = factories.person(session, "研修 次郎", roles=(Role.OFFICE,))
    return Actor(person_id=who.id, grants=permission.grants_of(session, who.id, now))


def returned(session: Session, now: datetime, name: str = "架空 太郎") -> tuple[Person, Person]:
    """Make somebody who has come back under a new number, and the entry they left."""
    today = clock.today(now)
    kept = factories.person(session, name, number="K9001")
    old = factories.person(session, name, number="K0012", roles=(Role.AUTHOR,))
    kept.hired_on = old.hired_on = HIRED
    old.left_on = today - timedelta(days=60)
    session.flush()
    return kept, old


def taken(session: Session, who: Person, run: Run) -> Enrolment:
    """Enrol somebody, with a record."""
    enrolment = factories.enrol(session, run, who)
    session.add(
        LearnerRecord(
            person_id=who.id,
            material_id=_material(session, run),
            assignment_id=factories.assignment_of(session, enrolment),
            status="completed",
            score=80.0,
        )
    )
    session.flush()
    return enrolment


def _material(session: Session, run: Run) -> Any:
    items = Base.metadata.tables["run_item"]
    return session.scalar(sa.select(items.c.material_id).where(items.c.run_id == run.id))


def rows(session: Session) -> dict[str, list[tuple[Any, ...]]]:
    """Return all there is, but for what a merge writes about itself."""
    session.flush()
    session.expire_all()
    left_out = {"audit_event", "audit_head", "register_revision", "person_merge"}
    return {
        table.name: sorted((tuple(row) for row in session.execute(table.select())), key=str)
        for table in Base.metadata.sorted_tables
        if table.name not in left_out
    }


@pytest.mark.requirement("STF-07")
@pytest.mark.parametrize("both_in_one_run", [False, True])
def test_what_was_made_one_can_be_parted_exactly(
    session: Session, now: datetime, both_in_one_run: bool
) -> None:
    by = clerk(session, now)
    kept, old = returned(session, now)
    made = factories.person(session)
    runs = [
        factories.run(session, materials=(factories.material(session, made, f"教材{place}"),))
        for place in range(2)
    ]
    taken(session, old, runs[0])
    taken(session, kept, runs[0 if both_in_one_run else 1])
    session.add(ExclusionPeriod(person_id=old.id, valid_from=HIRED, valid_to=HIRED))
    session.add(SignIn(person_id=old.id, method="password", created_at=now))
    before = rows(session)
    merge = service.merge(session, kept, old, by=by, now=now)
    assert merge.moved["staying"] == int(both_in_one_run)
    after = rows(session)
    assert {name: len(found) for name, found in after.items()} == {
        name: len(found) for name, found in before.items()
    }
    assert after != before
    service.unmerge(session, merge.id, by=by, now=now)
    assert rows(session) == before


@pytest.mark.requirement("STF-07")
def test_the_history_goes_on_under_the_new_number(session: Session, now: datetime) -> None:
    by = clerk(session, now)
    kept, old = returned(session, now)
    made = factories.person(session)
    run = factories.run(session, materials=(factories.material(session, made),))
    enrolment = taken(session, old, run)
    service.merge(session, kept, old, by=by, now=now)
    session.expire_all()
    assert enrolment.person_id == kept.id
    records = session.scalars(sa.select(LearnerRecord.person_id)).all()
    assert records == [kept.id]
    whole = profiles.profile(session, kept.id, now, is_whole=True).whole
    assert whole
    assert {(each.number, each.valid_to) for each in whole.numbers} == {
        ("K9001", None),
        ("K0012", clock.today(now) - timedelta(days=60)),
    }
    posts = session.execute(register.posts(now).where(Person.id == kept.id)).all()
    assert [row.number for row in posts] == ["K9001"]
    assert register.person_by_any_number(session, "K0012") == kept.id


def test_a_sign_in_stays_with_the_entry_it_was_made_for(session: Session, now: datetime) -> None:
    kept, old = returned(session, now)
    session.add(SignIn(person_id=old.id, method="password", created_at=now))
    service.merge(session, kept, old, by=clerk(session, now), now=now)
    session.expire_all()
    assert session.scalars(sa.select(SignIn.person_id)).all() == [old.id]


def test_what_came_since_stays_with_the_kept_entry(session: Session, now: datetime) -> None:
    by = clerk(session, now)
    kept, old = returned(session, now)
    merge = service.merge(session, kept, old, by=by, now=now)
    made = factories.person(session)
    run = factories.run(session, materials=(factories.material(session, made),))
    session.add(
        Enrolment(
            run_id=run.id,
            person_id=kept.id,
            section_id=register.posts_of(session, [kept.id], now)[0].section_id,
            title_id=factories.title(session).id,
            decided_at=now,
        )
    )
    session.flush()
    service.unmerge(session, merge.id, by=by, now=now)
    session.expire_all()
    assert session.scalars(sa.select(Enrolment.person_id)).all() == [kept.id]


def test_both_ways_are_audited_and_move_the_revision(session: Session, now: datetime) -> None:
    by = clerk(session, now)
    kept, old = returned(session, now)
    first = session.get_one(RegisterRevision, 1).number
    merge = service.merge(session, kept, old, by=by, now=now)
    service.unmerge(session, merge.id, by=by, now=now)
    lines = session.scalars(sa.select(AuditEvent).order_by(AuditEvent.seq)).all()
    assert [(line.action, line.subject_id) for line in lines] == [
        ("person.merged", kept.id),
        ("person.merged", old.id),
        ("person.unmerged", kept.id),
        ("person.unmerged", old.id),
    ]
    assert {line.actor_id for line in lines} == {by.person_id}
    assert session.get_one(RegisterRevision, 1, populate_existing=True).number == first + 2
    assert session.get_one(PersonMerge, merge.id).undone_at is not None


def test_merges_that_make_no_sense_are_refused(session: Session, now: datetime) -> None:
    by = clerk(session, now)
    kept, old = returned(session, now)
    other = factories.person(session)
    for one, another, code in [
        (old, old, "merge_same"),
        (kept, other, "merge_both_serve"),
    ]:
        with pytest.raises(Refused, match=code):
            service.merge(session, one, another, by=by, now=now)
    service.merge(session, kept, old, by=by, now=now)
    with pytest.raises(Refused, match="merge_done"):
        service.merge(session, other, old, by=by, now=now)


def test_pairs_are_suggested_by_name_and_day_and_no_more_once_they_are_one(
    session: Session, now: datetime
) -> None:
    kept, old = returned(session, now)
    elder, _ = returned_otherwise(session, now)
    assert [(pair.kept_id, pair.merged_id) for pair in queries.suggestions(session, now)] == [
        (kept.id, old.id)
    ]
    service.merge(session, kept, old, by=clerk(session, now), now=now)
    assert queries.suggestions(session, now) == []
    assert elder.name == kept.name


def returned_otherwise(session: Session, now: datetime) -> tuple[Person, Person]:
    """Make two people of that name who were not appointed on the same day."""
    one, other = factories.person(session), factories.person(session)
    one.hired_on, other.hired_on = HIRED, HIRED + timedelta(days=1)
    one.hired_on = HIRED + timedelta(days=2)
    other.left_on = clock.today(now) - timedelta(days=1)
    session.flush()
    return one, other


def test_the_office_compares_merges_and_parts_on_the_pages(
    office: FlaskClient, session: Session, now: datetime
) -> None:
    factories.enter(office, session, factories.person(session, roles=(Role.OFFICE,)))
    kept, old = returned(session, clock.now())
    assert "K9001" in office.get("/merges").text
    page = office.get("/merges/compare?kept=K9001&merged=K0012").text
    assert f'value="{kept.id}"' in page
    assert "平成2年4月1日" in page
    refused = office.get("/merges/compare?kept=K9001&merged=nobody")
    assert refused.status_code == 422
    assert "この職員番号の職員が見つかりません" in refused.text
    both = {"kept": str(kept.id), "merged": str(old.id)}
    assert office.post("/merges", data=both).status_code == 303
    undo = re.search(r'action="(/merges/[0-9a-f-]+/undo)"', office.get("/merges").text)
    assert undo
    assert office.post(undo[1]).status_code == 303
    assert "統合した登録はありません" in office.get("/merges").text
