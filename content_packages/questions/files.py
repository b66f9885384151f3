"""What a file of questions was read to."""

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


def free_name(wanted: str, text: str, taken: set[str]) -> str:
    """Return an identifier not taken yet, and take it: the wanted one, else one of the text."""
    name = wanted[:200] if wanted and wanted[:200] not in taken else f"q{names_for([text])[0]}"
    number = 2
    found = name
    while found in taken:
        found = f"{name}-{number}"
        number += 1
    taken.add(found)
    return found
