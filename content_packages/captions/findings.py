"""What is gathered while a file of captions is read."""

from dataclasses import dataclass, field
from typing import Final

from content_packages.captions.cues import Cue, Datum, Problem, error, warning

#: So many problems are kept of one file: nobody reads more, and a hostile one has a million.
MOST_PROBLEMS: Final = 1_000


@dataclass
class Findings:
    """The cues, the problems in the order of their lines, and the kinds of what was left out."""

    cues: list[Cue] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    #: A dictionary for its order: each kind once.
    dropped: dict[str, None] = field(default_factory=dict)

    def error(self, code: str, line: int, **data: Datum) -> None:
        """Note what has to be mended."""
        self._note(error(code, line, **data))

    def warn(self, code: str, line: int, **data: Datum) -> None:
        """Note what was read with something changed."""
        self._note(warning(code, line, **data))

    def drop(self, kind: str) -> None:
        """Note a kind of thing that was left out and is missed by nobody."""
        self.dropped[kind] = None

    def _note(self, problem: Problem) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(problem)
