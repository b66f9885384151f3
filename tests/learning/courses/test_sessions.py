"""A session of launched content: its token, its first words, its end."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.learning.sessions.models import XapiSession
from app.learning.statements.models import XapiStatement
from tests.learning.courses.conftest import Take
from tests.learning.coursing import Taking, block, decoded, unit
from xapi.cmi5 import words
from xapi.cmi5.words import Verb


def told(taking: Taking) -> list[dict]:
    """Return the statements of a registration, in their order."""
    rows = taking.session.scalars(sa.select(XapiStatement.text).order_by(XapiStatement.seq))
    found = [json.loads(text) for text in rows]
    registration = str(taking.attempt.id)
    return [each for each in found if each["context"]["registration"] == registration]


def verbs(taking: Taking) -> list[str]:
    return [each["verb"]["id"].rpartition("/")[2] for each in told(taking)]


@pytest.mark.requirement("CON-08")
def test_a_unit_is_launched_prepared_completed_and_ended(take: Take) -> None:
    taking = take(unit(1, mastery_score=0.8, launch_parameters="a=1", entitlement_key="k"))
    content = taking.open()
    content.begin()
    assert content.data["masteryScore"] == 0.8
    assert content.data["launchMode"] == "Normal"
    assert content.data["moveOn"] == "CompletedOrPassed"
    assert content.data["launchParameters"] == "a=1"
    assert content.data["entitlementKey"] == {"courseStructure": "k"}
    assert content.judge(0.9).status_code == 204
    assert content.end(40).status_code == 204
    assert verbs(taking) == ["launched", "initialized", "passed", "satisfied", "terminated"]
    attempt = taking.attempt
    assert (attempt.status, attempt.score, attempt.progress) == ("passed", 90.0, 1.0)


def test_a_launch_is_told_with_all_that_it_was(take: Take) -> None:
    taking = take(unit(1, mastery_score=0.8, launch_parameters="a=1", url="x.html?lang=ja#top"))
    content = taking.open()
    [launched] = told(taking)
    extensions = launched["context"]["extensions"]
    assert extensions[words.MASTERY_SCORE] == 0.8
    assert extensions[words.LAUNCH_MODE] == "Normal"
    assert extensions[words.MOVE_ON] == "CompletedOrPassed"
    assert extensions[words.LAUNCH_PARAMETERS] == "a=1"
    url = extensions[words.LAUNCH_URL]
    assert url.endswith("/x.html?lang=ja#top")
    assert "key=" not in url
    assert content.address.startswith(url.removesuffix("#top"))
    assert content.address.endswith("#top")
    assert launched["object"]["id"] == content.said("activityId") != unit().id
    assert launched["actor"]["account"]["name"] == str(taking.owner.person_id)
    assert "name" not in launched["actor"]


def test_a_token_is_given_once(take: Take) -> None:
    content = take().open()
    assert decoded(content.fetch()["auth-token"]).startswith("session-")
    again = content.fetch()
    assert again["error-code"] == "1"
    assert "auth-token" not in again
    assert content.launch_data().status_code == 200


def test_a_fetch_address_that_is_none_says_so_and_no_more(take: Take) -> None:
    content = take().open()
    response = content.web.post("/xapi/fetch?key=guessed")
    assert response.status_code == 200
    assert response.content_type == "application/json"
    assert response.get_json()["error-code"] == "2"
    assert content.web.get("/xapi/fetch?key=guessed").status_code in (400, 405)


@pytest.mark.parametrize("token", ["", "eDp5", "c2Vzc2lvbi1ub3RoaW5nOng="])
def test_a_token_that_is_none_opens_nothing(take: Take, token: str) -> None:
    content = take().open()
    content.token = token
    response = content.launch_data()
    assert response.status_code == 401
    assert "WWW-Authenticate" not in response.headers


def test_a_token_opens_nothing_once_its_time_is_over(take: Take, session) -> None:
    content = take().open().prepare()
    row = session.scalars(sa.select(XapiSession)).one()
    row.expires_at = row.launched_at - timedelta(seconds=1)
    session.flush()
    response = content.launch_data()
    assert response.status_code == 401
    assert response.get_json()["type"] == "urn:kenshu:session_expired"


def test_what_is_sent_again_is_acknowledged_again_and_counts_once(take: Take) -> None:
    taking = take()
    content = taking.open().begin()
    statement = content.statement(Verb.COMPLETED, completion=True, duration="PT1S")
    assert content.send(statement).status_code == 204
    assert content.send(statement).status_code == 204
    last = content.statement(Verb.TERMINATED, duration="PT5S")
    assert content.send(last).status_code == 204
    assert content.send(last).status_code == 204
    assert content.send(statement).status_code == 403
    assert verbs(taking) == ["launched", "initialized", "completed", "satisfied", "terminated"]


def test_another_statement_of_the_same_id_is_refused_and_changes_nothing(take: Take) -> None:
    taking = take()
    content = taking.open().begin()
    first = content.statement("https://example.jp/verbs/saw")
    assert content.send(first).status_code == 204
    other = content.statement(Verb.COMPLETED, completion=True, duration="PT1S")
    assert content.send({**other, "id": first["id"]}).status_code == 409
    taking.session.rollback()


def test_a_batch_is_judged_in_its_order_and_kept_whole_or_not_at_all(take: Take) -> None:
    taking = take()
    content = taking.open().begin()
    good = content.statement(Verb.COMPLETED, completion=True, duration="PT1S")
    bad = content.statement(Verb.COMPLETED, completion=True, duration="PT1S")
    response = content.ask("POST", "/statements", [good, bad])
    assert response.status_code == 403
    told_of = response.get_json()
    assert (told_of["rule"], told_of["clause"]) == ("verb_twice", "cmi5 9.3")
    taking.session.expire_all()


def test_a_new_launch_abandons_the_session_before(take: Take) -> None:
    taking = take()
    first = taking.open().begin()
    second = taking.open().begin()
    assert verbs(taking) == ["launched", "initialized", "abandoned", "launched", "initialized"]
    assert told(taking)[2]["context"]["extensions"][words.SESSION] == first.session_id
    assert first.complete().status_code == 403
    assert first.launch_data().status_code in (401, 403)
    assert second.complete().status_code == 204


def test_blocks_and_the_course_are_satisfied_once_each(take: Take) -> None:
    taking = take(block(1, unit(1), block(2, unit(2))), unit(3, move_on="NotApplicable"))
    taking.open("u2").begin().complete()
    assert verbs(taking)[-2:] == ["completed", "satisfied"]
    inner = told(taking)[-1]
    assert inner["object"]["definition"]["type"] == words.BLOCK_TYPE
    taking.open("u1").begin().complete()
    said = told(taking)
    assert [each["object"]["definition"]["type"] for each in said[-2:]] == [
        words.BLOCK_TYPE,
        words.COURSE_TYPE,
    ]
    assert verbs(taking).count("satisfied") == 3
    assert taking.attempt.status == "completed"


def test_what_asks_for_nothing_is_satisfied_at_the_first_launch(take: Take) -> None:
    taking = take(unit(1, move_on="NotApplicable"))
    taking.launch()
    assert verbs(taking) == ["satisfied"]
    assert told(taking)[0]["object"]["definition"]["type"] == words.COURSE_TYPE
    assert taking.attempt.status == "completed"


def test_a_failed_unit_can_be_passed_in_another_session(take: Take) -> None:
    taking = take(unit(1, move_on="Passed", mastery_score=0.8))
    first = taking.open().begin()
    assert first.judge(0.5, passed=False).status_code == 204
    assert first.judge(0.9).status_code == 403
    assert taking.attempt.status == "failed"
    first.end()
    assert taking.open().begin().judge(0.9).status_code == 204
    assert (taking.attempt.status, taking.attempt.score) == ("passed", 90.0)


def test_what_is_done_is_opened_to_review(take: Take) -> None:
    taking = take()
    taking.open().begin().complete()
    content = taking.open().prepare()
    assert content.data["launchMode"] == "Review"
    assert content.say(Verb.INITIALIZED).status_code == 204
    response = content.complete()
    assert response.status_code == 403
    assert response.get_json()["rule"] == "mode"


def test_of_the_time_no_more_counts_than_has_passed(take: Take) -> None:
    taking = take()
    content = taking.open().begin()
    content.end(seconds=36_000)
    assert taking.attempt.seconds < 60


def test_a_course_without_rules_takes_what_its_content_says(take: Take) -> None:
    taking = take(unit(1), scheme="tincan")
    content = taking.open()
    assert content.said("activity_id") == unit().id
    content.token = content.said("auth").removeprefix("Basic ")
    said = {
        "actor": content.actor,
        "verb": {"id": str(Verb.PASSED)},
        "object": {"id": unit().id},
        "result": {"success": True, "score": {"raw": 7, "min": 0, "max": 10}},
        "context": {"registration": content.said("registration")},
    }
    assert content.ask("POST", "/statements", said).status_code == 200
    assert (taking.attempt.status, taking.attempt.score) == ("passed", 70.0)
    other = {**said, "actor": {"mbox": "mailto:other@example.jp"}}
    assert content.ask("POST", "/statements", other).status_code == 403
    nobodys = {**said, "context": {}}
    assert content.ask("POST", "/statements", nobodys).get_json()["rule"] == "registration"
