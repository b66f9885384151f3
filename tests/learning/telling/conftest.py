"""An attempt and a clock, and what the record store is told of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.content.materials.models import Version
from app.kernel.settings import Settings
from app.learning.activity_ids.service import activity_id
from app.learning.records.models import Attempt
from app.learning.statements.models import XapiStatement
from app.learning.telling import service
from app.learning.turns.models import AttemptTold
from tests.learning import made
from tests.learning.made import Sitting
from xapi import statement


@dataclass
class Teller:
    """Who looks at one attempt when it is due, and reads what the store has of it."""

    session: Session
    settings: Settings
    attempt: Attempt
    read: int = 0
    last: list[dict[str, Any]] = field(default_factory=list)

    @property
    def row(self) -> AttemptTold:
        """What is noted of the attempt."""
        return self.session.get_one(AttemptTold, self.attempt.id, populate_existing=True)

    def at(self, now: datetime) -> list[str]:
        """Look at the attempt, if it is due; return what is new in the store: verb and thing."""
        row = service.claim(self.session, self.attempt.id, now)
        count = service.tell(self.session, row, self.settings, now=now) if row else 0
        self.session.flush()
        texts = self.session.scalars(sa.select(XapiStatement.text).order_by(XapiStatement.seq))
        self.last = [json.loads(text) for text in texts][self.read :]
        self.read += count
        assert len(self.last) == count
        for each in self.last:
            statement.check(each, statement.Version.OLD)
            assert each["context"]["registration"] == str(self.attempt.id)
        return [f"{_verb(each)} {self.names.get(each['object']['id'], '')}" for each in self.last]

    @property
    def names(self) -> dict[str, str]:
        """What the parts of the material are called, by their IRIs."""
        version = self.session.get_one(Version, self.attempt.version_id)
        home, material = self.settings.office_origin, version.material_id
        known = {activity_id(home, material, name): name for name in ("A", "B")}
        asked = {f"{iri}/interactions/{q}": f"{name}/{q}"
                 for iri, name in known.items() for q in ("q0", "q1", "1")}  # fmt: skip
        return {**known, **asked, activity_id(home, material, ""): "course"}

    def one(self, verb: str) -> dict[str, Any]:
        """Return the one statement of the last look with this verb."""
        [found] = [each for each in self.last if _verb(each) == verb]
        return found

    def times(self) -> list[datetime]:
        """Return when the statements of the last look say that they came about."""
        return [datetime.fromisoformat(each["timestamp"]) for each in self.last]


def _verb(said: dict[str, Any]) -> str:
    return str(said["verb"]["display"]["en"])


Open = Callable[..., tuple[Sitting, Teller]]


@pytest.fixture
def begin(session: Session, settings: Settings, now: datetime) -> Open:
    """Launch a course of these items for somebody."""

    def do(*items: Any, **facts: Any) -> tuple[Sitting, Teller]:
        sitting = made.launched(session, made.version(session, *items, **facts), now)
        return sitting, Teller(session, settings, sitting.attempt)

    return do


def pass_time(sitting: Sitting, minutes: float) -> datetime:
    """Have time go by for who sits, and return what it is then."""
    sitting.now += timedelta(minutes=minutes)
    return sitting.now
