"""What is found while a course is read: all that is wrong or odd, told at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

from scorm import urls
from scorm.findings import MOST, Finding, Severity

#: Every code there is, with the names of its data, which are text or numbers.
SEVERITIES: Final[dict[str, Severity]] = {
    "course_missing": "error",
    "nothing_to_launch": "error",
    "id_missing": "error",  # element
    "id_not_iri": "error",  # element, value
    "id_twice": "error",  # element, value
    "address_missing": "error",
    "address_invalid": "error",  # address
    "address_alone": "error",  # address
    "address_takes_name": "error",  # name
    "unit_file_missing": "error",  # title, address
    "unit_scheme_refused": "error",  # title, scheme
    "value_not_allowed": "error",  # name, value
    "block_empty": "error",
    "unit_external": "warning",  # title, address
    "words_missing": "warning",  # element, name
    "objective_unknown": "warning",  # value
    "nothing_to_reach": "warning",
    "href_case": "notice",  # name
    "href_separator": "notice",  # name
    "href_unicode_form": "notice",  # name
    "more_of_the_same": "notice",  # count
}
#: In characters: what of a value is told.
_LONGEST: Final = 200
_RANKS: Final[tuple[Severity, ...]] = ("error", "warning", "notice")


class NotACourse(ValueError):
    """The root is no course structure: `root` is its name."""

    def __init__(self, root: str) -> None:
        super().__init__(root)
        self.root = root


@dataclass
class Report:
    """The findings so far, and what they are found by."""

    #: The package's files; None for a structure that comes alone.
    names: urls.NameIndex | None
    findings: list[Finding] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    #: How often an id was met, by the kind of what has it.
    ids: Counter[tuple[str, str]] = field(default_factory=Counter)

    @classmethod
    def of(cls, names: Collection[str] | None) -> Report:
        """Return the report of a package with these files, relative to its folder."""
        return cls(None if names is None else urls.NameIndex(names))

    def find(self, code: str, place: str, **data: str | int) -> None:
        """Note something; of one code no more than a page bears."""
        self.counts[code] += 1
        if self.counts[code] <= MOST:
            cut = {k: v[:_LONGEST] if isinstance(v, str) else v for k, v in data.items()}
            self.findings.append(Finding(SEVERITIES[code], code, place, cut))

    def ordered(self) -> list[Finding]:
        """Return what was found, the errors first."""
        for code, count in self.counts.items():
            if count > MOST:
                more = Finding("notice", "more_of_the_same", code, {"count": count - MOST})
                self.findings.append(more)
        return sorted(self.findings, key=lambda found: _RANKS.index(found.severity))
