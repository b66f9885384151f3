"""Questions of every kind, by hand and by chance."""

import re

from hypothesis import strategies as st

from content_packages.questions.item import (
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

#: Signs that mean something in one format or another, among those of a language.
_LETTERS = st.one_of(
    st.sampled_from(list("~=#{}:\\[]%/$<>-&\"'\n @._")),
    st.sampled_from(list("研修東京都アｱ１aBé𠮟")),
    st.characters(exclude_categories=["Cs", "Cc"]),
)


def spaced(text):
    """Return the text with the spaces that markup keeps."""
    return re.sub(r" *\n *", "\n", re.sub(r" +", " ", text))


TEXTS = (
    st.text(_LETTERS, min_size=1, max_size=12)
    .map(lambda text: spaced(tidy(text)))
    .filter(lambda text: text and not MARKER.search(text))
)
WORDS = TEXTS.map(lambda text: text.replace("\n", ""))
NAMES = WORDS.filter(bool)
MAYBE = st.one_of(st.just(""), TEXTS)
POINTS = st.one_of(st.just(1.0), st.floats(0.01, 1000))


def options(*texts, right=()):
    """Return options under the names that importers give them."""
    names = names_for(texts)
    return tuple(Option(name, text, text in right) for name, text in zip(names, texts, strict=True))


def several(low=2):
    return st.lists(TEXTS, min_size=low, max_size=5, unique=True)


@st.composite
def singles(draw):
    texts = draw(several())
    right = draw(st.sampled_from(texts))
    return {"kind": Kind.SINGLE, "options": _said(draw, options(*texts, right=(right,)))}


@st.composite
def multiples(draw):
    texts = draw(several())
    right = draw(st.lists(st.sampled_from(texts), min_size=1))
    return {
        "kind": Kind.MULTIPLE,
        "options": _said(draw, options(*texts, right=right)),
        "is_partial": draw(st.booleans()),
    }


def _said(draw, made):
    return tuple(Option(each.id, each.text, each.is_right, draw(MAYBE)) for each in made)


@st.composite
def fill_ins(draw, most=3):
    count = draw(st.integers(1, most))
    number = st.builds(Number, st.floats(-1e9, 1e9), st.floats(0, 1e6))
    accepted = st.lists(NAMES, min_size=1, max_size=3, unique=True).map(tuple)
    blank = st.one_of(
        st.builds(Blank, accepted, st.booleans()), st.builds(lambda n: Blank(number=n), number)
    )
    text = draw(MAYBE)
    for place in range(1, count + 1):
        text += f"[[{place}]]{draw(MAYBE)}"
    return {
        "kind": Kind.FILL_IN,
        "text": spaced(tidy(text)),
        "blanks": tuple(draw(blank) for _ in range(count)),
        "is_partial": count > 1 and draw(st.booleans()),
    }


@st.composite
def matchings(draw):
    lefts = draw(several())
    rights = draw(st.lists(TEXTS, min_size=len(lefts), max_size=len(lefts)))
    lone = [text for text in draw(several(0)) if text not in rights]
    return {
        "kind": Kind.MATCHING,
        "pairs": tuple(map(Pair, names_for(lefts), lefts, rights)),
        "distractors": options(*lone),
        "is_partial": draw(st.booleans()),
    }


ORDERINGS = several().map(lambda texts: {"kind": Kind.ORDERING, "options": options(*texts)})
TRUE_FALSES = st.booleans().map(lambda truth: {"kind": Kind.TRUE_FALSE, "answer": truth})
ESSAYS = st.builds(
    lambda model, most: {"kind": Kind.ESSAY, "model": model, "most": most},
    MAYBE,
    st.one_of(st.none(), st.integers(1, 50_000)),
)
KINDS = {
    Kind.SINGLE: singles(),
    Kind.MULTIPLE: multiples(),
    Kind.TRUE_FALSE: TRUE_FALSES,
    Kind.FILL_IN: fill_ins(),
    Kind.ORDERING: ORDERINGS,
    Kind.MATCHING: matchings(),
    Kind.ESSAY: ESSAYS,
}


ANY = st.one_of(*KINDS.values())


@st.composite
def questions(draw, parts=ANY):
    """Return a sound question, as an importer names its options."""
    whole = {
        "id": draw(NAMES),
        "text": draw(TEXTS),
        "title": draw(WORDS),
        "feedback": draw(MAYBE),
        "points": draw(POINTS),
        **draw(parts),
    }
    if whole["kind"] in {Kind.SINGLE, Kind.MULTIPLE, Kind.MATCHING}:
        whole["is_shuffled"] = draw(st.booleans())
    if whole["title"] == whole["id"]:
        whole["title"] = ""
    return Question(**whole)
