"""Content's rows say who uploaded what: the material stays, the person is taken out of it."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from app.content.banks.models import QuestionBank
from app.content.materials.models import Material, Version
from app.content.uploads.models import Upload
from app.kernel.holdings import Counts, Erasing, Holding, forget_doer


def erase_person(session: Session, person_id: uuid.UUID) -> Counts:
    """Take somebody out of what they have made."""
    forget_doer(
        session,
        person_id,
        Material.created_by,
        Version.created_by,
        QuestionBank.created_by,
        Upload.created_by,
    )
    return {}


HOLDINGS: tuple[Holding, ...] = ()
ERASING = Erasing("content", erase_person)
