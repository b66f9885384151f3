"""The form that begins the read-only mode."""

from __future__ import annotations

from typing import cast

from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.validators import InputRequired

from app.kernel.language import lazy


class ReadOnlyForm(FlaskForm):  # type: ignore[misc] # Flask-WTF has no types
    """Why nothing may be changed."""

    reason = SelectField(
        cast("str", lazy("理由")),
        [InputRequired(cast("str", lazy("理由を選んでください。")))],
        validate_choice=False,
    )
