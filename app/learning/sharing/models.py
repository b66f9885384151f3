"""Rows of what a learner's courses share, one a target."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base
from app.learning.owners.models import Owned


class SharedValue(Owned, Base):
    """A shared objective's values, or the text of a bucket of adl.data."""

    __tablename__ = "shared_value"

    #: Made of the owner, the kind and the target, which may be longer than an index takes.
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    #: objective, or data.
    kind: Mapped[str]
    #: The name by which manifests refer to it.
    target: Mapped[str]
    #: The values that are known; of a bucket `{"store": …}`. Empty is unknown.
    document: Mapped[dict[str, Any]]
