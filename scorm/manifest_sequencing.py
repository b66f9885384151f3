"""imsss:sequencing of an item or organization → Sequencing (CAM 4e, 5.1), collections merged in.

Read leniently as the rest of the manifest: a value outside its type is as if it were not there.
"""

from collections.abc import Mapping
from typing import Any, Final, get_args

from lxml import etree

from scorm.edition import Edition
from scorm.manifest_objectives import objectives
from scorm.manifest_values import boolean, name, number
from scorm.sequencing.definition import (
    Condition,
    Consideration,
    RollupRule,
    Rule,
    Sequencing,
    Timing,
)
from scorm.xml import attribute, child, child_text, children, local_name

_PRE: Final = ("skip", "disabled", "hiddenFromChoice", "stopForwardTraversal")
_POST: Final = ("exitParent", "exitAll", "retry", "retryAll", "continue", "previous")
_ROLLUP: Final = ("satisfied", "notSatisfied", "completed", "incomplete")
_CHILD_SETS: Final = ("all", "any", "none", "atLeastCount", "atLeastPercent")


def collections(root: etree._Element) -> dict[str, etree._Element]:
    """Return what the manifest's sequencingCollections define, by ID; the first of a name wins."""
    found: dict[str, etree._Element] = {}
    for collection in children(root, "sequencingcollection"):
        for element in children(collection, "sequencing"):
            found.setdefault(attribute(element, "id") or "", element)
    return found


Parts = Mapping[str, "etree._Element"]  # noqa: SLF001 - lxml names its element so


def parts_of(element: etree._Element, collected: Mapping[str, etree._Element]) -> Parts | None:
    """Return the parts of an item's or organization's sequencing by their names, None for none.

    With an IDRef, whole parts (control modes, rules, …) of its own go before the collection's.
    """
    own = child(element, "sequencing")
    if own is None:
        return None
    referred = collected.get(attribute(own, "idref") or "")
    sources = (referred, own) if referred is not None else (own,)
    return {_part_name(part): part for source in sources for part in source}


def sequencing_of(parts: Parts | None, edition: Edition) -> Sequencing | None:
    """Return what the parts say, None where there are none."""
    return None if parts is None else _Reader(parts, edition).sequencing()


def passing_score(parts: Parts | None) -> str | None:
    """Return what cmi.scaled_passing_score starts with (RTE 4e, 4.2.19), as it is written."""
    objectives = parts.get("objectives") if parts else None
    primary = child(objectives, "primaryobjective") if objectives is not None else None
    if primary is None or not boolean(attribute(primary, "satisfiedbymeasure")):
        return None
    return child_text(primary, "minnormalizedmeasure") or "1.0"


def time_limit(parts: Parts | None) -> str | None:
    """Return what cmi.max_time_allowed starts with (RTE 4e, 4.2.14), as it is written."""
    limits = parts.get("limitconditions") if parts else None
    return attribute(limits, "attemptabsolutedurationlimit") if limits is not None else None


def _part_name(element: etree._Element) -> str:
    """Name a part; IMS's and ADL's objectives share their local name."""
    name = local_name(element.tag)
    is_adl = "adlseq" in str(element.tag).rpartition("}")[0].lower()
    return f"adl_{name}" if name == "objectives" and is_adl else name


class _Reader:
    """One reading of one activity's parts."""

    def __init__(self, parts: Parts, edition: Edition) -> None:
        self._parts = parts
        self._edition = edition

    def sequencing(self) -> Sequencing:
        primary, others = objectives(
            self._parts.get("objectives"), self._parts.get("adl_objectives"), self._edition
        )
        return Sequencing(
            **self._flags(),
            **self._rules(),
            **self._limits(),
            **self._rollup(),
            **self._considerations(),
            **self._children(),
            primary=primary,
            objectives=others,
        )

    def _attribute(self, part: str, name: str) -> str | None:
        element = self._parts.get(part)
        return attribute(element, name) if element is not None else None

    def _flags(self) -> dict[str, Any]:
        places = {
            "choice": ("controlmode", "choice"),
            "choice_exit": ("controlmode", "choiceexit"),
            "flow": ("controlmode", "flow"),
            "forward_only": ("controlmode", "forwardonly"),
            "use_current_objective": ("controlmode", "usecurrentattemptobjectiveinfo"),
            "use_current_progress": ("controlmode", "usecurrentattemptprogressinfo"),
            "constrain_choice": ("constrainedchoiceconsiderations", "constrainchoice"),
            "prevent_activation": ("constrainedchoiceconsiderations", "preventactivation"),
            "rollup_satisfied": ("rolluprules", "rollupobjectivesatisfied"),
            "rollup_progress": ("rolluprules", "rollupprogresscompletion"),
            "measure_satisfaction_if_active": (
                "rollupconsiderations",
                "measuresatisfactionifactive",
            ),
            "reorder": ("randomizationcontrols", "reorderchildren"),
            "tracked": ("deliverycontrols", "tracked"),
            "completion_set_by_content": ("deliverycontrols", "completionsetbycontent"),
            "objective_set_by_content": ("deliverycontrols", "objectivesetbycontent"),
        }
        found = {name: boolean(self._attribute(*place)) for name, place in places.items()}
        return {name: value for name, value in found.items() if value is not None}

    def _rules(self) -> dict[str, Any]:
        element = self._parts.get("sequencingrules")
        if element is None:
            return {}
        return {
            "pre": _rules(element, "preconditionrule", _PRE),
            "exit": _rules(element, "exitconditionrule", ("exit",)),
            "post": _rules(element, "postconditionrule", _POST),
        }

    def _limits(self) -> dict[str, Any]:
        limit = number(self._attribute("limitconditions", "attemptlimit"), 0, 10**9)
        return {
            "attempt_limit": int(limit) if limit is not None else None,
        }

    def _rollup(self) -> dict[str, Any]:
        element = self._parts.get("rolluprules")
        if element is None:
            return {}
        weight = number(attribute(element, "objectivemeasureweight"), 0, 1)
        found = (_rollup_rule(rule) for rule in children(element, "rolluprule"))
        rules = tuple(rule for rule in found if rule is not None)
        return {"rollup_rules": rules} | ({} if weight is None else {"measure_weight": weight})

    def _considerations(self) -> dict[str, Any]:
        names = ("satisfied", "not_satisfied", "completed", "incomplete")
        found = {
            f"required_for_{name}": self._attribute(
                "rollupconsiderations", f"requiredfor{name.replace('_', '')}"
            )
            for name in names
        }
        return {name: value for name, value in found.items() if value in get_args(Consideration)}

    def _children(self) -> dict[str, Any]:
        count = number(self._attribute("randomizationcontrols", "selectcount"), 0, 10**9)
        timings = {
            "selection_timing": self._attribute("randomizationcontrols", "selectiontiming"),
            "randomization_timing": self._attribute("randomizationcontrols", "randomizationtiming"),
        }
        known = {name: timing for name, timing in timings.items() if timing in get_args(Timing)}
        return {**known, "select_count": int(count) if count is not None else None}


def _rules(element: etree._Element, kind: str, actions: tuple[str, ...]) -> tuple[Rule, ...]:
    found = []
    for rule in children(element, kind):
        wanted = child(rule, "ruleaction")
        action = attribute(wanted, "action") if wanted is not None else None
        conditions = child(rule, "ruleconditions")
        if action in actions and conditions is not None:
            combination = attribute(conditions, "conditioncombination")
            found.append(
                Rule(
                    action,
                    _conditions(conditions, "rulecondition"),
                    "any" if combination == "any" else "all",
                )
            )
    return tuple(found)


def _rollup_rule(element: etree._Element) -> RollupRule | None:
    wanted = child(element, "rollupaction")
    action = attribute(wanted, "action") if wanted is not None else None
    conditions = child(element, "rollupconditions")
    if action not in _ROLLUP or conditions is None:
        return None
    child_set = attribute(element, "childactivityset")
    return RollupRule(
        action=action,
        conditions=_conditions(conditions, "rollupcondition"),
        combination="all" if attribute(conditions, "conditioncombination") == "all" else "any",
        child_set=child_set if child_set in _CHILD_SETS else "all",
        minimum_count=int(number(attribute(element, "minimumcount"), 0, 10**9) or 0),
        minimum_percent=number(attribute(element, "minimumpercent"), 0, 1) or 0.0,
    )


def _conditions(element: etree._Element, kind: str) -> tuple[Condition, ...]:
    return tuple(
        Condition(
            kind=attribute(found, "condition") or "",
            negated=attribute(found, "operator") == "not",
            objective=name(found, "referencedobjective") or None,
            threshold=number(attribute(found, "measurethreshold"), -1, 1) or 0.0,
        )
        for found in children(element, kind)
    )
