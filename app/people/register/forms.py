"""Forms about a person: a role and how far it reaches, and first passwords."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField

from app.kernel.language import lazy


@dataclass(frozen=True)
class GrantData:
    """A role to be granted, as chosen in the form."""

    role: str
    section_id: str
    with_children: bool


class GrantForm(FlaskForm):  # type: ignore[misc] # Flask-WTF has no types
    """A role and how far it reaches; the page gives the choices."""

    # The service says in our words what is wrong with a choice of somebody's own making.
    role = SelectField(cast("str", lazy("役割")), validate_choice=False)
    section = SelectField(cast("str", lazy("範囲の所属")), validate_choice=False)
    with_children = BooleanField(cast("str", lazy("その下の所属も含める")), default=True)

    def data_of(self) -> GrantData:
        """Return what was chosen; an empty section means all."""
        return GrantData(
            self.role.data or "", self.section.data or "", with_children=self.with_children.data
        )


class PasswordsForm(FlaskForm):  # type: ignore[misc] # Flask-WTF has no types
    """Whom to issue first passwords to."""

    again = BooleanField(cast("str", lazy("まだ一度もサインインしていない人にも、発行し直す")))
