"""Surveys are written question by question, published with the common ones, and begun anew."""

from __future__ import annotations

import re
import uuid

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.content.materials.models import Material, Version
from app.content.sheets import queries, text
from app.content.sheets.queries import COMMON_SET
from app.kernel.db import new_id
from app.people.permission.models import Role
from app.people.register.models import Person
from content_packages.questions.sheet import Sheet
from tests import factories
from tests.learning.surveying import QUESTIONS, survey


@pytest.fixture
def author(office: FlaskClient, session: Session) -> Person:
    who = factories.person(session, "作成 者子", roles=(Role.AUTHOR,))
    factories.enter(office, session, who)
    return who


@pytest.fixture
def clerk(office: FlaskClient, session: Session) -> Person:
    who = factories.person(session, "研修 担当", roles=(Role.OFFICE,))
    factories.enter(office, session, who)
    return who


def new(office: FlaskClient, title: str = "受講後アンケート", source: str = "") -> uuid.UUID:
    """Make a survey over its page; return its key."""
    data = {"key": str(new_id()), "title": title, "source": source}
    answers = [office.post("/sheets/new", data=data) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    return uuid.UUID(answers[0].location.rpartition("/")[2])


def sheet_of(session: Session, key: uuid.UUID) -> Sheet:
    session.expire_all()
    return queries.shown(session, key).sheet


def put(office: FlaskClient, key: uuid.UUID, kind: str, words: str, **more: str) -> None:
    """Add a question as the page of its kind asks for it."""
    page = office.get(f"/sheets/{key}/question?kind={kind}").text
    found = re.search(r'name="question"[^>]* value="([^"]+)"', page)
    assert found
    data = {"question": found[1], "kind": kind, "text": words, **more}
    for _ in range(2):  # sent twice, it is one question
        assert office.post(f"/sheets/{key}/question", data=data).status_code == 303


@pytest.mark.requirement("QST-02")
def test_a_survey_is_written_from_nothing_and_published(
    office: FlaskClient, session: Session, author: Person
) -> None:
    key = new(office)
    page = office.get(f"/sheets/{key}").text
    assert "質問がありません" in page
    assert office.post(f"/sheets/{key}/publish").status_code == 422
    put(
        office,
        key,
        "scale",
        "役に立ちましたか",
        size="５",
        low="いいえ",
        high="はい",
        is_required="y",
    )
    put(office, key, "single", "長さは", options="短い\n\n長い")
    put(office, key, "multiple", "どれですか", options="青\n赤")
    put(office, key, "text", "ご意見", most="200")
    sheet = sheet_of(session, key)
    assert [each.kind for each in sheet.questions] == ["scale", "single", "multiple", "text"]
    assert [each.is_required for each in sheet.questions] == [True, False, False, False]
    assert sheet.questions[0].size == 5
    manner = {"naming": "named", "is_shown_to_heads": "y", "text": "お願いします"}
    assert office.post(f"/sheets/{key}/manner", data=manner).status_code == 303
    preview = office.get(f"/sheets/{key}/preview").text
    assert "お願いします" in preview
    assert "1（いいえ）" in preview
    assert office.post(f"/sheets/{key}/publish").status_code == 303
    assert "第1版を公開しました" in office.get(f"/sheets/{key}").text
    assert not sheet_of(session, key).is_anonymous


def test_questions_are_arranged_changed_and_taken_out(
    office: FlaskClient, session: Session, author: Person
) -> None:
    key = survey(session).id
    page = office.get(f"/sheets/{key}/question?question=scale").text
    assert "役に立ちましたか" in page
    for name, to in (("words", "up"), ("words", "up"), ("words", "up"), ("choice", "out")):
        data = {"question": name, "to": to}
        assert office.post(f"/sheets/{key}/arrange", data=data).status_code == 303
    office.post(f"/sheets/{key}/arrange", data={"question": "words", "to": "down"})
    assert [each.id for each in sheet_of(session, key).questions] == ["scale", "words"]
    numbers = session.scalars(sa.select(Version.number).where(Version.material_id == key)).all()
    assert sorted(numbers) == [1, 2]  # the published version stays as it is
    assert len(queries.shown(session, key, 1).sheet.questions) == 3
    changed = {"question": "scale", "kind": "scale", "text": "ためになったか", "size": "5"}
    office.post(f"/sheets/{key}/question", data=changed)
    assert sheet_of(session, key).questions[0].id == "scale"
    for _ in range(2):
        office.post(f"/sheets/{key}/question", data={**changed, "size": "4"})
    ids = [each.id for each in sheet_of(session, key).questions]
    assert len(ids) == 2
    assert ids[0] != "scale"  # its answers can be compared no more
    for data in ({"question": "gone", "to": "up"}, {"question": "words", "to": "away"}):
        assert office.post(f"/sheets/{key}/arrange", data=data).status_code == 404


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"kind": "single", "text": "長さは", "options": "短い"}, "選択肢を2つ以上"),
        ({"kind": "single", "text": "長さは", "options": "短い\n短い"}, "「短い」が2つあります"),
        ({"kind": "scale", "text": "", "size": "5"}, "質問の文を入力してください"),
        ({"kind": "scale", "text": "どう", "size": "99"}, "3から10まで"),
        ({"kind": "text", "text": "どう", "most": "x"}, "文字数の上限"),
    ],
)
def test_what_cannot_be_asked_is_said_at_its_field(
    office: FlaskClient, session: Session, author: Person, data: dict[str, str], said: str
) -> None:
    key = survey(session).id
    page = office.post(f"/sheets/{key}/question", data={"question": "q", **data})
    assert page.status_code == 422
    assert said in page.text


@pytest.mark.requirement("QST-02")
def test_a_survey_begins_with_the_built_in_sheet_or_a_copy_of_another(
    office: FlaskClient, session: Session, author: Person
) -> None:
    key = new(office, source="template")
    built_in = sheet_of(session, key)
    assert len(built_in.questions) == len(text.after_training().questions)
    copy = sheet_of(session, new(office, "写し", str(key)))
    assert [each.text for each in copy.questions] == [each.text for each in built_in.questions]
    assert not {each.id for each in copy.questions} & {each.id for each in built_in.questions}
    for data in ({"title": "", "source": ""}, {"title": "x" * 201}, {"title": "x", "source": "?"}):
        assert office.post("/sheets/new", data=data).status_code == 422
    odd = office.post(f"/sheets/{key}/manner", data={"naming": "?", "text": "あ" * 2001})
    assert odd.status_code == 422


@pytest.mark.requirement("QST-02")
def test_common_questions_are_added_at_publication_and_their_change_is_told(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    office.post("/sheets/common")
    assert office.post("/sheets/common").status_code == 303
    put(office, COMMON_SET, "scale", "全体の満足度", size="5")
    office.post(f"/sheets/{COMMON_SET}/publish")
    key = new(office, source="template")
    assert "全体の満足度" in office.get(f"/sheets/{key}").text
    office.post(f"/sheets/{key}/publish")
    [common] = sheet_of(session, key).common
    assert common.id == sheet_of(session, COMMON_SET).questions[0].id
    assert "公開した後に変わっています" not in office.get(f"/sheets/{key}").text
    assert office.post(
        f"/sheets/{key}/question",
        data={"question": common.id, "kind": "scale", "text": "変えたい", "size": "5"},
    ).status_code == 404  # fmt: skip
    put(office, COMMON_SET, "text", "全研修への意見", most="500")
    office.post(f"/sheets/{COMMON_SET}/publish")
    assert "公開した後に変わっています" in office.get(f"/sheets/{key}").text
    office.post(f"/sheets/{key}/take-common")
    office.post(f"/sheets/{key}/publish")
    assert [each.text for each in sheet_of(session, key).common] == [
        "全体の満足度",
        "全研修への意見",
    ]


def test_the_common_questions_are_the_offices(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    office.post("/sheets/common")
    who = factories.person(session, "作成 者子", roles=(Role.AUTHOR,))
    factories.enter(office, session, who)
    assert office.post("/sheets/common").status_code == 403
    assert office.get(f"/sheets/{COMMON_SET}").status_code == 200
    refused = office.post(f"/sheets/{COMMON_SET}/manner", data={"naming": "named"})
    assert refused.status_code == 403
    assert "研修管理者だけが変えられます" in refused.text
    for act in ("archive", "restore", "title"):
        answer = office.post(f"/materials/{COMMON_SET}/{act}", data={"title": "別の名前"})
        assert answer.status_code == 403, act


def test_what_is_no_survey_is_told_so(
    office: FlaskClient, session: Session, author: Person
) -> None:
    package = factories.material(session, author)
    assert office.get(f"/sheets/{package.id}").status_code == 409


def test_the_list_leads_to_the_sheet_and_the_name_is_changed_there(
    office: FlaskClient, session: Session, author: Person
) -> None:
    row = survey(session)
    listed = office.get("/materials?kind=survey").text
    assert f"/sheets/{row.id}" in listed
    assert office.get(f"/materials/{row.id}").location == f"/sheets/{row.id}"
    assert office.post(f"/materials/{row.id}/title", data={"title": "x" * 201}).status_code == 303
    assert "200文字以内" in office.get(f"/sheets/{row.id}").text
    office.post(f"/materials/{row.id}/title", data={"title": "別の名前"})
    assert "別の名前" in office.get(f"/sheets/{row.id}").text
    office.post(f"/materials/{row.id}/archive")
    assert "使用を終えています" in office.get(f"/sheets/{row.id}").text
    assert session.get_one(Material, row.id, populate_existing=True).archived_at
    assert QUESTIONS[0].text in office.get(f"/sheets/{row.id}/preview?version=9").text
