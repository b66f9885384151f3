"""The audit's page and file: found, told in words, taken along for a reason, itself audited."""

from __future__ import annotations

import csv
import io
import re
import uuid
from datetime import datetime, timedelta

import flask
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.actor import Grant, act_as_oneself, act_by
from app.kernel.audit import service as audit
from app.kernel.audit.models import AuditEvent
from app.kernel.audit.service import Origin, origin
from app.people.audit import queries, views
from app.people.audit.queries import Named, Wanted
from app.people.audit.text import Words
from app.people.permission.models import Role
from app.people.register.models import Person
from tests import factories
from tests.training.counting import statements

pytestmark = pytest.mark.requirement("SEC-07")


@pytest.fixture
def auditor(office: FlaskClient, session: Session) -> Person:
    """The auditor, signed in."""
    who = factories.person(session, "架空 監査子", number="00009", roles=(Role.AUDITOR,))
    factories.enter(office, session, who)
    return who


@pytest.fixture
def clerk(session: Session) -> Person:
    return factories.person(session, "架空 花子", number="00001", roles=(Role.OFFICE,))


def write(session: Session, action: str, by: Person | None, **more: object) -> AuditEvent:
    """Add a line as if a request of the office had done it, just now unless said otherwise."""
    token = origin.set(Origin(str(more.pop("address", "192.0.2.7")), "r1"))
    act_by([Grant(str(more.pop("role", "office")))])
    try:
        return audit.record(
            session,
            action,
            by=by.id if by else None,
            **{"now": clock.now(), "subject": ("person", None), **more},  # type: ignore[arg-type]
        )
    finally:
        origin.reset(token)
        act_as_oneself()


def rows(office: FlaskClient, **wanted: object) -> list[list[str]]:
    """Return the cells of the page's table."""
    answer = office.get("/audit", query_string=wanted)
    assert answer.status_code == 200
    return [
        [" ".join(cell.text_content().split()) for cell in row.xpath("./th|./td")]
        for row in html.fromstring(answer.text).xpath("//main//tbody/tr")
    ]


def done(office: FlaskClient, **wanted: object) -> list[str]:
    """Return what was done, in the page's words, but for the searches themselves."""
    return [row[2] for row in rows(office, **wanted) if row[2] != "監査記録を表示"]


# Who reads it.


def test_it_is_the_auditors_and_the_administrators(office: FlaskClient, session: Session) -> None:
    others = tuple(
        role for role in Role if role not in (Role.AUDITOR, Role.ADMINISTRATOR, Role.LEARNER)
    )
    factories.enter(office, session, factories.person(session, roles=others))
    assert office.get("/audit").status_code == 403
    assert office.post("/audit/export", data={"reason": "audit"}).status_code == 403
    assert "監査記録" not in office.get("/").text
    for role in (Role.AUDITOR, Role.ADMINISTRATOR):
        factories.enter(office, session, factories.person(session, roles=(role,)))
        page = office.get("/audit")
        assert page.status_code == 200
        assert '<a href="/audit"' in page.text


def test_reading_it_is_a_line_with_the_conditions_and_whom_it_named(
    office: FlaskClient, session: Session, auditor: Person, clerk: Person
) -> None:
    write(session, "people.listed", clerk)
    office.get("/audit", query_string={"by": "００００1", "address": " 192.0.2.7 "})
    line = session.scalars(sa.select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(1)).one()
    assert (line.action, line.actor_id, line.role) == ("audit.searched", auditor.id, "auditor")
    assert line.details == {
        "count": 1,
        "people": [str(clerk.id)],
        "filter": {"by": "００００1", "address": "192.0.2.7"},
    }


# What a line says.


@pytest.mark.requirement("SEC-13")
def test_a_line_says_when_who_as_which_role_for_whom_what_on_whom_and_from_where(
    office: FlaskClient, session: Session, auditor: Person, clerk: Person
) -> None:
    who, other = (
        factories.person(session, name, number=number)
        for name, number in (("架空 太郎", "00012"), ("架空 次郎", "00013"))
    )
    write(
        session,
        "person.changed",
        clerk,
        now=datetime(2026, 11, 23, 4, 0, 5, tzinfo=clock.JST),
        subject=("person", who.id),
        details={"name": ["旧姓 太郎", "架空 太郎"], "email": ["", "a@example.jp"]},
        for_id=other.id,
    )
    [row] = rows(office, by="00001")
    assert row == [
        "令和8年11月23日（月） 04:00:05",
        "00001 架空 花子役割：研修管理者代行・代理の相手：00013 架空 次郎",
        "職員の登録内容を変更",
        "00012 架空 太郎",
        "氏名：旧姓 太郎 → 架空 太郎メールアドレス：なし → a@example.jp",
        "192.0.2.7",
    ]


def test_things_of_the_wings_above_and_their_states_are_told_by_name(
    office: FlaskClient, session: Session, auditor: Person, clerk: Person
) -> None:
    material = factories.material(session, clerk, "基礎")
    run = factories.run(session, factories.training(session, "接遇研修"), materials=(material,))
    who = factories.person(session, "架空 太郎", number="00012")
    enrolment = factories.enrol(session, run, who)
    section = factories.section(session, "福祉課")
    write(
        session, "run.open", clerk, subject=("run", run.id), details={"from": "draft", "to": "open"}
    )
    write(
        session,
        "enrolment.revoke",
        clerk,
        subject=("enrolment", enrolment.id),
        details={"from": "decided", "to": "revoked", "people": [str(who.id)]},
    )
    write(
        session,
        "run.reported",
        clerk,
        subject=("run", run.id),
        details=audit.shown([who.id], total=7, standing="not_started", section=section.id),
    )
    write(session, "material.archived", clerk, subject=("material", material.id))
    archived, reported, revoked, opened = (row[2:5] for row in rows(office, by="00001"))
    name = f"接遇研修 第{run.number}回"
    assert opened == ["実施回の受講を開始", f"研修の実施回：{name}", "変更：準備中 → 実施中"]
    assert revoked[1:] == [
        f"受講の登録：{name}、00012 架空 太郎",
        "変更：受講決定 → 命令取消対象の人数：1人",
    ]
    assert reported[2] == "件数：1全体の件数：7条件：所属：福祉課、状態：未受講"
    assert archived == ["教材の使用を終了", "教材：基礎", "－"]


def test_nobody_the_system_and_who_is_gone_are_told_apart(
    office: FlaskClient, session: Session, auditor: Person
) -> None:
    write(session, "audit.verified", None, address="", role="", subject=("audit_event", None))
    write(session, "person.sign_in_failed", None, role="", details={"reason": "wrong"})
    stranger = Person(id=uuid.uuid4(), name="", name_key="")
    write(session, "person.viewed", stranger, role="", subject=("person", uuid.uuid4()))
    gone, failed, system = (row for row in rows(office) if row[2] != "監査記録を表示")
    assert [row[1] for row in (gone, failed, system)] == [
        "登録のない職員", "サインインしていない人", "システム",
    ]  # fmt: skip
    assert gone[3] == "登録のない職員"
    assert failed[4] == "理由：パスワードが違う"


def test_a_forgotten_line_says_so(
    office: FlaskClient, session: Session, auditor: Person, clerk: Person
) -> None:
    who = factories.person(session)
    details = {"name": ["秘密 旧", "秘密 新"]}
    write(session, "person.changed", clerk, subject=("person", who.id), details=details)
    audit.forget(session, "person", who.id, by=clerk.id, now=clock.now())
    page = office.get("/audit").text
    assert "記録の内容：消去済み" in page
    assert "秘密" not in page
    assert "監査記録の内容を消去" in page


def test_what_a_line_holds_is_shown_as_text(
    office: FlaskClient, session: Session, auditor: Person, clerk: Person
) -> None:
    details = audit.shown([], q="<script>x</script>")
    write(session, "people.listed", clerk, details=details)
    page = office.get("/audit").text
    assert "<script>x" not in page
    assert "&lt;script&gt;x" in page


def test_details_of_any_shape_are_told(office_app: flask.Flask) -> None:
    line = queries.Line(
        1, clock.now(), "x.unknown", None, "", None, "thing", None,
        {
            "from": {"a": 1, "b": True}, "to": {"a": 2, "b": True}, "sha256": "0", "odd": None,
            "size": 1200, "targets": ["甲", "乙", "丙"], "kind": "staff", "only": "error",
        },
        "", "", "",
    )  # fmt: skip
    with office_app.test_request_context("/"):
        shown = Words({}, {}, {}).shown(line)
    assert (shown.act, shown.subject) == ("x.unknown", "")
    assert dict(shown.details) == {
        "a": "1 → 2",
        "odd": "なし",
        "大きさ（バイト）": "1,200",
        "消去した項目": "甲、乙、丙",
        "種類": "職員",
        "表示": "誤り",
    }


# Searching.


def test_lines_are_found_by_period_people_act_role_and_address(
    office: FlaskClient, session: Session, auditor: Person, clerk: Person
) -> None:
    who = factories.person(session, "架空 太郎", number="00012")
    other = factories.person(session, "別人 三郎", number="00013")
    early = datetime(2026, 11, 1, 23, 59, 59, tzinfo=clock.JST)
    write(session, "person.viewed", clerk, subject=("person", who.id), now=early)
    late = early + timedelta(seconds=1)
    write(session, "people.listed", other, details=audit.shown([who.id]), now=late, role="head")
    write(session, "person.signed_in", other, address="198.51.100.1", role="", for_id=who.id)
    viewed, listed, entered = "職員の登録内容を表示", "職員の一覧を表示", "サインイン"
    every = [entered, listed, viewed]
    assert done(office) == every
    assert done(office, until="2026-11-01") == [viewed]
    assert done(office, since="2026-11-02", until="2026/11/02") == [listed]
    assert done(office, by="00013") == done(office, by="別人") == [entered, listed]
    assert done(office, about="00012") == done(office, about="太郎") == every
    assert done(office, by="架空花子", about="00012") == [viewed]
    assert done(office, act="person.viewed") == [viewed]
    assert done(office, act="group:people") == [listed, viewed]
    assert done(office, act="manner:listed") == [listed]
    assert done(office, role="head") == [listed]
    assert done(office, address="198.51.100.1") == [entered]
    assert done(office, act="person.viewed", role="head") == []
    assert "当てはまる記録はありません" in office.get("/audit?role=head&act=person.viewed").text


def test_what_cannot_be_read_is_told_at_its_field_and_kept(
    office: FlaskClient, session: Session, auditor: Person
) -> None:
    for number in range(51):
        factories.person(session, "多数 一族", number=f"9{number:04}")
    for field, value, sentence in (
        ("since", "昨日", "2026/11/23のように、年月日を入力してください。"),
        ("until", "2026-13-01", "2026/11/23のように、年月日を入力してください。"),
        ("by", "99999", "当てはまる職員がいません。"),
        ("about", "多数", "当てはまる職員が多すぎます。職員番号で指定してください。"),
        ("act", "person.unheard", "一覧から選んでください。"),
    ):
        page = office.get("/audit", query_string={field: value, "address": "192.0.2.9"})
        assert page.status_code == 200
        assert sentence in page.text
        assert 'value="192.0.2.9"' in page.text
        assert "条件を読み取れません" in page.text
    page = office.get("/audit?since=2026-11-02&until=2026-11-01").text
    assert "期間の始めより後の日にしてください。" in page
    lines = session.scalars(sa.select(AuditEvent.action)).all()
    assert "audit.searched" not in lines  # nothing was shown


@pytest.mark.parametrize(
    "query", ["before=99999999999999", "before=-1", "before=x", "by=%00", "address=%00a", "role=x"]
)
def test_an_odd_address_is_no_fault(office: FlaskClient, auditor: Person, query: str) -> None:
    assert office.get(f"/audit?{query}").status_code == 200


def test_older_lines_are_a_step_away_and_the_conditions_stay(
    office: FlaskClient, session: Session, auditor: Person, clerk: Person
) -> None:
    for number in range(120):
        write(session, "people.listed", clerk, details={"count": number})
    page = office.get("/audit?by=00001&act=people.listed")
    assert "監査記録（120件）" in page.text
    seen = []
    for _ in range(3):
        seen += re.findall(r"件数：(\d+)", page.text)
        older = re.search(r'href="(/audit\?[^"]*before=\d+)"', page.text)
        if older:
            assert "by=00001" in older[1]
            page = office.get(older[1].replace("&amp;", "&"))
    assert seen == [str(number) for number in range(119, -1, -1)]
    assert older is None
    assert 'href="/audit?by=00001&amp;act=people.listed"' in page.text


def test_counting_stops_where_nobody_waits_for_it(session: Session, clerk: Person) -> None:
    lines = [(("thing", None), None) for _ in range(30)]
    audit.record_many(session, "x", lines, by=clerk.id, now=clock.now())
    assert queries.counted(session, Wanted(), 100) == 30
    assert queries.counted(session, Wanted(), 20) == 21


def test_the_page_costs_the_same_statements_whatever_its_length(
    office: FlaskClient, session: Session, auditor: Person, clerk: Person
) -> None:
    run = factories.run(session)
    write(session, "run.viewed", clerk, subject=("run", run.id), details=audit.shown([clerk.id]))
    with statements(session) as few:
        office.get("/audit")
    for _ in range(40):
        who = factories.person(session)
        write(session, "person.viewed", who, subject=("person", clerk.id))
        write(session, "run.viewed", who, subject=("run", factories.run(session).id))
    with statements(session) as many:
        office.get("/audit")
    assert len(many) == len(few)


# The file.


def exported(office: FlaskClient, reason: str = "incident", **wanted: object) -> list[list[str]]:
    answer = office.post("/audit/export", query_string=wanted, data={"reason": reason})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["Content-Disposition"]
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_the_file_has_the_lines_and_ends_with_who_when_why_and_by_which_conditions(
    office: FlaskClient, session: Session, auditor: Person, clerk: Person
) -> None:
    who = factories.person(session, "架空 太郎", number="00012")
    line = write(session, "person.viewed", clerk, subject=("person", who.id))
    write(session, "people.listed", clerk, details=audit.shown([], q="=1+1"))
    head, listed, viewed, empty, *mark = exported(office, by="00001")
    assert head[:3] == ["記録番号", "操作日時", "操作した人"]
    assert viewed[0] == str(line.seq)
    assert viewed[2:8] == [
        "00001 架空 花子", "研修管理者", "", "職員の登録内容を表示", "person.viewed",
        "00012 架空 太郎",
    ]  # fmt: skip
    assert viewed[-1] == line.hash
    assert listed[8] == "件数：0、条件：検索の言葉：=1+1"
    assert empty == []
    assert [row[0] for row in mark] == ["出力者", "出力日時", "出力の理由", "条件", "件数"]
    assert [mark[place][1] for place in (0, 2, 3, 4)] == [
        "00009 架空 監査子", "事故調査", "操作した人：00001", "2",
    ]  # fmt: skip
    told = session.scalars(sa.select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(1)).one()
    assert (told.action, told.actor_id, told.role) == ("audit.exported", auditor.id, "auditor")
    assert told.details == {
        "count": 2,
        "reason": "incident",
        "people": [str(clerk.id), str(who.id)],
        "filter": {"by": "00001"},
    }


@pytest.mark.parametrize("reason", ["", "curiosity"])
def test_without_a_reason_nothing_is_taken_along(
    office: FlaskClient, session: Session, auditor: Person, reason: str
) -> None:
    write(session, "x", None)
    answer = office.post("/audit/export?address=192.0.2.7", data={"reason": reason})
    assert answer.status_code == 422
    assert "出力の理由を選んでください。" in answer.text
    assert 'value="192.0.2.7"' in answer.text
    assert "audit.exported" not in session.scalars(sa.select(AuditEvent.action)).all()


def test_more_lines_than_a_file_takes_are_refused_with_what_to_do(
    office: FlaskClient, session: Session, auditor: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "MOST_EXPORTED", 2)
    for _ in range(3):
        write(session, "x", None)
    answer = office.post("/audit/export", data={"reason": "audit"})
    assert answer.status_code == 422
    assert "当てはまる記録が2件を超えています" in answer.text


def test_somebody_is_named_as_of_today(session: Session) -> None:
    who = factories.person(session, "架空 太郎", number="00012")
    who.left_on = factories.LONG_AGO
    session.flush()
    assert queries.named(session, [who.id, uuid.uuid4()]) == {who.id: Named("00012", "架空 太郎")}
