"""Surveys written: made, their questions put and arranged, published with the common ones."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.content.authoring import service as authoring
from app.content.materials import service as materials
from app.content.materials.models import Material, MaterialKind, Version
from app.content.materials.states import VersionState
from app.content.sheets.queries import COMMON_SET, common_questions, shown
from app.kernel import db
from app.kernel.actor import Actor
from app.kernel.errors import NotFound
from content_packages.questions.sheet import Sheet, SheetQuestion, check

_NAMES = uuid.UUID("c8d2a3a4-6b67-4d36-9a2b-0a6e3f8d7b21")


@dataclass(frozen=True)
class Manner:
    """How a survey is held: all of a sheet but its questions."""

    is_anonymous: bool
    is_shown_to_heads: bool
    text: str


def make(
    session: Session, key: uuid.UUID, title: str, sheet: Sheet, *, by: Actor, now: datetime
) -> Material:
    """Make a survey with a sheet as its draft; twice is no error. Raises as `authoring.make`."""
    return authoring.make(
        session,
        key,
        MaterialKind.SURVEY,
        title,
        sheet.document(),
        _findings(sheet),
        by=by,
        now=now,
    )


def copy(
    session: Session,
    key: uuid.UUID,
    title: str,
    material_id: uuid.UUID,
    *,
    by: Actor,
    now: datetime,
) -> Material:
    """Make a survey that asks what another asks; its questions count as its own, apart."""
    sheet = shown(session, material_id).sheet
    own = tuple(replace(each, id=str(db.new_id())) for each in sheet.own)
    return make(
        session, key, title, replace(sheet, questions=own, is_common_set=False), by=by, now=now
    )


def make_common_set(session: Session, title: str, *, by: Actor, now: datetime) -> Material:
    """Return the set of questions that every survey asks, made when it is first wanted."""
    return make(session, COMMON_SET, title, Sheet(is_common_set=True), by=by, now=now)


def configure(
    session: Session, material_id: uuid.UUID, manner: Manner, *, by: Actor, now: datetime
) -> None:
    """Say how a survey is held, in its draft."""
    version, sheet = _draft(session, material_id, by, now)
    _write(session, version, replace(sheet, **vars(manner)), by, now)


def put(
    session: Session, material_id: uuid.UUID, question: SheetQuestion, *, by: Actor, now: datetime
) -> None:
    """Put a question into the draft: in the place of the one of its id, else after the others.

    Where its kind or its scale becomes another, its answers can be compared no more: it gets a new
    id. Raises NotFound for a question that is the common set's.
    """
    version, sheet = _draft(session, material_id, by, now)
    known = {each.id: each for each in sheet.questions}
    before, other = known.get(question.id), _other_name(question)
    if before is None and other in known:  # sent twice
        before = known[other]
    if before is None:
        _write(
            session,
            version,
            replace(sheet, questions=(*sheet.own, question, *sheet.common)),
            by,
            now,
        )
        return
    if before.is_common:
        raise NotFound
    is_same = (before.kind, before.size) == (question.kind, question.size)
    question = replace(question, id=before.id if is_same else other)
    questions = tuple(question if each is before else each for each in sheet.questions)
    _write(session, version, replace(sheet, questions=questions), by, now)


def arrange(
    session: Session, material_id: uuid.UUID, name: str, step: int, *, by: Actor, now: datetime
) -> None:
    """Move one of its own questions by so many places, as far as there are any."""
    version, sheet = _draft(session, material_id, by, now)
    own = list(sheet.own)
    place = _place(own, name)
    question = own.pop(place)
    own.insert(max(0, place + step), question)
    _write(session, version, replace(sheet, questions=(*own, *sheet.common)), by, now)


def remove(
    session: Session, material_id: uuid.UUID, name: str, *, by: Actor, now: datetime
) -> None:
    """Take one of its own questions out of the draft; raises NotFound."""
    version, sheet = _draft(session, material_id, by, now)
    own = list(sheet.own)
    del own[_place(own, name)]
    _write(session, version, replace(sheet, questions=(*own, *sheet.common)), by, now)


def take_common(session: Session, material_id: uuid.UUID, *, by: Actor, now: datetime) -> None:
    """Begin a draft that asks the common questions as they are now."""
    version, sheet = _draft(session, material_id, by, now)
    _write(session, version, sheet.with_common(common_questions(session)), by, now)


def publish(
    session: Session,
    material_id: uuid.UUID,
    *,
    by_another: bool = False,
    by: Actor,
    now: datetime,
) -> Version:
    """Publish the newest version with the common questions as they are; raises as `materials`."""
    version = authoring.newest(session, material_id, MaterialKind.SURVEY)
    sheet = Sheet.of(version.document)
    if version.state == VersionState.DRAFT:
        if not sheet.is_common_set:
            sheet = sheet.with_common(common_questions(session))
        # Not by `authoring.write`: whoever publishes has not written it (C07).
        version.document, version.findings = sheet.document(), _findings(sheet)
        session.flush()
    return materials.publish(session, version.id, by_another=by_another, by=by, now=now)


def _draft(
    session: Session, material_id: uuid.UUID, by: Actor, now: datetime
) -> tuple[Version, Sheet]:
    version = authoring.draft(session, material_id, MaterialKind.SURVEY, by=by, now=now)
    return version, Sheet.of(version.document)


def _write(session: Session, version: Version, sheet: Sheet, by: Actor, now: datetime) -> None:
    authoring.write(session, version, sheet.document(), _findings(sheet), by=by, now=now)


def _other_name(question: SheetQuestion) -> str:
    """Return the id that a question has once it is of this kind and size, and was not."""
    return str(uuid.uuid5(_NAMES, f"{question.id} {question.kind} {question.size}"))


def _place(questions: list[SheetQuestion], name: str) -> int:
    for place, question in enumerate(questions):
        if question.id == name:
            return place
    raise NotFound


def _findings(sheet: Sheet) -> list[dict[str, Any]]:
    return [
        {"severity": each.severity, "code": each.code, "place": "", "data": each.data}
        for each in check(sheet)
    ]
