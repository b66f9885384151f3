"""HTML made plain text: blocks become lines, and what text cannot hold is named."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Protocol

from lxml import etree

from content_packages.questions.shape import tidy
from scorm.xml import local_name

#: The edge of a block in what `replaced` returns; runs of them are one line break.
EDGE: Final = "\0"
#: A line break in what `replaced` returns; one of the text itself is a space there, as in HTML.
BREAK: Final = "\x01"

_BLOCKS: Final = frozenset(
    ("blockquote", "dd", "div", "dl", "dt", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr",
     "li", "ol", "p", "pre", "section", "table", "tbody", "tr", "ul",
     "qti-content-body", "qti-rubric-block", "rubricblock")
)  # fmt: skip
#: Nothing is lost where these go; any other element is named.
_PLAIN: Final = frozenset(
    ("body", "br", "div", "html", "li", "p", "span", "tbody", "td", "tr",
     "qti-content-body", "qti-rubric-block", "rubricblock")
)  # fmt: skip
_SILENT: Final = frozenset(("head", "script", "style"))
#: Where a line was only wrapped: Japanese has no space there.
_WRAPPED: Final = re.compile(
    r"(?<=[\u3000-\u9fff\uff00-\uffef]) *\n[ \n]*(?=[\u3000-\u9fff\uff00-\uffef])"
)
_TAGS: Final = re.compile(
    r"</?(?:a|b|blockquote|br|code|div|em|h[1-6]|hr|i|img|li|ol|p|pre|span|strong|sub|sup|table|td"
    r"|th|tr|u|ul)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)


class Replaced(Protocol):
    """Says what stands for an element in the text; None for what is in it."""

    def __call__(self, element: etree._Element, /) -> str | None:
        """Return the text, which may hold EDGE and BREAK."""


@dataclass(frozen=True)
class Reduced:
    """A text, and the names of the elements that it cannot hold."""

    text: str
    lost: tuple[str, ...] = ()


def looks_like_html(text: str) -> bool:
    """Say whether a text of no stated format holds a tag of HTML."""
    return _TAGS.search(text) is not None


def text_of_html(html: str) -> Reduced:
    """Return the text of a piece of HTML, whatever state it is in."""
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    spaced = tidy(html).replace("&nbsp;", " ").replace("\xa0", " ")
    return text_of(etree.fromstring(f"<div>{spaced}</div>".encode(), parser))


def nothing_replaced(_: etree._Element) -> str | None:
    """Leave every element to itself."""
    return None


def text_of(root: etree._Element, replaced: Replaced = nothing_replaced) -> Reduced:
    """Return the text in `root`; `replaced` says what stands for an element, None for itself."""
    lost: dict[str, None] = {}
    text = "".join(_pieces(root, replaced, lost))
    text = re.sub(r"[ \n]+", " ", _WRAPPED.sub("", re.sub(r"[\t\r]", " ", text)))
    text = re.sub(r"[ \0]*\0[ \0]*", "\n", text.strip(" \0"))
    return Reduced(tidy(re.sub(r" *\x01 *", "\n", text)), tuple(lost))


def _pieces(
    root: etree._Element,
    replaced: Replaced,
    lost: dict[str, None],
) -> Iterator[str]:
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        name = local_name(element.tag)
        instead = replaced(element) if element is not root else None
        edge = EDGE if name in _BLOCKS else ""
        if event == "end":
            yield edge
            yield (element.tail or "") if element is not root else ""
        elif instead is not None:
            yield instead
            walker.skip_subtree()
        else:
            yield edge + _opening(element, name, is_root=element is root, lost=lost)
            if name in _SILENT:
                walker.skip_subtree()


def _opening(element: etree._Element, name: str, *, is_root: bool, lost: dict[str, None]) -> str:
    if name not in _PLAIN and not is_root:
        lost[name] = None
    if name in _SILENT:
        return ""
    if name == "br":
        return BREAK
    if name == "img":
        alt = str(element.get("alt") or "").strip()
        return f"[{alt}]" if alt else ""
    return (" " if name in {"td", "th"} else "") + (element.text or "")
