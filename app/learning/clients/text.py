"""The words of clients: what each may do, refusals, acts."""

from __future__ import annotations

from app.kernel.audit.text import Act
from app.kernel.language import Lazy, lazy

#: What a client may do → its name, and what that means.
SCOPES: dict[str, tuple[Lazy, Lazy]] = {
    "statements/write": (
        lazy("記録を送る"),
        lazy("学習の記録（ステートメント）を送り、保存できます。"),
    ),
    "statements/read/mine": (
        lazy("自分が送った記録を読む"),
        lazy("この接続先が送った記録だけを読めます。"),
    ),
    "statements/read": (
        lazy("すべての記録を読む"),
        lazy("ほかの接続先が送った記録も読めます。だれが何を学んだかが含まれます。"),
    ),
    "state": (
        lazy("受講の途中の状態を保存し、読む"),
        lazy("教材を続きから始めるための状態を、人ごとに保存し、読めます。"),
    ),
    "profile": (
        lazy("プロフィールの文書を保存し、読む"),
        lazy("教材や人についての文書を保存し、読めます。"),
    ),
    "content": (
        lazy("教材を登録し、受講者に開く"),
        lazy(
            "教材を登録して公開し、その接続先の受講者に開けます。教材は、ほかの人が確かめずに公開されます。"
        ),
    ),
    "all/read": (
        lazy("すべてを読む"),
        lazy("記録、途中の状態、文書のすべてを読めます。保存はできません。"),
    ),
    "all": (
        lazy("すべて"),
        lazy("読むことも保存することも、すべてできます。ほかでは足りないときだけ選んでください。"),
    ),
}

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "client_name_needed": (
        lazy("接続先の名前がありません"),
        lazy("何も追加していません。この接続先を呼ぶ名前を入力してください。"),
    ),
    "client_scopes_needed": (
        lazy("接続先に許すことが選ばれていません"),
        lazy("何も追加していません。1つ以上選んでください。"),
    ),
}

#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "xapi_client.made": Act("settings", lazy("学習記録ストアの接続先を追加")),
    "xapi_client.stopped": Act("settings", lazy("学習記録ストアの接続先を停止")),
}

#: What the parts of its lines are called.
PARTS: dict[str, Lazy] = {
    "client": lazy("接続先"),
    "scopes": lazy("許すこと"),
}
