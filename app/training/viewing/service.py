"""Saying of a run how one of its videos is watched there."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from app.content.materials.models import Material, MaterialKind
from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.errors import Conflict, NotFound
from app.training.plans.models import Run, RunItem
from app.training.viewing import queries
from app.training.viewing.queries import OVER, Said


def set_rule(
    session: Session, run_item_id: uuid.UUID, said: Said, *, by: Actor, now: datetime
) -> None:
    """Have a video be watched otherwise in a run, from each learner's next opening on.

    `said` is all that the run says otherwise, as `WatchingRule.of` reads it; nothing: all is as
    the video says. What somebody has completed stays so. Raises NotFound for what is no video, and
    Conflict("wrong_state") for a run that is over.
    """
    item = session.get(RunItem, run_item_id)
    if item is None:
        raise NotFound
    run = session.get_one(Run, item.run_id, with_for_update=True)
    material = session.get(Material, item.material_id) if item.material_id else None
    if material is None or material.kind != MaterialKind.VIDEO:
        raise NotFound
    if run.state in OVER:
        raise Conflict("wrong_state", action="set_rule", state=run.state)
    session.refresh(item, with_for_update=True)
    if item.watching == dict(said):
        return
    before = queries.rule_of(item, material)
    item.watching = dict(said)
    after = queries.rule_of(item, material)
    session.flush()
    audit.record(
        session,
        "run.watching_set",
        by=by.person_id,
        now=now,
        subject=("run", run.id),
        details={"course": material.title, "from": before.as_document(), "to": after.as_document()},
    )
