"""C34: a mail says that there is something to see, and shows nothing of it."""

from __future__ import annotations

from datetime import datetime
from email import message_from_bytes, policy
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel.db import Database
from app.kernel.notices import text
from app.kernel.notices.models import Notice
from app.kernel.settings import Settings
from app.training.enrolment import service
from tests import factories
from workers import mailing
from workers.workshop import Workshop


def sent(settings: Settings) -> list[str]:
    found = []
    for path in sorted(Path(settings.mailbox).glob("*.eml")):
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        found.append(f"{message['Subject']}\n{message.get_body().get_content()}")
    return found


@pytest.fixture
def mails(
    session: Session, settings: Settings, database: Database, now: datetime
) -> tuple[str, str]:
    """The mail of an opened run, and the path that it names."""
    material = factories.material(session, factories.person(session), "内容の題名")
    training = factories.training(session, "個人情報研修")
    run = factories.run(session, training, materials=(material,))
    who = factories.person(session, "見本 一", number="12345", email="a@example.jp")
    other = factories.person(session, "見本 別人", number="67890", email="b@example.jp")
    for person in (who, other):
        factories.enrol(session, run, person)
    session.flush()
    with database.unit_of_work() as writing:
        service.tell_opened(writing, run.id, now)
    notice = session.scalars(sa.select(Notice).where(Notice.person_id == who.id)).one()
    mailing.send(Workshop(settings, database), {"notice_id": str(notice.id)})
    (mail,) = sent(settings)
    return mail, notice.path


def test_a_mail_names_nobody_but_its_reader_and_no_result(mails: tuple[str, str]) -> None:
    mail, _ = mails
    assert "見本 一 様" in mail
    for secret in ("別人", "12345", "67890", "得点", "合格", "内容の題名"):
        assert secret not in mail, secret


def test_what_a_mail_leads_to_asks_for_a_sign_in(
    office: FlaskClient, mails: tuple[str, str], settings: Settings
) -> None:
    mail, path = mails
    assert settings.office_origin + path in mail
    answer = office.get(path)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/sign-in?next=")


def test_the_words_of_every_notice_have_no_place_for_an_answer_or_a_score(
    office: FlaskClient,
) -> None:
    assert text.WORDS
    places = {
        place
        for said in text.WORDS.values()
        for sentence in said
        for place in ("score", "answer", "response", "result", "name")
        if f"%({place})" in sentence.text
    }
    assert places == set()
