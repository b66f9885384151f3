"""Reports: who has and who has not, files of it, and one's own history."""

from __future__ import annotations

import csv
import io
import uuid

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.audit.models import AuditEvent
from app.learning.records.models import Attempt, LearnerRecord
from app.learning.traces.models import TraceLines
from app.people.permission.models import Role
from app.people.register.models import Person
from app.people.sections import service as sections
from app.reports import text
from app.training.enrolment.models import Enrolment
from app.training.plans.models import Run, RunItem
from scorm import structure
from scorm.edition import Edition
from tests import factories
from tests.learning import made
from tests.training.counting import statements

HARD = "髙﨑 𠮷葛󠄀"


@pytest.fixture
def clerk(session: Session, office: FlaskClient) -> Person:
    """A person of the training office, signed in."""
    who = factories.person(session, "研修 次郎", roles=(Role.OFFICE,))
    factories.enter(office, session, who)
    return who


def take(session: Session, run: Run, who: Person, status: str | None = None) -> uuid.UUID:
    """Enrol somebody, with a record of the first component where there is a status."""
    enrolment = factories.enrol(session, run, who)
    if status is None:
        return uuid.UUID(int=0)
    row = LearnerRecord(
        person_id=who.id,
        material_id=session.scalars(
            sa.select(RunItem.material_id)
            .where(RunItem.run_id == run.id)
            .order_by(RunItem.position)
        ).first(),
        assignment_id=factories.assignment_of(session, enrolment),
        status=status,
        score=83.5 if status in ("passed", "failed") else None,
        seconds=4805.0,
        started_at=clock.now(),
        completed_at=clock.now() if status in ("passed", "completed") else None,
    )
    session.add(row)
    session.flush()
    return row.id


@pytest.fixture
def run(session: Session, clerk: Person) -> Run:
    """A run of one material, with four people of two sections in four states."""
    row = factories.run(session, materials=(factories.material(session, clerk, "基礎"),))
    first, second = factories.section(session, "総務課"), factories.section(session, "税務課")
    take(session, row, factories.person(session, HARD, number="Q0001", section=first), "passed")
    take(
        session,
        row,
        factories.person(session, "架空 中子", number="Q0002", section=first),
        "failed",
    )
    take(session, row, factories.person(session, "=架空()", number="Q0003", section=second))
    out = factories.person(session, "架空 外子", number="Q0004", section=second)
    factories.enrol(session, row, out, state="revoked")
    return row


def table(body: bytes, codec: str) -> list[list[str]]:
    """Return the lines of a file above the mark of who took it."""
    lines = list(csv.reader(io.StringIO(body.decode(codec), newline="")))
    return lines[: lines.index([])] if [] in lines else lines


def test_the_report_counts_by_section_and_lists_who_has_and_who_has_not(
    office: FlaskClient, run: Run
) -> None:
    page = office.get(f"/reports/runs/{run.id}").text
    assert "3人中 1人（33%）" in page
    assert "総務課の受講率" in page
    assert HARD in page
    assert "不合格" in page
    assert "架空 外子" not in page
    assert "1時間20分" in page


# The list by training, and its filter; reminders are sent elsewhere.
@pytest.mark.requirement("HIS-03")
@pytest.mark.parametrize(
    ("standing", "number"),
    [("not_started", "Q0003"), ("in_progress", "Q0002"), ("completed", "Q0001")],
)
def test_the_report_filters_who_has_not_begun_is_at_it_or_is_done(
    office: FlaskClient, run: Run, standing: str, number: str
) -> None:
    page = office.get(f"/reports/runs/{run.id}?standing={standing}").text
    shown = [found for found in ("Q0001", "Q0002", "Q0003") if f">{found}<" in page]
    assert shown == [number]


def test_the_report_costs_the_same_statements_whatever_its_size(
    office: FlaskClient, session: Session, run: Run
) -> None:
    with statements(session) as few:
        office.get(f"/reports/runs/{run.id}")
    section = factories.section(session)
    for _ in range(30):
        take(session, run, factories.person(session, section=section), "completed")
    with statements(session) as many:
        office.get(f"/reports/runs/{run.id}")
    assert len(many) == len(few)
    lists = [
        text for text in many if "ORDER BY section_version.position" in text and "LIMIT" in text
    ]
    assert len(lists) == 1


def test_reading_and_exporting_a_report_are_audited_with_count_and_filter(
    office: FlaskClient, session: Session, run: Run, clerk: Person
) -> None:
    office.get(f"/reports/runs/{run.id}?standing=not_started")
    office.get(f"/reports/runs/{run.id}.csv?reason=progress")
    lines = session.scalars(sa.select(AuditEvent).where(AuditEvent.subject_id == run.id)).all()
    assert [(line.action, line.actor_id, line.role) for line in lines] == [
        ("run.reported", clerk.id, "office"),
        ("run.exported", clerk.id, "office"),
    ]
    seen, taken = (line.details for line in lines)
    assert (seen["count"], seen["total"]) == (1, 1)
    assert seen["filter"] == {"standing": "not_started"}
    assert (taken["count"], taken["reason"]) == (4, "progress")
    enrolled = session.scalars(sa.select(Enrolment.person_id).where(Enrolment.run_id == run.id))
    assert taken["people"] == sorted(map(str, enrolled))


def test_the_file_is_utf_8_for_excel_and_holds_no_formula(office: FlaskClient, run: Run) -> None:
    answer = office.get(f"/reports/runs/{run.id}.csv?reason=progress")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["Content-Disposition"]
    head, *rows = table(answer.data, "utf-8-sig")
    assert head[:3] == ["職員番号", "氏名", "所属"]
    assert [row[:7] for row in rows] == [
        ["Q0001", HARD, "総務課", "主事", "基礎", "合格", "83.5"],
        ["Q0002", "架空 中子", "総務課", "主事", "基礎", "不合格", "83.5"],
        ["Q0003", "'=架空()", "税務課", "主事", "基礎", "未受講", ""],
        ["Q0004", "架空 外子", "税務課", "主事", "基礎", "命令取消", ""],
    ]
    assert rows[0][7] == "1:20:05"


# The encodings and the count of what is lost.
@pytest.mark.requirement("HIS-08")
def test_the_file_is_cp932_when_asked_and_the_page_says_what_is_lost(
    office: FlaskClient, session: Session, run: Run
) -> None:
    address = f"/reports/runs/{run.id}.csv?reason=progress&encoding=cp932&standing=completed"
    first = html.document_fromstring(office.get(address).text)
    assert "Shift_JISで書けない文字が1行にあります" in first.text_content()
    cells = [each.text_content().strip() for each in first.xpath("//main//tbody/tr/*")]
    assert cells == ["2", "氏名", HARD, "髙﨑 〓葛"]
    whole, replaced = first.xpath("//main//a[contains(@href, 'encoding=')]/@href")
    path = address.partition("?")[0]
    assert table(office.get(path + whole).data, "utf-8-sig")[1][1] == HARD
    rows = table(office.get(path + replaced).data, "cp932")
    assert [row[1] for row in rows] == ["氏名", "髙﨑 〓葛"]
    told = session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.seq))
    assert list(told) == ["export.checked", "run.exported", "run.exported"]
    assert "1人の氏名に書けない文字があります。" in office.get(f"/reports/runs/{run.id}").text


def test_an_unknown_encoding_is_refused(office: FlaskClient, run: Run) -> None:
    assert (
        office.get(f"/reports/runs/{run.id}.csv?reason=progress&encoding=ebcdic").status_code == 422
    )


def test_a_run_of_several_materials_tells_of_each_in_the_file(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    materials = tuple(factories.material(session, clerk, title) for title in ("一つ目", "二つ目"))
    run = factories.run(session, materials=materials)
    take(session, run, factories.person(session, number="Q0005"), "completed")
    _, *rows = table(office.get(f"/reports/runs/{run.id}.csv?reason=progress").data, "utf-8-sig")
    assert [(row[4], row[5]) for row in rows] == [("一つ目", "完了"), ("二つ目", "未受講")]
    page = office.get(f"/reports/runs/{run.id}").text
    assert "教材 1/2" in page
    assert "1人中 0人（0%）" in page


def test_a_report_of_nobody_says_so(office: FlaskClient, session: Session, clerk: Person) -> None:
    page = office.get(f"/reports/runs/{factories.run(session).id}").text
    assert "まだ受講者がいません" in page


def test_reports_are_the_offices(office: FlaskClient, session: Session, run: Run) -> None:
    who = factories.person(session)
    factories.enter(office, session, who)
    for path in (
        f"/reports/runs/{run.id}",
        f"/reports/runs/{run.id}.csv",
        f"/history/people/{who.id}",
    ):
        assert office.get(path).status_code == 403


# The screen and the CSV of it.
@pytest.mark.requirement("HIS-01")
def test_a_history_is_ones_own_on_screen_and_as_a_file(
    office: FlaskClient, session: Session, run: Run
) -> None:
    who = factories.person(session)
    take(session, run, who, "completed")
    factories.enter(office, session, who)
    page = office.get("/history").text
    assert "基礎" in page
    assert page.count("<tr>") == 2
    _, *rows = table(office.get("/history.csv").data, "utf-8-sig")
    assert [(row[1], row[6]) for row in rows] == [("情報セキュリティ研修", "完了")]


def test_an_empty_history_says_what_to_do(office: FlaskClient, session: Session) -> None:
    factories.enter(office, session, factories.person(session))
    assert "まだ受講した研修がありません" in office.get("/history").text


def test_a_record_is_its_persons_and_the_offices_and_nobody_elses(
    office: FlaskClient, session: Session, run: Run, clerk: Person
) -> None:
    who = factories.person(session, "架空 花子")
    key = take(session, run, who, "passed")
    page = office.get(f"/history/{key}").text
    assert "架空 花子さんの受講履歴" in page
    seen = session.scalars(sa.select(AuditEvent).where(AuditEvent.subject_id == key)).all()
    assert [(line.action, line.actor_id) for line in seen] == [("record.viewed", clerk.id)]
    assert "基礎" in office.get(f"/history/people/{who.id}").text
    factories.enter(office, session, who)
    own = office.get(f"/history/{key}")
    assert own.status_code == 200
    assert "83.5点" in own.text
    factories.enter(office, session, factories.person(session))
    assert office.get(f"/history/{key}").status_code == 404
    assert office.get(f"/history/{uuid.uuid4()}").status_code == 404


def course(title: str) -> dict[str, object]:
    """Return the document of a manifest with one item to launch."""
    item = structure.Item("I1", title, "R1", "index.html", "sco")
    resource = structure.Resource("R1", "index.html", "sco", ("index.html",), ())
    organization = structure.Organization("O1", title, (item,))
    return structure.to_document(
        structure.Manifest(Edition.SCORM_12, "1.2", "M1", "O1", (organization,), (resource,))
    )


def test_a_record_tells_attempts_parts_and_answers(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    who = factories.person(session)
    material = factories.material(session, clerk, "基礎", manifest=course("はじめに"))
    run = factories.run(session, materials=(material,))
    key = factories.assignment_of(session, factories.enrol(session, run, who))
    factories.enter(office, session, who)
    answer = office.post(f"/assignments/{key}/launch")
    assert answer.status_code == 303
    assert answer.location.startswith("http://")
    attempt = session.scalars(sa.select(Attempt)).one()
    place = "cmi.interactions.0"
    attempt.document = {
        "current": "I1",
        "items": {
            "I1": {
                "session": "suspended",
                "counts": {"cmi.interactions": 1, f"{place}.correct_responses": 1},
                "values": {
                    "cmi.core.lesson_status": "incomplete",
                    f"{place}.id": "設問1",
                    f"{place}.type": "choice",
                    f"{place}.student_response": "a",
                    f"{place}.correct_responses.0.pattern": "b",
                    f"{place}.result": "wrong",
                    f"{place}.latency": "00:01:05",
                },
            }
        },
    }
    session.flush()
    page = office.get(f"/history/{attempt.record_id}").text
    for told in ("はじめに", "1回目", "設問1", "不正解", ">a<", ">b<", "1分"):
        assert told in page, told
    assert "1回目" in office.get(f"/assignments/{key}").text


def begun(session: Session, who: Person, **facts: object) -> Attempt:
    """Begin a course of SCORM 2004 of one SCO, whose manifest says this of it."""
    version = made.version(session, made.sco("A", **facts), edition="2004-4")
    sitting = made.launched(session, version, clock.now(), person_id=who.id)
    sitting.go()
    session.flush()
    return sitting.attempt


OPERATIONS = ("研修担当の操作", "最初からやり直せるようにする", "動作の記録をとる<")


def test_the_office_finds_on_a_record_what_it_may_do_with_it_and_its_learner_does_not(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    who = factories.person(session, "架空 花子")
    attempt = begun(session, who)
    address = f"/history/{attempt.record_id}"
    page = office.get(address).text
    for words in OPERATIONS:
        assert words in page, words
    assert f'action="/records/{attempt.record_id}/reset"' in page
    assert f'name="back" value="{address}"' in page
    factories.enter(office, session, who)
    own = office.get(address).text
    for words in OPERATIONS:
        assert words not in own, words


def test_only_what_is_shared_can_be_forgotten(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    who = factories.person(session)
    words = "共有している到達状況を消す"
    assert words not in office.get(f"/history/{begun(session, who).record_id}").text
    sharing = begun(session, who, shared_data=(structure.DataMap("notes"),))
    page = office.get(f"/history/{sharing.record_id}").text
    assert words in page
    assert f'action="/records/{sharing.record_id}/forget"' in page


def test_the_log_is_switched_and_read_from_the_record(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    attempt = begun(session, factories.person(session))
    address = f"/history/{attempt.record_id}"
    log = f'href="/traces/{attempt.id}"'
    assert log not in office.get(address).text
    office.post(f"/records/{attempt.record_id}/trace", data={"on": "1", "back": address})
    session.add(TraceLines(attempt_id=attempt.id, at=clock.now(), source="sequencer", lines=[]))
    session.flush()
    page = office.get(address).text
    assert "動作の記録をとるのをやめる" in page
    assert log in page


def test_an_attempt_that_has_ended_cannot_be_traced_any_more(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    attempt = begun(session, factories.person(session))
    attempt.ended_at = clock.now()
    session.flush()
    page = office.get(f"/history/{attempt.record_id}").text
    assert "最初からやり直せるようにする" in page
    assert "動作の記録をとる<" not in page


def test_what_was_reset_is_told_and_not_offered_again(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    attempt = begun(session, factories.person(session))
    address = f"/history/{attempt.record_id}"
    told = "次の受講は、新しい回として始まります。"
    assert told not in office.get(address).text
    office.post(f"/records/{attempt.record_id}/reset", data={"back": address})
    page = office.get(address).text
    assert told in page
    assert f'action="/records/{attempt.record_id}/reset"' not in page


def test_where_nothing_was_begun_the_office_has_nothing_to_do(
    office: FlaskClient, session: Session, run: Run
) -> None:
    key = take(session, run, factories.person(session), "not_started")
    assert "研修担当の操作" not in office.get(f"/history/{key}").text


def test_the_parts_of_an_answer_are_readable() -> None:
    assert text.readable("a[,]b[.]c[:]d") == "a、b→c〜d"


@pytest.mark.requirement("STF-10")
def test_the_report_counts_by_the_organisation_of_then_and_of_now(
    office: FlaskClient, session: Session
) -> None:
    one, two, split = (factories.section(session, name) for name in ("人事課", "職員課", "企画課"))
    run = factories.run(session)
    for where in (one, one, two, split):
        factories.enrol(session, run, factories.person(session, section=where))
    today = clock.today(clock.now())
    new = sections.found(session, "9001", "人材育成課", on=today, position=1)
    half, rest = (
        sections.found(session, code, name, on=today, position=2)
        for code, name in (("9002", "政策課"), ("9003", "広報課"))
    )
    for old in (one, two):
        sections.end(session, old.id, on=today, successor_ids=[new.id])
    sections.end(session, split.id, on=today, successor_ids=[half.id, rest.id])
    factories.enter(office, session, factories.person(session, roles=(Role.OFFICE,)))

    def counts(**asked: str) -> dict[str, str]:
        page = html.fromstring(office.get(f"/reports/runs/{run.id}", query_string=asked).text)
        rows = page.xpath("//main//table")[0].xpath(".//tbody/tr")
        cells = [[" ".join(cell.text_content().split()) for cell in row] for row in rows]
        return {cell[0]: cell[1] for cell in cells}

    assert counts() == {"人事課": "2", "職員課": "1", "企画課": "1"}
    assert counts(organisation="present") == {"人材育成課": "3", "企画課": "1"}
