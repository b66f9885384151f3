"""Play ADL's LMS cases for SCORM 2004 4th Edition against a running server, as a browser does.

`python -m tests.conformance.scorm2004 FOLDER` reads FOLDER/zips and FOLDER/cases and nothing else.
Every package is imported into an installation of its own and assigned to one learner; a case goes
from launch to launch by what its cases tell the tester to do. Prints each failing case with its
first difference, and closes with the counts.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from tests.conformance import rules
from tests.conformance.installation import Office, Played, playing

_DRIVER = Path(__file__).with_name("learner.mjs")
#: How content makes the calls of a case: one function in JavaScript.
CONTENT = Path(__file__).with_name("content.mjs")
_RELAUNCH = re.compile(r"\b(re)?launch LMS Test Content Package\b", re.IGNORECASE)
_LAUNCH = re.compile(r"please launch (.+?)\.?$")
_ROOT = re.compile(r"activity that corresponds to the root\b")


class Difference(Exception):
    """Where the server has done otherwise than the case expects."""


class Player(Protocol):
    """Whoever plays: takes commands of `learner.mjs`, and answers them."""

    def ask(self, op: str, **given: Any) -> dict[str, Any]:
        """Give a command and return its answer."""


class Learner:
    """The driver in Node, asked line by line."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, op: str, **given: Any) -> dict[str, Any]:
        """Give a command and return its answer."""
        assert self._process.stdin and self._process.stdout
        print(json.dumps({"op": op, **given}), file=self._process.stdin, flush=True)
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit("the driver has ended")
        answer: dict[str, Any] = json.loads(line)
        if "fault" in answer:
            raise Difference(answer["fault"])
        return answer


@contextmanager
def learning() -> Iterator[Learner]:
    """Start a learner's browser without a screen."""
    with subprocess.Popen(
        ["node", str(_DRIVER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield Learner(process)
        finally:
            process.kill()


@dataclass
class Case:
    """One case under way."""

    case: dict[str, Any]
    played: Played
    office: Office
    learner: Player
    #: What the player shows: item, controls, or why there is nothing.
    state: dict[str, Any] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    root: str = ""

    def play(self) -> None:
        """Play it to its end; raises Difference."""
        activities = self.case["activities"]
        self._launch(activities[0], self._start())
        for at, activity in enumerate(activities):
            following = activities[at + 1] if at + 1 < len(activities) else None
            try:
                self._check_delivery(activity)
                self._check_controls(activity)
                self._make_calls(activity)
                self._go_on(activity, following)
            except Difference as difference:
                raise Difference(f"{activity['key']}: {difference}") from difference

    def _start(self) -> str | None:
        """Return the title of the item that the learner chooses to begin with, None for none."""
        start: str = self.case["instructions"]["start"]
        return start if start != "." and len(self.case["packages"]) == 1 else None

    def _package(self, activity: dict[str, Any]) -> str:
        """Return the package of an activity; of several, the one whose letter it bears."""
        packages: list[str] = self.case["packages"]
        if len(packages) == 1:
            return packages[0]
        letter = activity["activity"].lstrip("0123456789")
        return next(name for name in packages if name.removesuffix(".zip").endswith(letter))

    def _launch(self, activity: dict[str, Any], title: str | None = None) -> None:
        address = self.office.launch(self.played.assignments[self._package(activity)])
        self.state = self.learner.ask("launch", address=address, chosen=title)
        self.root = self.state["root"]
        self.titles = dict(titles(self.state["outline"]))

    def _check_delivery(self, activity: dict[str, Any]) -> None:
        item = self.state["item"]
        if item not in activity.get("item_candidates", [activity["item"]]):
            why = self.state.get("stayed") or self.state.get("stopped")
            reason = f" ({why} {self.state.get('reason')})" if item is None else ""
            raise Difference(f"delivered {item}{reason} instead of {activity['item']}")

    def _check_controls(self, activity: dict[str, Any]) -> None:
        for check in activity["ui_checks"]:
            found = self._control(check["control"], check["item_title"])
            if found is not None and found != check["expect"]:
                raise Difference(f"{check['control']} {check['item_title'] or ''} is {found}")

    def _control(self, control: str, title: str | None) -> bool | None:
        """Return what the player would show of a control, None for what is none of its own."""
        controls, hidden = self.state["controls"], self.state["hidden"]
        part, _, question = control.partition(".")
        if part in ("continue", "previous"):
            is_enabled = bool(controls[part]) and part not in hidden
            return is_enabled if question == "enabled" else not is_enabled
        if control == "toc.enabled":
            return any(choice != self.state["item"] for choice in controls["choices"])
        if control == "toc.enabled.selectable":
            return self._identifier(title or "") in controls["choices"]
        if control == "toc.visible":
            return self._identifier(title or "") not in controls["hidden"]
        return None

    def _identifier(self, title: str) -> str:
        if _ROOT.search(title):
            return self.root
        if title not in self.titles:
            raise Difference(f"no item is called {title}")
        return self.titles[title]

    def _make_calls(self, activity: dict[str, Any]) -> None:
        calls = activity["calls"]
        answers = self.learner.ask("calls", calls=[_written(call) for call in calls])["answers"]
        for at, (call, answer) in enumerate(zip(calls, answers, strict=True)):
            wrong = _wrong(call, answer)
            if wrong:
                raise Difference(f"call {at}, {call['call']}({call.get('arg', '')}): {wrong}")

    def _go_on(self, activity: dict[str, Any], following: dict[str, Any] | None) -> None:
        """Let the content end as the case says, and do what the tester is told to do."""
        then = activity["then"]
        if then is None:
            self.state = self.learner.ask("end", calls=_ending(activity))
            return
        is_asked = self._end(activity)
        instruction = then["instruction"]
        if then["key"] in ("Continue", "Previous"):
            self._go(then["key"].lower())
        elif then["key"] == "Choice":
            self._go(f"{{target={self._identifier(then['args'][0])}}}choice")
        elif following is None:
            self._close(instruction, is_asked=is_asked)
        elif _RELAUNCH.search(instruction):
            self._leave(instruction, is_asked=is_asked)
            self._launch(following)
        elif _ROOT.search(instruction):
            self._go(f"{{target={self.root}}}choice")
        elif found := _LAUNCH.search(instruction):
            self._go(f"{{target={self._identifier(found[1])}}}choice")
        else:
            raise Difference(f"nobody knows how to do: {instruction}")

    def _end(self, activity: dict[str, Any]) -> bool:
        """End the content now, or as its page goes away; return whether it asks to go anywhere."""
        if not activity["calls"]:
            return False  # a page that never calls is no SCO, and says no farewell
        if activity["terminate"]["when"] == "on_unload":
            self.learner.ask("unload", calls=_ending(activity))
            return False
        self.state = self.learner.ask("end", calls=_ending(activity))
        wanted = [c["value"] for c in activity["calls"] if c.get("arg") == "adl.nav.request"]
        return bool(wanted)

    def _go(self, request: str) -> None:
        self.state = self.learner.ask("go", request=request)

    def _leave(self, instruction: str, *, is_asked: bool) -> None:
        if "Suspend All" in instruction:
            self._go("suspendAll")
        elif not is_asked:
            self._go("exitAll")
        elif self.state["item"] is not None:
            raise Difference(f"delivered {self.state['item']} instead of ending")

    def _close(self, instruction: str, *, is_asked: bool) -> None:
        """Leave at the end of the case; what should have ended by itself must have."""
        must_end = "should end" in instruction or "have ended" in instruction
        if "Exit All" in instruction or not is_asked:
            self._go("exitAll")
        if must_end and self.state["stayed"] != "ended":
            raise Difference(f"the session goes on with {self.state['item']}")


def _wrong(call: dict[str, Any], answer: list[str] | None) -> str | None:
    if answer is None:
        return "nothing bears that name"
    if call["call"] == "_compareObjectiveIds":
        is_right = set(answer[0].split()) == set(call["expect_ids"])
        return None if is_right else f"objectives {answer[0]}"
    return rules.difference(call, *answer)


def _written(call: dict[str, Any]) -> list[str]:
    given = [call["arg"]] if "arg" in call else []
    return [call["call"], *given, *([call["value"]] if call["call"] == "SetValue" else [])]


def _ending(activity: dict[str, Any]) -> list[list[str]]:
    request = activity["terminate"].get("nav_request_set_first")
    first = [["SetValue", "adl.nav.request", request]] if request else []
    return [*first, ["Terminate", ""]]


def titles(outline: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yield the title and the identifier of each entry of an outline."""
    for entry in outline:
        yield entry["title"], entry["id"]
        yield from titles(entry["items"])


def cases_of(suite: Path) -> list[Path]:
    """Return the files of a suite's cases, in their order."""
    return sorted((suite / "cases").glob("*.json"))


def play(suite: Path, files: Sequence[Path]) -> dict[str, str | None]:
    """Play cases of a suite; return the first difference of each, None where there is none."""
    cases = [json.loads(path.read_text("utf-8")) for path in files]
    needed = {name for case in cases for name in case["packages"]}
    packages = [path for path in sorted((suite / "zips").glob("*.zip")) if path.name in needed]
    found: dict[str, str | None] = {}
    with playing(packages) as played, learning() as learner:
        office = Office(played)
        for case in cases:
            try:
                Case(case, played, office, learner).play()
                found[case["id"]] = None
            except Difference as difference:
                found[case["id"]] = str(difference)
    return found


def main() -> int:
    """Play the suite that is named, and tell what came of it."""
    began = time.monotonic()
    suite = Path(sys.argv[1])
    found = play(suite, cases_of(suite))
    failed = {name: difference for name, difference in found.items() if difference}
    for name, difference in failed.items():
        print(f"{name}: {difference}")
    print(f"{time.monotonic() - began:.0f} s")
    print(f"{len(found) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
