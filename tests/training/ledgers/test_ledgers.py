"""Old ledgers: a file is checked, its trainings are found among ours, and it is taken in once."""

from __future__ import annotations

import base64
import io
import time
import zlib
from datetime import date

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy.orm import Session

from app.kernel.audit.models import AuditEvent
from app.kernel.db import new_id
from app.kernel.settings import Settings
from app.people.permission.models import Role
from app.people.register.models import Person, StaffNumber
from app.training.ledgers.forms import packed, unpacked
from app.training.ledgers.models import LedgerEntry, LedgerImport
from app.training.ledgers.queries import Entry
from tests import factories
from tests.protection.test_c02_originals import kept_anywhere
from tests.training.counting import rows as count_of

pytestmark = pytest.mark.requirement("HIS-07")
HEAD = "職員番号,氏名,研修名,年度,修了日,結果,所属,職名\n"


@pytest.fixture
def clerk(office: FlaskClient, session: Session) -> Person:
    """A person of the training office, signed in."""
    who = factories.person(session, "研修 次郎", roles=(Role.OFFICE,))
    factories.enter(office, session, who)
    return who


@pytest.fixture
def hanako(session: Session) -> Person:
    return factories.person(session, "髙橋 花子", number="00501")


def send(office: FlaskClient, rows: str, **more: str) -> html.HtmlElement:
    """Have a file checked, and return the page."""
    body = (HEAD + rows).encode("utf-8-sig")
    answer = office.post("/ledgers/check", data={"file": (io.BytesIO(body), "台帳.csv"), **more})
    assert answer.status_code in (200, 422)
    return html.document_fromstring(answer.text)


def commit(office: FlaskClient, page: html.HtmlElement, **chosen: str) -> str:
    """Take in what a page of a check says, and return where that leads."""
    (form,) = page.xpath("//form[@action='/ledgers']")
    answer = office.post("/ledgers", data={**dict(form.form_values()), **chosen})
    assert answer.status_code == 303
    return office.get(answer.headers["Location"]).text


def findings(page: html.HtmlElement) -> list[tuple[str, str]]:
    rows = page.xpath("//table[caption='取り込まない行']/tbody/tr")
    said = [[cell.text_content().strip() for cell in row] for row in rows]
    return [(cells[0], cells[4]) for cells in said]


def test_a_ledger_is_checked_its_trainings_are_found_and_it_is_taken_in(
    office: FlaskClient, session: Session, clerk: Person, hanako: Person
) -> None:
    same = factories.training(session, "パソコン研修")
    alike = factories.training(session, "接遇応対研修")
    factories.training(session, "防災訓練")
    page = send(
        office,
        "00501,高橋花子,ﾊﾟｿｺﾝ研修,平成31年度,,,旧総務課,主事\n"
        "00501,,接遇応対基礎研修,,R2.6.1,修了,,\n"
        "00501,,珠算講習,2001,,×,,\n",
    )
    assert "1人の3件の履歴を取り込みます" in page.text_content()
    assert count_of(session, LedgerEntry) == 0
    offered = {
        select.get("aria-label"): (
            select.xpath("option[@selected]/@value"),
            select.xpath("option/@value"),
        )
        for select in page.xpath("//select")
        if select.get("aria-label")
    }
    assert offered["「ﾊﾟｿｺﾝ研修」に当たる研修"][0] == [str(same.id)]
    assert offered["「接遇応対基礎研修」に当たる研修"] == ([], ["", str(alike.id)])
    assert offered["「珠算講習」に当たる研修"] == ([], [""])
    titles = sorted(["ﾊﾟｿｺﾝ研修", "接遇応対基礎研修", "珠算講習"])
    place = titles.index("接遇応対基礎研修")
    assert "3件の履歴を取り込みました" in commit(office, page, **{f"title-{place}": str(alike.id)})
    entries = {row.title: row for row in session.scalars(sa.select(LedgerEntry))}
    assert {title: row.training_id for title, row in entries.items()} == {
        "ﾊﾟｿｺﾝ研修": same.id,
        "接遇応対基礎研修": alike.id,
        "珠算講習": None,
    }
    first = entries["ﾊﾟｿｺﾝ研修"]
    assert (first.fiscal_year, first.completed_on, first.section) == (2019, None, "旧総務課")
    assert entries["接遇応対基礎研修"].completed_on == date(2020, 6, 1)
    assert not entries["珠算講習"].is_completed
    told = session.scalars(sa.select(AuditEvent).where(AuditEvent.action.like("ledger.%"))).all()
    assert {line.action for line in told} == {"ledger.checked", "ledger.taken_in"}
    assert all(line.details["people"] == [str(hanako.id)] for line in told)
    assert "髙橋 花子" not in office.get("/ledgers").text


def test_lines_that_cannot_be_taken_say_why(
    office: FlaskClient, session: Session, clerk: Person, hanako: Person
) -> None:
    page = send(
        office,
        "99999,,研修,2019,,,,\n"
        "501,,研修,2019,,,,\n"
        "00501,佐藤 花子,研修,2019,,,,\n"
        "00501,,研修,,,,,\n"
        "00501,,研修,いつか,,,,\n"
        "00501,,研修,2019,2021/5/1,,,\n"
        "00501,,研修,,2021/13/1,,,\n"
        "00501,,研修,2019,,たぶん,,\n"
        "00501,,,2019,,,,\n",
    )
    assert findings(page) == [
        ("2", "この職員番号の職員はいません"),
        ("3", "先頭の0が抜けているようです"),
        ("4", "氏名が登録と違います"),
        ("5", "年度も修了日もありません"),
        ("6", "年度として読み取れません"),
        ("7", "年度が修了日と合いません"),
        ("8", "日付として読み取れません"),
        ("9", "結果として読み取れません"),
        ("10", "値がありません"),
    ]
    assert "取り込める行がありません" in page.text_content()
    again = send(office, "00501,佐藤 花子,研修,2019,,,,\n", takes_others="y")
    assert findings(again) == []


def test_a_number_that_two_had_is_whose_it_was_on_the_day(
    office: FlaskClient, session: Session, clerk: Person, hanako: Person
) -> None:
    later = factories.person(session, "後の 人", number="00777")
    session.query(StaffNumber).filter_by(number="00501").one().valid_to = date(2022, 3, 31)
    session.add(StaffNumber(person_id=later.id, number="00501", valid_from=date(2022, 4, 1)))
    session.flush()
    page = send(office, "00501,,研修,2021,,,,\n00501,,研修,2023,,,,\n00501,,研修,2010,,,,\n")
    assert findings(page) == [("4", "この職員番号を使っていた人が2人以上います")]
    commit(office, page)
    found = {row.fiscal_year: row.person_id for row in session.scalars(sa.select(LedgerEntry))}
    assert found == {2021: hanako.id, 2023: later.id}


def test_the_same_file_twice_adds_nothing_twice_and_an_import_is_taken_back_whole(
    office: FlaskClient, session: Session, clerk: Person, hanako: Person
) -> None:
    rows = "00501,,研修,2019,,,,\n00501,,研修,2019,,,,\n00501,,研修,2019,2019/5/1,,,\n"
    page = send(office, rows)
    assert "1行は、すでに取り込まれているか" in page.text_content()
    commit(office, page)
    assert count_of(session, LedgerEntry) == 2
    assert "もう取り込まれています" in commit(office, page)
    assert "すべての行が、すでに取り込まれています" in send(office, rows).text_content()
    more = send(office, "00501,,研修,2020,,,,\n")
    commit(office, more)
    assert count_of(session, LedgerImport) == 2
    first = session.scalars(sa.select(LedgerImport).order_by(LedgerImport.created_at)).first()
    assert first
    answer = office.post(f"/ledgers/{first.id}/take-back")
    assert "取込を取り消し、2件の履歴を消しました" in office.get(answer.headers["Location"]).text
    (left,) = session.scalars(sa.select(LedgerEntry))
    assert left.fiscal_year == 2020
    assert office.post(f"/ledgers/{first.id}/take-back").status_code == 404
    (line,) = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "ledger.taken_back"))
    assert (line.details["count"], line.details["lines"]) == (1, 2)


def test_nothing_of_a_file_is_left_after_its_check(
    office: FlaskClient, session: Session, clerk: Person, hanako: Person, settings: Settings
) -> None:
    send(office, "00501,カクウノヨミ,台帳だけの研修,2019,,,,\n")
    for words in ("カクウノヨミ", "台帳だけの研修"):
        assert kept_anywhere(session, settings.instance, words) == []


def test_what_was_tampered_with_or_has_changed_is_refused(
    office: FlaskClient, session: Session, clerk: Person, hanako: Person
) -> None:
    entry = Entry(2, "00501", "研修", 2019, None, True, "", "")
    assert unpacked(packed([entry])) == [entry]
    gone = Entry(2, "00502", "研修", 2019, None, True, "", "")
    for lines in ("", "x", "!!!", "eJw=", packed([gone])):
        answer = office.post("/ledgers", data={"lines": lines, "file_name": "x"})
        assert answer.status_code == 422, lines
    beyond = {"lines": packed([entry]), "file_name": "x", "title-0": str(new_id())}
    assert office.post("/ledgers", data=beyond).status_code == 422
    assert count_of(session, LedgerEntry) == 0


def test_files_that_cannot_be_read_say_why_and_the_blank_one_can(
    office: FlaskClient, clerk: Person
) -> None:
    for body, said in ((b"a,b\n1,2\n", "必要な列がありません"), (b"\xd0\xcf\x11\xe0", "古い形式")):
        answer = office.post("/ledgers/check", data={"file": (io.BytesIO(body), "x.csv")})
        assert answer.status_code == 422
        assert said in answer.text
    assert office.post("/ledgers/check").status_code == 422
    assert office.get("/ledgers/blank.xlsx").data.startswith(b"PK")


def test_ledgers_are_the_whole_offices(office: FlaskClient, session: Session) -> None:
    for role in (Role.ORGANISER, Role.ADMINISTRATOR):
        factories.enter(office, session, factories.person(session, roles=(role,)))
        assert office.get("/ledgers").status_code == 403


def test_ten_thousand_lines_take_seconds(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    section = factories.section(session)
    for number in range(50):
        factories.person(session, f"架空 {number}", number=f"7{number:04}", section=section)
    for number in range(60):
        factories.training(session, f"第{number}期 職層別の研修")
    rows = "".join(
        f"7{line % 50:04},,第{line % 80}期職層研修,{1970 + line // 400},,,総務課,\n"
        for line in range(10_000)
    )
    began = time.monotonic()
    page = send(office, rows)
    commit(office, page)
    took = time.monotonic() - began
    assert count_of(session, LedgerEntry) == 10_000
    assert took < 15


def carried(text: str) -> str:
    """Return a text as a page carries lines."""
    return base64.urlsafe_b64encode(zlib.compress(text.encode())).decode()


@pytest.mark.parametrize(
    "said", ["", "x", "é", *map(carried, ("7", "[7]", "[[]]", "[{}]", "[[1, 2]]", "[" * 100_000))]
)
def test_what_no_check_has_packed_is_told_so(
    office: FlaskClient, session: Session, clerk: Person, said: str
) -> None:
    assert clerk
    answer = office.post("/ledgers", data={"lines": said, "file_name": "台帳.csv"})
    assert answer.status_code == 422
    assert session.scalars(sa.select(LedgerEntry)).all() == []
