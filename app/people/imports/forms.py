"""The form of a file of staff or of sections."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import cast

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, DateField, RadioField
from wtforms.validators import InputRequired, ValidationError

from app.kernel import clock
from app.kernel.language import gettext, lazy
from app.kernel.web import uploads
from app.kernel.web.forms import PostedForm, SelectChoice
from app.kernel.web.routing import now
from app.people.imports.models import Mode
from app.people.imports.service import Asked

#: How far from today the day of a file may be.
FURTHEST = timedelta(days=400)


class ImportForm(PostedForm):
    """A file, the day from which it holds, and what it means not to be in it."""

    file = FileField(
        lazy("CSVまたはExcelのファイル"),
        [FileRequired(cast("str", lazy("ファイルを選んでください。")))],
    )
    mode = RadioField(
        cast("str", lazy("取込の方式")),
        [InputRequired(cast("str", lazy("取込の方式を選んでください。")))],
        choices=[SelectChoice(mode.value, "") for mode in Mode],
        default=Mode.DIFFERENCE.value,
    )
    effective_on = DateField(
        cast("str", lazy("いつからの内容か（発令日）")),
        [InputRequired(cast("str", lazy("日付を選んでください。")))],
    )
    fills_numbers = BooleanField(cast("str", lazy("桁の足りない職員番号の先頭に0を補う")))

    def name_modes(self, words: Mapping[Mode, str]) -> None:
        """Say what each mode does, in the words of the file's kind."""
        self.mode.choices = [SelectChoice(mode.value, said) for mode, said in words.items()]

    def validate_effective_on(self, field: DateField) -> None:
        """Refuse a day that can only be a mistake."""
        if field.data and abs(field.data - clock.today(now())) > FURTHEST:
            raise ValidationError(gettext("今日の前後400日までの日付を選んでください。"))

    def data_of(self, kind: str, folder: Path) -> tuple[Asked, str]:
        """Put the file into the folder of uploads; return what is wanted, and its name there."""
        day = cast("date", self.effective_on.data)
        fills = "fills_numbers" in self and bool(self.fills_numbers.data)
        asked = Asked(kind, self.mode.data, day, fills)
        return asked, uploads.keep(self.file.data, folder).name
