"""Whose report is still to come is asked for it and reminded, once for each day of the rule."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.notices.models import Notice
from app.kernel.open_days import OpenDays
from app.training.offerings.models import Offering
from app.training.report_notices import service
from app.training.results import service as results
from app.training.results.service import Word
from tests.training.counting import statements
from tests.training.reporting import Reporting, reporting

DAYS = OpenDays()
#: A Tuesday of 2026.
TUESDAY = datetime(2026, 11, 24, 9, tzinfo=clock.JST)


@pytest.fixture
def stage(session: Session) -> Reporting:
    """Four people of a run: two are through with it, one is not, and one has handed in."""
    made = reporting(session, count=4)
    for place in (0, 1, 3):
        made.through(place)
    made.submit(3)
    return made


def due(stage: Reporting, days: int) -> None:
    """Have the reports be due so many days after the Tuesday."""
    stage.item.due_until = clock.end_of(TUESDAY.date() + timedelta(days=days))
    stage.session.flush()


def told(session: Session) -> set[tuple[str, object]]:
    """Return who was told what."""
    return {(row.kind, row.person_id) for row in session.scalars(sa.select(Notice))}


@pytest.mark.requirement("RPT-02")
@pytest.mark.parametrize(
    ("days", "kind"),
    [(7, "report.due"), (3, "report.due"), (0, "report.due"), (-7, "report.overdue"),
     (-14, "report.overdue"), (6, ""), (-1, "")],
)  # fmt: skip
def test_who_is_through_and_has_not_handed_in_is_reminded_on_the_days_of_the_rule(
    session: Session, stage: Reporting, days: int, kind: str
) -> None:
    due(stage, days)
    expected = {(kind, stage.people[place].id) for place in (0, 1)} if kind else set()
    assert service.remind(session, DAYS, TUESDAY) == len(expected)
    assert told(session) == expected
    assert service.remind(session, DAYS, TUESDAY) == 0


def test_the_offerings_own_rule_counts_and_what_was_given_back_is_reminded_again(
    session: Session, stage: Reporting
) -> None:
    due(stage, 6)
    session.get_one(Offering, stage.run.offering_id).reminders = {"before": [6]}
    head = stage.acting(stage.head)
    results.send_back(session, stage.enrolments[3].id, Word("直して"), by=head, now=TUESDAY)
    stage.people[0].restricted_at = TUESDAY
    session.flush()
    assert service.remind(session, DAYS, TUESDAY) == 2
    assert {who for _, who in told(session)} == {stage.people[1].id, stage.people[3].id}
    notice = session.scalars(sa.select(Notice)).first()
    assert notice is not None
    assert notice.data == {
        "title": "新任係長研修",
        "run": stage.run.number,
        "until": "令和8年11月30日（月）",
    }


def test_nobody_is_reminded_of_a_report_that_is_not_needed_or_of_a_settled_run(
    session: Session, stage: Reporting
) -> None:
    due(stage, 0)
    stage.run.state = "settled"
    session.flush()
    assert service.remind(session, DAYS, TUESDAY) == 0
    stage.run.state, stage.item.is_required = "ended", False
    session.flush()
    assert service.remind(session, DAYS, TUESDAY) == 0


def test_the_reads_take_one_statement_for_any_number(session: Session, stage: Reporting) -> None:
    due(stage, 6)
    counted = []
    for _ in range(2):
        with statements(session) as seen:
            service.remind(session, DAYS, TUESDAY)
        counted.append(len(seen))
        more = reporting(session, count=3)
        for place in range(3):
            more.through(place)
        session.flush()
    assert counted[0] == counted[1]
