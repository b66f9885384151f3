"""What administrators enter about another record store: where it is, and what it is to get."""

from __future__ import annotations

import re
from typing import Final, cast
from urllib.parse import urlsplit

from wtforms import Field, PasswordField, RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, StopValidation, ValidationError

from app.kernel.calling import LONGEST, is_address
from app.kernel.language import gettext, lazy
from app.kernel.settings import Settings
from app.kernel.web.fields import in_one_line, stripped
from app.kernel.web.forms import PostedForm, SelectChoice
from app.kernel.web.routing import settings
from app.learning.forwarding.service import Destination
from app.learning.forwarding.text import VERSIONS
from xapi import values
from xapi.errors import Invalid

#: Letters of a name, a key or a secret at most; and IRIs of a rule.
MOST: Final = 255
MOST_IRIS: Final = 100
#: What our own record store answers at.
_OURS: Final = "/xapi/"
#: A resource that was copied along with the address of all of them.
_RESOURCE: Final = re.compile(r"/(?:statements|about)/$")


def _endpoint(text: str | None) -> str:
    """Return an address as the names of resources are put to it."""
    return _RESOURCE.sub("/", f"{stripped(text).rstrip('/')}/")


def _lines(text: str | None) -> str:
    """Return several IRIs, one a line, each once; a filter."""
    return "\n".join(dict.fromkeys((text or "").replace("\0", "").split()))


def _short(_form: PostedForm, field: Field) -> None:
    if len(field.data or "") > MOST:
        raise StopValidation(gettext("%(most)s文字以内で入力してください。", most=MOST))


def _iris_alone(_form: PostedForm, field: Field) -> None:
    found = (field.data or "").split()
    if len(found) > MOST_IRIS:
        raise StopValidation(gettext("%(most)s行以内で入力してください。", most=MOST_IRIS))
    for each in found:
        try:
            values.iri(each)
        except Invalid:
            wrong = True
        else:
            wrong = len(each) > LONGEST
        if wrong:
            raise ValidationError(
                gettext(
                    "「%(iri)s」はIRIではありません。"
                    "http:// や https:// などから始まるIRIを、1行に1つ入力してください。",
                    iri=each[:80],
                )
            )


def _key_field() -> StringField:
    return StringField(
        cast("str", lazy("利用者キー")),
        [
            DataRequired(cast("str", lazy("転送先から渡された利用者キーを入力してください。"))),
            _short,
        ],
        filters=[stripped],
        default="",
    )


def _secret_field() -> PasswordField:
    missing = lazy("転送先から渡されたシークレットを入力してください。")
    return PasswordField(
        cast("str", lazy("シークレット")),
        [DataRequired(cast("str", missing)), _short],
        filters=[stripped],
    )


class _Known(PostedForm):
    """A form in which a destination's key and secret stand."""

    def validate_key(self, field: StringField) -> None:
        """Refuse a key that HTTP could not tell from its secret."""
        # RFC 7617, 2: what comes after the first one is the secret.
        if ":" in (field.data or ""):
            raise ValidationError(
                gettext("利用者キーに「:」は使えません。渡された値を確かめてください。")
            )

    def ask_again(self) -> None:
        """Say that the secret is wanted anew where something else has to be mended."""
        secret = self["secret"]
        if self.errors and not secret.errors:
            secret.errors = [
                gettext("もう一度入力してください。入力されたシークレットは、画面に残しません。")
            ]


class KeyForm(_Known):
    """Another key and secret for a destination that there is."""

    key = _key_field()
    secret = _secret_field()


class ForwardForm(_Known):
    """Where another record store is, how it knows us, and what it is to get."""

    name = StringField(
        cast("str", lazy("転送先の名前")),
        [DataRequired(cast("str", lazy("この転送先を呼ぶ名前を入力してください。"))), _short],
        filters=[in_one_line],
        default="",
    )
    endpoint = StringField(
        cast("str", lazy("転送先のアドレス（エンドポイント）")),
        [DataRequired(cast("str", lazy("転送先の設定画面のエンドポイントを入力してください。")))],
        filters=[stripped],
        default="",
    )
    version = RadioField(
        cast("str", lazy("xAPIの版")),
        choices=[SelectChoice(code, cast("str", words)) for code, words in VERSIONS.items()],
        default="1.0.3",
        validate_choice=False,  # the library would say it in its own words
    )
    key = _key_field()
    secret = _secret_field()
    verbs = TextAreaField(
        cast("str", lazy("送る記録の「したこと」（動詞のIRI）")), [_iris_alone], filters=[_lines]
    )
    activities = TextAreaField(
        cast("str", lazy("送る記録の「対象」（アクティビティのIRI）")),
        [_iris_alone],
        filters=[_lines],
    )

    def validate_endpoint(self, field: StringField) -> None:
        """Refuse an address that may not be called, and our own."""
        said = _endpoint(field.data)
        if not is_address(said, settings()) or urlsplit(said).query:
            raise ValidationError(
                gettext(
                    "%(scheme)s から始まるアドレスを、転送先の設定画面からそのまま写してください。",
                    scheme=_schemes(settings()),
                )
            )
        if said.startswith(f"{settings().office_origin}{_OURS}"):
            raise ValidationError(gettext("この研修システム自身には転送できません。"))

    def validate_version(self, field: RadioField) -> None:
        """Take one of the versions."""
        if field.data not in VERSIONS:
            raise ValidationError(gettext("選択肢から1つ選んでください。"))

    def data_of(self) -> Destination:
        """Return the destination."""
        return Destination(
            name=self.name.data or "",
            endpoint=_endpoint(self.endpoint.data),
            key=self.key.data or "",
            secret=self.secret.data or "",
            version=self.version.data or "",
            verbs=(self.verbs.data or "").split(),
            activities=(self.activities.data or "").split(),
        )


def _schemes(configured: Settings) -> str:
    return gettext("https:// か http://") if configured.portal_networks else "https://"
