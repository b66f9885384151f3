"""The outbox is emptied at least once, whatever fails on the way."""

import email
import email.policy
import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.kernel import clock, mail, outbox
from app.kernel.notices import service as notices
from app.kernel.notices.models import Notice
from app.kernel.outbox import Kind, Outgoing
from app.learning.records.models import LearnerRecord
from app.learning.records.states import RecordStatus
from app.training.enrolment.models import Assignment, Enrolment
from app.training.enrolment.service import OPENED
from tests import factories
from tests.workers.mail_server import MailServer
from workers import carrying
from workers.workshop import Workshop

WORDS = {"training": "情報セキュリティ研修", "learn_until_on": "2026-12-25"}


def put(shop, kind, payload):
    with shop.database.unit_of_work() as session:
        outbox.put(session, kind, payload, clock.now())
        session.flush()


def rows(shop):
    with shop.database.reading() as session:
        return list(session.scalars(sa.select(Outgoing).order_by(Outgoing.id)))


def invited(shop, address="hanako@ward.example"):
    """Enrol somebody in an open run, tell them of it as the office does, and return the run."""
    with shop.database.unit_of_work() as session:
        who = factories.person(session, "架空 花子", email=address)
        author = factories.person(session)
        material = factories.material(session, author)
        run = factories.run(session, materials=(material,))
        factories.enrol(session, run, who)
        moved = {"table": "run", "id": str(run.id), "action": "open"}
        outbox.put(session, Kind.MOVED, moved, clock.now())
        return run.id


def test_opening_a_run_tells_its_learners_on_screen_and_by_mail(shop):
    invited(shop)
    carrying.carry(shop)
    assert [row.kind for row in rows(shop)] == [Kind.MOVED, Kind.MAIL]
    assert all(row.done_at for row in rows(shop))
    (letter,) = mail.kept(shop.settings.mailbox)
    assert letter.to == "hanako@ward.example"
    assert letter.subject
    assert letter.text.startswith("架空 花子 様")
    with shop.database.reading() as session:
        (notice,) = session.scalars(sa.select(Notice)).all()
    assert notice.kind == OPENED
    assert shop.settings.office_origin + notice.path in letter.text


def test_what_was_carried_is_not_carried_again(shop):
    invited(shop)
    carrying.carry(shop)
    done = [row.done_at for row in rows(shop)]
    carrying.carry(shop)
    assert [row.done_at for row in rows(shop)] == done
    assert len(mail.kept(shop.settings.mailbox)) == 1


def test_another_move_concerns_nobody_and_is_done(shop):
    put(shop, Kind.MOVED, {"table": "run", "id": str(uuid.uuid4()), "action": "end"})
    carrying.carry(shop)
    (row,) = rows(shop)
    assert row.done_at is not None


def test_a_record_that_is_done_completes_its_enrolment(shop):
    run_id = invited(shop)
    with shop.database.unit_of_work() as session:
        enrolment = session.scalars(sa.select(Enrolment).where(Enrolment.run_id == run_id)).one()
        assignment = session.scalars(sa.select(Assignment)).one()
        material_id = session.scalar(sa.text("SELECT id FROM material"))
        session.add(
            LearnerRecord(
                person_id=enrolment.person_id,
                material_id=uuid.UUID(str(material_id)),
                assignment_id=assignment.id,
                status=RecordStatus.PASSED,
            )
        )
        payload = {"assignment_id": str(assignment.id)}
        outbox.put(session, Kind.PROGRESSED, payload, clock.now())
        outbox.put(session, Kind.PROGRESSED, payload, clock.now())
    carrying.carry(shop)
    with shop.database.reading() as session:
        assert session.get_one(Enrolment, enrolment.id).state == "completed"
    assert all(row.done_at for row in rows(shop))


def test_a_row_that_fails_is_put_off_and_the_others_go_on(shop, caplog):
    put(shop, Kind.PROGRESSED, {"assignment_id": "no key"})
    put(shop, Kind.PROGRESSED, {"assignment_id": str(uuid.uuid4())})
    carrying.carry(shop)
    failed, done = rows(shop)
    assert done.done_at is not None
    assert (failed.done_at, failed.failures, failed.error) == (None, 1, "ValueError")
    assert failed.next_at > clock.now()
    (line,) = [line for line in caplog.records if line.message == "outbox.failed"]
    assert line.exc_info[0] is ValueError


def test_a_row_whose_worker_died_comes_back_after_its_lease(shop):
    invited(shop)
    first = carrying._claim(shop)
    assert first is not None
    assert carrying._claim(shop) is None
    with shop.database.unit_of_work() as session:
        session.get_one(Outgoing, first.id).next_at -= outbox.LEASE + timedelta(seconds=1)
    carrying.carry(shop)
    assert all(row.done_at for row in rows(shop))


def test_nobody_writes_to_an_address_that_is_gone(shop):
    with shop.database.unit_of_work() as session:
        who = factories.person(session)
        key = {who.id}
        told = notices.notify(
            session, [who.id], OPENED, WORDS, "/", now=clock.now(), dedupe="x", mail_to=key
        )
    assert told == 1
    put(shop, Kind.MAIL, {"notice_id": str(uuid.uuid4())})
    carrying.carry(shop)
    assert [row.error for row in rows(shop)] == [None, None]
    assert mail.kept(shop.settings.mailbox) == []


def test_a_mail_server_gets_the_mail_in_japanese_with_a_lasting_id(shop):
    with MailServer() as server:
        invited(shop)
        at_server = Workshop(replace(shop.settings, mail=server.address), shop.database)
        carrying.carry(at_server)
    (taken,) = server.taken
    message = email.message_from_bytes(taken, policy=email.policy.default)
    assert message["To"] == "hanako@ward.example"
    assert "架空 花子 様" in message.get_content()
    with shop.database.reading() as session:
        (notice,) = session.scalars(sa.select(Notice)).all()
    assert message["Message-ID"] == f"<{notice.id}@localhost>"


def test_a_mail_that_is_refused_for_now_is_sent_later_and_once(shop):
    with MailServer() as server:
        server.answers = {"RCPT": "451 later"}
        invited(shop)
        at_server = Workshop(replace(shop.settings, mail=server.address), shop.database)
        carrying.carry(at_server)
        waiting = rows(shop)[1]
        assert (waiting.failures, waiting.error) == (1, "recipient_later")
        assert server.taken == []
        server.answers = {}
        with shop.database.unit_of_work() as session:
            session.get_one(Outgoing, waiting.id).next_at = clock.now()
        carrying.carry(at_server)
        carrying.carry(at_server)
    assert len(server.taken) == 1
    assert rows(shop)[1].done_at is not None


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_row_has_its_handler(kind):
    assert kind in carrying.HANDLERS
