"""The worker is asked to forward: by what is kept, and by the round where nobody has asked."""

from __future__ import annotations

import redis
import rq

from app.kernel import clock, jobs
from tests.learning import stating
from tests.learning.forwarding import made
from workers import schedule, tasks
from workers.workshop import Workshop


def asked(connection: redis.Redis) -> list[str]:
    """Return the tasks that wait in the queue, and take them out."""
    queue = rq.Queue(jobs.QUEUE, connection=connection)
    found = [job.func_name.rpartition(".")[2] for job in queue.jobs]
    queue.empty()
    return found


def test_what_is_kept_asks_for_a_worker_and_the_round_where_none_has_come(
    queued_shop: Workshop, connection: redis.Redis
) -> None:
    with queued_shop.database.unit_of_work() as session:
        row = made.active(session, queued_shop.settings)
    assert asked(connection) == ["forward"]  # what is approved may be waited for
    schedule.nudge_waiting(queued_shop, clock.now())
    assert asked(connection) == []
    with queued_shop.database.unit_of_work() as session:
        stating.told(session, stating.said())
        session.merge(row).next_at = clock.now()
    asked(connection)
    schedule.nudge_waiting(queued_shop, clock.now())
    schedule.nudge_waiting(queued_shop, clock.now())
    assert asked(connection) == ["forward"]
    assert callable(tasks.forward)
