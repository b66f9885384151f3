"""Statements and attachments in one body: read back as written, and refused where they differ."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.xapi.made import SHA2, refused, tried
from xapi import multipart
from xapi.errors import Invalid
from xapi.multipart import Attachment, Part

HEAD = "Content-Type: application/json\r\n\r\n{}\r\n"


def made(content: bytes, kind: str = "text/plain", name: str = "sha256") -> Attachment:
    return Attachment(hashlib.new(name, content).hexdigest(), kind, content)


def body(*parts: str, boundary: str = "b", end: str = "--") -> bytes:
    """Return a body of parts whose every letter is said."""
    said = "".join(f"--{boundary}\r\n{part}" for part in parts)
    return f"{said}--{boundary}{end}\r\n".encode()


def attached(content: str = "あ", **headers: str | None) -> str:
    """Return a part that is an attachment, with other headers or without."""
    said = {
        "Content-Type": "text/plain",
        "Content-Transfer-Encoding": "binary",
        "X-Experience-API-Hash": hashlib.sha256(content.encode()).hexdigest(),
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{name}: {value}\r\n" for name, value in said.items() if value is not None]
    return f"{''.join(lines)}\r\n{content}\r\n"


@settings(max_examples=20)
@given(
    st.binary(max_size=30),
    st.lists(st.tuples(st.binary(max_size=30), st.sampled_from(["sha256", "sha512"])), max_size=3),
)
def test_what_is_written_is_read_back(document: bytes, contents: list[tuple[bytes, str]]) -> None:
    attachments = [made(content, "a/b", name) for content, name in contents]
    written = multipart.written("0-ab", document, attachments)
    assert multipart.opened('multipart/mixed; boundary="0-ab"', written) == (
        document,
        attachments,
    )


@pytest.mark.parametrize(
    "content", [b"", b"\r\n", b"\r\n\r\n--c\r\n", b"-- b", b"\n--b\n", b"a: b", bytes(range(256))]
)
def test_an_attachment_may_hold_any_bytes_but_the_boundary(content: bytes) -> None:
    one = made(content)
    written = multipart.written("b", b"[]", [one, one])
    assert multipart.opened("multipart/mixed; boundary=b", written) == (b"[]", [one, one])


@pytest.mark.parametrize(
    "content_type",
    [
        "multipart/mixed; boundary=b",
        'multipart/mixed; boundary="b"',
        'MULTIPART/Mixed;charset=x; Boundary = "b"; z=1',
        "multipart/mixed;boundary=b;z=1",
    ],
)
def test_a_boundary_is_named_in_the_header(content_type: str) -> None:
    assert multipart.opened(content_type, body(HEAD)) == (b"{}", [])


@pytest.mark.parametrize("boundary", ["'()+_,-./:=?", "a b", "0123456789" * 7])
def test_a_boundary_may_have_marks_and_spaces(boundary: str) -> None:
    content_type = f'multipart/mixed; boundary="{boundary}"'
    assert multipart.opened(content_type, body(HEAD, boundary=boundary)) == (b"{}", [])


@pytest.mark.parametrize(
    ("content_type", "said"),
    [
        ("multipart/mixed", body(HEAD)),
        ("multipart/mixed; boundary=", body(HEAD)),
        ("multipart/mixed; boundary=c", body(HEAD)),
        ("multipart/mixed; boundary=b", b""),
        ("multipart/mixed; boundary=b", b"{}"),
        ("multipart/mixed; boundary=b", body(HEAD, end="")),
        ("multipart/mixed; boundary=b", body(HEAD).replace(b"\r\n", b"\n")),
    ],
)
def test_a_body_without_its_boundaries_is_refused(content_type: str, said: bytes) -> None:
    assert refused(multipart.opened, content_type, said) == ("boundary", ())


def test_what_stands_before_and_after_the_parts_is_passed_over() -> None:
    said = b"preamble\r\n" + body(HEAD).replace(b"--b\r\n", b"--b \t\r\n") + b"epilogue\r\n"
    assert multipart.opened("multipart/mixed; boundary=b", said) == (b"{}", [])


def test_headers_are_read_in_small_letters() -> None:
    said = body("X-A:  1 \r\nx-B: c: d\r\n\r\nz\r\n", "\r\nno headers\r\n")
    assert multipart.parse("multipart/mixed; boundary=b", said) == [
        Part({"x-a": "1", "x-b": "c: d"}, b"z"),
        Part({}, b"no headers"),
    ]


@pytest.mark.parametrize(
    "part",
    [
        "Content-Type: a/b\r\n",
        "nonsense\r\n\r\nz\r\n",
        "A: b\nC: d\r\n\r\nz\r\n",
        "A: \x00\r\n\r\n\r\n",
    ],
)
def test_a_part_that_is_none_is_refused(part: str) -> None:
    assert refused(multipart.parse, "multipart/mixed; boundary=b", body(part)) == ("part", ())


@pytest.mark.parametrize(
    "parts",
    [(), (attached(),), ("\r\n{}\r\n",), ("Content-Type: text/json\r\n\r\n{}\r\n", attached())],
)
def test_the_first_part_is_the_json(parts: tuple[str, ...]) -> None:
    content_type = "multipart/mixed; boundary=b"
    assert refused(multipart.opened, content_type, body(*parts)) == ("first_part", ())


@pytest.mark.parametrize(
    ("part", "rule"),
    [
        (attached(Content_Transfer_Encoding="base64"), "binary"),
        (attached(Content_Transfer_Encoding=""), "binary"),
        (attached(X_Experience_API_Hash=None), "hash"),
        (attached(X_Experience_API_Hash=""), "hash"),
        (attached(X_Experience_API_Hash=SHA2), "hash_differs"),
        (attached(X_Experience_API_Hash="ab"), "hash_differs"),
        (attached(X_Experience_API_Hash="00" * 20), "hash_differs"),
    ],
)
def test_an_attachment_is_told_by_its_hash(part: str, rule: str) -> None:
    said = body(HEAD, attached(), part)
    assert refused(multipart.opened, "multipart/mixed; boundary=b", said) == (rule, (2,))


@pytest.mark.parametrize(
    ("part", "kind"),
    [
        (attached(), "text/plain"),
        (attached(Content_Type=None), "application/octet-stream"),
        (attached(Content_Transfer_Encoding=None), "text/plain"),
        (attached(Content_Transfer_Encoding="Binary"), "text/plain"),
        (attached(X_Experience_API_Hash=made("あ".encode()).sha2.upper()), "text/plain"),
    ],
)
def test_an_attachment_need_not_say_what_is_taken_for_granted(part: str, kind: str) -> None:
    _, found = multipart.opened("multipart/mixed; boundary=b", body(HEAD, part))
    assert found == [made("あ".encode(), kind)]


@pytest.mark.parametrize("name", ["sha224", "sha256", "sha384", "sha512"])
def test_a_hash_is_of_the_length_that_is_said(name: str) -> None:
    digest = hashlib.new(name, b"a").hexdigest()
    assert multipart.sha2(b"a", digest) == digest
    assert multipart.sha2(b"a", digest[1:]) == ""


@pytest.mark.parametrize(
    ("wanted", "brought"),
    [
        ([], []),
        ([(SHA2, True)], []),
        ([(SHA2, True)], [SHA2]),
        ([(SHA2, False)], [SHA2]),
        ([(SHA2, False), (SHA2, True)], [SHA2, SHA2]),
    ],
)
@pytest.mark.parametrize("is_mixed", [True, False])
def test_what_is_named_is_brought_or_has_an_address(
    wanted: list[tuple[str, bool]], brought: list[str], is_mixed: bool
) -> None:
    found = [Attachment(each, "a/b", b"") for each in brought]
    multipart.match(wanted, found, is_mixed=is_mixed)


@pytest.mark.parametrize(
    ("wanted", "brought", "is_mixed", "rule"),
    [
        ([(SHA2, False)], [], True, "not_brought"),
        ([(SHA2, False)], [], False, "not_mixed"),
        ([(SHA2, True), (SHA2, False)], [], True, "not_brought"),
        ([], [SHA2], True, "not_named"),
        ([("cd" * 32, True)], [SHA2], True, "not_named"),
    ],
)
def test_what_is_not_brought_or_not_named_is_refused(
    wanted: list[tuple[str, bool]], brought: list[str], is_mixed: bool, rule: str
) -> None:
    found = [Attachment(each, "a/b", b"") for each in brought]
    assert refused(multipart.match, wanted, found, is_mixed=is_mixed) == (rule, ())


@pytest.mark.parametrize(
    ("content_type", "kind"),
    [("Multipart/Mixed; boundary=b", multipart.MIXED), (" a/b ", "a/b"), ("", "")],
)
def test_a_media_type_is_told_without_what_follows_it(content_type: str, kind: str) -> None:
    assert multipart.media_type(content_type) == kind


@settings(max_examples=40)
@given(st.data())
def test_a_body_with_bytes_changed_is_read_or_refused(data: st.DataObject) -> None:
    said = body(HEAD, attached(), attached("い"))
    at = data.draw(st.integers(0, len(said)))
    put = data.draw(st.sampled_from([b"", b"\r\n", b"--b", b":", b"\n", b"\xff", b"--b--\r\n"]))
    content_type, changed = "multipart/mixed; boundary=b", said[:at] + put + said[at + 1 :]
    found = tried(multipart.opened, content_type, changed)
    broken = {"boundary", "part", "first_part", "binary", "hash", "hash_differs"}
    assert found.rule in broken if isinstance(found, Invalid) else len(found[1]) <= 2
