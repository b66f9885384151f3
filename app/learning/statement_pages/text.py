"""Statements in words: who did what to which thing; and the acts of their pages."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from app.kernel.audit.text import Act, Manner
from app.kernel.language import Lazy, gettext, lazy
from app.learning.statements.queries import Kept
from xapi.formats import preferred
from xapi.statement import target
from xapi.values import moment

_SHOWN = ("name", "email", "history", "answers")
#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "xapi_statement.listed": Act(
        "learning", lazy("学習ステートメントの一覧を表示"), Manner.LISTED, _SHOWN
    ),
    "xapi_statement.counted": Act(
        "learning", lazy("学習ステートメントの日ごとの件数を表示"), Manner.LISTED, ("history",)
    ),
    "xapi_statement.viewed": Act("learning", lazy("学習ステートメントを表示"), Manner.SEEN, _SHOWN),
    "xapi_statement.exported": Act(
        "learning", lazy("学習ステートメントをファイルに出力"), Manner.EXPORTED, _SHOWN
    ),
}
#: What the parts of its lines are called.
PARTS: dict[str, Lazy] = {
    "verb": lazy("したこと（動詞のIRI）"),
    "activity": lazy("対象（アクティビティのIRI）"),
    "agent": lazy("学習した人"),
    "home_page": lazy("アカウントの発行元"),
    "registration": lazy("登録番号（registration）"),
}

_ADL: Final = "http://adlnet.gov/expapi/verbs/"
_CMI5: Final = "https://w3id.org/xapi/adl/verbs/"
_VIDEO: Final = "https://w3id.org/xapi/video/verbs/"
#: The verbs that content uses most, for statements that do not say them in the reader's language.
VERBS: dict[str, Lazy] = {
    f"{_ADL}answered": lazy("回答した"),
    f"{_ADL}attempted": lazy("取り組んだ"),
    f"{_ADL}attended": lazy("出席した"),
    f"{_ADL}commented": lazy("コメントした"),
    f"{_ADL}completed": lazy("完了した"),
    f"{_ADL}exited": lazy("退出した"),
    f"{_ADL}experienced": lazy("体験した"),
    f"{_ADL}failed": lazy("不合格になった"),
    f"{_ADL}initialized": lazy("始めた"),
    f"{_ADL}interacted": lazy("操作した"),
    f"{_ADL}launched": lazy("起動した"),
    f"{_ADL}mastered": lazy("習得した"),
    f"{_ADL}passed": lazy("合格した"),
    f"{_ADL}progressed": lazy("進んだ"),
    f"{_ADL}registered": lazy("登録した"),
    f"{_ADL}responded": lazy("回答した"),
    f"{_ADL}resumed": lazy("再開した"),
    f"{_ADL}scored": lazy("得点した"),
    f"{_ADL}suspended": lazy("中断した"),
    f"{_ADL}terminated": lazy("終えた"),
    f"{_ADL}voided": lazy("無効にした"),
    f"{_CMI5}abandoned": lazy("途中で終わった"),
    f"{_CMI5}satisfied": lazy("条件を満たした"),
    f"{_CMI5}waived": lazy("免除された"),
    f"{_VIDEO}paused": lazy("一時停止した"),
    f"{_VIDEO}played": lazy("再生した"),
    f"{_VIDEO}seeked": lazy("再生位置を移した"),
}
_ACTORS: Final = frozenset({"Agent", "Group"})
#: Letters of a statement that a page shows at most.
LONGEST: Final = 100_000
#: So far apart, a list tells when a statement came about beside when it was stored.
LATE: Final = timedelta(minutes=5)


@dataclass(frozen=True)
class Shown:
    """A statement in words."""

    id: uuid.UUID
    stored_at: datetime
    #: When it came about.
    happened_at: datetime
    who: str
    #: By what that one is known, where a name says who it is; empty where there is no name.
    identifier: str
    verb: str
    verb_iri: str
    thing: str
    #: The IRI of an activity whose name is known; empty otherwise.
    thing_iri: str
    #: The statement that it is about.
    target: uuid.UUID | None
    registration: str
    #: The client that has sent it, as it was called then.
    client: str
    is_voided: bool

    @property
    def is_late(self) -> bool:
        """Whether it was stored long after it came about, or before."""
        return abs(self.stored_at - self.happened_at) > LATE


@dataclass(frozen=True)
class Words:
    """What statements are told with: the reader's language, and what is known of activities."""

    language: str
    definitions: Mapping[str, Mapping[str, Any]]

    def shown(self, kept: Kept) -> Shown:
        """Return a statement in words."""
        said = json.loads(kept.text)
        about = target(said)
        name, thing_iri = self._thing(said["object"])
        return Shown(
            id=uuid.UUID(said["id"]),
            stored_at=kept.stored_at,
            happened_at=moment(said["timestamp"]),
            who=who(said["actor"]),
            identifier=identifier(said["actor"]) if said["actor"].get("name") else "",
            verb=self.verb(said["verb"]),
            verb_iri=said["verb"]["id"],
            thing=name,
            thing_iri=thing_iri,
            target=uuid.UUID(about) if about else None,
            registration=said.get("context", {}).get("registration", ""),
            client=who(said["authority"]),
            is_voided=kept.is_voided,
        )

    def verb(self, verb: Mapping[str, Any]) -> str:
        """Return a verb in the reader's language; otherwise the last part of its IRI."""
        iri: str = verb["id"]
        for code, words in preferred(verb.get("display", {}), [self.language]).items():
            if words and code.lower().partition("-")[0] == self.language:
                return words
        if iri in VERBS:
            return str(VERBS[iri])
        return iri.rstrip("/#").rpartition("/")[2].rpartition("#")[2] or iri

    def _thing(self, thing: Mapping[str, Any]) -> tuple[str, str]:
        """Return what a thing is called, and its IRI where that says more."""
        kind = thing.get("objectType", "Activity")
        if kind in _ACTORS:
            return who(thing), ""
        if kind == "StatementRef":
            return gettext("ほかのステートメント"), ""
        if kind == "SubStatement":
            inner, _ = self._thing(thing["object"])
            said = gettext("%(who)s：%(verb)s：%(thing)s")
            return said % {
                "who": who(thing["actor"]), "verb": self.verb(thing["verb"]), "thing": inner,
            }, ""  # fmt: skip
        known = self.definitions.get(thing["id"]) or thing.get("definition") or {}
        names = preferred(known.get("name", {}), [self.language])
        name = next(iter(names.values()), "")
        return (name, thing["id"]) if name else (thing["id"], "")


def who(actor: Mapping[str, Any]) -> str:
    """Return the name of an agent or a group; by what it is known, where it has none."""
    name: str = actor.get("name") or identifier(actor)
    if name:
        return name
    members = gettext("、").join(who(each) for each in actor.get("member", ()))
    return gettext("グループ（%(members)s）", members=members)


def identifier(actor: Mapping[str, Any]) -> str:
    """Return by what an agent or a group is known; empty for a group that nothing names."""
    if "account" in actor:
        return str(actor["account"]["name"])
    if "mbox" in actor:
        return str(actor["mbox"]).removeprefix("mailto:")
    return str(actor.get("mbox_sha1sum") or actor.get("openid") or "")


def pretty(text: str) -> tuple[str, bool]:
    """Return a statement's JSON in lines, and whether some of a very long one is left out."""
    whole = json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    return whole[:LONGEST], len(whole) > LONGEST
