"""What somebody is in the course that they come from: never more than the role itself says.

Roles are full URIs (CORE A.2) or, of a context, short names. What is not known gives nothing, and a
role of the platform's own administration is none of ours.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import Final

_CONTEXT: Final = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
_STAFF: Final = frozenset({"Instructor", "ContentDeveloper", "Administrator"})
_LEARNERS: Final = frozenset({"Learner", "Member"})


class Part(Enum):
    """What somebody does in a course."""

    #: Teaches it or puts it together: may choose what is linked.
    STAFF = "staff"
    #: Learns.
    LEARNER = "learner"
    #: Looks on; the least that anybody gets.
    GUEST = "guest"


def part(roles: Iterable[str]) -> Part:
    """Return the highest part that roles of a context give."""
    names = {role.removeprefix(_CONTEXT) for role in roles}
    if names & _STAFF:
        return Part.STAFF
    return Part.LEARNER if names & _LEARNERS else Part.GUEST
