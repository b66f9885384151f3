"""Scores that go back to a platform (AGS 2.0): where they belong, and one at a time.

The caller sees to it that the times of one learner's scores for one line item only grow (AGS
3.4.9), and that nothing that is not final follows what is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

from pylti1p3.assignments_grades import AssignmentsGradesService
from pylti1p3.grade import Grade
from pylti1p3.lineitem import LineItem

from lti.services import Connector, Pages, ServiceRefused

SCORE: Final = "https://purl.imsglobal.org/spec/lti-ags/scope/score"
LINE_ITEM: Final = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem"
#: Pages of line items that are turned over at most.
_PAGES: Final = 50


@dataclass(frozen=True)
class Score:
    """What somebody has reached, as a platform takes it."""

    #: Who, as the platform calls them.
    user_id: str
    at: datetime
    #: Initialized, Started, InProgress, Submitted, Completed.
    activity_progress: str
    #: FullyGraded, Pending, PendingManual, Failed, NotReady.
    grading_progress: str
    #: From 0 to `maximum`; None where there is none (yet).
    given: float | None = None
    maximum: float = 100.0

    @property
    def is_final(self) -> bool:
        """Whether nothing more is to come of it."""
        return self.grading_progress == "FullyGraded"


@dataclass(frozen=True)
class Wanted:
    """A line item as we would have it."""

    label: str
    #: What is learnt, and which link led there.
    resource_id: str
    resource_link_id: str
    maximum: float = 100.0


def can_score(endpoint: Mapping[str, Any]) -> bool:
    """Whether a launch's claim lets us send scores, and says or lets us make where."""
    scopes = endpoint.get("scope")
    if not isinstance(scopes, list) or SCORE not in scopes:
        return False
    return bool(line_item(endpoint)) or (
        LINE_ITEM in scopes and isinstance(endpoint.get("lineitems"), str)
    )


def line_item(endpoint: Mapping[str, Any]) -> str:
    """Return the address of the line item that a launch names; empty where it names none."""
    found = endpoint.get("lineitem")
    return found if isinstance(found, str) else ""


def find_or_create(connector: Connector, line_items: str, wanted: Wanted) -> str:
    """Return the address of a link's line item, which is made where there is none.

    Raises ServiceRefused.
    """
    service = _Service(connector, {"scope": [LINE_ITEM], "lineitems": line_items})
    item = LineItem()
    item.set_label(wanted.label).set_score_maximum(wanted.maximum)
    item.set_resource_id(wanted.resource_id).set_resource_link_id(wanted.resource_link_id)
    found = service.find_or_create_lineitem(item, find_by="resource_link_id").get_id()
    if not found:
        raise ServiceRefused("service_refused", said="a line item without an id")
    return found


def send(connector: Connector, address: str, score: Score) -> None:
    """Send a score to a line item. Raises ServiceRefused."""
    grade = Grade().set_user_id(score.user_id).set_timestamp(_written(score.at))
    grade.set_activity_progress(score.activity_progress)
    grade.set_grading_progress(score.grading_progress)
    if score.given is not None:
        grade.set_score_given(score.given).set_score_maximum(score.maximum)
    _Service(connector, {"scope": [SCORE], "lineitem": address}).put_grade(grade)


def _written(moment: datetime) -> str:
    """Return a moment with its fraction and its zone, as AGS 3.4.9 asks."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


class _Service(AssignmentsGradesService):
    """PyLTI1p3's service: its pages have an end, and addresses keep their queries."""

    def __init__(self, connector: Connector, endpoint: Any) -> None:
        super().__init__(connector, endpoint)
        self._pages = Pages(_PAGES)

    def get_lineitems_page(self, lineitems_url: str | None = None) -> tuple[list[Any], str | None]:
        items, following = super().get_lineitems_page(lineitems_url)
        return [item for item in items if isinstance(item, dict)], self._pages.turned(following)

    @staticmethod
    def _add_url_path_ending(url: str, url_path_ending: str) -> str:
        parts = urlsplit(url)
        return parts._replace(path=f"{parts.path.rstrip('/')}/{url_path_ending}").geturl()
