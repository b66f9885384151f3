"""What a case of ADL's suite asks of the LMS's controls, and what it tells its tester to do."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from scorm.course import Controls


@dataclass(frozen=True)
class Shown:
    """What a player shows while an item is delivered."""

    controls: Controls
    item: str
    #: What the item hides of the player's own controls, in lower case.
    hidden: Collection[str]
    #: Items and clusters by their titles, the root by "".
    identifiers: Mapping[str, str]

    def answers(self, control: str, title: str | None) -> bool:
        """Answer a case's question about a control."""
        match control.split("."):
            case ["continue", state]:
                return self._is_on("continue", self.controls.can_continue) == (state == "enabled")
            case ["previous", state]:
                return self._is_on("previous", self.controls.can_go_back) == (state == "enabled")
            case ["toc", "enabled"]:
                return any(chosen != self.item for chosen in self.controls.choices)
            case ["toc", "visible"]:
                return self._identifier(title) not in self.controls.hidden
            case ["toc", "enabled", "selectable"]:
                return self._identifier(title) in self.controls.choices
        return True  # a click that is the tester's own

    def _is_on(self, control: str, can_be_asked: bool) -> bool:
        return can_be_asked and control not in self.hidden

    def _identifier(self, title: str | None) -> str:
        return self.identifiers[title_of(title or "")]


def title_of(named: str) -> str:
    """Return the title of an item that a case names, "" for the root."""
    return "" if named.startswith("the activity that corresponds to the root") else named


@dataclass(frozen=True)
class Doing:
    """What the tester does once the content has ended."""

    #: A navigation event of the learner's own; None leaves it to what content has asked for.
    request: str | None = None
    #: The title of the event's target.
    title: str | None = None
    #: The package is exited, unless content has asked for something.
    exits: bool = False
    #: The name of the package that is launched then.
    launches: str | None = None
    #: The sequencing session must be over before that.
    ends: bool = False


def doing(instruction: str) -> Doing:
    """Read what a tester is told, by its wording."""
    event = re.search(r"trigger an? (.+?) Navigation Event", instruction)
    chosen = re.search(
        r"(?:target (.+?) for a Choice|choose (.+?) to continue"
        r"|please launch (?!LMS Test Content Package)(.+)\.$)",
        instruction,
    )
    package = re.search(r"launch LMS Test Content Package (\S+?)[. ]", instruction)
    request = title = None
    if chosen:
        request, title = "choice", title_of(chosen[1] or chosen[2] or chosen[3])
    elif event:
        first, *rest = event[1].split()
        request = first.lower() + "".join(rest)
    return Doing(
        request=request,
        title=title,
        exits="exit the package" in instruction,
        launches=package[1] if package else None,
        ends=re.search(r"should (have )?end", instruction) is not None
        and "will remain active" not in instruction,
    )
