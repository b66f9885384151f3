"""Captions, chapters and the transcript of a video: taken in, put right as a text, taken out."""

from __future__ import annotations

import io

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.content.captions import queries, service
from app.content.captions.text import LANGUAGES, MOST_LISTED
from app.content.materials.models import Material, Version
from app.content.materials.states import VersionState
from app.content.videos import service as videos
from app.content.videos.models import Video
from app.content.videos.queries import beside
from app.kernel import clock
from app.kernel.errors import Conflict, NotFound, Refused
from app.learning.watching import text as watching
from app.people.permission.models import Role
from app.people.register.models import Person
from tests import factories
from tests.content import made

CAPTIONS = """WEBVTT

00:00:01.000 --> 00:00:04.000
非常ベルが鳴ります。

00:00:05.000 --> 00:00:08.000
落ち着いて、出口へ向かいます。
"""
SUBRIP = """1
00:00:01,000 --> 00:00:04,000
The alarm rings.

2
00:00:05,000 --> 00:00:08,000
Walk to the exit.
"""
#: The second comes before the first has gone.
OVERLAPPING = CAPTIONS.replace("00:00:05.000", "00:00:03.000")


@pytest.fixture
def author(office: FlaskClient, session: Session) -> Person:
    who = factories.person(session, "作成 者子", roles=(Role.AUTHOR,))
    factories.enter(office, session, who)
    return who


@pytest.fixture
def video(session: Session, author: Person) -> Material:
    return made.video(session, author)


def newest(session: Session, row: Material) -> Version:
    session.expire_all()
    query = sa.select(Version).where(Version.material_id == row.id)
    return session.scalars(query.order_by(Version.number.desc()).limit(1)).one()


def send(
    office: FlaskClient, row: Material, body: str | bytes, language: str = "ja"
) -> TestResponse:
    data = body.encode() if isinstance(body, str) else body
    return office.post(
        f"/videos/{row.id}/captions",
        data={"language": language, "file": (io.BytesIO(data), "字幕.vtt")},
    )


def put(office: FlaskClient, row: Material, text: str, language: str = "ja") -> TestResponse:
    return office.post(f"/videos/{row.id}/captions/{language}", data={"text": text})


def text_of(session: Session, row: Material, language: str = "ja") -> str:
    return queries.track(newest(session, row), language).text


@pytest.mark.requirement("VID-02")
def test_a_file_of_captions_is_taken_in_and_listed(
    office: FlaskClient, session: Session, video: Material
) -> None:
    place = f"/videos/{video.id}/captions"
    assert "まだ字幕がありません" in office.get(place).text
    answer = send(office, video, CAPTIONS)
    assert (answer.status_code, answer.location) == (303, place)
    send(office, video, SUBRIP, "en")
    tracks = queries.tracks(newest(session, video))
    assert [(each.language, each.cues) for each in tracks] == [("ja", 2), ("en", 2)]
    assert all(each.changed_at for each in tracks)
    listed = office.get(place).text
    assert "まだ字幕がありません" not in listed
    assert "日本語" in listed
    assert f"{place}/en/file" in listed


def test_captions_are_kept_as_webvtt_whatever_they_came_as(
    office: FlaskClient, session: Session, video: Material
) -> None:
    send(office, video, CAPTIONS.replace("\n", "\r\n"))
    assert text_of(session, video) == CAPTIONS
    send(office, video, SUBRIP)
    kept = text_of(session, video)
    assert kept.startswith("WEBVTT\n")
    assert "00:00:01.000 --> 00:00:04.000\nThe alarm rings.\n" in kept
    assert len(queries.tracks(newest(session, video))) == 1


def test_a_file_with_errors_is_refused_with_their_lines(
    office: FlaskClient, session: Session, video: Material
) -> None:
    backwards = CAPTIONS.replace("00:00:08.000", "00:00:02.000")
    answer = send(office, video, backwards.replace("00:00:04.000", "しばらく"))
    assert answer.status_code == 422
    assert "3行目：" in answer.text
    assert "6行目：" in answer.text
    assert beside(newest(session, video)).captions == ()


def test_of_many_errors_the_first_are_listed_and_the_rest_is_counted(
    office: FlaskClient, session: Session, video: Material
) -> None:
    cues = "".join(
        f"\n00:{number:02}:05.000 --> 00:{number:02}:04.000\n字幕\n" for number in range(60)
    )
    answer = send(office, video, f"WEBVTT\n{cues}")
    assert answer.status_code == 422
    assert answer.text.count("行目：") == MOST_LISTED + 1  # the first stands in the summary, too
    assert "ほかに" in answer.text


@pytest.mark.parametrize("body", [b"", b"\x00\xff\xfe", b"PK\x03\x04", "こんにちは".encode()])
def test_what_is_no_file_of_captions_is_refused(
    office: FlaskClient, session: Session, video: Material, body: bytes
) -> None:
    answer = send(office, video, body)
    assert answer.status_code == 422
    assert beside(newest(session, video)).captions == ()


def test_a_file_and_a_known_language_are_asked_for(office: FlaskClient, video: Material) -> None:
    assert "一覧から選び直して" in send(office, video, CAPTIONS, "xx").text
    answer = office.post(f"/videos/{video.id}/captions", data={"language": "ja"})
    assert answer.status_code == 422
    assert answer.text.count("字幕のファイルを選んでください。") == 2


def test_what_is_odd_is_told_and_taken_along(
    office: FlaskClient, session: Session, video: Material
) -> None:
    answer = send(office, video, OVERLAPPING)
    assert answer.location == f"/videos/{video.id}/captions/ja"
    page = office.get(answer.location).text
    assert "日本語の字幕を保存しました" in page
    assert "確かめてほしいところがあります" in page
    assert "行目「" in page
    assert queries.tracks(newest(session, video))[0].cues == 2
    put(office, video, CAPTIONS)
    assert "確かめてほしいところがあります" not in office.get(answer.location).text


def test_captions_are_put_right_as_a_text(
    office: FlaskClient, session: Session, video: Material
) -> None:
    send(office, video, CAPTIONS)
    page = office.get(f"/videos/{video.id}/captions/ja").text
    assert "00:00:01.000 --&gt; 00:00:04.000\n非常ベルが鳴ります。" in page
    answer = put(office, video, CAPTIONS.replace("鳴ります", "鳴りました"))
    assert answer.location == f"/videos/{video.id}/captions"
    assert "鳴りました" in text_of(session, video)


def test_a_text_with_errors_stays_on_screen_as_it_was_typed(
    office: FlaskClient, session: Session, video: Material
) -> None:
    send(office, video, CAPTIONS)
    answer = put(office, video, CAPTIONS.replace("00:00:04.000", "４秒まで"))
    assert answer.status_code == 422
    assert "3行目「00:00:01.000 --&gt; ４秒まで」：" in answer.text
    assert "--&gt; ４秒まで\n非常ベルが鳴ります。" in answer.text
    assert text_of(session, video) == CAPTIONS
    assert put(office, video, "").status_code == 422


def test_the_text_of_a_cue_cannot_become_a_part_of_the_page(
    office: FlaskClient, session: Session, video: Material
) -> None:
    send(office, video, CAPTIONS.replace("非常ベル", "</textarea><script>alert(1)</script>"))
    assert "<script>alert(1)" not in office.get(f"/videos/{video.id}/captions/ja").text
    assert "<script>" not in text_of(session, video)


def test_captions_are_taken_away_as_a_file(office: FlaskClient, video: Material) -> None:
    send(office, video, CAPTIONS)
    answer = office.get(f"/videos/{video.id}/captions/ja/file")
    assert answer.data.decode() == CAPTIONS
    assert answer.content_type == "text/vtt; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert ".ja.vtt" in answer.headers["Content-Disposition"]


def test_the_captions_of_a_language_are_taken_out(
    office: FlaskClient, session: Session, video: Material
) -> None:
    for language in ("ja", "en"):
        send(office, video, CAPTIONS, language)
    assert office.post(f"/videos/{video.id}/captions/ja/delete").status_code == 303
    assert [each.language for each in queries.tracks(newest(session, video))] == ["en"]
    assert office.post(f"/videos/{video.id}/captions/ja/delete").status_code == 404


def test_captions_are_written_on_screen_where_there_is_no_file(
    office: FlaskClient, session: Session, video: Material
) -> None:
    place = f"/videos/{video.id}/captions"
    assert f'href="{place}/ko"' in office.get(place).text
    page = office.get(f"{place}/ko").text
    assert "韓国語の字幕" in page
    assert "WEBVTT\n\n</textarea>" in page
    assert put(office, video, CAPTIONS, "ko").location == place
    assert text_of(session, video, "ko") == CAPTIONS
    assert f'href="{place}/ko/file"' in office.get(place).text


def test_what_is_not_there_cannot_be_taken_away_or_out(
    office: FlaskClient, video: Material
) -> None:
    send(office, video, CAPTIONS)
    for language in ("en", "xx"):
        place = f"/videos/{video.id}/captions/{language}"
        assert office.get(f"{place}/file").status_code == 404
        assert office.post(f"{place}/delete").status_code == 404
    assert office.get(f"/videos/{video.id}/captions/xx").status_code == 404
    assert put(office, video, CAPTIONS, "xx").status_code == 404


@pytest.mark.requirement("VID-02")
def test_a_video_without_captions_or_a_transcript_is_warned_of(
    office: FlaskClient, session: Session, video: Material
) -> None:
    assert [each["code"] for each in newest(session, video).findings] == ["no_captions"]
    send(office, video, CAPTIONS)
    assert newest(session, video).findings == []
    office.post(f"/videos/{video.id}/captions/ja/delete")
    assert [each["code"] for each in newest(session, video).findings] == ["no_captions"]
    office.post(f"/videos/{video.id}/chapters", data={"transcript": "内容です。"})
    assert newest(session, video).findings == []


@pytest.mark.requirement("VID-02")
def test_chapters_and_a_transcript_are_written_and_shown_again(
    office: FlaskClient, session: Session, video: Material
) -> None:
    place = f"/videos/{video.id}/chapters"
    assert "字幕を加えると" in office.get(place).text
    data = {"chapters": "0:00 はじめに\r\n1:05 避難の順路", "transcript": "非常ベルが鳴ります。"}
    answer = office.post(place, data=data)
    assert (answer.status_code, answer.location) == (303, place)
    version = newest(session, video)
    assert queries.chapters(version) == ((0.0, "はじめに"), (65.0, "避難の順路"))
    assert beside(version).transcript == "非常ベルが鳴ります。"
    page = office.get(place).text
    assert "0:00 はじめに\n1:05 避難の順路" in page
    assert "非常ベルが鳴ります。" in page
    send(office, video, CAPTIONS)
    assert "空のときは、字幕から作ったものを出します。" in office.get(place).text
    office.post(place, data={"chapters": "", "transcript": ""})
    assert queries.chapters(newest(session, video)) == ()


@pytest.mark.parametrize(
    ("chapters", "line"),
    [
        ("0:00 はじめに\nまとめ", 2),
        ("0:00 はじめに\n0:00 まとめ", 2),
        ("0:00 はじめに\n2:06 終わった後", 2),
        ("0:00", 1),
    ],
)
def test_chapters_with_errors_stay_on_screen_with_their_lines(
    office: FlaskClient, session: Session, video: Material, chapters: str, line: int
) -> None:
    data = {"chapters": chapters, "transcript": "内容です。"}
    answer = office.post(f"/videos/{video.id}/chapters", data=data)
    assert answer.status_code == 422
    assert f"{line}行目「{chapters.splitlines()[line - 1]}」：" in answer.text
    assert "内容です。" in answer.text
    assert beside(newest(session, video)).chapters == ()


def test_chapters_that_begin_late_are_kept_and_told(
    office: FlaskClient, session: Session, video: Material
) -> None:
    answer = office.post(f"/videos/{video.id}/chapters", data={"chapters": "0:30 順路"})
    assert answer.status_code == 303
    assert queries.chapters(newest(session, video)) == ((30.0, "順路"),)
    assert "確かめてほしいところがあります" in office.get(answer.location).text


def test_a_transcript_is_as_long_as_anybody_reads(office: FlaskClient, video: Material) -> None:
    answer = office.post(f"/videos/{video.id}/chapters", data={"transcript": "あ" * 200_001})
    assert answer.status_code == 422
    assert "200,000文字以内で" in answer.text


def test_all_that_stands_beside_a_film_has_a_limit(
    office: FlaskClient, session: Session, video: Material, author: Person
) -> None:
    by, now = made.author_of(author), clock.now()
    send(office, video, CAPTIONS)
    with pytest.raises(Refused, match="video_words_too_many"):
        service.keep(session, video.id, "en", "x" * videos.MOST_OCTETS, by=by, now=now)
    nearly = "x" * (videos.MOST_OCTETS - 50_000)
    service.keep(session, video.id, "en", nearly, by=by, now=now)
    told = "合わせて4 MBまで"
    answer = office.post(f"/videos/{video.id}/chapters", data={"transcript": "あ" * 50_000})
    assert answer.status_code == 422
    assert told in answer.text
    many = "".join(
        f"\n00:{at // 60:02}:{at % 60:02}.000 --> 00:{at // 60:02}:{at % 60:02}.900\n{'字' * 200}\n"
        for at in range(120)
    )
    assert told in send(office, video, f"WEBVTT\n{many}").text
    assert told in put(office, video, f"WEBVTT\n{many}").text
    assert text_of(session, video) == CAPTIONS


def test_what_is_written_after_a_publication_is_a_new_draft(
    office: FlaskClient, session: Session, video: Material, author: Person
) -> None:
    send(office, video, CAPTIONS)
    by, now = made.author_of(author), clock.now()
    version = newest(session, video)
    videos.publish(session, version, starts_anew=False, by_another=False, by=by, now=now)
    for page in ("captions", "captions/ja", "chapters"):
        assert "公開した版は変わりません" in office.get(f"/videos/{video.id}/{page}").text
    put(office, video, CAPTIONS.replace("鳴ります", "鳴りました"))
    draft = newest(session, video)
    assert (draft.number, draft.state) == (2, VersionState.DRAFT)
    session.refresh(version)
    assert "鳴ります" in queries.track(version, "ja").text
    with pytest.raises(Conflict, match="version_not_draft"):
        videos.write(session, version, {}, by=by, now=now)


def test_captions_of_a_film_whose_length_nobody_knows_are_taken(
    office: FlaskClient, session: Session, video: Material
) -> None:
    film = session.scalars(sa.select(Video)).one()
    film.edition, film.source = {}, {**film.source, "duration": 0.0}
    session.flush()
    assert send(office, video, CAPTIONS).status_code == 303


def test_what_is_no_video_has_no_captions(
    office: FlaskClient, session: Session, author: Person
) -> None:
    package = factories.material(session, author)
    for page in ("captions", "captions/ja", "captions/ja/file", "chapters"):
        assert office.get(f"/videos/{package.id}/{page}").status_code == 404
    assert send(office, package, CAPTIONS).status_code == 404
    with pytest.raises(NotFound):
        service.keep(
            session, package.id, "ja", CAPTIONS, by=made.author_of(author), now=clock.now()
        )


def test_languages_are_listed_in_one_order(
    office: FlaskClient, session: Session, video: Material
) -> None:
    for language in reversed(LANGUAGES):
        send(office, video, CAPTIONS, language)
    assert [each.language for each in queries.tracks(newest(session, video))] == list(LANGUAGES)


def test_every_language_is_told_in_its_own_words_to_those_who_watch() -> None:
    assert set(LANGUAGES) == set(watching.LANGUAGES)
