"""A question as one item: its declarations and its body; how it is scored stands in `scoring`.

Choices are numbered in the order they are written in, and those of an ordering or of the right
side of a matching are written shuffled, so that no file gives an answer away to who sees it run.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Protocol

from lxml import etree

from content_packages.questions.arranging import arranged
from content_packages.questions.checking import check
from content_packages.questions.findings import Finding, warning
from content_packages.questions.qti import scoring
from content_packages.questions.qti.making import WORDS, Edition, Maker, amount, document, flag
from content_packages.questions.qti.parts import GENERAL
from content_packages.questions.qti.scoring import RESPONSE
from content_packages.questions.shape import MARKER, Blank, Kind, Option, Question

#: Shuffles what must not stand in the right order; the same for every export.
_SEED: Final = "qti"


def losses(question: Question) -> list[Finding]:
    """Return what is lost of the question in an item; an error is the question as a whole."""
    found = [*check(question), *_lost(question)]
    return [Finding(each.code, {"id": question.id, **each.data}, each.severity) for each in found]


def can_be_written(question: Question) -> bool:
    """Say whether the question is sound: every kind has its interaction."""
    return not check(question)


def _lost(question: Question) -> Iterator[Finding]:
    if question.kind is Kind.ORDERING:
        if question.is_partial:
            yield warning("partial_changed")
        if any(option.feedback for option in question.options):
            yield warning("feedback_left_out")
    for blank in question.blanks:
        if blank.number and blank.accepted:
            yield warning("accepted_left_out")


def item(question: Question, edition: Edition) -> bytes:
    """Return the item's document; the question must be sound."""
    maker = Maker(edition, WORDS[edition].items)
    root = maker.root(
        "assessmentItem",
        identifier=question.id,
        title=question.title or question.id,
        adaptive="false",
        timeDependent="false",
    )
    _DECLARE[question.kind](maker, root, question)
    scoring.outcomes(maker, root, question)
    body = maker.add(root, "itemBody")
    _BODY[question.kind](maker, body, question)
    scoring.processing(maker, root, question)
    _feedback(maker, root, question)
    return document(root)


def _declared(
    maker: Maker,
    root: etree._Element,
    cardinality: str,
    base_type: str,
    right: Sequence[str],
    name: str = RESPONSE,
) -> etree._Element:
    declaration = maker.add(
        root, "responseDeclaration", identifier=name, cardinality=cardinality, baseType=base_type
    )
    if right:
        correct = maker.add(declaration, "correctResponse")
        for value in right:
            maker.value(correct, "value", value)
    return declaration


def _mapped(
    maker: Maker,
    declaration: etree._Element,
    values: Mapping[str, float],
    **attributes: str,
) -> etree._Element:
    mapping = maker.add(declaration, "mapping", defaultValue="0", **attributes)
    for key, value in values.items():
        maker.add(mapping, "mapEntry", mapKey=key, mappedValue=amount(value))
    return mapping


def _declare_choice(maker: Maker, root: etree._Element, question: Question) -> None:
    names = scoring.numbered(question.options)
    right = [names[option.id] for option in question.options if option.is_right]
    cardinality = "multiple" if question.kind is Kind.MULTIPLE else "single"
    declaration = _declared(maker, root, cardinality, "identifier", right)
    if scoring.is_mapped(question):
        share = question.points / len(right)
        values = {name: share if name in right else -share for name in names.values()}
        bounds = {"lowerBound": "0", "upperBound": amount(question.points)}
        _mapped(maker, declaration, values, **bounds)


def _declare_true_false(maker: Maker, root: etree._Element, question: Question) -> None:
    _declared(maker, root, "single", "identifier", [flag(question.answer)])


def _declare_ordering(maker: Maker, root: etree._Element, question: Question) -> None:
    names = scoring.numbered(_shown(question))
    _declared(maker, root, "ordered", "identifier", [names[each.id] for each in question.options])


def _declare_matching(maker: Maker, root: etree._Element, question: Question) -> None:
    names = {text: f"R{number}" for number, text in enumerate(_right_sides(question), 1)}
    pairs = [f"L{number} {names[pair.right]}" for number, pair in enumerate(question.pairs, 1)]
    declaration = _declared(maker, root, "multiple", "directedPair", pairs)
    if scoring.is_mapped(question):
        _mapped(maker, declaration, dict.fromkeys(pairs, question.points / len(pairs)))


def _declare_fill_in(maker: Maker, root: etree._Element, question: Question) -> None:
    for number, blank in enumerate(question.blanks, 1):
        _declare_blank(maker, root, blank, scoring.response(question, number))


def _declare_blank(maker: Maker, root: etree._Element, blank: Blank, name: str) -> None:
    if blank.number is not None:
        _declared(maker, root, "single", "float", [amount(blank.number.value)], name)
        return
    accepted = dict.fromkeys((text for text in blank.accepted if text.strip()), 1.0)
    declaration = _declared(maker, root, "single", "string", list(accepted)[:1], name)
    mapping = maker.add(declaration, "mapping", defaultValue="0")
    for text in accepted:
        maker.add(
            mapping,
            "mapEntry",
            mapKey=text,
            mappedValue="1",
            caseSensitive=flag(blank.is_case_sensitive),
        )


def _declare_essay(maker: Maker, root: etree._Element, _: Question) -> None:
    _declared(maker, root, "single", "string", ())


def _interaction(
    maker: Maker, body: etree._Element, name: str, question: Question, **attributes: str
) -> etree._Element:
    interaction = maker.add(body, name, responseIdentifier=RESPONSE, **attributes)
    maker.text(maker.add(interaction, "prompt"), question.text)
    return interaction


def _ask_choice(maker: Maker, body: etree._Element, question: Question) -> None:
    interaction = _interaction(
        maker,
        body,
        "choiceInteraction",
        question,
        shuffle=flag(question.is_shuffled),
        maxChoices="0" if question.kind is Kind.MULTIPLE else "1",
    )
    names = scoring.numbered(question.options)
    for option in question.options:
        choice = maker.add(interaction, "simpleChoice", identifier=names[option.id])
        maker.text(choice, option.text)


def _ask_true_false(maker: Maker, body: etree._Element, question: Question) -> None:
    interaction = _interaction(
        maker, body, "choiceInteraction", question, shuffle="false", maxChoices="1"
    )
    for name, sign in (("true", "○"), ("false", "×")):
        maker.value(interaction, "simpleChoice", sign, identifier=name)


def _ask_ordering(maker: Maker, body: etree._Element, question: Question) -> None:
    interaction = _interaction(maker, body, "orderInteraction", question, shuffle="true")
    names = scoring.numbered(_shown(question))
    for option in _shown(question):
        choice = maker.add(interaction, "simpleChoice", identifier=names[option.id])
        maker.text(choice, option.text)


def _ask_matching(maker: Maker, body: etree._Element, question: Question) -> None:
    interaction = _interaction(
        maker,
        body,
        "matchInteraction",
        question,
        shuffle=flag(question.is_shuffled),
        maxAssociations=str(len(question.pairs)),
    )
    left = [(f"L{number}", pair.left, 1) for number, pair in enumerate(question.pairs, 1)]
    most = len(question.pairs)
    right = [(f"R{number}", text, most) for number, text in enumerate(_right_sides(question), 1)]
    for side in (left, right):
        match_set = maker.add(interaction, "simpleMatchSet")
        for name, text, times in side:
            choice = maker.add(
                match_set, "simpleAssociableChoice", identifier=name, matchMax=str(times)
            )
            maker.text(choice, text)


def _ask_fill_in(maker: Maker, body: etree._Element, question: Question) -> None:
    paragraph = maker.add(body, "p")
    # Every second piece is the number of a marker.
    for place, piece in enumerate(MARKER.split(question.text)):
        if place % 2:
            name = scoring.response(question, int(piece))
            maker.add(paragraph, "textEntryInteraction", responseIdentifier=name)
        else:
            maker.text(paragraph, piece)


def _ask_essay(maker: Maker, body: etree._Element, question: Question) -> None:
    if question.model:
        rubric = maker.add(body, "rubricBlock", view="scorer")
        maker.text(maker.add(maker.content(rubric), "p"), question.model)
    limits = {}
    if question.most is not None:
        mask = f"^[\\s\\S]{{0,{question.most}}}$"
        limits = {"expectedLength": str(question.most), "patternMask": mask}
    _interaction(maker, body, "extendedTextInteraction", question, **limits)


def _shown(question: Question) -> tuple[Option, ...]:
    return arranged(question, _SEED).options


def _right_sides(question: Question) -> list[str]:
    """Return the right-hand sides, shuffled; those that belong to nothing keep their order."""
    lone = [option.text for option in question.distractors]
    others = iter(dict.fromkeys(lone))
    shown = [option.text for option in _shown(question)]
    return [next(others) if text in lone else text for text in shown]


def _feedback(maker: Maker, root: etree._Element, question: Question) -> None:
    said = {GENERAL: question.feedback, **scoring.feedback_of_options(question)}
    for name, text in said.items():
        if text:
            feedback = maker.add(
                root,
                "modalFeedback",
                outcomeIdentifier="FEEDBACK",
                identifier=name,
                showHide="show",
            )
            maker.text(maker.add(maker.content(feedback), "p"), text)


class _Part(Protocol):
    def __call__(self, maker: Maker, parent: etree._Element, question: Question, /) -> None: ...


_DECLARE: Final[Mapping[Kind, _Part]] = {
    Kind.SINGLE: _declare_choice,
    Kind.MULTIPLE: _declare_choice,
    Kind.TRUE_FALSE: _declare_true_false,
    Kind.FILL_IN: _declare_fill_in,
    Kind.ORDERING: _declare_ordering,
    Kind.MATCHING: _declare_matching,
    Kind.ESSAY: _declare_essay,
}
_BODY: Final[Mapping[Kind, _Part]] = {
    Kind.SINGLE: _ask_choice,
    Kind.MULTIPLE: _ask_choice,
    Kind.TRUE_FALSE: _ask_true_false,
    Kind.FILL_IN: _ask_fill_in,
    Kind.ORDERING: _ask_ordering,
    Kind.MATCHING: _ask_matching,
    Kind.ESSAY: _ask_essay,
}
