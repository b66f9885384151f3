"""A notice sent as a mail, and words on trial, in the installation's language.

What the register says of the address counts when the mail is sent, not when the notice was written.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any

import flask_babel
from sqlalchemy.orm import Session

from app.kernel import calendar, clock, mail
from app.kernel.mail import Attachment
from app.kernel.notices import queries, service, text
from app.kernel.notices.models import MailState, Notice
from app.kernel.notices.text import Wording
from app.people.register.models import Person
from workers.workshop import Workshop

#: How often a mail is tried: over two days, by the waits of the outbox.
MOST_FAILURES = 18
#: The same for words on trial: over an hour.
MOST_FAILURES_OF_TRIAL = 9


def send(shop: Workshop, payload: Mapping[str, Any]) -> None:
    """Send the mail of a notice, once, and note what became of it.

    A restricted person gets none. Sent again, since its worker died before it could say so, it
    bears the same Message-ID. Raises MailError where it was not taken.
    """
    notice_id = uuid.UUID(payload["notice_id"])
    with shop.database.reading() as session:
        notice = session.get(Notice, notice_id)
        person = session.get(Person, notice.person_id) if notice else None
        wording = queries.wording(session, notice.kind, notice.version) if notice else None
    if notice is None or person is None or notice.mail == MailState.SENT:
        return
    if person.restricted_at:
        _note(shop, notice_id, None)
    elif not person.email:
        _note(shop, notice_id, MailState.NO_ADDRESS, service.NO_ADDRESS)
    else:
        mail.send(shop.settings, _message(shop, notice, person, wording))
        _note(shop, notice_id, MailState.SENT)


def note_failure(
    session: Session, payload: Mapping[str, Any], code: str, now: datetime, *, is_last: bool
) -> None:
    """Note on a notice why its mail has not arrived, and whether it will be tried again."""
    state = MailState.FAILED if is_last else MailState.WAITING
    service.note_mail(session, uuid.UUID(payload["notice_id"]), state, now, code)


def try_out(shop: Workshop, payload: Mapping[str, Any]) -> None:
    """Send words on trial, filled with examples, to who wrote them; there is no notice of them.

    Whose data is not to be used by now gets none.

    Raises MailError where it was not taken.
    """
    with shop.database.reading() as session:
        person = session.get(Person, uuid.UUID(payload["person_id"]))
    if person is None or person.restricted_at or not person.email:
        return
    if payload["kind"] not in text.KINDS:
        return
    wording = Wording(payload["title"], payload["text"])
    with _speaking(shop):
        title, body = text.sample(payload["kind"], wording, person.name)
        subject = str(text.SUBJECT_OF_TRIAL) % {"subject": text.subject(title)}
        message = _composed(shop, person, subject, body, "/", payload["reference"])
    mail.send(shop.settings, message)


def _note(
    shop: Workshop, notice_id: uuid.UUID, state: MailState | None, error: str | None = None
) -> None:
    with shop.database.unit_of_work() as session:
        service.note_mail(session, notice_id, state, clock.now(), error)


@contextmanager
def _speaking(shop: Workshop) -> Iterator[None]:
    with shop.office.app_context(), flask_babel.force_locale(shop.settings.language):
        yield


def _message(
    shop: Workshop, notice: Notice, person: Person, wording: Wording | None
) -> EmailMessage:
    with _speaking(shop):
        title, body = text.words(notice.kind, notice.data, name=person.name, wording=wording)
        return _composed(
            shop,
            person,
            text.subject(title),
            body,
            notice.path,
            str(notice.id),
            _attachments(shop, notice, str(person.email)),
        )


def _composed(
    shop: Workshop,
    person: Person,
    subject: str,
    body: str,
    path: str,
    reference: str,
    attachments: Sequence[Attachment] = (),
) -> EmailMessage:
    address = str(person.email)
    mail.check_address(address)
    return mail.compose(
        sender=shop.settings.mail_from,
        to=address,
        subject=subject,
        text=text.letter(person.name, body, shop.settings.office_origin + path),
        reference=reference,
        now=clock.now(),
        attachments=attachments,
    )


def _attachments(shop: Workshop, notice: Notice, address: str) -> list[Attachment]:
    """Return a file for each of the notice's events, as calendars take them from a mail."""
    found = []
    for number, plain in enumerate(notice.events or (), 1):
        event = calendar.Event.of(plain)
        content = calendar.message(
            event,
            organiser=parseaddr(shop.settings.mail_from)[1],
            attendee=address,
            origin=shop.settings.office_origin,
            now=notice.created_at,
        )
        kind = f"{calendar.CONTENT_TYPE}; method={calendar.method_of(event)}; charset=utf-8"
        found.append(Attachment(f"kenshu-{number}.ics", kind, content))
    return found
