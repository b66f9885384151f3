"""Reads of a test for its author: its version in full, its banks' questions put in, its faults."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.content.banks import queries as banks
from app.content.banks.queries import Pool
from app.content.materials import access as materials
from app.content.materials import queries
from app.content.materials.queries import VersionRow
from app.content.materials.states import VersionState
from app.content.papers import access
from app.kernel.errors import NotFound
from content_packages.questions import item
from content_packages.questions.item import Kind
from content_packages.questions.paper import Paper, Section

#: Most questions that a test may hold, drawn or not.
MOST_QUESTIONS = 5_000

Pools = Mapping[uuid.UUID, Pool]


@dataclass(frozen=True)
class Fault:
    """Something that keeps a test from being published, or that its author should know.

    `number` is that of the section, from 1, and `question` that of the question in it; 0: none.
    """

    severity: str
    code: str
    number: int = 0
    question: int = 0
    data: Mapping[str, str | int | float] | None = None

    def document(self) -> dict[str, object]:
        """Return it as a version's findings hold it."""
        place = "-".join(str(part) for part in (self.number, self.question) if part)
        return {
            "severity": self.severity,
            "code": self.code,
            "place": place,
            "data": dict(self.data or {}),
        }


@dataclass(frozen=True)
class Detail:
    """A test, one of its versions in full, and all versions in short, the newest first."""

    id: uuid.UUID
    title: str
    archived_at: datetime | None
    shown: VersionRow
    versions: Sequence[VersionRow]
    #: With the questions of its banks as they are now, where it is a draft.
    paper: Paper
    banks: Mapping[str, Pool]
    faults: Sequence[Fault]

    @property
    def is_newest(self) -> bool:
        """Whether it is the version that is written on."""
        return self.shown.id == self.versions[0].id

    @property
    def is_draft(self) -> bool:
        """Whether it has never been published."""
        return self.shown.state == VersionState.DRAFT

    @property
    def errors(self) -> int:
        """How many faults keep it from being published."""
        return sum(fault.severity == "error" for fault in self.faults)

    @property
    def asked(self) -> int:
        """How many questions one sitting is asked."""
        return sum(map(asked_of, self.paper.sections))


def asked_of(section: Section) -> int:
    """Return how many of a section's questions one sitting is asked."""
    count = len(section.questions)
    return count if section.count is None else min(count, section.count)


def detail(session: Session, material_id: uuid.UUID, number: int | None = None) -> Detail:
    """Return a test with its version of that number, else its newest: five statements at most.

    Raises NotFound where there is no such version, and what `access.exam` raises.
    """
    material = access.exam(session, material_id)
    versions = queries.versions_of(session, material_id)
    shown = next((row for row in versions if number in (None, row.number)), None)
    if shown is None:
        raise NotFound
    paper = Paper.of(materials.version(session, shown.id).document)
    pools = pools_of(session, paper)
    is_draft = shown.state == VersionState.DRAFT
    if is_draft:
        paper = filled(paper, pools)
    return Detail(
        id=material.id,
        title=material.title,
        archived_at=material.archived_at,
        shown=shown,
        versions=versions,
        paper=paper,
        banks={str(key): pool for key, pool in pools.items()},
        faults=list(faults_of(paper, pools)) if is_draft else [],
    )


def pools_of(session: Session, paper: Paper) -> Pools:
    """Return the banks that a paper draws from, with all their questions."""
    keys = {uuid.UUID(each.bank_id) for each in paper.sections if each.bank_id}
    return banks.pools(session, keys)


def filled(paper: Paper, pools: Pools) -> Paper:
    """Return the paper with the questions that its banks have now."""
    return replace(paper, sections=tuple(_filled(each, pools) for each in paper.sections))


def _filled(section: Section, pools: Pools) -> Section:
    if section.bank_id is None:
        return section
    pool = pools.get(uuid.UUID(section.bank_id))
    return replace(section, questions=pool.questions if pool else ())


def faults_of(paper: Paper, pools: Pools) -> Iterator[Fault]:
    """Yield what is wrong with a paper whose banks are filled in."""
    if not any(section.questions for section in paper.sections):
        yield Fault("error", "paper_empty")
    if not 0 <= paper.rules.pass_mark <= 100:
        yield Fault("error", "pass_mark_wrong")
    if sum(len(section.questions) for section in paper.sections) > MOST_QUESTIONS:
        yield Fault("error", "paper_too_long", data={"limit": MOST_QUESTIONS})
    names = Counter(question.id for each in paper.sections for question in each.questions)
    if any(times > 1 for name, times in names.items()) and not _shares_a_bank(paper):
        yield Fault("error", "question_twice")
    seen: set[str] = set()
    for number, section in enumerate(paper.sections, 1):
        yield from _of_section(number, section, pools)
        if section.bank_id in seen:
            yield Fault("error", "bank_twice", number)
        seen.update({section.bank_id} if section.bank_id else ())
    essays = sum(each.kind is Kind.ESSAY for each in paper.questions.values())
    if essays:
        yield Fault("notice", "marked_by_hand", data={"count": essays})


def _shares_a_bank(paper: Paper) -> bool:
    keys = [section.bank_id for section in paper.sections if section.bank_id]
    return len(set(keys)) < len(keys)


def _of_section(number: int, section: Section, pools: Pools) -> Iterator[Fault]:
    count = len(section.questions)
    pool = pools.get(uuid.UUID(section.bank_id)) if section.bank_id else None
    if section.bank_id and (pool is None or pool.is_archived):
        yield Fault("error", "bank_archived", number, data={"name": pool.name if pool else ""})
    if not section.questions:
        yield Fault("warning", "section_empty", number)
    elif section.count is not None and section.count > count:
        yield Fault(
            "error", "count_too_many", number, data={"wanted": section.count, "count": count}
        )
    elif section.count is not None and section.count < 1:
        yield Fault("error", "count_wrong", number)
    if section.count and len({question.points for question in section.questions}) > 1:
        yield Fault("warning", "points_differ", number)
    for place, question in enumerate(section.questions, 1):
        for found in item.check(question):
            yield Fault("error", found.code, number, place, found.data)
