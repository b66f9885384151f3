"""Portals without LTI: registered, given packages, and what a package's call opens and tells."""

from __future__ import annotations

import io
import uuid
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import flask
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.cli import package_check
from app.content.materials.models import Material
from app.kernel import clock
from app.kernel.audit.models import AuditEvent
from app.kernel.db import Base
from app.kernel.settings import Settings
from app.learning.records.models import Attempt, LearnerRecord
from app.portals.gate.models import PortalLaunch
from app.portals.learners import service as learners
from app.portals.learners.models import PortalLearner
from app.portals.links.models import PortalAssignment, PortalLink
from app.portals.packages import access, service, text
from app.portals.registrations import service as registrations
from app.portals.registrations.models import Portal
from app.portals.registrations.service import Limits
from app.portals.scores.models import PortalScore
from tests import factories
from tests.learning import made as learning
from tests.portals import made

pytestmark = pytest.mark.requirement("LTI-05")
LMS, FRAMES = "https://lms.example.jp", "https://scorm.example.jp"
LEARNER = "lms-person-4711"


@pytest.fixture
def material(session: Session) -> Material:
    version = learning.version(session, learning.sco("A"))
    row = session.get_one(Material, version.material_id)
    row.title = '個人情報 <守り方> & "きまり"'
    session.flush()
    return row


@pytest.fixture
def portal(session: Session, settings: Settings, material: Material) -> Portal:
    """An LMS that takes packages, joined by two administrators."""
    return joined(session, settings, material.id)


def joined(session: Session, settings: Settings, *material_ids: uuid.UUID) -> Portal:
    one, now = made.acting(made.administrator(session)), clock.now()
    origins = f"{LMS} {FRAMES}"
    row = service.propose_package(session, "庁内LMS", origins, by=one, now=now, settings=settings)
    other = made.acting(made.administrator(session, "管理 二郎"))
    registrations.approve(session, row, by=other, now=now)
    registrations.offer(session, row, material_ids, has_all=False, by=one, now=now)
    session.flush()
    return row


def main(answer: TestResponse) -> str:
    assert answer.status_code == 200, answer.text
    page = html.document_fromstring(answer.text)
    return " ".join(page.xpath("//main")[0].text_content().split())


def opened(
    office_app: flask.Flask, key: str, learner: object = LEARNER, origin: str = LMS
) -> TestResponse:
    """Call as a package does from a browser that nobody has used."""
    body = flask.json.dumps({"learner": learner, "language": "ja-JP"})
    headers = {"Origin": origin} if origin else {}
    return office_app.test_client().post(
        f"/lti/packages/{key}", data=body, content_type="text/plain", headers=headers
    )


def refused(session: Session, answer: TestResponse, code: str) -> None:
    """See that nothing opens, that it is said, and that the office learns why."""
    assert answer.status_code == 403, answer.text
    row = noted(session)
    assert (answer.json["error"], row.code, row.step) == (code, code, "launch")
    assert row.reference in answer.json["message"]
    assert session.scalar(sa.select(sa.func.count(Attempt.id))) == 0


def noted(session: Session) -> PortalLaunch:
    return session.scalars(sa.select(PortalLaunch).order_by(PortalLaunch.id.desc()).limit(1)).one()


def test_two_administrators_register_an_lms_and_its_page_speaks_of_packages(
    office: FlaskClient, office_app: flask.Flask, session: Session, material: Material
) -> None:
    factories.enter(office, session, made.administrator(session, "申請 一子"))
    assert "LTIのないポータルを登録する" in main(office.get("/portals"))
    assert "LMSの画面のアドレス" in main(office.get("/portals/packages/new"))
    said = {"name": "庁内LMS", "frame_origins": f"{LMS}、{FRAMES.upper()}"}
    answer = office.post("/portals/packages/new", data=said)
    assert answer.status_code == 303
    row = session.scalars(sa.select(Portal)).one()
    assert (row.state, row.client_id, row.frame_origins) == (
        "proposed",
        "package",
        f"{LMS} {FRAMES}",
    )
    assert row.issuer.startswith("package:")
    assert len(row.package_key) >= 43
    assert answer.location == f"/portals/{row.id}"
    assert office.post(f"/portals/{row.id}/approve").status_code == 422
    second = office_app.test_client()
    factories.enter(second, session, made.administrator(session, "承認 二郎"))
    assert second.post(f"/portals/{row.id}/approve").status_code == 303
    office.post(f"/portals/{row.id}/materials", data={"reach": "all"})

    whole = office.get(f"/portals/{row.id}")
    page = main(whole)
    assert LMS in page
    assert "SCORM 1.2" in page
    assert f"/portals/packages/{row.id}/{material.id}.zip" in whole.text
    for word in ("配置", "公開鍵", "鍵を交換", "発行者", "得点の送信", "アドレスを変える"):
        assert word not in page, word
    assert row.package_key not in whole.text
    assert "LTIなし" in main(office.get("/portals"))
    log = session.scalars(sa.select(AuditEvent)).all()
    assert all(row.package_key not in str(event.details) for event in log)
    assert office.post(f"/portals/{row.id}/stop").status_code == 303
    edit = {**made.SAID, "deployment_id": "", "auth_audience": "", "more_hosts": ""}
    assert office.post(f"/portals/{row.id}/edit", data=edit).status_code == 404


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("name", " ", "名前"),
        ("frame_origins", "", "https://lms.example.jp"),
        ("frame_origins", "https://lms.example.jp/course", "ホスト名まで"),
        ("frame_origins", "http://lms.example.jp", "ホスト名まで"),
        ("frame_origins", "https://lms.example.jp;script-src", "ホスト名まで"),
    ],
)
def test_what_cannot_be_the_pages_of_an_lms_is_refused(
    office: FlaskClient, session: Session, field: str, value: str, told: str
) -> None:
    factories.enter(office, session, made.administrator(session))
    said = {"name": "庁内LMS", "frame_origins": LMS, field: value}
    answer = office.post("/portals/packages/new", data=said)
    assert answer.status_code == 422
    page = html.document_fromstring(answer.text)
    (error,) = page.xpath("//p[@class='form-control-label__error']")
    assert told in error.text_content()
    assert session.scalar(sa.select(sa.func.count(Portal.id))) == 0


def test_a_package_is_downloaded_and_our_own_importer_finds_no_fault(
    office: FlaskClient,
    session: Session,
    settings: Settings,
    portal: Portal,
    material: Material,
    tmp_path: Path,
) -> None:
    factories.enter(office, session, made.administrator(session))
    path = f"/portals/packages/{portal.id}/{material.id}.zip"
    answer = office.get(path)
    assert answer.status_code == 200
    assert answer.mimetype == "application/zip"
    wanted = quote(text.file_name(material.title), safe="&")
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert f"UTF-8''{wanted}" in answer.headers["Content-Disposition"]
    assert office.get(path).data == answer.data

    file = tmp_path / "package.zip"
    file.write_bytes(answer.data)
    report = package_check.check(file, settings)
    assert report.is_sound
    assert report.examined is not None
    assert report.examined.findings == []
    assert (report.examined.edition, report.examined.scos) == ("1.2", 1)
    assert report.examined.title == material.title

    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        page = html.document_fromstring(archive.read("index.html"))
    (title,) = page.xpath("//title")
    assert title.text_content() == material.title
    (config,) = page.xpath("//script[@id='config']")
    address = flask.json.loads(config.text_content())["address"]
    key = access.key_of(portal, material.id)
    assert address == f"{settings.office_origin}/lti/packages/{key}"


def test_there_is_no_package_of_what_may_not_be_opened_or_of_a_platform_with_lti(
    office: FlaskClient,
    session: Session,
    settings: Settings,
    portal: Portal,
    material: Material,
) -> None:
    factories.enter(office, session, made.administrator(session))
    other = learning.version(session, learning.sco("B")).material_id
    platform = made.portal(session, settings, has_all=True)
    assert office.get(f"/portals/packages/{portal.id}/{other}.zip").status_code == 404
    assert office.get(f"/portals/packages/{platform.id}/{material.id}.zip").status_code == 404
    assert office.get(f"/portals/packages/{portal.id}/{material.id}.zip").status_code == 200


def test_titles_that_no_system_takes_as_a_file_are_told_otherwise() -> None:
    assert text.file_name("研修") == "研修.zip"
    assert text.file_name('a/b\\c:"d"\n') == "a b c d.zip"
    assert text.file_name("...") == "package.zip"
    assert text.file_name("あ" * 200) == "あ" * 80 + ".zip"


def test_a_package_opens_its_course_for_whom_the_lms_names_and_goes_on_there(
    office_app: flask.Flask,
    session: Session,
    settings: Settings,
    portal: Portal,
    material: Material,
) -> None:
    key = access.key_of(portal, material.id)
    first = opened(office_app, key)
    assert first.status_code == 200, first.text
    assert first.headers["Access-Control-Allow-Origin"] == LMS
    assert "Origin" in first.vary
    assert "Set-Cookie" not in first.headers
    assert urlsplit(first.json["address"]).netloc.startswith("a-")
    assert first.json["progress"].startswith(f"{settings.office_origin}/lti/packages/progress/")
    attempt = session.scalars(sa.select(Attempt)).one()
    learner = session.scalars(sa.select(PortalLearner)).one()
    assert attempt.guest_id == learner.id
    link = session.scalars(sa.select(PortalLink)).one()
    assert (link.deployment_id, link.resource_link_id) == ("package", str(material.id))
    assert session.scalars(sa.select(PortalAssignment)).one().is_scored is False
    row = noted(session)
    assert (row.code, row.portal_id, row.material_id) == ("accepted", portal.id, material.id)
    assert row.subject_hash

    # The same learner goes on, from another page of the LMS; another one begins.
    assert opened(office_app, key, origin=FRAMES).status_code == 200
    counted = sa.select(sa.func.count(Attempt.id))
    assert session.scalar(counted) == 1
    assert opened(office_app, key, "somebody else").status_code == 200
    assert session.scalar(counted) == 2


def test_no_table_holds_what_the_lms_knows_a_learner_by(
    office_app: flask.Flask, session: Session, portal: Portal, material: Material
) -> None:
    opened(office_app, access.key_of(portal, material.id))
    opened(office_app, access.key_of(portal, material.id), origin="https://evil.example")
    for table in Base.metadata.sorted_tables:
        rows = session.execute(sa.select(table)).all()
        assert not any(LEARNER in str(row) for row in rows), table.name


def test_the_offices_table_links_a_learner_by_the_number_of_the_lms(
    office_app: flask.Flask, session: Session, portal: Portal, material: Material
) -> None:
    who, by = factories.person(session, "職員 花子"), made.acting(made.administrator(session))
    learners.link_table(session, portal, {LEARNER: who.id}, by=by, now=clock.now())
    assert opened(office_app, access.key_of(portal, material.id)).status_code == 200
    assert session.scalars(sa.select(Attempt)).one().person_id == who.id


@pytest.mark.parametrize("part", [0, 2])
def test_a_key_that_was_changed_opens_nothing(
    office_app: flask.Flask, session: Session, portal: Portal, material: Material, part: int
) -> None:
    parts = access.key_of(portal, material.id).split(".")
    parts[part] = parts[part][:-1] + ("0" if parts[part][-1] != "0" else "1")
    answer = opened(office_app, ".".join(parts))
    refused(session, answer, "package_unknown")
    known = None if part == 0 else LMS
    assert answer.headers.get("Access-Control-Allow-Origin") == known


def test_a_key_opens_nothing_but_what_its_portal_may_open(
    office_app: flask.Flask, session: Session, portal: Portal
) -> None:
    other = learning.version(session, learning.sco("B")).material_id
    refused(session, opened(office_app, access.key_of(portal, other)), "material_not_offered")


@pytest.mark.parametrize("key", ["x", "..", "ä.ö.ü", "0" * 32])
def test_what_is_no_key_opens_nothing(
    office_app: flask.Flask, session: Session, portal: Portal, key: str
) -> None:
    refused(session, opened(office_app, quote(key)), "package_unknown")
    refused(session, opened(office_app, f"{portal.id.hex}.{quote(key)}"), "package_unknown")


def test_a_platform_with_lti_has_no_key_that_opens_anything(
    office_app: flask.Flask, session: Session, settings: Settings, material: Material
) -> None:
    platform = made.portal(session, settings, has_all=True, frame_origins=LMS)
    key = f"{platform.id.hex}.{material.id.hex}."
    refused(session, opened(office_app, key), "package_unknown")


@pytest.mark.parametrize(
    "origin", ["", "null", "https://evil.example", f"{LMS}.evil.example", f"{LMS}:8443", f"{LMS}/"]
)
def test_other_pages_open_nothing_and_read_no_answer(
    office_app: flask.Flask, session: Session, portal: Portal, material: Material, origin: str
) -> None:
    answer = opened(office_app, access.key_of(portal, material.id), origin=origin)
    refused(session, answer, "package_origin")
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert "Origin" in answer.vary


@pytest.mark.parametrize("learner", ["", " ", None, 7, "x" * 256])
def test_whoever_is_not_named_is_let_in_only_where_that_is_agreed(
    office_app: flask.Flask, session: Session, portal: Portal, material: Material, learner: object
) -> None:
    key = access.key_of(portal, material.id)
    refused(session, opened(office_app, key, learner), "learner_unnamed")
    by = made.acting(made.administrator(session))
    said = Limits(allows_anonymous=True)
    registrations.limit(session, portal, said, by=by, now=clock.now())
    if learner == "x" * 256:
        refused(session, opened(office_app, key, learner), "learner_unnamed")
    else:
        assert opened(office_app, key, learner).status_code == 200
        assert session.scalars(sa.select(PortalLearner)).one().subject is None


def test_a_body_that_is_none_names_nobody(
    office_app: flask.Flask, session: Session, portal: Portal, material: Material
) -> None:
    path = f"/lti/packages/{access.key_of(portal, material.id)}"
    for body in (b"", b"[]", b"\xff", b'"x"', b'{"learner": "1"' + b" " * 9000 + b"}"):
        answer = office_app.test_client().post(path, data=body, headers={"Origin": LMS})
        refused(session, answer, "learner_unnamed")


def test_a_portal_that_is_stopped_or_over_opens_nothing_and_says_so(
    office_app: flask.Flask, session: Session, portal: Portal, material: Material
) -> None:
    key, by = access.key_of(portal, material.id), made.acting(made.administrator(session))
    over = Limits(valid_to=clock.today(clock.now()) - timedelta(days=1))
    registrations.limit(session, portal, over, by=by, now=clock.now())
    refused(session, opened(office_app, key), "platform_unknown")
    registrations.limit(session, portal, Limits(), by=by, now=clock.now())
    registrations.stop(session, portal, by=by, now=clock.now())
    answer = opened(office_app, key)
    refused(session, answer, "platform_unknown")
    assert answer.headers["Access-Control-Allow-Origin"] == LMS


def test_a_material_that_is_not_offered_any_more_does_not_open(
    office_app: flask.Flask, session: Session, portal: Portal, material: Material
) -> None:
    by = made.acting(made.administrator(session))
    registrations.offer(session, portal, (), has_all=False, by=by, now=clock.now())
    session.flush()
    refused(session, opened(office_app, access.key_of(portal, material.id)), "material_not_offered")


def test_no_more_learners_come_in_than_agreed(
    office_app: flask.Flask, session: Session, portal: Portal, material: Material
) -> None:
    key, by = access.key_of(portal, material.id), made.acting(made.administrator(session))
    registrations.limit(session, portal, Limits(most_learners=1), by=by, now=clock.now())
    assert opened(office_app, key, "first").status_code == 200
    answer = opened(office_app, key, "second")
    assert (answer.status_code, answer.json["error"]) == (403, "too_many_learners")
    assert "人数" in answer.json["message"]
    assert opened(office_app, key, "first").status_code == 200


def told(office_app: flask.Flask, address: str, origin: str = LMS) -> TestResponse:
    path = urlsplit(address).path
    return office_app.test_client().get(path, headers={"Origin": origin})


@pytest.mark.parametrize(
    ("limits", "record", "wanted"),
    [
        ({}, {"status": "in_progress", "seconds": 5.0}, ("in_progress", None)),
        ({}, {"status": "passed", "score": 87.5}, ("passed", 87.5)),
        ({}, {"status": "completed"}, ("completed", 100.0)),
        ({}, {"status": "failed", "score": 20.0}, ("failed", 20.0)),
        ({"sends_failure": False}, {"status": "failed", "score": 20.0}, ("in_progress", None)),
        ({"score_rule": "completion"}, {"status": "passed", "score": 87.5}, ("passed", 100.0)),
        ({"score_rule": "nothing"}, {"status": "passed", "score": 87.5}, ("not_started", None)),
    ],
)
def test_progress_follows_the_record_by_what_is_agreed(
    office_app: flask.Flask,
    session: Session,
    portal: Portal,
    material: Material,
    limits: dict[str, Any],
    record: dict[str, Any],
    wanted: tuple[str, float | None],
) -> None:
    by = made.acting(made.administrator(session))
    registrations.limit(session, portal, Limits(**limits), by=by, now=clock.now())
    address = opened(office_app, access.key_of(portal, material.id)).json["progress"]
    row = session.scalars(sa.select(LearnerRecord)).one()
    for name, value in record.items():
        setattr(row, name, value)
    session.flush()
    answer = told(office_app, address)
    assert (answer.json["status"], answer.json["score"]) == wanted
    assert isinstance(answer.json["seconds"], float)
    assert answer.headers["Access-Control-Allow-Origin"] == LMS
    assert "Origin" in answer.vary
    assert answer.headers["Cache-Control"] == "no-store"
    assert session.scalar(sa.select(sa.func.count()).select_from(PortalScore)) == 0


def test_progress_is_read_by_the_lmss_pages_alone_and_while_the_portal_is_open(
    office_app: flask.Flask, session: Session, portal: Portal, material: Material
) -> None:
    address = opened(office_app, access.key_of(portal, material.id)).json["progress"]
    assert "Access-Control-Allow-Origin" not in told(office_app, address, "https://evil.ex").headers
    assert told(office_app, address + "x").status_code == 404
    by = made.acting(made.administrator(session))
    registrations.stop(session, portal, by=by, now=clock.now())
    assert told(office_app, address).status_code == 410
