"""The page that shows every component in every state; only in development."""

from __future__ import annotations

from datetime import date

import flask
import sqlalchemy as sa
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    Form,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput

from app.kernel.language import Lazy
from app.kernel.lists import Column, Listing
from app.kernel.web import lists
from app.kernel.web.forms import SelectChoice
from app.kernel.web.paging import Page
from app.kernel.web.routing import route, settings
from app.kernel.web.rules import PUBLIC

blueprint = flask.Blueprint("look", __name__)

#: Name, section, state, kind of the state, pages done of 8, score, deadline.
ROWS = (
    ("山田 花子", "総務課", "受講中", "progress", 5, "", "11月27日（金）"),
    ("佐藤 一郎", "職員研修担当課", "修了", "success", 8, "92.5", "11月27日（金）"),
    ("鈴木 次郎", "まちづくり推進部 都市計画課", "期限間近", "warning", 0, "", "11月27日（金）"),
    ("高橋 三郎", "福祉部 生活支援課", "差戻し", "error", 2, "48.0", "11月27日（金）"),
)
#: No sentences to be translated: the page is shown to who develops alone.
LIST = Listing(
    (
        Column("name", Lazy("氏名"), (sa.literal(1),), may_hide=False),
        Column("section", Lazy("所属"), (sa.literal(2),)),
        Column("state", Lazy("状態"), may_hide=False),
        Column("progress", Lazy("進み具合")),
        Column("score", Lazy("得点"), (sa.literal(3),), is_number=True),
        Column("due", Lazy("期限")),
    ),
    filters=("q", "state"),
)

#: Two weeks of a month, with something on one day.
MONTH = {
    "first": date(2026, 11, 1),
    "weeks": [
        [
            {
                "day": day,
                "is_inside": True,
                "is_today": day.day == 18,
                "is_open": day.weekday() < 5 and day.day != 23,
                "holiday": "勤労感謝の日" if day.day == 23 else "",
                "entries": ["情報セキュリティ研修"] if day.day == 18 else [],
            }
            for day in (date(2026, 11, first + place) for place in range(7))
        ]
        for first in (16, 23)
    ],
}


class Sample(Form):
    """A field of every kind."""

    title = StringField(
        "研修の名前",
        [InputRequired("研修の名前を入力してください。")],
        description="受講者に見える名前です。",
    )
    capacity = IntegerField("定員", [InputRequired("定員を入力してください。")])
    place = StringField("コマ1の会場")
    hour = StringField("コマ1の開始")
    number = StringField("職員番号", default="0012345", render_kw={"readonly": True})
    section = SelectField(
        "所属",
        [InputRequired("所属を選んでください。")],
        choices=[SelectChoice("", "選んでください"), SelectChoice("1", "総務課")],
    )
    due_on = DateField(
        "受講の期限",
        [InputRequired("期限の日を選んでください。")],
        description="この日の23時59分まで受講できます。",
    )
    manner = RadioField(
        "実施の方法",
        [InputRequired("実施の方法を選んでください。")],
        choices=[SelectChoice("e", "eラーニング"), SelectChoice("c", "集合研修")],
    )
    topics = SelectMultipleField(
        "内容",
        choices=[SelectChoice("s", "セキュリティ"), SelectChoice("p", "個人情報")],
        option_widget=CheckboxInput(),
    )
    reason = TextAreaField(
        "申込みの理由",
        [Length(max=100, message="100字までで入力してください。")],
        description="100字まで",
    )
    package = FileField(
        "教材のファイル", [InputRequired("ファイルを選んでください。")], description="SCORMのZIP"
    )
    upload = HiddenField()
    film = FileField("動画のファイル", description="送り終わると、登録できます。")
    agreed = BooleanField(
        "注意事項を読みました", [InputRequired("注意事項を読んで、印を付けてください。")]
    )


@route(blueprint, "/look", may=PUBLIC)
def look() -> ResponseReturnValue:
    """Show all components."""
    faulty = Sample(MultiDict({"reason": "あ" * 120}))
    faulty.validate()
    faulty.form_errors.append("定員と会場の席数が合いません。")
    page = Page(rows=ROWS, number=4, total=412)
    return flask.render_template(
        "look.html",
        form=Sample(),
        faulty=faulty,
        rows=ROWS,
        page=page,
        month=MONTH,
        view=lists.asked(LIST),
        limit=settings().video_limit,
    )
