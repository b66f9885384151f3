"""Interactions that are answered by writing, and menus in a text."""

import re
from dataclasses import replace
from typing import Final

from lxml import etree

from content_packages.questions.findings import QuestionError
from content_packages.questions.qti.choosing import right_of
from content_packages.questions.qti.declarations import Declaration
from content_packages.questions.qti.parts import Item
from content_packages.questions.qti.processing import Asked
from content_packages.questions.qti.tree import below, name_of, number, said
from content_packages.questions.shape import Blank, Kind, Number, Question, tidy

#: How TAO says how long a text may be; expectedLength is a hint for the width of a field.
_AT_MOST: Final = re.compile(r"\^\[\\s\\S\]\{0,([0-9]{1,6})\}\$")


def entries(draft: Question, item: Item) -> Question:
    """Read all textEntryInteractions, and menus beside them, as the blanks of a text."""
    gaps = {}
    blanks = []
    for place, interaction in enumerate(item.interactions, 1):
        is_menu = name_of(interaction) == "inlinechoiceinteraction"
        blank, behind = (_menu if is_menu else _entry)(item, interaction)
        blanks.append(blank)
        gaps[interaction] = f"[[{place}]]{behind}"
    is_partial = len(blanks) > 1 and not item.processing.is_whole
    return replace(
        draft, kind=Kind.FILL_IN, text=item.text(gaps), blanks=tuple(blanks), is_partial=is_partial
    )


def essay(draft: Question, item: Item) -> Question:
    """Read an extendedTextInteraction; what a rubric tells the scorers is the model."""
    (interaction,) = item.interactions
    rubrics = [
        item.notes.text_of(each)
        for each in below(item.body, "rubricblock")
        if "scorer" in said(each, "view").split()
    ]
    most = _AT_MOST.fullmatch(said(interaction, "patternmask"))
    return replace(
        draft,
        kind=Kind.ESSAY,
        text=item.text(),
        model="\n".join([*rubrics, *item.declaration(interaction).correct]),
        most=int(most[1]) if most else None,
    )


def _entry(item: Item, interaction: etree._Element) -> tuple[Blank, str]:
    declared = item.declaration(interaction)
    asked = item.processing.numbers.get(said(interaction, "responseidentifier"))
    accepted = _accepted(item, interaction, declared)
    if asked is not None or declared.base_type in {"float", "integer"}:
        found = _number(accepted, asked or Asked("", 0.0))
        return Blank(number=found), ""
    if not accepted:
        raise QuestionError("right_answer_missing")
    is_case_sensitive = all(
        each.is_case_sensitive for each in declared.entries or () if item.is_mapped(interaction)
    )
    return Blank(tuple(map(tidy, accepted)), is_case_sensitive), ""


def _accepted(item: Item, interaction: etree._Element, declared: Declaration) -> list[str]:
    """Return the texts that earn all there is, the declared one first."""
    right = list(declared.correct[:1]) if not item.is_mapped(interaction) else []
    entries_ = declared.entries or () if item.is_mapped(interaction) or not right else ()
    whole = [each.key for each in entries_ if each.value > 0 and each.value >= declared.best]
    if left_out := sum(each.value > 0 for each in entries_) - len(whole):
        item.notes.warn("answers_left_out", count=left_out)
    return list(dict.fromkeys(text for text in (*right, *whole) if tidy(text)))


def _number(accepted: list[str], asked: Asked) -> Number:
    value = number(asked.text or (accepted[0] if accepted else ""))
    if value is None:
        raise QuestionError("right_answer_missing")
    relative = abs(value) * asked.tolerance / 100
    return Number(value, relative if asked.is_relative else asked.tolerance)


def _menu(item: Item, interaction: etree._Element) -> tuple[Blank, str]:
    """Make a menu a blank, its choices standing behind it in the text."""
    right = right_of(item, interaction)
    options = item.options(below(interaction, "inlinechoice"), right)
    accepted = tuple(option.text for option in options if option.is_right)
    if not accepted:
        raise QuestionError("right_answer_missing")
    item.notes.warn("choices_written_out")
    return Blank(accepted), f" ({' / '.join(option.text for option in options)})"
