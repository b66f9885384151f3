"""What stands on the paper of one's own history, as plain data for its template.

It is written in Japanese, as all papers are; what cannot be printed is named in its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.pdf import spelled
from app.people.register import queries as register
from app.reports import text
from app.reports.history.queries import Line, by_year
from app.training.plans.text import KINDS

_COLUMNS = ("研修名", "種別", "期間", "結果", "決まった日", "得点", "修了証", "当時の所属・職名")
#: What stands behind the name of what is no run.
_ASIDE = {"ledger": "（過去の台帳）", "portal": "（外部ポータル）"}
#: The widths of the columns, as shares of the line.
_WIDTHS = (5, 2, 4, 2, 3, 1, 2, 4)


def paper(
    lines: Sequence[Line], by: Actor, session: Session, now: datetime, fonts: str
) -> dict[str, Any]:
    """Return what fills `history.typ` for whoever takes their own."""
    post = register.post_of(session, by.known_id, now)
    said = [post.section, post.title, post.name, post.number] if post else [by.section, by.name]
    return {
        "title": "受講履歴",
        "who": spelled("　".join(filter(None, said)), fonts),
        "day": clock.era_day(clock.today(now)),
        "columns": list(_COLUMNS),
        "widths": list(_WIDTHS),
        "years": [
            {
                "name": clock.fiscal_year_name(year),
                "rows": [[spelled(cell, fonts) for cell in _cells(line)] for line in of_year],
            }
            for year, of_year in by_year(lines)
        ],
    }


def _cells(line: Line) -> list[str]:
    run = _ASIDE.get(line.source, f"　第{line.run_number}回")
    proof = line.certificate
    return [
        line.training + run,
        KINDS[line.kind].text if line.kind else "",
        _period(line.learn_from, line.learn_until),
        text.HISTORY_RESULTS[line.result][0].text,
        _day(line.decided_on),
        f"{line.score:g}" if line.score is not None else "",
        f"{proof.fiscal_year}-{proof.number}" if proof else "",
        f"{line.section}　{line.title}".strip("　"),
    ]


def _day(value: date | None) -> str:
    return f"{clock.era_year(value)}{value.month}月{value.day}日" if value else ""


def _period(first: date | None, last: date | None) -> str:
    return f"{_day(first)}〜{_day(last)}" if first and last else ""
