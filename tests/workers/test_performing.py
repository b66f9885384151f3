"""A job from its row to its end."""

import uuid

import pytest
import sqlalchemy as sa

from app.content.materials.models import Material
from app.kernel import clock, jobs
from app.kernel.jobs import Job, State
from tests.content.made import package
from tests.launcher.processes import within
from tests.workers import made
from workers import performing


def run_out(shop, job_id):
    """Let the lease of a job run out."""
    with shop.database.unit_of_work() as session:
        job = session.get_one(Job, job_id)
        job.lease_until = job.created_at - jobs.LEASE


def nothing_is_kept(shop):
    with shop.database.reading() as session:
        rows = session.scalar(sa.select(sa.func.count()).select_from(Material))
    return (
        rows == 0
        and made.versions(shop) == []
        and not list(shop.settings.uploads.iterdir())
        and not list(shop.settings.packages.rglob("*.zip"))
    )


@pytest.mark.requirement("CON-01")
@pytest.mark.parametrize(
    ("name", "edition"),
    [
        ("scorm12/RuntimeBasicCalls_SCORM12", "1.2"),
        ("scorm2004/RuntimeBasicCalls_SCORM20043rdEdition", "2004-3"),
    ],
)
def test_an_import_makes_a_draft_version_and_keeps_its_package(name, edition, shop, shared):
    path = shared / f"packages/golf/{name}.zip"
    job_id = made.import_job(shop, path)
    performing.perform(shop, job_id)
    (version,) = made.versions(shop)
    job = made.job(shop, job_id)
    assert (job.status, job.attempts) == (State.DONE, 1)
    assert job.result == {"version_id": str(version.id), "material_id": str(version.material_id)}
    assert (version.edition, version.state, version.number) == (edition, "draft", 1)
    assert (version.file_name, version.size) == (path.name, path.stat().st_size)
    assert not list(shop.settings.uploads.iterdir())


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("broken/scorm12/MalformedXml_SCORM12.zip", "xml_malformed"),
        ("hostile-zips/zip-slip.zip", "unsafe_name"),
        ("README.md", "not_a_zip"),
    ],
)
@pytest.mark.requirement("CON-02")
def test_a_refused_package_leaves_no_file_and_no_row(path, code, shop, shared):
    job_id = made.import_job(shop, shared / "packages" / path)
    performing.perform(shop, job_id)
    job = made.job(shop, job_id)
    assert (job.status, job.result["code"]) == (State.REFUSED, code)
    assert nothing_is_kept(shop)


def test_an_import_into_a_material_that_is_gone_leaves_no_row(shop, tmp_path):
    job_id = made.import_job(shop, package(tmp_path / "p.zip"))
    with shop.database.unit_of_work() as session:
        job = session.get_one(Job, job_id)
        job.arguments = {**job.arguments, "material_id": str(uuid.uuid4())}
    performing.perform(shop, job_id)
    assert made.job(shop, job_id).result["code"] == "not_found"
    assert made.versions(shop) == []


def test_a_job_that_is_done_is_not_done_again(shop, tmp_path):
    job_id = made.import_job(shop, package(tmp_path / "p.zip"))
    performing.perform(shop, job_id)
    performing.perform(shop, job_id)
    assert len(made.versions(shop)) == 1
    assert made.job(shop, job_id).attempts == 1


def test_a_job_somebody_else_is_at_is_left_alone(shop, tmp_path):
    job_id = made.import_job(shop, package(tmp_path / "p.zip"))
    with shop.database.unit_of_work() as session:
        jobs.claim(session, job_id, clock.now())
    performing.perform(shop, job_id)
    job = made.job(shop, job_id)
    assert (job.status, job.attempts) == (State.RUNNING, 1)


def test_two_runs_of_one_job_make_one_version(shop, tmp_path):
    job_id = made.import_job(shop, package(tmp_path / "p.zip"))
    with shop.database.unit_of_work() as session:
        first = jobs.claim(session, job_id, clock.now())
    record = performing.HANDLERS[first.name].do(shop, first, lambda *_: None)
    run_out(shop, job_id)
    performing.perform(shop, job_id)
    with pytest.raises(performing.LostError):
        performing._end(shop, first, State.DONE, record)
    assert len(made.versions(shop)) == 1
    job = made.job(shop, job_id)
    assert (job.status, job.attempts) == (State.DONE, 2)


def test_a_run_that_has_lost_its_job_leaves_the_upload_to_the_other(shop, tmp_path):
    job_id = made.import_job(shop, package(tmp_path / "p.zip"))
    with shop.database.unit_of_work() as session:
        jobs.claim(session, job_id, clock.now())
    run_out(shop, job_id)
    handler = performing.HANDLERS["import_package"]

    def overtaken(shop, job, progress):
        record = handler.do(shop, job, progress)
        run_out(shop, job_id)
        with shop.database.unit_of_work() as session:
            jobs.claim(session, job_id, clock.now())
        return record

    overtaking = {"import_package": performing.Handler(overtaken, handler.clean)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(performing, "HANDLERS", overtaking)
        performing.perform(shop, job_id)
    assert made.job(shop, job_id).status == State.RUNNING
    assert len(list(shop.settings.uploads.iterdir())) == 1
    assert made.versions(shop) == []


def test_a_fault_of_ours_is_logged_with_its_trace_and_told_as_such(shop, tmp_path, caplog):
    job_id = made.import_job(shop, package(tmp_path / "p.zip"))
    (upload,) = shop.settings.uploads.iterdir()
    upload.unlink()
    performing.perform(shop, job_id)
    job = made.job(shop, job_id)
    assert (job.status, job.result) == (State.FAILED, {"code": "fault"})
    (line,) = [line for line in caplog.records if line.message == "job.failed"]
    assert line.exc_info[0] is FileNotFoundError


def test_the_progress_reaches_the_row_while_the_job_runs(shop, tmp_path):
    job_id = made.import_job(shop, package(tmp_path / "p.zip"))
    with shop.database.unit_of_work() as session:
        jobs.claim(session, job_id, clock.now())
    before = made.job(shop, job_id).lease_until
    with performing.Lease(shop.database, job_id) as lease:
        lease.progress(30, 100)
        assert within(5, lambda: made.job(shop, job_id).done == 30)
    job = made.job(shop, job_id)
    assert (job.done, job.total) == (30, 100)
    assert job.lease_until > before
