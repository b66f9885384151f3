"""One item made a question, or refused by a code.

Identifiers of options are made anew from their texts (`shape.names_for`): those of a file often
count along the right order.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from lxml import etree

from content_packages.questions.findings import QuestionError
from content_packages.questions.qti import choosing, declarations, entering, pairing
from content_packages.questions.qti.parts import Item
from content_packages.questions.qti.tree import Notes, name_of, said
from content_packages.questions.shape import Kind, Question, tidy

_READERS: Final[Mapping[str, Callable[[Question, Item], Question]]] = {
    "associateinteraction": pairing.associate,
    "choiceinteraction": choosing.choice,
    "extendedtextinteraction": entering.essay,
    "inlinechoiceinteraction": choosing.menu,
    "matchinteraction": pairing.match,
    "orderinteraction": choosing.order,
    "textentryinteraction": entering.entries,
}
_IN_TEXT: Final = frozenset({"textentryinteraction", "inlinechoiceinteraction"})


def read(root: etree._Element, notes: Notes) -> Question:
    """Return the question that an item asks, under the item's identifier.

    Raises QuestionError: item_unknown, interaction_missing, interaction_unknown,
    interactions_several, right_answer_missing, pairs_not_one_to_one.
    """
    if name_of(root) != "assessmentitem":
        raise QuestionError("item_unknown", name=name_of(root)[:100])
    item = Item.of(root, notes)
    name, title = tidy(said(root, "identifier")), tidy(said(root, "title"))
    draft = Question(name, Kind.ESSAY, "", title="" if title == name else title)
    draft = replace(draft, points=declarations.points(root, item.declared))
    question = _reader(item)(draft, item)
    if item.processing.unknown and question.kind is not Kind.ESSAY:
        notes.warn("processing_unknown", name=item.processing.unknown)
    question = replace(question, feedback=item.general_feedback())
    if notes.lost:
        notes.warn("markup_left_out", names=", ".join(notes.lost))
    return question


def _reader(item: Item) -> Callable[[Question, Item], Question]:
    names = [name_of(each) for each in item.interactions]
    for name in names:
        if name not in _READERS:
            raise QuestionError("interaction_unknown", name=name[:100])
    if len(names) == 1:
        return _READERS[names[0]]
    if not _IN_TEXT.issuperset(names):
        raise QuestionError("interactions_several")
    return entering.entries
