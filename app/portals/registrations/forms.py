"""What administrators enter about a portal: its addresses, its limits, what it may open."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Sequence
from typing import Final, cast
from urllib.parse import urlsplit

from wtforms import BooleanField, DateField, Field, RadioField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, Optional, StopValidation, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.content.materials.models import Material
from app.kernel.calling import LONGEST, is_address, is_host
from app.kernel.language import Lazy, gettext, lazy
from app.kernel.settings import Settings
from app.kernel.web.fields import CountField, in_one_line, stripped, written
from app.kernel.web.forms import PostedForm, SelectChoice
from app.kernel.web.routing import settings
from app.portals.registrations.models import Portal, ScoreRule
from app.portals.registrations.service import Addresses, Limits
from app.portals.registrations.text import SCORE_RULES

#: Letters of an id or a name at most.
MOST: Final = 255
#: Learners that a limit may speak of at most.
MOST_LEARNERS: Final = 1_000_000

#: What people write between several of them.
_BETWEEN: Final = re.compile(r"[\s,;、，；]+")


def is_origin(text: str, configured: Settings) -> bool:
    """Whether a text is an address of which only scheme, host and port are there."""
    parts = urlsplit(text) if is_address(text, configured) else None
    return parts is not None and not parts.path and not parts.query


def _address_alone(_form: PostedForm, field: Field) -> None:
    if field.data and not is_address(field.data, settings()):
        scheme = gettext("https:// か http://") if settings().portal_networks else "https://"
        raise ValidationError(
            gettext(
                "%(scheme)s から始まるアドレスを、ポータルの設定画面からそのまま写してください。",
                scheme=scheme,
            )
        )


def _hosts_alone(_form: PostedForm, field: Field) -> None:
    if wrong := next((each for each in field.data.split() if not is_host(each)), None):
        raise ValidationError(
            gettext(
                "「%(host)s」はホスト名ではありません。"
                "lms.example.jp のように、https:// やパスを除いて入力してください。",
                host=wrong,
            )
        )


def origins_alone(_form: PostedForm, field: Field) -> None:
    """Refuse what is no origin by itself."""
    wrong = next((each for each in field.data.split() if not is_origin(each, settings())), None)
    if wrong:
        raise ValidationError(
            gettext(
                "「%(origin)s」は使えません。"
                "https://lms.example.jp のように、ホスト名までを入力してください。",
                origin=wrong,
            )
        )


def _plain_id(_form: PostedForm, field: Field) -> None:
    if field.data and not (field.data.isascii() and field.data.isprintable()):
        raise ValidationError(gettext("ポータルの設定画面の値を、そのまま写してください。"))


def _short(most: int) -> Callable[[PostedForm, Field], None]:
    """Return the check that a text is no longer than it may be."""

    def check(_form: PostedForm, field: Field) -> None:
        if len(field.data or "") > most:
            raise StopValidation(gettext("%(most)s文字以内で入力してください。", most=most))

    return check


def text_field(
    label: Lazy, most: int, *checks: object, missing: Lazy | None = None, is_list: bool = False
) -> StringField:
    """Return a field of one line, or of several hosts or origins."""
    needed = [DataRequired(cast("str", missing))] if missing else []
    filters = [_listed] if is_list else [stripped]
    return StringField(
        cast("str", label), [*needed, _short(most), *checks], filters=filters, default=""
    )


def _listed(text: str | None) -> str:
    """Return several hosts or origins as they are compared and kept: with spaces between."""
    return in_one_line(_BETWEEN.sub(" ", text or "")).lower()


class AddressForm(PostedForm):
    """What the platform gives: who it is, where it is, and what it calls us."""

    name = text_field(
        lazy("接続先の名前"), MOST, missing=lazy("この接続先を呼ぶ名前を入力してください。")
    )
    issuer = text_field(
        lazy("発行者（Issuer）"),
        MOST,
        _address_alone,
        missing=lazy("発行者（Issuer）を、ポータルの設定画面から写してください。"),
    )
    client_id = text_field(
        lazy("クライアントID"),
        MOST,
        _plain_id,
        missing=lazy("クライアントIDを、ポータルの設定画面から写してください。"),
    )
    auth_login_url = text_field(
        lazy("ログインのアドレス"),
        LONGEST,
        _address_alone,
        missing=lazy("ログインのアドレスを、ポータルの設定画面から写してください。"),
    )
    auth_token_url = text_field(
        lazy("トークンのアドレス"),
        LONGEST,
        _address_alone,
        missing=lazy("トークンのアドレスを、ポータルの設定画面から写してください。"),
    )
    key_set_url = text_field(
        lazy("公開鍵のアドレス"),
        LONGEST,
        _address_alone,
        missing=lazy("公開鍵のアドレスを、ポータルの設定画面から写してください。"),
    )
    deployment_id = text_field(lazy("配置の番号（Deployment ID）"), MOST, _plain_id)
    auth_audience = text_field(lazy("トークンの宛先（audience）"), MOST, _plain_id)
    more_hosts = text_field(lazy("ほかのホスト"), LONGEST, _hosts_alone, is_list=True)
    frame_origins = text_field(
        lazy("枠に入れる画面のアドレス"), LONGEST, origins_alone, is_list=True
    )

    def fill(self, portal: Portal) -> None:
        """Show a portal as it is."""
        for name in Addresses.__dataclass_fields__:
            self[name].data = getattr(portal, name)

    def data_of(self) -> Addresses:
        """Return the addresses."""
        names = Addresses.__dataclass_fields__
        return Addresses(**{name: self[name].data or "" for name in names})


class InvitationForm(PostedForm):
    """For which portal an address of registration is meant."""

    name = text_field(
        lazy("接続先の名前"), MOST, missing=lazy("この接続先を呼ぶ名前を入力してください。")
    )


class DeploymentForm(PostedForm):
    """The id of a deployment that is to be let in before it is seen."""

    deployment_id = text_field(
        lazy("配置の番号（Deployment ID）"),
        MOST,
        _plain_id,
        missing=lazy("配置の番号を、ポータルの設定画面から写してください。"),
    )


class LimitForm(PostedForm):
    """What a portal may do, and what goes back to it."""

    valid_from = DateField(cast("str", lazy("使い始める日")), [Optional()])
    valid_to = DateField(cast("str", lazy("最後の日")), [Optional()])
    most_learners = CountField(cast("str", lazy("人数の上限")))
    allows_anonymous = BooleanField(
        cast("str", lazy("ポータルが番号を伝えない人（名乗らない人）も受け入れる"))
    )
    score_rule = RadioField(
        cast("str", lazy("ポータルに返すもの")),
        choices=[SelectChoice(rule, cast("str", words)) for rule, words in SCORE_RULES.items()],
        validate_choice=False,  # the library would say it in its own words
    )
    sends_progress = BooleanField(cast("str", lazy("受講を始めたことも知らせる")))
    sends_failure = BooleanField(cast("str", lazy("テストの不合格も、結果として返す")))

    def validate_valid_to(self, field: DateField) -> None:
        """Refuse an end before the beginning."""
        if field.data and self.valid_from.data and field.data < self.valid_from.data:
            raise ValidationError(gettext("使い始める日より後の日を選んでください。"))

    def validate_most_learners(self, field: CountField) -> None:
        """Take nothing, or a number."""
        if written(field) and not (field.data and field.data <= MOST_LEARNERS):
            raise StopValidation(
                gettext("1以上の数字で入力してください。決めないときは空のままにします。")
            )

    def validate_score_rule(self, field: RadioField) -> None:
        """Take one of the rules."""
        if field.data not in set(ScoreRule):
            raise ValidationError(gettext("選択肢から1つ選んでください。"))

    def fill(self, portal: Portal) -> None:
        """Show the present limits."""
        for name in Limits.__dataclass_fields__:
            self[name].data = getattr(portal, name)

    def data_of(self) -> Limits:
        """Return the limits."""
        return Limits(**{name: self[name].data for name in Limits.__dataclass_fields__})


class MaterialForm(PostedForm):
    """What a portal may open: whatever is published, or some of it."""

    reach = RadioField(
        cast("str", lazy("開ける教材の範囲")),
        choices=[
            SelectChoice("chosen", cast("str", lazy("下で選んだ教材だけ"))),
            SelectChoice(
                "all", cast("str", lazy("公開しているすべての教材（これから公開するものも）"))
            ),
        ],
        validate_choice=False,
    )
    materials = SelectMultipleField(
        cast("str", lazy("教材")),
        validate_choice=False,
        widget=ListWidget(),
        option_widget=CheckboxInput(),
    )

    def offer(self, rows: Sequence[Material], kinds: dict[str, Lazy]) -> None:
        """Let these materials be chosen."""
        self.offered = {str(row.id) for row in rows}
        self.materials.choices = [
            (
                str(row.id),
                gettext("%(title)s（%(kind)s）", title=row.title, kind=str(kinds[row.kind])),
            )
            for row in rows
        ]

    def validate_reach(self, field: RadioField) -> None:
        """Take one of both."""
        if field.data not in ("chosen", "all"):
            raise ValidationError(gettext("選択肢から1つ選んでください。"))

    def validate_materials(self, field: SelectMultipleField) -> None:
        """Refuse what is not published."""
        if not self.offered.issuperset(field.data or ()):
            raise ValidationError(gettext("一覧にある教材から選んでください。"))

    @property
    def has_all(self) -> bool:
        """Whether whatever is published may be opened."""
        return bool(self.reach.data == "all")

    def chosen(self) -> frozenset[uuid.UUID]:
        """Return the materials that were chosen."""
        return frozenset(map(uuid.UUID, self.materials.data or ()))
