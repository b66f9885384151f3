"""Who is in a course: ids and parts, from every page, and no names."""

from __future__ import annotations

from lti import roster
from lti.roles import Part
from lti.roster import SCOPE, Member
from tests.lti.made import INSTRUCTOR, LEARNER
from tests.lti.services import Services


def test_members_of_every_page_are_there_without_their_names(platform_services: Services) -> None:
    origin = platform_services.origin
    first = [
        {"user_id": "1", "roles": [INSTRUCTOR], "name": "研修 みほん", "email": "a@example.com"},
        {"user_id": "2", "roles": ["Learner", 7], "status": "Inactive"},
        {"user_id": "", "roles": [LEARNER]},
        {"roles": [LEARNER]},
        "nobody",
    ]
    following = f'<{origin}/members?Page=AbC2>; rel="next"'
    platform_services.answers_with("GET /members", {"members": first}, Link=following)
    second = [{"user_id": "3", "roles": [LEARNER], "status": "Active"}, {"user_id": "4"}]
    platform_services.answers_with("GET /members?Page=AbC2", {"members": second})
    found = roster.members(platform_services.connector(), f"{origin}/members")
    assert found == [
        Member("1", Part.STAFF, is_active=True),
        Member("2", Part.LEARNER, is_active=False),
        Member("3", Part.LEARNER, is_active=True),
        Member("4", Part.GUEST, is_active=True),
    ]
    assert "みほん" not in repr(found)
    assert platform_services.scopes() == [SCOPE]
    accept = platform_services.asked[-1].headers["Accept"]
    assert accept == "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"


def test_the_members_of_a_link_can_be_asked_for(platform_services: Services) -> None:
    platform_services.answers_with("GET /members?group=1&rlid=link-1", {"members": []})
    origin = platform_services.origin
    connector = platform_services.connector()
    assert roster.members(connector, f"{origin}/members?group=1", "link-1") == []


def test_what_is_no_list_of_members_is_none(platform_services: Services) -> None:
    connector = platform_services.connector()
    for said in ([], {"members": None}, ""):
        platform_services.answers_with("GET /members", said)
        assert roster.members(connector, f"{platform_services.origin}/members") == []


def test_pages_that_lead_in_a_circle_come_to_an_end(platform_services: Services) -> None:
    origin = platform_services.origin
    page = {"members": [{"user_id": "1"}]}
    platform_services.answers_with("GET /members", page, Link=f'<{origin}/members>; rel="next"')
    assert len(roster.members(platform_services.connector(), f"{origin}/members")) == 2
