"""One's own history: a line an enrolment and a line of each old ledger, by fiscal year."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.audit.models import AuditEvent
from app.people.register.models import Person, Title
from app.people.sections import service as sections
from app.reports.history import queries
from app.training.certificates.models import Certificate
from app.training.decisions.models import Decision
from app.training.enrolment.models import Enrolment
from app.training.ledgers.models import LedgerEntry, LedgerImport
from tests import factories
from tests.reports.test_views import take
from tests.training.counting import statements
from tests.training.orders.test_papers import words

AT = datetime(2026, 11, 23, 4, 0, tzinfo=clock.UTC)


@pytest.fixture
def learner(office: FlaskClient, session: Session) -> Person:
    """A learner of 総務課, signed in."""
    where = factories.section(session, "総務課")
    who = factories.person(session, "架空 花子", number="Q0100", section=where)
    factories.enter(office, session, who)
    return who


def decided(session: Session, enrolment: Enrolment, *outcomes: bool) -> Decision:
    """Decide on an enrolment as often as there are outcomes, and return the last decision."""
    rows = [
        Decision(
            enrolment_id=enrolment.id,
            number=number,
            is_completed=outcome,
            rule={},
            facts={},
            decided_at=AT,
        )
        for number, outcome in enumerate(outcomes, 1)
    ]
    session.add_all(rows)
    session.flush()
    return rows[-1]


def certified(session: Session, enrolment: Enrolment, number: int, **more: object) -> Certificate:
    """Decide that somebody completed a training, and issue a certificate."""
    row = Certificate(
        fiscal_year=2026,
        number=number,
        enrolment_id=enrolment.id,
        decision_id=decided(session, enrolment, True).id,
        document={},
        issued_on=clock.today(AT),
        check_code=f"code-{number}",
        issued_at=AT,
        **more,
    )
    session.add(row)
    session.flush()
    return row


def ledger(session: Session, who: Person, title: str, year: int = 2019) -> LedgerEntry:
    """Take in one line of an old ledger."""
    file = LedgerImport(file_name="台帳.csv", created_by=who.id, created_at=AT)
    session.add(file)
    session.flush()
    row = LedgerEntry(
        import_id=file.id,
        person_id=who.id,
        title=title,
        fiscal_year=year,
        completed_on=date(year, 6, 1),
        is_completed=True,
        section="旧庶務課",
        job_title="主事補",
    )
    session.add(row)
    session.flush()
    return row


def file_of(office: FlaskClient, query: str = "") -> list[dict[str, str]]:
    """Return the lines of one's own file."""
    body = office.get(f"/history.csv{query}").data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(body, newline="")))


@pytest.mark.requirement("HIS-01")
def test_a_line_tells_year_training_result_and_certificate_with_materials_beneath(
    office: FlaskClient, session: Session, learner: Person
) -> None:
    run = factories.run(session, materials=(factories.material(session, learner, "基礎"),))
    record = take(session, run, learner, "passed")
    enrolment = session.scalars(sa.select(Enrolment)).one()
    proof = certified(session, enrolment, 12)
    page = html.document_fromstring(office.get("/history").text)
    year = clock.fiscal_year_name(clock.fiscal_year(run.learn_from))
    assert [each.text_content().strip() for each in page.xpath("//main//h2")] == [year]
    (row,) = page.xpath("//main//tbody/tr")
    said = " ".join(row.text_content().split())
    for told in ("情報セキュリティ研修", "修了", "83.5", "第12号", "総務課 主事", "eラーニング"):
        assert told in said, told
    assert "令和8年11月23日" in said
    assert row.xpath(".//details//a/@href") == [f"/history/{record}"]
    assert row.xpath(".//td//a/@href") == [f"/certificates/{proof.id}.pdf"]
    (line,) = file_of(office)
    assert (line["結果"], line["修了証の番号"], line["当時の所属"]) == ("修了", "2026-12", "総務課")
    assert (line["決まった日"], line["得点"], line["出典"]) == (
        "2026/11/23", "83.5", "このシステム",
    )  # fmt: skip


@pytest.mark.requirement("HIS-01")
def test_the_newest_decision_holds_and_without_one_the_state_speaks(
    session: Session, learner: Person
) -> None:
    said = {}
    for state, outcomes in (
        ("completed", (True, False)),
        ("completed", ()),
        ("not_completed", ()),
        ("awaiting", ()),
        ("exempted", ()),
        ("decided", ()),
    ):
        run = factories.run(session, factories.training(session, f"{state}{len(outcomes)}"))
        decided(
            session, factories.enrol(session, run, learner, state=state), *outcomes
        ) if outcomes else factories.enrol(session, run, learner, state=state)
    draft = factories.run(session, factories.training(session, "準備中"), state="draft")
    factories.enrol(session, draft, learner)
    said = {line.training: line.result for line in queries.history(session, learner.id)}
    assert said == {
        "completed2": "not_completed",
        "completed0": "decided_completed",
        "not_completed0": "not_completed",
        "awaiting0": "awaiting",
        "exempted0": "exempted",
        "decided0": "not_started",
    }


def test_a_certificate_that_was_revoked_is_not_told(session: Session, learner: Person) -> None:
    enrolment = factories.enrol(session, factories.run(session), learner, state="completed")
    certified(session, enrolment, 1, revoked_at=AT)
    (line,) = queries.history(session, learner.id)
    assert line.certificate is None


@pytest.mark.requirement("HIS-06")
def test_section_and_title_are_as_they_were_whatever_became_of_them(
    office: FlaskClient, session: Session, learner: Person
) -> None:
    run = factories.run(session)
    enrolment = factories.enrol(session, run, learner)
    enrolment.decided_at = datetime(2024, 5, 1, tzinfo=clock.UTC)
    sections.change(
        session,
        enrolment.section_id,
        on=date(2025, 4, 1),
        name="総務人事課",
        parent_id=None,
        position=1,
    )
    session.add(Title(name="係長", rank_order=20))
    session.flush()
    (line,) = file_of(office)
    assert (line["当時の所属"], line["当時の職名"]) == ("総務課", "主事")
    enrolment.decided_at = AT
    session.flush()
    assert file_of(office)[0]["当時の所属"] == "総務人事課"


@pytest.mark.requirement("HIS-01", "HIS-07")
def test_old_ledgers_are_marked_and_a_history_is_narrowed_by_year_and_words(
    office: FlaskClient, session: Session, learner: Person
) -> None:
    factories.enrol(session, factories.run(session), learner)
    ledger(session, learner, "ﾊﾟｿｺﾝ研修")
    ledger(session, factories.person(session), "他人の研修")
    page = office.get("/history").text
    assert "過去の台帳" in page
    assert "旧庶務課　主事補" in page
    assert "他人の研修" not in page
    for query in ("?year=2019", "?q=パソコン"):
        assert [line["研修名"] for line in file_of(office, query)] == ["ﾊﾟｿｺﾝ研修"]
        narrowed = html.document_fromstring(office.get(f"/history{query}").text)
        assert len(narrowed.xpath("//main//tbody/tr")) == 1
        assert f"/history.pdf{query}" in " ".join(narrowed.xpath("//main//a/@href")).replace(
            "%E3%83%91%E3%82%BD%E3%82%B3%E3%83%B3", "パソコン"
        )
    assert "当てはまる研修がありません" in office.get("/history?q=無い").text
    assert "当てはまる研修がありません" in office.get("/history?year=1999").text


@pytest.mark.requirement("HIS-01", "HIS-10")
def test_the_paper_says_the_same_and_each_file_leaves_a_line_with_count_and_filter(
    office: FlaskClient, session: Session, learner: Person
) -> None:
    learner.name = "𠮷葛󠄀 花子"
    certified(session, factories.enrol(session, factories.run(session), learner), 7)
    ledger(session, learner, "接遇研修😀")
    answer = office.get("/history.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    (said,) = words(answer.data)
    for told in ("受講履歴", "総務課", "情報セキュリティ研修", "修了", "2026-7", "接遇研修〔",
                 "（過去の台帳）", "令和元年度"):  # fmt: skip
        assert told in said, told
    office.get("/history.pdf?year=2019")
    lines = session.scalars(
        sa.select(AuditEvent)
        .where(AuditEvent.action == "history.exported")
        .order_by(AuditEvent.seq)
    ).all()
    assert [line.details for line in lines] == [
        {"count": 2},
        {"count": 1, "filter": {"year": 2019}},
    ]


def test_a_history_of_nothing_is_a_paper_too(office: FlaskClient, learner: Person) -> None:
    (said,) = words(office.get("/history.pdf").data)
    assert "受講した研修はありません。" in said


def test_a_long_history_takes_as_many_statements_as_a_short_one(
    office: FlaskClient, session: Session, learner: Person
) -> None:
    def take_some(count: int) -> None:
        for number in range(count):
            material = factories.material(session, learner, f"教材{number}")
            run = factories.run(session, factories.training(session), materials=(material,))
            take(session, run, learner, "completed")
            ledger(session, learner, f"台帳{number}")

    def count() -> int:
        with statements(session) as seen:
            assert len(queries.history(session, learner.id)) > 0
        return len(seen)

    take_some(1)
    assert count() == 6
    take_some(10)
    assert count() == 6
    with statements(session) as seen:
        assert office.get("/history").status_code == 200
    assert len(seen) <= 20
