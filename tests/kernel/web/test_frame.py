"""Static files, the key colour, the choice of language, the headers, and the pages of a list."""

from __future__ import annotations

import re
from dataclasses import replace

import flask
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app import factory
from app.kernel.db import Database
from app.kernel.settings import Settings
from app.kernel.web import frame, paging
from app.kernel.web.addresses import is_local
from app.people.permission.models import Role
from app.people.sections.models import SectionVersion
from tests import factories

TOKENS = frame.STATIC / "vendor" / "tokens.css"
PAPER = frame.STATIC / "css" / "paper.css"


def test_a_static_file_is_kept_for_long_under_an_address_of_its_content(
    office_app: flask.Flask,
) -> None:
    with office_app.test_request_context():
        address = frame.static_url("css/ground.css")
    client = office_app.test_client()
    kept = client.get(address, buffered=True)
    assert kept.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert kept.mimetype == "text/css"
    plain = client.get("/static/css/ground.css", buffered=True)
    assert plain.headers["Cache-Control"] == "no-cache"
    again = client.get(
        "/static/css/ground.css", headers={"If-None-Match": plain.headers["ETag"]}, buffered=True
    )
    assert again.status_code == 304
    # A page of the version before asks by its mark: nothing of now is kept under that.
    other = client.get("/static/0123456789ab/css/ground.css", buffered=True)
    assert (other.data, other.headers["Cache-Control"]) == (plain.data, "no-cache")


def test_what_a_script_imports_is_kept_as_the_script_is(office_app: flask.Flask) -> None:
    with office_app.test_request_context():
        address = frame.static_url("js/office.js")
    client = office_app.test_client()
    names = re.findall(r'from "\./(\w+\.js)"', client.get(address, buffered=True).text)
    assert len(names) > 5
    for name in names:
        kept = client.get(f"{address.removesuffix('office.js')}{name}", buffered=True)
        assert kept.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_all_styles_are_one_file_that_is_kept_for_long(office: FlaskClient) -> None:
    page = office.get("/sign-in").get_data(as_text=True)
    address = re.search(r'href="(/style\.css\?v=\w+)"', page)
    assert address
    kept = office.get(address[1])
    assert kept.mimetype == "text/css"
    assert kept.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    text = kept.get_data(as_text=True)
    # What stands later has the last word: tokens first, paper last.
    assert text.startswith(TOKENS.read_text(encoding="utf-8"))
    assert text.endswith(PAPER.read_text(encoding="utf-8"))
    assert office.get("/style.css").headers["Cache-Control"] == "no-cache"


def test_a_style_that_is_worked_on_is_asked_for_each_time(
    settings: Settings, database: Database
) -> None:
    settings.instance.mkdir(exist_ok=True)
    client = factory.create_app(replace(settings, development=True), database).test_client()
    assert 'href="/style.css"' in client.get("/sign-in").get_data(as_text=True)
    assert client.get("/style.css?v=1").headers["Cache-Control"] == "no-cache"


@pytest.mark.requirement("SEC-12")
@pytest.mark.parametrize(
    "name", ["none.css", "../factory.py", "..%2ffactory.py", "%2e%2e/factory.py", "css", ""]
)
def test_nothing_but_static_files_is_answered(office: FlaskClient, name: str) -> None:
    assert office.get(f"/static/{name}").status_code == 404


def test_the_key_colour_is_the_installations_or_nothing(
    settings: Settings, database: Database
) -> None:
    settings.instance.mkdir(exist_ok=True)
    app = factory.create_app(replace(settings, key_colour="#005bac"), database)
    answer = app.test_client().get("/key-colour.css")
    assert answer.get_data(as_text=True) == ":root { --key-colour: #005bac; }\n"
    assert answer.mimetype == "text/css"
    assert "/key-colour.css" in app.test_client().get("/sign-in").get_data(as_text=True)


def test_without_a_key_colour_ours_stays(office: FlaskClient) -> None:
    assert office.get("/key-colour.css").data == b""
    assert "/key-colour.css" not in office.get("/sign-in").get_data(as_text=True)


def test_a_chosen_language_is_kept_in_the_browser(office: FlaskClient) -> None:
    answer = office.post("/language", data={"language": "en", "next": "/sign-in"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in")
    cookie = answer.headers["Set-Cookie"]
    for word in ("language=en", "HttpOnly", "SameSite=Lax", "Max-Age=31536000"):
        assert word in cookie
    assert '<html lang="en"' in office.get("/sign-in").get_data(as_text=True)


def test_a_language_that_is_not_ours_is_not_kept(office: FlaskClient) -> None:
    answer = office.post("/language", data={"language": "fr"})
    assert "language=" not in answer.headers.get("Set-Cookie", "")
    office.set_cookie("language", "fr")
    assert '<html lang="ja"' in office.get("/sign-in").get_data(as_text=True)


@pytest.mark.requirement("SEC-12")
@pytest.mark.parametrize(
    "path",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/\r\nSet-Cookie: a=b",
        "evil.example",
        "",
        "\\\\evil.example",
    ],
)
def test_the_choice_of_language_never_leads_to_another_host(office: FlaskClient, path: str) -> None:
    answer = office.post("/language", data={"language": "en", "next": path})
    assert answer.headers["Location"] == "/"
    assert not is_local(path)


def test_every_page_of_the_office_is_protected_by_its_headers(office: FlaskClient) -> None:
    for answer in (office.get("/sign-in"), office.get("/"), office.get("/nowhere")):
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "Strict-Transport-Security" not in answer.headers


def test_over_tls_the_browser_is_told_to_keep_to_it(settings: Settings, database: Database) -> None:
    settings.instance.mkdir(exist_ok=True)
    secure = replace(
        settings,
        office_origin="https://office.example",
        content_origin="https://{attempt}.content.example",
    )
    for make in (factory.create_app, factory.create_content_app):
        answer = make(secure, database).test_client().get("/nowhere")
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    cookie = (
        factory.create_app(secure, database)
        .test_client()
        .post("/language", data={"language": "en"}, base_url="https://office.example")
    )
    assert cookie.status_code == 400  # no form token
    config = factory.create_app(secure, database).config
    assert config["SESSION_COOKIE_NAME"] == "__Host-kenshu"
    assert config["SESSION_COOKIE_SECURE"] is True


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", 1),
        ("2", 2),
        ("0", 1),
        ("-5", 1),
        ("x", 1),
        ("1.5", 1),
        ("9" * 18, paging.LAST),
        ("9" * 400, paging.LAST),
        ("9" * 5000, 1),
    ],
)
def test_a_page_number_is_one_that_there_can_be(
    office_app: flask.Flask, asked: str, found: int
) -> None:
    with office_app.test_request_context(query_string={"page": asked}):
        assert paging.number() == found


def test_a_huge_page_number_shows_an_empty_page(office: FlaskClient, session: Session) -> None:
    factories.enter(office, session, factories.person(session, roles=(Role.OFFICE,)))
    for path in ("/staff", "/trainings", "/materials"):
        assert office.get(path, query_string={"page": "9" * 30}).status_code == 200


def test_a_page_holds_its_rows_and_knows_the_number_of_all(session: Session) -> None:
    for count in range(7):
        factories.section(session, f"第{count}課")
    query = sa.select(SectionVersion.name).order_by(SectionVersion.name)
    page = paging.page_of(session, query, str, 2, size=3)
    assert (list(page.rows), page.total, page.pages) == (["第3課", "第4課", "第5課"], 7, 3)
    assert (page.first, page.last) == (4, 6)
    last = paging.page_of(session, query, str, 3, size=3)
    assert (list(last.rows), last.first, last.last) == (["第6課"], 7, 7)


def test_an_empty_list_is_one_page_without_a_first_row(session: Session) -> None:
    page = paging.page_of(session, sa.select(SectionVersion.name).where(sa.false()), str, 1)
    assert (page.pages, page.first, page.last, page.total) == (1, 0, 0, 0)
