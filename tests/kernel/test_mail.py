"""Mail as it leaves: UTF-8, one header a line, to a server or into a folder."""

from __future__ import annotations

import email
import email.policy
import smtplib
from dataclasses import replace
from datetime import datetime
from email.message import EmailMessage

import pytest

from app.kernel import mail
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


def test_a_server_that_refuses_is_an_error_that_can_be_tried_again(
    settings: Settings, now: datetime
) -> None:
    with MailServer() as server:
        server.refuses = True
        with pytest.raises(smtplib.SMTPException):
            mail.send(replace(settings, mail=server.address), composed(now))
    assert server.taken == []


def test_a_server_that_is_away_is_an_error_that_can_be_tried_again(
    settings: Settings, now: datetime
) -> None:
    with MailServer() as server:
        address = server.address
    with pytest.raises(OSError, match="refused"):
        mail.send(replace(settings, mail=address), composed(now))


def test_a_password_never_goes_over_a_line_in_clear(settings: Settings, now: datetime) -> None:
    with MailServer() as server:
        named = server.address.replace("smtp://", "smtp://office:secret@")
        with pytest.raises(smtplib.SMTPNotSupportedError, match="STARTTLS"):
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
