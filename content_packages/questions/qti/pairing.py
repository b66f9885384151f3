"""Interactions that put two things together, where each left side gets one right side."""

from dataclasses import replace

from lxml import etree

from content_packages.questions.findings import QuestionError
from content_packages.questions.qti.choosing import is_shuffled, right_of
from content_packages.questions.qti.parts import Item
from content_packages.questions.qti.tree import below, said
from content_packages.questions.shape import Kind, Option, Pair, Question, names_for


def match(draft: Question, item: Item) -> Question:
    """Read a matchInteraction: its first set is the left side, its second the right."""
    (interaction,) = item.interactions
    sets = [_choices(each) for each in below(interaction, "simplematchset")]
    if len(sets) != 2:
        raise QuestionError("pairs_not_one_to_one")
    return _paired(draft, item, *sets)


def associate(draft: Question, item: Item) -> Question:
    """Read an associateInteraction: the first of each right pair is its left side."""
    (interaction,) = item.interactions
    choices = _choices(interaction)
    used = [pair.split() for pair in sorted(right_of(item, interaction))]
    lefts = {pair[0] for pair in used if pair}
    left = {name: each for name, each in choices.items() if name in lefts}
    right = {name: each for name, each in choices.items() if name not in lefts}
    return _paired(draft, item, left, right)


def _choices(root: etree._Element) -> dict[str, etree._Element]:
    return {said(each, "identifier"): each for each in below(root, "simpleassociablechoice")}


def _paired(
    draft: Question,
    item: Item,
    left: dict[str, etree._Element],
    right: dict[str, etree._Element],
) -> Question:
    (interaction,) = item.interactions
    made = [pair.split() for pair in right_of(item, interaction)]
    partner = {pair[0]: pair[-1] for pair in made if len(pair) == 2}
    used = set(partner.values())
    is_whole = len(partner) == len(made) and partner.keys() == left.keys()
    if not is_whole or not right.keys() >= used:
        raise QuestionError("pairs_not_one_to_one")
    texts = {name: item.notes.text_of(each) for name, each in (left | right).items()}
    names = names_for(texts[name] for name in left)
    lone = [texts[name] for name in right if name not in used]
    return replace(
        draft,
        kind=Kind.MATCHING,
        text=item.text(),
        pairs=tuple(
            Pair(new, texts[name], texts[partner[name]])
            for new, name in zip(names, left, strict=True)
        ),
        distractors=tuple(map(Option, names_for(lone), lone)),
        is_shuffled=is_shuffled(interaction),
        is_partial=item.is_mapped(interaction),
    )
