"""Rows of training orders: what was ordered stays as it was, and a change is another version."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from app.kernel.db import Base, Keyed


class OrderKind(StrEnum):
    """命令, 変更命令, 命令取消."""

    ORDER = "order"
    CHANGE = "change"
    REVOCATION = "revocation"


class Order(Keyed, Base):
    """研修命令の一つの版."""

    __tablename__ = "training_order"
    __table_args__ = (sa.UniqueConstraint("fiscal_year", "serial", "version"),)

    #: The fiscal year in which its number was given.
    fiscal_year: Mapped[int]
    #: 1, 2, 3 … within the year: the same for all versions of an order.
    serial: Mapped[int]
    #: 1, 2, 3 …: what came later holds.
    version: Mapped[int]
    #: order, change, revocation.
    kind: Mapped[str]
    #: The run that it orders into.
    run_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("run.id"), index=True)
    #: The day it is dated (発令日).
    issued_on: Mapped[date]
    #: By whom it is given, as the paper says (命令者): a post of the organisation.
    issuer: Mapped[str]
    #: What it says of the training, its times and places, as they were then.
    document: Mapped[dict[str, Any]]
    #: Who issued it here.
    issued_by: Mapped[uuid.UUID | None]
    #: When.
    issued_at: Mapped[datetime]


class OrderLine(Keyed, Base):
    """研修命令の対象者: one person that a version names, as they were then."""

    __tablename__ = "order_line"
    __table_args__ = (sa.UniqueConstraint("order_id", "enrolment_id"),)

    #: The version.
    order_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("training_order.id"))
    #: The enrolment that it orders, changes or revokes.
    enrolment_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("enrolment.id"), index=True)
    #: Who is ordered.
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    #: 職員番号 on the paper.
    number: Mapped[str]
    #: 氏名 on the paper.
    name: Mapped[str]
    #: 所属 on the paper.
    section: Mapped[str]
    #: 所属 as a key: whose head and coordinator receive it.
    section_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("section.id"), index=True)
    #: 職名 on the paper.
    title: Mapped[str]
    #: When the person said that they had received it (受領確認).
    acknowledged_at: Mapped[datetime | None]


class OrderChangedError(AssertionError):
    """Something tried to change a version of an order: a new version is the only way."""


@event.listens_for(Order, "before_update")
def _refuse_changes(_mapper: Mapper[Order], _connection: sa.Connection, order: Order) -> None:
    raise OrderChangedError(str(order.id))


@event.listens_for(OrderLine, "before_update")
def _let_acknowledge(
    _mapper: Mapper[OrderLine], _connection: sa.Connection, line: OrderLine
) -> None:
    """Let a line take the moment of its receipt, once, and nothing else."""
    changed = {
        each.key: each.history for each in sa.inspect(line).attrs if each.history.has_changes()
    }
    moment = changed.pop("acknowledged_at", None)
    if changed or (moment and any(moment.deleted or ())):
        raise OrderChangedError(str(line.id))
