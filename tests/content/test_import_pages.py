"""The pages of an upload: the form, the way of an import, its end."""

import io
import uuid

import pytest
import sqlalchemy as sa

from app.kernel import jobs
from app.kernel.jobs import Job, State
from app.people.permission.models import Role
from tests import factories
from tests.content.made import package


@pytest.fixture
def author(office, session):
    who = factories.person(session, roles=(Role.AUTHOR,))
    factories.enter(office, session, who)
    return who


@pytest.fixture
def file(tmp_path):
    return package(tmp_path / "p.zip").read_bytes()


def send(office, content, name="教材.zip", to="/materials/upload"):
    return office.post(to, data={"package": (io.BytesIO(content), name)})


def begun(session, office, file):
    send(office, file)
    return session.scalars(sa.select(Job)).one()


def test_an_upload_becomes_a_file_a_job_and_a_nudge(
    office, author, session, settings, nudges, file
):
    answer = send(office, file)
    job = session.scalars(sa.select(Job)).one()
    assert (answer.status_code, answer.location) == (303, f"/materials/imports/{job.id}")
    assert (settings.uploads / job.arguments["upload"]).read_bytes() == file
    assert (job.arguments["file_name"], job.arguments["material_id"]) == ("教材.zip", None)
    assert (job.created_by, job.status) == (author.id, "queued")
    assert ("perform", str(job.id)) in nudges


def test_the_name_of_an_upload_names_no_folder(office, author, session, file):
    send(office, file, name="教材/../x.zip")
    job = session.scalars(sa.select(Job)).one()
    assert job.arguments["file_name"] == "x.zip"
    assert uuid.UUID(job.arguments["upload"].removesuffix(".zip"))


def test_without_a_file_the_form_comes_back_and_nothing_is_kept(office, author, session, settings):
    answer = office.post("/materials/upload", data={})
    assert answer.status_code == 422
    assert "教材のファイルを選んでください。" in answer.text
    assert session.scalars(sa.select(Job)).all() == []
    assert not list(settings.uploads.glob("*"))


def test_a_learner_may_not_upload(office, session, settings, file):
    factories.enter(office, session, factories.person(session))
    assert send(office, file).status_code == 403
    assert office.get("/materials/upload").status_code == 403
    assert not list(settings.uploads.glob("*"))


def test_a_new_version_is_for_a_material_that_is_there(office, author, session, file):
    material = factories.material(session, author)
    send(office, file, to=f"/materials/{material.id}/versions")
    job = session.scalars(sa.select(Job)).one()
    assert job.arguments["material_id"] == str(material.id)
    assert send(office, file, to=f"/materials/{uuid.uuid4()}/versions").status_code == 404


def test_an_upload_for_a_material_that_is_not_there_leaves_no_file(office, author, settings, file):
    send(office, file, to=f"/materials/{uuid.uuid4()}/versions")
    assert not list(settings.uploads.glob("*"))


def test_the_page_shows_how_far_an_import_is_and_goes_on_without_scripts(
    office, author, session, file
):
    job = begun(session, office, file)
    page = office.get(f"/materials/imports/{job.id}", headers={"Accept-Language": "ja"}).text
    assert "順番を待っています" in page
    assert '<noscript><meta http-equiv="refresh"' in page
    jobs.claim(session, job.id, job.created_at)
    jobs.report(session, job.id, 1_000_000, 4_000_000, job.created_at)
    session.commit()
    part = office.get(f"/materials/imports/{job.id}/progress").text
    assert 'value="1000000" max="4000000"' in part
    assert 'hx-trigger="every 1s"' in part
    assert "<html" not in part


def test_an_import_under_way_is_found_again_in_the_list(office, author, session, file):
    job = begun(session, office, file)
    assert f"/materials/imports/{job.id}" in office.get("/materials").text


def test_a_done_import_leads_to_its_version(office, author, session, file, now):
    job = begun(session, office, file)
    material = factories.material(session, author)
    version = session.scalars(sa.text("SELECT id FROM material_version")).one()
    result = {"version_id": str(uuid.UUID(str(version))), "material_id": str(material.id)}
    jobs.end(session, job.id, State.DONE, result, now)
    session.commit()
    place = f"/materials/{material.id}?version=1"
    answer = office.get(f"/materials/imports/{job.id}")
    assert (answer.status_code, answer.location) == (303, place)
    assert office.get(f"/materials/imports/{job.id}/progress").headers["HX-Redirect"] == place


def test_a_refused_import_says_what_is_wrong_how_to_mend_it_and_that_nothing_was_kept(
    office, author, session, file, now
):
    job = begun(session, office, file)
    result = {"code": "encrypted", "data": {"name": "a.html"}}
    jobs.end(session, job.id, State.REFUSED, result, now)
    session.commit()
    page = office.get(f"/materials/imports/{job.id}", headers={"Accept-Language": "ja"}).text
    assert "パスワード付きのZIPファイルは登録できません（a.html）" in page
    assert "パスワードを付けずにZIPを作り直して" in page
    assert "教材は登録されていません。送ったファイルも残っていません。" in page
    assert "http-equiv" not in page


@pytest.mark.parametrize("code", ["fault", "worker_lost"])
def test_a_failed_import_gives_a_reference(code, office, author, session, file, now):
    job = begun(session, office, file)
    jobs.end(session, job.id, State.FAILED, {"code": code}, now)
    session.commit()
    page = office.get(f"/materials/imports/{job.id}", headers={"Accept-Language": "ja"}).text
    assert f"受付番号：{job.id}" in page


def test_an_import_that_is_not_there_is_not_found(office, author):
    assert office.get(f"/materials/imports/{uuid.uuid4()}").status_code == 404
