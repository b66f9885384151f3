"""What is said of how videos are watched: in one line to the office, in sentences to learners."""

from __future__ import annotations

from app.content.videos.models import Completion, Reaction, WatchingRule
from app.kernel.audit.text import Act
from app.kernel.language import Lazy, gettext, lazy

#: What it takes to complete a video, in a word; `percent` of the film.
CONDITIONS: dict[str, Lazy] = {
    Completion.WHOLE: lazy("すべての区間"),
    Completion.PERCENT: lazy("%(percent)s%%以上"),
    Completion.END: lazy("最後まで"),
    Completion.QUESTIONS: lazy("確認問題にすべて正解"),
    Completion.CODE: lazy("確認コードの入力"),
    Completion.OPENED: lazy("開くだけ"),
}

#: The same, as its learner reads it before the start.
ASKED: dict[str, Lazy] = {
    Completion.WHOLE: lazy("すべての区間を見ると完了します。"),
    Completion.PERCENT: lazy("全体の%(percent)s%%以上を見ると完了します。"),
    Completion.END: lazy("最後まで再生すると完了します。"),
    Completion.QUESTIONS: lazy("動画の中の確認問題に、すべて正解すると完了します。"),
    Completion.CODE: lazy("動画の中で示される確認コードを入力すると完了します。"),
    Completion.OPENED: lazy("開くと完了します。"),
}

#: What happens as the film's page is hidden, and as another is played beside it.
HIDDEN: dict[str, Lazy] = {
    Reaction.STOP: lazy("ほかの画面に切り替えると、再生が止まります。"),
    Reaction.NOTE: lazy("ほかの画面に切り替えると、そのことが記録に残ります。"),
}
ELSEWHERE: dict[str, Lazy] = {
    Reaction.STOP: lazy("別の動画を同時に再生すると、止まります。"),
    Reaction.NOTE: lazy("別の動画を同時に再生すると、そのことが記録に残ります。"),
}

#: What the audit calls what is changed of a rule.
PARTS: dict[str, Lazy] = {
    "completion": lazy("完了とする条件"),
    "percent": lazy("視聴する割合"),
    "is_bound": lazy("初回の早送り・倍速の禁止"),
    "hidden": lazy("動画の画面を隠したとき"),
    "elsewhere": lazy("別の動画を同時に再生したとき"),
}

#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "run.watching_set": Act("training", lazy("実施回の動画の視聴条件を変更")),
}


def condition(rule: WatchingRule) -> str:
    """Return in a word what it takes to complete a video."""
    return str(CONDITIONS[rule.completion]) % {"percent": rule.percent}


def brief(rule: WatchingRule) -> str:
    """Return a rule in one line, as the office reads it."""
    speed = gettext("初回は早送り不可") if rule.is_bound else gettext("早送り可")
    return gettext("%(condition)s・%(speed)s", condition=condition(rule), speed=speed)


def told(rule: WatchingRule) -> str:
    """Return what a rule asks of a learner, in two sentences."""
    return gettext(
        "%(asked)s%(speed)s",
        asked=str(ASKED[rule.completion]) % {"percent": rule.percent},
        speed=gettext("初回は早送りと倍速はできません。")
        if rule.is_bound
        else gettext("早送りや倍速もできます。"),
    )


def asked(rule: WatchingRule) -> list[tuple[str, str]]:
    """Return as terms and sentences what a learner is told before the start."""
    return [(gettext("完了の条件"), told(rule)), (gettext("視聴中の決まり"), warned(rule))]


def warned(rule: WatchingRule) -> str:
    """Return what happens to who does something else meanwhile, in two sentences."""
    return gettext(
        "%(hidden)s%(elsewhere)s",
        hidden=str(HIDDEN[rule.hidden]),
        elsewhere=str(ELSEWHERE[rule.elsewhere]),
    )
