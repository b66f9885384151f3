"""One element of a data model as a row: all that get and set must know of it, and nothing else."""

from dataclasses import dataclass
from typing import Literal

Access = Literal["r", "w", "rw"]


@dataclass(frozen=True)
class Element:
    """An element; an `n` in a name stands for an index.

    `spm` is the length that an LMS must be able to keep (a longer value is kept as well), `limit`
    the length that may not be passed. `default` is what reads before anything was set.
    """

    name: str
    #: A name of `scorm.value_types.CHECKS`.
    type: str
    access: Access = "rw"
    spm: int | None = None
    limit: int | None = None
    vocabulary: tuple[str, ...] | None = None
    min: int | None = None
    max: int | None = None
    default: str | None = None
    #: Elements, with `n`, that must be set before this one.
    requires: tuple[str, ...] = ()
    #: No other member of the collection may have the same value.
    unique: bool = False
    #: Once set, it may not change.
    fixed: bool = False
    #: Whether content may add members to the collection.
    grows: bool = True
