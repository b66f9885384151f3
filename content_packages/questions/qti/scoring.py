"""How a question is scored, written as an item's outcomes and rules.

The standard's templates stand where they say it all, since every player knows those; else rules
that say the same with the question's points and feedback.
"""

from collections.abc import Iterable
from typing import Final

from lxml import etree

from content_packages.questions.qti.making import Maker, amount
from content_packages.questions.qti.parts import GENERAL
from content_packages.questions.shape import Blank, Kind, Option, Question

RESPONSE: Final = "RESPONSE"


def numbered(options: Iterable[Option]) -> dict[str, str]:
    """Return the identifiers of options in the item, by their own."""
    return {option.id: f"C{number}" for number, option in enumerate(options, 1)}


def response(question: Question, number: int) -> str:
    """Return the name of a blank's response, counted from 1."""
    return RESPONSE if len(question.blanks) == 1 else f"{RESPONSE}_{number}"


def is_mapped(question: Question) -> bool:
    """Say whether a mapping gives the points."""
    return question.is_partial and question.kind in {Kind.MULTIPLE, Kind.MATCHING}


def feedback_of_options(question: Question) -> dict[str, str]:
    """Return what is said to whoever chose an option, by the option's identifier in the item."""
    if question.kind not in {Kind.SINGLE, Kind.MULTIPLE}:
        return {}
    names = numbered(question.options)
    return {names[option.id]: option.feedback for option in question.options if option.feedback}


def outcomes(maker: Maker, root: etree._Element, question: Question) -> None:
    """Declare the score, its maximum, and what is said afterwards."""
    for name, value in (("SCORE", 0.0), ("MAXSCORE", question.points)):
        outcome = maker.add(
            root, "outcomeDeclaration", identifier=name, cardinality="single", baseType="float"
        )
        maker.value(maker.add(outcome, "defaultValue"), "value", amount(value))
    if _has_feedback(question):
        maker.add(
            root,
            "outcomeDeclaration",
            identifier="FEEDBACK",
            cardinality="multiple",
            baseType="identifier",
        )


def processing(maker: Maker, root: etree._Element, question: Question) -> None:
    """Write the rules; an essay without feedback has none."""
    is_essay = question.kind is Kind.ESSAY
    if is_essay and not question.feedback:
        return
    if template := _template(question):
        maker.add(root, "responseProcessing", template=maker.words.template.format(template))
        return
    rules = maker.add(root, "responseProcessing")
    if question.kind is Kind.FILL_IN:
        _score_blanks(maker, rules, question)
    elif is_mapped(question):
        score = maker.add(rules, "setOutcomeValue", identifier="SCORE")
        maker.add(score, "mapResponse", identifier=RESPONSE)
    elif not is_essay:
        met = _condition(maker, rules)
        match = maker.add(met, "match")
        maker.add(match, "variable", identifier=RESPONSE)
        maker.add(match, "correct", identifier=RESPONSE)
        _score(maker, met, question.points)
    if _has_feedback(question):
        _say(maker, rules, question)


def _template(question: Question) -> str:
    if question.kind in {Kind.FILL_IN, Kind.ESSAY} or _has_feedback(question):
        return ""
    if is_mapped(question):
        return "map_response"
    return "match_correct" if question.points == 1 else ""


def _has_feedback(question: Question) -> bool:
    return bool(question.feedback or feedback_of_options(question))


def _condition(maker: Maker, rules: etree._Element) -> etree._Element:
    return maker.add(maker.add(rules, "responseCondition"), "responseIf")


def _score(maker: Maker, met: etree._Element, points: float) -> None:
    score = maker.add(met, "setOutcomeValue", identifier="SCORE")
    maker.value(score, "baseValue", amount(points), baseType="float")


def _score_blanks(maker: Maker, rules: etree._Element, question: Question) -> None:
    """Give each blank its share, or everything when all are right."""
    if not question.is_partial:
        met = _condition(maker, rules)
        together = maker.add(met, "and")
        for number, blank in enumerate(question.blanks, 1):
            _fits(maker, together, blank, response(question, number))
        _score(maker, met, question.points)
        return
    for number, blank in enumerate(question.blanks, 1):
        met = _condition(maker, rules)
        _fits(maker, met, blank, response(question, number))
        score = maker.add(met, "setOutcomeValue", identifier="SCORE")
        total = maker.add(score, "sum")
        maker.add(total, "variable", identifier="SCORE")
        share = amount(question.points / len(question.blanks))
        maker.value(total, "baseValue", share, baseType="float")


def _fits(maker: Maker, parent: etree._Element, blank: Blank, name: str) -> None:
    if blank.number is None:
        reached = maker.add(parent, "gte")
        maker.add(reached, "mapResponse", identifier=name)
        maker.value(reached, "baseValue", "1", baseType="float")
        return
    tolerance = amount(blank.number.tolerance)
    equal = maker.add(
        parent, "equal", toleranceMode="absolute", tolerance=f"{tolerance} {tolerance}"
    )
    maker.add(equal, "variable", identifier=name)
    maker.add(equal, "correct", identifier=name)


def _say(maker: Maker, rules: etree._Element, question: Question) -> None:
    feedback = maker.add(rules, "setOutcomeValue", identifier="FEEDBACK")
    several = maker.add(feedback, "multiple")
    if feedback_of_options(question):
        maker.add(several, "variable", identifier=RESPONSE)
    if question.feedback:
        maker.value(several, "baseValue", GENERAL, baseType="identifier")
