"""A section writes its list, and its head sends it; the office does both where it has to."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy.orm import Session

from app.kernel import clock, lists
from app.kernel.actor import Actor, Grant
from app.kernel.errors import Refused
from app.kernel.outbox import Outgoing
from app.people.permission.models import Role
from app.people.register.models import Appointment, PostKind
from app.training.audiences.models import AudienceMember
from app.training.calls import queries as calls
from app.training.candidacies import service as candidacies
from app.training.candidacies.models import Candidacy
from app.training.nominations import queries, service
from app.training.offerings.models import Offering
from app.training.plans.models import RunSession
from app.training.seats import queries as seats
from tests import factories
from tests.training.calling import Calling, calling, grant
from tests.training.counting import rows


@pytest.fixture
def call(session: Session) -> Calling:
    """A call that sections put people forward for."""
    return calling(session)


def listed(session: Session) -> list[Candidacy]:
    """Return what was put forward, by rank."""
    session.expire_all()
    return list(session.scalars(sa.select(Candidacy).order_by(Candidacy.rank, Candidacy.id)))


def put(call: Calling, *who: int) -> list[Candidacy]:
    """Have the coordinator put people on the list."""
    return service.add(
        call.session,
        call.offering.id,
        call.section.id,
        [call.people[each].id for each in who],
        by=call.acting(call.coordinator),
        now=clock.now(),
    )


def send(call: Calling) -> int:
    """Have the head send all that is on the list."""
    by = call.acting(call.head)
    ready = service.approvable(call.session, call.offering.id, call.section.id, by)
    mark = lists.mark([row.id for row in ready])
    return service.send(
        call.session, call.offering.id, call.section.id, mark, by=by, now=clock.now()
    )


@pytest.mark.requirement("NOM-01", "NOM-04", "NOM-05")
def test_a_list_is_written_put_into_order_handed_on_and_sent_by_the_head(
    office: FlaskClient, session: Session, call: Calling
) -> None:
    call.allot(2)
    factories.enter(office, session, call.coordinator)
    home = html.document_fromstring(office.get("/nominations").text)
    [shown] = home.xpath("//tr[.//a[contains(@href, '/nominations/')]]")
    cells = [each.text_content().strip() for each in shown.xpath("./td")]
    assert cells == ["2", "0", "2", "0", "0", "未提出"]  # 割当, 推薦済, 残枠, 作成中, 申込み
    first, second, third = call.people
    chosen = {**call.place, "person": [str(first.id), str(second.id)]}
    for _ in range(2):  # a double click adds nobody twice
        office.post(f"{call.path}/add", data=chosen)
    one, two = listed(session)
    assert (one.person_id, two.person_id) == (first.id, second.id)
    ranks = {"listed": [str(one.id), str(two.id)], f"rank_{one.id}": "２", f"rank_{two.id}": "1"}
    wishes = {f"wish_{one.id}_1": str(call.runs[1].id), f"wish_{one.id}_2": str(call.runs[0].id)}
    office.post(f"{call.path}/order", data={**call.place, **ranks, **wishes})
    assert [row.person_id for row in listed(session)] == [second.id, first.id]
    asked = {"listed": [str(two.id), str(one.id)], "up": str(one.id)}
    office.post(f"{call.path}/order", data={**call.place, **asked})
    assert [row.person_id for row in listed(session)] == [first.id, second.id]
    office.post(f"{call.path}/hand-on", data=call.place)
    page = office.get(f"{call.path}?section={call.section.id}").text
    assert "所属長の承認待ち" in page
    assert "2人を推薦する" not in page
    assert office.post(f"{call.path}/send", data=call.place).status_code == 403

    factories.enter(office, session, call.head)
    page = office.get(f"{call.path}?section={call.section.id}").text
    assert "2人を推薦します" in page
    stale = {**call.place, "confirmed": lists.mark([one.id])}
    assert office.post(f"{call.path}/send", data=stale).status_code == 409
    told = {**call.place, "confirmed": lists.mark([one.id, two.id])}
    answer = office.post(f"{call.path}/send", data=told, follow_redirects=True)
    assert "2人を推薦しました。" in answer.text
    assert [(row.rank, row.state) for row in listed(session)] == [
        (1, "nominated"),
        (2, "nominated"),
    ]
    again = office.get("/nominations").text
    assert "提出済" in again
    assert third.name not in again


@pytest.mark.requirement("NOM-07", "ORD-07")
def test_the_staff_to_choose_from_are_told_apart_and_who_cannot_be_chosen_says_why(
    office: FlaskClient, session: Session, call: Calling
) -> None:
    twin = factories.person(session, call.people[0].name, section=call.section)
    helper = factories.person(session, "架空 兼子")
    session.add(
        Appointment(
            person_id=helper.id,
            section_id=call.section.id,
            title_id=factories.title(session).id,
            kind=PostKind.CONCURRENT,
            valid_from=factories.LONG_AGO,
        )
    )
    meant = [*call.people, twin, helper]
    _mean(session, call, [person.id for person in meant])
    last_year = Offering(
        training_id=call.offering.training_id,
        fiscal_year=call.offering.fiscal_year - 1,
        created_at=clock.now(),
    )
    session.add(last_year)
    session.flush()
    session.add(
        Candidacy(
            offering_id=last_year.id,
            person_id=twin.id,
            state="not_selected",
            section_id=call.section.id,
            title_id=factories.title(session).id,
            created_at=clock.now(),
        )
    )
    session.flush()
    found = {
        each.post.person_id: each
        for each in queries.staff(
            session, calls.call(session, call.offering.id), call.section.id, clock.now()
        )
    }
    order = list(found)
    assert set(order[: len(meant)]) == {person.id for person in meant}
    assert found[call.head.id].obstacles == ["not_meant"]
    assert [each.post.person_id for each in found.values() if each.was_passed_over] == [twin.id]
    assert found[helper.id].is_concurrent
    factories.enter(office, session, call.coordinator)
    page = html.document_fromstring(office.get(f"{call.path}?section={call.section.id}").text)
    same = page.xpath(f"//form[contains(@action, '/add')]//tr[contains(., '{twin.name}')]")
    assert len({row.text_content() for row in same}) == len(same) == 2
    refused = page.xpath("//tr[.//input[@type='checkbox' and @disabled]]")
    assert all("対象外" in row.text_content() for row in refused)
    outsider = {**call.place, "person": str(call.head.id)}
    assert "この研修の対象ではありません" in office.post(f"{call.path}/add", data=outsider).text
    elsewhere = {**call.place, "person": str(factories.person(session).id)}
    assert office.post(f"{call.path}/add", data=elsewhere).status_code == 404
    assert rows(session, Candidacy) == 1


def test_who_has_another_training_at_that_time_is_marked(
    office: FlaskClient, session: Session, call: Calling
) -> None:
    other = factories.run(session, factories.training(session, "別の研修"))
    starts_at = session.scalars(
        sa.select(RunSession.starts_at).where(RunSession.run_id == call.runs[0].id)
    ).one()
    session.add(
        RunSession(
            run_id=other.id, number=1, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1)
        )
    )
    factories.enrol(session, other, call.people[0])
    put(call, 0, 1)
    busy, free = queries.entries(
        session, calls.call(session, call.offering.id), call.section.id, clock.now()
    )
    assert [clash.title for clash in busy.clashes] == ["別の研修"]
    assert free.clashes == []
    factories.enter(office, session, call.coordinator)
    assert "時間の重なり" in office.get(f"{call.path}?section={call.section.id}").text


@pytest.mark.requirement("NOM-05")
def test_beyond_the_quota_nobody_is_sent_or_only_to_wait(
    office: FlaskClient, session: Session, call: Calling
) -> None:
    call.allot(2)
    drafts = put(call, 0, 1, 2)
    factories.enter(office, session, call.head)
    page = office.get(f"{call.path}?section={call.section.id}").text
    assert "1人を取り下げるか、研修担当に相談してください。" in page
    with pytest.raises(Refused, match="quota_full"), session.begin_nested():
        send(call)
    session.expire_all()
    assert [row.state for row in drafts] == ["draft"] * 3
    call.offering.overflow = "waitlist"
    assert send(call) == 3
    assert [row.is_over_quota for row in drafts] == [False, False, True]
    account = seats.ledger(session, call.offering.id, clock.today(clock.now())).quotas[0]
    assert (account.taken, account.left) == (2, 0)
    # 差戻し by the office gives the place back.
    by = Actor(person_id=call.office.id, grants=(Grant(Role.OFFICE),))
    candidacies.act(session, drafts[0].id, "return", by=by, now=clock.now(), reason="quota")
    ledger = seats.ledger(session, call.offering.id, clock.today(clock.now()))
    assert ledger.left(call.section.id) == 1


@pytest.mark.requirement("NOM-08")
def test_a_coordinator_applies_for_somebody_and_it_is_shown_as_done_for_them(
    office: FlaskClient, session: Session, call: Calling
) -> None:
    factories.enter(office, session, call.coordinator)
    who = call.people[0]
    address = f"{call.path}/apply?section={call.section.id}&person={who.id}"
    assert f"{who.name}さんに代わって申し込む" in office.get(address).text
    answer = office.post(address, data={"wish_1": str(call.runs[0].id)})
    assert answer.status_code == 303
    [row] = listed(session)
    assert (row.state, row.route, row.entered_by) == ("applied", "applied", call.coordinator.id)
    factories.enter(office, session, who)
    assert f"代行入力 {call.coordinator.name}" in office.get("/applications").text


@pytest.mark.requirement("NOM-07", "NOM-08")
def test_the_office_enters_what_came_on_paper_also_late_and_with_an_exception(
    office: FlaskClient, session: Session, call: Calling
) -> None:
    _mean(session, call, [call.head.id])
    for run in call.runs:
        run.head_until = clock.now() - timedelta(days=1)
    session.flush()
    with pytest.raises(Refused, match="head_too_late"):
        put(call, 0)
    factories.enter(office, session, call.office)
    chosen = {**call.place, "person": str(call.people[0].id)}
    assert office.post(f"{call.path}/add", data=chosen).status_code == 422
    answer = office.post(
        f"{call.path}/add", data={**chosen, "reason": "duty"}, follow_redirects=True
    )
    assert "1人を、所属に代わって推薦しました。" in answer.text
    assert "例外許可：職務で必要" in answer.text
    [row] = listed(session)
    assert (row.state, row.exception, row.entered_by) == ("nominated", "duty", call.office.id)
    factories.enter(office, session, call.people[0])
    page = office.get("/applications").text
    assert "（研修担当が所属長を代行）" in page


@pytest.mark.requirement("NOM-11")
def test_sections_without_an_answer_are_listed_and_reminded_at_once(
    office: FlaskClient, session: Session, call: Calling
) -> None:
    quiet = factories.section(session, "静かな課")
    clerk = factories.person(session, "架空 静子", section=quiet)
    grant(session, clerk, Role.COORDINATOR, quiet)
    silent = factories.section(session, "無言課")
    someone = factories.person(session, section=silent)
    _mean(session, call, [clerk.id, someone.id, call.people[0].id])
    put(call, 0)
    send(call)
    factories.enter(office, session, clerk)
    nobody = office.post(f"/nominations/{call.offering.id}/nobody", data={"section": quiet.id})
    assert nobody.status_code == 303
    factories.enter(office, session, call.office)
    page = office.get(f"/offerings/{call.offering.id}/candidacies").text
    assert "3所属のうち、1所属が未提出です。" in page
    address = f"/offerings/{call.offering.id}/remind"
    assert office.post(address).status_code == 422
    chosen = {"row": [str(silent.id), str(quiet.id)]}
    told = office.post(address, data=chosen)
    assert "1所属に督促を送ります" in told.text
    confirmed = {**chosen, "confirmed": lists.mark([silent.id])}
    assert office.post(address, data=confirmed).status_code == 303
    said = [row.payload for row in session.scalars(sa.select(Outgoing))]
    assert [each["sections"] for each in said if each["action"] == "remind_sections"] == [
        [str(silent.id)]
    ]


def test_who_moved_after_being_put_forward_is_marked_and_told_to_the_new_head(
    office: FlaskClient, session: Session, call: Calling
) -> None:
    put(call, 0)
    send(call)
    new = factories.section(session, "新しい課")
    boss = factories.person(session, section=new)
    grant(session, boss, Role.HEAD, new)
    post = session.scalars(
        sa.select(Appointment).where(Appointment.person_id == call.people[0].id)
    ).one()
    post.section_id = new.id
    session.flush()
    factories.enter(office, session, call.office)
    page = office.get(f"/offerings/{call.offering.id}/candidacies").text
    assert "異動済" in page
    assert "架空課" in page
    factories.enter(office, session, boss)
    assert call.people[0].name in office.get("/approvals").text


def _mean(session: Session, call: Calling, people: list[uuid.UUID]) -> None:
    session.add_all(
        AudienceMember(
            offering_id=call.offering.id,
            person_id=person_id,
            section_id=call.section.id,
            title_id=factories.title(session).id,
            added_at=clock.now(),
        )
        for person_id in people
    )
    session.flush()
