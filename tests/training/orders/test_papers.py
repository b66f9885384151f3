"""Papers: orders, rosters and decisions as PDFs, with every name in its own shape."""

from __future__ import annotations

import io
from typing import Any

import pypdfium2
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel import clock, pdf
from app.kernel.audit.models import AuditEvent
from app.training.orders import queries as orders
from app.training.papers import queries, views
from tests import factories
from tests.kernel.test_pdf import ink, picture
from tests.training.offered import Offered, offered

#: 𠮷, 葛 with its selector, 髙, and 神 as U+FA19.
HARD, USUAL = "𠮷葛󠄀 髙\ufa19", "吉葛 高神"


def words(body: bytes) -> list[str]:
    """Return the text of each page, without the spaces between its letters."""
    with pypdfium2.PdfDocument(io.BytesIO(body)) as document:
        return ["".join(page.get_textpage().get_text_range().split()) for page in document]


def plain(name: str) -> str:
    """Return a name without its space."""
    return name.replace(" ", "")


def paper(session: Session, order_id: Any, name: str, stage: Offered) -> bytes:
    """Return 研修命令書 of a version for its first person, whatever their name had been."""
    order = orders.version(session, order_id)
    data = queries.order_paper(order, orders.lines(session, order_id, clock.today(stage.now)))
    data["people"][0]["name"] = name
    return pdf.render("order", data, now=order.issued_at)


@pytest.mark.requirement("ORD-05")
def test_a_hard_name_is_drawn_in_its_own_shape_and_the_same_version_is_the_same_file(
    session: Session,
) -> None:
    stage = offered(session)
    stage.people[0].name = HARD
    order = stage.ordered(stage.people[0])
    made = paper(session, order.id, HARD, stage)
    assert made == paper(session, order.id, HARD, stage)
    usual = paper(session, order.id, USUAL, stage)
    assert picture(made) != picture(usual)
    assert ink(picture(made)) > 200
    # What became of the person since changes no paper.
    stage.people[0].name = "婚姻 後"
    session.flush()
    row = orders.lines(session, order.id, clock.today(stage.now))[0]
    assert row.name == HARD


@pytest.mark.requirement("ORD-05")
def test_orders_are_printed_for_one_for_a_section_and_for_all(
    office: FlaskClient, session: Session
) -> None:
    stage = offered(session, capacity=5)
    elsewhere = factories.section(session, "税務課")
    stranger = factories.person(session, "架空 他子", section=elsewhere)
    order = stage.ordered(*stage.people[:2], stranger)
    address = f"/orders/{order.id}/order.pdf"
    factories.enter(office, session, stage.people[0])
    own = office.get(address)
    assert (own.mimetype, len(words(own.data))) == ("application/pdf", 1)
    text = words(own.data)[0]
    assert plain(stage.people[0].name) in text
    assert "第1号（第1版）" in text
    assert "第1研修室" in text
    factories.enter(office, session, stage.head_person)
    assert len(words(office.get(address).data)) == 2
    assert len(words(office.get(f"/orders/{order.id}/roster.pdf").data)) == 1
    factories.enter(office, session, stage.clerk)
    assert office.get(address).status_code == 422, "the office says why"
    assert len(words(office.get(f"{address}?reason=training").data)) == 3
    narrowed = office.get(f"{address}?reason=training&section={elsewhere.id}")
    assert len(words(narrowed.data)) == 1
    line = session.scalars(
        sa.select(AuditEvent)
        .where(AuditEvent.action == "order.printed")
        .order_by(AuditEvent.seq.desc())
    ).first()
    assert line is not None
    assert (line.details or {})["people"] == [str(stranger.id)]
    roster = office.get(f"/orders/{order.id}/roster.pdf?reason=training")
    text = "".join(words(roster.data))
    assert all(each in text for each in ("窓口課（2人）", "税務課（1人）", plain(stranger.name)))
    assert plain(stage.clerk.name) in text, "a list says who took it"


@pytest.mark.requirement("ORD-05")
def test_a_decision_is_printed_for_each_section(office: FlaskClient, session: Session) -> None:
    stage = offered(session)
    elsewhere = factories.section(session, "税務課")
    stranger = factories.person(session, "架空 他子", section=elsewhere)
    rows = [stage.put_forward(who) for who in (*stage.people[:3], stranger)]
    outcomes = ("selected", "waitlisted", "not_selected", "selected")
    for row, what in zip(rows, outcomes, strict=True):
        stage.propose([row], what, stage.runs[0])
    stage.confirm()
    factories.enter(office, session, stage.clerk)
    address = f"/offerings/{stage.offering.id}/decisions.pdf"
    assert office.get(address).status_code == 422
    pages = words(office.get(f"{address}?reason=training").data)
    assert len(pages) == 2
    own = next(page for page in pages if "窓口課" in page)
    assert all(plain(who.name) in own for who in stage.people[:3])
    assert plain(stranger.name) not in own
    assert "補欠（1人）" in own
    assert "第1回1番目" in own


def test_more_pages_than_take_seconds_are_refused_by_section(
    office: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = offered(session, capacity=5)
    order = stage.ordered(*stage.people[:3])
    monkeypatch.setattr(views, "MOST", 2)
    factories.enter(office, session, stage.clerk)
    answer = office.get(f"/orders/{order.id}/order.pdf?reason=training")
    assert answer.status_code == 422
    assert "一度に印刷できる枚数（2枚）を超えています（3枚）" in answer.text
