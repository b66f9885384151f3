"""Decisions and certificates are disclosed to their person, and erased when their time is over."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.keeping import holdings
from app.keeping.disclosure import training as disclosure
from app.kernel import clock
from app.kernel.holdings import RecordClass
from app.training.certificates.models import Certificate
from app.training.decisions.models import Decision
from app.training.enrolment.models import Enrolment
from tests import factories


def decided(
    session: Session, row: Enrolment, number: int, at: datetime, *, is_completed: bool = True
) -> Decision:
    """Add a version of what was decided."""
    made = Decision(
        enrolment_id=row.id,
        number=number,
        is_completed=is_completed,
        rule={"version": 1},
        facts={"unmet": [] if is_completed else ["attendance"], "missed": 120, "total": 240},
        reason="mistake" if number > 1 else None,
        decided_at=at,
    )
    session.add(made)
    session.flush()
    return made


def certified(session: Session, decision: Decision, number: int) -> Certificate:
    """Add the certificate of a decision."""
    made = Certificate(
        fiscal_year=2020,
        number=number,
        enrolment_id=decision.enrolment_id,
        decision_id=decision.id,
        document={"name": "架空 太郎", "training": "研修"},
        issued_on=clock.today(decision.decided_at),
        check_code=f"{number:020}",
        issued_at=decision.decided_at,
    )
    session.add(made)
    session.flush()
    return made


@pytest.mark.requirement("SEC-10", "RPT-05")
def test_what_was_decided_and_its_certificate_go_when_the_newest_word_is_old(
    session: Session, now: datetime
) -> None:
    run = factories.run(session, state="settled")
    people = [factories.person(session, f"架空 {n}子") for n in range(3)]
    rows = [factories.enrol(session, run, who, "completed") for who in people]
    long_ago, lately = now - timedelta(days=365 * 5), now - timedelta(days=30)
    certified(session, decided(session, rows[0], 1, long_ago), 1)
    # Corrected since: all of it explains the newest word, and stays with it.
    certified(session, decided(session, rows[1], 1, long_ago), 2)
    decided(session, rows[1], 2, lately, is_completed=False)
    certified(session, decided(session, rows[2], 1, lately), 3)
    before = clock.today(now - timedelta(days=365 * 3))
    found = [
        tuple(each)
        for query in holdings.due(RecordClass.COMPLETION, before)
        for each in session.execute(query)
    ]
    assert found == [(people[0].id, 1, long_ago), (people[0].id, 1, long_ago)]
    for who in people:
        for held in holdings.HOLDINGS:
            if held.record_class == RecordClass.COMPLETION:
                held.erase(session, who.id, before)
    assert set(session.scalars(sa.select(Decision.enrolment_id))) == {rows[1].id, rows[2].id}
    assert set(session.scalars(sa.select(Certificate.number))) == {2, 3}
    assert rows[0].state == "completed"  # what came of it stays in the history


@pytest.mark.requirement("RPT-05")
def test_both_are_in_what_is_disclosed(session: Session, now: datetime) -> None:
    run = factories.run(session)
    who = factories.person(session, "開示 花子")
    row = factories.enrol(session, run, who, "completed")
    certified(session, decided(session, row, 1, now), 7)
    decided(session, row, 2, now, is_completed=False)
    tables = {table.code: table for table in disclosure.tables(session, who.id)}
    first, second = tables["decisions"].rows
    assert (first[2], first[3], first[4]) == ("1", "修了", "")
    assert (second[3], second[4], second[5]) == ("未修了", "出席不足", "記録の誤り")
    [line] = tables["certificates"].rows
    assert line[0] == "令和2年度 第7号"
    assert len(line) == len(tables["certificates"].columns)
    assert len(first) == len(tables["decisions"].columns)
