"""What an item declares of its responses: the right one, and what others are worth."""

from dataclasses import dataclass
from typing import Final

from lxml import etree

from content_packages.questions.qti.tree import below, first, name_of, number, said, text_in


@dataclass(frozen=True)
class Entry:
    """What one response is worth."""

    key: str
    value: float
    is_case_sensitive: bool


@dataclass(frozen=True)
class Declaration:
    """A response variable; `entries` is its mapping, None where it has none."""

    cardinality: str
    base_type: str
    correct: tuple[str, ...] = ()
    entries: tuple[Entry, ...] | None = None
    default: float = 0.0
    lower: float | None = None
    upper: float | None = None

    @property
    def best(self) -> float:
        """Return the most that one response is worth."""
        return max((entry.value for entry in self.entries or ()), default=0.0)

    @property
    def highest(self) -> float:
        """Return the most that the mapping gives for all responses together."""
        values = [entry.value for entry in self.entries or () if entry.value > 0]
        total = sum(values) if self.cardinality == "multiple" else self.best
        return total if self.upper is None else min(total, self.upper)


#: Of a response that the item forgot to declare: nothing is right.
NONE: Final = Declaration("single", "identifier")


def read(item: etree._Element) -> dict[str, Declaration]:
    """Return the declared responses by their identifiers."""
    declared = (child for child in item if name_of(child) == "responsedeclaration")
    return {said(element, "identifier"): _declaration(element) for element in declared}


def _declaration(element: etree._Element) -> Declaration:
    correct = first(element, "correctresponse")
    mapping = first(element, "mapping")
    declaration = Declaration(
        said(element, "cardinality").lower(),
        said(element, "basetype").lower(),
        () if correct is None else tuple(text_in(value) for value in below(correct, "value")),
    )
    if mapping is None:
        return declaration
    return Declaration(
        declaration.cardinality,
        declaration.base_type,
        declaration.correct,
        tuple(_entry(each) for each in below(mapping, "mapentry")),
        number(said(mapping, "defaultvalue")) or 0.0,
        number(said(mapping, "lowerbound")),
        number(said(mapping, "upperbound")),
    )


def _entry(element: etree._Element) -> Entry:
    value = number(said(element, "mappedvalue")) or 0.0
    # QTI 2.1, mapEntry: case counts unless the entry says that it does not.
    return Entry(
        said(element, "mapkey"), value, said(element, "casesensitive") not in {"false", "0"}
    )


def points(item: etree._Element, declared: dict[str, Declaration]) -> float:
    """Return what the item is worth: as it says itself, else by its mappings, else one point."""
    outcomes = {
        said(child, "identifier"): child for child in item if name_of(child) == "outcomedeclaration"
    }
    most = outcomes.get("MAXSCORE")
    value = first(most, "value") if most is not None else None
    stated = number(text_in(value)) if value is not None else None
    score = outcomes.get("SCORE")
    if stated is None and score is not None:
        stated = number(said(score, "normalmaximum"))
    if stated is None:
        stated = sum(each.highest for each in declared.values())
    return stated if 0 < stated < 10**6 else 1.0
