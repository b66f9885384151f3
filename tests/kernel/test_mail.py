"""Mail as it leaves: UTF-8, one header a line, to a server or into a folder."""

from __future__ import annotations

import email
import email.policy
import traceback
from dataclasses import replace
from datetime import datetime
from email.message import EmailMessage

import pytest

from app.kernel import mail
from app.kernel.mail import Attachment, MailError
from app.kernel.settings import Settings
from tests.workers.mail_server import MailServer

HARD = "髙橋 﨑 𠮷野 辻󠄀 ①㈱ — 様"


def composed(now: datetime, **other: str) -> EmailMessage:
    """Compose a mail, with something else than usual."""
    given = {
        "sender": "kenshu@ward.example",
        "to": "hanako@ward.example",
        "subject": f"【研修】{HARD}",
        "text": f"{HARD}\n本文です。\n",
        "reference": "0192",
    }
    return mail.compose(**{**given, **other}, now=now)


def test_a_mail_is_taken_by_a_server_with_every_character(
    settings: Settings, now: datetime
) -> None:
    with MailServer() as server:
        mail.send(replace(settings, mail=server.address), composed(now))
    (taken,) = server.taken
    assert taken.isascii()
    read = email.message_from_bytes(taken, policy=email.policy.default)
    assert read["Subject"] == f"【研修】{HARD}"
    assert read["To"] == "hanako@ward.example"
    assert read["Message-ID"] == "<0192@ward.example>"
    assert read["Auto-Submitted"] == "auto-generated"
    assert read["Date"].datetime == now
    assert read.get_content_charset() == "utf-8"
    assert read.get_content().splitlines() == [HARD, "本文です。"]


@pytest.mark.requirement("NTF-03")
@pytest.mark.parametrize(
    ("command", "answer", "code", "is_final"),
    [
        ("RCPT", "550 5.1.1 nobody of that name", "recipient", True),
        ("RCPT", "451 4.2.2 later", "recipient_later", False),
        ("DATA", "554 5.7.1 not such a mail", "content", True),
        ("DATA", "451 4.3.0 later", "server", False),
        ("MAIL", "550 5.7.1 not from there", "sender", False),
        ("EHLO", "421 too busy", "server", False),
    ],
)
def test_a_refusal_says_whether_it_is_for_good_and_names_no_address(
    settings: Settings, now: datetime, command: str, answer: str, code: str, is_final: bool
) -> None:
    with MailServer() as server:
        server.answers = {command: answer, **({"HELO": answer} if command == "EHLO" else {})}
        with pytest.raises(MailError) as caught:
            mail.send(replace(settings, mail=server.address), composed(now))
    assert (caught.value.code, caught.value.is_final) == (code, is_final)
    assert "hanako" not in "".join(traceback.format_exception(caught.value))


def test_what_a_server_says_after_it_has_taken_a_mail_changes_nothing(
    settings: Settings, now: datetime
) -> None:
    with MailServer() as server:
        server.answers = {"QUIT": "421 going down"}
        mail.send(replace(settings, mail=server.address), composed(now))
    assert len(server.taken) == 1


@pytest.mark.parametrize(
    "address", ["", "hanako", "花子@ward.example", "a@b.example, c@d.example", "a b@ward.example"]
)
def test_what_is_no_address_is_refused_before_a_server_is_asked(address: str) -> None:
    with pytest.raises(MailError, match="address") as caught:
        mail.check_address(address)
    assert caught.value.is_final
    mail.check_address("hanako.kakuu+kenshu@ward.example")


def test_a_file_goes_with_a_mail_and_stays_what_it_was(settings: Settings, now: datetime) -> None:
    kind = "text/calendar; method=REQUEST; charset=utf-8"
    file = Attachment("kenshu-1.ics", kind, "BEGIN:VCALENDAR\r\n髙橋\r\n".encode())
    message = mail.compose(
        sender="kenshu@ward.example", to="hanako@ward.example", subject=HARD, text=HARD,
        reference="0192", now=now, attachments=[file],
    )  # fmt: skip
    mail.send(settings, message)
    (path,) = settings.mailbox.glob("*.eml")
    read = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    (part,) = read.iter_attachments()
    assert dict(part["Content-Type"].params) == {"method": "REQUEST", "charset": "utf-8"}
    assert part.get_content_type() == "text/calendar"
    assert part.get_payload(decode=True) == file.content
    (kept,) = mail.kept(settings.mailbox)
    assert (kept.text.strip(), kept.attachments) == (HARD, ["kenshu-1.ics"])


def test_a_server_that_is_away_is_an_error_that_can_be_tried_again(
    settings: Settings, now: datetime
) -> None:
    with MailServer() as server:
        address = server.address
    with pytest.raises(MailError, match="unreachable") as caught:
        mail.send(replace(settings, mail=address), composed(now))
    assert not caught.value.is_final


def test_a_password_never_goes_over_a_line_in_clear(settings: Settings, now: datetime) -> None:
    with MailServer() as server:
        named = server.address.replace("smtp://", "smtp://office:secret@")
        with pytest.raises(MailError, match="server"):
            mail.send(replace(settings, mail=named), composed(now))
    assert server.taken == []


@pytest.mark.requirement("SEC-12")
@pytest.mark.parametrize("header", ["to", "subject", "sender"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_line_break_in_a_header_is_refused(now: datetime, header: str, end: str) -> None:
    with pytest.raises(ValueError, match=r"newline|linefeed"):
        composed(now, **{header: f"a@ward.example{end}Bcc: all@ward.example"})


def test_the_folder_shows_the_newest_mail_first(settings: Settings, now: datetime) -> None:
    for number in range(3):
        mail.send(settings, composed(now, reference=f"000{number}", subject=f"{HARD}{number}"))
    found = mail.kept(settings.mailbox)
    assert [letter.subject for letter in found] == [f"{HARD}{number}" for number in (2, 1, 0)]
    assert found[0].to == "hanako@ward.example"
    assert found[0].text.splitlines() == [HARD, "本文です。"]
    assert len(mail.kept(settings.mailbox, most=2)) == 2


def test_a_mail_sent_twice_lies_in_the_folder_once(settings: Settings, now: datetime) -> None:
    for _ in range(2):
        mail.send(settings, composed(now))
    assert len(mail.kept(settings.mailbox)) == 1


def test_an_empty_folder_shows_nothing(settings: Settings) -> None:
    assert mail.kept(settings.mailbox) == []


def test_a_sender_with_a_name_makes_a_sound_message_id(now: datetime) -> None:
    message = composed(now, sender="研修担当 <kenshu@ward.example>")
    assert message["Message-ID"] == "<0192@ward.example>"
    assert message["From"].addresses[0].display_name == "研修担当"
