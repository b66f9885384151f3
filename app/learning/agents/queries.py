"""Which people statements are about: of some statements, or of all that are found by a query.

An agent is somebody of the staff where its mbox is theirs, or where its account is one of this
installation that is named by their key or a number of theirs. And a statement is about whoever
takes the attempt that is its registration. What other systems call people is not known here.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.db import portions
from app.learning.records.models import Attempt
from app.learning.statements.models import XapiTerm
from app.learning.statements.queries import number
from app.people.register.models import Person, StaffNumber
from xapi import terms
from xapi.actors import identity

_MAILTO: Final = "mailto:"


def among(
    session: Session, statements: Iterable[Mapping[str, Any]], home_page: str
) -> set[uuid.UUID]:
    """Return whom some statements are about; `home_page` is that of our own accounts."""
    mails, names, registrations = set[str](), set[str](), set[uuid.UUID]()
    for kind, value in {term for each in statements for term in terms.of(each)}:
        sort, _, said = value.partition(" ")
        if kind == "registration":
            registrations.add(uuid.UUID(value))
        elif kind == "any_agent" and sort == "mbox":
            mails.add(said.removeprefix(_MAILTO).lower())
        elif kind == "any_agent" and sort == "account" and said.startswith(f"{home_page} "):
            names.add(said.removeprefix(f"{home_page} ").replace("\0", ""))
    numbered = sa.select(StaffNumber.person_id)
    attempts = sa.select(Attempt.person_id).where(Attempt.person_id.is_not(None))
    keyed = sa.select(Person.id)
    return {
        *_each(session, keyed, sa.func.lower(Person.email), mails),
        *_each(session, keyed, Person.id, set(filter(None, map(_key, names)))),
        *_each(session, numbered, StaffNumber.number, names),
        *_each(session, attempts, Attempt.id, registrations),
    }


def _each(
    session: Session, query: sa.Select[Any], column: Any, values: Collection[Any]
) -> Iterator[uuid.UUID]:
    for some in portions(list(values)):
        yield from session.scalars(query.where(column.in_(some)))


def _key(name: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(name)
    except ValueError:
        return None


def within(session: Session, found: sa.Select[Any], home_page: str) -> set[uuid.UUID]:
    """Return whom the statements are about that a query finds, as their numbers (`seq`)."""
    whose = dict(_terms(session, home_page))
    people = set[uuid.UUID]()
    for some in portions(list(whose)):
        met = sa.select(XapiTerm.term).where(XapiTerm.term.in_(some), XapiTerm.seq.in_(found))
        people.update(whose[term] for term in session.scalars(met.distinct()))
    return people


def of_people(session: Session, people: Collection[uuid.UUID], home_page: str) -> set[int]:
    """Return by what the statements about some people are found, as numbers of terms."""
    return {term for term, _ in _terms(session, home_page, people)}


def _terms(
    session: Session, home_page: str, among: Collection[uuid.UUID] | None = None
) -> Iterator[tuple[int, uuid.UUID]]:
    """Yield by what statements are found about anybody of the staff, or about some, and whom."""

    def of(query: sa.Select[*tuple[Any, ...]], column: Any) -> Any:
        return session.execute(query if among is None else query.where(column.in_(among)))

    for key, email in of(sa.select(Person.id, Person.email), Person.id):
        yield _account(home_page, str(key)), key
        if email:
            yield _agent({"mbox": f"{_MAILTO}{email}"}), key
    numbers = sa.select(StaffNumber.number, StaffNumber.person_id)
    for name, key in of(numbers, StaffNumber.person_id):
        yield _account(home_page, name), key
    taken = sa.select(Attempt.id, Attempt.person_id).where(Attempt.person_id.is_not(None))
    for attempt, key in of(taken, Attempt.person_id):
        yield number(("registration", str(attempt))), key


def _account(home_page: str, name: str) -> int:
    return _agent({"account": {"homePage": home_page, "name": name}})


def _agent(said: Mapping[str, Any]) -> int:
    key = identity(said)
    assert key is not None
    return number(("any_agent", key))
