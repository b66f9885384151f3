"""A question as JSON and back; what is not said is what it is by default."""

import dataclasses
import math
from collections.abc import Callable, Mapping
from typing import Any, Final

from content_packages.questions.findings import QuestionError
from content_packages.questions.shape import Blank, Kind, Number, Option, Pair, Question, tidy

LONGEST: Final = 100_000
MOST_PARTS: Final = 1_000

Reader = Callable[[object, str], Any]


def to_document(question: Question) -> dict[str, Any]:
    """Return the question as JSON can hold it."""
    document: dict[str, Any] = _said(question)
    return document


def from_document(document: object) -> Question:
    """Return the question, its texts tidied.

    Raises QuestionError: field_wrong, field_missing, field_unknown, id_twice (data: field).
    Whether the question can be set is for `checking.check` to say.
    """
    question: Question = _read(Question, _QUESTION)(document, "question")
    for field in ("options", "pairs", "distractors"):
        names = [part.id for part in getattr(question, field)]
        if len(set(names)) < len(names):
            raise QuestionError("id_twice", field=field)
    return question


def _said(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        fields = dataclasses.fields(value)
        return {
            field.name: _said(found)
            for field in fields
            if (found := getattr(value, field.name)) != field.default
        }
    if isinstance(value, tuple):
        return [_said(each) for each in value]
    return value.value if isinstance(value, Kind) else value


def _wrong(field: str) -> QuestionError:
    return QuestionError("field_wrong", field=field)


def _text(value: object, field: str) -> str:
    if not isinstance(value, str) or len(value) > LONGEST:
        raise _wrong(field)
    return tidy(value)


def _name(value: object, field: str) -> str:
    if (
        not isinstance(value, str)
        or not 0 < len(value) <= 200
        or tidy(value) != value
        or "\n" in value
    ):
        raise _wrong(field)
    return value


def _flag(value: object, field: str) -> bool:
    if not isinstance(value, bool):
        raise _wrong(field)
    return value


def _amount(value: object, field: str) -> float:
    # Without the bound, a whole number of JSON can be too long for a float.
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e15:
        raise _wrong(field)
    return float(value)


def _count(value: object, field: str) -> int:
    found = _amount(value, field)
    if not isinstance(value, int):
        raise _wrong(field)
    return math.trunc(found)


def _kind(value: object, field: str) -> Kind:
    if value not in list(Kind):
        raise _wrong(field)
    return Kind(str(value))


def _number(value: object, field: str) -> Number:
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise _wrong(field)
    return Number(*(_amount(each, field) for each in value))


def _or_none(read: Reader) -> Reader:
    return lambda value, field: None if value is None else read(value, field)


def _all(read: Reader) -> Reader:
    def read_all(value: object, field: str) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple) or len(value) > MOST_PARTS:
            raise _wrong(field)
        return tuple(read(each, f"{field}.{number}") for number, each in enumerate(value, 1))

    return read_all


def _read(made: type[Any], readers: Mapping[str, Reader]) -> Reader:
    required = [
        field.name for field in dataclasses.fields(made) if field.default is dataclasses.MISSING
    ]

    def read(value: object, field: str) -> Any:
        if not isinstance(value, dict):
            raise _wrong(field)
        for name in value:
            if name not in readers:
                raise QuestionError("field_unknown", field=f"{field}.{str(name)[:50]}")
        for name in required:
            if name not in value:
                raise QuestionError("field_missing", field=f"{field}.{name}")
        return made(**{name: readers[name](value[name], f"{field}.{name}") for name in value})

    return read


_OPTION: Final = {"id": _name, "text": _text, "is_right": _flag, "feedback": _text}
_BLANK: Final = {
    "accepted": _all(_text),
    "is_case_sensitive": _flag,
    "number": _or_none(_number),
}
_PAIR: Final = {"id": _name, "left": _text, "right": _text}
_QUESTION: Final[Mapping[str, Reader]] = {
    "id": _name,
    "kind": _kind,
    "text": _text,
    "points": _amount,
    "feedback": _text,
    "options": _all(_read(Option, _OPTION)),
    "blanks": _all(_read(Blank, _BLANK)),
    "pairs": _all(_read(Pair, _PAIR)),
    "distractors": _all(_read(Option, _OPTION)),
    "is_shuffled": _flag,
    "is_partial": _flag,
    "most": _or_none(_count),
    "title": _text,
    "answer": _or_none(_flag),
    "model": _text,
}
