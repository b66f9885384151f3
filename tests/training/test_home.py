"""The home: what each role has to do next; and the one word of each state."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.actor import Actor, Grant
from app.kernel.db import new_id
from app.people.permission.models import Role, RoleGrant
from app.training.candidacies import service as candidacies
from app.training.candidacies import text as candidacy_text
from app.training.changes import text as change_text
from app.training.enrolment import text as enrolment_text
from app.training.offerings.models import Obligation
from app.training.plans import text as run_text
from tests import factories
from tests.training.offered import Offered, offered

TEMPLATES = Path(__file__).parents[2] / "app" / "templates"
CHIP = re.compile(r"chip_label\(\s*_\('([^']+)'\)")


@pytest.fixture
def made(session: Session) -> Offered:
    """An offering that is called for, on the days that pages see."""
    found = offered(session)
    found.offering.obligation = Obligation.OPEN
    session.add(
        RoleGrant(
            person_id=found.people[3].id,
            role=Role.COORDINATOR,
            section_id=found.section.id,
            valid_from=factories.LONG_AGO,
        )
    )
    session.flush()
    return found


def home(office: FlaskClient, session: Session, who: object) -> str:
    """Return the home as somebody sees it."""
    factories.enter(office, session, who)  # type: ignore[arg-type] # a person
    return office.get("/").text


@pytest.mark.requirement("UIX-02")
def test_each_role_is_told_what_waits_for_it(
    office: FlaskClient, session: Session, made: Offered
) -> None:
    title = made.training.title
    applicant = made.people[0]
    by = Actor(person_id=applicant.id, grants=(Grant("learner", frozenset()),))
    candidacies.apply(
        session, made.offering.id, new_id(), [made.runs[0].id], by=by, now=clock.now()
    )
    head = home(office, session, made.head_person)
    assert "承認する（1件）" in head
    assert "所属長の決裁の締切が近い研修" in head
    coordinator = home(office, session, made.people[3])
    assert "承認する（" not in coordinator
    assert title in coordinator.partition("所属長の決裁の締切が近い研修")[2]
    clerk = home(office, session, made.clerk)
    assert re.search(rf"{title}.*?未提出 \d+所属", clerk, re.DOTALL)
    made.put_forward(made.people[1], rank=1)
    assert "選考を待つ人 1人" in home(office, session, made.clerk)
    assert title not in home(office, session, applicant).partition("申し込める研修")[2]
    assert title in home(office, session, made.people[2]).partition("申し込める研修")[2]


@pytest.mark.requirement("UIX-02")
def test_a_head_is_told_who_is_late_and_how_far_the_section_is(
    office: FlaskClient, session: Session, made: Offered, now: datetime
) -> None:
    late = made.people[0]
    today = clock.today(clock.now())
    material = factories.material(session, made.clerk)
    run = factories.run(
        session,
        materials=(material,),
        learn_from=today.replace(year=today.year - 1),
        learn_until=today.replace(year=today.year - 1),
    )
    factories.enrol(session, run, late)
    head = home(office, session, made.head_person)
    assert "期限を過ぎて終えていない人（1人）" in head
    assert late.name in head
    assert "1人中 0人" in head
    assert late.name not in home(office, session, made.people[1])


@pytest.mark.requirement("UIX-03")
def test_a_state_is_written_nowhere_but_in_its_vocabulary() -> None:
    words = {
        str(word[0].text if isinstance(word, tuple) else word.text)
        for states in (
            run_text.STATES,
            candidacy_text.STATES,
            enrolment_text.STATES,
            change_text.STATES,
        )
        for word in states.values()
    }
    assert {"募集中", "推薦済（選考待ち）", "受講終了・報告待ち", "自動承認"} <= words
    typed = {
        (path.name, word)
        for path in (TEMPLATES / "training").rglob("*.html")
        for word in CHIP.findall(path.read_text(encoding="utf-8"))
        if word in words
    }
    assert typed == set()
