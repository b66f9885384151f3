"""XML of strangers is read whatever its encoding, and does nothing but be read."""

import codecs
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorm import xml

TEXT = "表示と研修の案内"
ROOT = f"<manifest><title>{TEXT}</title></manifest>"


def declared(name: str, root: str = ROOT) -> str:
    return f'<?xml version="1.0" encoding="{name}" standalone="yes"?>\n{root}'


def refusal(data: bytes) -> xml.XmlError:
    with pytest.raises(xml.XmlError) as caught:
        xml.parse(data)
    return caught.value


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(ROOT.encode(), id="UTF-8, nothing declared"),
        pytest.param(declared("UTF-8").encode(), id="UTF-8"),
        pytest.param(codecs.BOM_UTF8 + declared("UTF-8").encode(), id="UTF-8 with a mark"),
        pytest.param(b"\r\n  " + declared("UTF-8").encode(), id="blank lines ahead"),
        pytest.param(declared("UTF-16").encode("utf-16"), id="UTF-16 with a mark"),
        pytest.param(
            codecs.BOM_UTF16_BE + declared("UTF-16").encode("utf-16-be"), id="UTF-16, the big end"
        ),
        pytest.param(declared("UTF-16").encode("utf-16-le"), id="UTF-16 without a mark"),
        pytest.param(declared("UTF-16").encode("utf-16-be"), id="the big end without a mark"),
        pytest.param(declared("Shift_JIS").encode("cp932"), id="Shift_JIS"),
        pytest.param(declared("Windows-31J").encode("cp932"), id="Windows-31J"),
        pytest.param(declared("EUC-JP").encode("euc_jp"), id="EUC-JP"),
        pytest.param(declared("ISO-2022-JP").encode("iso2022_jp"), id="ISO-2022-JP"),
        pytest.param(declared("Shift_JIS").encode(), id="declared Shift_JIS, written UTF-8"),
        pytest.param(declared("UTF-16").encode(), id="declared UTF-16, written UTF-8"),
        pytest.param(declared("UTF-8").encode("utf-16"), id="declared UTF-8, written UTF-16"),
        pytest.param(declared("UTF-8").encode("cp932"), id="declared UTF-8, written Shift_JIS"),
        pytest.param(declared("UTF-8").encode("euc_jp"), id="declared UTF-8, written EUC-JP"),
        pytest.param(
            declared("Shift_JIS").encode("euc_jp"), id="declared Shift_JIS, written EUC-JP"
        ),
        pytest.param(declared("EUC-JP").encode("cp932"), id="declared EUC-JP, written Shift_JIS"),
        pytest.param(declared("UTF-16").encode("cp932"), id="declared UTF-16, written Shift_JIS"),
        pytest.param(
            declared("UTF-16").encode("cp932") + b" ", id="declared UTF-16, of the other parity"
        ),
        pytest.param(declared("cp037").encode("cp932"), id="declared EBCDIC, written Shift_JIS"),
        pytest.param(
            declared("ISO-8859-1").encode("cp932"), id="declared ISO 8859, written Shift_JIS"
        ),
        pytest.param(declared("no-such-code").encode("cp932"), id="declared what nobody knows"),
        pytest.param(declared("hex").encode("cp932"), id="declared what is no text encoding"),
    ],
)
def test_the_bytes_are_believed_before_the_declaration(data):
    assert xml.child_text(xml.parse(data), "title") == TEXT


def test_windows_own_letters_are_read_where_shift_jis_is_declared():
    data = declared("Shift_JIS", "<a>①㈱髙</a>").encode("cp932")
    assert xml.parse(data).text == "①㈱髙"


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])))
def test_any_text_comes_back_from_any_utf(words):
    escaped = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    document = f"<a>-{escaped}</a>"
    encodings = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")
    found = {xml.decode(document.encode(encoding)) for encoding in encodings}
    assert found == {document}


@given(st.binary(max_size=200))
def test_noise_is_refused_by_a_known_code(data):
    try:
        answer = str(xml.parse(data).tag)
    except xml.XmlError as error:
        answer = error.code
    assert answer in {"xml_encoding", "xml_malformed"}


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\x82\xff<a/>", id="no Japanese encoding has it"),
        pytest.param(codecs.BOM_UTF8 + b"<a>\xff</a>", id="a mark that lies"),
        pytest.param(codecs.BOM_UTF16_LE + b"<\0a\0\0\xd8", id="half a character"),
    ],
)
def test_bytes_of_no_encoding_are_refused(data):
    assert refusal(data).code == "xml_encoding"


EXPANDED = '<!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>'
FETCHED = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>'


@pytest.mark.requirement("CON-02")
@pytest.mark.parametrize(
    "document",
    [
        pytest.param(EXPANDED, id="entities that multiply"),
        pytest.param(FETCHED, id="an entity that reads a file"),
        pytest.param('<!DOCTYPE a SYSTEM "http://127.0.0.1/a.dtd"><a/>', id="a DTD of elsewhere"),
        pytest.param('<!DOCTYPE a [<!ENTITY % b SYSTEM "x"> %b;]><a/>', id="a parameter entity"),
        pytest.param(f"<!-- ahead --> <?of it?>\n{FETCHED}", id="behind a comment"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
def test_a_document_type_is_refused(document, encoding):
    assert refusal(declared(encoding, document).encode(encoding)).code == "xml_doctype"


def test_a_document_type_hidden_behind_a_second_mark_is_refused():
    hidden = codecs.BOM_UTF8 * 2 + FETCHED.encode()
    assert refusal(hidden).code == "xml_doctype"
    assert (
        refusal(("\ufeff" + declared("UTF-8", "\ufeff" + FETCHED)).encode()).code == "xml_doctype"
    )


@pytest.mark.parametrize(
    "name", ["unicode_escape", "raw_unicode_escape", "punycode", "idna", "undefined"]
)
def test_what_python_decodes_but_nobody_writes_is_no_encoding(name):
    hidden = declared(name, "\\x3ca>\\u8868</a>").encode() + b"\x82\xfe"
    assert refusal(hidden).code == "xml_encoding"


def test_letters_of_the_west_are_read_where_they_are_declared():
    for name in ("ISO-8859-1", "windows-1252"):
        assert xml.parse(declared(name, "<a>café</a>").encode("latin-1")).text == "café"


def test_circled_numbers_are_read_in_euc_too():
    assert xml.parse(declared("EUC-JP", "<a>①表</a>").encode("euc_jis_2004")).text == "①表"


def test_an_entity_nobody_declared_is_refused():
    assert refusal(b"<a>&nbsp;</a>").code == "xml_malformed"


def test_a_comment_that_never_ends_costs_no_time():
    assert refusal(b"<!--" * 200_000).code == "xml_malformed"


def test_what_is_malformed_is_told_with_its_place():
    error = refusal("<a>\n  <b>表</a>".encode())
    assert (error.code, error.data) == ("xml_malformed", {"line": 2, "column": 11})


@pytest.mark.parametrize("data", [b"", b"  \n", b"PK\x03\x04", b"{}"])
def test_what_is_no_xml_is_malformed(data):
    assert refusal(data).code == "xml_malformed"


def test_elements_may_nest_as_deep_as_the_limit():
    levels = xml.MOST_LEVELS
    assert xml.parse(b"<a>" * levels + b"</a>" * levels).tag == "a"


@pytest.mark.parametrize("levels", [xml.MOST_LEVELS + 1, 300, 50_000])
def test_elements_that_nest_deeper_are_refused(levels):
    error = refusal(b"\n<a>" * levels + b"</a>" * levels)
    assert error.code == "xml_malformed"
    assert error.data["line"] > xml.MOST_LEVELS


def test_as_many_elements_and_attributes_as_may_be_are_read():
    inner = b"<a/>" * (xml.MOST_ELEMENTS - 1)
    assert len(xml.parse(b"<a>" + inner + b"</a>")) == xml.MOST_ELEMENTS - 1
    most = " ".join(f'a{number}=""' for number in range(xml.MOST_ATTRIBUTES_OF_ONE))
    assert len(xml.parse(f"<a {most}/>".encode()).attrib) == xml.MOST_ATTRIBUTES_OF_ONE


@pytest.mark.requirement("CON-02")
@pytest.mark.parametrize(
    ("data", "what", "limit"),
    [
        (b"<a>" + b"<a/>" * xml.MOST_ELEMENTS + b"</a>", "elements", xml.MOST_ELEMENTS),
        (b"<a" * (xml.MOST_ELEMENTS + 1), "elements", xml.MOST_ELEMENTS),
        (b"=" * (xml.MOST_ATTRIBUTES + 1), "attributes", xml.MOST_ATTRIBUTES),
        (
            b"<a "
            + b" ".join(b'a%d=""' % n for n in range(xml.MOST_ATTRIBUTES_OF_ONE + 1))
            + b"/>",
            "attributes",
            xml.MOST_ATTRIBUTES_OF_ONE,
        ),
        (
            b'<a><b c="' + b"x" * (xml.LONGEST_ATTRIBUTES + 1) + b'"/></a>',
            "attributes",
            xml.LONGEST_ATTRIBUTES,
        ),
        (
            b'<a><b xmlns:c="' + b"u" * (xml.LONGEST_NAMESPACE + 1) + b'"/></a>',
            "namespace",
            xml.LONGEST_NAMESPACE,
        ),
    ],
    ids=["elements", "unclosed", "attributes", "attributes-of-one", "attribute", "namespace"],
)
def test_what_would_take_minutes_to_read_is_refused(data, what, limit):
    started = time.process_time()
    error = refusal(data)
    assert (error.code, error.data) == ("xml_too_complex", {"what": what, "limit": limit})
    assert time.process_time() - started < 2


def test_names_are_compared_without_namespace_and_case():
    root = xml.parse(
        b'<a xmlns:x="urn:x"><x:Item x:IsVisible=" true "/><item isvisible=""/><!-- no --></a>'
    )
    assert [xml.attribute(found, "isvisible") for found in xml.children(root, "item")] == [
        "true",
        None,
    ]
    assert xml.child(root, "other") is None
    assert xml.attribute(root, "isvisible") is None


def test_text_is_all_that_stands_below_without_the_space_around():
    root = xml.parse("<a><b>\n 表 <i>と</i> 裏 </b><c> </c></a>".encode())
    assert [xml.child_text(root, name) for name in "bcd"] == ["表 と 裏", None, None]
