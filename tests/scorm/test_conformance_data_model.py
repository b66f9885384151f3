"""ADL's cases for SCORM 2004 4th Edition: every get and set that needs no sequencer, replayed."""

import json
import re
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from scorm import duration, manifest, runtime
from scorm.edition import Edition
from scorm.element import find
from scorm.structure import Item

SUITE = Path(__file__).resolve().parents[3] / "shared" / "conformance" / "scorm2004-cts"
CASES = sorted((SUITE / "cases").glob("*.json"))
#: Called before Initialize or after Terminate.
API_STATES = ("122", "123", "132", "133")
EDITION = Edition.SCORM_2004_4
LEARNER = {"learner_id": "learner2", "learner_name": "Learner, Second"}

pytestmark = pytest.mark.skipif(
    not SUITE.is_dir(), reason="ADL's test suite is not beside the checkout"
)


class Player:
    """Delivers items one after another and shares the buckets of adl.data between them."""

    def __init__(self, packages: list[str]) -> None:
        self.items: dict[tuple[str, str], Item] = {}
        self.of_one_attempt: set[str] = set()
        for package in packages:
            letter = package.removesuffix(".zip")[-1] if len(packages) > 1 else ""
            with zipfile.ZipFile(SUITE / "zips" / package) as archive:
                document = archive.read("imsmanifest.xml")
            parsed = manifest.parse(document)
            if b'sharedDataGlobalToSystem="false"' in document.replace(b" ", b""):
                self.of_one_attempt.add(letter)
            assert parsed.organization is not None
            for item in manifest.leaves(parsed.organization):
                self.items[letter, item.title] = item
        self.states: dict[tuple[str, str], dict[str, Any]] = {}
        self.buckets: dict[tuple[str, str], str] = {}

    def deliver(self, activity: str, title: str) -> None:
        """Deliver an item by its title; an activity of several packages ends in the package's."""
        self.place = (activity.lstrip("0123456789"), title)
        item = self.items[self.place]
        launch = runtime.Launch.of(item, **LEARNER, language="", mode="normal")
        self.state = runtime.begin(EDITION, launch, self.states.get(self.place))
        for at, bucket in enumerate(item.shared_data):
            kept = self.buckets.get(self.bucket(bucket.target))
            self.state["values"].pop(f"adl.data.{at}.store", None)
            if kept is not None:
                self.state["values"][f"adl.data.{at}.store"] = kept

    def terminate(self) -> None:
        self.state = runtime.finish(EDITION, self.state)
        self.states[self.place] = self.state
        for at, bucket in enumerate(self.items[self.place].shared_data):
            store = self.state["values"].get(f"adl.data.{at}.store")
            if store is not None:
                self.buckets[self.bucket(bucket.target)] = store

    def bucket(self, target: str) -> tuple[str, str]:
        package = self.place[0]
        return (package if package in self.of_one_attempt else "", target)

    def leave(self) -> None:
        """End the package's attempt, unless it is suspended: what is not shared beyond it goes."""
        if self.place[0] in self.of_one_attempt and not runtime.is_suspended(self.state):
            ended = [key for key in self.buckets if key[0] == self.place[0]]
            for key in ended:
                del self.buckets[key]

    def named(self, element: str) -> str:
        """Put the index of a bucket where a case names its id between ampersands."""
        found = re.match(r"(adl\.data|cmi\.objectives)\.&(.+)&\.", element)
        if found is None:
            return element
        count = self.state["counts"][found[1]]
        values = self.state["values"]
        at = next(at for at in range(count) if values[f"{found[1]}.{at}.id"] == found[2])
        return f"{found[1]}.{at}.{element[found.end() :]}"

    def call(self, call: dict[str, str]) -> tuple[str, int]:
        element = self.named(call["arg"])
        if call["call"] == "GetValue":
            return runtime.get_value(EDITION, self.state, element)
        error = runtime.set_value(EDITION, self.state, element, call["value"])
        return ("false" if error else "true"), error


#: What a pattern means where it says nothing, by the suite's own comparison.
DEFAULTS = ("{order_matters=true}", "{case_matters=false}", "{lang=en}")


def canonical(pattern: str) -> list[list[str]]:
    """Tell each part's switches, in no order, from its text."""
    parts = []
    for part in pattern.split("[,]"):
        text = re.sub(r"^(?:\{[a-z_]+=[^}]*\})+", "", part)
        said = re.findall(r"\{[^}]*\}", part.removesuffix(text))
        parts.append([*sorted(set(said) - set(DEFAULTS)), text])
    return parts


def is_same(element: str, value: str, expected: str) -> bool:
    """Compare by data type, as the suite does; who the learner is, is the LMS's to say."""
    if expected in ("<learner_id>", "<learner_name>"):
        return value in LEARNER.values()
    if element.endswith("_children"):
        return set(value.split(",")) == set(expected.split(","))
    row = find(EDITION, re.sub(r"&.+&", "0", element))
    kind = row.type if row else ""
    if kind == "real" and value and expected:
        return round(Decimal(value), 7) == round(Decimal(expected), 7)
    if kind == "time_interval" and value and expected:
        return duration.parse(EDITION, value) == duration.parse(EDITION, expected)
    if kind in ("pattern", "learner_response", "localized_text"):
        return canonical(value) == canonical(expected)
    return value == expected


def needs_more(call: dict[str, str], *, of_sequencing: bool) -> bool:
    """Tell whether the answer is that of the API's state or of the sequencer."""
    return (
        call["call"] not in ("GetValue", "SetValue")
        or call["error"] in API_STATES
        or "request_valid" in call["arg"]
        or (of_sequencing and call["arg"].startswith("cmi.objectives"))
    )


def differences(path: Path) -> Iterator[tuple[str, int, str, str, Any, Any]]:
    text = path.read_text("utf-8")
    case = json.loads(text)
    # A case that names objectives by their id expects those of the manifest's sequencing.
    of_sequencing = '"cmi.objectives.&' in text
    player = Player(case["packages"])
    for activity in case["activities"]:
        place = activity["activity"] if len(case["packages"]) > 1 else ""
        player.deliver(place, activity["item_title"])
        for at, call in enumerate(activity["calls"]):
            if needs_more(call, of_sequencing=of_sequencing):
                continue
            value, error = player.call(call)
            is_right = call["call"] == "SetValue" or is_same(call["arg"], value, call["expect"])
            if "comments_from_lms" in call["arg"]:
                is_right = error in (0, 301, 401, 403, 404)
            elif str(error) != call["error"]:
                is_right = False
            if not is_right:
                yield activity["key"], at, call["call"], call["arg"], (value, error), call
        player.terminate()
        if activity["then"]:
            player.leave()


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_call_gets_the_answer_of_the_suite(path: Path) -> None:
    assert list(differences(path)) == []
