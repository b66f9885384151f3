"""Pages of who has not finished: the list, its file, and reminding those who were chosen."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import flask
import sqlalchemy as sa
from flask.typing import ResponseReturnValue

from app.kernel import clock, lists
from app.kernel.audit import service as audit
from app.kernel.errors import Refused
from app.kernel.language import gettext
from app.kernel.lists import View
from app.kernel.web import exports, paging, showing
from app.kernel.web import lists as asking
from app.kernel.web.routing import now, route, session, settings
from app.kernel.web.rules import actor, having
from app.people.permission.access import PLANNING
from app.people.permission.models import Role
from app.people.register import queries as register
from app.people.saved_filters import views as saved_filters
from app.people.sections import queries as sections
from app.reports import spans
from app.reports.branches import Tree
from app.reports.spans import Span
from app.reports.unfinished import queries, text
from app.reports.unfinished.queries import LIST, Narrowed, Unfinished
from app.training.enrolment.models import Enrolment
from app.training.enrolment.text import PROGRESS
from app.training.offerings import queries as plan
from app.training.offerings.text import OBLIGATIONS
from app.training.offerings.views import asked_year
from app.training.reminders import service as reminders

blueprint = flask.Blueprint("unfinished", __name__)
READERS = having(Role.OFFICE, Role.ORGANISER, Role.HEAD, Role.COORDINATOR)
PLANNERS = having(*sorted(PLANNING))
#: So many of those who get no mail are named; of more there is a file.
MOST_NAMED = 100


@dataclass(frozen=True)
class Asked:
    """What the list is narrowed to, for somebody."""

    narrowed: Narrowed
    section_id: uuid.UUID | None
    view: View
    span: Span

    @property
    def filters(self) -> dict[str, Any]:
        """What the audit keeps of it."""
        found = self.narrowed
        return {
            "year": found.year,
            "training": found.training_id,
            "run": found.run_id,
            "section": self.section_id,
            "obligation": found.obligation,
            "due": found.due,
            "standing": found.standing,
        }

    def query(self, tree: Tree) -> sa.Select[Any]:
        """Return the list in its order."""
        return self.view.ordered(
            queries.listed(self.narrowed, self.span, clock.today(now()), self.sections(tree))
        )

    @property
    def few(self) -> sa.Select[Any]:
        """The list, in no order, to be asked for a few of its rows."""
        whole = Narrowed(self.narrowed.year)
        return queries.listed(whole, self.span, clock.today(now()), is_of_many=False)

    def sections(self, tree: Tree) -> frozenset[uuid.UUID] | None:
        """Return the sections that are asked for; None: all."""
        return tree.below(self.section_id) if self.section_id else None


@route(blueprint, "/reports/unfinished", may=READERS, audited=True)
def unfinished() -> ResponseReturnValue:
    """List who has not finished, by training, section, due date and state."""
    asked, tree = _asked(), _tree()
    day = clock.today(now())
    counts = queries.by_section(session(), asked.narrowed, asked.span, day)
    summed = tree.summed(counts)
    total = summed.get(asked.section_id, 0) if asked.section_id else sum(counts.values())
    page = _page(asked, tree, total)
    people = (line.person_id for line in page.rows)
    shown = audit.shown(people, total=total, q=asked.narrowed.words, **asked.filters)
    showing.note("unfinished.listed", "enrolment", None, shown)
    return flask.render_template(
        "reports/unfinished.html",
        asked=asked,
        page=page,
        counts=[
            (place, summed[place.id])
            for place in tree.children.get(asked.section_id, ())
            if place.id in summed
        ],
        sections=_section_choices(asked, tree),
        runs=queries.runs(session(), asked.span, asked.narrowed.year),
        years=_years(asked),
        obligations=OBLIGATIONS,
        dues=text.DUES,
        standings=text.STANDINGS,
        progress=PROGRESS,
        today=day,
        may_remind=bool(spans.planned_by(actor()).parts),
        saved=saved_filters.shown(),
        may_export=exports.is_allowed(),
        reasons=exports.REASONS,
        encodings=exports.ENCODINGS,
    )


@route(blueprint, "/reports/unfinished.csv", may=READERS, audited=True)
def unfinished_file() -> ResponseReturnValue:
    """Answer the same as a file, with the columns that are shown."""
    exports.check()
    asked = _asked()
    lines = [Unfinished(*row) for row in session().execute(asked.query(_tree()))]
    columns = asked.view.columns
    return exports.answer(
        exports.Export(
            name=gettext("未受講者一覧.csv"),
            columns=[str(column.label) for column in columns],
            rows=([_cell(line, column.key) for column in columns] for line in lines),
            people={line.person_id for line in lines},
            action="unfinished.exported",
            subject=("enrolment", None),
            filters=asked.filters,
        )
    )


@route(blueprint, "/reports/unfinished/remind", may=PLANNERS, audited=True)
def ask_remind() -> ResponseReturnValue:
    """Say how many of those who were chosen would be reminded, and who gets no mail of it."""
    asked, chosen = _chosen()
    found = reminders.due_by_hand(session(), chosen, now())
    silent = register.without_address(session(), found.person_ids, now())
    named = silent[:MOST_NAMED]
    shown = audit.shown((post.person_id for post in named), total=found.count)
    showing.note("unfinished.checked", "enrolment", None, shown)
    return flask.render_template(
        "reports/remind.html",
        found=found,
        chosen=len(chosen),
        silent=len(silent),
        named=named,
        choice=asking.choice(asked.view),
        mark=lists.mark(chosen),
        back=_back(asked),
    )


@route(blueprint, "/reports/unfinished/remind", may=PLANNERS, method="POST")
def remind() -> ResponseReturnValue:
    """Remind those who were chosen, as it was confirmed."""
    asked, chosen = _chosen()
    lists.check(asking.confirmed(), chosen)
    count = reminders.remind_by_hand(session(), chosen, by=actor(), now=now())
    flask.flash(gettext("%(count)s件の督促を送りました。", count=f"{count:,}"), "success")
    return flask.redirect(_back(asked), 303)


def _asked(span: Span | None = None) -> Asked:
    """Return it by the address, or by a form that carries the choice of rows on."""
    said = flask.request.values
    concurrent = settings().concurrent_heads
    return Asked(
        Narrowed(
            asked_year(),
            said.get("training", type=uuid.UUID),
            said.get("run", type=uuid.UUID),
            _among(OBLIGATIONS, said.get("obligation")),
            _among(text.DUES, said.get("due")),
            _among(text.STANDINGS, said.get("standing")),
            said.get("q", "").strip()[:100],
        ),
        said.get("section", type=uuid.UUID),
        asking.asked(LIST),
        span or spans.read_by(actor(), is_concurrent=concurrent),
    )


def _among(choices: Iterable[str], said: str | None) -> str:
    return said if said is not None and said in choices else ""


def _chosen() -> tuple[Asked, list[uuid.UUID]]:
    """Return the enrolments that were chosen, of those that the actor looks after."""
    asked = _asked(spans.planned_by(actor()))
    choice = asking.choice(asked.view)
    if choice is None:
        raise Refused("nothing_chosen")
    keys = choice.among(asked.query(_tree()), Enrolment.id)
    most = reminders.MOST_BY_HAND + 1  # one more says that there are too many
    return asked, sorted(session().scalars(keys.limit(most)))


def _page(asked: Asked, tree: Tree, total: int) -> paging.Page[Unfinished]:
    number = paging.number()
    first = (number - 1) * paging.SIZE
    rows = queries.page(session(), asked.query(tree), asked.few, first, paging.SIZE)
    return paging.Page(rows, number, total)


def _tree() -> Tree:
    return Tree(sections.present(session(), clock.today(now())))


def _section_choices(asked: Asked, tree: Tree) -> list[dict[str, object]]:
    """Return the sections to choose from: those that the actor reads of."""
    seen = asked.span.sections
    return [
        {"value": "", "label": gettext("すべて")},
        *(
            {"value": branch.id, "label": "　" * branch.depth + branch.name}
            for branch in tree.branches()
            if seen is None or branch.id in seen
        ),
    ]


def _years(asked: Asked) -> list[int]:
    present = clock.fiscal_year(clock.today(now()))
    return sorted({*plan.years(session()), asked.narrowed.year, present}, reverse=True)


def _back(asked: Asked) -> str:
    return flask.url_for(".unfinished", **_as_arguments(asked.view))


def _as_arguments(view: View) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in (*view.narrowing, *view.arrangement):
        found.setdefault(name, []).append(value)
    return found


def _cell(line: Unfinished, key: str) -> object:
    """Return what a file has in a column."""
    if key == "due":
        return f"{line.due_on:%Y/%m/%d}"
    if key == "state":
        return str(PROGRESS[line.standing][0])
    return getattr(line, key) or ""
