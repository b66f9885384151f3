"""An erasure in Chromium: from what is due to its certificate, each page read as it stands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import expect

from app.keeping.retention import service as retention
from app.kernel import clock, db
from app.kernel.actor import Actor, Grant
from app.people.permission.models import Role
from tests import factories
from tests.browser.places import IMPORT_MS, OFFICE
from tests.browser.serving import Installation
from tests.browser.test_pages import faults_of
from tests.browser.window import Window

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("demonstration")]


def propose(served: Installation) -> None:
    """Have somebody have left long ago, and a second clerk propose to erase what is due."""
    database = db.connect(f"sqlite:///{served.instance / 'kenshu.sqlite3'}")
    with database.unit_of_work() as session:
        gone = factories.person(session, "架空 むかし", number="09999")
        gone.left_on = date(2015, 3, 31)
        clerk = factories.person(session, "架空 提案", number="09998", roles=(Role.OFFICE,))
        session.flush()
        by = Actor(person_id=clerk.id, grants=(Grant(Role.OFFICE),))
        retention.propose(session, "history", by=by, now=clock.now())
    database.engine.dispose()


@pytest.mark.requirement("SEC-10")
def test_what_one_proposed_another_approves_and_its_certificate_is_there(
    demonstration: Installation, visit: Callable[[str], Window]
) -> None:
    propose(demonstration)
    window = visit(OFFICE)
    page = window.page
    page.goto("/retention")
    page.locator("main a[href^='/retention/erasures/']").first.click()
    expect(page.get_by_text("09999")).to_be_visible()
    assert faults_of(window, "ja") == []
    page.get_by_label("責任者").fill("人材育成課長")
    page.get_by_role("button", name="承認して消去する").click()
    expect(page.get_by_text("消去済み").first).to_be_visible(timeout=IMPORT_MS)
    assert faults_of(window, "ja") == []
    with page.expect_download() as told:
        page.get_by_role("link", name="消去証明書（PDF）").click()
    assert told.value.suggested_filename.endswith(".pdf")
