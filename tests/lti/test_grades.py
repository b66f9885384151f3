"""Scores: where they belong, and how they are written."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta, timezone
from typing import Any

import pytest

from lti import grades
from lti.grades import LINE_ITEM, SCORE, Score, Wanted
from lti.services import ServiceRefused
from tests.lti.made import NOW
from tests.lti.services import Services

JAPAN = timezone(timedelta(hours=9))
WANTED = Wanted("安全研修", "material-7", "link-1")
DONE = Score(
    "person-1", (NOW + timedelta(microseconds=1234)).astimezone(JAPAN), "Completed", "FullyGraded"
)


def sent(services: Services, path: str) -> dict[str, Any]:
    """Return the last document that was sent to a path."""
    found = [each for each in services.asked if each.path == path and each.method == "POST"]
    document: dict[str, Any] = json.loads(found[-1].body)
    return document


def test_a_score_goes_to_its_line_item_with_its_time_to_the_microsecond(
    platform_services: Services,
) -> None:
    platform_services.answers_with("POST /items/3/scores", "")
    score = Score("person-1", DONE.at, "Completed", "FullyGraded", given=0.0, maximum=50)
    grades.send(platform_services.connector(), f"{platform_services.origin}/items/3", score)
    assert sent(platform_services, "/items/3/scores") == {
        "userId": "person-1",
        "timestamp": "2026-11-23T04:00:00.001234Z",
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
        "scoreGiven": 0.0,
        "scoreMaximum": 50,
    }
    headers = platform_services.asked[-1].headers
    assert headers["Content-Type"] == "application/vnd.ims.lis.v1.score+json"
    assert platform_services.scopes() == [SCORE], "no more is asked for than is needed"
    assert score.is_final


def test_what_is_done_without_a_score_has_neither_score_nor_maximum(
    platform_services: Services,
) -> None:
    platform_services.answers_with("POST /items/3/scores", "")
    grades.send(platform_services.connector(), f"{platform_services.origin}/items/3", DONE)
    assert not {"scoreGiven", "scoreMaximum"} & sent(platform_services, "/items/3/scores").keys()


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("/lineitem?type_id=1", "/lineitem/scores?type_id=1"),
        ("/lineitem/?a=1&b=?", "/lineitem/scores?a=1&b=?"),
        ("/lineitem/", "/lineitem/scores"),
    ],
)
def test_an_address_keeps_its_query(platform_services: Services, address: str, path: str) -> None:
    platform_services.answers_with(f"POST {path}", "")
    grades.send(platform_services.connector(), platform_services.origin + address, DONE)
    assert platform_services.asked[-1].path == path


def test_a_stale_score_is_told_from_one_that_is_wrong(platform_services: Services) -> None:
    def refused(call: Callable[[], object]) -> str:
        with pytest.raises(ServiceRefused) as told:
            call()
        return told.value.code

    connector, address = platform_services.connector(), f"{platform_services.origin}/items/3"
    platform_services.answers_with("POST /items/3/scores", "earlier timestamp", status=409)
    assert refused(lambda: grades.send(connector, address, DONE)) == "service_stale"
    platform_services.answers_with("POST /items/3/scores", "no such user", status=400)
    assert refused(lambda: grades.send(connector, address, DONE)) == "service_refused"


def test_a_links_line_item_is_found_on_any_page(platform_services: Services) -> None:
    origin = platform_services.origin
    platform_services.answers_with(
        "GET /items", [{"id": f"{origin}/1", "resourceLinkId": "link-0"}, "no item"],
        Link=f'<{origin}/items?Page=B>; rel="next"',
    )  # fmt: skip
    found = {"id": f"{origin}/2", "resourceLinkId": "link-1", "label": "x", "scoreMaximum": 1}
    platform_services.answers_with("GET /items?Page=B", [found])
    connector = platform_services.connector()
    assert grades.find_or_create(connector, f"{origin}/items", WANTED) == f"{origin}/2"
    assert platform_services.scopes() == [LINE_ITEM]


def test_pages_that_lead_in_a_circle_come_to_an_end(platform_services: Services) -> None:
    origin = platform_services.origin
    platform_services.answers_with("GET /items", [], Link=f'<{origin}/items>; rel="next"')
    platform_services.answers_with("POST /items", {"id": f"{origin}/9", "scoreMaximum": 100})
    connector = platform_services.connector()
    assert grades.find_or_create(connector, f"{origin}/items", WANTED) == f"{origin}/9"
    assert sent(platform_services, "/items") == {
        "label": "安全研修",
        "scoreMaximum": 100.0,
        "resourceId": "material-7",
        "resourceLinkId": "link-1",
    }


def test_a_line_item_without_an_address_is_none(platform_services: Services) -> None:
    platform_services.answers_with("GET /items", [])
    platform_services.answers_with("POST /items", {"label": "x"})
    connector = platform_services.connector()
    with pytest.raises(ServiceRefused):
        grades.find_or_create(connector, f"{platform_services.origin}/items", WANTED)


@pytest.mark.parametrize(
    ("endpoint", "expected"),
    [
        ({"scope": [SCORE], "lineitem": "https://p/1"}, True),
        ({"scope": [SCORE, LINE_ITEM], "lineitems": "https://p/"}, True),
        ({"scope": [SCORE], "lineitems": "https://p/"}, False),
        ({"scope": [SCORE, LINE_ITEM], "lineitems": 7, "lineitem": 7}, False),
        ({"scope": [LINE_ITEM], "lineitem": "https://p/1"}, False),
        ({"scope": "all", "lineitem": "https://p/1"}, False),
        ({}, False),
    ],
)
def test_a_launch_says_whether_scores_are_wanted(endpoint: dict[str, Any], expected: bool) -> None:
    assert grades.can_score(endpoint) is expected
