"""What stands on the papers of an order and of a decision, as plain data for their templates.

Papers are written in Japanese, whoever prints them. What an order's say was frozen when it was
issued: the same version is always the same paper.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock
from app.training.candidacies import queries as candidacies
from app.training.candidacies.models import Candidacy
from app.training.candidacies.queries import Line
from app.training.candidacies.states import CandidacyState
from app.training.enrolment.models import Enrolment
from app.training.enrolment.states import SEATED
from app.training.orders import queries as orders
from app.training.orders.models import OrderKind
from app.training.orders.queries import Held, LineRow, OrderRow
from app.training.plans.models import Run
from app.training.selection import queries as selection

#: What an order without a prefix of its own has before its number.
PREFIX = "研修命令"

_TITLES = {
    OrderKind.ORDER: "研修命令書",
    OrderKind.CHANGE: "研修変更命令書",
    OrderKind.REVOCATION: "研修命令取消書",
}
_SENTENCES = {
    OrderKind.ORDER: "次のとおり、研修の受講を命じます。",
    OrderKind.CHANGE: "先に命じた研修の受講を、次のとおり変更します。",
    OrderKind.REVOCATION: "先に命じた次の研修の受講を取り消します。",
}


def order_paper(order: OrderRow, lines: Sequence[LineRow]) -> dict[str, Any]:
    """Return 研修命令書 for each of some people whom a version names."""
    kind = OrderKind(order.kind)
    return {
        "title": _TITLES[kind],
        "number": number(order),
        "day": clock.era_day(order.issued_on),
        "issuer": order.issuer,
        "sentence": _SENTENCES[kind],
        "rows": _rows(order.document),
        "people": [
            {"section": row.section, "title": row.title, "name": row.name, "number": row.number}
            for row in lines
        ],
    }


def roster_paper(order: OrderRow, lines: Sequence[LineRow], mark: str) -> dict[str, Any]:
    """Return 受講者名簿: some people whom a version names, by section; `mark` says who took it."""
    groups: dict[str, list[list[str]]] = {}
    for row in lines:
        groups.setdefault(row.section, []).append([row.number, row.name, row.title])
    head = [["命令番号", [number(order)]], ["発令日", [clock.era_day(order.issued_on)]]]
    return {
        "title": "受講者名簿",
        "footer": mark,
        "rows": [*head, *_rows(order.document), ["人数", [f"{len(lines):,}人"]]],
        "columns": ["職員番号", "氏名", "職名"],
        "groups": [
            {"heading": f"{section}（{len(rows):,}人）", "rows": rows}
            for section, rows in groups.items()
        ],
    }


def number(order: OrderRow) -> str:
    """Return the number of a version: 研修命令 令和8年度 第12号（第2版）."""
    prefix = order.document.get("prefix") or PREFIX
    year = clock.era_year(date(order.fiscal_year, 4, 1))
    return f"{prefix} {year}度 第{order.serial}号（第{order.version}版）"


def _rows(document: dict[str, Any]) -> list[list[object]]:
    """Return the training, its times and places, as terms with their lines."""
    held = orders.sessions_in(document)
    rows: list[list[object]] = [
        ["研修名", [document["title"]]],
        ["実施回", [f"第{document['run']}回"]],
    ]
    if held:
        rows.append(["日時", [_time(each) for each in held]])
        places = list(dict.fromkeys(each.place for each in held if each.place))
        rows.append(["場所", places or ["別に通知します。"]])
        links = list(dict.fromkeys(each.online_url for each in held if each.online_url))
        rows.extend([["オンライン", links]] if links else [])
    else:
        first, last = orders.period_in(document)
        rows.append(["期間", [f"{clock.era_date(first)}から{clock.era_date(last)}まで"]])
        rows.append(["方法", [f"eラーニング（所要時間の目安 {document['minutes']}分）"]])
    return rows


def _time(each: Held) -> str:
    start, end = (moment.astimezone(clock.JST) for moment in (each.starts_at, each.ends_at))
    return f"{clock.era_date(start.date())}{start:%H:%M}〜{end:%H:%M}"


@dataclass(frozen=True)
class Decided:
    """What was decided of one person: the state, the run, and the place in its waiting list."""

    line: Line
    run: str
    place: int | None

    @property
    def row(self) -> list[str]:
        """The person, as the paper names them."""
        return [self.line.number, self.line.name, self.line.title]


def decided(
    session: Session, offering_id: uuid.UUID, day: date, section_id: uuid.UUID | None = None
) -> list[Decided]:
    """Return all of whom it was decided, by section and rank: four statements.

    Who has given the seat up since is left out; who was moved has the run of today.
    """
    states = (CandidacyState.SELECTED, CandidacyState.WAITLISTED, CandidacyState.NOT_SELECTED)
    query = candidacies.lines(
        day, Candidacy.offering_id == offering_id, Candidacy.state.in_(states)
    )
    if section_id:
        query = query.where(Candidacy.section_id == section_id)
    rows = [Line(*row) for row in session.execute(query)]
    seats = _seats(session, offering_id)
    runs = _run_names(session, offering_id)
    places = selection.places(session, offering_id)
    return [
        Decided(row, runs.get(seats.get(row.id, row.run_id), ""), places.get(row.id))
        for row in rows
        if row.state != CandidacyState.SELECTED or row.id in seats
    ]


def _seats(session: Session, offering_id: uuid.UUID) -> dict[uuid.UUID, uuid.UUID | None]:
    rows = session.execute(
        sa.select(Enrolment.candidacy_id, Enrolment.run_id)
        .join(Run, Run.id == Enrolment.run_id)
        .where(
            Run.offering_id == offering_id,
            Enrolment.candidacy_id.is_not(None),
            Enrolment.state.in_(SEATED),
        )
    )
    return {row[0]: row[1] for row in rows if row[0]}


def _run_names(session: Session, offering_id: uuid.UUID) -> dict[uuid.UUID | None, str]:
    rows = session.execute(sa.select(Run.id, Run.number).where(Run.offering_id == offering_id))
    return {row.id: f"第{row.number}回" for row in rows}


def decision_paper(
    title: str, day: date, people: Iterable[Decided], *, sender: str, mark: str
) -> dict[str, Any]:
    """Return 決定通知書 a section; `mark` says who took them."""
    by_section: dict[str, list[Decided]] = {}
    for each in people:
        by_section.setdefault(each.line.section, []).append(each)
    return {
        "title": "研修受講決定通知書",
        "footer": mark,
        "day": clock.era_day(day),
        "sender": sender,
        "sentence": f"「{title}」の受講者を次のとおり決定しましたので、通知します。",
        "sections": [
            {"name": name, "groups": _groups(of_section)} for name, of_section in by_section.items()
        ],
    }


def _groups(people: Sequence[Decided]) -> list[dict[str, Any]]:
    selected, waiting, others = (
        [each for each in people if each.line.state == state]
        for state in (
            CandidacyState.SELECTED,
            CandidacyState.WAITLISTED,
            CandidacyState.NOT_SELECTED,
        )
    )
    waiting.sort(key=lambda each: (each.run, each.place or 0))
    columns = ["職員番号", "氏名", "職名"]
    return [
        {
            "heading": f"決定（{len(selected):,}人）",
            "columns": [*columns, "回"],
            "rows": [[*each.row, each.run] for each in selected],
        },
        {
            "heading": f"補欠（{len(waiting):,}人）",
            "columns": [*columns, "回と順"],
            "rows": [[*each.row, f"{each.run} {each.place}番目"] for each in waiting],
        },
        {
            "heading": f"選外（{len(others):,}人）",
            "columns": columns,
            "rows": [each.row for each in others],
        },
    ]
