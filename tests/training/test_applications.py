"""A learner applies, sees what becomes of it, withdraws, and applies again."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.db import new_id
from app.kernel.errors import Conflict, Refused
from app.kernel.outbox import Outgoing
from app.training.audiences.models import AudienceMember
from app.training.candidacies import service
from app.training.candidacies.models import Candidacy, Preference
from app.training.offerings.models import ApprovalPath, Obligation
from app.training.waiting import queries as waiting
from tests import factories, forms
from tests.training.calling import Calling, calling
from tests.training.counting import rows


@pytest.fixture
def call(session: Session) -> Calling:
    """A call that people can apply for."""
    return calling(session)


def apply(call: Calling, who: int = 0) -> Candidacy:
    """Have one of the section apply for the first run."""
    return service.apply(
        call.session,
        call.offering.id,
        new_id(),
        [call.runs[0].id],
        by=call.acting(call.people[who]),
        now=clock.now(),
    )


@pytest.mark.requirement("NOM-02", "NOM-04")
def test_a_double_click_applies_once_for_runs_in_the_order_of_the_wish(
    office: FlaskClient, session: Session, call: Calling
) -> None:
    factories.enter(office, session, call.people[0])
    address = f"/courses/{call.offering.id}/apply"
    page = office.get(address).text
    assert page.count("（あと14日）") == 1  # one's own limit, and the head's a week later
    assert page.count("（あと21日）") == 1
    assert "所属長が承認したあと、研修担当が受講者を選びます。" in page
    first, second = (str(run.id) for run in call.runs)
    sent = {"key": forms.carried(office, address)["key"][0], "wish_1": second}
    again = office.post(address, data={**sent, "wish_2": second})
    assert (again.status_code, rows(session, Candidacy)) == (422, 0)
    assert "同じ回は一度だけ選べます。" in again.text
    for _ in range(2):
        answer = office.post(address, data={**sent, "wish_2": first}, follow_redirects=True)
        assert "申し込みました。所属長の承認を待っています。" in answer.text
    [row] = session.scalars(sa.select(Candidacy))
    assert (row.state, row.person_id, row.entered_by) == ("applied", call.people[0].id, None)
    wishes = session.scalars(sa.select(Preference.run_id).order_by(Preference.position)).all()
    assert wishes == [call.runs[1].id, call.runs[0].id]
    told = [each.payload for each in session.scalars(sa.select(Outgoing))]
    assert told.count({"table": "candidacy", "id": str(row.id), "action": "apply"}) == 1
    assert "この研修には、もう申し込んでいます" in office.get(address).text


@pytest.mark.requirement("NOM-02")
def test_where_nobody_has_to_approve_it_is_decided_at_once(session: Session, call: Calling) -> None:
    call.offering.approval_path = ApprovalPath.NOBODY
    assert [apply(call, who).state for who in range(3)] == ["selected", "selected", "waitlisted"]


@pytest.mark.requirement("NOM-07")
def test_what_stands_in_the_way_is_told_before_with_what_to_do(
    office: FlaskClient, session: Session, call: Calling
) -> None:
    meant, outsider = call.people[:2]
    session.add(
        AudienceMember(
            offering_id=call.offering.id,
            person_id=meant.id,
            section_id=call.section.id,
            title_id=factories.title(session).id,
            added_at=clock.now(),
        )
    )
    session.flush()
    factories.enter(office, session, outsider)
    address = f"/courses/{call.offering.id}/apply"
    page = office.get(address).text
    assert "この研修の対象に含まれていません" in page
    assert "受講が必要なときは、所属の研修担当に相談してください。" in page
    assert "申し込む</span>" not in page
    sent = {"key": str(new_id()), "wish_1": str(call.runs[0].id)}
    assert office.post(address, data=sent).status_code == 422
    call.offering.obligation = Obligation.NOMINATED
    session.flush()
    assert "自分では申し込めません" in office.post(address, data=sent).text
    assert rows(session, Candidacy) == 0


@pytest.mark.requirement("NOM-09")
def test_before_the_decision_one_withdraws_freely_and_after_it_no_more(
    office: FlaskClient, session: Session, call: Calling
) -> None:
    mine, decided = apply(call), apply(call, 1)
    factories.enter(office, session, call.people[0])
    address = f"/candidacies/{mine.id}/withdraw"
    answer = office.post(address, follow_redirects=True)
    assert "取り下げました。" in answer.text
    assert office.post(address).status_code == 409
    assert office.post(f"/candidacies/{decided.id}/withdraw").status_code == 404
    call.offering.approval_path = ApprovalPath.HEAD
    service.act(session, decided.id, "nominate", by=call.acting(call.head), now=clock.now())
    assert decided.state == "selected"
    with pytest.raises(Conflict):
        service.act(
            session, decided.id, "withdraw", by=call.acting(call.people[1]), now=clock.now()
        )
    assert apply(call).state == "applied"  # withdrawn, one may apply anew


@pytest.mark.requirement("NOM-02", "NOM-10")
def test_what_was_returned_says_why_and_is_sent_again_with_another_run(
    office: FlaskClient, session: Session, call: Calling
) -> None:
    mine = apply(call)
    head = call.acting(call.head)
    with pytest.raises(Refused, match="reason_needed"):
        service.act(session, mine.id, "return", by=head, now=clock.now(), reason="言葉")
    service.act(session, mine.id, "return", by=head, now=clock.now(), reason="run")
    factories.enter(office, session, call.people[0])
    page = office.get("/applications").text
    assert "差戻し" in page
    assert "理由：希望の回を選び直してほしい" in page
    address = f"/candidacies/{mine.id}/submit"
    other = str(call.runs[1].id)
    assert office.post(address, data={"wish_1": ""}).status_code == 422
    answer = office.post(address, data={"wish_1": other}, follow_redirects=True)
    assert "もう一度申し込みました。" in answer.text
    session.expire_all()
    assert mine.state == "applied"
    assert session.scalars(sa.select(Preference.run_id)).all() == [call.runs[1].id]


@pytest.mark.requirement("NOM-03")
def test_after_the_learners_limit_nobody_applies_and_after_the_heads_what_waits_lapses(
    session: Session, call: Calling
) -> None:
    row = apply(call)
    until, head_until = call.runs[0].apply_until, call.runs[0].head_until
    assert until
    assert head_until == until + timedelta(days=7)
    late = {"by": call.acting(call.people[1]), "now": until + timedelta(seconds=1)}
    with pytest.raises(Refused, match="apply_too_late"):
        service.apply(session, call.offering.id, new_id(), [call.runs[0].id], **late)
    assert waiting.lapsing(session, head_until - timedelta(days=2)) == []
    assert waiting.lapsing(session, head_until - timedelta(days=1)) == [row.id]
    assert waiting.lapsing(session, head_until) == []
    assert service.lapse(session, head_until) == 0
    service.lapse(session, head_until + timedelta(seconds=1))
    assert row.state == "lapsed"
    assert {run.state for run in call.runs} == {"closed"}
