"""imsss:sequencing is read leniently, from an activity's own parts and from collections."""

from typing import Any

import pytest

from scorm.manifest import Organization
from scorm.sequencing.definition import (
    VALUES,
    Condition,
    Objective,
    ObjectiveMap,
    RollupRule,
    Rule,
    Sequencing,
)
from scorm.structure import Item
from tests.scorm.made import ITEM, manifest

VERSIONS = ["CAM 1.3", "2004 3rd Edition", "2004 4th Edition"]
FOURTH = VERSIONS[-1]
ADL = 'xmlns:adlseq="http://www.adlnet.org/xsd/adlseq_v1p3"'


def leaf(parts: str, *, attributes: str = "", version: str = FOURTH, below: str = "") -> Item:
    """Read an item whose sequencing has these parts."""
    sequencing = f"<imsss:sequencing {ADL} {attributes}>{parts}</imsss:sequencing>"
    items = ITEM.replace("</item>", f"{sequencing}</item>")
    course = manifest(items, version=version, below=below).organization
    assert course is not None
    return course.items[0]


def said(parts: str, **how: Any) -> Sequencing:
    found = leaf(parts, **how).sequencing
    assert found is not None
    return found


def course(attributes: str = "", inner: str = "") -> Organization:
    written = f'<organization identifier="O" {ADL} {attributes}>{ITEM}{inner}</organization>'
    found = manifest(organizations=written, version=FOURTH).organization
    assert found is not None
    return found


# --- what there is


def test_where_nothing_is_said_there_is_no_sequencing() -> None:
    read = manifest(version=FOURTH).organization
    assert read is not None
    assert (read.sequencing, read.items[0].sequencing) == (None, None)


def test_an_empty_sequencing_is_the_default() -> None:
    assert said("") == Sequencing()


def test_a_course_has_a_sequencing_of_its_own() -> None:
    found = course(inner="<imsss:sequencing><imsss:controlMode flow='true'/></imsss:sequencing>")
    assert found.sequencing == Sequencing(flow=True)


def test_a_course_has_a_completion_threshold_of_its_own() -> None:
    inner = '<adlcp:completionThreshold completedByMeasure="true" minProgressMeasure="0.5"/>'
    found = course(inner=inner).completion_threshold
    assert found is not None
    assert (found.by_measure, found.minimum) == (True, "0.5")


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ("", (True, True)),
        ('adlseq:objectivesGlobalToSystem="false"', (False, True)),
        ('adlcp:sharedDataGlobalToSystem="false"', (True, False)),
        ('adlseq:objectivesGlobalToSystem="perhaps"', (True, True)),
    ],
)
def test_a_course_says_how_far_it_shares(attributes: str, expected: tuple[bool, bool]) -> None:
    found = course(attributes)
    assert (found.objectives_global, found.shared_data_global) == expected


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (
            (
                '<imsss:controlMode choice="false" choiceExit="0" flow="1" forwardOnly="TRUE"'
                ' useCurrentAttemptObjectiveInfo="false" useCurrentAttemptProgressInfo="false"/>'
            ),
            Sequencing(
                choice=False,
                choice_exit=False,
                flow=True,
                forward_only=True,
                use_current_objective=False,
                use_current_progress=False,
            ),
        ),
        (
            (
                '<adlseq:constrainedChoiceConsiderations preventActivation="true"'
                ' constrainChoice="true"/>'
            ),
            Sequencing(constrain_choice=True, prevent_activation=True),
        ),
        (
            (
                '<imsss:deliveryControls tracked="false" completionSetByContent="true"'
                ' objectiveSetByContent="true"/>'
            ),
            Sequencing(
                tracked=False, completion_set_by_content=True, objective_set_by_content=True
            ),
        ),
        (
            (
                '<imsss:randomizationControls randomizationTiming="onEachNewAttempt"'
                ' selectCount="2" reorderChildren="true" selectionTiming="once"/>'
            ),
            Sequencing(
                selection_timing="once",
                select_count=2,
                randomization_timing="onEachNewAttempt",
                reorder=True,
            ),
        ),
        ('<imsss:limitConditions attemptLimit="3"/>', Sequencing(attempt_limit=3)),
        (
            (
                '<adlseq:rollupConsiderations requiredForSatisfied="ifAttempted"'
                ' requiredForNotSatisfied="ifNotSkipped" requiredForCompleted="ifNotSuspended"'
                ' requiredForIncomplete="always" measureSatisfactionIfActive="false"/>'
            ),
            Sequencing(
                required_for_satisfied="ifAttempted",
                required_for_not_satisfied="ifNotSkipped",
                required_for_completed="ifNotSuspended",
                measure_satisfaction_if_active=False,
            ),
        ),
        (
            (
                '<imsss:rollupRules rollupObjectiveSatisfied="false"'
                ' rollupProgressCompletion="false" objectiveMeasureWeight="0.25"/>'
            ),
            Sequencing(rollup_satisfied=False, rollup_progress=False, measure_weight=0.25),
        ),
    ],
    ids=lambda value: value.split(" ")[0][1:] if isinstance(value, str) else "",
)
def test_each_part_is_read(parts: str, expected: Sequencing) -> None:
    assert said(parts) == expected


@pytest.mark.parametrize(
    "parts",
    [
        '<imsss:controlMode choice="yes" flow="" forwardOnly="2"/>',
        '<imsss:limitConditions attemptLimit="-1"/>',
        '<imsss:limitConditions attemptLimit="many"/>',
        '<imsss:limitConditions attemptLimit="1e3"/>',
        '<imsss:randomizationControls selectCount="x" selectionTiming="always"/>',
        '<imsss:rollupRules objectiveMeasureWeight="2"/>',
        '<adlseq:rollupConsiderations requiredForSatisfied="never"/>',
        "<imsss:sequencingRules/>",
        "<imsss:objectives/>",
        "<imsss:auxiliaryResources/>",
    ],
)
def test_a_value_outside_its_type_is_as_if_it_were_not_there(parts: str) -> None:
    assert said(parts) == Sequencing()


# --- rules


def rule(kind: str, action: str, conditions: str = "<imsss:ruleConditions/>") -> str:
    return (
        f"<imsss:sequencingRules><imsss:{kind}>{conditions}"
        f'<imsss:ruleAction action="{action}"/></imsss:{kind}></imsss:sequencingRules>'
    )


CONDITIONS = (
    '<imsss:ruleConditions conditionCombination="any">'
    '<imsss:ruleCondition condition="satisfied" operator="not" referencedObjective="obj%201"/>'
    '<imsss:ruleCondition condition="objectiveMeasureGreaterThan" measureThreshold="0.5"/>'
    '<imsss:ruleCondition condition="always" operator="noOp" measureThreshold="2"/>'
    "</imsss:ruleConditions>"
)


@pytest.mark.parametrize(
    ("kind", "field", "actions"),
    [
        (
            "preConditionRule",
            "pre",
            ["skip", "disabled", "hiddenFromChoice", "stopForwardTraversal"],
        ),
        ("exitConditionRule", "exit", ["exit"]),
        (
            "postConditionRule",
            "post",
            ["exitParent", "exitAll", "retry", "retryAll", "continue", "previous"],
        ),
    ],
)
def test_a_rule_has_its_action_and_conditions(kind: str, field: str, actions: list[str]) -> None:
    conditions = (
        Condition("satisfied", negated=True, objective="obj 1"),
        Condition("objectiveMeasureGreaterThan", threshold=0.5),
        Condition("always"),
    )
    for action in actions:
        found = getattr(said(rule(kind, action, CONDITIONS)), field)
        assert found == (Rule(action, conditions, "any"),)


def test_conditions_are_all_to_hold_where_nothing_else_is_said() -> None:
    assert said(rule("preConditionRule", "skip")).pre == (Rule("skip", (), "all"),)


@pytest.mark.parametrize(
    "parts",
    [
        rule("preConditionRule", "exitAll"),
        rule("postConditionRule", "skip"),
        rule("exitConditionRule", "retry"),
        rule("preConditionRule", "skip", ""),
        (
            "<imsss:sequencingRules><imsss:preConditionRule><imsss:ruleConditions/>"
            "</imsss:preConditionRule></imsss:sequencingRules>"
        ),
    ],
)
def test_a_rule_without_conditions_or_an_action_of_its_kind_is_none(parts: str) -> None:
    assert said(parts) == Sequencing()


def rollup(attributes: str, conditions: str, action: str = "completed") -> tuple[RollupRule, ...]:
    found = said(
        f"<imsss:rollupRules><imsss:rollupRule {attributes}>{conditions}"
        f'<imsss:rollupAction action="{action}"/></imsss:rollupRule></imsss:rollupRules>'
    )
    return found.rollup_rules


def test_a_rollup_rule_is_read() -> None:
    conditions = (
        '<imsss:rollupConditions conditionCombination="all">'
        '<imsss:rollupCondition condition="attempted" operator="not"/></imsss:rollupConditions>'
    )
    found = rollup('childActivitySet="atLeastPercent" minimumPercent="0.25"', conditions)
    attempted = (Condition("attempted", negated=True),)
    assert found == (RollupRule("completed", attempted, "all", "atLeastPercent", 0, 0.25),)
    found = rollup('childActivitySet="atLeastCount" minimumCount="2"', "<imsss:rollupConditions/>")
    assert found == (RollupRule("completed", (), "any", "atLeastCount", 2, 0.0),)


def test_what_is_odd_in_a_rollup_rule_is_its_default() -> None:
    found = rollup('childActivitySet="most" minimumCount="x"', "<imsss:rollupConditions/>")
    assert found == (RollupRule("completed"),)


def test_a_rollup_rule_without_conditions_or_a_known_action_is_none() -> None:
    assert rollup("", "") == ()
    assert rollup("", "<imsss:rollupConditions/>", "retry") == ()
    empty = "<imsss:rollupRules><imsss:rollupRule/></imsss:rollupRules>"
    assert said(empty).rollup_rules == ()


# --- objectives

READS_NOT = 'readSatisfiedStatus="false" readNormalizedMeasure="false"'


def objectives(inner: str, adl: str = "", *, version: str = FOURTH) -> Sequencing:
    extension = f"<adlseq:objectives>{adl}</adlseq:objectives>" if adl else ""
    return said(f"<imsss:objectives>{inner}</imsss:objectives>{extension}", version=version)


def test_objectives_are_read_with_their_minimum() -> None:
    found = objectives(
        '<imsss:primaryObjective objectiveID="p" satisfiedByMeasure="true">'
        "<imsss:minNormalizedMeasure>0.6</imsss:minNormalizedMeasure></imsss:primaryObjective>"
        '<imsss:objective objectiveID="o"><imsss:minNormalizedMeasure>2'
        "</imsss:minNormalizedMeasure></imsss:objective><imsss:objective/>"
    )
    assert found.primary == Objective("p", satisfied_by_measure=True, minimum_measure=0.6)
    assert found.objectives == (Objective("o"),)


@pytest.mark.parametrize(
    ("version", "reads"),
    [(VERSIONS[0], VALUES[:2]), (VERSIONS[1], VALUES[:2]), (VERSIONS[2], VALUES)],
)
def test_a_map_reads_all_that_its_edition_knows_and_writes_nothing(
    version: str, reads: tuple[str, ...]
) -> None:
    inner = (
        '<imsss:primaryObjective objectiveID="p"><imsss:mapInfo targetObjectiveID="g"/>'
        "<imsss:mapInfo/></imsss:primaryObjective>"
    )
    assert objectives(inner, version=version).primary.maps == (ObjectiveMap("g", reads),)


@pytest.mark.parametrize("version", VERSIONS[:2])
def test_a_map_says_what_it_reads_and_writes(version: str) -> None:
    inner = (
        '<imsss:primaryObjective><imsss:mapInfo targetObjectiveID="g" readSatisfiedStatus="false"'
        ' writeNormalizedMeasure="true" writeSatisfiedStatus="false"/></imsss:primaryObjective>'
    )
    found = objectives(inner, version=version).primary.maps
    assert found == (ObjectiveMap("g", ("measure",), ("measure",)),)


EXTENSION = (
    '<adlseq:objective objectiveID="p"><adlseq:mapInfo targetObjectiveID="g" readRawScore="false"'
    ' readMinScore="false" readMaxScore="false" writeCompletionStatus="true"'
    ' writeProgressMeasure="true"/><adlseq:mapInfo targetObjectiveID="h" writeRawScore="true"/>'
    '</adlseq:objective><adlseq:objective objectiveID="stranger"/>'
)
MAPPED = (
    f'<imsss:primaryObjective objectiveID="p"><imsss:mapInfo targetObjectiveID="g" {READS_NOT}'
    ' writeSatisfiedStatus="true"/></imsss:primaryObjective>'
)


def test_the_maps_of_the_fourth_edition_are_laid_over_those_of_the_same_target() -> None:
    found = objectives(MAPPED, EXTENSION).primary.maps
    assert found == (
        ObjectiveMap("g", ("completed", "progress"), ("satisfied", "completed", "progress")),
        ObjectiveMap("h", VALUES[2:], ("raw",)),
    )


def test_another_objective_has_maps_of_the_fourth_edition_too() -> None:
    inner = MAPPED.replace("primaryObjective", "objective")
    found = objectives(f"<imsss:primaryObjective/>{inner}", EXTENSION)
    assert found.primary == Objective()
    assert [one.target for one in found.objectives[0].maps] == ["g", "h"]


@pytest.mark.parametrize("version", VERSIONS[:2])
def test_earlier_editions_know_nothing_of_them(version: str) -> None:
    found = objectives(MAPPED, EXTENSION, version=version).primary.maps
    assert found == (ObjectiveMap("g", (), ("satisfied",)),)


def test_two_spellings_of_an_address_are_one_name() -> None:
    inner = (
        '<imsss:primaryObjective objectiveID=" obj%201 "><imsss:mapInfo'
        ' targetObjectiveID="a%62c"/></imsss:primaryObjective>'
    )
    found = objectives(inner).primary
    assert (found.identifier, found.maps[0].target) == ("obj 1", "abc")


# --- collections


def collected(*sequencings: str) -> str:
    return f"<imsss:sequencingCollection>{''.join(sequencings)}</imsss:sequencingCollection>"


SHARED = (
    '<imsss:sequencing ID="S"><imsss:controlMode flow="true" choice="false"/>'
    '<imsss:limitConditions attemptLimit="2" attemptAbsoluteDurationLimit="PT1H"/>'
    '<imsss:objectives><imsss:primaryObjective satisfiedByMeasure="true"/></imsss:objectives>'
    "</imsss:sequencing>"
)


def test_a_collection_is_merged_in_where_it_is_referred_to() -> None:
    found = leaf("", attributes='IDRef="S"', below=collected(SHARED))
    assert found.sequencing == Sequencing(
        flow=True, choice=False, attempt_limit=2, primary=Objective(satisfied_by_measure=True)
    )
    assert (found.scaled_passing_score, found.max_time_allowed) == ("1.0", "PT1H")


def test_whole_parts_of_its_own_go_before_the_collection_s() -> None:
    own = '<imsss:controlMode forwardOnly="true"/>'
    found = said(own, attributes='IDRef="S"', below=collected(SHARED))
    assert (found.forward_only, found.flow, found.choice) == (True, False, True)
    assert found.attempt_limit == 2


def test_the_first_of_a_name_is_taken() -> None:
    second = '<imsss:sequencing ID="S"/>'
    found = said("", attributes='IDRef="S"', below=collected(SHARED, second) + collected(second))
    assert found.flow


@pytest.mark.parametrize("attributes", ['IDRef="absent"', ""])
def test_what_refers_to_nothing_says_what_it_says_itself(attributes: str) -> None:
    own = '<imsss:controlMode flow="true"/>'
    below = collected(SHARED.replace('ID="S"', 'ID="T"'))
    assert said(own, attributes=attributes, below=below) == Sequencing(flow=True)


def test_adl_s_objectives_of_a_collection_are_kept_apart_from_ims_s() -> None:
    extension = f"<adlseq:objectives>{EXTENSION}</adlseq:objectives>"
    shared = f'<imsss:sequencing ID="S" {ADL}>{extension}</imsss:sequencing>'
    own = f"<imsss:objectives>{MAPPED}</imsss:objectives>"
    found = said(own, attributes='IDRef="S"', below=collected(shared))
    assert [one.target for one in found.primary.maps] == ["g", "h"]
