"""Paper: names as they are written, a box never, and what is missing by its name."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pypdfium2
import pytest

from app.kernel import glyphs, pdf
from app.kernel.errors import Refused

TEMPLATE = """#import "{page}": sheet
#let data = json(bytes(sys.inputs.data))
#show: sheet.with("test")
#text(size: 60pt, data.text)
"""
#: A hard character, and the one that a poor font would draw in its place.
TWINS = [
    ("髙", "高"),
    ("﨑", "崎"),
    ("𠮷", "吉"),
    ("葛󠄀", "葛󠄁"),
    ("辻󠄀", "辻󠄁"),
    ("\ufa19", "神"),
    ("邉󠄂", "邉"),
]


@pytest.fixture
def one_text(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A template that prints one text in large letters."""
    path = pdf.TEMPLATES / f"only_for_tests_{uuid.uuid4().hex}.typ"
    path.write_text(TEMPLATE.format(page="page.typ"), encoding="utf-8")
    yield path.stem
    path.unlink()


def picture(made: bytes) -> bytes:
    """Return the pixels of the first page."""
    with pypdfium2.PdfDocument(made) as document:
        return bytes(document[0].render(scale=1, grayscale=True).buffer)


def ink(pixels: bytes) -> int:
    """Return how many pixels are dark."""
    return sum(value < 128 for value in pixels)


@pytest.mark.parametrize(("hard", "usual"), TWINS)
def test_a_hard_name_is_drawn_in_its_own_shape(
    one_text: str, now: datetime, hard: str, usual: str
) -> None:
    drawn, other = (
        picture(pdf.render(one_text, {"text": text}, now=now)) for text in (hard, usual)
    )
    assert drawn != other
    assert min(ink(drawn), ink(other)) > 200
    assert drawn == picture(pdf.render(one_text, {"text": hard}, now=now))


def test_a_page_of_hard_names_has_the_ink_of_each(one_text: str, now: datetime) -> None:
    names = "髙﨑𠮷葛󠄀"
    whole = ink(picture(pdf.render(one_text, {"text": names}, now=now)))
    empty = ink(picture(pdf.render(one_text, {"text": ""}, now=now)))
    each = [
        ink(picture(pdf.render(one_text, {"text": name}, now=now))) - empty
        for name in ("髙", "﨑", "𠮷", "葛󠄀")
    ]
    assert whole - empty == pytest.approx(sum(each), rel=0.05)


@pytest.mark.parametrize("text", ["名前\ue000", "😀", "葛󠇯"])
def test_a_missing_character_is_an_error_that_names_it(
    one_text: str, now: datetime, text: str
) -> None:
    with pytest.raises(Refused) as refused:
        pdf.render(one_text, {"rows": [{"deep": [text]}], "text": ""}, now=now)
    assert refused.value.code == "glyph_missing"
    assert "U+" in str(refused.value.data["characters"])


def test_a_strangers_text_is_spelled_and_then_printed(one_text: str, now: datetime) -> None:
    spelled = pdf.spelled("よい😀葛󠇯です")
    assert spelled == "よい〔U+1F600 GRINNING FACE〕葛です"
    assert pdf.render(one_text, {"text": spelled}, now=now).startswith(b"%PDF")


def test_the_same_data_at_the_same_moment_is_the_same_file(one_text: str, now: datetime) -> None:
    first, second = (pdf.render(one_text, {"text": "同じ"}, now=now) for _ in range(2))
    assert first == second


def test_a_folder_without_the_family_is_refused(tmp_path: Path, now: datetime) -> None:
    with pytest.raises(Refused) as refused:
        pdf.render("page", {}, now=now, fonts=str(tmp_path))
    assert refused.value.code == "font_missing"


def test_what_a_font_covers_is_read_from_its_own_table() -> None:
    known = pdf._coverage("")
    assert list(known.missing("髙﨑𠮷葛󠄀 ab\n")) == []
    assert list(known.missing("葛󠇯")) == ["葛󠇯"]
    assert glyphs.name_of("\U0001f600") == "U+1F600 GRINNING FACE"
