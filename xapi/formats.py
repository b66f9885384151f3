"""How a statement is shown: as it is kept, in one language, by ids alone (Communication 2.1.3)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from xapi.activities import LISTS
from xapi.actors import IDENTIFIERS, is_group
from xapi.statement import CONTEXT_ACTIVITIES

#: The words of an activity's definition that are in languages.
_WORDS: Final = ("name", "description")


def canonical(
    text: str, definitions: Mapping[str, Mapping[str, Any]], languages: Sequence[str]
) -> str:
    """Return a statement with the definitions that the store has, each in one language."""
    shown = json.loads(text)
    _each_activity(shown, lambda each: _in_one(each, definitions, languages))
    _each_verb(shown, languages)
    return json.dumps(shown, ensure_ascii=False)


def ids(text: str) -> str:
    """Return a statement whose agents, activities and verb say who and what they are alone."""
    shown = json.loads(text)
    _shorten(shown)
    return json.dumps(shown, ensure_ascii=False)


def preferred(words: Mapping[str, str], languages: Sequence[str]) -> dict[str, str]:
    """Return the words of the language that is wanted most, of any where none of them is there."""
    by_lower = {code.lower(): code for code in words}
    for wanted in languages:
        asked = wanted.lower()
        while asked:
            found = by_lower.get(asked) or next(
                (own for low, own in by_lower.items() if low.startswith(f"{asked}-")), None
            )
            if found:
                return {found: words[found]}
            asked = asked.rpartition("-")[0]
    return dict(list(words.items())[:1])


def languages_of(header: str) -> list[str]:
    """Return the languages of an Accept-Language header, most wanted first (RFC 9110, 12.5.4)."""
    ranked = []
    for place, part in enumerate(header.split(",")):
        code, _, rest = part.partition(";")
        weight = rest.strip().removeprefix("q=") or "1"
        try:
            ranked.append((-float(weight), place, code.strip()))
        except ValueError:
            continue
    return [code for weight, _, code in sorted(ranked) if code and code != "*" and weight < 0]


def _in_one(
    each: dict[str, Any],
    definitions: Mapping[str, Mapping[str, Any]],
    languages: Sequence[str],
) -> None:
    known = definitions.get(each["id"]) or each.get("definition")
    if not known:
        return
    shown = dict(known)
    for name in _WORDS:
        if name in shown:
            shown[name] = preferred(shown[name], languages)
    for name in LISTS:
        if name in shown:
            shown[name] = [_component(one, languages) for one in shown[name]]
    each["definition"] = shown


def _component(one: Mapping[str, Any], languages: Sequence[str]) -> Mapping[str, Any]:
    if "description" not in one:
        return one
    return {**one, "description": preferred(one["description"], languages)}


def _each_verb(statement: dict[str, Any], languages: Sequence[str]) -> None:
    if "display" in statement["verb"]:
        statement["verb"]["display"] = preferred(statement["verb"]["display"], languages)
    if statement["object"].get("objectType") == "SubStatement":
        _each_verb(statement["object"], languages)


def _each_activity(statement: dict[str, Any], act: Any) -> None:
    thing = statement["object"]
    kind = thing.get("objectType", "Activity")
    if kind == "Activity":
        act(thing)
    elif kind == "SubStatement":
        _each_activity(thing, act)
    around = statement.get("context", {}).get("contextActivities", {})
    for name in CONTEXT_ACTIVITIES:
        for each in around.get(name, ()):
            act(each)


def _shorten(statement: dict[str, Any]) -> None:
    _each_activity(statement, _identify)
    statement["verb"].pop("display", None)
    statement["actor"] = _who(statement["actor"])
    if "authority" in statement:
        statement["authority"] = _who(statement["authority"])
    context = statement.get("context", {})
    for name in ("instructor", "team"):
        if name in context:
            context[name] = _who(context[name])
    for name, part in (("contextAgents", "agent"), ("contextGroups", "group")):
        for each in context.get(name, ()):
            each[part] = _who(each[part])
    thing = statement["object"]
    if thing.get("objectType") in ("Agent", "Group"):
        statement["object"] = _who(thing)
    elif thing.get("objectType") == "SubStatement":
        _shorten(thing)


def _identify(activity: dict[str, Any]) -> None:
    """Leave of an activity its id: that it is one goes without saying."""
    for name in ("definition", "objectType"):
        activity.pop(name, None)


def _who(actor: dict[str, Any]) -> dict[str, Any]:
    """Return what an agent is known by; of a group that nothing names, its members' (2.1.3)."""
    kept = {name: part for name, part in actor.items() if name in (*IDENTIFIERS, "objectType")}
    if is_group(actor) and not any(name in actor for name in IDENTIFIERS):
        kept["member"] = [_who(member) for member in actor["member"]]
    return kept
