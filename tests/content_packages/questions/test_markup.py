"""HTML made text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_packages.questions.markup import Reduced, looks_like_html, text_of_html


@pytest.mark.parametrize(
    ("html", "text", "lost"),
    [
        ("", "", ()),
        ("a &lt; b &amp; c", "a < b & c", ()),
        ("<p>一</p><p>二</p>", "一\n二", ()),
        ("<p>一<br>二</p>\n\n<div>三</div>", "一\n二\n三", ()),
        ("一<br><br>二", "一\n\n二", ()),
        ("一\n  二 a\n b", "一二 a b", ()),
        ("a&nbsp;b\xa0c\td", "a b c d", ()),
        ("<ul><li>a<li>b</ul>", "a\nb", ("ul",)),
        ("<table><tr><th>a<td>b</tr><tr><td>c</table>", "a b\nc", ("table", "th")),
        ("<b>a</b><i>b</i><b>c</b>", "abc", ("b", "i")),
        ("x<img src='a' alt=' 絵 '>y<img>", "x[絵]y", ("img",)),
        ("a<script>alert(1)</script>b<style>c</style>", "ab", ("script", "style")),
        ("<!-- no --><p>a</p><?php no ?>", "a", ()),
        ("<p>a", "a", ()),
    ],
)
def test_blocks_are_lines_and_what_a_text_cannot_hold_is_named(html, text, lost):
    assert text_of_html(html) == Reduced(text, lost)


@given(st.text(st.sampled_from("<>/pbr&;# \n\0\x01ula!-=\"'")))
def test_whatever_stands_there_has_a_text(html):
    assert isinstance(text_of_html(html).text, str)


@pytest.mark.parametrize(
    ("text", "is_html"),
    [("<p>a", True), ("a<BR/>b", True), ('<a href="x">', True), ("a < b > c", False),
     ("<b", False), ("<私>", False)],
)  # fmt: skip
def test_a_tag_gives_html_away(text, is_html):
    assert looks_like_html(text) == is_html
