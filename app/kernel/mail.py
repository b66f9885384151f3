"""Mail by SMTP, or into a folder where it can be read."""

from __future__ import annotations

import email.policy
import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import format_datetime, parseaddr
from pathlib import Path
from urllib.parse import unquote, urlsplit

from app.kernel.settings import Settings

TIMEOUT = 20


@dataclass(frozen=True)
class KeptMail:
    """A mail in the folder, as the demonstration's page shows it."""

    to: str
    subject: str
    sent_at: datetime
    text: str


def compose(
    *, sender: str, to: str, subject: str, text: str, reference: str, now: datetime
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
    return message


def send(settings: Settings, message: EmailMessage) -> None:
    """Send a mail; raises OSError or smtplib.SMTPException when it was not accepted."""
    if settings.mail == "folder":
        _keep(settings.mailbox, message)
        return
    address = urlsplit(settings.mail)
    host, port = address.hostname or "localhost", address.port or 25
    if address.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, port, timeout=TIMEOUT, context=ssl.create_default_context()
        )
    else:
        server = smtplib.SMTP(host, port, timeout=TIMEOUT)
    with server:
        if address.username:
            if address.scheme == "smtp":
                server.starttls(context=ssl.create_default_context())
            server.login(unquote(address.username), unquote(address.password or ""))
        server.send_message(message)


def _keep(folder: Path, message: EmailMessage) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{message['Message-ID'].strip('<>')}.eml"
    path.write_bytes(message.as_bytes())


def kept(folder: Path, most: int = 100) -> list[KeptMail]:
    """Return the newest mails of the folder, newest first."""
    parser = BytesParser(policy=email.policy.default)
    newest = sorted(folder.glob("*.eml"), key=lambda path: path.name, reverse=True)[:most]
    messages = (parser.parsebytes(path.read_bytes()) for path in newest)
    return [
        KeptMail(message["To"], message["Subject"], message["Date"].datetime, message.get_content())
        for message in messages
    ]
