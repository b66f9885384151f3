"""Documents and links: registered, refused, published, replaced, taken."""

from __future__ import annotations

import io

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.content.materials.models import Material, Version
from app.learning.records.models import LearnerRecord
from app.people.permission.models import Role
from app.training.enrolment.models import Enrolment
from tests import factories

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def author(office: FlaskClient, session: Session) -> FlaskClient:
    """An author's browser."""
    who = factories.person(session, "作成 一郎", roles=(Role.AUTHOR,))
    factories.enter(office, session, who)
    return office


def send(client: FlaskClient, body: bytes, name: str = "手引.pdf", **more: str) -> TestResponse:
    document = (io.BytesIO(body), name)
    return client.post("/readings/documents/new", data={"document": document, **more})


def test_a_pdf_is_registered_shown_and_published(author: FlaskClient, session: Session) -> None:
    answer = send(author, PDF)
    assert answer.status_code == 303
    page = author.get(answer.location)
    assert "手引" in page.text
    assert "公開する" in page.text
    shown = author.get(f"{answer.location}/open")
    assert (shown.data, shown.content_type) == (PDF, "application/pdf")
    part = author.get(f"{answer.location}/open", headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.data) == (206, b"%PDF")
    assert author.post(f"{answer.location}/publish").status_code == 303
    material = session.scalars(sa.select(Material)).one()
    assert material.kind == "document"
    version = session.scalars(sa.select(Version)).one()
    assert (version.state, version.size, version.file_name) == ("published", len(PDF), "手引.pdf")


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"PK\x03\x04 a workbook", "PDFファイルではありません"),
        (b"", "PDFファイルではありません"),
        (PDF[:-7], "途中で切れています"),
    ],
)
def test_what_is_no_whole_pdf_is_refused_with_a_way_to_mend_it(
    author: FlaskClient, session: Session, body: bytes, told: str
) -> None:
    answer = send(author, body)
    assert answer.status_code == 422
    assert told in answer.text
    assert session.scalars(sa.select(Material)).all() == []


def test_another_file_is_a_new_version_until_which_the_old_one_is_read(
    author: FlaskClient, session: Session
) -> None:
    place = send(author, PDF).location
    author.post(f"{place}/publish")
    more = PDF.replace(b"<<>>", b"<< >>")
    answer = author.post(f"{place}/versions", data={"document": (io.BytesIO(more), "新.pdf")})
    assert answer.status_code == 303
    versions = session.scalars(sa.select(Version).order_by(Version.number)).all()
    assert [(row.number, row.state) for row in versions] == [(1, "published"), (2, "draft")]
    assert versions[0].sha256 != versions[1].sha256
    assert author.get(f"{place}/open").data == more
    assert author.post(f"{place}/versions", data={}).status_code == 422


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "ftp://example.jp/", "https://", "https://[x", "x", ""]
)
def test_a_link_leads_to_the_web_alone(author: FlaskClient, session: Session, url: str) -> None:
    answer = author.post("/readings/links/new", data={"title": "動画", "url": url})
    assert answer.status_code == 422
    assert session.scalars(sa.select(Material)).all() == []


def test_a_link_gets_another_address(author: FlaskClient, session: Session) -> None:
    data = {"title": "外部の講座", "url": "https://example.jp/a"}
    place = author.post("/readings/links/new", data=data).location
    assert author.get("/materials?kind=link").text.count("外部の講座") == 1
    author.post(f"{place}/publish")
    assert author.post(f"{place}/versions", data={"url": "nowhere"}).status_code == 422
    assert author.post(f"{place}/versions", data={"url": "https://example.jp/b"}).location == place
    versions = session.scalars(sa.select(Version).order_by(Version.number)).all()
    assert [row.document["url"][-1] for row in versions] == ["a", "b"]


def taken(office: FlaskClient, session: Session, kind: str) -> tuple[Enrolment, str]:
    """Publish a reading as an author, and launch it as a learner."""
    by = factories.person(session, "作成 一郎", roles=(Role.AUTHOR,))
    factories.enter(office, session, by)
    if kind == "document":
        place = send(office, PDF).location
    else:
        data = {"title": "外部の講座", "url": "https://example.jp/a"}
        place = office.post("/readings/links/new", data=data).location
    office.post(f"{place}/publish")
    material = session.scalars(sa.select(Material)).one()
    learner = factories.person(session, "学習 花子")
    enrolment = factories.enrol(session, factories.run(session, materials=(material,)), learner)
    factories.enter(office, session, learner)
    answer = office.post(f"/assignments/{factories.assignment_of(session, enrolment)}/launch")
    assert answer.status_code == 303
    return enrolment, answer.location


@pytest.mark.parametrize("kind", ["document", "link"])
def test_a_learner_opens_it_and_says_that_it_was_read(
    office: FlaskClient, session: Session, kind: str
) -> None:
    _, page = taken(office, session, kind)
    record = session.scalars(sa.select(LearnerRecord)).one()
    assert record.status == "in_progress"
    shown = office.get(page)
    assert ("サイトを開く" in shown.text) is (kind == "link")
    opened = office.get(f"{page}/open")
    assert opened.data == PDF if kind == "document" else opened.location == "https://example.jp/a"
    for _ in range(2):
        answer = office.post(f"{page}/finish")
        assert answer.location.startswith("/assignments/")
    session.refresh(record)
    assert (record.status, record.progress) == ("completed", 1.0)
    assert record.completed_at
    # It can be read again, and stays what it is.
    office.post(f"/assignments/{record.assignment_id}/launch")
    session.refresh(record)
    assert record.status == "completed"
    # Its history can be opened, though it has no attempts.
    assert office.get(f"/history/{record.id}").status_code == 200


def test_nobody_reads_with_anothers_record_or_when_it_is_over(
    office: FlaskClient, session: Session
) -> None:
    enrolment, page = taken(office, session, "document")
    enrolment.state = "revoked"
    session.flush()
    assert office.get(page).status_code == 422
    assert office.get(f"{page}/open").status_code == 422
    assert office.post(f"{page}/finish").status_code == 422
    factories.enter(office, session, factories.person(session, "別 人"))
    for answer in (office.get(page), office.get(f"{page}/open"), office.post(f"{page}/finish")):
        assert answer.status_code == 404
