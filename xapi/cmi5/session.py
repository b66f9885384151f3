"""What content may say in a session: each statement held against the rules (cmi5, 9; 7.1).

Only what obeys is kept (6.3). Statements are judged in the order in which they come: `timestamp`
says when something happened, and a clock of somebody else's is no judge.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from xapi.actors import identity
from xapi.cmi5.course import Mode
from xapi.cmi5.words import (
    CATEGORY,
    MASTERY_SCORE,
    MOVE_ON_CATEGORY,
    OF_CONTENT,
    PROGRESS,
    SESSION,
    Verb,
)
from xapi.statement import VOIDED

#: What content must say with how long it took (9.5.4.1).
_TIMED: Final = frozenset({Verb.TERMINATED, Verb.COMPLETED, Verb.PASSED, Verb.FAILED})
#: What says success or completion, and which.
_SUCCESS: Final = {Verb.PASSED: True, Verb.FAILED: False}
_JUDGED: Final = frozenset(_SUCCESS)

#: What can be broken, and where it is written.
CLAUSES: Final = {
    "statement_id": "9.1",
    "timestamp": "9.7",
    "timestamp_utc": "9.7",
    "actor": "9.2",
    "voiding": "6.3",
    "registration": "9.6.1",
    "session_id": "9.6.3.1",
    "publisher_id": "10.2.1",
    "preferences": "11.0",
    "first": "9.3",
    "last": "9.3",
    "verb": "9.3",
    "verb_twice": "9.3",
    "both_judgements": "9.3",
    "completed_before": "9.3",
    "passed_before": "9.3",
    "mode": "10.2.2",
    "object": "9.4",
    "score": "9.5.1",
    "score_bounds": "9.5.1",
    "score_passed": "9.3.4",
    "score_failed": "9.3.5",
    "success": "9.5.2",
    "completion": "9.5.3",
    "duration": "9.5.4.1",
    "progress": "9.5.5.1",
    "move_on": "9.6.2.2",
    "mastery_score": "9.6.3.2",
}


class Breach(ValueError):
    """A statement that is not allowed here: `rule` is one of CLAUSES."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule

    @property
    def clause(self) -> str:
        """Return where the rule is written."""
        return CLAUSES[self.rule]


@dataclass(frozen=True)
class Held:
    """What a statement is held against: the launch, and what has been said since."""

    actor: Mapping[str, Any]
    activity_id: str
    publisher_id: str
    registration: str
    session_id: str
    mode: str
    mastery_score: float | None
    #: Whether the content has read what its learner likes, as it must do first (11.0).
    is_prepared: bool
    #: The verbs that were used in this session, as cmi5 defines them.
    said: frozenset[str]
    #: Whether the unit was completed, and passed, in this registration.
    is_completed: bool
    is_passed: bool


def judge(statement: Mapping[str, Any], held: Held) -> Verb | None:
    """Return the verb of a statement that cmi5 defines, None for any other. Raises Breach.

    The statement obeys xAPI, as `xapi.statement.check` says.
    """
    _every(statement, held)
    categories = _ids(statement, "category")
    if CATEGORY not in categories:
        _allowed(categories, held)
        return None
    verb = _verb(statement, held)
    _thing(statement, held)
    _result(statement, verb, held)
    _categories(categories, statement)
    return verb


def _every(statement: Mapping[str, Any], held: Held) -> None:
    """See what all statements of a session have in common (10.2.1)."""
    _ask("statement_id", is_so="id" in statement)
    _ask("timestamp", is_so="timestamp" in statement)
    _ask("timestamp_utc", is_so=statement["timestamp"].endswith(("Z", "z", "+00:00")))
    actor = statement["actor"]
    is_agent = actor.get("objectType", "Agent") == "Agent"
    _ask("actor", is_so=is_agent and identity(actor) == identity(held.actor))
    _ask("voiding", is_so=statement["verb"]["id"] != VOIDED)
    context = statement.get("context", {})
    _ask("registration", is_so=context.get("registration", "").lower() == held.registration)
    _ask("session_id", is_so=context.get("extensions", {}).get(SESSION) == held.session_id)
    _ask("publisher_id", is_so=held.publisher_id in _ids(statement, "grouping"))


def _ask(rule: str, *, is_so: bool) -> None:
    if not is_so:
        raise Breach(rule)


def _ids(statement: Mapping[str, Any], name: str) -> list[str]:
    found = statement.get("context", {}).get("contextActivities", {}).get(name, [])
    return [each["id"] for each in (found if isinstance(found, list) else [found])]


def _allowed(categories: list[str], held: Held) -> None:
    """See a statement that cmi5 does not define: between the first and the last (7.1.3)."""
    _ask("first", is_so=Verb.INITIALIZED in held.said)
    _ask("last", is_so=Verb.TERMINATED not in held.said)
    _ask("move_on", is_so=MOVE_ON_CATEGORY not in categories)


def _verb(statement: Mapping[str, Any], held: Held) -> Verb:
    """Return the verb of a defined statement, where its turn has come (9.3)."""
    said = statement["verb"]["id"]
    _ask("verb", is_so=said in OF_CONTENT)
    verb = Verb(said)
    if verb == Verb.INITIALIZED:
        _ask("preferences", is_so=held.is_prepared)
    else:
        _ask("first", is_so=Verb.INITIALIZED in held.said)
    _ask("last", is_so=Verb.TERMINATED not in held.said)
    _ask("verb_twice", is_so=verb not in held.said)
    if verb not in (Verb.INITIALIZED, Verb.TERMINATED):
        _ask("mode", is_so=held.mode == Mode.NORMAL)
    if verb in _JUDGED:
        _ask("both_judgements", is_so=not held.said & _JUDGED)
        _ask("passed_before", is_so=not held.is_passed)
    if verb == Verb.COMPLETED:
        _ask("completed_before", is_so=not held.is_completed)
    return verb


def _thing(statement: Mapping[str, Any], held: Held) -> None:
    thing = statement["object"]
    is_activity = thing.get("objectType", "Activity") == "Activity"
    _ask("object", is_so=is_activity and thing["id"] == held.activity_id)


def _result(statement: Mapping[str, Any], verb: Verb, held: Held) -> None:
    result = statement.get("result", {})
    _ask("success", is_so=result.get("success") is _SUCCESS.get(verb))
    _ask("completion", is_so=result.get("completion") is (True if verb == Verb.COMPLETED else None))
    _ask("duration", is_so=verb not in _TIMED or "duration" in result)
    progress = result.get("extensions", {}).get(PROGRESS, 0)
    is_share = isinstance(progress, int) and not isinstance(progress, bool)
    _ask("progress", is_so=is_share and 0 <= progress <= 100)
    score = result.get("score")
    _ask("score", is_so=score is None or verb in _JUDGED)
    if verb in _JUDGED:
        context = statement["context"].get("extensions", {})
        _score(score or {}, context, verb, held)


def _score(score: Mapping[str, Any], extensions: Mapping[str, Any], verb: Verb, held: Held) -> None:
    """See a score, and that the judgement is the one that the mastery score asks for."""
    if "raw" in score:
        _ask("score_bounds", is_so="min" in score and "max" in score)
    scaled = score.get("scaled")
    _ask("score", is_so=scaled is None or 0 <= scaled <= 1)
    wanted = held.mastery_score
    if wanted is None:
        return
    if scaled is not None or MASTERY_SCORE in extensions:
        told = extensions.get(MASTERY_SCORE)
        _ask("mastery_score", is_so=told == wanted and not isinstance(told, bool))
    if scaled is not None and verb == Verb.PASSED:
        _ask("score_passed", is_so=scaled >= wanted)
    if scaled is not None and verb == Verb.FAILED:
        _ask("score_failed", is_so=scaled < wanted)


def _categories(categories: list[str], statement: Mapping[str, Any]) -> None:
    """See that what says success or completion is marked so, and nothing else (9.6.2.2)."""
    result = statement.get("result", {})
    says = "success" in result or "completion" in result
    _ask("move_on", is_so=(MOVE_ON_CATEGORY in categories) is says)
