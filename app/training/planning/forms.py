"""What the office enters about a run, read forgivingly and checked as a whole."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any, cast

from werkzeug.datastructures import MultiDict
from wtforms import Field, RadioField, StringField

from app.kernel import clock, dates, deadlines
from app.kernel.language import gettext, lazy
from app.kernel.open_days import OpenDays
from app.kernel.web import form_rows
from app.kernel.web.fields import CountField, DayField, KeyField, is_day_if_any, written
from app.kernel.web.form_rows import RowedForm
from app.kernel.web.forms import SelectChoice
from app.training.plans.models import ItemKind, RunKind
from app.training.plans.service import Limits, RunData
from app.training.plans.text import KINDS
from app.training.programme import forms as programme
from app.training.programme.forms import MOST_ITEMS, MOST_SESSIONS, ItemRow, SessionRow, in_one_line

#: What its buttons say where it is to be written.
MEANT = ("save", "resume")
#: Rows that are there before anybody asks for more.
LEAST_ITEMS, LEAST_SESSIONS = 2, 2
#: The deadlines of a run that may be written as rules.
LIMITS = ("apply_rule", "head_rule", "change_rule")


@dataclass(frozen=True)
class Meaning:
    """What somebody wrote as a deadline, as the moment that it means; None where it means none."""

    label: str
    until: datetime | None
    #: The last open day before it, where the office is closed on the day that was named.
    open_before: date | None


class RunForm(RowedForm):
    """実施回: what is said of it as a whole; `_made` gives it its rows."""

    key = KeyField()
    kind = RadioField(
        cast("str", lazy("開催の形")),
        choices=[SelectChoice(code, cast("str", words)) for code, words in KINDS.items()],
        default=RunKind.E_LEARNING.value,
        validate_choice=False,
    )
    learn_from = DayField(cast("str", lazy("受講を始められる日")), [is_day_if_any])
    learn_until = DayField(cast("str", lazy("受講の期限")), [is_day_if_any])
    minutes = CountField(cast("str", lazy("所要時間")))
    late = RadioField(
        cast("str", lazy("締切後の扱い")),
        choices=[
            SelectChoice("refuse", cast("str", lazy("受講できない"))),
            SelectChoice("take", cast("str", lazy("遅れての受講として受け付ける"))),
        ],
        default="refuse",
        validate_choice=False,
    )
    capacity_min = CountField(cast("str", lazy("最小催行人数")))
    capacity_max = CountField(cast("str", lazy("定員")))
    apply_from = DayField(cast("str", lazy("申込みの受付を始める日")), [is_day_if_any])
    apply_rule = StringField(cast("str", lazy("本人の申込みの締切")), filters=[in_one_line])
    head_rule = StringField(cast("str", lazy("所属長の決裁の締切")), filters=[in_one_line])
    change_rule = StringField(cast("str", lazy("変更の期限")), filters=[in_one_line])

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.items = self.rows_of(ItemRow)
        self.sessions = self.rows_of(SessionRow)
        programme.label_items(self.items)
        programme.label_sessions(self.sessions)
        self.offered: set[str] = set()
        self.exams: frozenset[str] = frozenset()
        self.days = OpenDays()
        self.is_fixed = False

    def offer(
        self, materials: Sequence[tuple[uuid.UUID, str]], days: OpenDays, *, is_fixed: bool = False
    ) -> None:
        """Let these materials be chosen, and the parts that are none, by the office's calendar.

        `is_fixed`: the parts are not to be chosen any more.
        """
        self.days, self.is_fixed, self.has_materials = days, is_fixed, bool(materials)
        choices = [
            ("", gettext("なし")),
            *((str(material_id), title) for material_id, title in materials),
            (ItemKind.SESSIONS.value, gettext("集合研修（コマ）")),
            (ItemKind.REPORT.value, gettext("受講結果報告")),
        ]
        self.offered = {code for code, _ in choices}
        for row in self.items:
            row.what.choices = choices

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each field, and how they fit one another."""
        super().validate(extra_validators)
        programme.check_sessions(self.sessions)
        self._check_kind()
        self._check_period()
        self._check_numbers()
        period = self._said_period() if not self.errors else None
        programme.check_items(self.items, self.offered, period)
        self._check_limits()
        return not self.errors

    def _check_kind(self) -> None:
        if self.kind.data not in KINDS:
            self.kind.errors = [gettext("選択肢から1つ選んでください。")]
        elif self.kind.data == RunKind.E_LEARNING and any(map(programme.is_said, self.sessions)):
            self.kind.errors = [gettext("コマがあるときは、ほかの形を選んでください。")]
        has_material = any(row.what.data not in ("", None, *ItemKind) for row in self.items)
        needs_one = self.kind.data != RunKind.CLASSROOM and not self.is_fixed
        if needs_one and not has_material:
            self.items[0].what.errors = [gettext("教材を選んでください。")]

    def _check_period(self) -> None:
        """Ask for a period where the sessions do not say it."""
        if self.is_of_sessions:
            return
        for field in (self.learn_from, self.learn_until):
            if not written(field):
                field.errors = [gettext("入力してください。")]
        first, last = self.learn_from.data, self.learn_until.data
        if first and last and last < first:
            self.learn_until.errors = [gettext("受講を始められる日より後の日を入力してください。")]

    def _check_numbers(self) -> None:
        may_follow = self.is_of_sessions and not written(self.minutes)
        if not may_follow and not 1 <= (self.minutes.data or 0) <= 6000:
            self.minutes.errors = [gettext("1から6000までの数字を入力してください。")]
        for field in (self.capacity_min, self.capacity_max):
            if written(field) and not 1 <= (field.data or 0) <= 100_000:
                field.errors = [gettext("1から100,000までの数字を入力してください。")]
        least, most = self.capacity_min.data, self.capacity_max.data
        if least and most and least > most:
            self.capacity_max.errors = [gettext("最小催行人数以上の数字を入力してください。")]

    def _check_limits(self) -> None:
        """Ask for deadlines that can be read, and that follow one another."""
        meant = {name: each.until for name, each in self.meanings()}
        for name in LIMITS:
            if self[name].data and meant.get(name) is None and not self._lacks_anchor(name):
                self[name].errors = [
                    gettext("2026/7/1のような日か、「2週間前の金曜」のように入力してください。")
                ]
        apply, head = meant.get("apply_rule"), meant.get("head_rule")
        if apply and head and apply > head:
            self.apply_rule.errors = [gettext("所属長の締切と同じ日か、その前にしてください。")]
        begins = self.apply_from.data
        if begins and apply and begins > clock.today(apply):
            self.apply_from.errors = [gettext("本人の申込みの締切より前の日を入力してください。")]

    def _lacks_anchor(self, name: str) -> bool:
        """Whether a rule counts from a day that is itself not known yet."""
        return self.anchor is None and deadlines.parse(self[name].data) is not None

    @property
    def is_of_sessions(self) -> bool:
        """Whether the sessions say from when to when it is."""
        is_classroom = self.kind.data == RunKind.CLASSROOM
        return is_classroom and any(map(programme.is_said, self.sessions))

    @property
    def anchor(self) -> date | None:
        """The first day, as far as it can be read."""
        held = [row.day.data for row in self.sessions if row.day.data and not row.drop.data]
        if self.kind.data == RunKind.CLASSROOM and held:
            first_held: date = min(held)
            return first_held
        first: date | None = self.learn_from.data
        return first

    def meanings(self) -> Iterator[tuple[str, Meaning]]:
        """Yield what each deadline means that can be read so far, by the name of its field."""
        if self.learn_until.data:
            last = self.learn_until.data
            yield "learn_until", _meaning(self.learn_until, f"{last:%Y/%m/%d}", last, self.days)
        for name in LIMITS:
            if self[name].data:
                yield name, _meaning(self[name], self[name].data, self.anchor, self.days)
        held = [row.day.data for row in self.sessions if row.day.data and not row.drop.data]
        for row in self.items:
            if row.due.data:
                anchor = min(held, default=self.learn_from.data)
                yield row.due.name, _meaning(row.due, row.due.data, anchor, self.days)

    def _said_period(self) -> tuple[date, date]:
        held = [row.day.data for row in filter(programme.is_said, self.sessions)]
        first: date = min(held) if self.is_of_sessions else self.learn_from.data
        last: date = max(held) if self.is_of_sessions else self.learn_until.data
        return first, last

    def data_of(self) -> RunData:
        """Return what was entered."""
        sessions = programme.sessions_of(self.sessions)
        length = sum(int((each.ends_at - each.starts_at).total_seconds()) for each in sessions)
        first, last = self._said_period()
        return RunData(
            first,
            last,
            self.minutes.data or length // 60,
            programme.items_of(self.items),
            kind=RunKind(self.kind.data),
            capacity_min=self.capacity_min.data,
            capacity_max=self.capacity_max.data,
            takes_late=self.late.data == "take",
            apply_from=self.apply_from.data,
            limits=Limits(
                self.apply_rule.data or "", self.head_rule.data or "", self.change_rule.data or ""
            ),
            sessions=sessions,
        )


def _meaning(field: Field, text: str, anchor: date | None, days: OpenDays) -> Meaning:
    """Return what a deadline means; a day that was named stays, and is told where it is closed."""
    named = dates.parse(text)
    counted_from = anchor or named
    until = deadlines.moment(text, counted_from, days) if counted_from else None
    is_closed = named is not None and not days.is_open(named)
    before = days.before(named) if named and is_closed else None
    return Meaning(str(field.label.text), until, before)


def blank(sent: Mapping[str, str] | None = None) -> RunForm:
    """Return a form to begin with."""
    return _made(LEAST_ITEMS, LEAST_SESSIONS)(formdata=None, data=dict(sent or {}))


def of(data: RunData) -> RunForm:
    """Return a form that says what is said of a run now, with a row more of each."""
    items, sessions = len(data.items) + 1, len(data.sessions) + 1
    values = {
        "kind": str(data.kind),
        "learn_from": data.learn_from,
        "learn_until": data.learn_until,
        "minutes": data.minutes,
        "late": "take" if data.takes_late else "refuse",
        "capacity_min": data.capacity_min,
        "capacity_max": data.capacity_max,
        "apply_from": data.apply_from,
        "apply_rule": data.limits.apply,
        "head_rule": data.limits.head,
        "change_rule": data.limits.change,
        **programme.cells_of(data.items, data.sessions),
    }
    return _made(items, sessions)(formdata=None, data=values)


def sent(values: MultiDict[str, str]) -> tuple[RunForm, bool]:
    """Return the form that was sent, and whether it is only to be shown again.

    Its buttons ask for another row, move a part up, or show what the deadlines mean; those of
    `MEANT` alone mean it.
    """
    asked = values.get("do", "save")
    items = form_rows.count_of(values, "what", LEAST_ITEMS, MOST_ITEMS)
    sessions = form_rows.count_of(values, "day", LEAST_SESSIONS, MOST_SESSIONS)
    if asked == "more_items":
        items = min(items + 1, MOST_ITEMS)
    elif asked == "more_sessions":
        sessions = min(sessions + 1, MOST_SESSIONS)
    elif asked.startswith("up_") and asked[3:].isdecimal():
        values = form_rows.moved_up(values, ("what", "need", "due", "extra"), int(asked[3:]))
    return _made(items, sessions)(formdata=values), asked not in MEANT


def _made(items: int, sessions: int) -> type[RunForm]:
    counts = ((ItemRow, items), (SessionRow, sessions))
    return cast("type[RunForm]", form_rows.with_rows(RunForm, counts))


def rows_open(form: RunForm) -> SimpleNamespace:
    """Return which parts of the form say something, and are shown unfolded."""
    is_held = form.kind.data != RunKind.E_LEARNING
    return SimpleNamespace(
        sessions=is_held or any(map(programme.is_said, form.sessions)),
        limits=is_held or any(form[name].data or form[name].errors for name in LIMITS),
    )
