"""What stands on certificates that are issued; and what somebody enters to have one confirmed."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import cast

from wtforms import Field, Form, StringField
from wtforms.validators import DataRequired, InputRequired, ValidationError

from app.kernel.language import gettext, lazy
from app.kernel.web.fields import DayField, in_one_line
from app.kernel.web.forms import PostedForm
from app.training.certificates.service import ALPHABET, CODE_LETTERS, Header

_needed = cast("str", lazy("入力してください。"))
#: 令和8年度 第12号, R8-12, 2026-12: an era's year or a plain one, and the number.
_NUMBER = re.compile(r"(?P<era>令和|R)?(?P<year>元|\d{1,4})\D+(?P<number>\d{1,6})\D*")
#: The year before 令和元年.
_REIWA = 2018
#: What is written in the place of another letter.
_MEANT = str.maketrans("OIL", "011")


def _some(text: str | None) -> str:
    return in_one_line(text)[:60]


class IssueForm(PostedForm):
    """修了証書の発行."""

    issuer = StringField(
        cast("str", lazy("発行者")), [DataRequired(_needed)], filters=[in_one_line]
    )
    issued_on = DayField(cast("str", lazy("発行日")), [InputRequired(_needed)])

    def validate_issuer(self, field: Field) -> None:
        """Keep to what stands on one line."""
        if len(field.data) > 60:
            raise ValidationError(gettext("60文字以内で入力してください。"))

    def validate_issued_on(self, field: Field) -> None:
        """Ask for a day."""
        if field.data is None:
            raise ValidationError(
                gettext("2026/7/1、R8.7.1、令和8年7月1日のように入力してください。")
            )

    def data_of(self, address: str) -> Header:
        """Return what was entered; `address` is where one has it confirmed."""
        day: date = self.issued_on.data
        return Header(self.issuer.data or "", day, address)


class VerifyForm(Form):
    """修了証書の確認: read from an address, in any width, with any sign between."""

    number = StringField(cast("str", lazy("番号")), [InputRequired()], filters=[_some])
    code = StringField(cast("str", lazy("確認コード")), [InputRequired()], filters=[_some])

    @property
    def is_asked(self) -> bool:
        """Whether something was entered."""
        return bool(self.number.data or self.code.data)

    def key(self) -> tuple[int, int, str] | None:
        """Return the fiscal year, the number within it, and the code; None where one is none."""
        number, code = _key(self.number.data or ""), _letters(self.code.data or "")
        return (*number, code) if number and code else None


def _key(written: str) -> tuple[int, int] | None:
    found = _NUMBER.fullmatch("".join(unicodedata.normalize("NFKC", written).upper().split()))
    if found is None:
        return None
    year = 1 if found["year"] == "元" else int(found["year"])
    # Nobody writes a plain year with two digits: it is one of the era.
    year += _REIWA if found["era"] or year < 100 else 0
    return year, int(found["number"])


def _letters(written: str) -> str | None:
    letters = re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", written).upper())
    letters = letters.translate(_MEANT)
    is_code = len(letters) == CODE_LETTERS and set(letters) <= set(ALPHABET)
    return letters if is_code else None
