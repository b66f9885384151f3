"""Moodle's GIFT, read: blocks between empty lines, each a question, none of which spoils another.

Strict is Moodle's own reader (question/format/gift); what it takes is taken. Left out are its tags;
what its formats hold beyond plain text is reduced and told.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final, NamedTuple

from content_packages.questions import gift_answers
from content_packages.questions.files import LARGEST, MOST_QUESTIONS, Names, Read
from content_packages.questions.findings import Finding, QuestionError
from content_packages.questions.gift_text import Notes, Piece, escaped, text_of
from content_packages.questions.gift_writing import losses, write
from content_packages.questions.shape import Kind, Question, tidy
from scorm.xml import XmlError, decode

__all__ = ["losses", "read", "write"]

_ID: Final = re.compile(r"\[id:((?:\\.|[^\]\\])+)\]")
_TITLE: Final = re.compile(r"\s*::(.*?)::", re.DOTALL)


class _Block(NamedTuple):
    """The lines of one question."""

    line: int
    text: str
    id: str
    category: str


def read(source: str | bytes) -> Read:
    """Return the questions; a finding's `line` is where its question begins.

    Raises QuestionError: encoding, too_large, too_many (data: limit).
    """
    if len(source) > LARGEST:
        raise QuestionError("too_large", limit=LARGEST)
    if isinstance(source, bytes):
        try:
            source = decode(source)
        except XmlError as error:
            raise QuestionError("encoding") from error
    questions: list[Question] = []
    findings: list[Finding] = []
    categories: list[str] = []
    names = Names()
    for block in _blocks(source):
        notes = Notes(block.line)
        try:
            question = _question(block, notes)
        except QuestionError as error:
            findings.append(Finding(error.code, {"line": block.line, **error.data}))
            continue
        findings += notes.findings
        if len(questions) == MOST_QUESTIONS:
            raise QuestionError("too_many", limit=MOST_QUESTIONS)
        said = f"{question.title}\n{question.text}"
        questions.append(replace(question, id=names.give(block.id, said)))
        categories.append(block.category)
    return Read(tuple(questions), tuple(findings), tuple(categories))


def _blocks(source: str) -> Iterator[_Block]:
    """Split at empty lines; comments and categories are no part of a question."""
    category = name = ""
    lines: list[str] = []
    first = 0
    text = source.replace("\r\n", "\n").replace("\r", "\n")
    for number, line in enumerate(f"{text}\n".split("\n"), 1):
        bare = line.strip().lstrip("\ufeff")
        if bare.startswith("//"):
            found = _ID.search(bare)
            name = re.sub(r"\\(.)", r"\1", found[1]) if found else name
        elif bare.startswith("$CATEGORY:"):
            category = tidy(bare.removeprefix("$CATEGORY:"))
        elif bare:
            first = first if lines else number
            lines.append(line)
        elif lines:
            yield _Block(first, "\n".join(lines), tidy(name), category)
            lines, name = [], ""


def _question(block: _Block, notes: Notes) -> Question:
    text = escaped(block.text)
    title, rest = "", text
    if found := _TITLE.match(text):
        title, rest = text_of(found[1]), text[found.end() :]
    before, brace, behind = rest.partition("{")
    body, closing, after = behind.partition("}")
    if not brace and "}" not in before:
        raise QuestionError("answers_missing")
    if not brace or not closing or {"{", "}"} & set(before + body + after):
        raise QuestionError("braces_unbalanced")
    piece = Piece.of(before)
    draft = Question("", Kind.ESSAY, "", title=title)
    question = gift_answers.read(draft, body, piece.format, notes)
    gap = _gap(question.kind, has_tail=bool(after.strip()))
    whole = replace(piece, raw=f"{piece.raw}{gap}{after}")
    return replace(question, text=whole.plain(notes))


def _gap(kind: Kind, *, has_tail: bool) -> str:
    """Return what stands in the text where the answers stood."""
    if kind is Kind.FILL_IN:
        return "[[1]]"
    return "_____" if has_tail and kind in {Kind.SINGLE, Kind.MULTIPLE} else ""
