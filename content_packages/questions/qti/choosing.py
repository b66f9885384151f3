"""Interactions that choose from a list, or put it in order."""

from dataclasses import replace
from typing import Final

from lxml import etree

from content_packages.questions.findings import QuestionError
from content_packages.questions.qti.declarations import Declaration
from content_packages.questions.qti.parts import Item
from content_packages.questions.qti.tree import below, said
from content_packages.questions.shape import Kind, Question

#: Two choices that say these are no choice, but true and false.
_TRUTHS: Final = {
    "true": True, "false": False, "○": True, "〇": True, "×": False,
    "正しい": True, "誤り": False, "正": True, "誤": False,
}  # fmt: skip
_EVEN: Final = 0.001


def choice(draft: Question, item: Item) -> Question:
    """Read a choiceInteraction as single, multiple or, by its words, true_false."""
    (interaction,) = item.interactions
    draft = replace(draft, text=item.text(), is_shuffled=is_shuffled(interaction))
    return _chosen(draft, item, interaction, list(below(interaction, "simplechoice")))


def menu(draft: Question, item: Item) -> Question:
    """Read the only inlineChoiceInteraction of a text as single."""
    (interaction,) = item.interactions
    draft = replace(draft, text=item.text({interaction: "_____"}))
    draft = replace(draft, is_shuffled=is_shuffled(interaction))
    return _chosen(draft, item, interaction, list(below(interaction, "inlinechoice")))


def order(draft: Question, item: Item) -> Question:
    """Read an orderInteraction that orders all of its choices."""
    (interaction,) = item.interactions
    named = {said(each, "identifier"): each for each in below(interaction, "simplechoice")}
    right = item.declaration(interaction).correct
    if not right or sorted(right) != sorted(named):
        raise QuestionError("right_answer_missing")
    options = item.options(named[name] for name in right)
    return replace(draft, kind=Kind.ORDERING, text=item.text(), options=options)


def right_of(item: Item, interaction: etree._Element) -> frozenset[str]:
    """Return the names of the right choices; raises QuestionError right_answer_missing."""
    declared = item.declaration(interaction)
    right = set(declared.correct)
    if item.is_mapped(interaction) or not right:
        wanted = 0.0 if declared.cardinality == "multiple" else declared.best - _EVEN
        right = {each.key for each in declared.entries or () if each.value > max(0.0, wanted)}
    if not right:
        raise QuestionError("right_answer_missing")
    return frozenset(right)


def _chosen(
    draft: Question, item: Item, interaction: etree._Element, choices: list[etree._Element]
) -> Question:
    declared = item.declaration(interaction)
    right = right_of(item, interaction) & {said(each, "identifier") for each in choices}
    if not right:
        raise QuestionError("right_answer_missing")
    is_multiple = declared.cardinality == "multiple" and said(interaction, "maxchoices") != "1"
    is_mapped = item.is_mapped(interaction)
    if is_mapped and not _is_even(declared, right, {said(each, "identifier") for each in choices}):
        item.notes.warn("weights_changed")
    options = item.options(choices, right)
    truths = [_TRUTHS.get(option.text.casefold()) for option in options]
    if not is_multiple and sorted(map(str, truths)) == ["False", "True"]:
        item.feedback.update((option.id, option.feedback) for option in options)
        is_true = options[truths.index(True)].is_right
        return replace(draft, kind=Kind.TRUE_FALSE, answer=is_true, is_shuffled=True)
    kind = Kind.MULTIPLE if is_multiple else Kind.SINGLE
    return replace(draft, kind=kind, options=options, is_partial=is_multiple and is_mapped)


def _is_even(declared: Declaration, right: frozenset[str], names: set[str]) -> bool:
    """Say whether marking gives what the mapping says: all for one, or even gains and losses."""
    values = {each.key: each.value for each in declared.entries or ()}
    share = declared.highest / len(right)
    loss = -share
    if declared.cardinality != "multiple":
        share, loss = declared.best, 0.0
    wanted = {name: share if name in right else loss for name in names}
    is_bounded = loss == 0 or declared.lower == 0
    off = (abs(values.get(name, declared.default) - wanted[name]) for name in names)
    return is_bounded and max(off) < _EVEN


def is_shuffled(interaction: etree._Element) -> bool:
    """Say whether choices may be shown in another order than the file's."""
    return said(interaction, "shuffle") == "true"
