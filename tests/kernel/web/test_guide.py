"""The guide: its chapters hang together, and each role opens its own from the screen."""

from __future__ import annotations

import re

import flask
import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy.orm import Session

from app.kernel.web import guide
from app.people.permission.models import Role
from tests import factories

CHAPTERS = (guide.CONTENTS, *guide.ROLES, *guide.RUNNING)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)#]*)(?:#([^)]*))?\)")


def source(name: str) -> str:
    return (guide.GUIDE / f"{name}.md").read_text(encoding="utf-8")


def headings(name: str) -> set[str]:
    return {guide.slug(words) for words in re.findall(r"^#+ (.+)$", source(name), re.MULTILINE)}


def test_every_chapter_is_known_and_every_picture_stands_in_one() -> None:
    assert {path.stem for path in guide.GUIDE.glob("*.md")} == set(CHAPTERS)
    shown = {
        file.removeprefix("images/")
        for name in CHAPTERS
        for file, _ in LINK.findall(source(name))
        if file.startswith("images/")
    }
    assert shown == set(guide.PICTURES)


@pytest.mark.parametrize("name", CHAPTERS)
def test_no_link_of_a_chapter_dangles(name: str) -> None:
    dangling = [
        (file, place)
        for file, place in LINK.findall(source(name))
        if not (guide.GUIDE / file).exists()
        or (place and place not in headings(file.removesuffix(".md") or name))
    ]
    assert dangling == []


@pytest.mark.requirement("UIX-11")
@pytest.mark.parametrize(
    ("roles", "chapter"),
    [
        ((), "learner"),
        ((Role.HEAD,), "head"),
        ((Role.COORDINATOR, Role.HEAD), "coordinator"),
        ((Role.OFFICE, Role.ADMINISTRATOR), "office"),
        ((Role.AUTHOR,), "author"),
        ((Role.ADMINISTRATOR,), "administrator"),
    ],
)
def test_the_menu_opens_the_chapter_of_the_readers_first_role(
    office: FlaskClient, session: Session, roles: tuple[Role, ...], chapter: str
) -> None:
    factories.enter(office, session, factories.person(session, roles=roles))
    home = html.document_fromstring(office.get("/").text)
    (address,) = set(home.xpath("//header//a[contains(., '操作の手引き')]/@href"))
    assert address == f"/guide/{chapter}"
    page = html.document_fromstring(office.get(address).text)
    assert page.xpath("string(//main//h1)") == guide.title(chapter)
    current = page.xpath("//header//a[@aria-current='page']")
    assert {link.text_content().strip() for link in current} == {"操作の手引き"}


@pytest.mark.requirement("UIX-11")
def test_every_chapter_is_shown_with_its_pictures_and_its_contents(
    office: FlaskClient, session: Session
) -> None:
    factories.enter(office, session, factories.person(session))
    for address in ("/guide", *(f"/guide/{name}" for name in CHAPTERS[1:])):
        page = html.document_fromstring(office.get(address).text)
        for link in page.xpath("//nav[@aria-labelledby='guide-parts']//a/@href"):
            assert page.get_element_by_id(link.removeprefix("#")).tag == "h2", address
        for link in page.xpath("//main//a/@href"):
            assert link.startswith(("#", "/")), f"{address}: {link}"
        for picture in page.xpath("//main//img"):
            assert picture.get("alt"), address
            with office.get(picture.get("src")) as answer:
                assert answer.mimetype == "image/png", picture.get("src")
    for name in ("nothing", "README", "..%2fdecisions%2f001-two-applications"):
        assert office.get(f"/guide/{name}").status_code == 404
    assert office.get("/guide/images/..%2foperation.md").status_code == 404


def test_in_english_the_frame_is_english_and_says_that_the_text_is_not(
    office: FlaskClient, session: Session
) -> None:
    factories.enter(office, session, factories.person(session))
    office.set_cookie("language", "en")
    page = html.document_fromstring(office.get("/guide/learner").text)
    assert page.get("lang") == "en"
    assert page.xpath("//main//*[contains(@class, 'notification-banner')]")
    assert page.xpath("//div[@class='guide__text']/@lang") == ["ja"]


def test_a_chapter_gets_no_markup_and_no_foreign_address_onto_the_page(
    office_app: flask.Flask,
) -> None:
    text = (
        "# 題\n\n<script>alert(1)</script> [外](https://evil.example/) [悪](javascript:alert(1)) "
        "[表](../dev/README.md) [役割](office.md#役割と代行) ![絵](https://evil.example/x.png)\n"
    )
    with office_app.test_request_context("/"):
        shown = html.fragment_fromstring(guide.read(text).text, create_parent="div")
    assert not shown.xpath(".//script")
    assert [link.text for link in shown.xpath(".//a")] == ["役割"]
    assert shown.xpath(".//img/@src") == ["/guide/images/x.png"]
    assert "evil" not in html.tostring(shown, encoding="unicode")
