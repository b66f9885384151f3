"""What tus 1.0.0 asks of a server, chapter by chapter."""

from __future__ import annotations

import base64
import hashlib
import uuid
from dataclasses import replace
from datetime import timedelta
from email.utils import parsedate_to_datetime

import flask
import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app import factory
from app.content.uploads import service
from app.content.uploads.models import Upload
from app.kernel import clock
from app.kernel.db import Database
from app.kernel.settings import Settings
from app.people.permission.models import Role
from tests import factories
from tests.content.uploads.conftest import Sender, key

CONTENT = bytes(range(256)) * 8


def code(answer: object) -> str:
    """Return the code of a problem, as problem+json says it."""
    assert answer.content_type == "application/problem+json"  # type: ignore[attr-defined]
    return str(answer.get_json()["type"]).removeprefix("urn:kenshu:")  # type: ignore[attr-defined]


def row(session: Session, path: str) -> Upload:
    session.expire_all()
    return session.get_one(Upload, key(path))


# ---- Core: HEAD ----


def test_an_upload_says_how_far_it_is_and_how_long_it_will_be(sender: Sender) -> None:
    path = sender.begun(2048)
    sender.send(path, CONTENT[:100], 0)
    for method, statuses in (("HEAD", {204}), ("GET", {204})):
        answer = sender.ask(method, path, {})
        assert answer.status_code in statuses
        told = [answer.headers[f"Upload-{name}"] for name in ("Offset", "Length")]
        assert told == ["100", "2048"]
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.data == b""


def test_of_an_upload_that_is_not_there_no_offset_is_told(sender: Sender) -> None:
    answer = sender.ask("HEAD", f"/uploads/{uuid.uuid4()}", {})
    assert answer.status_code == 404
    assert "Upload-Offset" not in answer.headers


# ---- Core: PATCH ----


def test_pieces_in_their_order_become_the_file(sender: Sender, session: Session) -> None:
    path = sender.begun(len(CONTENT))
    for start in range(0, len(CONTENT), 500):
        answer = sender.send(path, CONTENT[start : start + 500], start)
        assert answer.status_code == 204
        assert answer.headers["Upload-Offset"] == str(min(start + 500, len(CONTENT)))
    assert sender.file(path).read_bytes() == CONTENT
    assert row(session, path).finished_at is not None


def test_before_the_last_piece_an_upload_is_not_finished(sender: Sender, session: Session) -> None:
    path = sender.begun(len(CONTENT))
    sender.send(path, CONTENT[:-1], 0)
    assert row(session, path).finished_at is None


@pytest.mark.parametrize("offset", [0, 99, 101])
def test_a_piece_that_belongs_elsewhere_is_refused_and_changes_nothing(
    sender: Sender, offset: int
) -> None:
    path = sender.begun(len(CONTENT))
    sender.send(path, CONTENT[:100], 0)
    answer = sender.send(path, CONTENT[offset : offset + 10], offset)
    assert (answer.status_code, code(answer)) == (409, "upload_offset")
    assert sender.offset(path) == 100


@pytest.mark.parametrize("kind", ["application/octet-stream", "text/plain", ""])
def test_a_piece_of_another_type_is_refused(sender: Sender, kind: str) -> None:
    path = sender.begun(len(CONTENT))
    answer = sender.send(path, CONTENT, 0, **{"Content-Type": kind})
    assert (answer.status_code, code(answer)) == (415, "upload_type")
    assert sender.offset(path) == 0


@pytest.mark.parametrize("offset", ["", "-1", "+1", "1.0", "x", "²", "9" * 19])
def test_an_offset_is_a_whole_number(sender: Sender, offset: str) -> None:
    path = sender.begun(len(CONTENT))
    answer = sender.send(path, CONTENT, offset)
    assert (answer.status_code, code(answer)) == (400, "upload_header")
    assert "Upload-Offset" in answer.get_json()["title"]


def test_to_an_upload_that_is_not_there_no_piece_is_added(sender: Sender) -> None:
    assert sender.send(f"/uploads/{uuid.uuid4()}", CONTENT, 0).status_code == 404


def test_more_than_was_announced_is_refused_before_it_is_read(sender: Sender) -> None:
    path = sender.begun(100)
    answer = sender.send(path, CONTENT[:101], 0)
    assert (answer.status_code, code(answer)) == (413, "upload_too_long")
    assert sender.file(path).read_bytes() == b""
    assert sender.send(path, CONTENT[:100], 0).status_code == 204
    assert sender.send(path, b"x", 100).status_code == 413
    assert sender.file(path).read_bytes() == CONTENT[:100]


def test_more_than_was_announced_is_not_written_where_nobody_says_how_much_comes(
    sender: Sender,
) -> None:
    path = sender.begun(100)
    answer = sender.ask(
        "PATCH",
        path,
        {"Content-Type": "application/offset+octet-stream", "Upload-Offset": "0"},
        data=CONTENT,
        environ_overrides={"CONTENT_LENGTH": "", "wsgi.input_terminated": True},
    )
    assert (answer.status_code, code(answer)) == (413, "upload_too_long")
    assert sender.offset(path) == 0


def test_what_came_before_the_line_was_cut_is_kept_and_the_next_piece_goes_on(
    sender: Sender,
) -> None:
    path = sender.begun(len(CONTENT))
    headers = {"Content-Type": "application/offset+octet-stream", "Upload-Offset": "0"}
    cut = {"CONTENT_LENGTH": str(len(CONTENT))}
    sender.ask("PATCH", path, headers, data=CONTENT[:700], environ_overrides=cut)
    assert sender.offset(path) == 700
    assert sender.send(path, CONTENT[700:], 700).status_code == 204
    assert sender.file(path).read_bytes() == CONTENT


def test_a_piece_beyond_what_one_request_may_hold_is_refused(sender: Sender) -> None:
    path = sender.begun(32 * 1024**2)
    answer = sender.send(path, bytes(17 * 1024**2), 0)
    assert answer.status_code == 413
    assert sender.offset(path) == 0


def test_an_empty_piece_changes_nothing(sender: Sender) -> None:
    path = sender.begun(10)
    answer = sender.send(path, b"", 0)
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, "0")


# ---- Core: OPTIONS ----


def test_what_the_server_can_do_is_told_whatever_version_is_asked_in(sender: Sender) -> None:
    for version in ("", "1.0.0", "0.2.2"):
        answer = sender.ask("OPTIONS", "/uploads", {"Tus-Resumable": version})
        assert answer.status_code == 204
        assert answer.headers["Tus-Version"] == "1.0.0"
        assert answer.headers["Tus-Extension"] == "creation,termination,expiration,checksum"
        assert answer.headers["Tus-Max-Size"] == str(4 * 1024**3)
        assert answer.headers["Tus-Checksum-Algorithm"] == "sha1,sha256"


# ---- Core: Tus-Resumable, Tus-Version ----


@pytest.mark.parametrize("version", ["", "0.2.2", "1.0", "2.0.0"])
def test_another_version_is_refused_by_every_method_and_ours_is_told(
    sender: Sender, version: str
) -> None:
    path = sender.begun(len(CONTENT))
    said = {"Tus-Resumable": version}
    answers = [sender.ask(method, path, said) for method in ("HEAD", "GET", "DELETE")]
    answers += [sender.send(path, CONTENT, 0, **said), sender.begin(10, **said)]
    assert {answer.status_code for answer in answers} == {412}
    assert {answer.headers["Tus-Version"] for answer in answers} == {"1.0.0"}
    assert sender.offset(path) == 0


def test_every_answer_says_the_version_errors_too(sender: Sender) -> None:
    path = sender.begun(10)
    answers = [
        sender.begin(10),
        sender.begin("x"),
        sender.send(path, b"ab", 0),
        sender.send(path, b"ab", 5),
        sender.ask("HEAD", path, {}),
        sender.ask("HEAD", f"/uploads/{uuid.uuid4()}", {}),
        sender.ask("DELETE", path, {}),
    ]
    assert [answer.status_code for answer in answers] == [201, 400, 204, 409, 204, 404, 204]
    assert {answer.headers["Tus-Resumable"] for answer in answers} == {"1.0.0"}


# ---- Core: X-HTTP-Method-Override ----


def test_where_a_proxy_lets_no_other_method_through_a_post_says_what_it_is(sender: Sender) -> None:
    path = sender.begun(len(CONTENT))
    headers = {"Content-Type": "application/offset+octet-stream", "Upload-Offset": "0"}
    said = {"X-HTTP-Method-Override": "PATCH"}
    answer = sender.ask("POST", path, headers | said, data=CONTENT)
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, str(len(CONTENT)))
    head = sender.ask("POST", path, {"X-HTTP-Method-Override": "HEAD"})
    assert head.headers["Upload-Offset"] == str(len(CONTENT))
    assert sender.ask("POST", path, {"X-HTTP-Method-Override": "PUT"}).status_code == 405
    assert sender.ask("POST", path, {}).status_code == 405
    assert sender.ask("POST", path, {"X-HTTP-Method-Override": "DELETE"}).status_code == 204
    assert sender.ask("HEAD", path, {}).status_code == 404


# ---- Creation ----


def test_an_upload_is_begun_at_an_address_of_its_own(sender: Sender, session: Session) -> None:
    answer = sender.begin(2048, "研修.mp4")
    assert answer.status_code == 201
    assert answer.location.startswith("/uploads/")
    made = row(session, answer.location)
    assert (made.created_by, made.file_name, made.size) == (sender.who.id, "研修.mp4", 2048)
    assert sender.offset(answer.location) == 0
    assert sender.begin(2048).location != answer.location


def test_an_empty_file_is_whole_at_once(sender: Sender, session: Session) -> None:
    path = sender.begun(0)
    assert row(session, path).finished_at is not None
    assert sender.offset(path) == 0


@pytest.mark.parametrize("length", ["", "-1", "1e3", "x", "9" * 19])
def test_a_length_is_a_whole_number_and_has_to_be_told(sender: Sender, length: str) -> None:
    answer = sender.begin(length, **{"Upload-Defer-Length": "1"})
    assert (answer.status_code, code(answer)) == (400, "upload_header")
    assert not list(sender.folder.glob("*"))


def test_a_file_beyond_the_limit_is_refused(sender: Sender) -> None:
    assert sender.begin(4 * 1024**3 + 1).status_code == 413
    assert not list(sender.folder.glob("*"))


def test_the_limit_is_a_setting(
    settings: Settings, database: Database, session: Session, sender: Sender
) -> None:
    app = factory.create_app(replace(settings, video_limit=1000), database)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    sender.client = app.test_client()
    factories.enter(sender.client, session, sender.who)
    assert sender.begin(1000).status_code == 201
    answer = sender.begin(1001)
    assert (answer.status_code, code(answer)) == (413, "upload_too_large")


def test_a_file_for_which_the_disk_has_no_room_is_refused(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = service.shutil.disk_usage("/")._replace(free=service.SPARE + 99)
    monkeypatch.setattr(service.shutil, "disk_usage", lambda _: free)
    assert sender.begin(99).status_code == 201
    answer = sender.begin(100)
    assert (answer.status_code, code(answer)) == (507, "upload_no_room")


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\動画\\研修.mp4", "研修.mp4"),
        ("a\x00b\r\nc\u202ed.mp4", "abcd.mp4"),
        ("あ" * 300, "あ" * 255),
        ("folder/", "upload"),
        ("", "upload"),
    ],
)
def test_a_name_is_a_name_and_nothing_else(
    sender: Sender, session: Session, name: str, kept: str
) -> None:
    assert row(session, sender.begin(1, name).location).file_name == kept


@pytest.mark.parametrize(
    "told",
    [
        "filename ###",
        "filename YQ==,filename YQ==",
        "filename YQ==, ,b",
        "filename YQ=",
        "filename あ",
    ],
)
def test_metadata_that_cannot_be_read_is_refused(sender: Sender, told: str) -> None:
    raw = told.encode().decode("latin-1")
    answer = sender.begin(1, **{"Upload-Metadata": raw})
    assert (answer.status_code, code(answer)) == (400, "upload_header")


@pytest.mark.parametrize("told", ["", "is_confidential", "filetype dmlkZW8=, filename YQ=="])
def test_metadata_may_be_missing_and_a_key_may_have_no_value(sender: Sender, told: str) -> None:
    assert sender.begin(1, **{"Upload-Metadata": told}).status_code == 201


# ---- Termination ----


def test_an_upload_that_is_ended_is_gone_with_its_bytes(sender: Sender, session: Session) -> None:
    path = sender.begun(len(CONTENT))
    sender.send(path, CONTENT[:100], 0)
    answer = sender.ask("DELETE", path, {})
    assert (answer.status_code, answer.data) == (204, b"")
    assert not list(sender.folder.glob("*"))
    session.expire_all()
    assert session.get(Upload, key(path)) is None
    assert sender.send(path, CONTENT[100:], 100).status_code == 404


# ---- Expiration ----


def test_it_is_told_when_an_upload_expires_a_week_after_its_last_piece(sender: Sender) -> None:
    begun = sender.begin(len(CONTENT))
    told = [
        begun,
        sender.send(begun.location, CONTENT[:9], 0),
        sender.ask("HEAD", begun.location, {}),
    ]
    for answer in told:
        at = parsedate_to_datetime(answer.headers["Upload-Expires"])
        assert abs(at - clock.now() - timedelta(days=7)) < timedelta(minutes=1)


# ---- Checksum ----


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_piece_that_is_what_its_checksum_says_is_taken(sender: Sender, algorithm: str) -> None:
    path = sender.begun(len(CONTENT))
    digest = base64.b64encode(hashlib.new(algorithm, CONTENT).digest()).decode()
    said = {"Upload-Checksum": f"{algorithm} {digest}"}
    assert sender.send(path, CONTENT, 0, **said).status_code == 204
    assert sender.file(path).read_bytes() == CONTENT


def test_a_piece_that_changed_on_its_way_is_refused_and_nothing_of_it_is_kept(
    sender: Sender,
) -> None:
    path = sender.begun(len(CONTENT))
    digest = base64.b64encode(hashlib.sha1(CONTENT).digest()).decode()  # noqa: S324 - tus asks for it
    changed = b"x" + CONTENT[1:]
    answer = sender.send(path, changed, 0, **{"Upload-Checksum": f"sha1 {digest}"})
    assert (answer.status_code, code(answer)) == (460, "upload_checksum")
    assert sender.file(path).read_bytes() == b""


def test_of_a_piece_with_a_checksum_that_was_cut_nothing_is_kept(sender: Sender) -> None:
    path = sender.begun(len(CONTENT))
    digest = base64.b64encode(hashlib.sha256(CONTENT).digest()).decode()
    headers = {
        "Content-Type": "application/offset+octet-stream",
        "Upload-Offset": "0",
        "Upload-Checksum": f"sha256 {digest}",
    }
    cut = {"CONTENT_LENGTH": str(len(CONTENT))}
    sender.ask("PATCH", path, headers, data=CONTENT[:700], environ_overrides=cut)
    assert sender.offset(path) == 0
    assert [each.name for each in sender.folder.glob("*")] == [sender.file(path).name]


@pytest.mark.parametrize("said", ["md5 YQ==", "sha1", "sha1 ###", "crc32 AAAA"])
def test_a_checksum_that_nobody_knows_is_refused(sender: Sender, said: str) -> None:
    path = sender.begun(len(CONTENT))
    answer = sender.send(path, CONTENT, 0, **{"Upload-Checksum": said})
    assert (answer.status_code, code(answer)) == (400, "upload_header")
    assert sender.offset(path) == 0


# ---- Whose it is ----


def test_nobody_else_has_anything_of_an_upload(
    sender: Sender, office_app: flask.Flask, session: Session
) -> None:
    path = sender.begun(len(CONTENT))
    sender.send(path, CONTENT[:100], 0)
    other = Sender(
        office_app.test_client(), factories.person(session, roles=(Role.OFFICE,)), sender.folder
    )
    factories.enter(other.client, session, other.who)
    answers = [
        other.ask("HEAD", path, {}),
        other.ask("GET", path, {}),
        other.send(path, CONTENT[100:], 100),
        other.ask("DELETE", path, {}),
        other.ask("POST", path, {"X-HTTP-Method-Override": "DELETE"}),
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert sender.offset(path) == 100


def test_who_may_not_author_may_not_upload(
    office: FlaskClient, session: Session, settings: Settings
) -> None:
    learner = Sender(office, factories.person(session), settings.uploads)
    factories.enter(office, session, learner.who)
    assert learner.begin(10).status_code == 403
    assert learner.ask("OPTIONS", "/uploads", {}).status_code == 403
    assert not settings.uploads.exists()
