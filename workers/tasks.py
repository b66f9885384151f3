"""What the queue may ask for: an id or nothing goes in, and the row says the rest."""

from __future__ import annotations

import uuid

from workers import carrying, forwarding, passing_back, performing
from workers.workshop import Workshop


def perform(job_id: str) -> None:
    """Do the job of that row, unless somebody else does it or it has ended."""
    performing.perform(Workshop.opened(), uuid.UUID(job_id))


def carry() -> None:
    """Carry all that waits in the outbox."""
    carrying.carry(Workshop.opened())


def pass_back() -> None:
    """Send all scores that wait for portals."""
    passing_back.pass_back(Workshop.opened())


def forward() -> None:
    """Send the statements that wait for other record stores."""
    forwarding.forward(Workshop.opened())
