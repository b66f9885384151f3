"""The only way to an assignment on someone's behalf, and whether it may be launched."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.errors import NotFound, Refused
from app.learning.records.access import Assigned
from app.training.enrolment import queries
from app.training.enrolment.models import Assignment, Enrolment
from app.training.enrolment.queries import Task
from app.training.enrolment.states import SEATED, EnrolmentState
from app.training.plans.models import Run
from app.training.plans.states import RunState
from app.training.viewing.queries import watched


def assignment_for(session: Session, actor: Actor, assignment_id: uuid.UUID) -> Task:
    """Return an assignment of the actor's own; raises NotFound for anybody else's.

    A run that is being prepared is not known to its learners yet.
    """
    row = session.execute(
        queries.tasks(
            Assignment.id == assignment_id,
            Enrolment.person_id == actor.known_id,
            Run.state != RunState.DRAFT,
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    return Task(*row)


def refusal(task: Task, now: datetime) -> Refused | None:
    """Return why a task cannot be launched now; None where it can."""
    if task.enrolment_state not in SEATED or task.enrolment_state == EnrolmentState.SUSPENDED:
        return Refused("enrolment_revoked")
    is_open = task.run_state == RunState.OPEN
    if not (is_open or (task.is_extended and task.run_state == RunState.ENDED)):
        return Refused("run_not_open")
    if task.learn_from > clock.today(now):
        return Refused("launch_too_early")
    if task.ends_at is not None and task.ends_at < now:
        return Refused("launch_too_late")
    return None


def refuse_unless_launchable(task: Task, now: datetime) -> None:
    """Raise Refused with the reason why a task cannot be launched now, if there is one."""
    reason = refusal(task, now)
    if reason is not None:
        raise reason


def assigned_of(session: Session, assignment_id: uuid.UUID, now: datetime) -> Assigned | None:
    """Return what an assignment is now, for the wing that keeps its record.

    None for one that is not ours.
    """
    row = session.execute(
        queries.tasks(Assignment.id == assignment_id, Run.state != RunState.DRAFT)
    ).one_or_none()
    return None if row is None else of_task(Task(*row), now)


def of_task(task: Task, now: datetime) -> Assigned:
    """Return a task as the wing below takes it."""
    return Assigned(
        task.material_id,
        task.assignment_id,
        task.ends_at,
        group_id=task.run_item_id,
        extra_minutes=task.extra_minutes,
        back=f"/assignments/{task.assignment_id}",
        title=task.training,
        refusal=refusal(task, now),
        watching=watched(task),
    )
