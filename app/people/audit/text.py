"""The audit in words: what was done, to what, from which value to which."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.kernel.audit import text as known
from app.kernel.audit.text import FIELDS, Act, Manner
from app.kernel.language import Lazy, gettext, lazy
from app.people.audit.queries import Line, Named
from app.people.permission.text import ROLES

_SHOWN = ("number", "name", "audit")
#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "audit.searched": Act("audit", lazy("監査記録を表示"), Manner.LISTED, _SHOWN),
    "audit.affected": Act("audit", lazy("影響を受けた人をコマンドで抽出"), Manner.LISTED, _SHOWN),
    "audit.exported": Act("audit", lazy("監査記録をCSVに出力"), Manner.EXPORTED, _SHOWN),
}

#: Why lines are taken along.
REASONS: dict[str, Lazy] = {
    "inspection": lazy("実地検査"),
    "audit": lazy("監査"),
    "incident": lazy("事故調査"),
    "other": lazy("その他の業務"),
}

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "audit_too_many": (
        lazy("当てはまる記録が%(most)s件を超えています"),
        lazy("何も出力していません。期間を短くするなど、条件を加えてから出力してください。"),
    ),
}

#: What a line is about, by the table it names.
KINDS: dict[str, Lazy] = {
    "person": lazy("職員"),
    "section": lazy("所属"),
    "import_batch": lazy("名簿のファイル"),
    "material": lazy("教材"),
    "material_version": lazy("教材の版"),
    "training": lazy("研修"),
    "training_category": lazy("研修の区分"),
    "offering": lazy("年度の実施"),
    "run": lazy("研修の実施回"),
    "enrolment": lazy("受講の登録"),
    "learner_record": lazy("受講記録"),
    "attempt": lazy("受講"),
    "sitting": lazy("テストの受験"),
    "xapi_client": lazy("接続先システム"),
    "xapi_forward": lazy("転送先"),
    "xapi_statement": lazy("学習ステートメント"),
    "audit_event": lazy("監査記録"),
    "setting": lazy("設定"),
}

#: What the parts of a line's details are called.
PARTS: dict[str, Lazy] = {
    **FIELDS,
    "count": lazy("件数"),
    "total": lazy("全体の件数"),
    "people": lazy("対象の人数"),
    "filter": lazy("条件"),
    "found": lazy("見つかった人数"),
    "unknown": lazy("見つからない行数"),
    "added": lazy("追加"),
    "changed": lazy("変更"),
    "unchanged": lazy("変更なし"),
    "error": lazy("誤り"),
    "kind": lazy("種類"),
    "reason": lazy("理由"),
    "role": lazy("役割"),
    "with_children": lazy("下の所属を含む"),
    "code": lazy("コード"),
    "section_code": lazy("所属"),
    "parent": lazy("上位の所属"),
    "learn_from": lazy("受講を始められる日"),
    "learn_until": lazy("受講の期限"),
    "minutes": lazy("所要時間（分）"),
    "size": lazy("大きさ（バイト）"),
    "lines": lazy("行数"),
    "first": lazy("最初の記録番号"),
    "last": lazy("最後の記録番号"),
    "seq": lazy("記録番号"),
    "q": lazy("検索の言葉"),
    "standing": lazy("状態"),
    "year": lazy("年度"),
    "due": lazy("期限"),
    "only": lazy("表示"),
    "again": lazy("再発行を含む"),
    "csv": lazy("ファイルで出力"),
    "secrets": lazy("秘密の設定"),
    "course": lazy("教材"),
    "targets": lazy("消去した項目"),
    "since": lazy("期間の始め"),
    "until": lazy("期間の終わり"),
    "by": lazy("操作した人"),
    "about": lazy("対象の職員"),
    "act": lazy("操作"),
    "address": lazy("接続元のアドレス"),
    "window": lazy("開く場所"),
    "suspends_silent": lazy("終了の合図がないときは中断とみなす"),
    "strict_limits": lazy("文字数を規格どおりに制限"),
}

#: Codes among the details, by the part they stand in.
CODES: dict[str, Mapping[str, Lazy]] = {
    "role": ROLES,
    "kind": {"staff": lazy("職員"), "sections": lazy("所属")},
    "window": {"page": lazy("受講画面の中で開く"), "new": lazy("別のウィンドウで開く")},
    "only": {"error": lazy("誤り")},
    "reason": {
        **REASONS,
        "unknown": lazy("職員番号が登録されていない"),
        "no_password": lazy("パスワードが発行されていない"),
        "locked": lazy("一時停止中"),
        "left": lazy("在職していない"),
        "wrong": lazy("パスワードが違う"),
        "frozen": lazy("凍結中"),
        "sso_only": lazy("職場のアカウントだけで入る人"),
    },
}
#: Parts that say nothing to a reader.
_SILENT = frozenset({"sha256", "lease", "version"})
#: The order in which the parts are told: a database may keep them in its own.
_PLACES = {name: place for place, name in enumerate(PARTS)}


def act_choices() -> dict[str, list[tuple[str, str]]]:
    """Return the acts to choose from: by manner, by group, and one by one under their group."""
    every = gettext("すべての操作")
    manners = [(f"manner:{key}", str(word)) for key, word in known.MANNERS.items()]
    choices = {every: [("", every)], gettext("操作の性質"): manners}
    for group, word in known.GROUPS.items():
        acts = [(code, str(act.words)) for code, act in known.ACTS.items() if act.group == group]
        whole = gettext("%(group)sのすべて", group=str(word))
        choices[str(word)] = [(f"group:{group}", whole), *acts]
    return choices


def actions_of(choice: str) -> tuple[str, ...]:
    """Return the codes of lines that a choice stands for; none for what is no choice."""
    sort, _, key = choice.partition(":")
    if sort in ("manner", "group"):
        return tuple(code for code, act in known.ACTS.items() if getattr(act, sort) == key)
    return (choice,) if choice in known.ACTS else ()


def role_choices() -> list[tuple[str, str]]:
    """Return the roles to choose from."""
    return [("", gettext("すべての役割")), *((code, str(word)) for code, word in ROLES.items())]


def act_words(choice: str) -> str:
    """Return what a code or a choice of acts means; itself where nobody has told its words."""
    sort, _, key = choice.partition(":")
    words = {"manner": known.MANNERS, "group": known.GROUPS}.get(sort, {})
    if key in words:
        return str(words[key])
    return str(known.ACTS[choice].words) if choice in known.ACTS else choice


def person(named: Named | None) -> str:
    """Return somebody's number and name; who is not in the register any more has neither."""
    return f"{named.number} {named.name}".strip() if named else gettext("登録のない職員")


@dataclass(frozen=True)
class ShownLine:
    """A line in words."""

    seq: int
    at: datetime
    who: str
    role: str
    #: On whose behalf; empty for nobody else's.
    on_behalf: str
    act: str
    subject: str
    details: list[tuple[str, str]]
    address: str
    reference: str
    hash: str


@dataclass(frozen=True)
class Words:
    """What lines name: people, other things by their key, and the states of the wings above."""

    people: Mapping[uuid.UUID, Named]
    names: Mapping[str, str]
    states: Mapping[str, Mapping[str, Lazy]]

    def shown(self, line: Line) -> ShownLine:
        """Return a line in words."""
        return ShownLine(
            seq=line.seq,
            at=line.at,
            who=self._who(line),
            role=str(ROLES.get(line.role, line.role)),
            on_behalf=person(self.people.get(line.for_id)) if line.for_id else "",
            act=act_words(line.action),
            subject=self._subject(line),
            details=self.told(line),
            address=line.address,
            reference=line.reference,
            hash=line.hash,
        )

    def told(self, line: Line) -> list[tuple[str, str]]:
        """Return what a line's details say, as pairs of a name and a value."""
        if line.details is None:
            return [(gettext("記録の内容"), gettext("消去済み"))]
        return list(self._parts(line.subject_kind, line.details))

    def conditions(self, filled: Mapping[str, Any]) -> str:
        """Return by what somebody has searched or narrowed a list."""
        said = [f"{_part(name)}：{self._value(name, filled[name])}" for name in _ordered(filled)]
        return gettext("、").join(said) or gettext("なし")

    def _who(self, line: Line) -> str:
        if line.actor_id:
            return person(self.people.get(line.actor_id))
        return gettext("サインインしていない人") if line.address else gettext("システム")

    def _subject(self, line: Line) -> str:
        whose = line.people if len(line.people) == 1 else []
        parts = [person(self.people.get(key)) for key in whose]
        if line.subject_id and line.subject_kind != "person":
            kind = str(KINDS.get(line.subject_kind, line.subject_kind))
            name = self.names.get(str(line.subject_id), "")
            named = gettext("%(kind)s：%(name)s", kind=kind, name=name) if name else kind
            parts.insert(0, named)
        return gettext("、").join(parts)

    def _parts(self, table: str, details: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        if "from" in details and "to" in details:
            yield from self._moved(table, details["from"], details["to"])
        for name in _ordered(details):
            value = details[name]
            if name in _SILENT or name in ("from", "to"):
                continue
            if name == "people" and len(value) == details.get("count"):
                continue
            if name == "people":
                yield _part(name), gettext("%(count)s人", count=f"{len(value):,}")
            elif name == "filter":
                yield _part(name), self.conditions(value)
            elif isinstance(value, list) and len(value) == 2:
                yield _part(name), self._pair(name, *value)
            else:
                yield _part(name), self._value(name, value)

    def _moved(self, table: str, old: object, new: object) -> Iterator[tuple[str, str]]:
        if not (isinstance(old, dict) and isinstance(new, dict)):
            yield gettext("変更"), self._pair(table, old, new)
            return
        for name in sorted({*old, *new}):
            if old.get(name) != new.get(name):
                yield _part(name), self._pair(name, old.get(name), new.get(name))

    def _pair(self, name: str, old: object, new: object) -> str:
        return gettext("%(old)s → %(new)s", old=self._value(name, old), new=self._value(name, new))

    def _value(self, name: str, value: object) -> str:
        if value is None or value == "":
            return gettext("なし")
        if isinstance(value, bool):
            return gettext("はい") if value else gettext("いいえ")
        if isinstance(value, int):
            return f"{value:,}"
        if isinstance(value, list):
            return gettext("、").join(str(each) for each in value)
        written = str(value)
        if name == "act":
            return act_words(written)
        codes = CODES.get(name) or self.states.get(name, {})
        return str(codes.get(written) or self.names.get(written, written))


def _ordered(parts: Iterable[str]) -> list[str]:
    return sorted(parts, key=lambda name: (_PLACES.get(name, len(PARTS)), name))


def _part(name: str) -> str:
    for words in (PARTS, known.PARTS):
        if name in words:
            return str(words[name])
    return name
