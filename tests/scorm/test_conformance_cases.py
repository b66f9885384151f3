"""ADL's cases for SCORM 2004 4th Edition replayed on the engine: deliveries, calls and controls."""

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from scorm import manifest, runtime
from scorm.attempt import Attempt, Delivery
from scorm.course import Course, Shared
from scorm.launch import Launch
from scorm.navigation import parse_request
from scorm.structure import Item, walk
from tests.conformance import rules
from tests.scorm.suite import Doing, Shown, doing

SUITE = Path(__file__).resolve().parents[3] / "shared" / "conformance" / "scorm2004-cts"
CASES = sorted((SUITE / "cases").glob("*.json"))
#: A call before Initialize or after Terminate is the browser's to refuse, no data model's.
OUTSIDE_A_SESSION = ("122", "123", "132", "133")

Request = tuple[str, str | None]

pytestmark = pytest.mark.skipif(
    not SUITE.is_dir(), reason="ADL's test suite is not beside the checkout"
)


class DifferenceError(Exception):
    """The engine did something else than the case wants; the message says where and what."""


def course_of(package: str) -> Course:
    with zipfile.ZipFile(SUITE / "zips" / package) as archive:
        read = manifest.parse(archive.read("imsmanifest.xml"))
    assert read.organization is not None
    return Course.of(read.edition, read.organization)


def launch(item: Item) -> Launch:
    return Launch.of(item, learner_id="k-17", learner_name="学習者", language="", mode="normal")


class Player:
    """One learner with one case: launches its packages, makes its calls, does what it says."""

    def __init__(self, case: Mapping[str, Any], shared: Shared) -> None:
        self.case = case
        self.attempts = {
            package.removesuffix(".zip").rpartition("_")[2]: Attempt(
                course_of(package), {}, shared, log=[]
            )
            for package in case["packages"]
        }
        self.attempt = next(iter(self.attempts.values()))
        self.where = ""

    def play(self) -> None:
        """Go through the case; raises DifferenceError at the first difference."""
        start = self.case["instructions"]["start"]
        # What bears a package's name is launched, any other name is an item's to be chosen.
        is_launched = start == "." or start in self.attempts
        following: Request = (
            ("open", None) if is_launched else ("choice", self._identifiers()[start])
        )
        for activity in self.case["activities"]:
            self.where = activity["key"]
            item = self._deliver(following, activity["item"])
            self._look(activity["ui_checks"], item)
            for call in activity["calls"]:
                self._call(call, item)
            following = self._go_on(activity, item)

    def _differ(self, *what: object) -> DifferenceError:
        told = "\n".join(str(decision) for decision in (self.attempt.log or [])[-12:])
        return DifferenceError(f"{self.where}: {' '.join(map(str, what))}\n{told}")

    def _identifiers(self) -> dict[str, str]:
        course = self.attempt.course.organization
        titles = {item.title: item.identifier for item in walk(course.items)}
        return titles | {"": course.identifier}

    def _deliver(self, request: Request, expected: str) -> Item:
        found = self.attempt.navigate(*request, launch)
        if found.item is None or found.item.identifier != expected:
            raise self._differ(request, "is to deliver", expected, "and came to", found)
        return found.item

    def _look(self, checks: list[dict[str, Any]], item: Item) -> None:
        hidden = [control.lower() for control in item.hide_lms_ui]
        shown = Shown(self.attempt.controls(), item.identifier, hidden, self._identifiers())
        for check in checks:
            if shown.answers(check["control"], check["item_title"]) is not check["expect"]:
                raise self._differ(check, "but", shown.controls)

    def _call(self, call: Mapping[str, Any], item: Item) -> None:
        state = self.attempt.states[item.identifier]
        if call["call"] == "_compareObjectiveIds":
            ids = self._ids(state, "cmi.objectives")
            if set(ids) != set(call["expect_ids"]):
                raise self._differ(call, "but", ids)
        elif call["call"] in ("GetValue", "SetValue") and call["error"] not in OUTSIDE_A_SESSION:
            difference = rules.difference(call, *self._answer(call, item, state))
            if difference:
                raise self._differ(call, difference)

    def _answer(
        self, call: Mapping[str, Any], item: Item, state: dict[str, Any]
    ) -> tuple[str, int]:
        element = self._element(call, state)
        if call["call"] == "GetValue":
            requests = self.attempt.controls().as_requests() if "valid" in element else None
            return runtime.get_value(rules.EDITION, state, element, requests)
        changes = [(element, call["value"])]
        refused = self.attempt.commit(item.identifier, changes, finished=False)
        return ("false", refused[0].error) if refused else ("true", 0)

    def _ids(self, state: Mapping[str, Any], collection: str) -> list[str]:
        count = state["counts"].get(collection, 0)
        return [state["values"][f"{collection}.{at}.id"] for at in range(count)]

    def _element(self, call: Mapping[str, Any], state: Mapping[str, Any]) -> str:
        """Put the index of a member where a case has its id."""
        argument: str = call["arg"]
        found = rules.named(argument)
        if found is None:
            return argument
        collection, identifier, leaf = found
        ids = self._ids(state, collection)
        if identifier not in ids:
            raise self._differ(call, "but there are", ids)
        return f"{collection}.{ids.index(identifier)}.{leaf}"

    def _go_on(self, activity: Mapping[str, Any], item: Item) -> Request:
        """End the content and do what the case says; return what is to deliver the next one."""
        then = activity["then"]
        told = doing(then["instruction"]) if then else Doing()
        wanted = self._terminate(activity["terminate"], item, is_leaving=bool(told.launches))
        if then is None:
            return wanted or ("nothing", None)
        if told.request == "choice":
            if wanted:
                self._leave(wanted, told)
            return "choice", self._identifiers()[told.title or ""]
        if told.request in ("continue", "previous"):
            return told.request, None
        own = (told.request, None) if told.request else wanted
        self._leave(own or (("exitAll", None) if told.exits else None), told)
        if told.launches:
            self.attempt = self.attempts[told.launches]
        return "open", None

    def _terminate(self, how: Mapping[str, Any], item: Item, *, is_leaving: bool) -> Request | None:
        """End the content's session; return what it has asked for before the learner did."""
        is_unloaded = how["when"] == "on_unload"
        request = how.get("nav_request_set_first")
        changes = [("adl.nav.request", request)] if request else []
        leaving = is_unloaded and is_leaving
        self.attempt.commit(item.identifier, changes, finished=True, leaving=leaving)
        values = self.attempt.states[item.identifier]["values"]
        return None if is_unloaded else parse_request(values.get("adl.nav.request", "_none_"))

    def _leave(self, request: Request | None, told: Doing) -> None:
        found = self.attempt.navigate(*request, launch) if request else Delivery()
        if found.item is not None:
            raise self._differ(request, "is to deliver nothing and came to", found)
        if told.ends and not found.is_ended:
            raise self._differ(request, "is to end the session and came to", found)


class Replay:
    """All cases in the order of their names for one learner, whose global objectives last."""

    def __init__(self) -> None:
        self._shared = Shared()
        self._waiting = iter(CASES)
        self._told: dict[Path, str] = {}

    def difference(self, path: Path) -> str:
        """Return the first difference from a case, "" for none; it is played in its turn."""
        while path not in self._told:
            case = next(self._waiting)
            self._told[case] = self._played(json.loads(case.read_text("utf-8")))
        return self._told[path]

    def _played(self, case: Mapping[str, Any]) -> str:
        try:
            Player(case, self._shared).play()
        except DifferenceError as difference:
            return str(difference)
        return ""


@pytest.fixture(scope="module")
def replay() -> Replay:
    return Replay()


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_engine_does_what_the_case_wants(path: Path, replay: Replay) -> None:
    assert replay.difference(path) == ""
