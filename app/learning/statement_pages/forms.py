"""What somebody looks for among statements."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final, cast

from wtforms import DateField, Form, StringField
from wtforms.validators import ValidationError

from app.kernel import clock
from app.kernel.language import Lazy, gettext, lazy
from app.people.audit.forms import DayField
from xapi import values
from xapi.actors import identity
from xapi.errors import Invalid
from xapi.query import Query
from xapi.terms import Term

#: The database's moments have no smaller part.
_LEAST: Final = timedelta(microseconds=1)

#: Moments beyond are none in every time zone.
_YEARS: Final = range(1900, 9000)


def _plain(written: str | None) -> str:
    """Return what was written without what no IRI holds, and no header takes."""
    return (written or "").replace("\0", "").strip()


def _field(label: Lazy) -> StringField:
    return StringField(cast("str", label), filters=[_plain])


def _seen(check: Callable[[object], None], value: str, otherwise: str) -> None:
    """Raise ValidationError in our words where something written is no such value."""
    try:
        check(value)
    except Invalid:
        raise ValidationError(otherwise) from None


class SearchForm(Form):
    """A verb, an activity, an agent, a registration, a period; all of them may be left empty."""

    agent = _field(lazy("学習した人"))
    home_page = _field(lazy("アカウントの発行元（homePage）"))
    verb = _field(lazy("したこと（動詞のIRI）"))
    activity = _field(lazy("対象（アクティビティのIRI）"))
    registration = _field(lazy("登録番号（registration）"))
    since = DayField(cast("str", lazy("期間の始め")))
    until = DayField(cast("str", lazy("期間の終わり")))

    def __init__(self, sent: Any, home_page: str) -> None:
        super().__init__(sent)
        self._own = home_page

    def validate_home_page(self, field: StringField) -> None:
        """Take nothing, or an address."""
        _iri_if_any(field)

    def validate_verb(self, field: StringField) -> None:
        """Take nothing, or an IRI."""
        _iri_if_any(field)

    def validate_activity(self, field: StringField) -> None:
        """Take nothing, or an IRI."""
        _iri_if_any(field)

    def validate_agent(self, field: StringField) -> None:
        """Take nothing, a mail address, or the name of an account."""
        if field.data and self._is_mail():
            words = gettext("taro@example.jp のようなメールアドレスを入力してください。")
            _seen(values.mailto, _mbox(field.data), words)

    def validate_registration(self, field: StringField) -> None:
        """Take nothing, or a UUID."""
        if field.data:
            words = gettext("8-4-4-4-12桁の英数字（UUID）を入力してください。")
            _seen(values.uuid, field.data, words)

    def validate_since(self, field: DateField) -> None:
        """Refuse a day that no statement can be of."""
        _of_our_times(field)

    def validate_until(self, field: DateField) -> None:
        """Refuse a period that ends before it begins."""
        _of_our_times(field)
        if field.data and self.since.data and field.data < self.since.data:
            raise ValidationError(gettext("期間の始めより後の日にしてください。"))

    def _is_mail(self) -> bool:
        """Whether the agent is meant by a mail address: an account's name may look like one."""
        said = self.agent.data or ""
        return "@" in said and not self.home_page.data

    def _terms(self) -> set[Term]:
        found: set[Term] = set()
        if self.verb.data:
            found.add(("verb", self.verb.data))
        if self.activity.data:
            found.add(("activity", self.activity.data))
        if self.registration.data:
            found.add(("registration", self.registration.data.lower()))
        if self.agent.data:
            found.add(("agent", identity(self._agent(self.agent.data)) or ""))
        return found

    def _agent(self, said: str) -> dict[str, Any]:
        if self._is_mail():
            return {"mbox": _mbox(said)}
        return {"account": {"homePage": self.home_page.data or self._own, "name": said}}

    def data_of(self) -> Query:
        """Return what is looked for; the first and the last day belong to the period."""
        since, until = self.since.data, self.until.data
        return Query(
            terms=frozenset(self._terms()),
            since=clock.start_of(since) - _LEAST if since else None,
            until=clock.start_of(until + timedelta(days=1)) - _LEAST if until else None,
        )

    def filled(self) -> dict[str, Any]:
        """Return what was filled in, by field, as it was written."""
        return {field.name: str(field.data) for field in self if field.data}


def _of_our_times(field: DateField) -> None:
    if field.data and field.data.year not in _YEARS:
        raise ValidationError(gettext("2026/11/23のように、年月日を入力してください。"))


def _iri_if_any(field: StringField) -> None:
    if field.data:
        words = gettext("http:// や https:// などから始まるIRIを入力してください。")
        _seen(values.iri, field.data, words)


def _mbox(said: str) -> str:
    return said if said.startswith("mailto:") else f"mailto:{said}"
