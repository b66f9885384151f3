"""The search key of names: variants of one name meet, and folding twice changes nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.folding import code_key, name_key

pytestmark = pytest.mark.requirement("UIX-08")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("髙橋", "高橋"),
        ("山﨑", "山崎"),
        ("𠮷田", "吉田"),
        ("渡邊", "渡邉"),
        ("渡邊", "渡辺"),
        ("齋藤", "斎藤"),
        ("濵田", "濱田"),
        ("葛󠄀城", "葛城"),
        ("栁瀨", "柳瀬"),
        ("架空　太郎", "架空 太郎"),
        ("架空 太郎", "架空太郎"),
        ("ＳＭＩＴＨ", "smith"),
        ("ｶｸｳ", "カクウ"),
        ("福\ufa1b", "福福"),
    ],
)
def test_variants_of_a_name_have_one_key(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


def test_different_names_keep_different_keys() -> None:
    assert len({name_key(name) for name in ("高橋", "高梁", "鷹橋", "高橋一")}) == 4


@given(st.text())
def test_folding_a_key_again_changes_nothing(name: str) -> None:
    assert name_key(name_key(name)) == name_key(name)


@given(st.text(), st.sampled_from([" ", "　", "\u2003", "\ufe00", "\U000e0100"]), st.text())
def test_spaces_and_selectors_never_matter(before: str, mark: str, after: str) -> None:
    assert mark not in name_key(before + mark + after)


def test_a_code_is_read_whatever_its_width() -> None:
    assert code_key(" ００１２A ") == "0012A"
