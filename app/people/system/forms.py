"""The form that begins the read-only mode."""

from __future__ import annotations

from typing import cast

from wtforms import SelectField
from wtforms.validators import InputRequired

from app.kernel.language import lazy
from app.kernel.web.forms import PostedForm


class ReadOnlyForm(PostedForm):
    """Why nothing may be changed."""

    reason = SelectField(
        cast("str", lazy("理由")),
        [InputRequired(cast("str", lazy("理由を選んでください。")))],
        validate_choice=False,
    )
