"""Mails of notices: levelled out, given up with a reason, sent once, with what a calendar takes."""

import email
import email.policy
from dataclasses import replace
from datetime import timedelta

import icalendar
import pytest
import sqlalchemy as sa

from app.kernel import clock, mail, outbox
from app.kernel.calendar import Event
from app.kernel.notices import service as notices
from app.kernel.notices.models import Notice, NoticeTemplate
from app.kernel.outbox import Kind, Outgoing
from app.people.register.models import Person
from app.training.enrolment.service import OPENED
from tests import factories
from tests.workers.mail_server import MailServer
from workers import carrying, mailing
from workers.workshop import Workshop

DATA = {"title": "情報セキュリティ研修", "from_on": "2026-12-01", "until_on": "2026-12-25"}


def told(shop, *addresses, events=()):
    """Tell somebody with each of these addresses, and return the notices' keys."""
    now = clock.now()
    with shop.database.unit_of_work() as session:
        people = [factories.person(session, "架空 花子", email=each) for each in addresses]
        reachable = [person.id for person in people if person.email]
        for person in people:  # one by one, so that their order is known
            notices.notify(
                session, [person.id], OPENED, DATA, "/",
                now=now, dedupe="x", mail_to=reachable, events=events,
            )  # fmt: skip
        return [
            session.scalars(sa.select(Notice.id).where(Notice.person_id == person.id)).one()
            for person in people
        ]


def by_server(shop, server, **changes):
    return Workshop(replace(shop.settings, mail=server.address, **changes), shop.database)


def standing(shop, *keys):
    """Return how the mail of each notice stands, and why."""
    with shop.database.reading() as session:
        rows = [session.get_one(Notice, key) for key in keys]
    return [(row.mail, row.mail_error) for row in rows]


def letters(shop):
    with shop.database.reading() as session:
        query = sa.select(Outgoing).where(Outgoing.kind == Kind.MAIL).order_by(Outgoing.id)
        return list(session.scalars(query))


def bring_forward(shop, **columns):
    """Have what waits be due, as if time had gone by."""
    with shop.database.unit_of_work() as session:
        values = {"next_at": clock.now(), **columns}
        session.execute(sa.update(Outgoing).where(Outgoing.done_at.is_(None)).values(values))


def read(taken):
    return [email.message_from_bytes(each, policy=email.policy.default) for each in taken]


@pytest.mark.requirement("NTF-03")
def test_mails_leave_so_many_a_minute_and_none_is_lost(shop):
    with MailServer() as server:
        slow = by_server(shop, server, mails_per_minute=2)
        keys = told(shop, "a@ward.example", "b@ward.example", "c@ward.example")
        for _ in range(2):
            carrying.carry(slow)
            assert len(server.taken) == 2
        assert standing(shop, *keys) == [("sent", None), ("sent", None), ("waiting", None)]
        assert letters(shop)[2].failures == 0
        with shop.database.unit_of_work() as session:
            an_age_ago = clock.now() - outbox.MINUTE
            session.execute(sa.update(Outgoing).values(begun_at=an_age_ago))
        carrying.carry(slow)
        assert [each["To"] for each in read(server.taken)] == [
            "a@ward.example", "b@ward.example", "c@ward.example",
        ]  # fmt: skip


@pytest.mark.requirement("NTF-03")
@pytest.mark.parametrize(
    ("address", "answers", "code"),
    [
        ("a@ward.example", {"RCPT": "550 nobody"}, "recipient"),
        ("a@ward.example", {"DATA": "554 no"}, "content"),
        ("no address", {}, "address"),
    ],
)
def test_a_mail_refused_for_good_is_given_up_at_once_and_says_why(
    shop, caplog, address, answers, code
):
    (key,) = told(shop, address)
    with MailServer() as server:
        server.answers = answers
        carrying.carry(by_server(shop, server))
        server.answers = {}
        bring_forward(shop)
        carrying.carry(by_server(shop, server))
    assert standing(shop, key) == [("failed", code)]
    (letter,) = letters(shop)
    assert (letter.failures, letter.error, letter.done_at is None) == (1, code, False)
    assert [line.code for line in caplog.records if line.message == "outbox.given_up"] == [code]
    assert address not in caplog.text


@pytest.mark.requirement("NTF-03")
def test_a_mail_refused_for_now_is_tried_again_and_given_up_after_two_days(shop):
    (key,) = told(shop, "a@ward.example")
    with MailServer() as server:
        server.answers = {"RCPT": "451 later"}
        carrying.carry(by_server(shop, server))
        assert standing(shop, key) == [("waiting", "recipient_later")]
        waits = timedelta()
        while letters(shop)[0].done_at is None:
            waits += letters(shop)[0].next_at - clock.now()
            bring_forward(shop)
            carrying.carry(by_server(shop, server))
    assert standing(shop, key) == [("failed", "recipient_later")]
    assert letters(shop)[0].failures == mailing.MOST_FAILURES
    assert timedelta(days=1) < waits < timedelta(days=3)


@pytest.mark.requirement("NTF-03")
def test_a_server_that_took_a_mail_and_could_not_say_so_gets_the_same_message_again(shop):
    told(shop, "a@ward.example")
    with MailServer() as server:
        server.hangs_up = True
        carrying.carry(by_server(shop, server))
        server.hangs_up = False
        bring_forward(shop)
        carrying.carry(by_server(shop, server))
    first, second = read(server.taken)
    assert first["Message-ID"] == second["Message-ID"]


@pytest.mark.requirement("NTF-03")
def test_a_worker_that_dies_after_it_has_sent_a_mail_leaves_nothing_to_send(shop):
    (key,) = told(shop, "a@ward.example")
    with MailServer() as server:
        claimed = carrying._claim(shop)
        mailing.send(by_server(shop, server), claimed.payload)
        assert letters(shop)[0].done_at is None
        bring_forward(shop)
        carrying.carry(by_server(shop, server))
    assert len(server.taken) == 1
    assert standing(shop, key) == [("sent", None)]
    assert letters(shop)[0].done_at is not None


@pytest.mark.requirement("NTF-03")
def test_a_mail_sent_again_goes_to_the_address_of_now(shop):
    nowhere, gone = told(shop, None, "old@ward.example")
    assert standing(shop, nowhere, gone) == [("no_address", "no_address"), ("waiting", None)]
    with shop.database.unit_of_work() as session:
        session.execute(sa.update(Person).where(Person.email.is_not(None)).values(email=None))
    carrying.carry(shop)
    assert standing(shop, gone) == [("no_address", "no_address")]
    with shop.database.unit_of_work() as session:
        session.execute(sa.update(Person).values(email="new@ward.example"))
        assert notices.send_again(session, [nowhere, gone], clock.now()) == 2
    carrying.carry(shop)
    assert [letter.to for letter in mail.kept(shop.settings.mailbox)] == ["new@ward.example"] * 2
    assert standing(shop, nowhere, gone) == [("sent", None)] * 2


@pytest.mark.requirement("NTF-01")
def test_a_mail_has_the_words_of_the_version_it_was_told_by_and_the_offices_mark(shop):
    with shop.database.unit_of_work() as session:
        session.add(
            NoticeTemplate(
                kind=OPENED,
                version=1,
                title="{研修名}が始まります",
                text="{氏名}さん、{受講の期限}までに受講してください。",
                created_by=factories.person(session).id,
                created_at=clock.now(),
            )
        )
    told(shop, "a@ward.example")
    carrying.carry(shop)
    (letter,) = mail.kept(shop.settings.mailbox)
    assert letter.subject == "【研修】情報セキュリティ研修が始まります"
    assert "架空 花子さん、令和8年12月25日（金）までに受講してください。" in letter.text


@pytest.mark.requirement("NTF-06")
def test_a_mail_carries_each_event_as_a_calendar_takes_it(shop):
    start = clock.now().replace(microsecond=0)
    first = Event("session-1", 0, "第1回", start, start + timedelta(hours=2), "研修室", "/s/1")
    second = replace(first, uid="session-2", sequence=3, is_cancelled=True)
    with MailServer() as server:
        told(shop, "a@ward.example", events=[first, second])
        carrying.carry(by_server(shop, server))
    (message,) = read(server.taken)
    assert "架空 花子 様" in message.get_body(("plain",)).get_content()
    parts = list(message.iter_attachments())
    assert [part.get_filename() for part in parts] == ["kenshu-1.ics", "kenshu-2.ics"]
    calendars = [icalendar.Calendar.from_ical(part.get_payload(decode=True)) for part in parts]
    for part, calendar, method in zip(parts, calendars, ("REQUEST", "CANCEL"), strict=True):
        assert part.get_content_type() == "text/calendar"
        assert part["Content-Type"].params["method"] == calendar["METHOD"] == method
    (row,) = calendars[1].events
    assert (row["UID"], row.sequence, row.start) == ("session-2", 3, start)
    assert row["URL"] == shop.settings.office_origin + "/s/1"
    assert row["ATTENDEE"] == "mailto:a@ward.example"


@pytest.mark.requirement("NTF-01")
def test_words_on_trial_go_to_who_wrote_them_past_the_rate_and_are_no_notice(shop):
    told(shop, "a@ward.example", "b@ward.example")
    with shop.database.unit_of_work() as session:
        writer = factories.person(session, "担当 一子", email="c@ward.example")
        payload = {
            "person_id": str(writer.id), "kind": OPENED,
            "title": "{研修名}", "text": "{氏名}さん", "reference": "0192",
        }  # fmt: skip
        outbox.put(session, Kind.TRIAL, payload, clock.now())
    with MailServer() as server:
        carrying.carry(by_server(shop, server, mails_per_minute=1))
    _, trial = read(server.taken)
    assert trial["To"] == "c@ward.example"
    assert trial["Subject"] == "【試送】【研修】情報セキュリティ研修"
    assert "担当 一子さん" in trial.get_content()
    with shop.database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Notice)) == 2
