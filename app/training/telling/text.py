"""The words of the workflow's notices, by kind; the office may word each anew."""

from __future__ import annotations

from datetime import datetime

from app.kernel import clock
from app.kernel.language import lazy
from app.kernel.notices.text import Kind, Placeholder

_TITLE = {"title": Placeholder(lazy("研修名"), lazy("新任係長研修"))}
_RUN = {**_TITLE, "run": Placeholder(lazy("回"), "1")}
_DAYS = {
    **_RUN,
    "from_on": Placeholder(lazy("受講開始日"), "2026-12-01"),
    "until_on": Placeholder(lazy("受講の期限"), "2026-12-25"),
}
_LIMIT = {**_TITLE, "until": Placeholder(lazy("締切"), lazy("12月4日（金）"))}
_SITTING = {
    **_RUN,
    "session_on": Placeholder(lazy("研修日"), "2026-12-01"),
    "starts": Placeholder(lazy("開始時刻"), "9:30"),
    "place": Placeholder(lazy("会場"), lazy("第1研修室")),
}
_COUNT = {**_TITLE, "count": Placeholder(lazy("人数"), "5")}
_NUMBER = {**_DAYS, "number": Placeholder(lazy("命令番号"), lazy("令和8年度 第12号"))}


KINDS: dict[str, Kind] = {
    "call.opened": Kind(
        lazy("推薦の依頼"),
        lazy("研修の推薦をお願いします：%(title)s"),
        lazy(
            "所属の推薦を%(until)sまでに出してください。該当者がいないときも、その旨を答えてください。"
        ),
        _LIMIT,
    ),
    "call.invited": Kind(
        lazy("申込みの案内"),
        lazy("研修の申込みを受け付けています：%(title)s"),
        lazy("申込みは%(until)sまでです。"),
        _LIMIT,
    ),
    "call.reminded": Kind(
        lazy("推薦の督促"),
        lazy("推薦がまだ出ていません：%(title)s"),
        lazy(
            "所属の推薦を%(until)sまでに出してください。該当者がいないときも、その旨を答えてください。"
        ),
        _LIMIT,
    ),
    "candidacy.applied": Kind(
        lazy("承認の依頼"),
        lazy("研修の申込みの承認をお願いします：%(title)s"),
        lazy("所属の職員から申込みがありました。%(until)sまでに承認してください。"),
        _LIMIT,
    ),
    "candidacy.nominated": Kind(
        lazy("所属長の承認"),
        lazy("申込みが承認されました：%(title)s"),
        lazy("所属長が承認しました。受講が決まると、もう一度知らせます。"),
        _TITLE,
    ),
    "candidacy.returned": Kind(
        lazy("差戻し"),
        lazy("推薦・申込みが差し戻されました：%(title)s"),
        lazy("理由を確かめて、もう一度出すか、取り下げてください。"),
        _TITLE,
    ),
    "candidacy.declined": Kind(
        lazy("所属不承認"),
        lazy("申込みは承認されませんでした：%(title)s"),
        lazy("理由は、申込みのページで確認できます。"),
        _TITLE,
    ),
    "candidacy.withdrawn": Kind(
        lazy("取下げ"),
        lazy("推薦・申込みが取り下げられました：%(title)s"),
        lazy("所属の職員の推薦・申込みが取り下げられました。"),
        _TITLE,
    ),
    "candidacy.lapsed": Kind(
        lazy("期限切れ"),
        lazy("申込みは期限切れになりました：%(title)s"),
        lazy(
            "所属長の決裁の締切までに承認されませんでした。必要なときは、研修担当に連絡してください。"
        ),
        _TITLE,
    ),
    "candidacy.waitlisted": Kind(
        lazy("補欠"),
        lazy("補欠になりました：%(title)s"),
        lazy("席が空いたときは、順に繰り上がります。"),
        _TITLE,
    ),
    "candidacy.not_selected": Kind(
        lazy("選外"),
        lazy("今回は受講者に選ばれませんでした：%(title)s"),
        lazy("次の機会に、また申し込んでください。"),
        _TITLE,
    ),
    "candidacy.named": Kind(
        lazy("指名"),
        lazy("研修に指名されました：%(title)s"),
        lazy("受講できるかどうかを、指名のページで答えてください。"),
        _TITLE,
    ),
    "list.handed_on": Kind(
        lazy("推薦名簿の決裁の依頼"),
        lazy("推薦名簿の決裁をお願いします：%(title)s"),
        lazy("所属の推薦名簿ができました。%(until)sまでに決裁してください。"),
        _LIMIT,
    ),
    "order.issued": Kind(
        lazy("研修命令"),
        lazy("研修命令が出ました：%(title)s"),
        lazy(
            "%(number)sにより、研修を命じます。期間は%(from_on)s〜%(until_on)sです。内容を読んで、受領を確認してください。"
        ),
        _NUMBER,
    ),
    "order.changed": Kind(
        lazy("変更命令"),
        lazy("研修命令が変わりました：%(title)s"),
        lazy(
            "%(number)sにより、第%(run)s回（%(from_on)sから）に変わりました。内容を読んで、受領を確認してください。"
        ),
        _NUMBER,
    ),
    "order.revoked": Kind(
        lazy("命令取消"),
        lazy("研修命令が取り消されました：%(title)s"),
        lazy("%(number)sは取り消されました。これまでの記録は残っています。"),
        _NUMBER,
    ),
    "order.reminded": Kind(
        lazy("受領確認の督促"),
        lazy("研修命令の受領を確認してください：%(title)s"),
        lazy("%(number)sの受領がまだ確認されていません。"),
        _NUMBER,
    ),
    "order.section": Kind(
        lazy("所属への研修命令の通知"),
        lazy("所属の職員への研修命令：%(title)s"),
        lazy("所属の職員%(count)s人に、研修命令（変更・取消を含む）が出ました。"),
        _COUNT,
    ),
    "change.asked": Kind(
        lazy("変更の承認の依頼"),
        lazy("研修の変更の承認をお願いします：%(title)s"),
        lazy("受講者から変更の申請がありました。"),
        _TITLE,
    ),
    "change.approved": Kind(
        lazy("変更の承認"),
        lazy("変更が承認されました：%(title)s"),
        lazy("変わった内容は、研修のページで確認してください。"),
        _TITLE,
    ),
    "change.rejected": Kind(
        lazy("変更の不承認"),
        lazy("変更は承認されませんでした：%(title)s"),
        lazy("元のとおり受講してください。"),
        _TITLE,
    ),
    "attendance.announced": Kind(
        lazy("欠席等の連絡"),
        lazy("欠席等の連絡がありました：%(title)s"),
        lazy("第%(run)s回の受講者から、欠席・遅刻・早退の連絡がありました。"),
        _RUN,
    ),
    "make_up.asked": Kind(
        lazy("補講の希望"),
        lazy("補講の希望があります：%(title)s"),
        lazy("第%(run)s回の受講者が、ほかの回での補講を希望しています。"),
        _RUN,
    ),
    "make_up.given": Kind(
        lazy("補講の決定"),
        lazy("補講が決まりました：%(title)s"),
        lazy("第%(run)s回で欠席した分の補講です。日時は、研修のページで確認してください。"),
        _RUN,
    ),
    "make_up.refused": Kind(
        lazy("補講の不承認"),
        lazy("補講の希望は認められませんでした：%(title)s"),
        lazy("第%(run)s回で欠席した分の補講です。必要なときは、研修担当に連絡してください。"),
        _RUN,
    ),
    "make_up.withdrawn": Kind(
        lazy("補講の取消"),
        lazy("補講が取り消されました：%(title)s"),
        lazy("第%(run)s回で欠席した分の補講は、取り消されました。"),
        _RUN,
    ),
    "run.cancelled": Kind(
        lazy("開催中止"),
        lazy("研修が中止になりました：%(title)s"),
        lazy("第%(run)s回（%(from_on)sから）は中止になりました。これまでの記録は残っています。"),
        _DAYS,
    ),
    "run.restored": Kind(
        lazy("中止の取消"),
        lazy("研修の中止が取り消されました：%(title)s"),
        lazy("第%(run)s回は、%(from_on)sから予定のとおり行います。"),
        _DAYS,
    ),
    "run.postponed": Kind(
        lazy("延期"),
        lazy("研修が延期になりました：%(title)s"),
        lazy("第%(run)s回は延期になりました。新しい日が決まると、もう一度知らせます。"),
        _DAYS,
    ),
    "run.rescheduled": Kind(
        lazy("日時・会場の変更"),
        lazy("研修の日時・会場が変わりました：%(title)s"),
        lazy("第%(run)s回は、%(from_on)sから行います。日時と会場を確認してください。"),
        _DAYS,
    ),
    "seat.ended": Kind(
        lazy("免除・次年度へ変更・受講中止"),
        lazy("研修の受講について：%(title)s"),
        lazy("今年度の受講はなくなりました。内容は、研修のページで確認してください。"),
        _TITLE,
    ),
    "seat.revoked": Kind(
        lazy("受講決定の取消"),
        lazy("受講の決定が取り消されました：%(title)s"),
        lazy("第%(run)s回（%(from_on)sから）を受講する決定は、取り消されました。"),
        _DAYS,
    ),
    "session.tomorrow": Kind(
        lazy("前日の案内"),
        lazy("研修の日が近づきました：%(title)s"),
        lazy(
            "第%(run)s回は%(session_on)s %(starts)sからです。会場：%(place)s。"
            "出席できなくなったときは、研修のページから連絡してください。"
        ),
        _SITTING,
    ),
    "candidacy.closing": Kind(
        lazy("締切の前日の予告（所属）"),
        lazy("承認の締切が近づいています：%(title)s"),
        lazy(
            "所属の職員%(count)s人の推薦・申込みが、まだ決まっていません。%(until)sまでに承認してください。"
        ),
        {**_LIMIT, **_COUNT},
    ),
    "apply.closing": Kind(
        lazy("締切の前日の予告（本人）"),
        lazy("申込みの締切が近づいています：%(title)s"),
        lazy("あなたは、この研修の対象者です。申込みは%(until)sまでです。"),
        _LIMIT,
    ),
    "learning.due": Kind(
        lazy("受講の督促"),
        lazy("受講の期限が近づいています：%(title)s"),
        lazy("期限は%(until_on)sです。まだ完了していません。"),
        _DAYS,
    ),
    "learning.overdue": Kind(
        lazy("期限超過の督促"),
        lazy("受講の期限を過ぎています：%(title)s"),
        lazy("期限の%(until_on)sを過ぎています。研修担当に連絡してください。"),
        _DAYS,
    ),
    "learning.section": Kind(
        lazy("受講の督促の写し（所属長）"),
        lazy("所属の職員に受講を督促しました：%(title)s"),
        lazy("期限は%(until_on)sです。所属の職員%(count)s人が、まだ終えていません。"),
        {**_COUNT, "until_on": _DAYS["until_on"]},
    ),
    "summary.weekly": Kind(
        lazy("所属への週次のまとめ"),
        lazy("所属の未受講・期限超過のまとめ"),
        lazy(
            "所属の職員のうち、期限の近い研修か期限を過ぎた研修をまだ終えていない人が%(count)s人います。"
        ),
        {"count": Placeholder(lazy("人数"), "5")},
    ),
    "digest.no_address": Kind(
        lazy("メールのない職員へのお知らせのまとめ"),
        lazy("メールアドレスのない職員へのお知らせがあります"),
        lazy("所属の職員%(count)s人に、新しいお知らせがあります。内容を伝えてください。"),
        {"count": Placeholder(lazy("人数"), "5")},
    ),
}


def until(moment: datetime | None) -> str:
    """Return a limit as offices write it: mails have no reader whose years are known."""
    if moment is None:
        return ""
    local = moment.astimezone(clock.JST)
    hour = "" if (local.hour, local.minute) == (23, 59) else f"{local:%H:%M}"
    return clock.era_date(local.date()) + hour
