"""URLs of packages are joined, completed, and found among the files whatever wrote them."""

import time
import unicodedata
from urllib.parse import quote, unquote, urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorm import urls

PATHS = st.lists(
    st.text(
        st.characters(codec="utf-8", exclude_characters="/\\%", exclude_categories=["Cc", "Cs"]),
        min_size=1,
    ).filter(lambda part: part not in {".", ".."}),
    min_size=1,
    max_size=4,
).map("/".join)


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("HTTP://example.jp/", "http"),
        ("https:page", "https"),
        ("//example.jp/a", ""),
        ("javascript:void(0)", "javascript"),
        ("c:/folder/a.html", None),
        ("folder/a:b.html", None),
        ("", None),
    ],
)
def test_a_scheme_is_told_from_a_path(href, expected):
    assert urls.scheme(href) == expected


@pytest.mark.parametrize(
    ("base", "href", "expected"),
    [
        ("", "a.html", "a.html"),
        ("folder/", "a.html", "folder/a.html"),
        ("folder", "a.html", "folder/a.html"),
        ("folder/", "/a.html", "folder/a.html"),
        ("folder/", "", "folder/"),
        ("folder/", "https://example.jp/a", "https://example.jp/a"),
        ("https://example.jp/x", "a.html", "https://example.jp/x/a.html"),
        ("", "", ""),
    ],
)
def test_an_href_stands_under_its_base(base, href, expected):
    assert urls.join(base, href) == expected


@pytest.mark.parametrize(
    ("href", "parameters", "expected"),
    [
        ("a.html", None, "a.html"),
        ("a.html", " ? ", "a.html"),
        ("a.html", "b=1", "a.html?b=1"),
        ("a.html", "?b=1", "a.html?b=1"),
        ("a.html?c=2", "&b=1", "a.html?c=2&b=1"),
        ("a.html", "#top", "a.html#top"),
        ("a.html#end", "#top", "a.html#end"),
    ],
)
def test_parameters_complete_an_href(href, parameters, expected):
    assert urls.append_parameters(href, parameters) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a/b.html", "a/b.html"),
        ("/a//./b.html", "a/b.html"),
        ("a\\b.html", "a/b.html"),
        ("a/../b.html", "b.html"),
        ("../b.html", None),
        ("a\\..\\..\\b.html", None),
        (".", ""),
    ],
)
def test_a_path_is_normal_or_leads_outside(path, expected):
    assert urls.normalise(path) == expected


def test_an_address_is_cut_where_no_name_reaches_and_no_base_can_multiply_it():
    long = "u" * (urls.LONGEST + 1)
    assert urls.join("", long) == urls.join(long, "") == long[:-1]
    assert len(urls.join("https://example.jp/" + long, "a.html")) == urls.LONGEST
    assert len(urls.join("a/", long)) == len(urls.append_parameters("a", long)) == urls.LONGEST
    assert urls.append_parameters("a", f"#{long}") == f"a#{long}"[: urls.LONGEST]


NAMES = (
    "index.html",
    "教材/表.html",
    "sub/Page One.HTML",
    "がくしゅう.html",
    "100%25.html",
    "a?b.html",
    "Twin.html",
    "twin.HTML",
)


@pytest.mark.parametrize(
    ("href", "name", "spelling"),
    [
        ("index.html", "index.html", "exact"),
        ("./sub/../index.html", "index.html", "exact"),
        ("index.html?a=1#b", "index.html", "exact"),
        ("index.html#/slide?x", "index.html", "exact"),
        ("INDEX.HTML?a=1", "index.html", "case"),
        ("sub/Page%20One.HTML", "sub/Page One.HTML", "exact"),
        ("sub\\Page One.HTML", "sub/Page One.HTML", "separator"),
        ("SUB%5Cpage%20one.html", "sub/Page One.HTML", "case"),
        (quote("教材/表.html"), "教材/表.html", "exact"),
        (quote("教材/表.html", encoding="cp932"), "教材/表.html", "exact"),
        (unicodedata.normalize("NFD", "がくしゅう.html"), "がくしゅう.html", "unicode_form"),
        ("100%25.html", "100%25.html", "exact"),
        ("100%2525.html", "100%25.html", "exact"),
        ("a?b.html", "a?b.html", "exact"),
        ("Twin.html", "Twin.html", "exact"),
    ],
)
def test_an_href_finds_its_file(href, name, spelling):
    assert urls.NameIndex(NAMES).find(href) == urls.Found(name, spelling)
    assert urls.resolve(href, NAMES) == name


def test_the_name_with_a_mark_goes_before_the_one_without():
    assert urls.resolve("a?b.html", ["a", "a?b.html"]) == "a?b.html"
    assert urls.resolve("a?c.html", ["a", "a?b.html"]) == "a"
    assert urls.resolve("a?b.html", ["a"]) == "a"


def test_ten_thousand_addresses_of_one_page_cost_no_time():
    index = urls.NameIndex(["a.html"])
    page = "%e8%a1%a8" * 200
    started = time.process_time()
    assert all(index.find(f"{page}?n={number}") is None for number in range(10_000))
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    "href",
    [
        "absent.html",
        "",
        "?a=1",
        "../index.html",
        "https://example.jp/index.html",
        "//example.jp/index.html",
        "C:\\教材\\index.html",
        "TWIN.html",
    ],
)
def test_an_href_of_no_file_finds_none(href):
    assert urls.NameIndex(NAMES).find(href) is None
    assert urls.resolve(href, NAMES) is None


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("index.html", "content/index.html"),
        ("./sub\\a b.html?x=1&y=表#top", "content/sub/a%20b.html?x=1&y=表#top"),
        ("a%20b.html#s?t", "content/a%20b.html#s?t"),
        ("表.html", "content/%E8%A1%A8.html"),
        ("%95%5C.html", "content/%E8%A1%A8.html"),
        ("a%3Fb%23c.html?d", "content/a%3Fb%23c.html?d"),
        ("100%.html", "content/100%25.html"),
        ("https://example.jp/a b?c", "https://example.jp/a b?c"),
        ("//example.jp/a", "//example.jp/a"),
        ("javascript:alert(1)", "content/javascript%3Aalert%281%29"),
        ("../commit", "content/"),
        ("%2e%2e%2fcommit?a", "content/?a"),
        ("", "content/"),
    ],
)
def test_a_launch_address_is_what_a_browser_can_follow(href, expected):
    assert urls.launch_address(href) == expected


@given(PATHS)
def test_a_launch_address_leads_to_the_name_it_means(name):
    page = "http://127.0.0.1/token/"
    for href in (quote(name), quote(name, safe="/:@!$&'()*+,;=~")):
        arrived = urlsplit(urljoin(page, urls.launch_address(href)))
        assert unquote(arrived.path) == f"/token/content/{name}"
        assert urls.resolve(href, [name]) == name


@given(st.text(st.characters(codec="utf-8")))
def test_no_path_leads_out_of_the_content(href):
    address = urls.launch_address(href)
    if urls.scheme(href) is None:
        arrived = urlsplit(urljoin("http://127.0.0.1/token/", address))
        assert arrived.netloc == "127.0.0.1"
        assert arrived.path.startswith("/token/content/")
