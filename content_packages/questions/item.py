"""The neutral form of a question, whole: its parts, its document, its check, its arrangement."""

from content_packages.questions.arranging import arranged, choices, draw
from content_packages.questions.checking import check
from content_packages.questions.document import from_document, to_document
from content_packages.questions.findings import Finding, QuestionError
from content_packages.questions.shape import (
    MARKER,
    Blank,
    Kind,
    Number,
    Option,
    Pair,
    Question,
    names_for,
    tidy,
)

__all__ = [
    "MARKER",
    "Blank",
    "Finding",
    "Kind",
    "Number",
    "Option",
    "Pair",
    "Question",
    "QuestionError",
    "arranged",
    "check",
    "choices",
    "draw",
    "from_document",
    "names_for",
    "tidy",
    "to_document",
]
