"""How an item's score comes about, as far as it is one of the ways that marking knows.

Known are the standard's templates, and rules that compare each response with the right one, add
what mappings give, or allow a number to be off. Whatever else stands there is named, not guessed.
"""

from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from content_packages.questions.qti.tree import below, first, name_of, number, said, text_in

_KNOWN: Final = frozenset(
    ("and", "basevalue", "correct", "default", "equal", "isnull", "mapresponse", "match",
     "multiple", "null", "or", "responsecondition", "responseelse", "responseelseif", "responseif",
     "setoutcomevalue", "sum", "variable")
)  # fmt: skip
#: Known where the element inside is that one.
_KNOWN_OVER: Final = {"not": "isnull", "gte": "mapresponse", "gt": "mapresponse"}


@dataclass(frozen=True)
class Asked:
    """A number that a rule asks for: its text ("" for the declared one) and the tolerance."""

    text: str
    tolerance: float
    is_relative: bool = False  # in per cent of the number


@dataclass(frozen=True)
class Processing:
    """The way to a score."""

    #: responses of which the mapping counts rather than the right one; "" stands for any
    mapped: frozenset[str] = frozenset()
    #: whether several responses must be right together
    is_whole: bool = False
    numbers: dict[str, Asked] = field(default_factory=dict)
    #: the first thing that is not known, "" where all is
    unknown: str = ""

    def maps(self, response: str) -> bool:
        """Say whether the response is scored by its mapping."""
        return bool({"", response} & self.mapped)


def read(item: etree._Element) -> Processing:
    """Return how the item is scored; one without any rule is scored by its right response."""
    found = next((child for child in item if name_of(child) == "responseprocessing"), None)
    if found is None:
        return Processing()
    if len(found):
        return _of_rules(found)
    template = (said(found, "template") or said(found, "templatelocation")).rpartition("/")[2]
    name = template.lower().removesuffix(".xml")
    if name in {"map_response", "cc2_map_response"}:
        return Processing(frozenset({""}))
    is_known = name in {"match_correct", "cc2_match", "cc2_match_basic", ""}
    return Processing(unknown="" if is_known else template[:100])


def _of_rules(found: etree._Element) -> Processing:
    unknown = next((name_of(each) for each in found.iterdescendants() if not _is_known(each)), "")
    numbers = {}
    for element in below(found, "equal"):
        variable, asked = first(element, "variable"), _asked(element)
        if variable is None or asked is None:
            unknown = unknown or "equal"
        else:
            numbers[said(variable, "identifier")] = asked
    matched = {name for element in below(found, "match") for name in _named(element, "variable")}
    mapped = frozenset(_named(found, "mapresponse")) - matched
    is_whole = any(
        len(set(_named(element, "variable", "mapresponse"))) > 1 for element in below(found, "and")
    )
    return Processing(mapped, is_whole, numbers, unknown)


def _named(root: etree._Element, *names: str) -> list[str]:
    return [said(element, "identifier") for element in below(root, *names)]


def _is_known(element: etree._Element) -> bool:
    name = name_of(element)
    if name in _KNOWN_OVER:
        return len(element) > 0 and name_of(element[0]) == _KNOWN_OVER[name]
    return name in _KNOWN


def _asked(element: etree._Element) -> Asked | None:
    """Return the number of an `equal`, unless it may be further off to one side."""
    base = first(element, "basevalue")
    text = text_in(base) if base is not None else ""
    mode = said(element, "tolerancemode").lower()
    if mode in {"", "exact"}:
        return Asked(text, 0.0)
    sides = [number(part) for part in said(element, "tolerance").split()]
    if len(set(sides)) != 1 or sides[0] is None or mode not in {"absolute", "relative"}:
        return None
    return Asked(text, abs(sides[0]), mode == "relative")
