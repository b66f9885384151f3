"""The forms of a list that is kept: its name, and where it is."""

from __future__ import annotations

from wtforms import HiddenField, StringField

from app.kernel.web.fields import in_one_line
from app.kernel.web.forms import PostedForm


class ListForm(PostedForm):
    """Where somebody is: the path of a list with what its address says."""

    path = HiddenField()


class FilterForm(ListForm):
    """A name for the list as it is."""

    name = StringField(filters=[in_one_line])
