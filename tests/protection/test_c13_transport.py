"""C13: what travels is encrypted, and no page fetches anything from another host."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from app import factory
from app.kernel.db import Database
from app.kernel.settings import Settings

ROOT = Path(__file__).parents[2]
#: Names that stand in markup and are never fetched: namespaces and the home of an example.
NAMES = ("http://www.w3.org/", "https://www.w3.org/")
ELSEWHERE = re.compile(
    r"""(?:src|href|action|url\(|@import|fetch\()\s*[=(]?\s*["']?(?:https?:)?//"""
)


@pytest.mark.requirement("SEC-11")
def test_over_tls_the_browser_keeps_to_it_and_the_cookie_insists(
    settings: Settings, database: Database
) -> None:
    secure = replace(
        settings,
        office_origin="https://office.example",
        content_origin="https://{attempt}.content.example",
    )
    settings.instance.mkdir(exist_ok=True)
    for make in (factory.create_app, factory.create_content_app):
        answer = make(secure, database).test_client().get("/sign-in")
        assert int(answer.headers["Strict-Transport-Security"].partition("=")[2]) >= 31_536_000
    answer = factory.create_app(secure, database).test_client().get("/sign-in")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-kenshu=")
    assert {"Secure", "HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))


def test_the_installation_that_is_described_speaks_no_old_tls() -> None:
    text = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    assert re.findall(r"^\s*ssl_protocols (.+);", text, re.M) == ["TLSv1.2 TLSv1.3"]
    assert not re.search(r"listen \S*80\S*;(?![^}]*return 301 https)", text, re.S)


@pytest.mark.requirement("OPS-06")
def test_no_page_style_or_script_of_ours_names_another_host() -> None:
    files = [
        path
        for folder in ("templates", "static/css", "static/js", "static/player")
        for path in (ROOT / "app" / folder).rglob("*")
        if path.suffix in {".html", ".css", ".js", ".mjs"}
    ]
    assert len(files) > 50
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in files
        for line in path.read_text(encoding="utf-8").splitlines()
        if ELSEWHERE.search(line) and not any(name in line for name in NAMES)
    ]
    assert found == []
