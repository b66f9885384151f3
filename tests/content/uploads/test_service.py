"""Uploads beside the web: who takes a whole one over, what expires, and what nobody waits for."""

from __future__ import annotations

import io
import os
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.content.uploads import service
from app.content.uploads.models import Upload
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import Database
from app.kernel.errors import Locked, NotFound, Refused
from app.kernel.outbox import Kind, put
from app.kernel.settings import Settings
from tests import factories
from tests.content.uploads.conftest import Sender, key

CONTENT = b"a film" * 1000


@pytest.fixture
def author(session: Session) -> Actor:
    return Actor(person_id=factories.person(session).id)


def begun(session: Session, settings: Settings, by: Actor, content: bytes = b"") -> uuid.UUID:
    """Begin an upload of CONTENT, and add what has come so far."""
    row = service.begin(session, "film.mp4", len(CONTENT), settings, by=by, now=clock.now())
    way = service.way(session, row.id, settings, by=by)
    service.append(way, service.Piece(io.BytesIO(content), 0))
    return row.id


def aged(settings: Settings, upload_id: uuid.UUID, age: timedelta) -> None:
    """Have the last byte of an upload come so long ago."""
    at = (clock.now() - age).timestamp()
    os.utime(settings.uploads / f"{upload_id}.part", (at, at))


def test_a_whole_upload_is_given_away_once(
    session: Session, settings: Settings, author: Actor
) -> None:
    upload_id = begun(session, settings, author, CONTENT)
    found = service.finished(session, upload_id, settings, by=author)
    assert found.path.read_bytes() == CONTENT
    name, file_name = service.take_over(session, upload_id, settings, by=author)
    assert (settings.uploads / name, file_name) == (found.path, "film.mp4")
    session.flush()
    assert found.path.read_bytes() == CONTENT
    with pytest.raises(NotFound):
        service.take_over(session, upload_id, settings, by=author)


def test_what_is_given_away_has_a_day_however_old_it_is(
    session: Session, settings: Settings, author: Actor
) -> None:
    upload_id = begun(session, settings, author, CONTENT)
    aged(settings, upload_id, timedelta(days=6))
    name, _ = service.take_over(session, upload_id, settings, by=author)
    touched = datetime.fromtimestamp((settings.uploads / name).stat().st_mtime, UTC)
    assert clock.now() - touched < timedelta(minutes=1)


def test_an_upload_that_is_not_whole_is_not_given_away(
    session: Session, settings: Settings, author: Actor
) -> None:
    upload_id = begun(session, settings, author, CONTENT[:-1])
    for verb in (service.finished, service.take_over):
        with pytest.raises(Refused, match="upload_not_finished"):
            verb(session, upload_id, settings, by=author)


def test_somebody_elses_upload_is_not_given_away(
    session: Session, settings: Settings, author: Actor
) -> None:
    upload_id = begun(session, settings, author, CONTENT)
    other = Actor(person_id=factories.person(session).id)
    for verb in (service.finished, service.take_over):
        with pytest.raises(NotFound):
            verb(session, upload_id, settings, by=other)


def test_a_week_after_its_last_piece_an_upload_goes_with_its_row(
    own: Database, settings: Settings
) -> None:
    with own.unit_of_work() as session:
        author = Actor(person_id=factories.person(session).id)
        fresh, old, lost = (begun(session, settings, author, b"ab") for _ in range(3))
    aged(settings, fresh, timedelta(days=6, hours=23))
    aged(settings, old, timedelta(days=7, minutes=1))
    (settings.uploads / f"{lost}.part").unlink()
    with own.unit_of_work() as session:
        assert service.expire(session, settings, clock.now()) == 2
        assert (settings.uploads / f"{old}.part").exists()  # until it is committed
    assert [path.name for path in settings.uploads.glob("*")] == [f"{fresh}.part"]
    with own.reading() as session:
        assert session.scalars(sa.select(Upload.id)).all() == [fresh]
        assert service.names(session) == {f"{fresh}.part"}


def test_while_a_piece_comes_nobody_waits_for_the_database(
    committing: Sender, own: Database
) -> None:
    path = committing.begun(len(CONTENT))
    written = []

    class Slow(io.BytesIO):
        """A line on which somebody else saves something between two blocks."""

        def readinto(self, block: Any) -> int:
            with own.unit_of_work() as session:
                put(session, Kind.MAIL, {}, clock.now())
            written.append(block)
            return super().readinto(block)

    headers = {"Content-Type": "application/offset+octet-stream", "Upload-Offset": "0"}
    answer = committing.ask("PATCH", path, headers, input_stream=Slow(CONTENT))
    assert answer.status_code == 204
    assert written
    with own.reading() as session:
        assert session.get_one(Upload, key(path)).finished_at is not None


def test_of_two_pieces_at_once_the_second_is_refused_at_once(committing: Sender) -> None:
    path = committing.begun(len(CONTENT))
    other = Sender(committing.client.application.test_client(), committing.who, committing.folder)
    cookie = committing.client.get_cookie("kenshu")
    assert cookie
    other.client.set_cookie("kenshu", cookie.value)
    statuses = []

    def try_all() -> list[int]:
        """Send the same piece, and ask for it in every other way."""
        answers = [other.ask(method, path, {}) for method in ("HEAD", "DELETE")]
        return [answer.status_code for answer in (other.send(path, CONTENT, 0), *answers)]

    class Meanwhile(io.BytesIO):
        """A line on which other requests for the same upload come in the middle of a piece."""

        def readinto(self, block: Any) -> int:
            with ThreadPoolExecutor() as pool:
                statuses.extend(pool.submit(try_all).result())
            return super().readinto(block)

    headers = {"Content-Type": "application/offset+octet-stream", "Upload-Offset": "0"}
    answer = committing.ask("PATCH", path, headers, input_stream=Meanwhile(CONTENT))
    assert answer.status_code == 204
    assert statuses
    assert set(statuses) == {423}
    assert committing.file(path).read_bytes() == CONTENT


def test_a_whole_upload_that_is_still_written_to_is_not_given_away(
    session: Session, settings: Settings, author: Actor
) -> None:
    upload_id = begun(session, settings, author, CONTENT)
    way = service.way(session, upload_id, settings, by=author)

    class Meanwhile(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            with pytest.raises(Locked):
                service.take_over(session, upload_id, settings, by=author)
            return b""

    assert service.append(way, service.Piece(Meanwhile(), len(CONTENT))).offset == len(CONTENT)
