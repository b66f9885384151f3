"""Courses made for tests of the sequencer, and short words for going through them.

A bare name is a leaf that says nothing. What an activity's sequencing says is given by the names of
`Sequencing`'s fields.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from scorm.edition import Edition
from scorm.sequencing import reporting
from scorm.sequencing.definition import (
    Combination,
    Condition,
    Objective,
    ObjectiveMap,
    RollupRule,
    Rule,
    Sequencing,
)
from scorm.sequencing.overall import Result, overall_sequencing
from scorm.sequencing.session import Draw, Session
from scorm.sequencing.tree import Activity, Tree
from scorm.structure import CompletionThreshold, Item, Organization

SECOND, THIRD, FOURTH = Edition.SCORM_2004_2, Edition.SCORM_2004_3, Edition.SCORM_2004_4

#: Content speaks of itself by these names in `tell`.
_ELEMENTS = {
    "completion": "cmi.completion_status",
    "success": "cmi.success_status",
    "scaled": "cmi.score.scaled",
    "progress": "cmi.progress_measure",
}


def item(
    identifier: str,
    *children: Item | str,
    threshold: CompletionThreshold | None = None,
    href: str | None = "index.html",
    **says: Any,
) -> Item:
    """Return a cluster of its children, or a leaf where it has none."""
    return Item(
        identifier,
        identifier,
        href=None if children else href,
        resource_type="sco",
        completion_threshold=threshold,
        sequencing=Sequencing(**says) if says else None,
        children=_items(children),
    )


def _items(children: Iterable[Item | str]) -> tuple[Item, ...]:
    return tuple(item(child) if isinstance(child, str) else child for child in children)


def organization(
    *children: Item | str,
    is_global: bool = True,
    threshold: CompletionThreshold | None = None,
    **says: Any,
) -> Organization:
    """Return a course, whose root is called `root`."""
    return Organization(
        "root",
        "講座",
        _items(children),
        sequencing=Sequencing(**says) if says else None,
        completion_threshold=threshold,
        objectives_global=is_global,
        shared_data_global=is_global,
    )


def tree(*children: Item | str, edition: Edition = FOURTH, **says: Any) -> Tree:
    """Return the tree of a course."""
    return Tree.of(organization(*children, **says), edition)


def when(kind: str, objective: str | None = None, threshold: float = 0.0) -> Condition:
    """Return a condition that asks whether something is so."""
    return Condition(kind, objective=objective, threshold=threshold)


def unless(kind: str, objective: str | None = None, threshold: float = 0.0) -> Condition:
    """Return a condition that asks whether something is not so."""
    return Condition(kind, negated=True, objective=objective, threshold=threshold)


def rules(
    action: str, *conditions: Condition | str, combination: Combination = "all"
) -> tuple[Rule, ...]:
    """Return one rule as a definition holds it; a condition's name alone asks whether it is so."""
    return (Rule(action, _conditions(conditions), combination),)


def rollup(action: str, *conditions: Condition | str, of: str = "all", **says: Any) -> RollupRule:
    """Return a rollup rule over children `of` a set."""
    return RollupRule(action, _conditions(conditions), child_set=of, **says)


def _conditions(conditions: Iterable[Condition | str]) -> tuple[Condition, ...]:
    return tuple(when(one) if isinstance(one, str) else one for one in conditions)


def objective(
    identifier: str = "",
    *,
    measure: float | None = None,
    reads: Mapping[str, str] | None = None,
    writes: Mapping[str, str] | None = None,
) -> Objective:
    """Return an objective, satisfied by a measure if one is given.

    `reads` and `writes` are shared objectives with the values, parted by spaces.
    """
    reads, writes = reads or {}, writes or {}
    return Objective(
        identifier,
        satisfied_by_measure=measure is not None,
        minimum_measure=1.0 if measure is None else measure,
        maps=tuple(
            ObjectiveMap(
                target,
                tuple(reads.get(target, "").split()),
                tuple(writes.get(target, "").split()),
            )
            for target in dict.fromkeys((*reads, *writes))
        ),
    )


def last(bound: int) -> int:
    """Draw the last of what is there, which leaves every order as it is."""
    return bound - 1


def first(_bound: int) -> int:
    """Draw the first of what is there, which moves the first name to the end."""
    return 0


def session(
    tree: Tree, *, shared: dict[str, dict[str, Any]] | None = None, draw: Draw = last
) -> Session:
    """Return a session that has not begun."""
    return Session(tree, {}, {} if shared is None else shared, draw, log=[])


def begun(*children: Item | str, draw: Draw = last, **says: Any) -> Session:
    """Return a session on a new course, started at its first leaf."""
    s = session(tree(*children, **says), draw=draw)
    result = overall_sequencing(s, "start")
    assert result.activity is not None, result
    return s


def at(s: Session, identifier: str) -> Activity:
    """Return the activity of a name."""
    return s.tree.by_identifier[identifier]


def go(s: Session, *requests: str) -> list[str]:
    """Follow requests, such as `continue` or `choice b`; return what each came to (`told`)."""
    return [told(overall_sequencing(s, *request.split(" "))) for request in requests]


def told(result: Result) -> str:
    """Return what was delivered, or `ended`, `left`, or the code why nothing has happened."""
    if result.activity is not None:
        return result.activity.identifier
    if result.is_ended:
        return "ended"
    return "left" if result.is_left else result.reason


def tell(
    s: Session,
    *,
    session: str = "open",
    objectives: Mapping[str, Mapping[str, str]] | None = None,
    **said: str,
) -> None:
    """Let the current content say something of itself, or of its objectives by their names."""
    assert s.current is not None
    values = {_ELEMENTS[name]: value for name, value in said.items()}
    for place, (identifier, elements) in enumerate((objectives or {}).items()):
        values[f"cmi.objectives.{place}.id"] = identifier
        values |= {f"cmi.objectives.{place}.{name}": value for name, value in elements.items()}
    counts = {"cmi.objectives": len(objectives)} if objectives else {}
    reporting.report(s, s.current, {"values": values, "counts": counts, "session": session})


def active(s: Session) -> list[str]:
    """List the activities on which an attempt is going on, in the order of the tree."""
    return [
        a.identifier for a in s.tree.activities if s.activities.get(a.identifier, {}).get("active")
    ]
