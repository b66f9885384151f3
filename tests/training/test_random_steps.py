"""Whatever people do in whatever order: seats, quotas, orders and the audit's chain hold.

Thousands of random steps by random people. Each step is a unit of work of its own: what is refused
leaves nothing behind. `make steps` takes many more of them than the suite.
"""

from __future__ import annotations

import os
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import ClassVar

import sqlalchemy as sa
from hypothesis import HealthCheck, settings, strategies
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.audit import verification
from app.kernel.db import new_id
from app.kernel.errors import KenshuError
from app.kernel.open_days import OpenDays
from app.people.register.models import Person
from app.training.candidacies import service as candidacies
from app.training.candidacies.models import Candidacy
from app.training.candidacies.states import LIVE, OPEN, CandidacyState
from app.training.changes import service as changes
from app.training.changes.models import ChangeKind, ChangeRequest
from app.training.changes.service import Wish
from app.training.effects import service as effects
from app.training.enrolment.models import Enrolment
from app.training.enrolment.states import SEATED
from app.training.nominations import service as nominations
from app.training.offerings.models import Quota
from app.training.orders import service as orders
from app.training.orders.models import Order
from app.training.orders.service import Header
from app.training.roster import service as roster
from app.training.seats import queries as seats
from app.training.seats import service as ledger
from app.training.selection import service as selection
from tests.conftest import NOW, SavepointDatabase
from tests.training.test_workflow_walk import Stage, planned

DAYS = OpenDays()
PERSON = strategies.integers(0, 3)
RUN = strategies.integers(0, 1)
ANY = strategies.integers(0, 50)
STEPS = int(os.environ.get("KENSHU_STEPS", "40"))
EXAMPLES = int(os.environ.get("KENSHU_EXAMPLES", "20"))


class Office(RuleBasedStateMachine):
    """Four people of a section with a quota of three, two runs of two seats, head and office."""

    #: Set by the test: how to begin anew.
    database: SavepointDatabase
    #: What was done and what was refused, over all examples: what never succeeds proves nothing.
    answers: ClassVar[Counter[str]]

    @initialize(
        path=strategies.sampled_from(["nobody", "head", "head_and_office"]),
        change_path=strategies.sampled_from(["nobody", "head", "office"]),
        overflow=strategies.sampled_from(["refuse", "waitlist"]),
        promotion=strategies.sampled_from(["automatic", "confirmed"]),
    )
    def begin(self, path: str, change_path: str, overflow: str, promotion: str) -> None:
        """Plan and call an offering with one of the rules of each kind."""
        self.savepoint = self.database._writers().connection().begin_nested()
        with self.database.unit_of_work() as session:
            stage = planned(session, NOW, capacity=2)
            offering = stage.offering
            offering.approval_path, offering.change_path = path, change_path
            offering.overflow, offering.promotion = overflow, promotion
            section_id = next(iter(stage.head.grants[0].sections or ()))
            session.add(Quota(offering_id=offering.id, section_id=section_id, at_most=3))
            self.stage: Stage = stage
            self.section_id = section_id
            self.offering_id = offering.id
            self.runs = [stage.first.id, stage.second.id]
            self.people = [person.id for person in stage.people]

    def teardown(self) -> None:
        """Forget all of it."""
        if hasattr(self, "savepoint"):
            self.savepoint.rollback()

    def step(self, name: str, do: Callable[[Session], object]) -> None:
        """Do something, or be refused and change nothing."""
        try:
            with self.database.unit_of_work() as session:
                do(session)
        except KenshuError as error:
            self.answers[f"{name}: {error.code}"] += 1
        else:
            self.answers[name] += 1

    def learner(self, place: int) -> Actor:
        """Return one of the four as themselves."""
        person: Person = self.stage.people[place]
        return self.stage.of(person)

    @rule(who=PERSON, run=RUN)
    def apply(self, who: int, run: int) -> None:
        """Apply."""
        self.step(
            "apply",
            lambda session: candidacies.apply(
                session,
                self.offering_id,
                new_id(),
                [self.runs[run]],
                by=self.learner(who),
                now=NOW,
            ),
        )

    @rule(people=strategies.lists(PERSON, max_size=4, unique=True))
    def put_forward(self, people: list[int]) -> None:
        """Put people on the section's list."""
        self.step(
            "put forward",
            lambda session: nominations.add(
                session,
                self.offering_id,
                self.section_id,
                [self.people[who] for who in people],
                by=self.stage.head,
                now=NOW,
            ),
        )

    @rule(
        which=ANY,
        action=strategies.sampled_from(
            [*["nominate"] * 3, "return", "decline", "withdraw", "submit", "revise"]
        ),
        by_office=strategies.booleans(),
    )
    def answer(self, which: int, action: str, by_office: bool) -> None:
        """Say something to a candidacy."""

        def do(session: Session) -> None:
            rows = session.scalars(
                sa.select(Candidacy.id).where(Candidacy.state.in_(OPEN)).order_by(Candidacy.id)
            ).all()
            if rows:
                candidacies.act(
                    session,
                    rows[which % len(rows)],
                    action,
                    by=self.stage.office if by_office else self.stage.head,
                    now=NOW,
                    reason="duty",
                )

        self.step(action, do)

    @rule(which=ANY, run=RUN, what=strategies.sampled_from(list(selection.PROPOSALS)))
    def propose(self, which: int, run: int, what: str) -> None:
        """Propose a decision."""

        def do(session: Session) -> None:
            rows = session.scalars(
                sa.select(Candidacy.id)
                .where(Candidacy.state == CandidacyState.NOMINATED)
                .order_by(Candidacy.id)
            ).all()
            if rows:
                selection.propose(
                    session,
                    rows[which % len(rows)],
                    what,
                    self.runs[run],
                    by=self.stage.office,
                    now=NOW,
                )

        self.step("propose", do)

    @rule()
    def confirm(self) -> None:
        """Confirm what is proposed."""
        self.step(
            "confirm",
            lambda session: selection.confirm(
                session, self.offering_id, by=self.stage.office, now=NOW
            ),
        )

    @rule(run=RUN)
    def order(self, run: int) -> None:
        """Issue an order."""
        self.step(
            "order",
            lambda session: orders.issue(
                session,
                self.runs[run],
                Header("区長", date(2026, 11, 24)),
                by=self.stage.office,
                now=NOW,
            ),
        )

    @rule(which=ANY, run=RUN)
    def decide(self, which: int, run: int) -> None:
        """Decide and order as an office does: chance alone seldom takes these steps in a row."""
        self.propose(which, run, CandidacyState.SELECTED)
        self.confirm()
        self.order(run)

    @rule(run=RUN, people=strategies.lists(PERSON, min_size=1, max_size=3, unique=True))
    def enrol(self, run: int, people: list[int]) -> None:
        """Enrol by list."""
        self.step(
            "enrol",
            lambda session: roster.enrol(
                session,
                self.runs[run],
                [self.people[who] for who in people],
                by=self.stage.office,
                now=NOW,
            ),
        )

    @rule(which=ANY, action=strategies.sampled_from(["revoke", "restore"]))
    def take_out_or_back(self, which: int, action: str) -> None:
        """Revoke or restore somebody."""
        self.step(
            action,
            lambda session: self._on_enrolment(
                session,
                which,
                lambda row: self._out_or_back(session, row.id, action),
            ),
        )

    def _out_or_back(self, session: Session, key: uuid.UUID, action: str) -> object:
        by = self.stage.office
        if action == "restore":
            return roster.restore(session, key, by=by, now=NOW)
        return changes.end(session, key, action, "duty", DAYS, by=by, now=NOW)

    @rule(
        which=ANY,
        kind=strategies.sampled_from([ChangeKind.MOVE, ChangeKind.REPLACE, ChangeKind.DECLINE]),
        run=RUN,
        other=PERSON,
    )
    def ask(self, which: int, kind: ChangeKind, run: int, other: int) -> None:
        """Ask for a change."""

        def asked(session: Session, row: Enrolment) -> object:
            by = self.learner(self.people.index(row.person_id))
            wish = Wish(kind, "duty", run_id=self.runs[run], successor_id=self.people[other])
            return changes.ask(session, row.id, wish, DAYS, by=by, now=NOW)

        self.step(
            f"ask to {kind}",
            lambda session: self._on_enrolment(session, which, lambda row: asked(session, row)),
        )

    @rule(
        which=ANY,
        what=strategies.sampled_from(["approve", "approve", "reject", "withdraw"]),
        by_office=strategies.booleans(),
    )
    def say(self, which: int, what: str, by_office: bool) -> None:
        """Say something to a request for a change."""
        by = self.stage.office if by_office else self.stage.head

        def do(session: Session) -> None:
            rows = session.scalars(sa.select(ChangeRequest.id).order_by(ChangeRequest.id)).all()
            if not rows:
                return
            key = rows[which % len(rows)]
            if what == "approve":
                changes.approve(session, key, DAYS, by=by, now=NOW)
            elif what == "reject":
                changes.reject(session, key, "duty", by=by, now=NOW)
            else:
                changes.withdraw(session, key, by=by, now=NOW)

        self.step(f"{what} a change", do)

    @rule(run=RUN)
    def promote(self, run: int) -> None:
        """Have the next one who waits move up."""
        self.step(
            "promote",
            lambda session: effects.promote(
                session,
                self.runs[run],
                ledger.locked(session, self.offering_id),
                by=self.stage.office,
                now=NOW,
            ),
        )

    def _on_enrolment(
        self, session: Session, which: int, do: Callable[[Enrolment], object]
    ) -> None:
        rows = session.scalars(sa.select(Enrolment).order_by(Enrolment.id)).all()
        if rows:
            do(rows[which % len(rows)])

    @invariant()
    def nothing_is_given_twice(self) -> None:
        """No run holds more than its seats, no section more than its quota, nobody two of them."""
        if not hasattr(self, "offering_id"):
            return
        with self.database.reading() as session:
            accounts = seats.ledger(session, self.offering_id, clock.today(NOW))
            assert all(run.taken <= (run.capacity or 0) for run in accounts.runs.values())
            assert all(quota.taken <= quota.at_most for quota in accounts.quotas)
            seated = session.execute(
                sa.select(Enrolment.run_id, Enrolment.person_id).where(Enrolment.state.in_(SEATED))
            ).all()
            assert len(set(seated)) == len(seated)
            live = session.scalars(
                sa.select(Candidacy.person_id).where(Candidacy.state.in_(LIVE))
            ).all()
            assert len(set(live)) == len(live)

    @invariant()
    def what_was_written_stands(self) -> None:
        """Versions of orders follow one another, and no line of the audit was changed."""
        if not hasattr(self, "offering_id"):
            return
        with self.database.reading() as session:
            rows = session.execute(
                sa.select(Order.serial, Order.version).order_by(Order.serial, Order.version)
            ).all()
            for serial in {row.serial for row in rows}:
                versions = [row.version for row in rows if row.serial == serial]
                assert versions == list(range(1, len(versions) + 1))
            assert verification.verify(session).broken is None


def test_seats_quotas_orders_and_the_audit_hold_whatever_people_do(
    database: SavepointDatabase,
) -> None:
    class Machine(Office):
        """The machine on this test's database."""

    Machine.database = database
    Machine.answers = Counter()
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    reached = {"apply", "put forward", "nominate", "propose", "order", "enrol", "revoke"}
    assert reached <= set(Machine.answers), Machine.answers
