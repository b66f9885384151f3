"""What administrators enter about an LMS that takes packages."""

from __future__ import annotations

from app.kernel.calling import LONGEST
from app.kernel.language import lazy
from app.kernel.web.forms import PostedForm
from app.portals.registrations.forms import MOST, origins_alone, text_field


class PackageForm(PostedForm):
    """What the LMS is called, and on which pages it shows a package."""

    name = text_field(
        lazy("接続先の名前"), MOST, missing=lazy("この接続先を呼ぶ名前を入力してください。")
    )
    frame_origins = text_field(
        lazy("LMSの画面のアドレス"),
        LONGEST,
        origins_alone,
        missing=lazy("LMSの画面のアドレスを、https://lms.example.jp のように入力してください。"),
        is_list=True,
    )
