"""C28: the usual attacks, each tried on the pages that take what somebody writes."""

from __future__ import annotations

import ast
import re
import uuid
import zipfile
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.content.imports import service as packages
from app.kernel.csv import write
from app.kernel.db import new_id
from app.kernel.errors import Refused
from app.kernel.settings import Settings
from app.kernel.tables.sheet import read
from app.people.permission.models import Role
from app.training.plans.models import Training
from tests import factories

ROOT = Path(__file__).parents[2]
SCRIPT = '"><script>alert(1)</script>'
#: Modules that can call out, and who may import them.
OUTBOUND = {"requests", "urllib.request", "http.client", "smtplib", "socket", "authlib", "httpx"}
CALLERS = {
    "app/kernel/mail.py": "the mail server of the settings",
    "app/kernel/processes.py": "takes an address of this machine's, and calls nobody",
    "app/launcher/web_server.py": "asks whether its own port is free",
    "app/people/federation/oidc/access.py": "the identity provider of the settings",
    "app/people/federation/oidc/service.py": "the same, by the former",
    "lti/http.py": "the platforms that are registered, and nowhere inside",
}
MANIFEST = """<?xml version="1.0"?>{doctype}
<manifest identifier="m" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2">
<metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>
<organizations default="o"><organization identifier="o"><title>{title}</title>
<item identifier="i" identifierref="r"><title>t</title></item></organization></organizations>
<resources><resource identifier="r" type="webcontent" href="a.html"/></resources></manifest>"""


def package(folder: Path, files: dict[str, str | bytes]) -> Path:
    path = folder / "package.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def examine(path: Path, settings: Settings) -> packages.Examined:
    return packages.examine(path, settings, lambda _done, _total: None)


@pytest.mark.requirement("SEC-12")
def test_what_people_are_called_is_text_on_every_page(
    office: FlaskClient, session: Session
) -> None:
    where = factories.section(session, f"課{SCRIPT}")
    roles = (Role.OFFICE, Role.ADMINISTRATOR, Role.AUTHOR)
    who = factories.person(session, f"名{SCRIPT}", section=where, roles=roles)
    training = factories.training(session, f"研修{SCRIPT}")
    material = factories.material(session, who, f"教材{SCRIPT}")
    run = factories.run(session, training, materials=(material,))
    factories.enrol(session, run, who)
    factories.enter(office, session, who)
    told = 0
    for path in (
        "/", "/history", "/staff", f"/staff/{who.id}", "/sections", "/trainings",
        f"/trainings/{training.id}", f"/runs/{run.id}", f"/reports/runs/{run.id}", "/materials",
        f"/history/people/{who.id}", f"/runs/{run.id}/enrol",
    ):  # fmt: skip
        page = office.get(path)
        assert page.status_code == 200, path
        assert "<script>alert" not in page.text, path
        told += "&lt;script&gt;alert" in page.text
    assert told > 8


@pytest.mark.requirement("SEC-12")
@pytest.mark.parametrize(
    "words", ["'", "' OR 1=1 --", '" OR ""="', "%", "_", "\\", "'; DROP TABLE person; --"]
)
def test_what_is_searched_for_is_looked_for_and_not_run(
    office: FlaskClient, session: Session, words: str
) -> None:
    who = factories.person(session, "見本 一", number="90001", roles=(Role.OFFICE,))
    run = factories.run(session)
    factories.enrol(session, run, who)
    factories.enter(office, session, who)
    for path in ("/staff", f"/runs/{run.id}", f"/reports/runs/{run.id}"):
        page = office.get(path, query_string={"q": words})
        assert page.status_code == 200, path
        assert "90001" not in page.text.partition("<main")[2], path
    assert "90001" in office.get("/staff", query_string={"q": "見本"}).text


def test_a_character_that_no_name_has_is_not_looked_for(
    office: FlaskClient, session: Session
) -> None:
    factories.enter(office, session, factories.person(session, roles=(Role.OFFICE,)))
    assert office.get("/staff", query_string={"q": "\x00\x1b"}).status_code == 200


@pytest.mark.requirement("SEC-12")
@pytest.mark.parametrize(
    "address",
    ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)",
     "\t//evil.example"],
)  # fmt: skip
def test_no_way_of_ours_leads_to_another_host(office: FlaskClient, address: str) -> None:
    for path in ("/language", "/sign-in"):
        answer = office.post(path, data={"next": address, "language": "en", "number": "1"})
        there = answer.headers.get("Location", "/")
        assert there.startswith("/"), there
        assert not there.startswith(("//", "/\\")), there
    assert f'value="{address}"' not in office.get("/sign-in", query_string={"next": address}).text


@pytest.mark.requirement("SEC-12")
@pytest.mark.parametrize(
    "name", ["../evil.html", "/etc/evil", "a/../../evil", "C:\\evil", "a\\..\\..\\b"]
)
def test_no_archive_leads_out_of_its_place(tmp_path: Path, settings: Settings, name: str) -> None:
    manifest = MANIFEST.format(doctype="", title="t")
    path = package(tmp_path, {"imsmanifest.xml": manifest, "a.html": "x", name: "evil"})
    with pytest.raises(Refused):
        examine(path, settings)


@pytest.mark.requirement("SEC-12")
def test_no_manifest_reads_a_file_or_an_address(tmp_path: Path, settings: Settings) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret")
    for target in (secret.as_uri(), "http://127.0.0.1:9/x"):
        doctype = f'<!DOCTYPE manifest [<!ENTITY e SYSTEM "{target}">]>'
        manifest = MANIFEST.format(doctype=doctype, title="&e;")
        path = package(tmp_path, {"imsmanifest.xml": manifest, "a.html": "x"})
        try:
            found = repr(examine(path, settings))
        except Refused as refused:
            found = repr(refused.data)
        assert "the secret" not in found


@pytest.mark.requirement("SEC-12")
def test_neither_a_package_nor_a_workbook_is_a_bomb(tmp_path: Path, settings: Settings) -> None:
    zeros = b"\0" * 80 * 1024**2
    manifest = MANIFEST.format(doctype="", title="t")
    with pytest.raises(Refused):
        examine(package(tmp_path, {"imsmanifest.xml": manifest, "a.html": zeros}), settings)
    entities = (
        "<!DOCTYPE w [<!ENTITY a 'aaaaaaaaaa'>"
        + "".join(
            f"<!ENTITY {after} '{f'&{before};' * 10}'>"
            for before, after in zip("abcdefgh", "bcdefghi", strict=True)
        )
        + "]><workbook>&i;</workbook>"
    )
    book = package(tmp_path, {"xl/workbook.xml": entities, "xl/_rels/workbook.xml.rels": "<r/>"})
    with pytest.raises(Refused, match="workbook_broken"):
        read(book)


@pytest.mark.requirement("SEC-12")
@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_that_leaves_is_run_by_a_spreadsheet(first: str) -> None:
    body = write(["氏名"], [[f"{first}cmd|'/C calc'!A0"]]).body.decode("utf-8-sig")
    cell = body.splitlines()[1].strip('"')
    assert cell.startswith("'")


@pytest.mark.requirement("SEC-12")
def test_the_name_of_a_file_writes_no_header(office: FlaskClient, session: Session) -> None:
    who = factories.person(session, roles=(Role.OFFICE,))
    factories.enter(office, session, who)
    code = 'x"\r\nSet-Cookie: a=b'
    key = str(new_id())
    made = office.post("/trainings/new", data={"key": key, "code": code, "title": "t\nt"})
    assert made.status_code == 303, made.status
    training = session.get_one(Training, uuid.UUID(key))
    assert (training.code, training.title) == ('x" Set-Cookie: a=b', "t t")
    run = factories.run(session, training)
    answer = office.get(f"/reports/runs/{run.id}.csv")
    assert answer.status_code < 500
    assert not [value for name, value in answer.headers if name == "Set-Cookie" and "a=b" in value]


@pytest.mark.requirement("SEC-12")
def test_the_pages_allow_no_script_or_style_of_their_own(office: FlaskClient) -> None:
    policy = office.get("/sign-in").headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    rules = dict(part.split(" ", 1) for part in policy.split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == "'self'"
    assert rules["frame-ancestors"] == "'none'"


@pytest.mark.requirement("SEC-12")
def test_only_named_modules_can_call_out() -> None:
    """Nobody can have the server fetch an address: what could is imported where it is told why."""
    callers = {}
    for package_name in ("app", "content_packages", "lti", "scorm", "workers", "xapi"):
        for path in (ROOT / package_name).rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            names = {
                name
                for node in ast.walk(tree)
                for name in (
                    [alias.name for alias in node.names]
                    if isinstance(node, ast.Import)
                    else [node.module or ""]
                    if isinstance(node, ast.ImportFrom)
                    else []
                )
            }
            if any(re.match(rf"{module}(\.|$)", name) for module in OUTBOUND for name in names):
                callers[path.relative_to(ROOT).as_posix()] = names
    assert set(callers) == set(CALLERS)


def test_the_archives_of_this_file_are_sound_without_their_attack(
    tmp_path: Path, settings: Settings
) -> None:
    manifest = MANIFEST.format(doctype="", title="t")
    found = examine(package(tmp_path, {"imsmanifest.xml": manifest, "a.html": "x"}), settings)
    assert found.title == "t"
