"""Other people taken out of what is told to one person: their names in any text, and their keys."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.keeping.disclosure.text import MASK, SOMEBODY
from app.people.register.models import Person

#: A name of fewer letters would be found inside ordinary words.
_SHORTEST = 3


class Masking:
    """What is masked in the bundle of one person."""

    def __init__(self, session: Session, person_id: uuid.UUID) -> None:
        """Read everybody's name and key once."""
        rows = session.execute(sa.select(Person.id, Person.name)).all()
        own = {name for key, name in rows if key == person_id}
        own_forms = {form for name in own for form in _forms(name)}
        self._keys = {str(key) for key, _ in rows if key != person_id}
        self._names = {form for _, name in rows for form in _forms(name)} - own_forms

    def text(self, text: str) -> str:
        """Return a text without the names of others."""
        found = [name for name in self._names if name in text]
        if not found:
            return text
        longest_first = sorted(found, key=len, reverse=True)
        return re.sub("|".join(map(re.escape, longest_first)), MASK, text)

    def value(self, value: Any) -> Any:
        """Return a document without the names and the keys of others."""
        if isinstance(value, str):
            return SOMEBODY if value in self._keys else self.text(value)
        if isinstance(value, Mapping):
            return {self.text(str(key)): self.value(held) for key, held in value.items()}
        if isinstance(value, list | tuple):
            return [self.value(held) for held in value]
        return value


def _forms(name: str) -> set[str]:
    """Return how a name is written in a sentence: as it is, and without its space."""
    forms = {name, "".join(name.split()), " ".join(name.split()), "　".join(name.split())}
    return {form for form in forms if len("".join(form.split())) >= _SHORTEST}
