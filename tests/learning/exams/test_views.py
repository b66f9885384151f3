"""The learner's pages of a test: by forms alone, by the script's messages, and nobody else's."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.actor import Actor
from app.learning.exams import service
from app.learning.exams.models import Sitting
from content_packages.questions.item import choices
from content_packages.questions.paper import Feedback, Rules
from tests import factories
from tests.learning import papers
from tests.learning.papers import ESSAY, MARKED, MATCHING, SINGLE, Taken, exam, taken

#: The right answers, as a browser sends them.
RIGHT = {
    "q1": "o2",
    "q2": ["o1", "o3"],
    "q3": "false",
    "q4-1": "パスワード",
    "q4-2": "12",
    "q5-o1": "1",
    "q5-o2": "2",
    "q5-o3": "3",
    "q6-p1": next(each.id for each in choices(MATCHING) if each.text == "119"),
    "q6-p2": next(each.id for each in choices(MATCHING) if each.text == "110"),
}


def learner(session: Session, office: FlaskClient, *questions: Any, **rules: Any) -> Taken:
    """Sign somebody in who has a test to take."""
    of = taken(session, exam(session, *questions, rules=Rules(**rules)))
    factories.enter(office, session, of.who)
    return of


def opened(session: Session, of: Taken) -> Sitting:
    by = Actor(person_id=of.who.id)
    return service.begin(session, of.record.id, of.assigned, by=by, now=clock.now())


@pytest.mark.requirement("QST-01")
@pytest.mark.requirement("QST-05")
def test_a_test_is_taken_from_the_home_to_its_result_without_a_script(
    session: Session, office: FlaskClient
) -> None:
    of = learner(session, office, minutes=30, attempts=1)
    launched = office.post(f"/assignments/{of.assigned.assignment_id}/launch")
    assert launched.location == f"/exams/{of.record.id}"
    page = office.get(launched.location).text
    for words in ("受験を始める", "6問", "30分", "あと1回", "60点以上"):
        assert words in page
    place = office.post(launched.location).location
    asked = office.get(place).text
    assert "残り2" in asked or "残り30分" in asked
    assert "個人情報・病歴などは書かないでください。" in asked
    saved = office.post(place, data={**RIGHT, "q3": "", "q5-o3": "", "then": "stay"})
    assert saved.location == place
    held = html.document_fromstring(office.get(place).text)
    (text,) = held.xpath("//input[@name='q4-1']/@value")
    (second,) = held.xpath("//select[@name='q5-o2']/option[@selected]/@value")
    assert (text, second) == ("パスワード", "2")
    assert len(held.xpath("//input[@name='q2'][@checked]")) == 2
    confirm = office.post(place, data={**RIGHT, "q3": "", "then": "submit"}).location
    assert "解答していない問題が1問あります" in office.get(confirm).text
    confirm = office.post(place, data={**RIGHT, "then": "submit"}).location
    assert "全6問に解答しました" in office.get(confirm).text
    result = office.post(confirm).location
    page = office.get(result).text
    assert "100点" in page
    assert "だれにも教えません。" in page
    assert office.get(place).location == result
    assert office.post(confirm).location == result
    assert "受験できる回数に達しています" in office.get(launched.location).text
    assert office.post(launched.location).status_code == 422


@pytest.mark.requirement("QST-08")
def test_every_free_text_stands_with_its_notice(session: Session, office: FlaskClient) -> None:
    of = learner(session, office, *MARKED, ESSAY)
    page = html.document_fromstring(office.get(f"/sittings/{opened(session, of).id}").text)
    fields = page.xpath("//main//textarea | //main//input[@type='text']")
    assert len(fields) == 3
    for field in fields:
        (notice,) = page.xpath(f"//*[@id='{field.get('aria-describedby')}']")
        assert "書かないでください" in notice.text_content()


@pytest.mark.requirement("QST-05")
def test_the_script_saves_by_number_and_is_told_what_is_kept(
    session: Session, office: FlaskClient
) -> None:
    of = learner(session, office, minutes=30)
    row = opened(session, of)
    place = f"/sittings/{row.id}/answers"

    def send(sequence: int, said: object) -> Any:
        return office.post(place, json={"sequence": sequence, "answers": {"single": said}})

    first = send(1, "o1").json
    assert (first["sequence"], first["taken"]) == (1, True)
    assert 1790 < first["left"] <= 1800
    assert send(1, "o1").json["taken"] is True
    assert send(1, "o2").json["taken"] is False
    assert send(2, None).json["taken"] is True
    session.refresh(row)
    assert (row.answers, row.sequence) == ({}, 2)
    asked = {"Accept": "application/json"}
    office.post(f"/sittings/{row.id}/submit")
    late = office.post(place, json={"sequence": 3, "answers": {}}, headers=asked)
    assert (late.status_code, late.json["type"]) == (409, "urn:kenshu:sitting_submitted")


def test_time_that_is_over_is_said_and_the_sitting_handed_in(
    session: Session, office: FlaskClient
) -> None:
    of = learner(session, office, minutes=30)
    row = opened(session, of)
    service.save(session, row.id, {"single": "o2"}, now=clock.now())
    row.ends_at = clock.now() - timedelta(minutes=2)
    session.flush()
    assert "時間が終わりました" in office.get(f"/exams/{of.record.id}").text
    place = f"/sittings/{row.id}"
    assert "制限時間が終わりました" in office.get(place).text
    assert office.post(place, data={"q1": "o1"}).location == place
    answer = office.post(
        f"{place}/answers",
        json={"sequence": 9, "answers": {"single": "o1"}},
        headers={"Accept": "application/json"},
    )
    assert (answer.status_code, answer.json["type"]) == (422, "urn:kenshu:sitting_over")
    assert office.get(f"{place}/submit").location == place
    result = office.get(office.post(f"{place}/submit").location).text
    assert "制限時間が終わったため" in result
    session.refresh(row)
    assert (row.answers, row.is_by_time) == ({"single": "o2"}, True)


def test_what_the_rules_hide_is_not_on_the_page(session: Session, office: FlaskClient) -> None:
    of = learner(session, office, SINGLE, feedback=Feedback.NEVER)
    row = papers.sit(session, of)
    page = office.get(f"/sittings/{row.id}/result").text
    assert "だれにも教えません。" not in page
    assert "正答と解説は表示しません" in page


def test_a_sitting_is_nobody_else_s(session: Session, office: FlaskClient) -> None:
    of = taken(session, exam(session))
    row = opened(session, of)
    factories.enter(office, session, factories.person(session))
    for path in ("", "/submit", "/result"):
        assert office.get(f"/sittings/{row.id}{path}").status_code == 404
    assert office.get(f"/exams/{of.record.id}").status_code == 404
    assert office.post(f"/sittings/{row.id}/answers", json={}).status_code == 404


def test_a_run_that_is_over_begins_nothing_and_says_why(
    session: Session, office: FlaskClient
) -> None:
    of = learner(session, office)
    of.run.state = "ended"
    session.flush()
    page = office.get(f"/exams/{of.record.id}").text
    assert "この研修は、いま受講できません" in page
    assert "受験を始める" not in page
    assert office.post(f"/exams/{of.record.id}").status_code == 422


SAID = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=8,
)
NAMES = st.one_of(st.sampled_from([each.id for each in (*MARKED, ESSAY)]), st.text(max_size=5))
SENT = st.one_of(
    SAID,
    st.fixed_dictionaries(
        {
            "sequence": st.one_of(st.integers(1, 9), SAID),
            "answers": st.one_of(st.dictionaries(NAMES, SAID, max_size=4), SAID),
        }
    ),
)


@pytest.mark.requirement("QST-05")
def test_any_message_is_kept_whole_or_refused_by_a_code(
    session: Session, office: FlaskClient
) -> None:
    of = learner(session, office, *MARKED, ESSAY)
    row = opened(session, of)

    @settings(max_examples=60, deadline=None)
    @given(sent=st.one_of(st.binary(max_size=60), SENT.map(lambda said: json.dumps(said).encode())))
    def check(sent: bytes) -> None:
        row.answers, row.sequence = {}, 0
        session.flush()
        answer = office.post(f"/sittings/{row.id}/answers", data=sent)
        session.refresh(row)
        if answer.status_code != 200:
            assert 400 <= answer.status_code < 500
            assert (row.answers, row.sequence) == ({}, 0)
            return
        assert answer.json and answer.json["taken"]
        for name, value in json.loads(sent)["answers"].items():
            held = row.answers.get(name)
            assert value == held if isinstance(value, bool) else held is not None or not value

    check()


@pytest.mark.parametrize(
    "said",
    [True, "x", ["x", "y"], {"o1": "1", "p1": "x"}, {}, [], {"q": None}],
    ids=str,
)
def test_an_answer_of_another_shape_breaks_no_page(
    session: Session, office: FlaskClient, said: object
) -> None:
    of = learner(session, office, *MARKED, ESSAY, feedback=Feedback.EACH)
    row = opened(session, of)
    everywhere = dict.fromkeys(row.drawn, said)
    sent = {"sequence": 1, "answers": everywhere}
    assert office.post(f"/sittings/{row.id}/answers", json=sent).status_code == 200
    assert office.get(f"/sittings/{row.id}").status_code == 200
    assert office.get(f"/sittings/{row.id}/submit").status_code == 200
    assert office.get(office.post(f"/sittings/{row.id}/submit").location).status_code == 200
