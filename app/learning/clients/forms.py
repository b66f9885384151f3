"""What administrators enter about a system that is to speak to the record store."""

from __future__ import annotations

from typing import Final, cast

from wtforms import SelectMultipleField, StringField
from wtforms.validators import DataRequired, InputRequired, StopValidation, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.kernel.language import gettext, lazy
from app.kernel.web.fields import in_one_line
from app.kernel.web.forms import PostedForm, SelectChoice
from app.learning.clients.text import SCOPES

#: Letters of a name at most.
LONGEST: Final = 255


class ClientForm(PostedForm):
    """What a client is called, and what it may do."""

    name = StringField(
        cast("str", lazy("接続先システムの名前")),
        [DataRequired(cast("str", lazy("この接続先システムを呼ぶ名前を入力してください。")))],
        filters=[in_one_line],
        default="",
    )
    scopes = SelectMultipleField(
        cast("str", lazy("接続先に許すこと")),
        [InputRequired(cast("str", lazy("1つ以上選んでください。")))],
        choices=[SelectChoice(code, cast("str", words)) for code, (words, _) in SCOPES.items()],
        validate_choice=False,  # the library would say it in its own words
        widget=ListWidget(),
        option_widget=CheckboxInput(),
    )

    def validate_name(self, field: StringField) -> None:
        """Refuse a name that no table has room for."""
        if len(field.data or "") > LONGEST:
            raise StopValidation(gettext("%(most)s文字以内で入力してください。", most=LONGEST))

    def validate_scopes(self, field: SelectMultipleField) -> None:
        """Refuse what is none of them."""
        if not SCOPES.keys() >= set(field.data or ()):
            raise ValidationError(gettext("選択肢から選んでください。"))
