"""Applying, approving and reporting by the pages' own forms, as a browser without scripts."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.people.register.models import Person
from app.training.candidacies.models import Candidacy
from tests import factories
from tests.training.calling import calling
from tests.training.reporting import SAID, reporting


def press(client: FlaskClient, address: str, label: str, **said: object) -> TestResponse:
    """Press a button of a page, with what the form around it carries and what is written in it."""
    page = html.document_fromstring(client.get(address).text)
    [button, *_] = [
        each for each in page.xpath("//main//form//button") if each.text_content().strip() == label
    ]
    form = next(button.iterancestors("form"))
    sent: dict[str, object] = dict(form.form_values())
    if button.get("name"):
        sent[button.get("name")] = button.get("value")
    to = button.get("formaction") or form.get("action") or address
    assert form.get("method") == "post"
    return client.post(to, data={**sent, **said}, follow_redirects=True)


@pytest.mark.requirement("UIX-06")
def test_applying_approving_and_reporting_need_no_scripts(
    office: FlaskClient, session: Session
) -> None:
    def as_who(who: Person) -> None:
        factories.enter(office, session, who)

    called = calling(session)
    as_who(called.people[0])
    run = str(called.runs[0].id)
    address = f"/courses/{called.offering.id}/apply"
    applied = press(office, address, "申し込む", wish_1=run)
    assert "申し込みました" in applied.text
    as_who(called.head)
    assert "1人を承認しました" in press(office, "/approvals", "承認する").text
    assert session.scalars(sa.select(Candidacy.state)).one() == "nominated"
    stage = reporting(session)
    stage.through()
    page = f"/results/{stage.enrolments[0].id}"
    as_who(stage.people[0])
    written = {"answer_1": SAID["learnt"], "answer_2": SAID["use"]}
    assert "途中まで保存しました" in press(office, page, "途中保存する", **written).text
    assert "報告を提出しました" in press(office, page, "提出する").text
    as_who(stage.head)
    again = press(office, f"{page}/review", "差し戻す", comment="例を書いてください。")
    assert "報告を差し戻しました" in again.text
    as_who(stage.people[0])
    assert "報告を提出しました" in press(office, page, "提出する", answer_3="特になし").text
    as_who(stage.head)
    row = str(stage.enrolments[0].id)
    asked = office.post("/results/waiting/confirm", data={"row": row})
    assert "1件の報告を確認します" in asked.text
    assert "報告を確認しました" in press(office, f"{page}/review", "確認する").text
    as_who(stage.clerk)
    assert "報告を受理しました" in press(office, f"{page}/review", "受理する").text
    assert stage.state() == "accepted"
