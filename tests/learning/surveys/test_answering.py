"""Answering a survey: with a name and without, in part, once, and in time."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.content.sheets import service as sheets
from app.kernel import clock
from app.kernel.outbox import Kind, Outgoing
from app.learning.surveys.models import AnonymousResponse, NamedResponse
from app.learning.surveys.service import HIDDEN_AMONG
from tests import factories
from tests.learning.surveying import LONG, SHORT, form, held, office_of


def count(session: Session, model: type[NamedResponse] | type[AnonymousResponse]) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


@pytest.mark.requirement("QST-03")
def test_a_nameless_survey_is_answered_once_and_leaves_the_day_alone(
    office: FlaskClient, session: Session
) -> None:
    place = held(session, office)
    who = place.people[0]
    path = place.launch(who)
    page = office.get(path).text
    assert "無記名のアンケートです" in page
    assert "途中まで保存する" not in page
    for _ in range(2):  # a double click, or two tabs
        assert office.post(path, data=form(scale="5", words="よかった")).status_code == 303
    assert count(session, NamedResponse) == 0
    [row] = session.scalars(sa.select(AnonymousResponse))
    assert (row.group_id, row.answers) == (
        place.item_id,
        {"scale": 5, "choice": LONG, "words": "よかった"},
    )
    assert row.id.version == 4
    record = place.record(who)
    day = clock.start_of(clock.today(clock.now()))
    assert record.status == "completed"
    assert {record.started_at, record.completed_at, record.last_at} == {day}
    told = session.scalars(sa.select(Outgoing).where(Outgoing.kind == Kind.PROGRESSED)).one()
    assert told.created_at == day
    done = office.get(path).text
    assert "回答済みです" in done
    assert "よかった" not in done


@pytest.mark.requirement("QST-05", "QST-03")
def test_a_named_survey_is_kept_in_part_and_handed_in_once(
    office: FlaskClient, session: Session
) -> None:
    place = held(session, office, is_anonymous=False)
    who = place.people[0]
    path = place.launch(who)
    part = {"answer-scale": "2", "answer-words": "途中です"}
    assert office.post(f"{path}/draft", data=part).status_code == 303
    assert "途中です" in office.get(path).text
    assert place.record(who).status == "in_progress"
    assert office.post(path, data=part).status_code == 422  # 長さは is required
    for words in ("できた", "もう一度"):
        assert office.post(path, data=form(scale="2", words=words)).status_code == 303
    [row] = session.scalars(sa.select(NamedResponse))
    assert row.answers == {"scale": 2, "choice": LONG, "words": "できた"}
    assert row.submitted_at is not None
    assert place.record(who).status == "completed"
    assert "できた" in office.get(path).text
    again = office.post(f"{path}/draft", data=part)
    assert again.status_code == 409
    assert "もう回答しています" in again.text


def test_what_is_wrong_is_said_at_its_question_and_what_was_written_stays(
    office: FlaskClient, session: Session
) -> None:
    place = held(session, office)
    path = place.launch(place.people[0])
    page = office.post(path, data=form(scale="", words="あ" * 1001))
    assert page.status_code == 422
    assert "役に立ちましたか：答えてください。" in page.text
    assert "1000文字以内で書いてください" in page.text
    assert "あ" * 1001 in page.text
    assert count(session, AnonymousResponse) == 0


@pytest.mark.requirement("QST-08")
def test_the_warning_stands_at_every_question_for_words(
    office: FlaskClient, session: Session
) -> None:
    place = held(session, office)
    page = office.get(place.launch(place.people[0])).text
    assert page.count("個人情報・病歴などは書かないでください") == 1


def test_a_nameless_survey_keeps_no_draft(office: FlaskClient, session: Session) -> None:
    place = held(session, office)
    path = place.launch(place.people[0])
    assert office.post(f"{path}/draft", data=form()).status_code == 409
    assert place.record(place.people[0]).status == "not_started"


@pytest.mark.requirement("QST-02")
def test_after_the_last_day_nothing_is_taken(office: FlaskClient, session: Session) -> None:
    place = held(session, office, is_anonymous=False)
    path = place.launch(place.people[0])
    office.post(f"{path}/draft", data=form())
    place.close()
    for address in (path, f"{path}/draft"):
        assert office.post(address, data=form()).status_code == 422
    assert "受講の期限を過ぎています" in office.get(path).text
    assert session.scalars(sa.select(NamedResponse.submitted_at)).one() is None


def test_anothers_survey_is_not_there(office: FlaskClient, session: Session) -> None:
    place = held(session, office)
    path = place.launch(place.people[0])
    factories.enter(office, session, place.people[1])
    assert office.get(path).status_code == 404
    assert office.post(path, data=form()).status_code == 404


def test_what_was_begun_is_handed_in_as_it_was_asked(office: FlaskClient, session: Session) -> None:
    place = held(session, office)
    path, by = place.launch(place.people[0]), office_of(session)
    shown = office.get(path).text.partition('name="version" value="')[2][:36]
    now = clock.now()
    sheets.configure(
        session, place.material.id, sheets.Manner(False, False, "記名に"), by=by, now=now
    )
    sheets.publish(session, place.material.id, by=by, now=now)
    assert "記名のアンケートです" in office.get(path).text
    office.post(path, data={**form(choice=SHORT), "version": shown})
    assert (count(session, AnonymousResponse), count(session, NamedResponse)) == (1, 0)
    assert "本人と結び付けずに保存しています" in office.get(path).text
    sheets.materials.retire(
        session,
        sheets.authoring.newest(session, place.material.id, place.material.kind).id,
        by=by,
        now=now,
    )
    assert office.get(path).status_code == 200  # though nobody can begin it any more


def test_a_new_answer_is_hidden_among_others_and_none_is_lost(
    office: FlaskClient, session: Session
) -> None:
    place = held(session, office, count=1)
    version = sheets.authoring.newest(session, place.material.id, place.material.kind)
    session.add_all(
        AnonymousResponse(
            group_id=place.item_id, version_id=version.id, answers={"words": f"{number:03}"}
        )
        for number in range(HIDDEN_AMONG + 10)
    )
    session.flush()
    before = set(session.scalars(sa.select(AnonymousResponse.id)))
    place.answer(place.people[0], words="新しい")
    session.expire_all()
    rows = session.scalars(sa.select(AnonymousResponse)).all()
    assert {row.id for row in rows} > before
    assert len(rows) == HIDDEN_AMONG + 11
    said = sorted(row.answers["words"] for row in rows)
    assert said == [*(f"{number:03}" for number in range(HIDDEN_AMONG + 10)), "新しい"]
