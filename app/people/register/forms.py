"""The form of first passwords."""

from __future__ import annotations

from typing import cast

from wtforms import BooleanField

from app.kernel.language import lazy
from app.kernel.web.forms import PostedForm


class PasswordsForm(PostedForm):
    """Whom to issue first passwords to."""

    again = BooleanField(cast("str", lazy("まだ一度もサインインしていない人にも、発行し直す")))
