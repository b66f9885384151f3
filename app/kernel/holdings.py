"""What a wing keeps about people, by class of records, and how it erases it.

Each wing says it of its own rows; `app.keeping.holdings` puts all of them together. A class's clock
starts on the 1 April after the event (年度末の翌日), so all that falls due does so on a 1 April.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.kernel import clock
from app.kernel.settings import Settings

#: Stands where a key may not be empty, for somebody who was erased.
NOBODY: Final = uuid.UUID(int=0)
#: Rows that one erasure of what is about nobody takes at once: SQLite has but one writer.
AT_ONCE: Final = 500


class RecordClass(StrEnum):
    """記録の種別: what is kept for the same time."""

    #: 修了認定・修了証書.
    COMPLETION = "completion"
    #: 出席簿.
    ATTENDANCE = "attendance"
    #: 受講結果報告.
    REPORT = "report"
    #: テスト・アンケートの回答.
    ANSWERS = "answers"
    #: 命令取消・登録取消.
    REVOKED = "revoked"
    #: 受講履歴と職員の登録: while serving, and years after that.
    HISTORY = "history"
    #: 取込・通知・処理の記録.
    REMAINS = "remains"
    #: サインインの記録.
    SIGN_IN = "sign_in"
    #: 監査記録: by a setting of its own.
    AUDIT = "audit"


Counts = Mapping[str, int]
#: A query of person, count and first event.
Due = sa.Select[Any, Any, Any]


@dataclass(frozen=True)
class Holding:
    """Rows of one wing that belong to one class."""

    record_class: RecordClass
    #: The rows whose event came before a day, as a query of person, count and first event; the
    #: person is None for rows about nobody.
    due: Callable[[date], Due]
    #: Erases those of one person, or up to AT_ONCE of those about nobody; returns counts by table.
    erase: Callable[[Session, uuid.UUID | None, date], Counts]


@dataclass(frozen=True)
class Erasing:
    """How one wing erases all that is about one person, files included; counts by table."""

    wing: str
    rows: Callable[[Session, uuid.UUID], Counts]
    files: Callable[[Session, uuid.UUID, Settings], int] | None = None


def due_before(today: date, years: int) -> date:
    """Return the day before which an event is so long ago that its rows have fallen due.

    The clock starts on the 1 April after the event; `years` later, on a 1 April, it is over.
    """
    return date(clock.fiscal_year(today) - years, 4, 1)


def due_on(event: date, years: int) -> date:
    """Return the day on which the rows of an event fall due."""
    return date(clock.fiscal_year(event) + 1 + years, 4, 1)


def moment_before(day: date) -> datetime:
    """Return the first moment of a day, for columns that hold moments."""
    return clock.start_of(day)


def delete(session: Session, model: type[Any], *conditions: sa.ColumnElement[bool]) -> Counter[str]:
    """Delete rows; return how many of which table."""
    done = session.execute(sa.delete(model).where(*conditions).returning(sa.literal(1))).all()
    return Counter({model.__tablename__: len(done)} if done else {})


def delete_some(
    session: Session, model: type[Any], *conditions: sa.ColumnElement[bool]
) -> Counter[str]:
    """Delete up to AT_ONCE rows; return how many of which table."""
    keys = sa.select(model.id).where(*conditions).limit(AT_ONCE)
    return delete(session, model, model.id.in_(session.scalars(keys).all()))


def forget_doer(
    session: Session, person_id: uuid.UUID, *columns: InstrumentedAttribute[Any]
) -> None:
    """Take a person's key out of what others' rows say of who did something."""
    for column in columns:
        nobody = None if column.property.columns[0].nullable else NOBODY
        table = column.class_
        session.execute(
            sa.update(table).where(column == person_id).values({column.key: nobody}),
            execution_options={"synchronize_session": False},
        )
