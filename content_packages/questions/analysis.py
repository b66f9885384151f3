"""Item analysis: how hard each question was, and how well it tells who knows from who does not.

Pure; of people there is nothing here but what they answered. Fewer than LEAST sittings say nothing
of discrimination.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

from content_packages.questions.answers import chosen, is_answered
from content_packages.questions.paper import Paper
from content_packages.questions.shape import Kind, Question

#: With fewer sittings chance alone makes a question look good or bad.
LEAST: Final = 10
#: The share of the best and of the worst that are held against each other.
GROUP: Final = 0.27


@dataclass(frozen=True)
class Sat:
    """One sitting: what was asked, answered, and given for it."""

    drawn: Sequence[str]
    answers: Mapping[str, object]
    #: None where a hand has still to give them.
    marks: Mapping[str, float | None]


@dataclass(frozen=True)
class Choice:
    """How often an option was chosen."""

    text: str
    is_right: bool
    count: int


@dataclass(frozen=True)
class Figures:
    """What a question has come to."""

    question: Question
    #: How often it was asked, answered, and marked.
    asked: int
    answered: int
    marked: int
    #: The mean of the share of its points, from 0 (nobody) to 1 (everybody); None unmarked.
    difficulty: float | None
    #: The correlation of its share with that of all other questions together, from -1 to 1.
    discrimination: float | None
    #: What the best had of it more than the worst, from -1 to 1.
    upper_lower: float | None
    choices: tuple[Choice, ...]


def analyse(paper: Paper, sittings: Sequence[Sat]) -> list[Figures]:
    """Return the figures of every question that was ever asked, in the paper's order."""
    shares = [_shares(paper, sat) for sat in sittings]
    found = []
    for name, question in paper.questions.items():
        of_it = [(sat, share) for sat, share in zip(sittings, shares, strict=True) if name in share]
        if of_it:
            found.append(_figures(paper, question, of_it))
    return found


def spread(scores: Sequence[float]) -> list[int]:
    """Return how many scores lie in each ten of 0 to 100, the last one with 100 in it."""
    counted = Counter(min(9, int(score // 10)) for score in scores)
    return [counted[ten] for ten in range(10)]


Shares = Mapping[str, float | None]


def _shares(paper: Paper, sat: Sat) -> Shares:
    """Return the share of its points that each question asked has earned."""
    known = paper.questions
    return {
        name: None if (given := sat.marks.get(name)) is None else given / known[name].points
        for name in sat.drawn
        if name in known
    }


def _figures(paper: Paper, question: Question, of_it: Sequence[tuple[Sat, Shares]]) -> Figures:
    name = question.id
    pairs = [
        (share, rest)
        for _, shares in of_it
        if (share := shares[name]) is not None and (rest := _rest(paper, shares, name)) is not None
    ]
    marked = [share for _, shares in of_it if (share := shares[name]) is not None]
    is_enough = len(pairs) >= LEAST
    return Figures(
        question,
        asked=len(of_it),
        answered=sum(is_answered(question, sat.answers.get(name)) for sat, _ in of_it),
        marked=len(marked),
        difficulty=sum(marked) / len(marked) if marked else None,
        discrimination=correlation(pairs) if is_enough else None,
        upper_lower=_upper_lower(pairs) if is_enough else None,
        choices=_choices(question, [sat.answers.get(name) for sat, _ in of_it]),
    )


def _rest(paper: Paper, shares: Shares, name: str) -> float | None:
    """Return the share of the points of all other questions together; None where there are none."""
    known = paper.questions
    others = {
        other: share for other, share in shares.items() if other != name and share is not None
    }
    most = sum(known[other].points for other in others)
    return (
        sum(share * known[other].points for other, share in others.items()) / most if most else None
    )


def correlation(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Return Pearson's correlation; None where one side never varies."""
    count = len(pairs)
    mean_x = sum(x for x, _ in pairs) / count
    mean_y = sum(y for _, y in pairs) / count
    both = sum((x - mean_x) * (y - mean_y) for x, y in pairs)
    of_x = sum((x - mean_x) ** 2 for x, _ in pairs)
    of_y = sum((y - mean_y) ** 2 for _, y in pairs)
    if of_x < 1e-12 or of_y < 1e-12:
        return None
    return max(-1.0, min(1.0, both / sqrt(of_x * of_y)))


def _upper_lower(pairs: Sequence[tuple[float, float]]) -> float:
    """Return by how much the best 27 % by all other questions had more of it than the worst."""
    size = max(1, round(GROUP * len(pairs)))
    by_rest: dict[float, list[float]] = {}
    for share, rest in pairs:
        by_rest.setdefault(rest, []).append(share)
    ordered = [by_rest[rest] for rest in sorted(by_rest)]
    return _mean_of_first(ordered[::-1], size) - _mean_of_first(ordered, size)


def _mean_of_first(ranks: Sequence[Sequence[float]], size: int) -> float:
    """Return the mean of the first so many; of a rank that is torn, each stands for all in it."""
    wanted, total = size, 0.0
    for rank in ranks:
        taken = min(wanted, len(rank))
        total += taken * sum(rank) / len(rank)
        wanted -= taken
    return total / size


def _choices(question: Question, answers: Sequence[object]) -> tuple[Choice, ...]:
    if question.kind is Kind.TRUE_FALSE:
        counted = Counter(answer for answer in answers if isinstance(answer, bool))
        return tuple(
            Choice(text, question.answer is said, counted[said])
            for text, said in (("○", True), ("×", False))
        )
    if question.kind not in (Kind.SINGLE, Kind.MULTIPLE):
        return ()
    names = Counter(name for answer in answers for name in chosen(question, answer))
    return tuple(
        Choice(option.text, option.is_right, names[option.id]) for option in question.options
    )
