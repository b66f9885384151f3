"""C22, C23, C07: what is due is listed, proposed, approved by another, erased whole, certified."""

from __future__ import annotations

import json
import re
import uuid
from datetime import date, datetime, timedelta
from pathlib import Path

import pypdfium2
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.content.uploads.models import Upload
from app.keeping import certificates, holdings
from app.keeping.disclosure import service as disclosing
from app.keeping.retention import queries, service
from app.keeping.retention.models import (
    Erasure,
    ErasureLine,
    HoldReason,
    RetentionHold,
    RetentionPeriod,
)
from app.keeping.retention.periods import PERIODS
from app.kernel import clock, jobs, outbox
from app.kernel.audit.models import AuditEvent
from app.kernel.db import Base
from app.kernel.errors import Conflict, Forbidden, Refused
from app.kernel.holdings import NOBODY, RecordClass, due_before, due_on
from app.kernel.jobs import Job
from app.kernel.notices.models import Notice, NoticeTemplate
from app.kernel.settings import Settings
from app.learning.records.models import Attempt, LearnerRecord
from app.learning.statements.models import XapiStatement
from app.people.accounts.models import Account
from app.people.imports.models import ImportBatch
from app.people.permission.models import Role
from app.people.purposes.models import PurposeStatement
from app.people.register.models import Person, PersonMerge
from app.people.sign_in.models import SignIn
from app.training.approvals.models import ApprovalStep
from app.training.enrolment.models import Enrolment
from app.training.plans.models import Run
from app.training.results.models import ResultReport
from tests import factories
from tests.keeping import made
from workers import performing
from workers.workshop import Workshop

pytestmark = pytest.mark.requirement("SEC-10")

#: Tables that keep keys of people on purpose: the audit, whose chain tells that nothing is gone.
KEPT_BY_THE_AUDIT = {"audit_event", "audit_person"}


@pytest.mark.parametrize(
    ("event", "years", "due"),
    [
        (date(2023, 4, 1), 3, date(2027, 4, 1)),
        (date(2024, 3, 31), 3, date(2027, 4, 1)),
        (date(2024, 4, 1), 3, date(2028, 4, 1)),
        (date(2026, 3, 31), 5, date(2031, 4, 1)),
    ],
)
def test_the_clock_starts_on_the_first_of_april_after_the_event(
    event: date, years: int, due: date
) -> None:
    assert due_on(event, years) == due
    assert event < due_before(due, years)
    assert not event < due_before(due - timedelta(days=1), years)


def test_the_periods_are_the_schedules(session: Session) -> None:
    years = {key: queries.years_of(session, key) for key in PERIODS}
    assert years == {
        "completion": 3,
        "attendance": 3,
        "report": 3,
        "answers": 3,
        "revoked": 5,
        "history": 5,
        "remains": 1,
        "sign_in": 1,
    }
    assert set(RecordClass) - set(PERIODS) == {RecordClass.AUDIT}


def test_a_period_can_be_longer_and_never_shorter(session: Session, now: datetime) -> None:
    by = made.actor(factories.person(session))
    service.set_period(session, "answers", 4, by=by, now=now)
    service.set_period(session, "answers", 6, by=by, now=now + timedelta(days=1))
    assert queries.years_of(session, "answers") == 6
    assert [row.years for row in queries.history(session, "answers")] == [6, 4]
    for wrong in (2, 0, -1, 31):
        with pytest.raises(Refused, match="period_out_of_range"):
            service.set_period(session, "answers", wrong, by=by, now=now)
    details = session.scalars(
        sa.select(AuditEvent.details)
        .where(AuditEvent.action == "retention_period.set")
        .order_by(AuditEvent.seq)
    ).all()
    assert details[-1] == {"class": "answers", "from": 4, "to": 6}


def office(session: Session, name: str) -> Person:
    return factories.person(session, name, roles=(Role.OFFICE,))


def left(session: Session, now: datetime, years: int, **facts: str) -> made.Life:
    """Make somebody who left that many fiscal years ago, with rows in every wing."""
    someone = made.life(session, now, **facts)
    someone.person.left_on = date(clock.fiscal_year(clock.today(now)) - years, 3, 31)
    session.flush()
    return someone


def erased(shop: Workshop, record_class: str, proposer: Person, approver: Person) -> uuid.UUID:
    """Take a class from its proposal to its certificate, as the pages and the worker do."""
    moment = clock.now()
    with shop.database.unit_of_work() as session:
        row = service.propose(session, record_class, by=made.actor(proposer), now=moment)
        erasure_id = row.id
    with shop.database.unit_of_work() as session:
        row = service.approve(
            session, erasure_id, "人材育成課長", shop.settings, by=made.actor(approver), now=moment
        )
        job_id = row.job_id
    assert job_id is not None
    performing.perform(shop, job_id)
    return erasure_id


def is_key(word: str) -> bool:
    """Whether a word is a UUID, in either form."""
    return bool(re.fullmatch("[0-9a-f]{32}", word.replace("-", "")))


def mentions(shop: Workshop, *words: str) -> list[str]:
    """Return where a word stands in any column of any table, and in any file.

    The audit keeps keys, in its table and thereby in SQLite's file, and nothing else of anybody.
    """
    found = []
    with shop.database.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            sought = [
                word for word in words if table.name not in KEPT_BY_THE_AUDIT or not is_key(word)
            ]
            for row in connection.execute(sa.select(table)):
                said = " ".join(map(str, row))
                found += [f"{table.name}: {word}" for word in sought if word in said]
    for path in shop.settings.instance.rglob("*"):
        if path.is_file():
            content = path.read_bytes() + path.name.encode()
            sought = [word for word in words if not is_key(word)]
            found += [f"{path.name}: {word}" for word in sought if word.encode() in content]
    return found


def done_by(session: Session, key: uuid.UUID, now: datetime) -> None:
    """Have every column that says who did something name this person, in every table."""
    bystander = factories.person(session)
    session.add_all(
        [
            ImportBatch(
                kind="staff", mode="full", effective_on=now.date(), fills_numbers=False,
                created_by=key, created_at=now, summary={},
            ),
            Erasure(
                record_class="answers", before=now.date(), state="withdrawn", proposed_by=key,
                proposed_at=now, approved_by=key,
            ),
            RetentionPeriod(record_class="answers", years=3, set_by=key, set_at=now),
            NoticeTemplate(kind="run.opened", version=1, created_by=key, created_at=now),
            PurposeStatement(
                version=1, purpose="-", viewers="-", retention="-", created_by=key, created_at=now,
            ),
            Account(person_id=bystander.id, frozen_by=key),
            Upload(
                created_by=key, created_at=now, file_name="film.mp4", size=10, finished_at=None
            ),
            RetentionHold(
                person_id=bystander.id, reason="dispute", until=now.date(), placed_by=key,
                placed_at=now, lifted_at=now,
            ),
        ]
    )  # fmt: skip
    session.flush()
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if column.name.endswith("_by") and isinstance(column.type, sa.Uuid):
                assert session.execute(sa.select(table).limit(1)).first(), table.name
                session.execute(table.update().values({column.name: key}))


def test_nothing_anywhere_mentions_a_person_who_was_erased(shop: Workshop) -> None:
    moment = clock.now()
    with shop.database.unit_of_work() as session:
        first, second = office(session, "提案 一郎"), office(session, "承認 次子")
        someone = left(session, moment, 6)
        key = someone.person.id
        attempt, record, enrolment = someone.attempt_id, someone.record.id, someone.enrolment.id
        disclosing.ask(session, key, by=made.actor(first), now=moment)
        service.hold(
            session,
            key,
            HoldReason.DISPUTE,
            clock.today(moment),
            by=made.actor(first),
            now=moment - timedelta(days=1),
        ).until = clock.today(moment) - timedelta(days=1)
        jobs.ask(session, jobs.Name.IMPORT_PACKAGE, {"upload": "x"}, by=key, now=moment)
        notice = session.scalars(sa.select(Notice).where(Notice.person_id == key)).one()
        shop.settings.mailbox.mkdir(parents=True)
        mail = shop.settings.mailbox / f"{notice.id}@localhost.eml"
        mail.write_text(f"To: {made.EMAIL}\n\n{made.NAME} 様\n")
        done_by(session, key, moment)
    words = (made.NAME, made.NUMBER, made.EMAIL, made.ANSWER, str(key), key.hex)
    assert {each.partition(":")[0] for each in mentions(shop, *words)} >= {
        "person", "staff_number", "attempt", "enrolment", "job", "material", "notice", mail.name,
    }  # fmt: skip
    erasure_id = erased(shop, "history", first, second)
    shop.database.settle()
    assert mentions(shop, *words, str(attempt), str(record), str(enrolment), str(notice.id)) == []
    with shop.database.reading() as session:
        row = session.get_one(Erasure, erasure_id)
        assert (row.state, row.people, row.left_out) == ("done", 1, 0)
        assert row.counts["person"] == row.counts["attempt"] == row.counts["files"] == 1
        assert session.scalar(sa.select(sa.func.count()).select_from(Person)) > 2


def test_every_column_that_can_hold_a_persons_key_was_filled_by_that_test() -> None:
    """From the metadata: a column that is new has to be filled by `made.life`, too."""
    referring = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name == "person"
    }
    covered = {
        "appointment.person_id", "attempt.person_id", "credential.person_id",
        "delegation.from_id", "delegation.to_id", "disclosure.person_id",
        "enrolment.person_id", "erasure_line.person_id", "exclusion_period.person_id",
        "account.person_id", "former_password.person_id", "learner_record.person_id",
        "operator.person_id", "person_merge.kept_id", "person_merge.merged_id",
        "purpose_confirmation.person_id", "recovery_code.person_id", "second_factor.person_id",
        "retention_hold.person_id", "role_grant.granted_by", "role_grant.person_id",
        "shared_value.person_id", "sign_in.person_id", "staff_number.person_id",
        "audience_member.person_id", "candidacy.person_id", "change_request.successor_id",
        "order_line.person_id", "calendar_key.person_id", "ledger_entry.person_id",
        "saved_filter.person_id", "sitting.person_id", "portal_learner.person_id",
    }  # fmt: skip
    assert referring == covered


def test_reports_go_with_the_words_said_to_them_and_what_was_completed_stays(
    session: Session, now: datetime
) -> None:
    old, new = (made.life(session, now, number=number) for number in ("81001", "81002"))
    steps = []
    for someone, year in ((old, 2020), (new, 2020)):
        run = session.get_one(Run, someone.enrolment.run_id)
        run.learn_from, run.learn_until = date(year, 5, 1), date(year, 5, 31)
        key = session.scalars(
            sa.select(ResultReport.id).where(ResultReport.enrolment_id == someone.enrolment.id)
        ).one()
        steps.append(ApprovalStep(subject_id=key, action="accept", at=now - timedelta(days=2400)))
    session.add_all(steps)
    session.flush()
    before = due_before(clock.today(now), 3)
    rows = {row[0]: row[1:] for row in session.execute(holdings.due("report", before)[0])}
    assert rows[old.person.id] == (1, date(2020, 5, 31))
    # A word said to it lately keeps it as long as the others of that year.
    steps[1].at = now - timedelta(days=30)
    session.flush()
    rows = {row[0]: row[1:] for row in session.execute(holdings.due("report", before)[0])}
    assert set(rows) == {old.person.id}
    gone = holdings.erase(session, "report", old.person.id, before, now)
    assert gone == {"approval_step": 1, "report_version": 1, "result_report": 1}
    assert session.get(Enrolment, old.enrolment.id) is not None
    assert holdings.erase(session, "report", new.person.id, before, now) == {}


def test_all_entries_that_are_one_person_go_together(shop: Workshop) -> None:
    moment = clock.now()
    with shop.database.unit_of_work() as session:
        first, second = office(session, "提案 一郎"), office(session, "承認 次子")
        someone = left(session, moment, 7)
        other = factories.person(session, "旧姓 葛󠄁子", number="KZ55555")
        other.left_on = date(2010, 3, 31)
        session.add(
            PersonMerge(
                kept_id=someone.person.id,
                merged_id=other.id,
                moved={},
                merged_by=first.id,
                merged_at=moment,
            )
        )
    erased(shop, "history", first, second)
    shop.database.settle()
    assert mentions(shop, "旧姓", "KZ55555", str(other.id), made.NAME) == []


def test_whoever_serves_or_left_lately_or_is_held_is_left_alone(
    session: Session, now: datetime
) -> None:
    by = made.actor(office(session, "提案 一郎"))
    serving = made.life(session, now, number="80001")
    lately = left(session, now, 4, number="80002")
    held = left(session, now, 6, number="80003")
    due = left(session, now, 6, number="80004")
    service.hold(session, held.person.id, HoldReason.DISCLOSURE, date(2027, 3, 31), by=by, now=now)
    [line] = [one for one in queries.due(session, now) if one.record_class == "history"]
    assert (line.people, line.held, line.oldest) == (2, 1, date(2020, 3, 31))
    row = service.propose(session, "history", by=by, now=now)
    listed = set(session.scalars(sa.select(ErasureLine.person_id)))
    assert listed == {due.person.id}
    assert row.before == date(2021, 4, 1)
    assert serving.person.id not in listed
    assert lately.person.id not in listed


def test_a_hold_that_comes_after_the_approval_still_keeps_the_rows(shop: Workshop) -> None:
    moment = clock.now()
    with shop.database.unit_of_work() as session:
        first, second = office(session, "提案 一郎"), office(session, "承認 次子")
        someone = left(session, moment, 6)
        row = service.propose(session, "history", by=made.actor(first), now=moment)
        erasure_id = row.id
    with shop.database.unit_of_work() as session:
        row = service.approve(
            session, erasure_id, "課長", shop.settings, by=made.actor(second), now=moment
        )
        job_id = row.job_id
        service.hold(
            session,
            someone.person.id,
            HoldReason.DISPUTE,
            clock.today(moment),
            by=made.actor(first),
            now=moment,
        )
    assert job_id is not None
    performing.perform(shop, job_id)
    with shop.database.reading() as session:
        row = session.get_one(Erasure, erasure_id)
        assert (row.state, row.people, row.left_out) == ("done", 0, 1)
        assert session.get(Person, someone.person.id) is not None
        assert session.get(Attempt, someone.attempt_id) is not None
        assert any("保留" in note for note in row.certificate["notes"])


def test_an_interrupted_erasure_goes_on_and_nobody_is_half_erased(shop: Workshop) -> None:
    moment = clock.now()
    with shop.database.unit_of_work() as session:
        first, second = office(session, "提案 一郎"), office(session, "承認 次子")
        people = [left(session, moment, 6, number=f"7000{place}") for place in range(3)]
        row = service.propose(session, "history", by=made.actor(first), now=moment)
        erasure_id = row.id
    with shop.database.unit_of_work() as session:
        row = service.approve(
            session, erasure_id, "課長", shop.settings, by=made.actor(second), now=moment
        )
        job_id = row.job_id
        first_line = queries.waiting(session, erasure_id)[0]
    assert job_id is not None
    with shop.database.unit_of_work() as session:
        assert service.erase_line(session, first_line, shop.settings, moment)
    with shop.database.unit_of_work() as session:
        service.erase_line(session, queries.waiting(session, erasure_id)[0], shop.settings, moment)
        session.rollback()  # the power fails before the commit
    with shop.database.reading() as session:
        there = [session.get(Person, each.person.id) is not None for each in people]
        learnt = [session.get(Attempt, each.attempt_id) is not None for each in people]
        assert there == learnt
        assert sum(there) == 2
    performing.perform(shop, job_id)
    with shop.database.reading() as session:
        row = session.get_one(Erasure, erasure_id)
        assert (row.state, row.people) == ("done", 3)
        assert row.counts["person"] == 3
        assert session.get_one(Job, job_id).status == "done"


def test_answers_go_after_three_years_and_the_history_stays(shop: Workshop) -> None:
    moment = clock.now()
    with shop.database.unit_of_work() as session:
        first, second = office(session, "提案 一郎"), office(session, "承認 次子")
        someone, fresh = made.life(session, moment), made.life(session, moment, number="80009")
        attempt = session.get_one(Attempt, someone.attempt_id)
        attempt.committed_at = moment - timedelta(days=5 * 366)
        status = someone.record.status
    erasure_id = erased(shop, "answers", first, second)
    with shop.database.reading() as session:
        assert session.get(Attempt, someone.attempt_id) is None
        assert session.get(Attempt, fresh.attempt_id) is not None
        record = session.get_one(LearnerRecord, someone.record.id)
        assert (record.status, record.score) == (status, 80.0)
        counts = session.get_one(Erasure, erasure_id).counts
        told = {
            *("xapi_statement", "xapi_term", "xapi_outgoing", "xapi_attachment", "xapi_document")
        }
        assert set(counts) == {"attempt", "attempt_told", "trace_lines", *told}
        # The statement, and the one that voids it.
        assert (counts["attempt"], counts["xapi_statement"], counts["xapi_document"]) == (1, 2, 1)
        assert len(session.scalars(sa.select(XapiStatement)).all()) == 2


def test_revoked_enrolments_go_after_five_years(shop: Workshop) -> None:
    moment = clock.now()
    with shop.database.unit_of_work() as session:
        first, second = office(session, "提案 一郎"), office(session, "承認 次子")
        someone = made.life(session, moment, until=date(2019, 5, 1))
        stays = made.life(session, moment, until=date(2019, 5, 1), number="80009")
        session.execute(
            sa.update(Enrolment).where(Enrolment.id == someone.enrolment.id).values(state="revoked")
        )
    erased(shop, "revoked", first, second)
    with shop.database.reading() as session:
        assert session.get(Enrolment, someone.enrolment.id) is None
        assert session.get(LearnerRecord, someone.record.id) is None
        assert session.get(Enrolment, stays.enrolment.id) is not None


def test_notices_sign_ins_and_remains_go_after_a_year(shop: Workshop) -> None:
    moment = clock.now()
    old = moment - timedelta(days=3 * 366)
    with shop.database.unit_of_work() as session:
        first, second = office(session, "提案 一郎"), office(session, "承認 次子")
        made.life(session, old)
        made.life(session, moment, number="80009")
        row = outbox.put(session, outbox.Kind.PROGRESSED, {"assignment_id": "x"}, old)
        row.done_at = old
    erased(shop, "remains", first, second)
    erased(shop, "sign_in", first, second)
    with shop.database.reading() as session:
        assert session.scalars(sa.select(Notice.created_at)).all() == [moment]
        assert session.scalars(sa.select(SignIn.created_at)).all() == [moment]
        assert session.scalar(sa.select(sa.func.count()).where(outbox.Outgoing.done_at == old)) == 0


def test_the_proposer_cannot_approve(session: Session, now: datetime, tmp_path: Path) -> None:
    first = made.actor(office(session, "提案 一郎"))
    left(session, now, 6)
    row = service.propose(session, "history", by=first, now=now)
    with pytest.raises(Forbidden, match="approver_is_proposer"):
        service.approve(session, row.id, "課長", Settings(instance=tmp_path), by=first, now=now)
    with pytest.raises(Conflict, match="erasure_open"):
        service.propose(session, "history", by=first, now=now)
    service.withdraw(session, row.id, by=first, now=now)
    assert session.scalar(sa.select(sa.func.count()).select_from(ErasureLine)) == 0
    service.propose(session, "history", by=first, now=now)
    with pytest.raises(Refused, match="nothing_due"):
        service.propose(session, "revoked", by=first, now=now)


def test_the_certificate_says_what_how_much_how_by_whom_and_when(shop: Workshop) -> None:
    moment = clock.now()
    with shop.database.unit_of_work() as session:
        first, second = office(session, "提案 一郎"), office(session, "承認 次子")
        left(session, moment, 6)
    erasure_id = erased(shop, "history", first, second)
    with shop.database.reading() as session:
        certificate = json.loads(json.dumps(session.get_one(Erasure, erasure_id).certificate))
    assert certificate["items"] == "受講履歴と職員の登録"
    assert certificate["responsible"] == "人材育成課長"
    paper = certificates.paper(certificate, shop.settings)
    assert paper == certificates.paper(certificate, shop.settings)
    with pypdfium2.PdfDocument(paper) as document:
        said = "".join(document[0].get_textpage().get_text_range().split())
    for word in ("消去証明書", "情報項目", "媒体", "数量", "方法", "責任者", "年月日", "1人"):
        assert word in said


def test_the_pages_take_it_from_the_list_to_the_approval(
    office: FlaskClient, session: Session, now: datetime
) -> None:
    first, second = (factories.person(session, roles=(Role.OFFICE,)) for _ in range(2))
    left(session, clock.now(), 6)
    factories.enter(office, session, first)
    assert "受講履歴と職員の登録" in office.get("/retention").text
    answer = office.post("/retention/history/propose")
    address = answer.headers["Location"]
    page = office.get(address).text
    assert made.NUMBER in page
    assert "あなたの提案です" in page
    refused = office.post(f"{address}/approve", data={"responsible": "課長"})
    assert refused.status_code == 403
    factories.enter(office, session, second)
    assert office.post(f"{address}/approve", data={"responsible": ""}).status_code == 422
    assert office.post(f"{address}/approve", data={"responsible": "課長"}).status_code == 303
    assert "順番を待っています" in office.get(address).text
    assert office.get(f"{address}/certificate.pdf").status_code == 409
    assert session.scalars(sa.select(Job.name)).all() == ["erase"]


def test_the_page_of_a_period_takes_a_longer_one_and_says_why_not_a_shorter(
    office: FlaskClient, session: Session
) -> None:
    factories.enter(office, session, factories.person(session, roles=(Role.OFFICE,)))
    short = office.post("/retention/periods/answers", data={"years": "2"})
    assert short.status_code == 422
    assert "3年から30年まで" in short.text
    assert office.post("/retention/periods/answers", data={"years": "4"}).status_code == 303
    assert session.scalars(sa.select(RetentionPeriod.years)).all() == [4]
    assert office.get("/retention/periods/audit").status_code == 404


def test_nobody_is_a_key_that_no_person_has() -> None:
    assert uuid.UUID(int=0) == NOBODY
    assert holdings.WHOLE == "history"
