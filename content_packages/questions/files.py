"""What a file of questions was read to."""

from collections import Counter
from dataclasses import dataclass
from typing import Final

from content_packages.questions.findings import Finding
from content_packages.questions.shape import Question, names_for

#: Bytes of a GIFT, or of one item; a thousand questions of pure text need less than one MiB.
LARGEST: Final = 4 * 1024 * 1024
MOST_QUESTIONS: Final = 5_000


@dataclass(frozen=True)
class Read:
    """The questions of a file in its order, and all that is to be said about them.

    `categories` stand beside the questions, one for each, "" where the file gives none.
    """

    questions: tuple[Question, ...] = ()
    findings: tuple[Finding, ...] = ()
    categories: tuple[str, ...] = ()


class Names:
    """Identifiers given to the questions of a file, no two the same."""

    def __init__(self) -> None:
        """Begin with none."""
        self._given: set[str] = set()
        self._times: Counter[str] = Counter()

    def give(self, wanted: str, text: str) -> str:
        """Return the wanted identifier, or one made of the text where it is missing or given."""
        made = f"q{names_for([text])[0]}"
        name = wanted[:200] or made
        while name in self._given:
            self._times[made] += 1
            name = f"{made}-{self._times[made]}"
        self._given.add(name)
        return name
