"""Courses that speak xAPI, and content of theirs that does as cmi5 asks, or not."""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.content.materials import queries as materials
from app.content.materials.models import Version
from app.kernel.settings import Settings
from app.learning.courses import service as courses
from app.learning.owners.models import Owner
from app.learning.player import access
from app.learning.player import service as player
from app.learning.player.access import Launch, Visit
from app.learning.records.access import Assigned
from app.learning.records.models import Attempt
from tests import factories
from tests.learning import made
from xapi.cmi5 import course as pure
from xapi.cmi5 import words
from xapi.cmi5.course import Block, Course, Unit
from xapi.cmi5.words import Verb

HOME = "https://author.example.jp"


def unit(at: int = 1, **facts: Any) -> Unit:
    """Return a unit, at a place."""
    told = {
        "id": f"{HOME}/unit/{at}",
        "title": {"ja": f"項目 {at}", "en": f"Unit {at}"},
        "description": {"ja": "説明"},
        "url": "index.html",
        "move_on": "CompletedOrPassed",
        **facts,
    }
    return Unit(key=f"u{at}", **told)


def block(at: int, *children: Unit | Block) -> Block:
    """Return a block, at a place."""
    return Block(f"b{at}", f"{HOME}/block/{at}", {"ja": f"章 {at}"}, {"ja": "説明"}, children)


def course(*children: Unit | Block, scheme: Any = "cmi5") -> Course:
    """Return a course of these; of one unit where none are said."""
    title, description = {"ja": "講座", "en": "Course"}, {"ja": "説明"}
    return Course(scheme, f"{HOME}/course", title, description, children or (unit(),))


def version(
    session: Session, *children: Unit | Block, scheme: Any = "cmi5", sha256: str = "0" * 64
) -> Version:
    """Make a material by somebody, with one published version of these."""
    material = factories.material(
        session,
        factories.person(session),
        manifest=pure.to_document(course(*children, scheme=scheme)),
        edition=scheme,
        sha256=sha256,
    )
    return session.scalars(sa.select(Version).where(Version.material_id == material.id)).one()


@dataclass
class Content:
    """What was launched: it knows what its address says, and speaks with its token."""

    web: FlaskClient
    address: str
    token: str = ""
    data: dict[str, Any] = field(default_factory=dict)

    def said(self, name: str) -> str:
        """Return a parameter of the launch address."""
        return parse_qs(urlsplit(self.address).query)[name][0]

    @property
    def actor(self) -> Any:
        return json.loads(self.said("actor"))

    @property
    def session_id(self) -> str:
        found: str = self.data["contextTemplate"]["extensions"][words.SESSION]
        return found

    def fetch(self) -> Any:
        """Ask for the token."""
        response = self.web.post(self.said("fetch"))
        assert response.status_code == 200
        told = response.get_json()
        self.token = told.get("auth-token", self.token)
        return told

    def ask(
        self, method: str, path: str, body: Any = None, *, of_type: str = "application/json",
        **params: Any,
    ) -> TestResponse:  # fmt: skip
        """Ask the record store."""
        headers = {"X-Experience-API-Version": "1.0.3", "Authorization": f"Basic {self.token}"}
        if body is not None:
            headers["Content-Type"] = of_type
        asked = {k: v if isinstance(v, str) else json.dumps(v) for k, v in params.items()}
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        address = f"{self.said('endpoint').rstrip('/')}{path}"
        return self.web.open(
            address, method=method, query_string=asked, headers=headers, data=data, buffered=True
        )

    def launch_data(self) -> TestResponse:
        """Ask for the launch data."""
        return self.ask(
            "GET", "/activities/state", stateId=words.LAUNCH_DATA, agent=self.actor,
            activityId=self.said("activityId"), registration=self.said("registration"),
        )  # fmt: skip

    def preferences(self) -> TestResponse:
        """Ask for what the learner likes."""
        return self.ask("GET", "/agents/profile", profileId=words.PREFERENCES, agent=self.actor)

    def prepare(self) -> Content:
        """Do all that content must do before it says its first word."""
        assert "auth-token" in self.fetch()
        self.data = self.launch_data().get_json()
        assert self.preferences().status_code == 200
        return self

    def begin(self) -> Content:
        """Be ready."""
        self.prepare()
        assert self.say(Verb.INITIALIZED).status_code == 204
        return self

    def statement(self, verb: Verb | str, **result: Any) -> dict[str, Any]:
        """Return a statement of this launch: as cmi5 defines it, of one of its verbs."""
        context = json.loads(json.dumps(self.data["contextTemplate"]))
        context["registration"] = self.said("registration")
        if isinstance(verb, Verb):
            categories = [words.CATEGORY]
            if {"success", "completion"} & result.keys():
                categories.append(words.MOVE_ON_CATEGORY)
            context["contextActivities"]["category"] = [{"id": each} for each in categories]
        if "score" in result and "masteryScore" in self.data:
            context["extensions"][words.MASTERY_SCORE] = self.data["masteryScore"]
        told = {
            "id": str(uuid.uuid4()),
            "actor": self.actor,
            "verb": {"id": str(verb)},
            "object": {"id": self.said("activityId")},
            "context": context,
            "timestamp": datetime.now(UTC).isoformat().replace("+00:00", "Z"),
        }
        return {**told, "result": result} if result else told

    def send(self, statement: Mapping[str, Any]) -> TestResponse:
        """Send a statement under its id."""
        return self.ask("PUT", "/statements", dict(statement), statementId=statement["id"])

    def say(self, verb: Verb | str, **result: Any) -> TestResponse:
        """Say something."""
        return self.send(self.statement(verb, **result))

    def complete(self, seconds: int = 30) -> TestResponse:
        """Say that all was seen."""
        return self.say(Verb.COMPLETED, completion=True, duration=f"PT{seconds}S")

    def judge(self, scaled: float, *, passed: bool = True) -> TestResponse:
        """Say how the learner has done."""
        verb = Verb.PASSED if passed else Verb.FAILED
        return self.say(verb, success=passed, score={"scaled": scaled}, duration="PT20S")

    def end(self, seconds: int = 60) -> TestResponse:
        """Say the last word."""
        return self.say(Verb.TERMINATED, duration=f"PT{seconds}S")


@dataclass
class Taking:
    """Somebody who takes a course."""

    session: Session
    web: FlaskClient
    settings: Settings
    course: Version
    now: datetime
    assignment_id: uuid.UUID = field(default_factory=uuid.uuid4)
    owner: Owner | None = None

    def launch(self) -> Launch:
        """Launch the course, or go on with it; return what the token says."""
        self.owner = self.owner or Owner(factories.person(self.session).id)
        address = player.launch(
            self.session,
            Assigned(self.course.material_id, self.assignment_id),
            materials.published(self.session, self.course.material_id),
            Visit(self.owner, "ja", "/"),
            now=self.now,
            settings=self.settings,
        )
        parts = urlsplit(address)
        return access.read(self.settings, parts.path.split("/")[1], parts.netloc)

    def open(self, key: str = "u1", mode: str | None = None) -> Content:
        """Open a unit of a new launch."""
        opened = courses.open_unit(
            self.session, self.launch(), key, now=self.now, settings=self.settings, mode=mode
        )
        self.session.flush()
        return Content(self.web, opened.address)

    @property
    def attempt(self) -> Attempt:
        """The attempt, as it is in the database now."""
        rows = sa.select(Attempt).order_by(Attempt.created_at.desc(), Attempt.id.desc())
        mine = rows.where(Attempt.person_id == (self.owner or Owner()).person_id)
        found = self.session.scalars(mine.limit(1)).one()
        return made.attempt(self.session, found.id)


def decoded(token: str) -> str:
    """Return the name and the secret in a token."""
    return base64.b64decode(token).decode()
