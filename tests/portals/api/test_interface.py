"""Courses imported and launched by another system, and what it is told of its learners."""

from __future__ import annotations

import uuid
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app import factory
from app.content.materials.models import Material, Version
from app.kernel.db import Database
from app.kernel.settings import Settings
from app.learning.courses.service import RETURNED
from app.learning.records.models import Attempt
from tests import apps
from tests.learning.coursing import Content
from tests.learning.made import origin
from tests.learning.player.conftest import Window
from tests.learning.player.test_views import setup_of
from tests.portals.api.conftest import ACTOR, System, made, package, structure
from xapi.cmi5.words import Verb

#: As long as it may be.
BACK = "https://other.example.jp/course?at=" + 465 * "7"


def content_of(told: dict, web: FlaskClient) -> Content:
    return Content(web, told["url"])


@pytest.mark.requirement("CON-08")
def test_a_course_is_imported_launched_completed_and_read(
    system: System, content_web: FlaskClient
) -> None:
    course = system.import_course(count=2)
    told = system.ask("GET", f"/courses/{course}").get_json()
    assert told["title"] == "講座"
    assert told["standard"] == "cmi5"
    assert [each["title"] for each in told["units"]] == ["項目 0", "項目 1"]
    first = system.launch(course)
    content = content_of(first, content_web)
    assert content.actor == ACTOR
    content.begin()
    assert content.judge(0.7).status_code == 204
    state = system.ask("GET", f"/registrations/{first['registration']}").get_json()
    assert state["status"] == "in_progress"
    assert [each["status"] for each in state["units"]] == ["passed", "not_started"]
    second = system.launch(course, unit=1)
    assert second["registration"] == first["registration"]
    assert second["session"] != first["session"]
    content_of(second, content_web).begin().complete()
    state = system.ask("GET", f"/registrations/{first['registration']}").get_json()
    assert (state["status"], state["score"], state["progress"]) == ("passed", 70.0, 1.0)
    assert state["completed"]


def test_a_structure_alone_is_imported_where_its_units_are_on_the_web(
    system: System, session: Session
) -> None:
    said = structure(url="https://author.example.jp/u.html?page=1").encode()
    response = system.ask("POST", "/courses?name=course.xml", said, "text/xml")
    assert response.status_code == 201, response.text
    assert [each["code"] for each in response.get_json()["findings"]] == ["unit_external"]
    version = session.scalars(sa.select(Version).order_by(Version.created_at.desc())).first()
    assert version.file_name == "course.xml"
    told = system.launch(response.get_json()["id"])
    assert told["url"].startswith("https://author.example.jp/u.html?page=1&endpoint=")


@pytest.mark.parametrize(
    ("content", "of_type", "status", "codes"),
    [
        (b"# no", "text/markdown", 415, None),
        (b"# no", "application/zip", 422, None),
        (structure().encode(), "text/xml", 422, ["address_alone"]),
        (structure(2, more='masteryScore="2"', url="https://a.example/").encode(), "text/xml", 422,
         ["value_not_allowed", "value_not_allowed", "unit_external", "unit_external"]),
    ],
)  # fmt: skip
def test_what_cannot_be_launched_is_refused_and_nothing_is_kept(
    system: System, session: Session, settings: Settings, content: bytes, of_type: str, status: int,
    codes: list[str] | None,
) -> None:  # fmt: skip
    response = system.ask("POST", "/courses", content, of_type)
    assert response.status_code == status
    told = response.get_json()
    assert told["title"]
    assert told["detail"]
    if codes is not None:
        assert [each["code"] for each in told["findings"]] == codes
        assert all(each["what"] and each["mending"] for each in told["findings"])
    assert session.scalar(sa.select(sa.func.count()).select_from(Material)) == 0
    assert not settings.uploads.is_dir() or list(settings.uploads.iterdir()) == []


def test_a_registration_may_be_named_and_is_gone_on_with(system: System, session: Session) -> None:
    course, key = system.import_course(), str(uuid.uuid4())
    assert system.launch(course, registration=key)["registration"] == key
    assert system.launch(course, registration=key)["registration"] == key
    other = system.launch(course, registration=str(uuid.uuid4()))
    assert other["registration"] != key
    attempts = session.scalars(sa.select(Attempt).order_by(Attempt.number)).all()
    assert [attempt.ended_at is None for attempt in attempts] == [False, True]
    assert system.launch(course)["registration"] == other["registration"]


def test_a_registration_of_somebody_else_is_taken(
    system: System, api_web: FlaskClient, session: Session
) -> None:
    course = system.import_course()
    key = system.launch(course)["registration"]
    asked = {"actor": {"account": {**ACTOR["account"], "name": "8"}}, "registration": key}
    response = system.ask("POST", f"/courses/{course}/launches", asked)
    assert response.status_code == 409
    stranger = made(api_web, session, "content")
    asked = {"actor": ACTOR, "registration": key}
    assert stranger.ask("POST", f"/courses/{course}/launches", asked).status_code == 409
    assert stranger.ask("GET", f"/registrations/{key}").status_code == 404
    assert stranger.ask("POST", f"/registrations/{key}/reset").status_code == 404


def test_the_same_agent_of_two_systems_is_two_learners(
    system: System, api_web: FlaskClient, session: Session
) -> None:
    course = system.import_course()
    stranger = made(api_web, session, "content")
    assert system.launch(course)["registration"] != stranger.launch(course)["registration"]


@pytest.mark.parametrize("mode", ["Browse", "Review"])
def test_a_mode_may_be_asked_for(system: System, content_web: FlaskClient, mode: str) -> None:
    content = content_of(system.launch(system.import_course(), launchMode=mode), content_web)
    content.begin()
    assert content.data["launchMode"] == mode
    assert content.complete().status_code == 403
    assert content.end().status_code == 204


def test_a_unit_is_waived_once(system: System, content_web: FlaskClient) -> None:
    course = system.import_course()
    told = system.launch(course)
    path = f"/registrations/{told['registration']}"
    for _ in range(2):
        asked = {"unit": 0, "reason": "Administrative"}
        assert system.ask("POST", f"{path}/waivers", asked).status_code == 204
    assert system.ask("GET", path).get_json()["status"] == "completed"
    assert system.ask("POST", f"{path}/waivers", {"unit": 3, "reason": "x"}).status_code == 404
    assert system.ask("POST", f"{path}/waivers", {"unit": 0, "reason": " "}).status_code == 400


def test_a_session_is_abandoned_and_says_no_more(system: System, content_web: FlaskClient) -> None:
    told = system.launch(system.import_course())
    content = content_of(told, content_web).begin()
    for _ in range(2):
        path = f"/sessions/{told['session']}/abandonment"
        assert system.ask("POST", path).status_code == 204
    assert content.say(Verb.COMPLETED, completion=True, duration="PT1S").status_code == 403
    assert content.launch_data().status_code == 403
    assert system.ask("POST", f"/sessions/{uuid.uuid4()}/abandonment").status_code == 404


def test_after_a_reset_the_next_launch_begins_anew(
    system: System, content_web: FlaskClient
) -> None:
    course = system.import_course()
    told = system.launch(course)
    content_of(told, content_web).begin().complete()
    assert system.ask("POST", f"/registrations/{told['registration']}/reset").status_code == 204
    again = system.launch(course)
    assert again["registration"] != told["registration"]
    assert content_of(again, content_web).begin().complete().status_code == 204


def test_what_is_out_of_use_cannot_be_launched(system: System) -> None:
    course = system.import_course()
    for _ in range(2):
        assert system.ask("DELETE", f"/courses/{course}").status_code == 204
    assert system.ask("GET", f"/courses/{course}").get_json()["archived"] is True
    response = system.ask("POST", f"/courses/{course}/launches", {"actor": ACTOR})
    assert response.status_code == 422


@pytest.mark.parametrize("asked", [{"returnUrl": BACK}, {}])
def test_who_is_launched_is_led_back_to_where_the_system_says(
    system: System, content_web: FlaskClient, settings: Settings, database: Database,
    asked: dict[str, str],
) -> None:  # fmt: skip
    course = system.import_course()
    content = content_of(system.launch(course, **asked), content_web).begin()
    told = system.launch(course, unit=None, **asked)
    player = apps.lent(factory.create_content_app, settings, database).test_client()
    page = Window(player, told["url"], uuid.UUID(told["registration"]))
    ours = f"{origin(told['url'])}/{RETURNED}"
    assert content.data["returnURL"] == asked.get("returnUrl", ours)
    assert setup_of(page)["back"] == asked.get("returnUrl", "")


def test_without_a_unit_the_page_of_the_course_is_opened(system: System) -> None:
    path = f"/courses/{system.import_course()}/launches"
    told = system.ask("POST", path, {"actor": ACTOR}).get_json()
    assert told["session"] is None
    assert urlsplit(told["url"]).path.endswith("/course")


@pytest.mark.parametrize(
    ("asked", "place"),
    [
        ({}, "actor"),
        ({"actor": {"mbox": "mailto:a@example.jp"}}, "actor.account"),
        ({"actor": {"account": {}}}, "actor.account.homePage"),
        ({"actor": ACTOR, "unit": -1}, "unit"),
        ({"actor": ACTOR, "unit": True}, "unit"),
        ({"actor": ACTOR, "registration": "7"}, "registration"),
        ({"actor": ACTOR, "launchMode": "normal"}, "launchMode"),
        ({"actor": ACTOR, "language": "日本語"}, "language"),
        ({"actor": ACTOR, "returnUrl": "javascript:alert(1)"}, "returnUrl"),
        ({"actor": ACTOR, "returnUrl": "https:///course"}, "returnUrl"),
        ({"actor": ACTOR, "returnUrl": "https://[other/course"}, "returnUrl"),
        ({"actor": ACTOR, "returnUrl": "/course"}, "returnUrl"),
        ({"actor": ACTOR, "returnUrl": "https://other.example.jp/" + 476 * "x"}, "returnUrl"),
        ({"actor": ACTOR, "au": 0}, "au"),
        ([], ""),
    ],
)
def test_a_launch_that_is_not_understood_is_told_where(
    system: System, asked: object, place: str
) -> None:
    response = system.ask("POST", f"/courses/{system.import_course()}/launches", asked)
    assert response.status_code == 400
    assert response.get_json()["place"] == place


def test_a_client_needs_the_scope(api_web: FlaskClient, session: Session) -> None:
    other = made(api_web, session, "all")
    response = other.ask("POST", "/courses", package(), "application/zip")
    assert response.status_code == 403
    assert response.get_json()["type"] == "urn:kenshu:scope_needed"
    assert api_web.get(f"/api/v1/courses/{uuid.uuid4()}").status_code == 401


def test_a_system_that_may_import_may_not_read_the_record_store(system: System) -> None:
    assert system.web.get("/xapi/statements").status_code == 404


def test_what_is_launched_says_whose_it_is_and_no_more(
    system: System, content_web: FlaskClient
) -> None:
    named = {**ACTOR, "objectType": "Agent"}
    told = system.launch(system.import_course(), actor=named)
    assert set(parse_qs(urlsplit(told["url"]).query)) == {
        "endpoint", "fetch", "actor", "registration", "activityId",
    }  # fmt: skip
