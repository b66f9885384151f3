"""What an author does to a test: its rules, its sections and their questions, its publication.

All is written into the draft, which begins as a copy of the newest version. The questions of a bank
are put in when the test is published, and stay as they were then.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.content.authoring import service as authoring
from app.content.materials import access as materials
from app.content.materials import service as publishing
from app.content.materials.models import Material, MaterialKind, Version
from app.content.materials.states import VersionState
from app.content.papers import access, queries
from app.kernel import db
from app.kernel.actor import Actor
from app.kernel.errors import NotFound, Refused
from content_packages.questions.item import Question
from content_packages.questions.paper import Paper, Rules, Section

MOST_SECTIONS = 50

Change = Callable[[Paper], Paper]


def make(session: Session, key: uuid.UUID, title: str, *, by: Actor, now: datetime) -> Material:
    """Make a test under a key, with a section to put questions into; twice is no error.

    Raises Refused("title_needed") or Refused("title_too_long").
    """
    paper = Paper(sections=(Section(id=str(db.new_id())),))
    findings = _findings(session, paper)
    kind = MaterialKind.EXAM
    return authoring.make(session, key, kind, title, paper.document(), findings, by=by, now=now)


def set_rules(
    session: Session, material_id: uuid.UUID, rules: Rules, *, by: Actor, now: datetime
) -> None:
    """Say how the test is sat."""
    _change(session, material_id, lambda paper: replace(paper, rules=rules), by, now)


def put_section(
    session: Session, material_id: uuid.UUID, section: Section, *, by: Actor, now: datetime
) -> None:
    """Add a section at the end, or say anew what one of that id is; its questions stay.

    Raises Refused("sections_too_many"), and Refused("section_has_questions") where one with
    questions of its own is to draw from a bank.
    """

    def put(paper: Paper) -> Paper:
        known = _find(paper, section.id)
        if known is None:
            if len(paper.sections) >= MOST_SECTIONS:
                raise Refused("sections_too_many", limit=MOST_SECTIONS)
            return replace(paper, sections=(*paper.sections, section))
        if section.bank_id and known.questions and not known.bank_id:
            raise Refused("section_has_questions")
        kept = () if section.bank_id or known.bank_id else known.questions
        return _with(paper, replace(section, questions=kept))

    _change(session, material_id, put, by, now)


def shift_section(
    session: Session,
    material_id: uuid.UUID,
    section_id: str,
    by_places: int,
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Move a section up (-1) or down (1); at the end it stays where it is."""

    def shift(paper: Paper) -> Paper:
        sections = list(paper.sections)
        here = sections.index(_one(paper, section_id))
        sections.insert(max(0, here + by_places), sections.pop(here))
        return replace(paper, sections=tuple(sections))

    _change(session, material_id, shift, by, now)


def remove_section(
    session: Session, material_id: uuid.UUID, section_id: str, *, by: Actor, now: datetime
) -> None:
    """Take a section out with all its questions; those of a bank stay in the bank."""

    def remove(paper: Paper) -> Paper:
        gone = _one(paper, section_id)
        return replace(paper, sections=tuple(each for each in paper.sections if each is not gone))

    _change(session, material_id, remove, by, now)


def put_question(
    session: Session,
    material_id: uuid.UUID,
    section_id: str,
    question: Question,
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Add a question at a section's end, or write the one of that id anew.

    Raises Refused("section_of_bank") where the section's questions are a bank's.
    """

    def put(paper: Paper) -> Paper:
        section = _own(paper, section_id)
        known = [each.id for each in section.questions]
        questions = list(section.questions)
        if question.id in known:
            questions[known.index(question.id)] = question
        else:
            questions.append(question)
        return _with(paper, replace(section, questions=tuple(questions)))

    _change(session, material_id, put, by, now)


def shift_question(
    session: Session,
    material_id: uuid.UUID,
    question_id: str,
    by_places: int,
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Move a question up (-1) or down (1) in its section; at the end it stays where it is."""

    def shift(paper: Paper) -> Paper:
        section = section_of(paper, question_id)
        questions = list(section.questions)
        here = [each.id for each in questions].index(question_id)
        questions.insert(max(0, here + by_places), questions.pop(here))
        return _with(paper, replace(section, questions=tuple(questions)))

    _change(session, material_id, shift, by, now)


def remove_question(
    session: Session, material_id: uuid.UUID, question_id: str, *, by: Actor, now: datetime
) -> None:
    """Take a question out of its section."""

    def remove(paper: Paper) -> Paper:
        section = section_of(paper, question_id)
        left = tuple(each for each in section.questions if each.id != question_id)
        return _with(paper, replace(section, questions=left))

    _change(session, material_id, remove, by, now)


def publish(
    session: Session,
    version_id: uuid.UUID,
    *,
    by_another: bool = False,
    by: Actor,
    now: datetime,
) -> Version:
    """Publish a version; a draft gets the questions that its banks have now, for good.

    Raises Refused("paper_has_errors") where anything is wrong with it, and what
    `materials.service.publish` raises.
    """
    version = access.version(session, version_id)
    materials.material(session, version.material_id, to_change=True)
    session.refresh(version)
    if version.state == VersionState.DRAFT:
        paper = Paper.of(version.document)
        pools = queries.pools_of(session, paper)
        paper = queries.filled(paper, pools)
        faults = list(queries.faults_of(paper, pools))
        errors = sum(fault.severity == "error" for fault in faults)
        if errors:
            raise Refused("paper_has_errors", count=errors)
        # Who publishes is not who wrote it: `authoring.write` would say so.
        version.document = paper.document()
        version.findings = [fault.document() for fault in faults]
    return publishing.publish(session, version_id, by_another=by_another, by=by, now=now)


def section_of(paper: Paper, question_id: str) -> Section:
    """Return the section that a question of its own is in; raises NotFound."""
    for section in paper.sections:
        if not section.bank_id and any(each.id == question_id for each in section.questions):
            return section
    raise NotFound


def _change(
    session: Session, material_id: uuid.UUID, change: Change, by: Actor, now: datetime
) -> None:
    """Write the draft anew; its banks' questions are put in at publication alone."""
    access.exam(session, material_id)
    version = authoring.draft(session, material_id, MaterialKind.EXAM, by=by, now=now)
    session.refresh(version)  # as it is now that nobody else can change it
    paper = change(Paper.of(version.document))
    bare = tuple(replace(each, questions=()) if each.bank_id else each for each in paper.sections)
    paper = replace(paper, sections=bare)
    findings = _findings(session, paper)
    authoring.write(session, version, paper.document(), findings, by=by, now=now)


def _findings(session: Session, paper: Paper) -> list[dict[str, object]]:
    pools = queries.pools_of(session, paper)
    filled = queries.filled(paper, pools)
    return [fault.document() for fault in queries.faults_of(filled, pools)]


def _find(paper: Paper, section_id: str) -> Section | None:
    return next((each for each in paper.sections if each.id == section_id), None)


def _one(paper: Paper, section_id: str) -> Section:
    found = _find(paper, section_id)
    if found is None:
        raise NotFound
    return found


def _own(paper: Paper, section_id: str) -> Section:
    section = _one(paper, section_id)
    if section.bank_id:
        raise Refused("section_of_bank")
    return section


def _with(paper: Paper, section: Section) -> Paper:
    return replace(
        paper,
        sections=tuple(section if each.id == section.id else each for each in paper.sections),
    )
