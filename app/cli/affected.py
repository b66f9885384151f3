"""Whom a leak has touched: the people whose details somebody saw, listed, took along or changed.

Given an account that was misused or a time in which something went wrong, it answers who was
touched, when, by whom and with which items, and whether more than 100 people were.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.audit import service as audit
from app.kernel.audit.text import ACTS, MANNERS, Act
from app.kernel.errors import Refused
from app.kernel.language import gettext
from app.people.audit import queries
from app.people.audit.queries import Touch, Wanted
from app.people.audit.text import PARTS, person

#: A leak that touches more people than this must be reported (個人情報保護法施行規則).
MOST_UNREPORTED = 100


@dataclass(frozen=True)
class Report:
    """What was asked for, and who was touched."""

    wanted: Wanted
    touches: list[Touch]
    people: Mapping[Any, queries.Named]

    @property
    def count(self) -> int:
        """How many people were touched."""
        return len({touch.person_id for touch in self.touches})

    @property
    def must_be_reported(self) -> bool:
        """Whether more people were touched than may go unreported."""
        return self.count > MOST_UNREPORTED


def read_moment(written: str, *, is_end: bool = False) -> datetime:
    """Return the moment that was typed, in Japan: 2026-11-23, 2026-11-23T13:00, or with a zone.

    A day without a time is its first moment, or with `is_end` the first moment after it. Raises
    ValueError.
    """
    moment = datetime.fromisoformat(written)
    if len(written) <= len("2026-11-23"):
        moment += timedelta(days=1 if is_end else 0)
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.JST)


def find(
    session: Session,
    number: str | None,
    since: datetime | None,
    until: datetime | None,
    now: datetime,
) -> Report:
    """Return whom one account or a time has touched, and write down that it was asked.

    Raises Refused("number_unknown") for a staff number that nobody has or had.
    """
    by = None if number is None else tuple(queries.holders(session, number))
    if by == ():
        raise Refused("number_unknown", number=number)
    actions = tuple(code for code, act in ACTS.items() if act.manner)
    wanted = Wanted(since=since, until=until, by=by, actions=actions)
    touches = queries.touches(session, wanted)
    keys = {key for touch in touches for key in (touch.person_id, touch.actor_id)}
    people = queries.named(session, [*keys, *(by or ())])
    touches.sort(key=lambda touch: _place(people, touch))
    asked: dict[str, Any] = {"by": number, "since": _iso(since), "until": _iso(until)}
    audit.record(
        session,
        "audit.affected",
        by=None,
        now=now,
        subject=("audit_event", None),
        details=audit.shown((touch.person_id for touch in touches), **asked),
    )
    return Report(wanted, touches, people)


def _place(people: Mapping[Any, queries.Named], touch: Touch) -> tuple[str, ...]:
    named = people.get(touch.person_id)
    number = named.number if named else ""
    return (number, str(touch.person_id), touch.first_at.isoformat(), touch.action)


def lines(report: Report) -> Iterator[str]:
    """Yield the report to be read: who, and below each when, by whom, what, and which items."""
    yield _summary(report)
    last = None
    for touch in report.touches:
        if touch.person_id != last:
            yield person(report.people.get(touch.person_id))
            last = touch.person_id
        actor = person(report.people.get(touch.actor_id))
        yield "    " + "  ".join([_period(touch), actor, _act(touch), _items(touch)])


def document(report: Report) -> str:
    """Return the same as one JSON object."""
    people: dict[str, dict[str, Any]] = {}
    for touch in report.touches:
        named = report.people.get(touch.person_id)
        entry = people.setdefault(
            str(touch.person_id),
            {
                "id": str(touch.person_id),
                "number": named.number if named else None,
                "name": named.name if named else None,
                "touches": [],
            },
        )
        entry["touches"].append(_told(touch, report))
    return json.dumps(
        {
            "by": [person(report.people.get(key)) for key in report.wanted.by or ()],
            "since": _iso(report.wanted.since),
            "until": _iso(report.wanted.until),
            "count": report.count,
            "must_be_reported": report.must_be_reported,
            "people": list(people.values()),
        },
        ensure_ascii=False,
        indent=2,
    )


def _told(touch: Touch, report: Report) -> dict[str, Any]:
    act = ACTS[touch.action]
    return {
        "by": person(report.people.get(touch.actor_id)),
        "action": touch.action,
        "what": str(act.words),
        "manner": act.manner,
        "items": _fields(touch, act),
        "first_at": _iso(touch.first_at),
        "last_at": _iso(touch.last_at),
        "addresses": sorted(touch.addresses),
        "lines": sorted(touch.lines),
    }


def _summary(report: Report) -> str:
    if not report.count:
        return gettext("影響を受けた人はいません。")
    said = gettext("影響を受けた人は%(count)s人です。", count=f"{report.count:,}")
    if report.must_be_reported:
        said += gettext(
            "本人の数が%(most)s人を超える漏えいは、個人情報保護委員会への報告が必要です。",
            most=MOST_UNREPORTED,
        )
    return said


def _act(touch: Touch) -> str:
    act = ACTS[touch.action]
    manner = MANNERS[act.manner] if act.manner else ""
    return gettext("%(manner)s：%(act)s", manner=str(manner), act=str(act.words))


def _period(touch: Touch) -> str:
    first, last = (
        f"{moment.astimezone(clock.JST):%Y/%m/%d %H:%M:%S}"
        for moment in (touch.first_at, touch.last_at)
    )
    if len(touch.lines) == 1:
        return first
    times = gettext("%(count)s回", count=f"{len(touch.lines):,}")
    return f"{first} - {last} ({times})"


def _items(touch: Touch) -> str:
    names = _words(_fields(touch, ACTS[touch.action]))
    return gettext("項目：%(names)s", names=gettext("、").join(names) or gettext("なし"))


def _fields(touch: Touch, act: Act) -> list[str]:
    """Return the items that an act touches: those it always shows, and those it changed."""
    return [*act.fields, *sorted(touch.fields - set(act.fields))]


def _words(fields: Iterable[str]) -> list[str]:
    return [str(PARTS.get(name, name)) for name in fields]


def _iso(moment: datetime | None) -> str | None:
    return moment.astimezone(clock.JST).isoformat() if moment else None
