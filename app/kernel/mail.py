"""Mail by SMTP, or into a folder where it can be read."""

from __future__ import annotations

import email.policy
import re
import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import format_datetime, parseaddr
from pathlib import Path
from urllib.parse import unquote, urlsplit

from app.kernel.settings import Settings

TIMEOUT = 20
#: One address, as a mail server of any age takes it.
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w.-]+", re.ASCII)


class MailError(Exception):
    """A mail was not taken; the code says why, and neither address nor answer stand in it.

    `is_final` says that trying again cannot help (RFC 5321, 4.2.1): codes `address`, `recipient`
    and `content`; the others are of the server: `recipient_later`, `sender`, `server`,
    `unreachable`.
    """

    def __init__(self, code: str, *, is_final: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.is_final = is_final


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a mail."""

    name: str
    #: With its parameters: text/calendar; method=REQUEST; charset=utf-8.
    content_type: str
    content: bytes


@dataclass(frozen=True)
class KeptMail:
    """A mail in the folder, as the demonstration's page shows it."""

    to: str
    subject: str
    sent_at: datetime
    text: str
    #: Names of the files that go with it.
    attachments: Sequence[str] = ()


def compose(
    *,
    sender: str,
    to: str,
    subject: str,
    text: str,
    reference: str,
    now: datetime,
    attachments: Sequence[Attachment] = (),
) -> EmailMessage:
    """Return a mail in plain text and UTF-8.

    `reference` makes the Message-ID, so that a mail sent twice after a crash is seen as one.
    A line break in a header is refused by the standard library (ValueError).
    """
    message = EmailMessage(policy=email.policy.SMTP)
    message["From"] = sender
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{reference}@{parseaddr(sender)[1].rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text, charset="utf-8", cte="base64")
    for each in attachments:
        _attach(message, each)
    return message


def _attach(message: EmailMessage, attachment: Attachment) -> None:
    described = EmailMessage(policy=email.policy.SMTP)
    described["Content-Type"] = attachment.content_type
    message.add_attachment(
        attachment.content,
        maintype=described.get_content_maintype(),
        subtype=described.get_content_subtype(),
        params=dict(described["Content-Type"].params),
        filename=attachment.name,
    )


def check_address(address: str) -> None:
    """Raise MailError("address") for what no mail can be sent to."""
    if not _ADDRESS.fullmatch(address):
        raise MailError("address", is_final=True)


def send(settings: Settings, message: EmailMessage) -> None:
    """Send a mail; raises MailError when it was not taken."""
    if settings.mail == "folder":
        _keep(settings.mailbox, message)
        return
    try:
        with _connected(settings) as server:
            server.send_message(message)
    except OSError as error:  # all errors of smtplib are
        # From None: they hold the address, which would be logged with them.
        raise _named(error) from None


def _named(error: OSError) -> MailError:
    """Return why a mail was not taken, by what the server has answered to what."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        is_final = all(code >= 500 for code, _ in error.recipients.values())
        return MailError("recipient" if is_final else "recipient_later", is_final=is_final)
    if isinstance(error, smtplib.SMTPDataError):
        is_final = error.smtp_code >= 500
        return MailError("content" if is_final else "server", is_final=is_final)
    if isinstance(error, smtplib.SMTPSenderRefused | smtplib.SMTPAuthenticationError):
        return MailError("sender")
    is_away = (smtplib.SMTPServerDisconnected, smtplib.SMTPConnectError)
    if isinstance(error, smtplib.SMTPException) and not isinstance(error, is_away):
        return MailError("server")
    return MailError("unreachable")


@contextmanager
def _connected(settings: Settings) -> Iterator[smtplib.SMTP]:
    """Yield a server that is ready to take a mail; what it says at the end changes nothing."""
    address = urlsplit(settings.mail)
    host, port = address.hostname or "localhost", address.port or 25
    if address.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, port, timeout=TIMEOUT, context=ssl.create_default_context()
        )
    else:
        server = smtplib.SMTP(host, port, timeout=TIMEOUT)
    try:
        if address.username:
            if address.scheme == "smtp":
                server.starttls(context=ssl.create_default_context())
            server.login(unquote(address.username), unquote(address.password or ""))
        yield server
    finally:
        with suppress(smtplib.SMTPException, OSError):
            server.quit()
        server.close()


def _keep(folder: Path, message: EmailMessage) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{message['Message-ID'].strip('<>')}.eml"
    path.write_bytes(message.as_bytes())


def kept(folder: Path, most: int = 100) -> list[KeptMail]:
    """Return the newest mails of the folder, newest first."""
    parser = BytesParser(policy=email.policy.default)
    newest = sorted(folder.glob("*.eml"), key=lambda path: path.name, reverse=True)[:most]
    return [_kept(parser.parsebytes(path.read_bytes())) for path in newest]


def _kept(message: EmailMessage) -> KeptMail:
    body = message.get_body(("plain",))
    return KeptMail(
        message["To"],
        message["Subject"],
        message["Date"].datetime,
        body.get_content() if body else "",
        [part.get_filename() or "" for part in message.iter_attachments()],
    )
