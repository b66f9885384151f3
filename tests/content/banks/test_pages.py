"""Question banks: made, filled with questions of every kind, arranged, put out of use."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy.orm import Session

from app.content.banks import queries
from app.content.banks.models import Question, QuestionBank
from app.kernel import db
from app.kernel.audit.models import AuditEvent
from app.people.permission.models import Role
from app.people.register.models import Person
from content_packages.questions import item
from content_packages.questions.item import Blank, Kind, Number
from tests import factories
from tests.training.counting import statements

#: What an author sends for each kind, and what the question then says.
FORMS: dict[str, dict[str, str | list[str]]] = {
    "single": {
        "text": "火災のときの電話は？",
        "option_1": "110",
        "option_2": "119",
        "remark_1": "それは警察です。",
        "right": "2",
        "shuffled": "y",
    },
    "multiple": {
        "text": "正しいものをすべて。",
        "option_1": "鍵をかける",
        "option_2": "放置する",
        "option_4": "確かめる",
        "right_1": "y",
        "right_4": "y",
        "partial": "y",
    },
    "true_false": {"text": "USBは自由に使える。", "answer": "false", "points": "０．５"},
    "fill_in": {
        "text": "[[1]]は[[2]]文字以上。",
        "accepted_1": "パスワード\r\n合言葉",
        "amount_2": "12",
        "off_2": "0.5",
        "partial": "y",
    },
    "ordering": {"text": "順に並べる。", "option_1": "切り離す", "option_2": "報告する"},
    "matching": {
        "text": "組み合わせる。",
        "left_1": "火災",
        "partner_1": "119",
        "left_2": "事件",
        "partner_2": "110",
        "wrong_1": "177",
    },
    "essay": {"text": "説明しなさい。", "most": "400", "model": "例。"},
}


@pytest.fixture
def author(session: Session, office: FlaskClient) -> Person:
    """An author, signed in."""
    who = factories.person(session, roles=(Role.AUTHOR,))
    factories.enter(office, session, who)
    return who


@pytest.fixture
def bank(session: Session, office: FlaskClient, author: Person) -> QuestionBank:
    """A bank, made on its page."""
    key = str(db.new_id())
    for _ in range(2):
        assert office.post("/banks", data={"key": key, "name": "安全 の問題"}).status_code == 303
    return session.scalars(sa.select(QuestionBank)).one()


def send(office: FlaskClient, address: str, kind: str, **more: str) -> int:
    data = {"kind": kind, "key": str(db.new_id()), "points": "2", **FORMS[kind], **more}
    return office.post(address, data=data).status_code


def said(session: Session, bank: QuestionBank) -> list[item.Question]:
    session.expire_all()
    return list(queries.all_of(session, bank.id))


@pytest.mark.requirement("QST-01")
def test_questions_of_every_kind_are_written_and_come_back_to_the_form_as_they_were(
    office: FlaskClient, session: Session, bank: QuestionBank
) -> None:
    place = f"/banks/{bank.id}/questions/new"
    assert "並べ替え" in office.get(place).text
    for kind in Kind:
        assert office.get(f"{place}?kind={kind}").status_code == 200
        assert send(office, place, kind) == 303, kind
    found = {question.kind: question for question in said(session, bank)}
    assert list(found) == list(Kind)
    single, multiple = found[Kind.SINGLE], found[Kind.MULTIPLE]
    assert [(each.text, each.is_right, each.feedback) for each in single.options] == [
        ("110", False, "それは警察です。"),
        ("119", True, ""),
    ]
    assert single.is_shuffled
    assert not multiple.is_shuffled
    assert [each.text for each in multiple.options if each.is_right] == ["鍵をかける", "確かめる"]
    assert multiple.is_partial
    assert (found[Kind.TRUE_FALSE].answer, found[Kind.TRUE_FALSE].points) == (False, 0.5)
    assert found[Kind.FILL_IN].blanks == (
        Blank(("パスワード", "合言葉")),
        Blank((), number=Number(12.0, 0.5)),
    )
    assert [(each.left, each.right) for each in found[Kind.MATCHING].pairs] == [
        ("火災", "119"),
        ("事件", "110"),
    ]
    assert [each.text for each in found[Kind.MATCHING].distractors] == ["177"]
    assert (found[Kind.ESSAY].most, found[Kind.ESSAY].model) == (400, "例。")
    # The very form that shows a question says the same question.
    for question in found.values():
        address = f"/banks/questions/{question.id}"
        form = html.fromstring(office.get(address).text).xpath("//main//form[@method='post']")[0]
        sent = [(key, value) for key, value in form.form_values() if key != "do"]
        pairs: dict[str, list[str]] = {}
        for key, value in sent:
            pairs.setdefault(key, []).append(value)
        assert office.post(address, data={**pairs, "do": "save"}).status_code == 303
    assert {question.kind: question for question in said(session, bank)} == found


@pytest.mark.requirement("QST-01")
@pytest.mark.parametrize(
    ("kind", "changed", "sentence"),
    [
        ("single", {"right": ""}, "正解の選択肢がありません"),
        ("single", {"option_2": "110"}, "選択肢「110」が2つ以上あります"),
        (
            "single",
            {"option_1": "", "option_2": "", "remark_1": "", "right": ""},
            "選択肢が足りません",
        ),
        ("single", {"option_2": ""}, "2番目の選択肢に文がありません"),
        ("single", {"text": " "}, "問題文がありません"),
        ("single", {"points": "0"}, "配点が正しくありません"),
        ("single", {"title": "長" * 201}, "200文字以内で入力してください"),
        ("true_false", {"answer": ""}, "○か×を選んでください"),
        ("fill_in", {"text": "印なし"}, "印 [[1]] がありません"),
        ("fill_in", {"accepted_1": ""}, "空欄1の正解がありません"),
        ("fill_in", {"amount_2": "多い"}, "数字で入力してください"),
        ("matching", {"left_2": "火災"}, "左の項目「火災」が2つ以上あります"),
        ("matching", {"wrong_1": "119"}, "正解の組にもあります"),
        ("matching", {"partner_1": ""}, "左か右の文がありません"),
        ("essay", {"most": "０字"}, "上限が正しくありません"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(
    office: FlaskClient,
    session: Session,
    bank: QuestionBank,
    kind: str,
    changed: dict[str, str],
    sentence: str,
) -> None:
    data = {"kind": kind, "points": "1", **FORMS[kind], **changed}
    answer = office.post(f"/banks/{bank.id}/questions/new", data=data)
    assert answer.status_code == 422
    page = html.fromstring(answer.text)
    assert sentence in page.xpath("string(//*[@role='alert'])")
    for link in page.xpath("//*[@role='alert']//a/@href"):
        assert page.xpath(f"//*[@id='{link[1:]}']"), link
    assert said(session, bank) == []


def test_more_rows_and_another_order_are_had_without_a_script(
    office: FlaskClient, session: Session, bank: QuestionBank
) -> None:
    place = f"/banks/{bank.id}/questions/new"
    for kind, button, cell in (
        ("single", "more_option", "option_6"),
        ("matching", "more_wrong", "wrong_4"),
        ("fill_in", "more_accepted", "accepted_4"),
    ):
        data = {"kind": kind, **FORMS[kind], "do": button}
        page = office.post(place, data=data)
        assert page.status_code == 200
        assert html.fromstring(page.text).xpath(f"//*[@name='{cell}']")
    data = {"kind": "ordering", **FORMS["ordering"], "do": "up_2"}
    moved = html.fromstring(office.post(place, data=data).text)
    assert [moved.xpath(f"//*[@name='option_{n}']")[0].text.strip() for n in (1, 2)] == [
        "報告する",
        "切り離す",
    ]
    assert office.get(f"{place}?kind=odd").status_code == 422
    assert said(session, bank) == []


def test_questions_are_found_moved_and_deleted_and_their_list_asks_no_more_for_more(
    office: FlaskClient, session: Session, bank: QuestionBank
) -> None:
    place = f"/banks/{bank.id}/questions/new"
    for kind in ("true_false", "ordering", "essay"):
        send(office, place, kind)
    first, second, third = said(session, bank)
    office.post(f"/banks/questions/{third.id}/up", query_string={"page": "1"})
    office.post(f"/banks/questions/{first.id}/down")
    office.post(f"/banks/questions/{second.id}/down")
    assert [each.id for each in said(session, bank)] == [third.id, first.id, second.id]
    found = office.get(f"/banks/{bank.id}?q=usb&kind=true_false").text
    assert "USBは自由" in found
    assert "順に並べる" not in found
    assert "当てはまる問題がありません" in office.get(f"/banks/{bank.id}?q=ない").text
    with statements(session) as few:
        office.get(f"/banks/{bank.id}")
    for _ in range(5):
        send(office, place, "essay")
    with statements(session) as many:
        office.get(f"/banks/{bank.id}")
    assert len(few) == len(many)
    assert office.post(f"/banks/questions/{first.id}/delete").status_code == 303
    assert office.get(f"/banks/questions/{first.id}").status_code == 404
    assert office.post(f"/banks/questions/{first.id}/delete").status_code == 404
    lines = set(session.scalars(sa.select(AuditEvent.action)))
    assert {
        "question_bank.made",
        "question_bank.written",
        "question_bank.question_removed",
    } <= lines


def test_a_bank_is_renamed_and_put_out_of_use_and_back(
    office: FlaskClient, session: Session, bank: QuestionBank
) -> None:
    place = f"/banks/{bank.id}"
    assert office.post(f"{place}/name", data={"name": "新しい 名前"}).status_code == 303
    assert office.post(f"{place}/name", data={"name": "長" * 201}).status_code == 422
    assert office.post(f"{place}/name", data={"name": " "}).status_code == 422
    assert "まだ問題がありません" in office.get(place).text
    for action, list_of, other in (
        ("archive", "/banks?use=ended", "/banks"),
        ("restore", "/banks", "/banks?use=ended"),
    ):
        for _ in range(2):
            assert office.post(f"{place}/{action}").status_code == 303
        assert "新しい 名前" in office.get(list_of).text
        assert "新しい 名前" not in office.get(other).text
        assert office.get(place).status_code == 200
    assert "当てはまる問題集がありません" in office.get("/banks?q=ない").text
    assert office.post("/banks", data={"name": ""}).status_code == 422
    assert office.post("/banks", data={"name": "長" * 201}).status_code == 422


def test_who_writes_no_materials_sees_no_questions(
    office: FlaskClient, session: Session, bank: QuestionBank
) -> None:
    learner = factories.person(session, "受講の人", roles=(Role.HEAD,))
    factories.enter(office, session, learner)
    for address in ("/banks", f"/banks/{bank.id}", f"/banks/{bank.id}/files"):
        assert office.get(address).status_code == 403
    assert session.scalars(sa.select(Question)).all() == []
