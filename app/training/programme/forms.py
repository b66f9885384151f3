"""The rows of a run's form: one a part, one a session; as many of them as are asked for."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from datetime import date, datetime, time
from types import SimpleNamespace
from typing import cast

from wtforms import BooleanField, HiddenField, SelectField, StringField

from app.kernel import clock, deadlines
from app.kernel.language import gettext, lazy
from app.kernel.open_days import OpenDays
from app.kernel.web.fields import CountField, DayField, HourField, written
from app.kernel.web.forms import PostedForm, SelectChoice
from app.training.plans.models import ItemKind
from app.training.programme.service import ItemData, SessionData

#: No run has more.
MOST_ITEMS = 20
MOST_SESSIONS = 60
#: A test is not made longer than by this many minutes.
MOST_EXTRA = 600


def in_one_line(text: str | None) -> str:
    """Return what was written, on one line."""
    return " ".join((text or "").split())


class ItemRow(PostedForm):
    """構成要素の1行."""

    what = SelectField(cast("str", lazy("内容")), validate_choice=False)
    need = SelectField(
        cast("str", lazy("必須・任意")),
        choices=[
            SelectChoice("required", cast("str", lazy("必須"))),
            SelectChoice("optional", cast("str", lazy("任意"))),
        ],
        validate_choice=False,
    )
    due = StringField(cast("str", lazy("締切")), filters=[in_one_line])
    extra = CountField(cast("str", lazy("制限時間の延長")))


class SessionRow(PostedForm):
    """コマの1行."""

    session = HiddenField()
    day = DayField(cast("str", lazy("日")))
    starts = HourField(cast("str", lazy("開始")))
    ends = HourField(cast("str", lazy("終了")))
    place = StringField(cast("str", lazy("会場")), filters=[in_one_line])
    url = StringField(cast("str", lazy("オンラインのURL")), filters=[in_one_line])
    lecturer = StringField(cast("str", lazy("講師")), filters=[in_one_line])
    drop = BooleanField(cast("str", lazy("このコマを削除する")))


#: What is filled in of a row that says something.
_WORDS = ("day", "starts", "ends", "place", "url", "lecturer")


def label_items(found: Iterable[SimpleNamespace]) -> None:
    """Have each cell of a part say which one it belongs to."""
    for row in found:
        for cell in (row.what, row.need, row.due, row.extra):
            cell.label.text = gettext(
                "%(number)s番目の%(label)s", number=row.number, label=str(cell.label.text)
            )


def label_sessions(found: Iterable[SimpleNamespace]) -> None:
    """Have each cell of a session say which one it belongs to."""
    for row in found:
        for name in _WORDS:
            cell = getattr(row, name)
            cell.label.text = gettext(
                "コマ%(number)sの%(label)s", number=row.number, label=str(cell.label.text)
            )


def is_said(row: SimpleNamespace) -> bool:
    """Whether a row of a session says something, and is not to be taken away."""
    return not row.drop.data and any(written(getattr(row, name)) for name in _WORDS)


def check_sessions(found: Iterable[SimpleNamespace]) -> None:
    """Put the errors of sessions at their cells."""
    taken: list[tuple[datetime, datetime]] = []
    for row in filter(is_said, found):
        _check_cells(row)
        if None in (row.day.data, row.starts.data, row.ends.data):
            continue
        starts, ends = _at(row.day.data, row.starts.data), _at(row.day.data, row.ends.data)
        if ends <= starts:
            row.ends.errors = [gettext("開始より後の時刻を入力してください。")]
        elif any(starts < other_end and other_start < ends for other_start, other_end in taken):
            row.starts.errors = [gettext("ほかのコマと時間が重なっています。")]
        taken.append((starts, ends))


def _check_cells(row: SimpleNamespace) -> None:
    for cell, example in ((row.day, "2026/7/1"), (row.starts, "9:30"), (row.ends, "17:00")):
        if cell.data is None:
            cell.errors = [gettext("%(example)sのように入力してください。", example=example)]
    if row.url.data and not row.url.data.startswith(("https://", "http://")):
        row.url.errors = [gettext("https://から始まるURLを入力してください。")]
    for cell in (row.place, row.url, row.lecturer):
        if len(cell.data or "") > 200:
            cell.errors = [gettext("200文字以内で入力してください。")]


def check_items(
    found: Iterable[SimpleNamespace], offered: Collection[str], period: tuple[date, date] | None
) -> None:
    """Put the errors of parts at their cells; what is due lies within the run's days."""
    seen: set[str] = set()
    for row in found:
        chosen = row.what.data or ""
        if chosen and chosen not in offered:
            row.what.errors = [gettext("公開中の教材から選んでください。")]
        elif chosen and chosen in seen:
            row.what.errors = [gettext("同じ教材は一度だけ選べます。")]
        seen.add(chosen)
        if written(row.extra) and (row.extra.data is None or row.extra.data > MOST_EXTRA):
            row.extra.errors = [
                gettext("0から%(most)sまでの数字を入力してください。", most=MOST_EXTRA)
            ]
        if not chosen and row.due.data:
            row.what.errors = [gettext("内容を選ぶか、締切を空にしてください。")]
        # A report may be due after the last day; what is learnt may not.
        last = date.max if chosen == ItemKind.REPORT else None
        if row.due.data and period and not _is_within(row.due.data, (period[0], last or period[1])):
            row.due.errors = [
                gettext(
                    "受講の期間の中の日か、「前開庁日」「1週間前の金曜」のように入力してください。"
                )
            ]


def _is_within(text: str, period: tuple[date, date]) -> bool:
    if deadlines.parse(text) is not None:
        return True
    found = deadlines.moment(text, period[0], OpenDays())
    return found is not None and period[0] <= clock.today(found) <= period[1]


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, clock.JST)


def items_of(found: Iterable[SimpleNamespace]) -> tuple[ItemData, ...]:
    """Return the parts that were entered, in their order."""
    return tuple(
        ItemData(
            None if row.what.data in list(ItemKind) else uuid.UUID(row.what.data),
            ItemKind(row.what.data) if row.what.data in list(ItemKind) else ItemKind.MATERIAL,
            row.need.data != "optional",
            row.due.data or "",
            row.extra.data or 0,
        )
        for row in found
        if row.what.data
    )


def sessions_of(found: Iterable[SimpleNamespace]) -> tuple[SessionData, ...]:
    """Return the sessions that were entered."""
    return tuple(
        SessionData(
            _at(row.day.data, row.starts.data),
            _at(row.day.data, row.ends.data),
            row.place.data or "",
            row.url.data or "",
            row.lecturer.data or "",
            _key(row.session.data),
        )
        for row in filter(is_said, found)
    )


def _key(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None


def cells_of(items: Iterable[ItemData], sessions: Iterable[SessionData]) -> dict[str, object]:
    """Return the values of the rows' cells that say what a run consists of."""
    found: dict[str, object] = {}
    for number, item in enumerate(items, 1):
        found[f"what_{number}"] = str(item.material_id or item.kind)
        found[f"need_{number}"] = "required" if item.is_required else "optional"
        found[f"due_{number}"] = item.due
        found[f"extra_{number}"] = item.extra_minutes or None
    for number, each in enumerate(sessions, 1):
        starts, ends = (at.astimezone(clock.JST) for at in (each.starts_at, each.ends_at))
        found[f"session_{number}"] = str(each.id)
        found[f"day_{number}"] = starts.date()
        found[f"starts_{number}"], found[f"ends_{number}"] = starts.time(), ends.time()
        found[f"place_{number}"], found[f"url_{number}"] = each.place, each.online_url
        found[f"lecturer_{number}"] = each.lecturer
    return found
