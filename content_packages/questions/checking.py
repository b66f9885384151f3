"""Whether a question can be set: everything that is wrong with it, at once."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from content_packages.questions.findings import Finding
from content_packages.questions.shape import MARKER, Blank, Kind, Question

LONGEST_TEXT: Final = 20_000
MOST_OPTIONS: Final = 100
MOST_POINTS: Final = 1_000
LONGEST_ESSAY: Final = 50_000


def check(question: Question) -> list[Finding]:
    """Return what is wrong, by the codes of findings.OF_QUESTIONS; nothing, a sound question."""
    return [*_of_every_kind(question), *_OF_KIND[question.kind](question)]


def _of_every_kind(question: Question) -> Iterator[Finding]:
    if not question.text.strip():
        yield Finding("text_missing")
    if _longest(question) > LONGEST_TEXT:
        yield Finding("text_too_long", {"limit": LONGEST_TEXT})
    if not 0 < question.points <= MOST_POINTS:
        yield Finding("points_wrong", {"points": question.points})


def _longest(question: Question) -> int:
    options = (*question.options, *question.distractors)
    texts = [question.text, question.feedback, question.model, question.title]
    texts += [text for option in options for text in (option.text, option.feedback)]
    texts += [text for pair in question.pairs for text in (pair.left, pair.right)]
    texts += [text for blank in question.blanks for text in blank.accepted]
    return max(map(len, texts))


def _of_options(question: Question) -> Iterator[Finding]:
    count = len(question.options)
    if count < 2:
        yield Finding("options_too_few", {"count": count})
    yield from _of_number(count)
    texts = [option.text for option in question.options]
    yield from _empty("option_empty", texts)
    yield from _twice("option_twice", texts)


def _of_number(count: int) -> Iterator[Finding]:
    if count > MOST_OPTIONS:
        yield Finding("options_too_many", {"count": count, "limit": MOST_OPTIONS})


def _of_choice(question: Question) -> Iterator[Finding]:
    yield from _of_options(question)
    right = sum(option.is_right for option in question.options)
    if right == 0:
        yield Finding("right_missing")
    if right > 1 and question.kind is Kind.SINGLE:
        yield Finding("right_several", {"count": right})


def _of_true_false(question: Question) -> Iterator[Finding]:
    if question.answer is None:
        yield Finding("answer_missing")


def _of_fill_in(question: Question) -> Iterator[Finding]:
    if not question.blanks:
        yield Finding("blanks_missing")
    yield from _of_number(len(question.blanks))
    for number, blank in enumerate(question.blanks, 1):
        yield from _of_blank(number, blank)
    marked = Counter(int(number) for number in MARKER.findall(question.text))
    wanted = range(1, len(question.blanks) + 1)
    for number in wanted:
        if number not in marked:
            yield Finding("marker_missing", {"number": number})
    for number, times in sorted(marked.items()):
        if number not in wanted:
            yield Finding("marker_unknown", {"number": number})
        elif times > 1:
            yield Finding("marker_twice", {"number": number})


def _of_blank(number: int, blank: Blank) -> Iterator[Finding]:
    if blank.number is None and not any(text.strip() for text in blank.accepted):
        yield Finding("blank_without_answer", {"number": number})
    if blank.number is not None and blank.number.tolerance < 0:
        yield Finding("tolerance_wrong", {"number": number})


def _of_matching(question: Question) -> Iterator[Finding]:
    count = len(question.pairs)
    if count < 2:
        yield Finding("pairs_too_few", {"count": count})
    yield from _of_number(count + len(question.distractors))
    both = [pair.left if not pair.left.strip() else pair.right for pair in question.pairs]
    yield from _empty("pair_empty", both)
    yield from _empty("option_empty", [option.text for option in question.distractors])
    yield from _twice("pair_twice", [pair.left for pair in question.pairs])
    rights = {pair.right for pair in question.pairs}
    for option in question.distractors:
        if option.text in rights:
            yield Finding("distractor_right", {"text": option.text})


def _of_essay(question: Question) -> Iterator[Finding]:
    if question.most is not None and not 0 < question.most <= LONGEST_ESSAY:
        yield Finding("most_wrong", {"most": question.most})


def _empty(code: str, texts: Iterable[str]) -> Iterator[Finding]:
    for number, text in enumerate(texts, 1):
        if not text.strip():
            yield Finding(code, {"number": number})


def _twice(code: str, texts: Iterable[str]) -> Iterator[Finding]:
    for text, times in Counter(texts).items():
        if times > 1 and text.strip():
            yield Finding(code, {"text": text})


_OF_KIND: Final = {
    Kind.SINGLE: _of_choice,
    Kind.MULTIPLE: _of_choice,
    Kind.TRUE_FALSE: _of_true_false,
    Kind.FILL_IN: _of_fill_in,
    Kind.ORDERING: _of_options,
    Kind.MATCHING: _of_matching,
    Kind.ESSAY: _of_essay,
}
