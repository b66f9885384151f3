"""JSON is read to its letters, and what two readers could take for two things is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.xapi.made import full, letters, refused, tried
from xapi import reading
from xapi.errors import Invalid

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@settings(max_examples=25)
@given(JSON, st.sampled_from([None, 1, "\t"]), st.booleans())
def test_any_json_is_read_as_what_it_says(
    value: Any, indent: int | str | None, is_ascii: bool
) -> None:
    body = json.dumps(value, indent=indent, ensure_ascii=is_ascii).encode()
    assert reading.value(body) == value
    found, is_list = reading.read(body)
    assert is_list is isinstance(value, list)
    for each in found:
        said = each.value if isinstance(each.value, dict) else {}
        assert {name: json.loads(part) for name, part in each.parts.items()} == said
        assert list(each.parts) == list(said)


@settings(max_examples=60)
@given(st.data())
def test_a_body_with_a_letter_changed_is_read_as_json_reads_it_or_refused(
    data: st.DataObject,
) -> None:
    body = letters(
        [{"a": [1.5, {"b": "あ\\\n"}, None, True]}, 2, {}, {"c": -0.5, "d": ""}]
    ).decode()
    at = data.draw(st.integers(0, len(body)))
    until = at + data.draw(st.integers(0, 2))
    put = data.draw(st.sampled_from(["", " ", "{", "}", "[", "]", ",", ":", '"', "1", "\\", "n"]))
    changed = body[:at] + put + body[until:]
    try:
        expected = json.loads(changed)
    except ValueError:
        assert refused(reading.value, changed.encode())[0] == "json"
    else:
        assert reading.value(changed.encode()) == expected


@settings(max_examples=40)
@given(st.binary(max_size=20))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    found = tried(reading.read, body)
    assert not isinstance(found, Invalid) or found.rule in {"json", "utf_8"}


def test_the_letters_of_each_part_are_kept() -> None:
    body = b' { "a" : 1.50e1 , "\\u0062":  { "x" :[ ] }\t,"c":"\\u3042" } \r\n'
    found, is_list = reading.read(body)
    assert not is_list
    assert found[0].value == {"a": 15.0, "b": {"x": []}, "c": "あ"}
    assert found[0].parts == {"a": "1.50e1", "b": '{ "x" :[ ] }', "c": '"\\u3042"'}


def test_statements_come_alone_or_as_a_list() -> None:
    alone, is_list = reading.read(letters(full()))
    assert (len(alone), is_list, alone[0].value) == (1, False, full())
    several, is_list = reading.read(letters([full(), {}, 3]))
    assert ([each.value for each in several], is_list) == ([full(), {}, 3], True)
    assert reading.read(b" [ ] ") == ([], True)


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b"", ""),
        (b"  ", ""),
        (b"{", ""),
        (b"[", ""),
        (b"{}{}", "{}"),
        (b"{}x", "x"),
        (b"[]x", "x"),
        (b"[1]x", "x"),
        (b"[1] 2", "2"),
        (b"[1 2]", "2]"),
        (b"[1,]", "]"),
        (b"[1", ""),
        (b"{1: 2}", "1: 2}"),
        (b"{'a': 2}", "'a': 2}"),
        (b'{"a"}', "}"),
        (b'{"a" 2}', "2}"),
        (b'{"a": }', "}"),
        (b'{"a": 1 "b": 2}', '"b": 2}'),
        (b'{"a": 1,}', "}"),
        (b'{"a": 1', ""),
        (b'{"a', '"a'),
        (b'{"a": [1,]}', "]}"),
        (b'"a\nb"', '\nb"'),
        (b"nil", "nil"),
        (b"01", "1"),
        (b".5", ".5"),
        (b"+1", "+1"),
        (b"NaN", "NaN"),
        (b"[Infinity]", "Infinity"),
        (b'{"a": -Infinity}', "-Infinity"),
        (b"// a\n1", "// a\n1"),
        (b"\xef\xbb\xbf{}", "\ufeff{}"),
    ],
)
def test_what_is_no_json_is_refused_with_the_letters_where_it_ends(body: bytes, found: str) -> None:
    with pytest.raises(Invalid) as caught:
        reading.read(body)
    assert (caught.value.rule, caught.value.found) == ("json", found)


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (b'{"a": 1, "a": 1}', ()),
        (b'{"a": 1, "\\u0061": 2}', ()),
        (b'{"x": {"a": 1, "b": 2, "a": 3}}', ()),
        (b'[{}, {"a": 1, "a": 2}]', (1,)),
        (b'[{}, [{"a": 1, "a": 2}]]', (1,)),
    ],
)
def test_a_name_does_not_come_twice(body: bytes, place: tuple[int, ...]) -> None:
    assert refused(reading.read, body) == ("same_name", place)


def test_a_name_that_comes_twice_is_told() -> None:
    with pytest.raises(Invalid) as caught:
        reading.read(b'{"a": 1, "b": 1, "c": 1, "b": 1, "c": 2}')
    assert caught.value.found == "b"


@pytest.mark.parametrize("body", [b"\xff", b'"\xe3\x81"', "あ".encode("utf-16"), b'"\xed\xa0\x80"'])
def test_letters_that_are_not_utf_8_are_refused(body: bytes) -> None:
    assert refused(reading.read, body) == ("utf_8", ())


@pytest.mark.parametrize(
    "body",
    [b'"\\ud800"', b'{"a": {"\\uDFFF": 1}}', b'{"a": ["\\udc00\\ud800"]}', b'"\\ud83dx"'],
)
def test_half_a_letter_is_no_letter(body: bytes) -> None:
    assert refused(reading.read, body) == ("utf_8", ())
    assert refused(reading.value, b"[1, " + body + b"]") == ("utf_8", (1,))


@pytest.mark.parametrize(
    ("body", "value"),
    [(b'"\\ud83d\\ude00"', "😀"), (b'"\\\\ud800"', "\\ud800"), ('"😀"'.encode(), "😀")],
)
def test_both_halves_of_a_letter_are_one(body: bytes, value: str) -> None:
    assert reading.value(body) == value


@pytest.mark.parametrize("number", [b"1e400", b"-1e400", b"[0, 1.5e999]", b'{"a": 2e308}'])
def test_a_number_that_no_double_holds_is_refused(number: bytes) -> None:
    assert refused(reading.value, number)[0] == "number"


def test_a_number_of_thousands_of_digits_is_refused() -> None:
    assert refused(reading.value, b"1" * 5000) == ("json", ())
    assert reading.value(b"1" * 400) == int("1" * 400)


@pytest.mark.parametrize(("start", "end"), [(b"[", b"]"), (b'{"a":', b"}")])
@pytest.mark.parametrize("times", [250, 3000, 100_000])
def test_what_stands_too_deep_is_refused(start: bytes, end: bytes, times: int) -> None:
    body = start * times + b"1" + end * times
    assert refused(reading.value, body)[0] == "json_depth"
    assert refused(reading.value, b'{"a": ' + body + b"}")[0] == "json_depth"


def test_what_is_long_need_not_be_deep() -> None:
    wide = [{"a": [{"b": {}}] * 300}, [[]] * 500]
    assert reading.value(letters(wide)) == wide
    deep = b"[" * 150 + b"1" + b"]" * 150
    assert reading.value(b'{"a": ' + deep + b', "b": ' + deep + b"}")


def test_the_deepest_is_not_too_deep() -> None:
    body = b'{"a":' * 200 + b"1" + b"}" * 200
    assert reading.value(body)
    assert refused(reading.value, b'{"a":' + body + b"}")[0] == "json_depth"
