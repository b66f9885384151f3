"""A notice sent as a mail, in the installation's language."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from email.message import EmailMessage
from typing import Any

import flask_babel

from app.kernel import clock, mail
from app.kernel.language import gettext
from app.kernel.notices import text
from app.kernel.notices.models import Notice
from app.people.register.models import Person
from workers.workshop import Workshop


def send(shop: Workshop, payload: Mapping[str, Any]) -> None:
    """Send the mail of a notice; one whose person has no address or is restricted is dropped.

    Sent again after a crash it bears the same Message-ID. Raises OSError or smtplib.SMTPException
    where it was not accepted.
    """
    message = _message(shop, uuid.UUID(payload["notice_id"]))
    if message is not None:
        mail.send(shop.settings, message)


def _message(shop: Workshop, notice_id: uuid.UUID) -> EmailMessage | None:
    with shop.database.reading() as session:
        notice = session.get(Notice, notice_id)
        person = session.get(Person, notice.person_id) if notice else None
    if notice is None or person is None or not person.email or person.restricted_at:
        return None
    with shop.office.app_context(), flask_babel.force_locale(shop.settings.language):
        title, body = text.words(notice.kind, notice.data)
        lines = (
            gettext("%(name)s 様", name=person.name),
            "",
            body,
            "",
            shop.settings.office_origin + notice.path,
            "",
            gettext("このメールは自動で送信しています。返信しても届きません。"),
        )
    return mail.compose(
        sender=shop.settings.mail_from,
        to=person.email,
        subject=title,
        text="\n".join(lines) + "\n",
        reference=str(notice.id),
        now=clock.now(),
    )
