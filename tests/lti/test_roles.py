"""Roles give what they say in a course, and nothing more."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest

from lti.roles import Part, part
from tests.lti.made import INSTRUCTOR, LEARNER, REGISTRATION

LIS = "http://purl.imsglobal.org/vocab/lis/v2/"


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        ([INSTRUCTOR], Part.STAFF),
        ([INSTRUCTOR, f"{LIS}institution/person#Staff", "Other"], Part.STAFF),
        (["Instructor"], Part.STAFF),
        ([f"{LIS}membership#ContentDeveloper"], Part.STAFF),
        ([LEARNER], Part.LEARNER),
        (["Learner"], Part.LEARNER),
        ([LEARNER, INSTRUCTOR], Part.STAFF),
        ([], Part.GUEST),
        ([""], Part.GUEST),
        ([f"{LIS}unknown/unknown#Helper"], Part.GUEST),
        # Of the whole platform, not of this course.
        ([f"{LIS}system/person#Administrator"], Part.GUEST),
        ([f"{LIS}institution/person#Instructor"], Part.GUEST),
        ([f"{LIS}membership/Instructor#Grader"], Part.GUEST),
        (["instructor"], Part.GUEST),
    ],
)
def test_a_role_gives_what_it_says(roles: list[str], expected: Part) -> None:
    assert part(roles) is expected


def test_an_agreement_knows_the_hosts_of_its_addresses() -> None:
    found = replace(
        REGISTRATION,
        id=uuid.UUID(int=3),
        issuer="not an address",
        key_set_url="https://Keys.example.com:8443/set",
        more_hosts=("files.example.com",),
        auth_audience="https://audience.example.com",
    )
    assert found.hosts == {"platform.example.com", "keys.example.com", "files.example.com"}
    assert found.as_library().get_auth_audience() == "https://audience.example.com"
