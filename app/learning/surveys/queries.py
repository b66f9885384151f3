"""Reads of surveys: which sheet a record asks, what was answered, what groups of people say."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.content.materials.models import Material, MaterialKind, Version
from app.content.materials.queries import published_version
from app.content.materials.states import VersionState
from app.kernel import db
from app.learning.records.models import LearnerRecord
from app.learning.records.states import DONE
from app.learning.surveys.models import AnonymousResponse, NamedResponse
from content_packages.questions.sheet import Answers, Sheet, SheetKind


@dataclass(frozen=True)
class Asked:
    """What a record asks: the version, its sheet, and what its learner has said so far.

    Of an answer without a name nobody knows whose it is: `answers` is empty then.
    """

    version_id: uuid.UUID
    sheet: Sheet
    answers: Answers
    is_done: bool
    #: Whether the answers have no name, or had none.
    is_anonymous: bool


def asked(session: Session, record: LearnerRecord, version_id: uuid.UUID | None = None) -> Asked:
    """Return what a record asks: the version that was begun, else the one named, else the newest.

    A version is taken as it was shown, even if another has been published since. Raises NotFound
    where none is published.
    """
    response = response_of(session, record.id)
    version = None
    if response is not None:
        version = session.get(Version, response.version_id)
    elif version_id is not None:
        named = session.get(Version, version_id)
        is_one = named is not None and named.material_id == record.material_id
        version = named if is_one and named and named.state != VersionState.DRAFT else None
    is_done = record.status in DONE
    if version is None and is_done:
        version = _newest(session, record.material_id)
    version = version or published_version(session, record.material_id)
    sheet = Sheet.of(version.document)
    return Asked(
        version.id,
        sheet,
        response.answers if response else {},
        is_done,
        response is None if is_done else sheet.is_anonymous,
    )


def _newest(session: Session, material_id: uuid.UUID) -> Version | None:
    """Return the newest version that was ever published, in force or not."""
    return session.scalars(
        sa.select(Version)
        .where(Version.material_id == material_id, Version.state != VersionState.DRAFT)
        .order_by(Version.number.desc())
        .limit(1)
    ).one_or_none()


def response_of(session: Session, record_id: uuid.UUID) -> NamedResponse | None:
    """Return what was said with a name for a record, handed in or not."""
    return session.scalars(
        sa.select(NamedResponse).where(NamedResponse.record_id == record_id)
    ).one_or_none()


def own_answers(session: Session, record_id: uuid.UUID) -> list[tuple[str, str]] | None:
    """Return each question with what was answered, in words; None where no answer has a name."""
    response = response_of(session, record_id)
    if response is None:
        return None
    sheet = Sheet.of(session.get_one(Version, response.version_id).document)
    return in_words(sheet, response.answers)


@dataclass(frozen=True)
class Recorded:
    """What a record that is a survey's shows: one's own answers, where they have a name.

    Those who plan the training see answers among its results, and nobody else does.
    """

    said: Sequence[tuple[str, str]] | None
    is_own: bool


def recorded(session: Session, record: LearnerRecord, *, is_own: bool) -> Recorded | None:
    """Return what a survey's record shows; None for the record of anything else."""
    if session.get_one(Material, record.material_id).kind != MaterialKind.SURVEY:
        return None
    return Recorded(own_answers(session, record.id) if is_own else None, is_own)


def in_words(sheet: Sheet, answers: Answers) -> list[tuple[str, str]]:
    """Return each question of a sheet with its answer, in words; empty where there is none."""
    return [
        (question.text, _said(answers.get(question.id), question.kind, {
            option.id: option.text for option in question.options
        }))
        for question in sheet.questions
    ]  # fmt: skip


def _said(answer: object, kind: SheetKind, options: dict[str, str]) -> str:
    if answer is None:
        return ""
    if kind in (SheetKind.SCALE, SheetKind.TEXT):
        return str(answer)
    chosen = answer if isinstance(answer, list) else [str(answer)]
    return "／".join(options.get(name, name) for name in chosen)


@dataclass
class Group:
    """All that was handed in for one group: answers with a name, and without, by their version."""

    named: list[tuple[uuid.UUID, Answers]] = field(default_factory=list)
    anonymous: list[tuple[uuid.UUID, Answers]] = field(default_factory=list)


def groups(session: Session, group_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Group]:
    """Return what was handed in for some groups: two statements for any few thousands."""
    found: dict[uuid.UUID, Group] = defaultdict(Group)
    for some in db.portions(list(group_ids)):
        named = sa.select(
            NamedResponse.group_id, NamedResponse.version_id, NamedResponse.answers
        ).where(NamedResponse.group_id.in_(some), NamedResponse.submitted_at.is_not(None))
        for group_id, version_id, answers in session.execute(named):
            found[group_id].named.append((version_id, answers))
        nameless = sa.select(
            AnonymousResponse.group_id, AnonymousResponse.version_id, AnonymousResponse.answers
        ).where(AnonymousResponse.group_id.in_(some))
        for group_id, version_id, answers in session.execute(nameless):
            found[group_id].anonymous.append((version_id, answers))
    return found


def sheets(session: Session, version_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Sheet]:
    """Return the sheets of some versions, the newest first."""
    rows = session.execute(
        sa.select(Version.id, Version.document)
        .where(Version.id.in_(version_ids))
        .order_by(Version.number.desc(), Version.id)
    )
    return {row.id: Sheet.of(row.document) for row in rows}
