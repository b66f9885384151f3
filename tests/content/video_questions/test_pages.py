"""What a video asks: questions by their time and a code, into a draft, and kept from nonsense."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.content.materials.models import Material, Version
from app.content.materials.states import VersionState
from app.content.video_questions import queries, service
from app.content.video_questions.forms import MOST_CHOICES, moment_of, moment_text
from app.content.video_questions.queries import VideoQuestion
from app.content.videos import service as videos
from app.content.videos.models import Completion, Video, WatchingRule
from app.content.videos.queries import beside
from app.kernel import clock
from app.kernel.errors import NotFound, Refused
from app.people.permission.models import Role
from app.people.register.models import Person
from tests import factories
from tests.content import made

ASKED = {
    "at": "０：３５",
    "text": "煙の中では、どう進みますか。",
    "choice_1": "低い姿勢で進む",
    "choice_2": "走る",
    "right_1": "y",
}


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
    return session.scalars(
        sa.select(Version).where(Version.material_id == row.id).order_by(Version.number.desc())
    ).first() or pytest.fail("no version")


def publish(session: Session, row: Material, who: Person) -> Version:
    return videos.publish(
        session, newest(session, row), starts_anew=False, by_another=False, by=made.author_of(who),
        now=clock.now(),
    )  # fmt: skip


def code_of(version: Version) -> str:
    return beside(version).code


def codes(version: Version) -> set[tuple[str, str]]:
    return {(found["severity"], found["code"]) for found in version.findings}


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [
        ("1:23", 83),
        ("０１：２３", 83),
        (" 1：02：03 ", 3723),
        ("0:12.5", 12.5),
        ("75:00", 4500),
        ("1:60", None),
        ("35", None),
        ("1:2:3", None),
        ("はじめ", None),
        ("", None),
        ("-1:00", None),
    ],
)
def test_a_moment_is_read_in_digits_of_either_width(typed: str, seconds: float | None) -> None:
    assert moment_of(typed) == seconds


@pytest.mark.parametrize(
    "told", ["0:00", "0:59", "1:00", "59:59", "1:00:00", "2:03:04.25", "0:00.5"]
)
def test_a_moment_is_written_as_it_is_read(told: str) -> None:
    seconds = moment_of(told)
    assert seconds is not None
    assert moment_text(seconds) == told


def test_a_question_is_added_changed_and_taken_out(
    office: FlaskClient, session: Session, video: Material
) -> None:
    place = f"/videos/{video.id}/questions"
    assert "まだ確認問題がありません" in office.get(place).text
    page = office.get(f"{place}/question").text
    key = re.search(r'name="question"[^>]* value="([^"]+)"', page)
    assert key
    for _ in range(2):  # sent twice, it is one question
        answer = office.post(f"{place}/question", data={**ASKED, "question": key[1]})
        assert (answer.status_code, answer.location) == (303, place)
    [question] = queries.questions(newest(session, video))
    assert question.at == 35.0
    assert question.choices == ("低い姿勢で進む", "走る")
    assert question.right == (0,)
    listed = office.get(place).text
    assert "0:35　煙の中では" in listed
    assert "正解：低い姿勢で進む" in listed
    filled = office.get(f"{place}/question?question={question.id}").text
    assert 'value="0:35"' in filled
    changed = {**ASKED, "at": "1:00", "choice_4": "床をはう", "right_4": "y"}
    office.post(f"{place}/question?question={question.id}", data=changed)
    [question] = queries.questions(newest(session, video))
    assert question.id == key[1]
    assert question.at == 60.0
    assert question.right == (0, 2)  # an empty row between is none
    assert office.post(f"{place}/delete", data={"question": key[1]}).status_code == 303
    assert queries.questions(newest(session, video)) == []
    assert office.post(f"{place}/delete", data={"question": key[1]}).status_code == 409
    assert office.get(f"{place}/question?question={key[1]}").status_code == 404


def test_questions_are_listed_by_their_time(
    office: FlaskClient, session: Session, video: Material
) -> None:
    for at in ("1:30", "0:10", "1:00"):
        office.post(f"/videos/{video.id}/questions/question", data={**ASKED, "at": at})
    assert [each.at for each in queries.questions(newest(session, video))] == [10, 60, 90]
    listed = office.get(f"/videos/{video.id}/questions").text
    assert listed.index("0:10") < listed.index("1:00") < listed.index("1:30")


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"at": "2:06"}, "動画の長さ（2:05）より前の時刻を"),
        ({"at": "三十五秒"}, "1:23（1分23秒）のように"),
        ({"at": ""}, "1:23（1分23秒）のように"),
        ({"text": " "}, "問題文を入力してください"),
        ({"text": "あ" * 1001}, "1,000文字以内で"),
        ({"choice_2": ""}, "選択肢を2つ以上"),
        ({"choice_2": "低い姿勢で 進む", "choice_3": "低い姿勢で 進む"}, "同じ選択肢があります"),
        ({"choice_2": "あ" * 201}, "200文字以内で"),
        ({"right_1": ""}, "正解の選択肢に印を"),
        ({"right_3": "y"}, "正解にした選択肢を入力"),
    ],
)
def test_what_cannot_be_asked_is_said_at_its_field_and_kept_on_screen(
    office: FlaskClient, session: Session, video: Material, sent: dict[str, str], said: str
) -> None:
    data = {key: value for key, value in {**ASKED, **sent}.items() if value}
    answer = office.post(f"/videos/{video.id}/questions/question", data=data)
    assert answer.status_code == 422
    assert answer.text.count(said) == 2  # in the summary, and at the field
    assert data["choice_1"] in answer.text
    assert "questions" not in newest(session, video).document


def test_a_film_whose_length_nobody_knows_takes_any_moment(
    office: FlaskClient, session: Session, video: Material
) -> None:
    film = session.scalars(sa.select(Video)).one()
    film.edition, film.source = {}, {**film.source, "duration": 0.0}
    session.flush()
    answer = office.post(f"/videos/{video.id}/questions/question", data={**ASKED, "at": "59:00"})
    assert answer.status_code == 303


def test_more_rows_can_be_asked_for_up_to_a_limit(
    office: FlaskClient, session: Session, video: Material
) -> None:
    place, data = f"/videos/{video.id}/questions/question", {**ASKED, "do": "more_choice"}
    for rows in (6, 8):
        page = office.post(place, data=data)
        assert page.status_code == 200
        assert f'name="choice_{rows}"' in page.text
        assert f'name="choice_{rows + 1}"' not in page.text
        assert "低い姿勢で進む" in page.text
        data[f"choice_{rows}"] = ""
    assert "選択肢をもう2行" not in page.text
    assert "questions" not in newest(session, video).document
    many = {f"choice_{number}": f"選択肢{number}" for number in range(1, MOST_CHOICES + 5)}
    office.post(place, data={**ASKED, **many})
    [question] = queries.questions(newest(session, video))
    assert len(question.choices) == MOST_CHOICES


@pytest.mark.parametrize("code", ["防災", "ﾎﾞｳｻｲ ２０２６", "x" * 20])
def test_a_code_is_kept_as_it_is_shown(
    office: FlaskClient, session: Session, video: Material, code: str
) -> None:
    answer = office.post(f"/videos/{video.id}/code", data={"code": f" {code} "})
    assert answer.status_code == 303
    assert code_of(newest(session, video)) == code
    assert f'value="{code}"' in office.get(answer.location).text
    office.post(f"/videos/{video.id}/code", data={"code": ""})
    assert code_of(newest(session, video)) == ""


@pytest.mark.parametrize("code", ["x", "x ", "x" * 21])
def test_a_code_of_too_few_or_too_many_characters_is_refused(
    office: FlaskClient, session: Session, video: Material, code: str
) -> None:
    answer = office.post(f"/videos/{video.id}/code", data={"code": code})
    assert answer.status_code == 422
    assert answer.text.count("2文字以上、20文字以内で") == 2
    assert "code" not in newest(session, video).document


def test_what_is_written_after_a_publication_is_a_new_draft(
    office: FlaskClient, session: Session, video: Material, author: Person
) -> None:
    office.post(f"/videos/{video.id}/questions/question", data=ASKED)
    publish(session, video, author)
    assert "公開した版は変わりません" in office.get(f"/videos/{video.id}/questions").text
    office.post(f"/videos/{video.id}/questions/question", data={**ASKED, "at": "1:00"})
    draft = newest(session, video)
    assert (draft.number, draft.state) == (2, VersionState.DRAFT)
    assert len(queries.questions(draft)) == 2
    published = session.scalars(sa.select(Version).where(Version.number == 1)).one()
    assert len(queries.questions(published)) == 1


@pytest.mark.parametrize(
    ("completion", "code", "told"),
    [
        (Completion.QUESTIONS, "questions_missing", "確認問題がありません"),
        (Completion.CODE, "code_missing", "確認コードがありません"),
    ],
)
def test_a_rule_that_nobody_could_keep_keeps_a_draft_from_being_published(
    office: FlaskClient,
    session: Session,
    author: Person,
    completion: Completion,
    code: str,
    told: str,
) -> None:
    row = made.video(session, author, rule=WatchingRule(completion))
    assert ("error", code) in codes(newest(session, row))
    page = office.get(f"/videos/{row.id}").text
    assert told in page
    assert "公開する" not in page
    assert told in office.get(f"/videos/{row.id}/questions").text
    with pytest.raises(Refused, match="version_has_errors"):
        publish(session, row, author)
    office.post(f"/videos/{row.id}/questions/question", data=ASKED)
    office.post(f"/videos/{row.id}/code", data={"code": "防災"})
    assert codes(newest(session, row)) == {("warning", "no_captions")}
    assert publish(session, row, author).state == VersionState.PUBLISHED


def test_another_rule_lets_a_draft_be_published(
    office: FlaskClient, session: Session, author: Person
) -> None:
    row = made.video(session, author, rule=WatchingRule(Completion.CODE))
    written = newest(session, row).created_at
    rule = {"completion": "whole", "hidden": "stop", "elsewhere": "stop"}
    assert office.post(f"/videos/{row.id}/rule", data=rule).status_code == 303
    version = newest(session, row)
    assert codes(version) == {("warning", "no_captions")}
    assert version.created_at == written  # nobody has written on it


def test_a_rule_is_refused_that_nobody_who_takes_the_published_version_could_keep(
    office: FlaskClient, session: Session, video: Material, author: Person
) -> None:
    publish(session, video, author)
    rule = {"completion": "questions", "hidden": "stop", "elsewhere": "stop"}
    answer = office.post(f"/videos/{video.id}/rule", data=rule)
    assert answer.status_code == 422
    assert "公開中の版に、確認問題がありません" in answer.text
    assert newest(session, video).findings == [
        {"severity": "warning", "code": "no_captions", "place": "", "data": {}}
    ]
    office.post(f"/videos/{video.id}/questions/question", data=ASKED)
    assert office.post(f"/videos/{video.id}/rule", data=rule).status_code == 422
    publish(session, video, author)
    assert office.post(f"/videos/{video.id}/rule", data=rule).status_code == 303


def test_another_film_takes_what_stands_beside_the_one_before_it(
    office: FlaskClient, session: Session, author: Person
) -> None:
    row = made.video(session, author, rule=WatchingRule(Completion.CODE))
    office.post(f"/videos/{row.id}/code", data={"code": "防災"})
    made.film(session, author, row.id)
    version = newest(session, row)
    assert code_of(version) == "防災"
    assert codes(version) == {("warning", "no_captions")}


def test_what_was_to_be_published_by_itself_stays_a_draft_with_an_error(
    session: Session, author: Person
) -> None:
    row = made.video(session, author, rule=WatchingRule(Completion.CODE))
    assert made.film(session, author, row.id, publishes=True).state == VersionState.DRAFT
    other = made.video(session, author)
    assert made.film(session, author, other.id, publishes=True).state == VersionState.PUBLISHED


def test_a_film_does_not_stop_without_end(
    session: Session, video: Material, author: Person
) -> None:
    facts: dict[str, Any] = {"by": made.author_of(author), "now": clock.now()}
    for number in range(service.MOST_QUESTIONS):
        question = VideoQuestion(f"q{number}", float(number), "問い", ("はい", "いいえ"), (0,))
        service.put(session, video.id, question, **facts)
    with pytest.raises(Refused, match="video_questions_too_many"):
        service.put(
            session, video.id, VideoQuestion("more", 1.0, "問い", ("は", "い"), (0,)), **facts
        )
    service.put(
        session, video.id, VideoQuestion("q0", 1.0, "別の問い", ("は", "い"), (0,)), **facts
    )


def test_what_is_no_video_has_no_questions(
    office: FlaskClient, session: Session, author: Person
) -> None:
    package = factories.material(session, author)
    for page in ("questions", "questions/question"):
        assert office.get(f"/videos/{package.id}/{page}").status_code == 404
    for page, data in (("questions/question", ASKED), ("code", {"code": "防災"})):
        assert office.post(f"/videos/{package.id}/{page}", data=data).status_code == 404
    with pytest.raises(NotFound):
        service.set_code(session, uuid.uuid4(), "防災", by=made.author_of(author), now=clock.now())
