"""What a manifest says of an activity's sequencing (S&N 4e, SM.1 to SM.12), or else the default.

Stored as a document that holds only what differs from the default.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Final, Literal

Timing = Literal["never", "once", "onEachNewAttempt"]
Consideration = Literal["always", "ifAttempted", "ifNotSkipped", "ifNotSuspended"]
Combination = Literal["all", "any"]

#: The values of an objective that a map can read or write, as they are named in tracking.
VALUES: Final = ("satisfied", "measure", "raw", "min", "max", "completed", "progress")


@dataclass(frozen=True)
class Condition:
    """One condition of a rule; `objective` None means the primary one."""

    kind: str
    negated: bool = False
    objective: str | None = None
    threshold: float = 0.0


@dataclass(frozen=True)
class Rule:
    """A sequencing rule (SM.2): its action is taken when its conditions hold."""

    action: str
    conditions: tuple[Condition, ...] = ()
    combination: Combination = "all"


@dataclass(frozen=True)
class RollupRule:
    """A rollup rule (SM.5); `minimum_percent` lies between 0 and 1."""

    action: str
    conditions: tuple[Condition, ...] = ()
    combination: Combination = "any"
    child_set: str = "all"
    minimum_count: int = 0
    minimum_percent: float = 0.0


@dataclass(frozen=True)
class ObjectiveMap:
    """Which values of an objective are read from a shared one, and which written to it (SM.7)."""

    target: str
    reads: tuple[str, ...] = ("satisfied", "measure")
    writes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Objective:
    """An objective (SM.6); `identifier` "" is a primary one without a name."""

    identifier: str = ""
    satisfied_by_measure: bool = False
    minimum_measure: float = 1.0
    maps: tuple[ObjectiveMap, ...] = ()

    def read_from(self, value: str) -> str | None:
        """Return the shared objective that a value is read from, None where it is the own one."""
        return next((found.target for found in self.maps if value in found.reads), None)

    def written_to(self, value: str) -> list[str]:
        """List the shared objectives that a value is written to."""
        return [found.target for found in self.maps if value in found.writes]


@dataclass(frozen=True)
class Sequencing:
    """All of one activity's definitions."""

    # SM.1 control modes
    choice: bool = True
    choice_exit: bool = True
    flow: bool = False
    forward_only: bool = False
    use_current_objective: bool = True
    use_current_progress: bool = True
    # ADL: constrained choice
    constrain_choice: bool = False
    prevent_activation: bool = False
    # SM.2 rules
    pre: tuple[Rule, ...] = ()
    exit: tuple[Rule, ...] = ()
    post: tuple[Rule, ...] = ()
    # SM.3 limits
    attempt_limit: int | None = None
    # SM.5, SM.8 rollup
    rollup_rules: tuple[RollupRule, ...] = ()
    rollup_satisfied: bool = True
    rollup_progress: bool = True
    measure_weight: float = 1.0
    # ADL: rollup considerations
    required_for_satisfied: Consideration = "always"
    required_for_not_satisfied: Consideration = "always"
    required_for_completed: Consideration = "always"
    required_for_incomplete: Consideration = "always"
    measure_satisfaction_if_active: bool = True
    # SM.6 objectives
    primary: Objective = Objective()
    objectives: tuple[Objective, ...] = ()
    # SM.9, SM.10 selection and randomization
    selection_timing: Timing = "never"
    select_count: int | None = None
    randomization_timing: Timing = "never"
    reorder: bool = False
    # SM.11 delivery controls
    tracked: bool = True
    completion_set_by_content: bool = False
    objective_set_by_content: bool = False


_NESTED: Final[dict[str, type]] = {
    "conditions": Condition,
    "pre": Rule,
    "exit": Rule,
    "post": Rule,
    "rollup_rules": RollupRule,
    "maps": ObjectiveMap,
    "primary": Objective,
    "objectives": Objective,
}


def to_document(value: Any) -> Any:
    """Return a definition as JSON can hold it, without what is at its default."""
    if is_dataclass(value):
        held = ((field.name, getattr(value, field.name), field.default) for field in fields(value))
        return {name: to_document(found) for name, found, default in held if found != default}
    return [to_document(one) for one in value] if isinstance(value, tuple) else value


def from_document(document: Mapping[str, Any]) -> Sequencing:
    """Return the definitions that `to_document` wrote."""
    built = _built(Sequencing, document)
    assert isinstance(built, Sequencing)
    return built


def _built(kind: type, document: Mapping[str, Any]) -> Any:
    return kind(**{name: _value(name, held) for name, held in document.items()})


def _value(name: str, held: Any) -> Any:
    if isinstance(held, list):
        nested = _NESTED.get(name)
        return tuple(_built(nested, one) if nested else one for one in held)
    return _built(_NESTED[name], held) if isinstance(held, dict) else held
