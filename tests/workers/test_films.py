"""A film from its upload to what can be watched: by jobs that may be killed, refused, cancelled."""

from __future__ import annotations

import os
import shutil
import signal
import uuid
from dataclasses import replace

import pytest
import sqlalchemy as sa

from app.content.materials.models import Material, Version
from app.content.videos import queries, service
from app.content.videos.models import Video, VideoStatus
from app.kernel import clock, jobs
from app.kernel.actor import Actor, Grant
from app.kernel.jobs import MEDIA_QUEUE, Job, State
from app.kernel.objects import objects_of
from content_packages.video import fragments
from tests import factories
from tests.kernel.objects.conftest import KEY, SECRET, bucket, s3_server
from tests.launcher.processes import alive, descendants, within
from tests.workers import films
from tests.workers.conftest import opened
from tests.workers.test_processes import worker  # noqa: F401 - a fixture
from workers import film_making, performing, schedule, tidying
from workers.ffmpeg import ladder
from workers.lease import LostError
from workers.workshop import Workshop

assert bucket  # fixtures
assert s3_server


def sent(shop, path, *, title="", material_id=None, publishes=False):
    """Have a file looked at as an author has sent it; return the job."""
    shop.settings.uploads.mkdir(parents=True, exist_ok=True)
    name = f"{uuid.uuid4()}"
    shutil.copyfile(path, shop.settings.uploads / name)
    with shop.database.unit_of_work() as session:
        author = factories.person(session, "教材 みほん")
        job = service.ask(
            session, name, path.name, title, material_id,
            publishes=publishes, by=Actor(person_id=author.id), now=clock.now(),
        )  # fmt: skip
        job.role = "author"
        return job.id


def work(shop):
    """Do every job of films that waits, and what it asks for, to the end."""
    while True:
        with shop.database.reading() as session:
            waiting = jobs.waiting(session, clock.now(), MEDIA_QUEUE)
        if not waiting:
            return
        for job_id in waiting:
            performing.perform(shop, job_id)


def read(shop, model, *conditions):
    with shop.database.reading() as session:
        return session.scalars(sa.select(model).where(*conditions)).all()


def video(shop):
    [found] = read(shop, Video)
    return found


def job(shop, job_id):
    [found] = read(shop, Job, Job.id == job_id)
    return found


def files(shop, prefix):
    return [key.removeprefix(prefix) for key in objects_of(shop.settings).keys(prefix)]


#: What is worth the time of both databases.
ON_BOTH = pytest.mark.parametrize(
    "shop", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)


@pytest.fixture(params=["sqlite"])
def shop(request, settings):
    """An installation with a database of its own, whose Redis is not there."""
    yield from opened(request, settings)


@pytest.fixture
def in_stretches(monkeypatch):
    """Films that are divided from some seconds on."""
    plan = ladder.plan
    monkeypatch.setattr(ladder, "plan", lambda *given: plan(*given, stretch=2.5))


@ON_BOTH
@pytest.mark.requirement("VID-01")
def test_a_film_that_fits_can_be_watched_at_once_and_gets_smaller_sizes_afterwards(shop):
    job_id = sent(shop, films.film())
    performing.perform(shop, job_id)
    assert job(shop, job_id).status == State.DONE
    first = queries.film_of(video(shop).edition)
    assert [rung.label for rung in first.rungs] == ["360p"]
    assert (first.is_whole, first.sound.codecs, round(first.duration)) == (False, "mp4a.40.2", 8)
    work(shop)
    row = video(shop)
    whole = queries.film_of(row.edition)
    assert (row.status, row.failure, whole.is_whole) == (VideoStatus.READY, {}, True)
    assert [rung.label for rung in whole.rungs] == ["360p", "240p"]
    assert {f"{rung.name}.{end}" for rung in whole.rungs for end in ("mp4", "m3u8")} <= set(
        files(shop, whole.prefix)
    )
    assert whole.storyboard.sheets == ("board-1-1.jpg",)
    # Nothing is left of the way there.
    assert files(shop, "work/") == []
    assert list(shop.settings.uploads.iterdir()) == []
    assert list(shop.settings.work.iterdir()) == []


@pytest.mark.requirement("VID-01")
def test_a_film_that_does_not_fit_is_encoded_in_every_size_before_it_can_be_watched(shop):
    performing.perform(shop, sent(shop, films.film(4, is_busy=True)))
    assert video(shop).edition == {}
    work(shop)
    whole = queries.film_of(video(shop).edition)
    assert [rung.label for rung in whole.rungs] == ["360p", "240p"]
    assert all(rung.average < 1_000_000 for rung in whole.rungs)


@ON_BOTH
def test_a_film_lies_in_an_object_store_as_it_does_in_a_folder(
    shop,
    in_stretches,
    s3_server,
    bucket,
):
    """Every part is brought from the store to the worker, and what is made of it back."""
    place = {"object_store": f"s3://{bucket}", "object_store_endpoint": s3_server}
    keys = {"object_store_key": KEY, "object_store_secret": SECRET}
    stored = Workshop(replace(shop.settings, **place, **keys), shop.database)
    performing.perform(stored, sent(stored, films.film(12)))
    work(stored)
    row = video(stored)
    assert (row.status, row.failure) == (VideoStatus.READY, {})
    found = queries.film_of(row.edition)
    wanted = {f"{rung.name}.{end}" for rung in found.rungs for end in ("mp4", "m3u8")}
    assert wanted | {"source", *found.storyboard.sheets} <= set(files(stored, found.prefix))
    assert files(stored, "work/") == []
    assert not stored.settings.objects_folder.exists()
    assert list(stored.settings.work.iterdir()) == []


def test_a_film_in_stretches_has_every_frame(shop, in_stretches):
    performing.perform(shop, sent(shop, films.film(12, is_busy=True)))
    assert len(video(shop).plan["stretches"]) > 1
    work(shop)
    row = video(shop)
    assert (row.status, row.run) == (VideoStatus.READY, 1)
    for rung in row.edition["rungs"]:
        path = objects_of(shop.settings).local(f"{row.edition['prefix']}{rung['name']}.mp4")
        track = fragments.read(path)
        assert track.samples == 360
        times = [fragment.time for fragment in track.fragments]
        assert times == sorted(set(times))


def test_stretches_that_lack_frames_are_encoded_again_as_a_whole(shop, in_stretches, monkeypatch):
    performing.perform(shop, sent(shop, films.film(12, is_busy=True)))
    with shop.database.unit_of_work() as session:
        row = session.scalars(sa.select(Video)).one()
        row.plan = {**row.plan, "frames": row.plan["frames"] + 1}
    work(shop)
    row = video(shop)
    assert (row.status, row.run, len(row.plan["stretches"])) == (VideoStatus.READY, 2, 1)
    assert [rung["name"] for rung in row.edition["rungs"]] == ["360-2", "240-2"]


@pytest.mark.requirement("VID-01")
def test_a_file_that_is_no_film_is_refused_with_the_reason_and_leaves_nothing(shop, tmp_path):
    path = tmp_path / "film.mp4"
    path.write_text("これは動画ではありません。")
    job_id = sent(shop, path)
    work(shop)
    found = job(shop, job_id)
    assert (found.status, found.result["code"]) == (State.REFUSED, "not_a_video")
    assert read(shop, Video) == read(shop, Material) == []
    assert list(shop.settings.uploads.iterdir()) == []


def test_a_film_is_called_by_what_its_author_says_else_by_its_file(shop):
    for title, name in (("心肺蘇生", "心肺蘇生"), ("", "8-640x360-False")):
        performing.perform(shop, sent(shop, films.film(), title=title))
        assert name in [row.title for row in read(shop, Material)]


@pytest.mark.parametrize("is_busy", [False, True])
def test_a_film_is_published_as_soon_as_it_can_be_watched_where_its_author_wants_it(shop, is_busy):
    performing.perform(shop, sent(shop, films.film(4, is_busy=is_busy), publishes=True))
    [version] = read(shop, Version)
    assert version.state == ("draft" if is_busy else "published")
    work(shop)
    [version] = read(shop, Version)
    assert version.state == "published"


def test_another_film_is_a_draft_that_keeps_what_stands_beside(shop):
    performing.perform(shop, sent(shop, films.film()))
    [version] = read(shop, Version)
    with shop.database.unit_of_work() as session:
        row = session.get(Version, version.id)
        row.document = {**row.document, "chapters": [[0.0, "はじめに"]]}
        service.publish(
            session, row, starts_anew=False, by_another=False,
            by=Actor(person_id=row.created_by, grants=(Grant("author"),)),
            now=clock.now(),
        )  # fmt: skip
    performing.perform(shop, sent(shop, films.film(), material_id=version.material_id))
    first, second = sorted(read(shop, Version), key=lambda each: each.number)
    assert (first.state, second.state) == ("published", "draft")
    assert second.document["video"] != first.document["video"]
    assert second.document["chapters"] == [[0.0, "はじめに"]]


def test_a_part_that_cannot_be_made_ends_the_conversion_with_its_reason(shop, monkeypatch):
    performing.perform(shop, sent(shop, films.film(4, is_busy=True)))
    objects_of(shop.settings).put(
        f"videos/{video(shop).id}/source", films.film(4).with_suffix(".mp4"), "video/mp4"
    )
    monkeypatch.setattr(film_making, "limit", lambda _: 0.01)
    work(shop)
    row = video(shop)
    assert (row.status, row.failure["code"]) == (VideoStatus.FAILED, "video_took_too_long")
    assert not [each for each in read(shop, Job) if each.status in (State.QUEUED, State.RUNNING)]
    monkeypatch.undo()
    with shop.database.unit_of_work() as session:
        service.retry(session, row.id, by=Actor(person_id=uuid.uuid4()), now=clock.now())
    work(shop)
    assert (video(shop).status, video(shop).run) == (VideoStatus.READY, 2)


@ON_BOTH
def test_a_conversion_that_is_cancelled_stops_at_once_and_can_be_begun_again(shop, monkeypatch):
    performing.perform(shop, sent(shop, films.film(20, is_busy=True)))
    parts = [each.id for each in read(shop, Job) if each.arguments.get("number") == 1]

    def cancel_soon(command, *, limit, heard):
        with shop.database.unit_of_work() as session:
            by = Actor(person_id=uuid.uuid4())
            service.cancel(session, video(shop).id, by=by, now=clock.now())
        assert within(10, lambda: is_lost(heard))
        raise LostError

    def is_lost(heard):
        try:
            heard(os.times().elapsed % 10)
        except LostError:
            return True
        return False

    monkeypatch.setattr(film_making.running, "run", cancel_soon)
    performing.perform(shop, parts[0])
    monkeypatch.undo()
    assert video(shop).status == VideoStatus.CANCELLED
    assert job(shop, parts[0]).status == State.CANCELLED
    work(shop)
    assert video(shop).edition == {}
    assert files(shop, "work/") == []


def test_what_nobody_puts_together_any_more_is_deleted(shop, tmp_path):
    performing.perform(shop, sent(shop, films.film(4, is_busy=True)))
    first = video(shop)
    with shop.database.reading() as session:
        [sound, pictures] = jobs.waiting(session, clock.now(), MEDIA_QUEUE)
    performing.perform(shop, sound)
    (shop.settings.work / str(pictures)).mkdir(parents=True)
    (shop.settings.work / str(sound)).mkdir()
    assert tidying.delete_left_parts(shop, clock.now()) == 0
    assert tidying.delete_left_benches(shop, clock.now()) == 1
    with shop.database.unit_of_work() as session:
        service.cancel(session, first.id, by=Actor(person_id=uuid.uuid4()), now=clock.now())
    assert tidying.delete_left_parts(shop, clock.now()) == 1
    assert tidying.delete_left_benches(shop, clock.now()) == 1
    assert files(shop, "work/") == []
    assert files(shop, f"videos/{first.id}/") == ["poster-1.jpg", "source"]
    assert list(shop.settings.work.iterdir()) == []


def test_what_a_given_up_conversion_still_brings_changes_nothing(shop):
    performing.perform(shop, sent(shop, films.film(4, is_busy=True)))
    row = video(shop)
    with shop.database.unit_of_work() as session:
        by = Actor(person_id=uuid.uuid4())
        service.cancel(session, row.id, by=by, now=clock.now())
        service.retry(session, row.id, by=by, now=clock.now())
        service.note_part(session, row.id, 1, 1, {"prefix": "work/old/"}, clock.now())
        assert not service.finish(session, row.id, 1, {"prefix": "old"}, by=by, now=clock.now())
    work(shop)
    assert (video(shop).run, video(shop).status) == (2, VideoStatus.READY)


def horse_with_ffmpeg(pid):
    """Return the work-horse that has an ffmpeg below it."""
    for parent, line in descendants(pid).items():
        below = descendants(parent)
        if (
            "workers.listening" in line
            and len(below) >= 2
            and any("ffmpeg" in x for x in below.values())
        ):
            return min(below)
    return None


@pytest.mark.requirement("VID-01")
def test_a_film_whose_worker_is_killed_is_finished_by_another(worker, queued_shop):  # noqa: F811
    sent(queued_shop, films.film(60, is_busy=True))
    assert within(60, lambda: horse_with_ffmpeg(worker) and read(queued_shop, Video))
    horse = horse_with_ffmpeg(worker)
    family = {horse, *descendants(horse)}
    os.kill(horse, signal.SIGKILL)
    assert within(10, lambda: not alive(family))
    running = [each for each in read(queued_shop, Job) if each.status == State.RUNNING]
    with queued_shop.database.unit_of_work() as session:
        for each in running:
            session.get_one(Job, each.id).lease_until = clock.now()
    schedule.nudge_waiting(queued_shop, clock.now())
    assert within(120, lambda: [each.status for each in read(queued_shop, Video)] == ["ready"])
    assert max(each.attempts for each in read(queued_shop, Job)) == 2
    # Once that is written down, what the parts have left goes.
    assert within(10, lambda: files(queued_shop, "work/") == [])
