"""Errors as answers: from a code to a sentence, as a page or as problem+json (RFC 9457)."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus

import flask
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from app.kernel import language
from app.kernel.actor import Step
from app.kernel.errors import KenshuError
from app.kernel.language import Lazy, gettext, lazy
from app.kernel.web import rules

log = logging.getLogger(__name__)

#: What happened, and what to do next, by code. The wings add theirs through `tell`.
SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "not_found": (
        lazy("ページが見つかりません"),
        lazy(
            "アドレスが変わったか、表示する権限がありません。前の画面に戻り、選び直してください。"
        ),
    ),
    "role_needed": (
        lazy("このページを開く権限がありません"),
        lazy("必要な場合は、研修担当に役割の追加を依頼してください。"),
    ),
    "role_withheld": (
        lazy("いまの接続元からは、このページを開けません"),
        lazy("この役割は、決められた場所の端末でだけ使えます。その端末から開いてください。"),
    ),
    "read_only": (
        lazy("いまは閲覧だけできます"),
        lazy(
            "操作は保存されていません。前の画面に戻り、再開してから、もう一度送信してください。"
            "受講画面に入力した内容は、受講画面が保存し、再開してから送ります。"
        ),
    ),
    "outside": (
        lazy("この接続元からは利用できません"),
        lazy("利用を認められた場所の端末から開いてください。"),
    ),
    "not_your_action": (
        lazy("この操作をする権限がありません"),
        lazy("必要な場合は、研修担当に役割の追加を依頼してください。"),
    ),
    "whole_needed": (
        lazy("この操作は、全体を担当する人だけができます"),
        lazy("一部の所属や研修を担当しているときは、全体の研修管理者に依頼してください。"),
    ),
    "export_not_allowed": (
        lazy("ファイルを取り出す権限がありません"),
        lazy("必要な場合は、研修担当に取り出しを依頼してください。"),
    ),
    "export_reason_needed": (
        lazy("取り出す理由が選ばれていません"),
        lazy("前の画面に戻り、理由を選んでから取り出してください。"),
    ),
    "unknown_encoding": (
        lazy("文字コードの指定が正しくありません"),
        lazy("前の画面に戻り、文字コードを選んでから取り出してください。"),
    ),
    "nothing_chosen": (
        lazy("1件も選ばれていません"),
        lazy("前の画面に戻り、一覧の行に印を付けて選んでから、操作を押してください。"),
    ),
    "choice_changed": (
        lazy("確認したあとで、対象が変わりました"),
        lazy("まだ何も行っていません。前の画面に戻り、開き直して件数を確かめてください。"),
    ),
    "wrong_state": (
        lazy("いまの状態では、この操作はできません"),
        lazy("ほかの人が先に操作した可能性があります。画面を開き直して確認してください。"),
    ),
    "csrf": (
        lazy("画面の有効期限が切れました"),
        lazy("入力した内容は送信されていません。前の画面に戻り、開き直してから送信してください。"),
    ),
    "too_large": (
        lazy("ファイルが大きすぎます"),
        lazy("ファイルは保存されていません。上限より小さいファイルを選んでください。"),
    ),
    "method_not_allowed": (
        lazy("この方法では開けません"),
        lazy("前の画面に戻り、選び直してください。"),
    ),
    "bad_request": (
        lazy("送信された内容を読み取れません"),
        lazy("何も保存されていません。前の画面からやり直してください。"),
    ),
    "glyph_missing": (
        lazy("PDFにできない文字があります：%(characters)s"),
        lazy("もとの文字を確かめ、使える文字に直してから、もう一度作ってください。"),
    ),
    "font_missing": (
        lazy("PDFを作るためのフォント「%(family)s」がありません"),
        lazy("システム管理者に、パッケージ fonts-noto-cjk を入れるよう依頼してください。"),
    ),
    "object_store_unreachable": (
        lazy("動画の保管場所を利用できません"),
        lazy(
            "しばらくしてからやり直してください。"
            "続くときは、システム管理者に保管場所の状態を確かめるよう依頼してください。"
        ),
    ),
    "fault": (
        lazy("サーバーで問題が起きました"),
        lazy(
            "操作は完了していません。しばらくしてからやり直してください。"
            "続くときは受付番号を研修担当に伝えてください。"
        ),
    ),
}

_BY_STATUS = {
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.METHOD_NOT_ALLOWED: "method_not_allowed",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too_large",
}


def tell(sentences: Mapping[str, tuple[Lazy, Lazy]]) -> None:
    """Add a wing's sentences: what happened, and what to do next."""
    SENTENCES.update(sentences)


def sentence(code: str, data: Mapping[str, object]) -> tuple[str, str]:
    """Return what happened and what to do, filled with the error's data; a tuple is enumerated."""
    what, next_step = SENTENCES[code]
    filled = {
        name: gettext("、").join(map(str, value)) if isinstance(value, tuple) else value
        for name, value in data.items()
    }
    return str(what) % filled, str(next_step) % filled


def answer(
    code: str, status: int, data: Mapping[str, object] | None = None, page: str | None = None
) -> flask.Response:
    """Return the page or the problem+json of one error, with the reference that the log has too.

    `page` is a template that stands alone: it is given this and nothing else, not even who asks.
    """
    what, next_step = sentence(code, data or {})
    reference = flask.g.get("reference", "")
    # An application without a page for problems speaks to machines alone.
    is_page = bool(page or flask.current_app.config["PROBLEM_PAGE"])
    if not is_page or flask.request.accept_mimetypes.best == "application/json":
        response = flask.jsonify(
            type=f"urn:kenshu:{code}",
            title=what,
            detail=next_step,
            status=status,
            instance=reference,
        )
        response.content_type = "application/problem+json"
    else:
        filled = {
            "language": language.current(),
            "what": what,
            "next_step": next_step,
            "status": status,
            "reference": reference,
        }
        if page:
            html = flask.current_app.jinja_env.get_template(page).render(filled)
        else:
            html = flask.render_template(flask.current_app.config["PROBLEM_PAGE"], **filled)
        response = flask.make_response(html)
    response.status_code = status
    return response


def install(app: flask.Flask) -> None:
    """Make every error of an application an answer in the reader's language."""

    @app.errorhandler(KenshuError)
    def refused(error: KenshuError) -> flask.Response:
        log.info("refused", extra={"code": error.code, "status": error.status})
        return answer(error.code, error.status, error.data)

    @app.errorhandler(CSRFError)
    def forged(_: CSRFError) -> flask.Response:
        log.info("refused", extra={"code": "csrf", "status": 400})
        return answer("csrf", 400)

    @app.errorhandler(HTTPException)
    def failed(error: HTTPException) -> flask.Response:
        status = error.code or 500
        code = _BY_STATUS.get(HTTPStatus(status), "bad_request" if status < 500 else "fault")
        log.info("refused", extra={"code": code, "status": status})
        return answer(code, status)

    @app.errorhandler(Exception)
    def crashed(error: Exception) -> flask.Response:
        log.error("fault", exc_info=error)
        return answer("fault", 500)


def install_sign_in(app: flask.Flask, sign_in: str, steps: Mapping[Step, str]) -> None:
    """Send whoever is not signed in to the page `sign_in`, and back again afterwards.

    Who has still to do something in the sign-in is sent to that step's page.
    """

    def ask(_: rules.SignInNeededError) -> flask.Response:
        back = flask.request.full_path.rstrip("?") if flask.request.method == "GET" else None
        is_part = bool(flask.request.headers.get("HX-Request"))
        return _lead(flask.url_for(sign_in, next=None if is_part else back))

    def step(error: rules.StepNeededError) -> flask.Response:
        return _lead(flask.url_for(steps[error.step]))

    app.register_error_handler(rules.SignInNeededError, ask)
    app.register_error_handler(rules.StepNeededError, step)


def _lead(address: str) -> flask.Response:
    """Answer where to go: a part of a page takes the whole page there."""
    if flask.request.headers.get("HX-Request"):
        response = flask.Response(status=204)
        response.headers["HX-Redirect"] = address
        return response
    return flask.make_response(flask.redirect(address, 303))
