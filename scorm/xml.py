"""One safe way to read XML from a package: no DTD, no entity, no network, whatever the encoding.

Japanese packages declare one encoding and are written in another, so the bytes are believed
before the declaration: a byte order mark, then NUL bytes, then valid UTF-8, then what is declared.
"""

import codecs
import re
from typing import Final

from lxml import etree

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: What is declared where Windows programs write cp932, a larger set than Shift_JIS.
_WINDOWS: Final = frozenset({"shift_jis", "cp932"})
#: What Python decodes and no document is written in: made for labels, or hiding markup in escapes.
_NO_ENCODINGS: Final = frozenset({"idna", "punycode", "raw-unicode-escape", "unicode-escape"})
_DECLARED: Final = re.compile(rb"""^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._:-]+)["']""")
#: What the ISO 8859 declared by a tool of the West makes of cp932's first bytes.
_CONTROLS: Final = re.compile(r"[\x80-\x9f]")
#: What is dropped ahead of a document; a mark that stands there twice would hide what follows.
_AHEAD: Final = re.compile(r"[\s\ufeff]*(?:<\?xml\s[^>]*\?>)?[\s\ufeff]*")
#: Possessive, so that a hostile prolog cannot make the search go back.
_DOCTYPE: Final = re.compile(r"(?:\s|<!--.*?-->|<\?.*?\?>)*+<!DOCTYPE", re.DOTALL)

#: Levels of elements. libxml2 itself stops at 256, where walking a tree by recursion already fails;
#: items of real courses nest less than ten deep, their metadata less than thirty.
MOST_LEVELS: Final = 100
#: Beyond these a few megabytes of manifest take minutes and gigabytes to read; a course of 10,000
#: items in 10,000 files has 50,000 elements with 100,000 attributes.
MOST_ELEMENTS: Final = 200_000
MOST_ATTRIBUTES: Final = 600_000
MOST_ATTRIBUTES_OF_ONE: Final = 200
#: In characters; each look at an element's name writes its namespace out, and each look at an
#: attribute its value.
LONGEST_NAMESPACE: Final = 1_000
LONGEST_ATTRIBUTES: Final = 50_000


class XmlError(ValueError):
    """The bytes are no XML that is accepted: `code` is stable, `data` plain."""

    def __init__(self, code: str, **data: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.data: dict[str, str | int] = data


def parse(data: bytes) -> etree._Element:
    """Return the root element, comments and processing instructions left out.

    Raises XmlError `xml_encoding`, `xml_doctype`, `xml_too_complex` (data: what, limit), or
    `xml_malformed` (data: line, column), which elements nested beyond MOST_LEVELS are, too.
    """
    text = _AHEAD.sub("", decode(data), count=1)
    if _DOCTYPE.match(text):
        raise XmlError("xml_doctype")
    _refuse_more(text.count("<") - text.count("</"), MOST_ELEMENTS, "elements")
    _refuse_more(text.count("="), MOST_ATTRIBUTES, "attributes")
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        raise XmlError("xml_malformed", line=line, column=column) from error
    _refuse_excess(root)
    return root


def _refuse_more(number: int, limit: int, what: str) -> None:
    if number > limit:
        raise XmlError("xml_too_complex", what=what, limit=limit)


def _refuse_excess(root: etree._Element) -> None:
    level = 0
    for event, found in etree.iterwalk(root, events=("start-ns", "start", "end")):
        if event == "start-ns":
            _refuse_more(len(found[1]), LONGEST_NAMESPACE, "namespace")
        elif event == "end":
            level -= 1
        else:
            level += 1
            if level > MOST_LEVELS:
                raise XmlError("xml_malformed", line=found.sourceline or 0, column=1)
            _refuse_more(len(found.attrib), MOST_ATTRIBUTES_OF_ONE, "attributes")
            length = sum(len(value) for value in found.attrib.values())
            _refuse_more(length, LONGEST_ATTRIBUTES, "attributes")


def decode(data: bytes) -> str:
    """Return the text of a document; raises XmlError `xml_encoding` where no encoding fits."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _decode_strictly(data[len(mark) :], [encoding])
    head = data[:4]
    if head[1:2] == b"\0":
        return _decode_strictly(data, ["utf-16-le"])
    if head[:1] == b"\0":
        return _decode_strictly(data, ["utf-16-be"])
    return _decode_strictly(data, _guesses(data))


def _guesses(data: bytes) -> list[str]:
    """Order the encodings to try.

    Valid UTF-8 beyond ASCII is no accident, so it goes before the declaration. cp932 reads EUC-JP
    without complaint, as half-width kana, but not the other way round; so it goes last, and after
    EUC-JP even where it is declared. ISO-2022-JP looks like ASCII and must be asked first.
    """
    match = _DECLARED.match(data[:200])
    stated = _encoding_of(match.group(1).decode("ascii")) if match else []
    # The second of EUC has the circled numbers and variants of names that the first lacks.
    guesses = ["utf-8", *stated, "euc_jp", "euc_jis_2004", "cp932"]
    return ["iso2022_jp", *guesses] if b"\x1b$" in data else guesses


def _encoding_of(declared: str) -> list[str]:
    """Return the codec of a declared encoding, if it is one in which the declaration itself reads.

    UTF-16 read as bytes is none: most texts of even length would pass for it.
    """
    try:
        name = codecs.lookup(declared).name
        is_readable = b"<?xml".decode(name) == "<?xml"
    except (UnicodeError, LookupError):
        return []
    return [name] if is_readable and name not in _WINDOWS | _NO_ENCODINGS else []


def _decode_strictly(data: bytes, encodings: list[str]) -> str:
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeError:
            continue
        if not (encoding.startswith("iso8859") and _CONTROLS.search(text)):
            return text
    raise XmlError("xml_encoding")


def local_name(name: object) -> str:
    """Return a tag's or attribute's name without its namespace, in lower case.

    Strict would be to compare namespaces too; packages mix those of 1.2 and 2004 freely.
    """
    return str(name).rpartition("}")[2].lower()


def children(element: etree._Element, name: str) -> list[etree._Element]:
    """Return the direct children with this local name (lower case)."""
    return [child for child in element if local_name(child.tag) == name]


def child(element: etree._Element, name: str) -> etree._Element | None:
    """Return the first direct child with this local name (lower case)."""
    return next(iter(children(element, name)), None)


def child_text(element: etree._Element, name: str) -> str | None:
    """Return the text of the first such child without the space around it; None for none or ''."""
    found = child(element, name)
    return (
        ("".join(str(part) for part in found.itertext()).strip() or None)
        if found is not None
        else None
    )


def attribute(element: etree._Element, name: str) -> str | None:
    """Return an attribute by its local name (lower case), stripped; None where absent or empty."""
    for key, value in element.attrib.items():
        if local_name(key) == name:
            return str(value).strip() or None
    return None
