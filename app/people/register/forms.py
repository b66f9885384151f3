"""The form of first passwords."""

from __future__ import annotations

from typing import cast

from flask_wtf import FlaskForm
from wtforms import BooleanField

from app.kernel.language import lazy


class PasswordsForm(FlaskForm):  # type: ignore[misc] # Flask-WTF has no types
    """Whom to issue first passwords to."""

    again = BooleanField(cast("str", lazy("まだ一度もサインインしていない人にも、発行し直す")))
