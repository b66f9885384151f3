"""The base of every form that is posted: what Flask-WTF has no types for ends here."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # newer than its stubs

__all__ = ["PostedForm", "SelectChoice"]


class PostedForm(FlaskForm):  # type: ignore[misc] # Flask-WTF has no types
    """A form with the token that keeps other sites from sending it."""
