"""What the server's data model answers, for the browser's to be compared with.

Prints JSON: `tables` by edition, `texts` of the error codes by edition, and `scripts`: each with
its edition, the state that a session starts from, the valid `requests`, calls `["set", element,
value, error]` and `["get", element, value, error]` with their answers, and the state after them.

The answers of the common vectors stand in the vectors; scorm.runtime gives those to the calls of
ADL's data-model case, and to calls by chance, always the same, over all elements of an edition and
names near to them, with values near to every limit.
"""

from __future__ import annotations

import copy
import json
import random
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scorm import element, errors, manifest, runtime, structure
from scorm.edition import Edition
from scorm.launch import Launch
from scorm.structure import DataMap

VECTORS = Path(__file__).parents[1] / "vectors"
SUITE = Path(__file__).parents[3] / "shared" / "conformance" / "scorm2004-cts"
CALLS = 2_000
#: What fits, by type, so that states grow; each row's own vocabulary fits too.
FITTING = {
    "time": ("2004", "2004-04-01T09:45:58", "2038-12-31T23:59:59.99+09:00"),
    "time_interval": ("PT1H5M", "P1Y6M14DT4H15M6.34S", "PT0S"),
    "time_span": ("0000:10:00.5", "01:00:00"),
    "time_of_day": ("23:59:59", "09:00:00.25"),
    "real": ("0", "0.25", "-0.5", "1", "7.000099999887765544"),
    "decimal": ("0", "80", "12.5"),
    "decimal_or_blank": ("", "80", "99.99"),
    "integer": ("-1", "0", "1"),
    "identifier": ("q1", "q2", "q_3"),
    "long_identifier": ("q1", "q2", "q3", "urn:kenshu:q4"),
    "localized_text": ("", "はい", "{lang=ja}はい"),
    "language": ("", "ja", "en-US", "JA"),
    "text": ("", "はい", "3"),
    "navigation": ("continue", "{target=b}choice", "_none_"),
    "learner_response": ("true", "a", "a[,]b", "a[.]b[,]c[.]d", "0.5", "[.]5", "{lang=ja}はい[,]x"),
    "pattern": ("true", "a", "b", "a[,]b", "b[,]a", "a[.]b", "1[:]2", "{case_matters=true}a"),
}
#: What lies near to the limits of some type or other.
VALUES = (
    *("", " ", "0", "1", "-1", "+1", "1.0", "0.5", "-0.0", "100", "101", "1e2", ".5", "5.", "abc"),
    *("1.00000000000000000001", "0.99999999999999999999", "-1.00000000000000000001", "34,000.00"),
    *("q1", "q 1", "urn:", "urn:adl:x", "urn:x:y", "日本語", "研" * 255, "研" * 256, "𠮷" * 255),
    *("x" * 4096, "x" * 4097, "x" * 64000, "x" * 64001, "a\nb", "a\n", "\u3000"),
    *("{lang=ja}はい", "{lang=}x", "{lang=zz}x", "{lang=i-x}x", "ja", "en-US", "i", "x-a", "JA"),
    *("P1Y6M14DT4H15M6.34S", "P", "PT", "P1Y", "PT1H30", "PT0.123S", "P6MT", "T1H", "P-1D"),
    *("2004", "2004-13", "2004-04-01T09:45:58.55+02:30", "2004-04-01T09:45Z", "1969", "2039"),
    *("0000:00:00.00", "00:00:00", "1:00:00", "10000:00:00", "00:60:61", "23:59:59.99", "24:00:00"),
    *("a[,]b", "a[,]a", "[,]", "a[.]b", "a[.]", "[.]b", "[.]", "a[.]b[,]c[.]d", "a[.]b[.]c"),
    *("1[:]2", "2[:]1", "[:]", "1[:]", "[:]1", "1[:]x", "{case_matters=true}a", "true", "false"),
    *(
        "{order_matters=false}a[,]b",
        "{case_matters=x}a",
        "{order_matters=true}{case_matters=true}a",
    ),
    *("{target=a.1}choice", "{target=}choice", "{target=a}jump", "continue", "_none_", "exitAll"),
)
#: Names that are no element, or nearly one.
NAMES = (
    *("", "cmi", "adl", "x", "x.y", "cmi.", "cmi.core", "cmi.core.x", "cmi.x.y", "cmi.x._count"),
    *(
        "cmi._children",
        "cmi._count",
        "cmi._version",
        "cmi.location._children",
        "cmi.location._count",
    ),
    *("cmi.core._count", "cmi.core.student_id._children", "cmi.objectives", "cmi.objectives.0"),
    *("cmi.objectives.01.id", "cmi.objectives.-1.id", "cmi.objectives.x.id", "cmi.objectives.0.x"),
    *(
        "cmi.objectives.99999999999.id",
        "cmi.interactions.0.objectives._children",
        "cmi.interactions",
    ),
    *(
        "cmi.objectives.0.score",
        "cmi.objectives.0._count",
        "CMI.location",
        "cmi.location.0",
        "adl.nav",
    ),
    *(
        "adl.nav.request_valid",
        "adl.nav.request_valid.x",
        "adl.nav.request_valid.choice.{target=a.1}",
    ),
    *("adl.nav.request_valid.jump.{target=b}", "adl.nav.request_valid.choice.{target=c}"),
    *("adl.nav.request_valid.choice.{target=a.1", "adl.nav.request_valid.choice.x", "adl.data"),
    *("adl.data.9.store", "adl.data.0.x", "constructor", "__proto__", "cmi.constructor"),
)
REQUESTS = {"continue": "true", "previous": "false", "choice": "a.1 b", "jump": ""}
LAUNCH = Launch(
    learner_id="k-17",
    learner_name="研修 花子",
    launch_data="page=3",
    mastery_score="80",
    scaled_passing_score="0.8",
    completion_threshold="0.5",
    max_time_allowed=None,
    time_limit_action="continue,no message",
    shared_data=(
        DataMap("a"),
        DataMap("b", writable=False),
        DataMap("c", readable=False),
        DataMap("d", readable=False, writable=False),
    ),
)

State = dict[str, Any]


class Script:
    """Calls upon one state, with their answers."""

    def __init__(
        self, name: str, edition: Edition, state: State, requests: dict[str, str] | None = None
    ) -> None:
        self.name, self.edition, self.state = name, edition, state
        self.requests = requests or {}
        self.start = copy.deepcopy(state)
        self.calls: list[list[Any]] = []

    def get(self, name: str) -> None:
        value, error = runtime.get_value(self.edition, self.state, name, self.requests)
        self.calls.append(["get", name, value, error])

    def set(self, name: str, value: str) -> None:
        error = runtime.set_value(self.edition, self.state, name, value)
        self.calls.append(["set", name, value, error])

    def document(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "edition": self.edition.value,
            "state": self.start,
            "requests": self.requests,
            "calls": self.calls,
            "after": self.state,
        }


def of_vectors() -> Iterator[Script]:
    """Return the common vectors, one script for each session in them."""
    for path in sorted(VECTORS.glob("*.json")):
        vector = json.loads(path.read_text(encoding="utf-8"))
        edition, launch = Edition(vector["edition"]), Launch(**vector["launch"])
        script = Script(path.stem, edition, runtime.begin(edition, launch, None))
        for step in vector["steps"]:
            match step:
                case ["get" | "set", *_]:
                    if step[0] == "set":
                        runtime.set_value(edition, script.state, step[1], step[2])
                    script.calls.append(step)
                case ["finish"]:
                    yield script
                    script = Script(path.stem, edition, runtime.finish(edition, script.state))
                case ["begin"]:
                    yield script
                    turn = runtime.begin(edition, launch, script.state)
                    script = Script(path.stem, edition, turn)
        yield script


def of_cases() -> Iterator[Script]:
    """Return the calls of ADL's data-model case, one script a delivery; none where it is absent."""
    case_file = SUITE / "cases" / "DMI.json"
    if not case_file.is_file():
        return
    case = json.loads(case_file.read_text(encoding="utf-8"))
    with zipfile.ZipFile(SUITE / "zips" / case["packages"][0]) as archive:
        parsed = manifest.parse(archive.read("imsmanifest.xml"))
    assert parsed.organization is not None
    items = {item.title: item for item in structure.leaves(parsed.organization)}
    states: dict[str, State] = {}
    for activity in case["activities"]:
        title = activity["item_title"]
        launch = Launch.of(
            items[title], learner_id="k-17", learner_name="研修 花子", language="ja", mode="normal"
        )
        state = runtime.begin(parsed.edition, launch, states.get(title))
        script = Script(f"DMI {activity['key']}", parsed.edition, state)
        targets = [bucket.target for bucket in items[title].shared_data]
        for call in activity["calls"]:
            name = call["arg"]
            if found := re.search("&(.*)&", name):  # names a member of a collection by its id
                name = name.replace(found[0], str(targets.index(found[1])))
            if call["call"] == "GetValue":
                script.get(name)
            elif call["call"] == "SetValue":
                script.set(name, call["value"])
        yield script
        states[title] = runtime.finish(parsed.edition, script.state)


def by_chance(edition: Edition) -> Script:
    """Return calls upon any element with any value, enough of them accepted for a state to grow."""
    chance = random.Random(edition.value)  # noqa: S311 - has to be the same each time, not secret
    table = list(element.rows(edition).values())
    script = Script("calls by chance", edition, runtime.begin(edition, LAUNCH, None), REQUESTS)
    for _ in range(CALLS):
        row = chance.choice(table)
        name = ".".join(
            str(chance.choice((0, 0, 1, 2, 3))) if part == "n" else part
            for part in row.name.split(".")
        )
        if chance.random() < 0.1:
            name = chance.choice(NAMES)
        is_fitting = chance.random() < 0.6
        fitting = row.vocabulary or FITTING.get(row.type, VALUES)
        script.get(name)
        script.set(name, chance.choice(fitting if is_fitting else VALUES))
        script.get(name)
    return script


def main(arguments: list[str]) -> None:
    """Print the tables, and the scripts too unless only `--tables` are asked for."""
    document: dict[str, Any] = {
        "tables": {edition.value: element.export(edition) for edition in Edition},
        "texts": {"1.2": errors.TEXTS_1_2, "2004-4": errors.TEXTS_2004},
    }
    if "--tables" not in arguments:
        scripts = [*of_vectors(), *of_cases(), *(by_chance(edition) for edition in Edition)]
        document["scripts"] = [script.document() for script in scripts]
    json.dump(document, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1:])
