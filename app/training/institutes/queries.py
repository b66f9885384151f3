"""What a list of results from an institute would do to an offering, before it does it."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import db
from app.kernel.tables.lines import Finding
from app.people.register.models import Person, StaffNumber
from app.training.candidacies import queries as candidacies
from app.training.candidacies.models import Candidacy
from app.training.candidacies.states import LIVE, CandidacyState
from app.training.candidacies.states import TRANSITIONS as OF_CANDIDACY
from app.training.enrolment.models import Enrolment
from app.training.enrolment.states import SEATED, EnrolmentState
from app.training.enrolment.states import TRANSITIONS as OF_ENROLMENT
from app.training.plans.models import Run
from app.training.plans.states import TAKING
from app.training.seats import queries as seats

#: What an institute says of somebody, and the action that makes it true.
DECISIONS = {
    CandidacyState.SELECTED: "select",
    CandidacyState.WAITLISTED: "waitlist",
    CandidacyState.NOT_SELECTED: "pass_over",
}
ENDS = {EnrolmentState.COMPLETED: "complete", EnrolmentState.NOT_COMPLETED: "fail"}
_NEEDS_RUN = (CandidacyState.SELECTED, CandidacyState.WAITLISTED)


class Outcome(StrEnum):
    """What a line would do: 変更, 変更なし, 誤り."""

    CHANGED = "changed"
    UNCHANGED = "unchanged"
    ERROR = "error"


@dataclass(frozen=True)
class ResultLine:
    """One line of a file of results."""

    row: int
    number: str
    #: A key of DECISIONS or ENDS; empty where it was none.
    result: str
    #: The run's number, where the file names one.
    run: str = ""
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Planned:
    """What one line would do."""

    line: ResultLine
    outcome: Outcome
    person_id: uuid.UUID | None = None
    name: str = ""
    #: The candidacy or the enrolment that is moved.
    row_id: uuid.UUID | None = None
    run_id: uuid.UUID | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Plan:
    """What a whole file would do."""

    lines: Sequence[Planned]
    #: Runs that would have more people than seats: number, seats left, people.
    overfull: Sequence[tuple[int, int, int]] = ()

    def of(self, outcome: Outcome) -> list[Planned]:
        """Return the lines of one outcome."""
        return [line for line in self.lines if line.outcome == outcome]

    @property
    def counts(self) -> Mapping[str, int]:
        """How many lines have each outcome."""
        return Counter(line.outcome for line in self.lines)

    @property
    def results(self) -> Mapping[str, int]:
        """How many people get each result."""
        return Counter(line.line.result for line in self.of(Outcome.CHANGED))


@dataclass(frozen=True)
class _Known:
    """What an offering knows: its people by any of their numbers, and where they stand."""

    people: Mapping[str, uuid.UUID]
    names: Mapping[uuid.UUID, str]
    candidacies: Mapping[uuid.UUID, Candidacy]
    enrolments: Mapping[uuid.UUID, Enrolment]
    #: Runs that take people, by number.
    runs: Mapping[int, Run]
    wishes: Mapping[uuid.UUID, list[uuid.UUID]]
    #: Numbers of the register that the file names.
    numbers: frozenset[str] = field(default_factory=frozenset)


def plan(session: Session, offering_id: uuid.UUID, lines: Sequence[ResultLine]) -> Plan:
    """Return what lines would do, each for itself, and a person's second one not at all."""
    known = _known(session, offering_id, lines)
    planned: list[Planned] = []
    seen: set[uuid.UUID] = set()
    for line in lines:
        person_id = known.people.get(line.number)
        if person_id and person_id in seen:
            twice = Finding("number", "twice", line.number)
            planned.append(Planned(line, Outcome.ERROR, person_id, findings=(twice,)))
            continue
        planned.append(_planned(line, person_id, known))
        if person_id:
            seen.add(person_id)
    return Plan(planned, _overfull(session, offering_id, planned, known))


def _planned(line: ResultLine, person_id: uuid.UUID | None, known: _Known) -> Planned:
    if line.findings:
        return Planned(line, Outcome.ERROR, person_id, findings=line.findings)
    if person_id is None:
        code = "not_put_forward" if line.number in known.numbers else "number_unknown"
        finding = Finding("number", code, line.number)
        return Planned(line, Outcome.ERROR, findings=(finding,))
    return _moved(line, person_id, known)


def _moved(line: ResultLine, person_id: uuid.UUID, known: _Known) -> Planned:
    """Return what a line would do to somebody the offering knows."""
    name = known.names.get(person_id, "")
    row: Candidacy | Enrolment | None
    if line.result in ENDS:
        row, code = known.enrolments.get(person_id), "no_seat"
        sources = OF_ENROLMENT[ENDS[EnrolmentState(line.result)]].sources
    else:
        row, code = known.candidacies.get(person_id), "not_put_forward"
        sources = OF_CANDIDACY[DECISIONS[CandidacyState(line.result)]].sources
    run_id = None
    if row is not None and row.state == line.result:
        return Planned(line, Outcome.UNCHANGED, person_id, name, row.id)
    if row is not None:
        code = "" if row.state in sources else "result_impossible"
    if row is not None and not code and line.result in _NEEDS_RUN:
        run_id, code = _run_of(line, row.id, person_id, known)
    if row is None or code:
        finding = Finding("run" if code.startswith("run_") else "result", code)
        return Planned(line, Outcome.ERROR, person_id, name, findings=(finding,))
    return Planned(line, Outcome.CHANGED, person_id, name, row.id, run_id)


def _run_of(
    line: ResultLine, candidacy_id: uuid.UUID, person_id: uuid.UUID, known: _Known
) -> tuple[uuid.UUID | None, str]:
    """Return the run that a line means, or the code of what is wrong with it."""
    if person_id in known.enrolments:
        return None, "seated_already"
    if line.run:
        run = known.runs.get(int(line.run)) if line.run.isdecimal() else None
        return (run.id, "") if run else (None, "run_unknown")
    if len(known.runs) == 1:
        return next(iter(known.runs.values())).id, ""
    open_runs = {run.id for run in known.runs.values()}
    wished = [run_id for run_id in known.wishes.get(candidacy_id, ()) if run_id in open_runs]
    return (wished[0], "") if wished else (None, "run_missing")


def _overfull(
    session: Session, offering_id: uuid.UUID, planned: Sequence[Planned], known: _Known
) -> list[tuple[int, int, int]]:
    wanted = Counter(
        line.run_id
        for line in planned
        if line.outcome == Outcome.CHANGED and line.line.result == CandidacyState.SELECTED
    )
    accounts = seats.runs(session, offering_id)
    found = []
    for number, run in known.runs.items():
        left = accounts[run.id].left
        if left is not None and wanted[run.id] > left:
            found.append((number, left, wanted[run.id]))
    return found


def _known(session: Session, offering_id: uuid.UUID, lines: Sequence[ResultLine]) -> _Known:
    put = session.scalars(
        sa.select(Candidacy)
        .where(Candidacy.offering_id == offering_id)
        .order_by(Candidacy.state.in_(LIVE), Candidacy.created_at, Candidacy.id)
    ).all()
    seated = session.scalars(
        sa.select(Enrolment)
        .join(Run, Run.id == Enrolment.run_id)
        .where(Run.offering_id == offering_id, Enrolment.state.in_(SEATED))
    ).all()
    runs = session.scalars(
        sa.select(Run).where(Run.offering_id == offering_id, Run.state.in_(TAKING))
    )
    ids = {row.person_id for row in put} | {row.person_id for row in seated}
    people = session.execute(
        sa.select(Person.id, Person.name, StaffNumber.number)
        .join(StaffNumber, StaffNumber.person_id == Person.id)
        .where(Person.id.in_(ids))
        .order_by(StaffNumber.valid_from)
    ).all()
    return _Known(
        people={row.number: row.id for row in people},
        names={row.id: row.name for row in people},
        candidacies={row.person_id: row for row in put},
        enrolments={row.person_id: row for row in seated},
        runs={run.number: run for run in runs},
        wishes=candidacies.preferences(session, [row.id for row in put]),
        numbers=_numbers(session, lines),
    )


def _numbers(session: Session, lines: Sequence[ResultLine]) -> frozenset[str]:
    found: set[str] = set()
    for some in db.portions([line.number for line in lines]):
        found.update(
            session.scalars(sa.select(StaffNumber.number).where(StaffNumber.number.in_(some)))
        )
    return frozenset(found)
