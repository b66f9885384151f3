"""Telling those concerned what has moved: called by the worker for a row of the outbox.

Each handler says the same once, however often it is called for one row (`occasion`), and says it
again when it happens again.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.training.audiences import queries as audiences
from app.training.calls import queries as calls
from app.training.calls.models import SectionAnswer
from app.training.candidacies.models import Candidacy, Route
from app.training.enrolment.states import UNDER_WAY, EnrolmentState
from app.training.notifying.service import Telling
from app.training.offerings.models import APPLIED_FOR, NOMINATED_FOR, Offering
from app.training.report_notices import service as report_notices
from app.training.seat_notices import service as seat_notices
from app.training.telling import queries, text


def tell(
    session: Session,
    payload: Mapping[str, Any],
    *,
    occasion: str,
    happened: datetime,
    now: datetime,
) -> None:
    """Tell those concerned of a row that has moved; what concerns nobody is passed over."""
    handler = HANDLERS.get((payload["table"], payload["action"]))
    if handler is not None:
        key = uuid.UUID(payload["id"])
        handler(Telling(session, key, payload, occasion, happened, now))


def _call(told: Telling) -> None:
    """Ask sections for nominations where they put people forward, and people to apply who may.

    Where an offering is for everybody, all sections that have people are asked, and nobody alone.
    """
    matter = queries.of_run(told.session, told.key)
    run = matter.held
    offering = told.session.get_one(Offering, run.offering_id)
    if offering.obligation in NOMINATED_FOR:
        sections = calls.asked(told.session, offering.id, calls.serving(told.session, told.now))
        people = {
            person
            for some in queries.near(told.session, sections, told.now).values()
            for person in some
        }
        limit = {"title": matter.title, "until": text.until(run.head_until)}
        told.say("call.opened", sorted(people), limit, "/nominations")
    if offering.obligation in APPLIED_FOR:
        meant = audiences.meant(told.session, offering.id) or frozenset()
        invited = {"title": matter.title, "until": text.until(run.apply_until or run.head_until)}
        told.say("call.invited", sorted(meant), invited, f"/courses/{offering.id}")


def _to_run(kind: str, states: Collection[str]) -> Callable[[Telling], None]:
    """Return the handler that tells a run's people something that has become of it."""

    def handler(told: Telling) -> None:
        matter = queries.of_run(told.session, told.key)
        people = queries.people_of(told.session, told.key, states)
        is_off = kind in ("run.cancelled", "run.postponed")
        found = queries.events(told.session, matter, told.happened, is_cancelled=is_off)
        found += queries.dropped(told.session, told.key, told.happened)
        told.say(kind, people, matter.data, "/", found)

    return handler


def _applied(told: Telling) -> None:
    row = told.session.get_one(Candidacy, told.key)
    matter = queries.of_offering(told.session, row.offering_id)
    last = queries.head_limit(told.session, row.offering_id)
    who = queries.deciders(told.session, row.section_id, row.person_id, matter, told.now)
    told.say(
        "candidacy.applied", who, {"title": matter.title, "until": text.until(last)}, "/approvals"
    )


def _to_candidate(kind: str, *, with_section: bool = False) -> Callable[[Telling], None]:
    """Return the handler that tells somebody what has become of their candidacy."""

    def handler(told: Telling) -> None:
        row = told.session.get_one(Candidacy, told.key)
        if kind == "candidacy.nominated" and row.route != Route.APPLIED:
            return  # who was put forward hears of it when it is decided
        matter = queries.of_offering(told.session, row.offering_id)
        people = [row.person_id]
        if with_section:
            around = queries.near(told.session, [row.section_id], told.now)
            people += around.get(row.section_id, [])
        told.say(kind, people, matter.data, "/applications")

    return handler


def _sections_reminded(told: Telling) -> None:
    matter = queries.of_offering(told.session, told.key)
    last = queries.head_limit(told.session, told.key)
    sections = [uuid.UUID(str(key)) for key in told.payload.get("sections", ())]
    around = queries.near(told.session, sections, told.now)
    people = {person for some in around.values() for person in some}
    data = {"title": matter.title, "until": text.until(last)}
    told.say("call.reminded", sorted(people), data, "/nominations")


def _named(told: Telling) -> None:
    """Ask whom the office has named whether they can come."""
    row = told.session.get_one(Candidacy, told.key)
    matter = queries.of_offering(told.session, row.offering_id)
    told.say("candidacy.named", [row.person_id], {"title": matter.title}, f"/naming/{row.id}")


def _list_handed_on(told: Telling) -> None:
    """Tell a section's head that the list waits for their word."""
    row = told.session.get(SectionAnswer, told.key)
    if row is None:
        return  # it is being written again
    matter = queries.of_offering(told.session, row.offering_id)
    last = queries.head_limit(told.session, row.offering_id)
    heads = queries.heads(told.session, row.section_id, told.now)
    data = {"title": matter.title, "until": text.until(last)}
    path = f"/nominations/{row.offering_id}?section={row.section_id}"
    told.say("list.handed_on", heads, data, path)


HANDLERS: Mapping[tuple[str, str], Callable[[Telling], None]] = {
    ("run", "call"): _call,
    ("run", "call_again"): _call,
    ("run", "cancel"): _to_run("run.cancelled", (*UNDER_WAY, EnrolmentState.RUN_CANCELLED)),
    ("run", "restore"): _to_run("run.restored", UNDER_WAY),
    ("run", "postpone"): _to_run("run.postponed", UNDER_WAY),
    ("run", "resume"): _to_run("run.rescheduled", UNDER_WAY),
    ("run", "reschedule"): _to_run("run.rescheduled", UNDER_WAY),
    ("candidacy", "apply"): _applied,
    ("candidacy", "submit"): _applied,
    ("candidacy", "nominate"): _to_candidate("candidacy.nominated"),
    ("candidacy", "return"): _to_candidate("candidacy.returned", with_section=True),
    ("candidacy", "decline"): _to_candidate("candidacy.declined"),
    ("candidacy", "withdraw"): _to_candidate("candidacy.withdrawn", with_section=True),
    ("candidacy", "lapse"): _to_candidate("candidacy.lapsed", with_section=True),
    ("candidacy", "waitlist"): _to_candidate("candidacy.waitlisted"),
    ("candidacy", "put_back"): _to_candidate("candidacy.waitlisted"),
    ("candidacy", "pass_over"): _to_candidate("candidacy.not_selected"),
    ("offering", "remind_sections"): _sections_reminded,
    ("candidacy", "name"): _named,
    ("section_answer", "list"): _list_handed_on,
    **seat_notices.HANDLERS,
    **report_notices.HANDLERS,
}
