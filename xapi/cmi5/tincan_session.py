"""What content of the time before cmi5 may say: of its own learner, in its own registration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from xapi.actors import identity
from xapi.cmi5.session import Breach, Held
from xapi.cmi5.words import Verb
from xapi.statement import VOIDED

_COUNTED: Final = frozenset({Verb.COMPLETED, Verb.PASSED, Verb.FAILED})


def judge(statement: Mapping[str, Any], held: Held) -> Verb | None:
    """Return what a statement says of the unit as a whole, None for any other. Raises Breach."""
    actor = statement["actor"]
    is_agent = actor.get("objectType", "Agent") == "Agent"
    if not is_agent or identity(actor) != identity(held.actor):
        raise Breach("actor")
    if statement["verb"]["id"] == VOIDED:
        raise Breach("voiding")
    registration = statement.get("context", {}).get("registration", "")
    if registration.lower() != held.registration:
        raise Breach("registration")
    said = statement["verb"]["id"]
    is_whole = statement["object"].get("id") == held.activity_id
    return Verb(said) if is_whole and said in _COUNTED else None
