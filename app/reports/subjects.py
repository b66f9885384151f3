"""What lines of the audit are about, by name, and the words of states: for the audit's page."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.content.banks.models import QuestionBank
from app.content.materials.models import Material, Version
from app.content.materials.text import STATES as VERSION_STATES
from app.content.videos.text import COMPLETIONS, REACTIONS
from app.kernel.language import Lazy, lazy
from app.learning.clients.models import XapiClient
from app.learning.forwarding.models import XapiForward
from app.learning.forwarding.text import STATES as FORWARD_STATES
from app.learning.records.models import Attempt, LearnerRecord
from app.people.sections.models import SectionVersion
from app.training.enrolment.models import Enrolment
from app.training.enrolment.text import PROGRESS
from app.training.enrolment.text import STATES as ENROLMENT_STATES
from app.training.ledgers.models import LedgerImport
from app.training.offerings.models import Offering
from app.training.offerings.text import (
    APPROVAL_PATHS,
    CHANGE_PATHS,
    LATE_CHANGES,
    OBLIGATIONS,
    OVERFLOWS,
    PROMOTIONS,
)
from app.training.plans.models import Run, Training, TrainingCategory
from app.training.plans.text import STATES as RUN_STATES
from app.training.syllabus.text import PROVIDERS


def _words(choices: Mapping[str, tuple[Lazy, Lazy]]) -> dict[str, Lazy]:
    return {code: word for code, (word, _) in choices.items()}


#: The words of states, standings and choices, by the table or the part of a line's details.
STATES: Mapping[str, Mapping[str, Lazy]] = {
    "run": {code: word for code, (word, _) in RUN_STATES.items()},
    "enrolment": ENROLMENT_STATES,
    "material_version": {code: word for code, (word, _) in VERSION_STATES.items()},
    "xapi_forward": {code: word for code, (word, _) in FORWARD_STATES.items()},
    "obligation": _words(OBLIGATIONS),
    "approval_path": _words(APPROVAL_PATHS),
    "overflow": _words(OVERFLOWS),
    "change_path": _words(CHANGE_PATHS),
    "late_change": _words(LATE_CHANGES),
    "promotion": _words(PROMOTIONS),
    "provider": PROVIDERS,
    "completion": COMPLETIONS,
    "hidden": REACTIONS,
    "elsewhere": REACTIONS,
    "standing": {code: word for code, (word, _) in PROGRESS.items()},
}

_NUMBERED: Mapping[str, Lazy] = {
    "offering": lazy("%(title)s（%(number)s年度）"),
    "run": lazy("%(title)s　第%(number)s回"),
    "enrolment": lazy("%(title)s　第%(number)s回"),
    "material_version": lazy("%(title)s　第%(number)s版"),
}

_runs = (
    sa.select(Run.id, Training.title, Run.number)
    .join(Offering, Offering.id == Run.offering_id)
    .join(Training, Training.id == Offering.training_id)
)
_versions = sa.select(Version.id, Material.title, Version.number).join(
    Material, Material.id == Version.material_id
)
#: By table: a query of a thing's key, its title, and its number where it has one.
_QUERIES: Mapping[str, Any] = {
    "section": sa.select(SectionVersion.section_id, SectionVersion.name, sa.null()).where(
        SectionVersion.valid_to.is_(None)
    ),
    "training": sa.select(Training.id, Training.title, sa.null()),
    "training_category": sa.select(TrainingCategory.id, TrainingCategory.name, sa.null()),
    "offering": sa.select(Offering.id, Training.title, Offering.fiscal_year).join(
        Training, Training.id == Offering.training_id
    ),
    "run": _runs,
    "enrolment": _runs.join(Enrolment, Enrolment.run_id == Run.id).with_only_columns(
        Enrolment.id, Training.title, Run.number
    ),
    "material": sa.select(Material.id, Material.title, sa.null()),
    "material_version": _versions,
    "question_bank": sa.select(QuestionBank.id, QuestionBank.name, sa.null()),
    "attempt": _versions.join(Attempt, Attempt.version_id == Version.id).with_only_columns(
        Attempt.id, Material.title, sa.null()
    ),
    "xapi_client": sa.select(XapiClient.id, XapiClient.name, sa.null()),
    "xapi_forward": sa.select(XapiForward.id, XapiForward.name, sa.null()),
    "ledger_import": sa.select(LedgerImport.id, LedgerImport.file_name, sa.null()),
    "learner_record": sa.select(LearnerRecord.id, Material.title, sa.null()).join(
        Material, Material.id == LearnerRecord.material_id
    ),
}
#: Keys in one statement.
_AT_ONCE = 1_000


def names(session: Session, things: Collection[tuple[str, uuid.UUID]]) -> dict[str, str]:
    """Return what things are called, by their keys as text: a statement for each kind of thing.

    What is there no more, or has no name, is left out.
    """
    found: dict[str, str] = {}
    for table, query in _QUERIES.items():
        keys = [key for kind, key in things if kind == table]
        for place in range(0, len(keys), _AT_ONCE):
            some = query.where(query.selected_columns[0].in_(keys[place : place + _AT_ONCE]))
            for key, title, number in session.execute(some):
                written = str(_NUMBERED[table]) if number is not None else "%(title)s"
                found[str(key)] = written % {"title": title, "number": number}
    return found
