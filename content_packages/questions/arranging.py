"""Chance that can be repeated: the same seed gives the same order, on every version of Python.

Things are sorted by a SHA-256 of the seed and their names, since what `random` makes of a seed is
promised for no version but its own.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace

from content_packages.questions.shape import Kind, Option, Question, names_for


def arranged(question: Question, seed: str) -> Question:
    """Return the question as it is shown under this seed.

    Options are shuffled where the question allows it; those of an ordering always, and never left
    in the right order. A matching gets its right-hand sides as `options`, shuffled.
    """
    seed = f"{seed}\n{question.id}"
    if question.kind is Kind.ORDERING:
        return replace(question, options=_disordered(question.options, seed))
    if question.kind is Kind.MATCHING:
        return replace(question, options=tuple(_shuffled(choices(question), seed)))
    if not question.is_shuffled:
        return question
    return replace(question, options=tuple(_shuffled(question.options, seed)))


def choices(question: Question) -> tuple[Option, ...]:
    """Return each right-hand side of a matching once, with the name that an answer gives it."""
    rights = [pair.right for pair in question.pairs]
    texts = list(dict.fromkeys([*rights, *(option.text for option in question.distractors)]))
    return tuple(map(Option, names_for(texts), texts))


def draw(ids: Iterable[str], count: int, seed: str) -> list[str]:
    """Return `count` of the names, drawn and in the order drawn; all where there are fewer."""
    return sorted(ids, key=lambda name: _lot(seed, name))[: max(0, count)]


def _disordered(options: tuple[Option, ...], seed: str) -> tuple[Option, ...]:
    found = tuple(_shuffled(options, seed))
    return (*found[1:], *found[:1]) if found == options else found


def _shuffled(options: Sequence[Option], seed: str) -> list[Option]:
    return sorted(options, key=lambda option: _lot(seed, option.id))


def _lot(seed: str, name: str) -> bytes:
    return hashlib.sha256(f"{seed}\n{name}".encode("utf-8", "replace")).digest()
