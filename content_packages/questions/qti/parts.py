"""An item as its readers see it: body, responses, way of scoring, feedback."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from lxml import etree

from content_packages.questions import markup
from content_packages.questions.findings import QuestionError
from content_packages.questions.qti import declarations, processing
from content_packages.questions.qti.declarations import Declaration
from content_packages.questions.qti.processing import Processing
from content_packages.questions.qti.tree import Notes, below, first, name_of, said
from content_packages.questions.shape import Option, names_for

#: The feedback that `writing` gives to everybody.
GENERAL = "GENERAL"
_APART = frozenset({"feedbackblock", "feedbackinline"})


@dataclass
class Item:
    """One item while it is read."""

    root: etree._Element
    body: etree._Element
    interactions: list[etree._Element]
    declared: dict[str, Declaration]
    processing: Processing
    notes: Notes
    #: feedback by its identifier, in order; what an option's reader takes, it takes out
    feedback: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, root: etree._Element, notes: Notes) -> "Item":
        """Return the item; raises QuestionError interaction_missing."""
        body = next((child for child in root if name_of(child) == "itembody"), None)
        found = [] if body is None else list(_interactions(body))
        if body is None or not found:
            raise QuestionError("interaction_missing")
        declared = declarations.read(root)
        item = cls(root, body, found, declared, processing.read(root), notes)
        for each in below(root, "modalfeedback", "feedbackblock"):
            name = said(each, "identifier")
            texts = [item.feedback.get(name, ""), notes.text_of(each, _nested)]
            item.feedback[name] = "\n".join(filter(None, texts))
        return item

    def declaration(self, interaction: etree._Element) -> Declaration:
        """Return what is declared of an interaction's response."""
        return self.declared.get(said(interaction, "responseidentifier"), declarations.NONE)

    def is_mapped(self, interaction: etree._Element) -> bool:
        """Say whether the interaction is scored by a mapping it has."""
        maps = self.processing.maps(said(interaction, "responseidentifier"))
        return maps and self.declaration(interaction).entries is not None

    def text(self, gaps: dict[etree._Element, str] | None = None) -> str:
        """Return what the body asks; `gaps` stand for interactions, a prompt for all others."""
        asked = frozenset(self.interactions)

        def replaced(element: etree._Element) -> str | None:
            if gaps and element in gaps:
                return gaps[element]
            if element in asked:
                return self._prompt(element)
            if name_of(element) == "rubricblock" and "candidate" not in said(element, "view"):
                return ""
            return "" if name_of(element) in _APART else None

        return self.notes.text_of(self.body, replaced)

    def _prompt(self, interaction: etree._Element) -> str:
        prompt = first(interaction, "prompt")
        text = "" if prompt is None else self.notes.text_of(prompt)
        return markup.EDGE + text.replace("\n", markup.BREAK) + markup.EDGE

    def options(
        self, choices: Iterable[etree._Element], right: frozenset[str] = frozenset()
    ) -> tuple[Option, ...]:
        """Return the choices with new identifiers, each with the feedback that is its own."""
        found = list(choices)
        texts = [self.notes.text_of(each, _apart) for each in found]
        return tuple(
            Option(name, text, said(each, "identifier") in right, self._feedback_of(each))
            for name, text, each in zip(names_for(texts), texts, found, strict=True)
        )

    def _feedback_of(self, choice: etree._Element) -> str:
        inside = [self.notes.text_of(each) for each in below(choice, *_APART)]
        for each in below(choice, "feedbackblock"):
            self.feedback.pop(said(each, "identifier"), None)
        return "\n".join(filter(None, [*inside, self.feedback.pop(said(choice, "identifier"), "")]))

    def general_feedback(self) -> str:
        """Return what is left to say to everybody: one text, or the general one of several."""
        left = {name: text for name, text in self.feedback.items() if text}
        if not left:
            return ""
        if len(left) > 1:
            self.notes.warn("feedback_left_out")
        elif GENERAL not in left:
            self.notes.warn("feedback_moved")
        return left.get(GENERAL) or next(iter(left.values()))


def _interactions(body: etree._Element) -> Iterable[etree._Element]:
    for element in body.iterdescendants():
        name = name_of(element)
        if name.endswith("interaction") and name != "endattemptinteraction":
            yield element


def _apart(element: etree._Element) -> str | None:
    return "" if name_of(element) in _APART else None


def _nested(element: etree._Element) -> str | None:
    """Leave out what is feedback of its own, and what is to be answered."""
    name = name_of(element)
    return "" if name in _APART or name.endswith("interaction") else None
