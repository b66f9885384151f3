"""What somebody looks for in the audit, and why they take it along."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast

from wtforms import DateField, Form, SelectField, StringField
from wtforms.validators import ValidationError

from app.kernel import clock
from app.kernel.language import gettext, lazy
from app.kernel.web.forms import PostedForm
from app.people.audit import text
from app.people.audit.queries import Wanted

#: Who may be meant by a part of a name.
MOST_PEOPLE = 50

#: Finds people by a number or a part of a name: one more than a limit where there are more.
FindPeople = Callable[[str, int], Sequence[uuid.UUID]]


def _plain(written: str | None) -> str:
    """Return what was written without what no name holds, and no database takes."""
    return (written or "").replace("\0", "").strip()


class DayField(DateField):
    """A day, or nothing; the browser's calendar sends 2026-11-23."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was sent; raises ValueError in our own words."""
        self.data: date | None = None
        if not valuelist or not valuelist[0].strip():
            return
        try:
            self.data = date.fromisoformat(valuelist[0].strip().replace("/", "-"))
        except ValueError as error:
            raise ValueError(gettext("2026/11/23のように、年月日を入力してください。")) from error


class SearchForm(Form):
    """A period, people, an act, a role, an address; all of them may be left empty."""

    since = DayField(cast("str", lazy("期間の始め")))
    until = DayField(cast("str", lazy("期間の終わり")))
    by = StringField(cast("str", lazy("操作した人")), filters=[_plain])
    about = StringField(cast("str", lazy("対象の職員")), filters=[_plain])
    act = SelectField(cast("str", lazy("操作")), validate_choice=False)
    role = SelectField(cast("str", lazy("操作したときの役割")), validate_choice=False)
    address = StringField(cast("str", lazy("接続元のアドレス")), filters=[_plain])

    def __init__(self, sent: Any, find: FindPeople) -> None:
        super().__init__(sent)
        self.act.choices = text.act_choices()
        self.role.choices = text.role_choices()
        self._find = find
        self._people: dict[str, tuple[uuid.UUID, ...]] = {}

    def validate_until(self, field: DateField) -> None:
        """Refuse a period that ends before it begins."""
        if field.data and self.since.data and field.data < self.since.data:
            raise ValidationError(gettext("期間の始めより後の日にしてください。"))

    def validate_by(self, field: StringField) -> None:
        """Find who is meant."""
        self._look_up(field)

    def validate_about(self, field: StringField) -> None:
        """Find who is meant."""
        self._look_up(field)

    def validate_act(self, field: SelectField) -> None:
        """Refuse what is no choice."""
        if field.data and text.actions_of(field.data) == ():
            raise ValidationError(gettext("一覧から選んでください。"))

    def _look_up(self, field: StringField) -> None:
        if not field.data:
            return
        found = self._find(field.data, MOST_PEOPLE)
        if not found:
            raise ValidationError(gettext("当てはまる職員がいません。"))
        if len(found) > MOST_PEOPLE:
            raise ValidationError(
                gettext("当てはまる職員が多すぎます。職員番号で指定してください。")
            )
        self._people[field.name] = tuple(found)

    def data_of(self) -> Wanted:
        """Return what is looked for; the period's last day belongs to it."""
        since, until = self.since.data, self.until.data
        return Wanted(
            since=clock.start_of(since) if since else None,
            until=clock.start_of(until + timedelta(days=1)) if until else None,
            by=self._people.get("by"),
            about=self._people.get("about"),
            actions=text.actions_of(self.act.data) if self.act.data else None,
            role=self.role.data or "",
            address=self.address.data or "",
        )

    def filled(self) -> dict[str, Any]:
        """Return what was filled in, by field, as it was written."""
        return {field.name: str(field.data) for field in self if field.data}


@dataclass(frozen=True)
class Reason:
    """Why lines are taken along."""

    code: str


class ExportForm(PostedForm):
    """Why the lines that were found are taken along as a file."""

    reason = SelectField(cast("str", lazy("出力の理由")), validate_choice=False)

    def __init__(self) -> None:
        super().__init__()
        self.reason.choices = [
            ("", gettext("選んでください")),
            *((code, str(word)) for code, word in text.REASONS.items()),
        ]

    def validate_reason(self, field: SelectField) -> None:
        """Ask for one of the reasons."""
        if field.data not in text.REASONS:
            raise ValidationError(gettext("出力の理由を選んでください。"))

    def data_of(self) -> Reason:
        """Return the reason."""
        return Reason(str(self.reason.data))
