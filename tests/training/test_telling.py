"""Who is told what of each move in the workflow, in words that fill, once, and again when again."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from email import message_from_bytes, policy

import icalendar
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import factory
from app.kernel import clock, lists
from app.kernel.calendar import Event
from app.kernel.db import Database, new_id
from app.kernel.notices import text as notice_text
from app.kernel.notices.models import Notice
from app.kernel.outbox import Outgoing
from app.kernel.settings import Settings
from app.people.permission.models import Role, RoleGrant
from app.training.amendments import service as amendments
from app.training.attendance import service as attendance
from app.training.attendance.models import Announcement, Attendance
from app.training.calls import service as calls
from app.training.calls.models import Answer
from app.training.candidacies import service as candidacies
from app.training.candidacies.models import Candidacy
from app.training.changes import service as changes
from app.training.changes.models import ChangeKind, ChangeRequest
from app.training.changes.service import Wish
from app.training.decisions import service as decisions
from app.training.decisions import text as decisions_text
from app.training.enrolment.models import Enrolment
from app.training.make_ups import service as make_ups
from app.training.naming import service as naming
from app.training.offerings.models import Obligation
from app.training.orders import service as orders
from app.training.orders.models import Order
from app.training.orders.service import Header
from app.training.orders.text import source_number
from app.training.plans import service as plans
from app.training.plans.models import Run, RunSession
from app.training.seating import service as seating
from app.training.selection import service as selection
from app.training.telling import text
from app.training.telling.service import HANDLERS
from tests import factories
from tests.training.counting import statements
from tests.training.test_workflow_walk import DAYS
from tests.training.told import Cast, cast, meant
from workers import carrying
from workers.workshop import Workshop

factory.tell()

OF_ORDER = Header("区長", date(2026, 11, 24))
AROUND = {"head", "coordinator"}
OFFICE = {"office"}


def applied(made: Cast, name: str, now: datetime) -> Candidacy:
    """Have somebody apply for the first run."""
    stage = made.stage
    by = stage.of(made.people[name])
    return candidacies.apply(
        made.session, stage.offering.id, new_id(), [stage.first.id], by=by, now=now
    )


def nominated(made: Cast, name: str, now: datetime) -> Candidacy:
    """Have somebody apply, and the head approve."""
    row = applied(made, name, now)
    return candidacies.act(made.session, row.id, "nominate", by=made.stage.head, now=now)


def decided(made: Cast, name: str, proposal: str, now: datetime) -> Candidacy:
    """Have somebody be decided about."""
    row, stage = nominated(made, name, now), made.stage
    selection.propose(made.session, row.id, proposal, stage.first.id, by=stage.office, now=now)
    selection.confirm(made.session, stage.offering.id, by=stage.office, now=now)
    return row


def ordered(made: Cast, name: str, now: datetime) -> Order:
    """Have somebody be ordered into the first run."""
    decided(made, name, "selected", now)
    return orders.issue(made.session, made.stage.first.id, OF_ORDER, by=made.stage.office, now=now)


def seat(made: Cast, name: str) -> uuid.UUID:
    """Return somebody's newest enrolment."""
    return made.stage.seat_of(made.people[name]).id


def act(action: str, reason: str | None = None, *, by: str = "head") -> Callable[..., None]:
    """Do something with an application that waits."""

    def move(made: Cast, now: datetime) -> None:
        row = applied(made, "a", now)
        made.forget()
        who = made.stage.of(made.people["a"]) if by == "a" else made.stage.head
        candidacies.act(made.session, row.id, action, by=who, now=now, reason=reason)

    return move


def submit(made: Cast, now: datetime) -> None:
    act("return", "entry")(made, now)
    [row] = made.session.scalars(sa.select(Candidacy))
    made.forget()
    by = made.stage.of(made.people["a"])
    candidacies.act(made.session, row.id, "submit", by=by, now=now)


def lapse(made: Cast, now: datetime) -> None:
    applied(made, "a", now)
    made.forget()
    candidacies.lapse(made.session, now + timedelta(days=60))


def run(action: str, *before: str) -> Callable[..., None]:
    """Take the first run through a transition, with somebody ordered into it."""

    def move(made: Cast, now: datetime) -> None:
        ordered(made, "a", now)
        for each in before:
            plans.act(made.session, made.stage.first.id, each, by=made.stage.office, now=now)
        made.forget()
        plans.act(made.session, made.stage.first.id, action, by=made.stage.office, now=now)

    return move


def call(action: str, *before: str) -> Callable[..., None]:
    """Call for a run that is for a and b, who may apply by themselves."""

    def move(made: Cast, now: datetime) -> None:
        stage = made.stage
        stage.offering.obligation = "open"
        for name in "ab":
            meant(made.session, stage.offering.id, made.people[name], now)
        if action == "call":
            made.session.execute(sa.update(Run).values(state="draft"))
            made.session.refresh(stage.first)
        for each in before:
            plans.act(made.session, stage.first.id, each, by=stage.office, now=now)
        made.forget()
        plans.act(made.session, stage.first.id, action, by=stage.office, now=now)

    return move


def reschedule(made: Cast, now: datetime) -> None:
    ordered(made, "a", now)
    made.forget()
    made.put("run", made.stage.first.id, "reschedule", now)


def order(made: Cast, now: datetime) -> None:
    decided(made, "a", "selected", now)
    made.forget()
    orders.issue(made.session, made.stage.first.id, OF_ORDER, by=made.stage.office, now=now)


def remind_order(made: Cast, now: datetime) -> None:
    row = ordered(made, "a", now)
    made.forget()
    made.put("training_order", row.id, "remind", now)


def asked(
    made: Cast, kind: ChangeKind, now: datetime, path: str = "office", **wish: uuid.UUID
) -> ChangeRequest:
    """Have a, who is ordered, ask for a change."""
    ordered(made, "a", now)
    made.stage.offering.change_path = path
    made.forget()
    by = made.stage.of(made.people["a"])
    return changes.ask(
        made.session, seat(made, "a"), Wish(kind, "duty", **wish), DAYS, by=by, now=now
    )


def ask(made: Cast, now: datetime) -> None:
    asked(made, ChangeKind.DECLINE, now)


def approve_as_head(made: Cast, now: datetime) -> None:
    row = asked(made, ChangeKind.DECLINE, now)
    made.forget()
    changes.approve(made.session, row.id, DAYS, by=made.stage.head, now=now)


def approve(made: Cast, now: datetime) -> None:
    row = asked(made, ChangeKind.MOVE, now, run_id=made.stage.second.id)
    made.forget()
    changes.approve(made.session, row.id, DAYS, by=made.stage.office, now=now)


def approve_at_once(made: Cast, now: datetime) -> None:
    asked(made, ChangeKind.MOVE, now, path="nobody", run_id=made.stage.second.id)


def reject(made: Cast, now: datetime) -> None:
    row = asked(made, ChangeKind.MOVE, now, run_id=made.stage.second.id)
    made.forget()
    changes.reject(made.session, row.id, "duty", by=made.stage.office, now=now)


def end(action: str) -> Callable[..., None]:
    """Have the office take somebody out of a run who is ordered into it."""

    def move(made: Cast, now: datetime) -> None:
        ordered(made, "a", now)
        made.forget()
        by = made.stage.office
        changes.end(made.session, seat(made, "a"), action, "duty", DAYS, by=by, now=now)

    return move


def announce(made: Cast, now: datetime) -> None:
    ordered(made, "a", now)
    made.forget()
    sitting = made.session.scalars(
        sa.select(RunSession.id).where(RunSession.run_id == made.stage.first.id)
    ).first()
    attendance.announce(
        made.session,
        seat(made, "a"),
        [sitting or uuid.UUID(int=0)],
        Announcement.ABSENT,
        "duty",
        by=made.stage.of(made.people["a"]),
        now=now,
    )


def remind_sections(made: Cast, now: datetime) -> None:
    row = applied(made, "a", now)
    made.forget()
    offering_id = made.stage.offering.id
    made.put("offering", offering_id, "remind_sections", now, sections=[str(row.section_id)])


def waitlist(made: Cast, now: datetime) -> None:
    decided(made, "a", "waitlisted", now)


def put_back(made: Cast, now: datetime) -> None:
    row, stage = decided(made, "a", "selected", now), made.stage
    made.forget()
    seating.wait_first(made.session, [row], stage.first.id, by=stage.office, now=now)


def pass_over(made: Cast, now: datetime) -> None:
    decided(made, "a", "not_selected", now)


def revoke(made: Cast, now: datetime) -> None:
    """Take somebody out again who was decided and never ordered."""
    decided(made, "a", "selected", now)
    made.forget()
    by = made.stage.office
    changes.end(made.session, seat(made, "a"), "revoke", "duty", DAYS, by=by, now=now)


def complete(made: Cast, now: datetime) -> None:
    """Decide that somebody has completed a run, whatever is known of them."""
    decided(made, "a", "selected", now)
    run_id, key = made.stage.first.id, seat(made, "a")
    made.session.execute(sa.update(Run).where(Run.id == run_id).values(state="ended"))
    made.session.expire_all()
    made.forget()
    decisions.decide(
        made.session,
        run_id,
        [key],
        is_completed=True,
        reason="late",
        confirmed=lists.mark([key], []),
        by=made.stage.office,
        now=now,
    )


def order_all(made: Cast, now: datetime) -> None:
    """Order many at once: they are told as it is written, and their sections by the worker."""
    decided(made, "a", "selected", now)
    made.forget()
    made.session.execute(sa.update(Enrolment).values(state="ordered"))
    made.session.expire_all()
    orders.write(
        made.session,
        made.stage.first.id,
        OF_ORDER,
        [seat(made, "a")],
        by=made.stage.office,
        now=now,
        tells=False,
    )


def name(made: Cast, now: datetime) -> None:
    by, offering_id = made.stage.office, made.stage.offering.id
    naming.name_all(made.session, offering_id, [made.people["a"].id], by=by, now=now)


def hand_on(made: Cast, now: datetime) -> None:
    section_id = next(iter(made.stage.head.grants[0].sections or ()))
    calls.answer(
        made.session, made.stage.offering.id, section_id, Answer.LIST, by=made.stage.head, now=now
    )


def make_up(action: str) -> Callable[..., None]:
    """Have a, who has given notice of an absence, ask for a make-up; then take it further."""

    def move(made: Cast, now: datetime) -> None:
        announce(made, now)
        stage = made.stage
        missed, to = (
            made.session.scalars(
                sa.select(RunSession.id)
                .where(RunSession.run_id == run_id)
                .order_by(RunSession.number)
            ).first()
            or uuid.UUID(int=0)
            for run_id in (stage.first.id, stage.second.id)
        )
        made.forget()
        of_a = stage.of(made.people["a"])
        mark = make_ups.ask(made.session, seat(made, "a"), missed, to, by=of_a, now=now)
        if action == "ask":
            return
        made.forget()
        if action == "withdraw":
            make_ups.withdraw(made.session, seat(made, "a"), missed, by=of_a, now=now)
        else:
            make_ups.decide(made.session, mark.id, action, by=stage.office, now=now)

    return move


#: For each entry of HANDLERS: the move by its verb, and who is told of it which kind.
MOVES: dict[tuple[str, str], tuple[Callable[..., None], dict[str, set[str]]]] = {
    ("run", "call"): (call("call"), {"call.opened": AROUND, "call.invited": {"a", "b"}}),
    ("run", "call_again"): (
        call("call_again", "close"),
        {"call.opened": AROUND, "call.invited": {"a", "b"}},
    ),
    ("run", "cancel"): (run("cancel"), {"run.cancelled": {"a"}}),
    ("run", "restore"): (run("restore", "cancel"), {"run.restored": {"a"}}),
    ("run", "postpone"): (run("postpone"), {"run.postponed": {"a"}}),
    ("run", "resume"): (run("resume", "postpone"), {"run.rescheduled": {"a"}}),
    ("run", "reschedule"): (reschedule, {"run.rescheduled": {"a"}}),
    ("candidacy", "apply"): (
        lambda made, now: applied(made, "a", now),
        {"candidacy.applied": {"head"}},
    ),
    ("candidacy", "submit"): (submit, {"candidacy.applied": {"head"}}),
    ("candidacy", "nominate"): (act("nominate"), {"candidacy.nominated": {"a"}}),
    ("candidacy", "return"): (act("return", "entry"), {"candidacy.returned": {"a", *AROUND}}),
    ("candidacy", "decline"): (act("decline", "duty"), {"candidacy.declined": {"a"}}),
    ("candidacy", "withdraw"): (
        act("withdraw", by="a"),
        {"candidacy.withdrawn": {"a", *AROUND}},
    ),
    ("candidacy", "lapse"): (lapse, {"candidacy.lapsed": {"a", *AROUND}}),
    ("candidacy", "waitlist"): (waitlist, {"candidacy.waitlisted": {"a"}}),
    ("candidacy", "put_back"): (put_back, {"candidacy.waitlisted": {"a"}}),
    ("candidacy", "pass_over"): (pass_over, {"candidacy.not_selected": {"a"}}),
    ("training_order", "order"): (order, {"order.issued": {"a"}, "order.section": AROUND}),
    ("training_order", "change"): (approve, {"order.changed": {"a"}, "order.section": AROUND}),
    ("training_order", "revocation"): (
        end("revoke"),
        {"order.revoked": {"a"}, "order.section": AROUND},
    ),
    ("training_order", "remind"): (remind_order, {"order.reminded": {"a"}}),
    ("change_request", "ask"): (ask, {"change.asked": {"head"}}),
    ("change_request", "approve_as_head"): (approve_as_head, {"change.asked": OFFICE}),
    ("change_request", "approve"): (approve, {"change.approved": {"a", *AROUND, *OFFICE}}),
    ("change_request", "approve_at_once"): (
        approve_at_once,
        {"change.approved": {"a", *AROUND, *OFFICE}},
    ),
    ("change_request", "reject"): (reject, {"change.rejected": {"a", *AROUND}}),
    ("attendance", "announce"): (
        announce,
        {"attendance.announced": {*AROUND, *OFFICE, "lecturer"}},
    ),
    ("enrolment", "suspend"): (end("suspend"), {"seat.ended": {"a"}}),
    ("enrolment", "exempt"): (end("exempt"), {"seat.ended": {"a"}}),
    ("enrolment", "defer"): (end("defer"), {"seat.ended": {"a"}}),
    ("offering", "remind_sections"): (remind_sections, {"call.reminded": AROUND}),
    ("candidacy", "name"): (name, {"candidacy.named": {"a"}}),
    ("section_answer", "list"): (hand_on, {"list.handed_on": {"head"}}),
    ("training_order", "of_many"): (order_all, {"order.section": AROUND}),
    ("completion_decision", "decide"): (complete, {"completion.decided": {"a"}}),
    ("run", "decide_completion"): (complete, {"completion.section": AROUND}),
    ("enrolment", "revoke"): (revoke, {"seat.revoked": {"a"}}),
    ("attendance", "ask_make_up"): (make_up("ask"), {"make_up.asked": OFFICE}),
    ("attendance", "give_make_up"): (make_up("give"), {"make_up.given": {"a", *AROUND}}),
    ("attendance", "refuse_make_up"): (make_up("refuse"), {"make_up.refused": {"a", *AROUND}}),
    ("attendance", "withdraw_make_up"): (
        make_up("withdraw"),
        {"make_up.withdrawn": {"a", *AROUND, *OFFICE}},
    ),
}


def test_every_handler_is_tried_below() -> None:
    assert set(MOVES) == set(HANDLERS)
    kinds = {kind for _, told in MOVES.values() for kind in told}
    daily = {
        *("session.tomorrow", "candidacy.closing", "apply.closing"),
        *("learning.due", "learning.overdue", "learning.section"),
        *("summary.weekly", "digest.no_address"),
    }
    assert kinds == set(text.KINDS) - daily | set(decisions_text.NOTICES)


@pytest.mark.requirement("NTF-03")
@pytest.mark.parametrize(("table", "action"), HANDLERS)
def test_of_a_move_those_concerned_are_told_once_and_again_when_it_happens_again(
    session: Session, now: datetime, table: str, action: str
) -> None:
    made = cast(session, now)
    made.stage.offering.overflow = "waitlist"
    move, expected = MOVES[table, action]
    move(made, now)
    [row] = [
        each
        for each in made.waiting()
        if (each.payload["table"], each.payload["action"]) == (table, action)
    ]
    made.tell(row, now)
    wanted = {(kind, name) for kind, names in expected.items() for name in names}
    assert dict(made.told()) == dict.fromkeys(wanted, 1)
    made.tell(row, now)
    assert dict(made.told()) == dict.fromkeys(wanted, 1)
    made.tell(row, now, again="2")
    assert dict(made.told()) == dict.fromkeys(wanted, 2)
    for notice in session.scalars(sa.select(Notice)):
        title, said = notice_text.source_words(notice.kind, notice.data, name="架空 太郎")
        assert "%(" not in title + said
        assert "None" not in title + said
    restricted = min(name for _, name in wanted)
    made.people[restricted].restricted_at = now
    session.flush()
    made.tell(row, now, again="3")
    assert {name for (_, name), count in made.told().items() if count == 3} == {
        name for _, name in wanted if name != restricted
    }


def test_of_an_absence_each_is_led_to_a_page_that_opens_to_them(
    session: Session, now: datetime
) -> None:
    made = cast(session, now)
    announce(made, now)
    [row] = made.waiting()
    made.tell(row, now)
    names = {who.id: name for name, who in made.people.items()}
    paths = {names[each.person_id]: each.path for each in session.scalars(sa.select(Notice))}
    absent, own = f"/runs/{made.stage.first.id}/absent", f"/seats/{seat(made, 'a')}"
    assert paths == {"office": absent, "lecturer": absent, "head": own, "coordinator": own}


@pytest.mark.parametrize("obligation", Obligation)
def test_a_call_asks_only_sections_that_put_people_forward_and_people_who_can_apply(
    session: Session, now: datetime, obligation: Obligation
) -> None:
    made = cast(session, now)
    call("call")(made, now)
    made.stage.offering.obligation = obligation
    [row] = made.waiting()
    made.tell(row, now)
    asks, invites = obligation in ("nominated", "open"), obligation in ("open", "free")
    assert set(made.told()) == {
        *(("call.opened", each) for each in AROUND if asks),
        *(("call.invited", each) for each in "ab" if invites),
    }


def test_a_call_for_everybody_asks_all_sections_that_have_people_and_invites_nobody_alone(
    session: Session, now: datetime
) -> None:
    made = cast(session, now)
    made.stage.offering.obligation = Obligation.OPEN
    made.forget()
    counts = []
    for more in range(3):
        for n in range(3 * more):
            other = factories.section(session)
            factories.person(session, section=other)
            who = factories.person(session, f"架空 課長{more}{n}", section=other)
            who.email = f"head{more}{n}@ward.example"
            held = {"section_id": other.id, "valid_from": factories.LONG_AGO}
            session.add(RoleGrant(person_id=who.id, role=Role.HEAD, **held))
            made.people[f"head{more}{n}"] = who
        made.put("run", made.stage.first.id, "call", now)
        with statements(session) as seen:
            made.tell(made.waiting()[-1], now)
        counts.append(len(seen))
    assert counts[1] == counts[2]
    told = dict(made.told())
    others = {name for name in made.people if name[-1].isdigit()}
    assert set(told) == {("call.opened", name) for name in AROUND | others}
    assert (told["call.opened", "head"], told["call.opened", "head20"]) == (3, 1)


def test_who_has_left_is_told_nothing(session: Session, now: datetime) -> None:
    made = cast(session, now)
    order(made, now)
    [row] = [each for each in made.waiting() if each.payload["table"] == "training_order"]
    made.people["a"].left_on = clock.today(now) - timedelta(days=1)
    session.flush()
    made.tell(row, now)
    assert {name for _, name in made.told()} == AROUND


def mailed(made: Cast, shop: Workshop) -> dict[str, list[icalendar.Calendar]]:
    """Have the worker carry what waits; return the calendars of each mail by its subject."""
    made.session.flush()
    made.session.execute(sa.update(Outgoing).values(next_at=clock.now()))
    before = set(shop.settings.mailbox.glob("*.eml"))
    carrying.carry(shop)
    made.session.expire_all()
    found = {}
    for path in set(shop.settings.mailbox.glob("*.eml")) - before:
        mail = message_from_bytes(path.read_bytes(), policy=policy.default)
        if "a@" in mail["To"]:
            parts = [icalendar.Calendar.from_ical(p.get_content()) for p in mail.iter_attachments()]
            found[str(mail["Subject"]).partition("：")[0]] = parts
    return found


def entries(calendars: list[icalendar.Calendar]) -> dict[str, tuple[str, int]]:
    """Return the method and the sequence of each event by its UID; one event a file."""
    found = {}
    for each in calendars:
        [event] = each.events
        found[str(event["UID"])] = (str(each["METHOD"]), int(event["SEQUENCE"]))
    assert len(found) == len(calendars)
    return found


@pytest.mark.requirement("NTF-06")
def test_a_moved_persons_sessions_are_called_off_and_the_new_ones_sent(
    session: Session, settings: Settings, database: Database, now: datetime
) -> None:
    made, shop = cast(session, now), Workshop(settings, database)
    ordered(made, "a", now)
    first = entries(mailed(made, shop)["【研修】研修命令が出ました"])
    uids = {
        run_id: {
            f"session-{row.id}"
            for row in session.scalars(sa.select(RunSession))
            if row.run_id == run_id
        }
        for run_id in (made.stage.first.id, made.stage.second.id)
    }
    assert set(first) == uids[made.stage.first.id]
    assert {method for method, _ in first.values()} == {"REQUEST"}
    # Moved away, and back again: the same UIDs, each time with a higher number.
    sequences = [max(number for _, number in first.values())]
    for hours, (left, taken) in enumerate(
        ((made.stage.first, made.stage.second), (made.stage.second, made.stage.first)), 1
    ):
        later, stage = now + timedelta(hours=hours), made.stage
        stage.offering.change_path = "nobody"
        wish = Wish(ChangeKind.MOVE, "duty", run_id=taken.id)
        by = stage.of(made.people["a"])
        changes.ask(session, seat(made, "a"), wish, DAYS, by=by, now=later)
        found = entries(mailed(made, shop)["【研修】研修命令が変わりました"])
        assert {uid for uid, (method, _) in found.items() if method == "CANCEL"} == uids[left.id]
        assert {uid for uid, (method, _) in found.items() if method == "REQUEST"} == uids[taken.id]
        assert min(number for _, number in found.values()) > sequences[-1]
        sequences.append(max(number for _, number in found.values()))
    # Ordered anew where they are, what they left before is not called off once more.
    for sitting in session.scalars(sa.select(RunSession)):
        sitting.place = "第9研修室"
    later = now + timedelta(hours=2, minutes=30)
    amendments.amend(session, made.stage.first.id, by=made.stage.office, now=later)
    found = entries(mailed(made, shop)["【研修】研修命令が変わりました"])
    assert set(found) == uids[made.stage.first.id]
    # The run is put off: all of it is called off again.
    later = now + timedelta(hours=3)
    plans.act(session, made.stage.first.id, "postpone", by=made.stage.office, now=later)
    found = entries(mailed(made, shop)["【研修】研修が延期になりました"])
    assert set(found) == uids[made.stage.first.id]
    assert all(method == "CANCEL" and number > sequences[-1] for method, number in found.values())


@pytest.mark.requirement("NTF-06")
def test_a_session_that_a_run_has_no_more_is_called_off_and_one_carried_late_overtakes_nothing(
    session: Session, now: datetime
) -> None:
    made = cast(session, now)
    ordered(made, "a", now)
    late = [row for row in made.waiting() if row.payload["action"] == "order"]
    made.tell(late[0], now)
    gone = session.scalars(
        sa.select(RunSession).where(RunSession.run_id == made.stage.first.id)
    ).first()
    assert gone is not None
    uid, later = f"session-{gone.id}", now + timedelta(hours=1)
    session.delete(gone)
    made.put("run", made.stage.first.id, "reschedule", later)
    [row] = [each for each in made.waiting() if each.payload["action"] == "reschedule"]
    made.tell(row, later + timedelta(days=1))
    sent = {
        notice.kind: [Event.of(each) for each in notice.events]
        for notice in session.scalars(sa.select(Notice).where(Notice.events.is_not(None)))
        if notice.person_id == made.people["a"].id and notice.events
    }
    moved = {event.uid: event for event in sent["run.rescheduled"]}
    assert (len(moved), moved[uid].is_cancelled) == (2, True)
    assert sum(event.is_cancelled for event in moved.values()) == 1
    # The order, carried once more after all that: still older than the change.
    made.tell(late[0], later + timedelta(days=2), again="2")
    numbers = [
        event["sequence"]
        for notice in session.scalars(sa.select(Notice).where(Notice.kind == "order.issued"))
        for event in notice.events or ()
    ]
    assert max(numbers) < moved[uid].sequence


@pytest.mark.requirement("NTF-06")
def test_whose_seat_another_takes_loses_its_sessions(session: Session, now: datetime) -> None:
    made = cast(session, now)
    ordered(made, "a", now)
    made.forget()
    stage, later = made.stage, now + timedelta(hours=1)
    wish = Wish(ChangeKind.REPLACE, "duty", successor_id=made.people["b"].id)
    row = changes.ask(
        session, seat(made, "a"), wish, DAYS, by=stage.of(made.people["a"]), now=later
    )
    for by in (stage.head, stage.office):
        changes.approve(session, row.id, DAYS, by=by, now=later)
    for each in made.waiting():
        made.tell(each, later)
    carried = {
        (notice.kind, notice.person_id): {event["is_cancelled"] for event in notice.events}
        for notice in session.scalars(sa.select(Notice))
        if notice.events
    }
    assert carried == {
        ("change.approved", made.people["a"].id): {True},
        ("order.changed", made.people["b"].id): {False},
    }


def test_an_orders_number_is_written_the_same_whoever_reads_it(
    session: Session, now: datetime
) -> None:
    made = source_number(ordered(cast(session, now), "a", now))
    assert made == "研修命令 令和8年度 第1号（第1版）"


@pytest.mark.requirement("NTF-06")
def test_a_make_up_comes_into_the_calendar_and_goes_out_of_it_again(
    session: Session, settings: Settings, database: Database, now: datetime
) -> None:
    made, shop = cast(session, now), Workshop(settings, database)
    make_up("give")(made, now)
    [(uid, (method, number))] = entries(mailed(made, shop)["【研修】補講が決まりました"]).items()
    [mark] = session.scalars(sa.select(Attendance))
    assert (uid, method) == (f"session-{mark.makes_up_id}", "REQUEST")
    by, later = made.stage.of(made.people["a"]), now + timedelta(hours=1)
    make_ups.withdraw(session, mark.enrolment_id, mark.session_id, by=by, now=later)
    taken_back = mailed(made, shop)["【研修】補講が取り消されました"]
    [(again, (method, after))] = entries(taken_back).items()
    assert (again, method) == (uid, "CANCEL")
    assert after > number
