"""A test is written, tried, published with what its banks hold then, and written anew."""

from __future__ import annotations

import io
import uuid
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy.orm import Session

from app.content.banks import service as banks
from app.content.banks.models import QuestionBank
from app.content.materials.models import Material, Version
from app.content.papers import queries, service
from app.kernel import clock, db
from app.kernel.actor import Actor, Grant
from app.kernel.audit.models import AuditEvent
from app.kernel.errors import Refused
from app.people.permission.models import Role
from app.people.register.models import Person
from content_packages.questions.item import Kind, Option, Question
from content_packages.questions.paper import Feedback, Paper, Rules, Section
from tests import factories
from tests.training.counting import statements

NOW = clock.now()
TRUTH = {"kind": "true_false", "text": "USBは自由に使える。", "answer": "false", "points": "1"}


@pytest.fixture
def author(session: Session, office: FlaskClient) -> Person:
    """An author, signed in."""
    who = factories.person(session, roles=(Role.AUTHOR,))
    factories.enter(office, session, who)
    return who


def by(who: Person) -> Actor:
    return Actor(person_id=who.id, name=who.name, grants=(Grant(Role.AUTHOR),))


@pytest.fixture
def test(session: Session, office: FlaskClient, author: Person) -> Material:
    """A test, made on its page."""
    assert "テストを作る" in office.get("/materials").text
    assert office.get("/tests/new").status_code == 200
    key = str(db.new_id())
    for _ in range(2):
        sent = office.post("/tests/new", data={"key": key, "title": "確認 テスト"})
        assert sent.status_code == 303
    return session.scalars(sa.select(Material)).one()


def bank_of(session: Session, who: Person, count: int) -> QuestionBank:
    bank = banks.make(session, db.new_id(), "安全の問題", by=by(who), now=NOW)
    for number in range(1, count + 1):
        question = Question("x", Kind.TRUE_FALSE, f"問{number}", answer=True)
        banks.add(session, bank.id, db.new_id(), question, by=by(who), now=NOW)
    return bank


def paper(session: Session, test: Material, number: int | None = None) -> Paper:
    session.expire_all()
    return queries.detail(session, test.id, number).paper


def newest(session: Session, test: Material) -> Version:
    session.expire_all()
    query = sa.select(Version).where(Version.material_id == test.id)
    return session.scalars(query.order_by(Version.number.desc()).limit(1)).one()


def add(office: FlaskClient, test: Material, section: str, **more: str) -> int:
    data = {"key": str(db.new_id()), **TRUTH, **more}
    return office.post(f"/tests/{test.id}/question?section={section}", data=data).status_code


@pytest.mark.requirement("QST-01")
def test_a_test_gets_rules_sections_and_questions_in_its_draft(
    office: FlaskClient, session: Session, author: Person, test: Material
) -> None:
    place = f"/tests/{test.id}"
    assert office.get(f"/materials/{test.id}?version=1").location == f"{place}?version=1"
    assert "問題が1問もありません" in office.get(place).text
    assert office.get(f"{place}/rules").status_code == 200
    rules = {
        "pass_mark": "７０",
        "minutes": "30",
        "attempts": "2",
        "feedback": "never",
        "shuffled": "y",
    }
    assert office.post(f"{place}/rules", data=rules).status_code == 303
    assert paper(session, test).rules == Rules(70, 30, 2, Feedback.NEVER, is_shuffled=True)
    for wrong in ({"pass_mark": "101"}, {"minutes": "0"}, {"attempts": "x"}, {"feedback": ""}):
        assert office.post(f"{place}/rules", data={**rules, **wrong}).status_code == 422
    (first,) = paper(session, test).sections
    bank = bank_of(session, author, 3)
    assert office.get(f"{place}/section?section={first.id}").status_code == 200
    said = {"section": first.id, "title": "正誤", "text": "読んで答える。"}
    assert office.post(f"{place}/section", data=said).status_code == 303
    drawn = {"title": "問題集から", "bank": str(bank.id), "count": "2"}
    assert "問題集「安全の問題」から出す" in office.get(f"{place}/section").text
    assert office.post(f"{place}/section", data=drawn).status_code == 303
    for wrong in ({"count": "0"}, {"bank": str(uuid.uuid4())}, {"title": "長" * 201}):
        assert office.post(f"{place}/section", data={**drawn, **wrong}).status_code == 422
    assert "穴埋め" in office.get(f"{place}/question?section={first.id}").text
    assert office.get(f"{place}/question?section={first.id}&kind=single").status_code == 200
    assert add(office, test, first.id) == 303
    assert add(office, test, first.id, text="二つ目。") == 303
    assert add(office, test, first.id, text="") == 422
    assert add(office, test, first.id, do="more_option") == 200
    assert add(office, test, "none") == 404
    own, pool = paper(session, test).sections
    assert [each.text for each in own.questions] == ["USBは自由に使える。", "二つ目。"]
    assert ([each.text for each in pool.questions], pool.count) == (["問1", "問2", "問3"], 2)
    assert add(office, test, pool.id) == 422  # those are the bank's
    key = own.questions[1].id
    assert "二つ目。" in office.get(f"{place}/question?question={key}").text
    changed = {**TRUTH, "text": "直した。"}
    assert office.post(f"{place}/question?question={key}", data=changed).status_code == 303
    moved = {"question": key, "section": own.id}
    assert office.post(f"{place}/question/up", data=moved).status_code == 303
    assert office.post(f"{place}/section/down", data={"section": own.id}).status_code == 303
    pool, own = paper(session, test).sections
    assert [each.text for each in own.questions] == ["直した。", "USBは自由に使える。"]
    assert office.post(f"{place}/question/delete", data=moved).status_code == 303
    refused = office.post(f"{place}/section", data={"section": own.id, "bank": str(bank.id)})
    assert refused.status_code == 422
    assert "先に問題を削除する" in refused.text
    assert office.post(f"{place}/section/delete", data={"section": own.id}).status_code == 303
    assert [each.id for each in paper(session, test).sections] == [pool.id]
    assert newest(session, test).document["sections"][0]["questions"] == []
    for action in ("section/up", "question/up"):
        assert office.post(f"{place}/{action}", data={}).status_code == 404


@pytest.mark.requirement("QST-01")
def test_publication_freezes_the_banks_questions_and_what_follows_is_a_new_draft(
    office: FlaskClient, session: Session, author: Person, test: Material
) -> None:
    place, bank = f"/tests/{test.id}", bank_of(session, author, 3)
    (first,) = paper(session, test).sections
    drawn = {"section": first.id, "bank": str(bank.id), "count": "4"}
    office.post(f"{place}/section", data=drawn)
    version = newest(session, test)
    assert "4問を出すことになっていますが、問題は3問しかありません" in office.get(place).text
    refused = office.post(f"/tests/versions/{version.id}/publish")
    assert (refused.status_code, newest(session, test).state) == (422, "draft")
    assert "直すところがあるため公開できません（1件）" in refused.text
    office.post(f"{place}/section", data={**drawn, "count": "2"})
    around = office.post(f"/materials/versions/{version.id}/publish")
    assert (around.status_code, newest(session, test).state) == (422, "draft")
    assert office.post(f"/tests/versions/{version.id}/publish").status_code == 303
    frozen = newest(session, test)
    assert (frozen.state, frozen.created_by) == ("published", author.id)
    assert len(Paper.of(frozen.document).sections[0].questions) == 3
    extra = Question("x", Kind.TRUE_FALSE, "問4", answer=True)
    banks.add(session, bank.id, db.new_id(), extra, by=by(author), now=NOW)
    assert [each.text for each in paper(session, test).sections[0].questions] == [
        "問1",
        "問2",
        "問3",
    ]
    assert "公開した版は変わりません" in office.get(place).text
    office.post(f"{place}/section", data={**drawn, "count": "3"})
    second = newest(session, test)
    assert (second.number, second.state, frozen.state) == (2, "draft", "published")
    assert len(paper(session, test).sections[0].questions) == 4
    assert len(paper(session, test, 1).sections[0].questions) == 3
    assert "これは前の版です" in office.get(f"{place}?version=1").text
    assert office.get(f"{place}?version=3").status_code == 404
    assert office.post(f"/tests/versions/{second.id}/publish").status_code == 303
    session.expire_all()
    assert (frozen.state, second.state) == ("retired", "published")
    # What was frozen comes back as it was.
    assert office.post(f"/tests/versions/{frozen.id}/publish").status_code == 303
    session.expire_all()
    assert (frozen.state, second.state) == ("published", "retired")
    assert len(Paper.of(frozen.document).sections[0].questions) == 3
    retired = office.post(f"/materials/versions/{frozen.id}/retire")
    assert office.get(retired.location).location == f"{place}?version=1"
    lines = set(session.scalars(sa.select(AuditEvent.action)))
    assert {"material.written", "material_version.publish"} <= lines


@pytest.mark.requirement("QST-01")
def test_every_fault_of_a_paper_is_named(session: Session, author: Person) -> None:
    bank, away = bank_of(session, author, 1), bank_of(session, author, 1)
    banks.archive(session, away.id, by=by(author), now=NOW)
    good = Question("a", Kind.ESSAY, "書く。")
    sections = (
        Section("1", questions=(good, replace(good, id="b", points=2)), count=1),
        Section("2", bank_id=str(bank.id), count=0),
        Section("3", bank_id=str(bank.id), count=2),
        Section("4", bank_id=str(away.id)),
        Section("5"),
        Section("6", questions=(replace(good, text=""),)),
    )
    found = Paper(Rules(pass_mark=101), sections)
    pools = queries.pools_of(session, found)
    told = [
        (each.code, each.number, each.question)
        for each in queries.faults_of(queries.filled(found, pools), pools)
    ]
    assert told == [
        ("pass_mark_wrong", 0, 0),
        ("points_differ", 1, 0),
        ("count_wrong", 2, 0),
        ("count_too_many", 3, 0),
        ("bank_twice", 3, 0),
        ("bank_archived", 4, 0),
        ("section_empty", 5, 0),
        ("text_missing", 6, 1),
        ("marked_by_hand", 0, 0),
    ]
    twice = Paper(sections=(Section("1", questions=(good, good)),))
    assert "question_twice" in {each.code for each in queries.faults_of(twice, {})}


@pytest.mark.requirement("QST-01")
def test_an_author_tries_the_draft_as_a_learner_sits_it_and_nothing_is_kept(
    office: FlaskClient, session: Session, author: Person, test: Material
) -> None:
    place = f"/tests/{test.id}"
    assert "まだ問題がありません" in office.get(f"{place}/preview").text
    (first,) = paper(session, test).sections
    question = Question(
        "q",
        Kind.SINGLE,
        "火災の電話は？",
        points=3,
        feedback="消防です。",
        options=tuple(Option(f"o{n}", f"11{n}", n == 9) for n in range(10)),
    )
    service.put_question(session, test.id, first.id, question, by=by(author), now=NOW)
    pages = {seed: office.get(f"{place}/preview?seed={seed}").text for seed in (1, 2)}
    orders = [html.fromstring(text).xpath("//input[@name='q1']/@value") for text in pages.values()]
    assert sorted(orders[0]) == sorted(orders[1])
    assert orders[0] != orders[1]
    right = office.post(f"{place}/preview", data={"seed": "2", "q1": "o9"}).text
    assert "100点（合格点60点）：合格" in right
    assert "消防です。" in right
    wrong = office.post(f"{place}/preview", data={"seed": "2", "q1": "o1"}).text
    assert "：不合格" in wrong
    order = {"option_1": "切り離す", "option_2": "報告する", "option_3": "記録する"}
    assert add(office, test, first.id, kind="ordering", **order) == 303
    told = office.post(f"{place}/preview", data={"seed": "2"}).text
    assert "切り離す → 報告する → 記録する" in told
    assert add(office, test, first.id, kind="essay", text="書く。") == 303
    mixed = office.post(f"{place}/preview", data={"seed": "2", "q1": "o9", "q3": "答え"}).text
    assert "採点者の採点が終わると、得点が決まります" in mixed
    assert newest(session, test).number == 1


def test_the_page_of_a_test_asks_no_more_for_more_questions(
    office: FlaskClient, session: Session, author: Person, test: Material
) -> None:
    (first,) = paper(session, test).sections
    add(office, test, first.id)
    with statements(session) as few:
        office.get(f"/tests/{test.id}")
    for number in range(5):
        add(office, test, first.id, text=f"問{number}")
    with statements(session) as many:
        office.get(f"/tests/{test.id}")
    assert len(few) == len(many)


def test_names_uses_and_kinds_are_kept_apart(
    office: FlaskClient, session: Session, author: Person, test: Material
) -> None:
    renamed = office.post(f"/materials/{test.id}/title", data={"title": "新しい名前"})
    assert renamed.status_code == 303
    unnamed = office.post(f"/materials/{test.id}/title", data={"title": ""})
    assert "教材名を入力してください" in office.get(unnamed.location, follow_redirects=True).text
    (first,) = paper(session, test).sections
    add(office, test, first.id)
    office.post(f"/materials/{test.id}/archive")
    version = newest(session, test)
    assert "使用を終えています" in office.get(f"/tests/{test.id}").text
    assert office.post(f"/tests/versions/{version.id}/publish").status_code == 422
    assert office.post("/tests/new", data={"title": "長" * 201}).status_code == 422
    file = {"package": (io.BytesIO(b"PK"), "a.zip")}
    assert office.post(f"/materials/{test.id}/versions", data=file).status_code == 422
    package = factories.material(session, author)
    assert office.get(f"/tests/{package.id}").status_code == 422
    assert office.get(f"/tests/{uuid.uuid4()}").status_code == 404
    with pytest.raises(Refused, match="material_is_no_test"):
        service.set_rules(session, package.id, Rules(), by=by(author), now=NOW)


def test_a_paper_has_an_end(session: Session, author: Person, test: Material) -> None:
    for number in range(service.MOST_SECTIONS - 1):
        section = Section(str(number))
        service.put_section(session, test.id, section, by=by(author), now=NOW)
    with pytest.raises(Refused, match="sections_too_many"):
        service.put_section(session, test.id, Section("more"), by=by(author), now=NOW)
