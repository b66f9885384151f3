"""Courses drawn for properties: any shape, and a few sayings of each activity."""

import itertools
from typing import Any

from hypothesis import strategies as st

from scorm.course import Course
from scorm.edition import Edition
from scorm.sequencing.definition import (
    VALUES,
    Condition,
    Objective,
    ObjectiveMap,
    RollupRule,
    Rule,
    Sequencing,
)
from scorm.structure import CompletionThreshold, DataMap, Item, Organization

Sayings = dict[str, dict[str, st.SearchStrategy[Any]]]

EDITIONS = st.sampled_from([edition for edition in Edition if edition.is_2004])
TARGETS = st.sampled_from(["g1", "g2"])
MEASURES = st.sampled_from([-1.0, 0.0, 0.5, 1.0])

#: What cannot change by the end of the present content.
LASTING = ("always", "never", "attempted", "attemptLimitExceeded")
KINDS = (
    *LASTING,
    "satisfied",
    "objectiveStatusKnown",
    "objectiveMeasureKnown",
    "objectiveMeasureGreaterThan",
    "objectiveMeasureLessThan",
    "completed",
    "activityProgressKnown",
    "timeLimitExceeded",
)
PRE = ("skip", "disabled", "hiddenFromChoice", "stopForwardTraversal")
POST = ("exitParent", "exitAll", "retry", "retryAll", "continue", "previous")
ROLLUP = ("satisfied", "notSatisfied", "completed", "incomplete")
CHILD_SETS = ("all", "any", "none", "atLeastCount", "atLeastPercent")
CONSIDERED = st.sampled_from(["always", "ifAttempted", "ifNotSkipped", "ifNotSuspended"])


def conditions(kinds: tuple[str, ...]) -> st.SearchStrategy[tuple[Condition, ...]]:
    one = st.builds(
        Condition, st.sampled_from(kinds), st.booleans(), st.none() | st.just("o"), MEASURES
    )
    return st.lists(one, min_size=1, max_size=2).map(tuple)


def some(one: st.SearchStrategy[Any], most: int) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.just(()) | st.lists(one, max_size=most).map(tuple)


def rules(actions: tuple[str, ...], kinds: tuple[str, ...]) -> st.SearchStrategy[tuple[Rule, ...]]:
    combined = st.sampled_from(["all", "any"])
    return some(st.builds(Rule, st.sampled_from(actions), conditions(kinds), combined), 2)


ROLLUP_RULES = some(
    st.builds(
        RollupRule,
        st.sampled_from(ROLLUP),
        conditions(KINDS),
        st.sampled_from(["all", "any"]),
        st.sampled_from(CHILD_SETS),
        st.integers(0, 3),
        st.sampled_from([0.0, 0.3, 1.0]),
    ),
    2,
)
SOME_VALUES = st.lists(st.sampled_from(VALUES), max_size=3).map(tuple)
MAPS = some(st.builds(ObjectiveMap, TARGETS, SOME_VALUES, SOME_VALUES), 2)


def objectives(identifier: str) -> st.SearchStrategy[Objective]:
    return st.builds(Objective, st.just(identifier), st.booleans(), MEASURES, MAPS)


OFTEN = st.sampled_from([True, True, True, False])
TIMES = st.sampled_from(["once", "onEachNewAttempt"])
#: What an activity may say of itself, by the fields of `Sequencing`; those in one line go together.
SAYINGS: Sayings = {
    "choice": {"choice": st.just(False)},
    "choice_exit": {"choice_exit": st.just(False)},
    "forward_only": {"forward_only": st.just(True)},
    "constrain_choice": {"constrain_choice": st.just(True)},
    "prevent_activation": {"prevent_activation": st.just(True)},
    "present": {"use_current_objective": st.booleans(), "use_current_progress": st.booleans()},
    "pre": {"pre": rules(PRE, KINDS)},
    "exit": {"exit": rules(("exit",), KINDS)},
    "post": {"post": rules(POST, KINDS)},
    "limit": {"attempt_limit": st.integers(0, 2)},
    "rollup": {"rollup_rules": ROLLUP_RULES, "rollup_satisfied": OFTEN, "rollup_progress": OFTEN},
    "weight": {"measure_weight": st.sampled_from([0.0, 0.5])},
    "satisfied": {"required_for_satisfied": CONSIDERED, "required_for_not_satisfied": CONSIDERED},
    "completed": {"required_for_completed": CONSIDERED, "required_for_incomplete": CONSIDERED},
    "waits": {"measure_satisfaction_if_active": st.just(False)},
    "primary": {"primary": objectives("p") | objectives("")},
    "objectives": {"objectives": objectives("o").map(lambda one: (one,))},
    "selection": {"selection_timing": TIMES, "select_count": st.integers(0, 2)},
    "randomization": {"randomization_timing": TIMES, "reorder": OFTEN},
    "tracked": {"tracked": st.just(False)},
    "by_content": {
        "completion_set_by_content": st.booleans(),
        "objective_set_by_content": st.booleans(),
    },
}


#: Those that hold on when the present content ends, and lead nowhere else than it was asked to.
LASTING_SAYINGS = {name: value for name, value in SAYINGS.items() if name not in ("exit", "post")}
LASTING_SAYINGS["pre"] = {"pre": rules(PRE, LASTING)}


@st.composite
def sequencings(draw: st.DrawFn, sayings: Sayings = SAYINGS) -> Sequencing:
    """Draw definitions of which most are the default."""
    said = draw(st.lists(st.sampled_from([*sayings]), max_size=4, unique=True))
    fields = {field: draw(value) for name in said for field, value in sayings[name].items()}
    return Sequencing(flow=draw(OFTEN), **fields)


#: What has leaves (an empty tuple) and what holds them, up to some levels.
SHAPES = st.recursive(
    st.just(()), lambda below: st.lists(below, min_size=1, max_size=3).map(tuple), max_leaves=6
)
THRESHOLDS = st.none() | st.builds(
    CompletionThreshold, st.booleans(), st.sampled_from(["0.5", "1.0"]), st.just("0.5")
)


@st.composite
def courses(draw: st.DrawFn, sayings: Sayings = SAYINGS) -> Course:
    numbers = itertools.count()

    def grown(shape: tuple[Any, ...]) -> Item:
        children = tuple(grown(below) for below in shape)
        name = f"a{next(numbers)}"
        return Item(
            name,
            name,
            href=None if children else f"{name}.html",
            resource_type=draw(st.sampled_from(["sco", "sco", "asset"])),
            completion_threshold=draw(THRESHOLDS),
            sequencing=draw(sequencings(sayings)),
            shared_data=draw(st.just(()) | st.just((DataMap("g1"),))),
            children=children,
        )

    organization = Organization(
        "root",
        "講座",
        tuple(grown(shape) for shape in draw(st.lists(SHAPES, min_size=1, max_size=3))),
        sequencing=draw(sequencings(sayings)),
        completion_threshold=draw(THRESHOLDS),
        objectives_global=draw(st.booleans()),
        shared_data_global=draw(st.booleans()),
    )
    return Course.of(draw(EDITIONS), organization)
