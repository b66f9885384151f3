"""The forms of a document and of a link."""

from __future__ import annotations

from typing import cast

from flask_wtf.file import FileField, FileRequired
from wtforms import Field, StringField
from wtforms.validators import DataRequired, ValidationError

from app.content.materials.service import LONGEST_TITLE
from app.kernel.language import gettext, lazy
from app.kernel.web.addresses import web_host
from app.kernel.web.fields import KeyField, in_one_line, new_key
from app.kernel.web.forms import PostedForm

LONGEST_URL = 2000
_words_needed = DataRequired(cast("str", lazy("入力してください。")))


class NamedForm(PostedForm):
    """What has a name, and the key of the row to come: sent twice, the form makes one material."""

    key = KeyField(default=new_key)
    title = StringField(cast("str", lazy("教材名")), filters=[in_one_line])

    def validate_title(self, field: Field) -> None:
        """Refuse what no list could show."""
        if len(field.data or "") > LONGEST_TITLE:
            told = gettext("教材名は%(limit)s文字以内で入力してください。", limit=LONGEST_TITLE)
            raise ValidationError(told)


class FileForm(PostedForm):
    """Another file for a document."""

    document = FileField(
        lazy("PDFファイル"),
        validators=[FileRequired(message=lazy("PDFファイルを選んでください。"))],
    )


class DocumentForm(NamedForm, FileForm):
    """A document to come."""


class AddressForm(PostedForm):
    """Another address for a link."""

    url = StringField(cast("str", lazy("アドレス（URL）")), [_words_needed], [in_one_line])

    def validate_url(self, field: Field) -> None:
        """Take an address of the web, and nothing that a browser would run."""
        if not web_host(field.data or "") or len(field.data) > LONGEST_URL:
            raise ValidationError(gettext("https://から始まるアドレスを入力してください。"))


class LinkForm(NamedForm, AddressForm):
    """A link to come."""

    title = StringField(cast("str", lazy("教材名")), [_words_needed], [in_one_line])
