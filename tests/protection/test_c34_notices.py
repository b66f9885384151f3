"""C34: a mail says that there is something to see, and shows nothing of it."""

from __future__ import annotations

import re
from datetime import datetime
from email import message_from_bytes, policy
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel.actor import Actor
from app.kernel.db import Database
from app.kernel.errors import Refused
from app.kernel.notices import text
from app.kernel.notices.models import Notice
from app.kernel.notices.text import Wording
from app.kernel.settings import Settings
from app.people.messages import service as messages
from app.training.enrolment import service
from tests import factories
from workers import mailing
from workers.workshop import Workshop

pytestmark = pytest.mark.requirement("NTF-07")

#: What each kind of notice places beside its reader's name: titles and days, and of nobody.
_DAYS = {"title", "run", "from_on", "until_on"}
_LIMIT = {"title", "until"}
_OF_RUN = {"title", "run"}
_TITLE = {"title"}
_NUMBER = {*_DAYS, "number"}
PLACED = {
    service.OPENED: {"title", "from_on", "until_on"},
    **dict.fromkeys(("call.opened", "call.invited", "call.reminded", "apply.closing"), _LIMIT),
    "list.handed_on": _LIMIT,
    "candidacy.applied": _LIMIT,
    "candidacy.closing": {*_LIMIT, "count"},
    **dict.fromkeys(
        (
            *("candidacy.nominated", "candidacy.returned", "candidacy.declined"),
            *("candidacy.withdrawn", "candidacy.lapsed", "candidacy.waitlisted"),
            *("candidacy.not_selected", "change.asked", "change.approved", "change.rejected"),
            *("seat.ended", "candidacy.named"),
        ),
        _TITLE,
    ),
    **dict.fromkeys(("order.issued", "order.changed", "order.revoked", "order.reminded"), _NUMBER),
    # How many of a section, and never who.
    "order.section": {"title", "count"},
    "completion.section": {"title", "count"},
    "completion.decided": _OF_RUN,
    "learning.section": {"title", "count", "until_on"},
    "summary.weekly": {"count"},
    "digest.no_address": {"count"},
    "attendance.announced": _OF_RUN,
    **dict.fromkeys(
        ("make_up.asked", "make_up.given", "make_up.refused", "make_up.withdrawn"), _OF_RUN
    ),
    **dict.fromkeys(
        (
            *("run.cancelled", "run.restored", "run.postponed", "run.rescheduled"),
            *("learning.due", "learning.overdue", "seat.revoked"),
        ),
        _DAYS,
    ),
    "session.tomorrow": {"title", "run", "session_on", "starts", "place"},
}


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


def test_words_can_place_nothing_but_what_is_listed_here(office: FlaskClient) -> None:
    """A kind that places something else: say here why it tells nothing of anybody (NTF-07)."""
    assert set(text.KINDS) == set(PLACED)
    for code, kind in text.KINDS.items():
        assert set(kind.placeholders) == PLACED[code], code
        assert set(text.placeholders(code)) == PLACED[code] | {"name"}, code
        written = set(re.findall(r"%\((\w+)\)", kind.title.text + kind.text.text))
        assert written <= PLACED[code], code


@pytest.mark.parametrize(
    "placed",
    ["{職員番号}", "{メールアドレス}", "{得点}", "{回答}", "{ログイン用の鍵}", "{}", "{0}"],
)
def test_the_office_cannot_place_another_item_an_answer_or_a_key(
    office: FlaskClient, session: Session, now: datetime, placed: str
) -> None:
    by = Actor(person_id=factories.person(session).id)
    for wording in (Wording(placed, "本文"), Wording("題名", f"{{氏名}}さん {placed}")):
        with pytest.raises(Refused, match="placeholder_unknown"):
            messages.write(session, service.OPENED, wording, 0, by=by, now=now)


def test_words_of_the_office_tell_of_their_reader_the_name_alone(
    session: Session, settings: Settings, database: Database, office: FlaskClient, now: datetime
) -> None:
    by = Actor(person_id=factories.person(session).id)
    whole = "".join(text.braces(each) for each in text.placeholders(service.OPENED).values())
    messages.write(session, service.OPENED, Wording(whole, whole), 0, by=by, now=now)
    who = factories.person(session, "見本 一", number="12345", email="a@example.jp")
    run = factories.run(session, factories.training(session, "接遇研修"))
    factories.enrol(session, run, who)
    session.flush()
    with database.unit_of_work() as writing:
        service.tell_opened(writing, run.id, now)
    notice = session.scalars(sa.select(Notice)).one()
    mailing.send(Workshop(settings, database), {"notice_id": str(notice.id)})
    (mail,) = sent(settings)
    assert "見本 一接遇研修" in mail
    assert "{" not in mail
    links = re.findall(r"https?://\S+", mail)
    assert links == [settings.office_origin + "/"]
    for secret in ("12345", "a@example.jp"):
        assert secret not in mail
