"""Questions come into a bank from files, after a look at them, and leave it as files."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.content.banks import queries as banks
from app.content.banks import service
from app.content.banks.models import QuestionBank
from app.content.exchange import queries, text
from app.content.question_sheets import queries as sheets
from app.kernel import clock, db
from app.kernel.actor import Actor, Grant
from app.kernel.audit.models import AuditEvent
from app.kernel.errors import Refused
from app.people.permission.models import Role
from app.people.register.models import Person
from content_packages.questions import findings
from content_packages.questions.item import Blank, Kind, Number, Option, Pair, Question
from tests import factories

#: Questions that every format can hold whole.
PLAIN = (
    Question(
        "1",
        Kind.SINGLE,
        "火災のときの\n電話は？",
        feedback="消防です。",
        options=(Option("a", "110"), Option("b", "119", is_right=True)),
    ),
    Question(
        "2",
        Kind.MULTIPLE,
        "すべて選ぶ。",
        options=(
            Option("a", "鍵をかける", is_right=True),
            Option("b", "-5度", is_right=True),
            Option("c", "放置"),
        ),
        is_partial=True,
    ),
    Question("3", Kind.TRUE_FALSE, "USBは自由に使える。", answer=False),
    Question("4", Kind.FILL_IN, "首都は[[1]]です。", blanks=(Blank(("東京", "東京都")),)),
    Question("5", Kind.FILL_IN, "円周率は[[1]]。", blanks=(Blank(number=Number(3.14, 0.01)),)),
    Question(
        "6",
        Kind.MATCHING,
        "組み合わせる。",
        pairs=(Pair("a", "火災", "119"), Pair("b", "事件", "110")),
        distractors=(Option("c", "177"),),
        is_partial=True,
    ),
    Question("7", Kind.ESSAY, "説明しなさい。"),
)
MORE = (
    Question(
        "8",
        Kind.ORDERING,
        "順に並べる。",
        points=2.0,
        options=(Option("a", "切り離す"), Option("b", "報告する"), Option("c", "復旧する")),
    ),
    Question("9", Kind.FILL_IN, "[[1]]と[[2]]", blanks=(Blank(("甲",)), Blank(("乙",)))),
)


@pytest.fixture
def author(session: Session, office: FlaskClient) -> Person:
    """An author, signed in."""
    who = factories.person(session, roles=(Role.AUTHOR,))
    factories.enter(office, session, who)
    return who


@pytest.fixture
def bank(session: Session, author: Person) -> QuestionBank:
    """An empty bank."""
    return service.make(session, db.new_id(), "安全の問題", by=by(author), now=clock.now())


def by(who: Person) -> Actor:
    return Actor(person_id=who.id, name=who.name, grants=(Grant(Role.AUTHOR),))


def fill(session: Session, bank: QuestionBank, who: Person, *questions: Question) -> None:
    said = [replace(each, id=str(db.new_id())) for each in questions]
    service.add_all(session, bank.id, said, by=by(who), now=clock.now())


def check(office: FlaskClient, bank: QuestionBank, data: bytes, name: str) -> TestResponse:
    sent = {"file": (io.BytesIO(data), name)}
    return office.post(f"/banks/{bank.id}/files", data=sent)


def commit(office: FlaskClient, bank: QuestionBank, page: str) -> TestResponse:
    (packed,) = html.fromstring(page).xpath("//input[@name='questions']/@value")
    return office.post(f"/banks/{bank.id}/files/commit", data={"questions": packed})


def bare(question: Question) -> Question:
    """Return a question without the names of its parts, which every file gives anew."""

    def nameless(options: tuple[Option, ...]) -> tuple[Option, ...]:
        return tuple(replace(each, id="") for each in options)

    return replace(
        question,
        id="",
        options=nameless(question.options),
        pairs=tuple(replace(each, id="") for each in question.pairs),
        distractors=nameless(question.distractors),
    )


def ordered(question: Question) -> Question:
    """Return it without the order of its choices, which a file may shuffle."""
    whole = bare(question)
    return replace(
        whole,
        pairs=tuple(sorted(whole.pairs, key=lambda each: each.left)),
        distractors=tuple(sorted(whole.distractors, key=lambda each: each.text)),
    )


@pytest.mark.requirement("QST-01")
@pytest.mark.parametrize(
    ("form", "name", "questions"),
    [
        ("gift", "x.gift", PLAIN),
        ("qti-2.1", "x.zip", (*PLAIN, *MORE)),
        ("qti-3.0", "x.zip", (*PLAIN, *MORE)),
    ],
)
def test_a_bank_that_left_as_a_file_comes_back_to_the_same_questions(
    office: FlaskClient,
    session: Session,
    author: Person,
    bank: QuestionBank,
    form: str,
    name: str,
    questions: tuple[Question, ...],
) -> None:
    fill(session, bank, author, *questions)
    file = office.get(f"/banks/{bank.id}/files/{form}")
    assert file.status_code == 200
    other = service.make(session, db.new_id(), "写し", by=by(author), now=clock.now())
    page = check(office, other, file.data, name)
    assert f"{len(questions)}問を加えます" in page.text
    assert "取り込めない" not in page.text
    answers = [commit(office, other, page.text) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    session.expire_all()
    came = [ordered(each) for each in banks.all_of(session, other.id)]
    titled = [replace(each, title="") for each in came]
    assert titled == [ordered(each) for each in questions]
    actions = list(session.scalars(sa.select(AuditEvent.action)))
    assert actions.count("question_bank.exported") == 1
    assert actions.count("question_bank.imported") == 2


@pytest.mark.requirement("QST-01")
@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_a_sheet_holds_the_same_questions(
    office: FlaskClient, session: Session, author: Person, bank: QuestionBank, form: str
) -> None:
    whole = [replace(each, is_partial=False) for each in (*PLAIN, *MORE)]
    fill(session, bank, author, *whole)
    file = office.get(f"/banks/{bank.id}/files/{form}")
    other = service.make(session, db.new_id(), "写し", by=by(author), now=clock.now())
    page = check(office, other, file.data, "no-suffix")
    assert f"{len(whole)}問を加えます" in page.text
    commit(office, other, page.text)
    session.expire_all()
    assert [bare(each) for each in banks.all_of(session, other.id)] == [bare(e) for e in whole]


@pytest.mark.requirement("QST-01")
def test_what_a_sheet_gets_wrong_is_told_by_its_row_and_the_rest_comes_in(
    office: FlaskClient, session: Session, bank: QuestionBank
) -> None:
    rows = (
        "種別,問題文,選択肢1,選択肢2,正解,配点,解説",
        "単一選択,よい問題,甲,乙,２,3,説明",
        "複数選択,全部,甲,乙,1、2,,",
        "単一選択,正解が文,甲,乙,甲,,",
        "選択,種別が違う,甲,乙,1,,",
        "単一選択,番号がない,甲,乙,5,,",
        "単一選択,正解がない,甲,乙,,,",
        "正誤,正しい,,,はい,,",
        "組み合わせ,組にならない,甲乙,丙＝丁,,,",
        "正誤,配点が変,,,○,多い,",
        "穴埋め,印 [[1]],数:多い,,,,",
    )
    page = check(office, bank, "\r\n".join(rows).encode("cp932"), "問題.csv")
    assert page.status_code == 200
    told = " ".join(html.fromstring(page.text).xpath("//main")[0].text_content().split())
    for sentence in (
        "4問を加えます",
        "取り込めないものが6件あります",
        "5行目 種別「選択」は使えません",
        "6行目 正解「5」を読み取れません",
        "7行目 正解の選択肢がありません",
        "8行目 正解「はい」を読み取れません",
        "9行目 組「甲乙」を読み取れません",
        "10行目 配点「多い」を数として読み取れません",
    ):
        assert sentence in told
    assert commit(office, bank, page.text).status_code == 303
    session.expire_all()
    first, second, third, _ = banks.all_of(session, bank.id)
    assert [each.is_right for each in first.options] == [False, True]
    assert (first.points, first.feedback) == (3, "説明")
    assert [each.is_right for each in second.options] == [True, True]
    assert [each.is_right for each in third.options] == [True, False]


@pytest.mark.requirement("QST-01")
def test_what_is_odd_in_a_gift_is_told_by_its_line(
    office: FlaskClient, session: Session, bank: QuestionBank
) -> None:
    blocks = (
        "よい{T}",
        "くずれた{=あ",
        "説明だけ",
        "一つだけ{=甲 ~甲}",
        "::題:: 都市{=東京#正しい ~大阪}",
    )
    source = "\n\n".join(blocks)
    page = check(office, bank, source.encode(), "moodle.txt")
    assert "2問を加えます" in page.text
    assert "対応がくずれています" in page.text
    assert "3行目からの問題" in page.text
    assert "選択肢「甲」が2つ以上あります" in page.text
    assert commit(office, bank, page.text).status_code == 303
    session.expire_all()
    assert [each.text for each in banks.all_of(session, bank.id)] == ["よい", "都市"]


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"", "", "ファイルを選んでください"),
        (b"abc\x81", "a.gift", "文字を読み取れないファイルです"),
        (b"PK\x03\x04 broken", "a.zip", "ZIPファイル"),
        (b"PK\x03\x04 broken", "a.xlsx", "Excelのブックとして読み取れない"),
        ("名前\r\n値".encode(), "a.csv", "ない列：種別、問題文"),
        (b"a" * 2_001, "a.gift", "ファイルが大きすぎます"),
    ],
    ids=["none", "bytes", "zip", "workbook", "columns", "large"],
)
def test_a_file_that_is_none_is_refused_in_words(
    office: FlaskClient,
    bank: QuestionBank,
    monkeypatch: pytest.MonkeyPatch,
    data: bytes,
    name: str,
    sentence: str,
) -> None:
    monkeypatch.setattr(queries, "LARGEST", 2_000)
    answer = check(office, bank, data, name)
    assert answer.status_code == 422
    assert sentence in answer.text


def test_what_no_check_has_sent_adds_nothing(
    office: FlaskClient, session: Session, author: Person, bank: QuestionBank
) -> None:
    for odd in ("", "x", "eNo", queries.packed([])[:-4]):
        answer = office.post(f"/banks/{bank.id}/files/commit", data={"questions": odd})
        assert answer.status_code == 422
    wrong = [replace(PLAIN[0], id=str(db.new_id()), text="")]
    for carried in (wrong, [PLAIN[0]]):
        data = {"questions": queries.packed(carried)}
        assert office.post(f"/banks/{bank.id}/files/commit", data=data).status_code == 422
    many = [replace(PLAIN[2], id=str(db.new_id())) for _ in range(service.MOST_QUESTIONS + 1)]
    with pytest.raises(Refused, match="bank_full"):
        service.add_all(session, bank.id, many, by=by(author), now=clock.now())
    assert banks.count(session, bank.id) == 0


def test_the_page_says_what_each_format_cannot_hold(
    office: FlaskClient, session: Session, author: Person, bank: QuestionBank
) -> None:
    assert "書き出す問題がありません" in office.get(f"/banks/{bank.id}/files").text
    pair = (Pair("a", "1=1", "等しい"), Pair("b", "1<2", "小さい"))
    fill(session, bank, author, *MORE, replace(PLAIN[5], pairs=pair, is_partial=False))
    page = office.get(f"/banks/{bank.id}/files").text
    assert "2問は書き出せません：この形にない種類の問題です" in page
    assert "1問は書き出せません：表で左右を分ける「＝」が、左の項目にあります" in page
    assert "1問：配点がなくなります" in page
    assert office.get(f"/banks/{bank.id}/files/odd").status_code == 404
    blank = office.get("/banks/blank.xlsx")
    assert blank.data.startswith(b"PK")
    assert "空の表" in page


def test_every_code_of_files_has_its_words() -> None:
    assert set(findings.OF_READING) <= set(text.READING)
    assert set(findings.OF_WRITING) <= set(text.WRITING)
    assert set(text.FORMATS) == set(queries.FORMATS)
    assert set(sheets.KINDS.values()) == set(Kind)
