"""The rule of completion: a table of examples, and what holds for whatever facts there are."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, strategies

from app.training.completion.models import Facts, Part, Rule
from app.training.completion.service import judge

pytestmark = pytest.mark.requirement("RPT-04")

PACKAGE, EXAM, SURVEY = (Part(kind, "completed") for kind in ("package", "exam", "survey"))
ALL = Rule()
NOTHING = Rule(attendance=False, materials=False, exam=False, survey=False, report="off")
OVER = {"is_over": True, "is_report_over": True}
OK = Facts(
    "enough",
    90,
    360,
    (PACKAGE, replace(EXAM, status="passed", score=80.0), SURVEY),
    asks_report=True,
    report="confirmed",
    **OVER,
)


def parts(**statuses: str) -> tuple[Part, ...]:
    """Return one required material of each kind."""
    return tuple(Part(kind, status) for kind, status in statuses.items())


#: Rule, facts, whether it is completed, what is unmet; what is still open stands behind a `?`.
TABLE = [
    (ALL, OK, True, ""),
    (ALL, Facts(**OVER), True, ""),  # nothing is asked for that the run has none of
    (NOTHING, Facts("not_enough", 300, 360, parts(exam="failed"), **OVER), True, ""),
    # attendance
    (ALL, replace(OK, verdict="not_enough", missed=91), False, "attendance"),
    (ALL, replace(OK, verdict="open"), None, "attendance?"),
    (replace(ALL, attendance=False), replace(OK, verdict="not_enough"), True, ""),
    (ALL, replace(OK, verdict=None, missed=0, total=0), True, ""),
    (ALL, replace(OK, verdict="not_enough", is_over=False), False, "attendance"),
    # materials
    (ALL, replace(OK, parts=parts(package="in_progress")), False, "materials"),
    (ALL, replace(OK, parts=parts(package="in_progress"), is_over=False), None, "materials?"),
    (ALL, replace(OK, parts=parts(document="not_started")), False, "materials"),
    (ALL, replace(OK, parts=parts(link="not_started"), is_over=False), None, "materials?"),
    (ALL, replace(OK, parts=parts(package="passed", document="completed")), True, ""),
    (ALL, replace(OK, parts=parts(package="failed")), False, "materials"),
    (replace(ALL, materials=False), replace(OK, parts=parts(package="not_started")), True, ""),
    (ALL, replace(OK, parts=(PACKAGE, Part("package", "not_started"))), False, "materials"),
    # tests
    (ALL, replace(OK, parts=parts(exam="failed")), False, "exam"),
    (ALL, replace(OK, parts=parts(exam="failed"), is_over=False), None, "exam?"),
    (ALL, replace(OK, parts=parts(exam="not_started"), is_over=False), None, "exam?"),
    (ALL, replace(OK, parts=parts(exam="passed")), True, ""),
    (ALL, replace(OK, parts=parts(exam="completed")), True, ""),  # a test without a pass mark
    (replace(ALL, exam=False), replace(OK, parts=parts(exam="failed")), True, ""),
    # surveys
    (ALL, replace(OK, parts=parts(survey="not_started")), False, "survey"),
    (ALL, replace(OK, parts=parts(survey="in_progress"), is_over=False), None, "survey?"),
    (replace(ALL, survey=False), replace(OK, parts=parts(survey="not_started")), True, ""),
    # reports
    (ALL, replace(OK, report=None), False, "report"),
    (ALL, replace(OK, report=None, is_report_over=False), None, "report?"),
    (ALL, replace(OK, report="draft"), False, "report"),
    (ALL, replace(OK, report="submitted"), None, "report?"),  # the head's turn, however late
    (ALL, replace(OK, report="returned"), False, "report"),
    (ALL, replace(OK, report="returned", is_report_over=False), None, "report?"),
    (ALL, replace(OK, report="accepted"), True, ""),
    (ALL, replace(OK, report="waived"), True, ""),
    (replace(ALL, report="submitted"), replace(OK, report="submitted"), True, ""),
    (replace(ALL, report="accepted"), replace(OK, report="confirmed"), None, "report?"),
    (replace(ALL, report="accepted"), replace(OK, report="accepted"), True, ""),
    (replace(ALL, report="off"), replace(OK, report=None), True, ""),
    (ALL, replace(OK, asks_report=False, report=None), True, ""),
    # several at once, and what was said before
    (
        ALL,
        replace(OK, verdict="not_enough", parts=parts(exam="failed"), report=None),
        False,
        "attendance exam report",
    ),
    (ALL, replace(OK, verdict="not_enough", report="submitted"), False, "attendance report?"),
    (ALL, replace(OK, verdict="open", report="submitted"), None, "attendance? report?"),
    (ALL, replace(OK, is_recorded_failed=True), False, "recorded"),
    (NOTHING, Facts(is_recorded_failed=True), False, "recorded"),
]


@pytest.mark.parametrize(("rule", "facts", "is_completed", "unmet"), TABLE)
def test_the_rule_judges_the_examples(
    rule: Rule, facts: Facts, is_completed: bool | None, unmet: str
) -> None:
    found = judge(rule, facts)
    words = [f"{each}?" if each in found.open else str(each) for each in found.unmet]
    assert (found.is_completed, words) == (is_completed, unmet.split())


_flags = strategies.booleans()
RULES = strategies.builds(
    Rule,
    *(_flags, _flags, _flags, _flags),
    strategies.sampled_from(["off", "submitted", "confirmed", "accepted"]),
)
PART = strategies.builds(
    Part,
    strategies.sampled_from(["package", "exam", "survey", "document", "link"]),
    strategies.sampled_from(["not_started", "in_progress", "completed", "passed", "failed"]),
)
FACTS = strategies.builds(
    Facts,
    verdict=strategies.sampled_from([None, "enough", "not_enough", "open"]),
    parts=strategies.lists(PART, max_size=5).map(tuple),
    asks_report=_flags,
    report=strategies.sampled_from(
        [None, "draft", "submitted", "confirmed", "accepted", "returned", "waived"]
    ),
    is_over=_flags,
    is_report_over=_flags,
    is_recorded_failed=_flags,
)
#: By how much somebody is nearer to completion.
_RANK = {False: 0, None: 1, True: 2}


@given(RULES, FACTS)
def test_nothing_is_unmet_exactly_where_it_is_completed(rule: Rule, facts: Facts) -> None:
    found = judge(rule, facts)
    assert (found.unmet == ()) == (found.is_completed is True)
    assert found.open <= set(found.unmet)
    assert (found.is_completed is None) == bool(found.unmet and found.open == set(found.unmet))


@given(FACTS)
def test_where_nothing_is_asked_for_everybody_has_completed_it(facts: Facts) -> None:
    assert judge(NOTHING, replace(facts, is_recorded_failed=False)).is_completed


@given(RULES, FACTS, strategies.data())
def test_what_is_fulfilled_besides_never_takes_a_completion_away(
    rule: Rule, facts: Facts, data: strategies.DataObject
) -> None:
    before = judge(rule, facts)
    better = replace(facts, verdict="enough") if facts.verdict else facts
    if facts.parts:
        place = data.draw(strategies.integers(0, len(facts.parts) - 1))
        done = replace(facts.parts[place], status="passed")
        better = replace(better, parts=(*facts.parts[:place], done, *facts.parts[place + 1 :]))
    better = replace(better, report=data.draw(strategies.sampled_from([facts.report, "waived"])))
    after = judge(rule, better)
    assert _RANK[after.is_completed] >= _RANK[before.is_completed]
    assert set(after.unmet) <= set(before.unmet)
    more = replace(better, parts=(*better.parts, Part("package", "completed")))
    assert judge(rule, more) == after


@given(RULES, FACTS, strategies.randoms())
def test_the_order_of_the_parts_does_not_matter(rule: Rule, facts: Facts, dice: object) -> None:
    shuffled = list(facts.parts)
    dice.shuffle(shuffled)  # type: ignore[attr-defined] # a random.Random
    assert judge(rule, replace(facts, parts=tuple(shuffled))) == judge(rule, facts)


@given(RULES, FACTS)
def test_what_is_kept_of_a_rule_and_of_facts_says_the_same(rule: Rule, facts: Facts) -> None:
    assert Rule.of(rule.plain()) == rule
    assert Facts.of(facts.plain()) == facts


def test_an_offering_that_says_nothing_asks_for_all_and_for_the_heads_word() -> None:
    assert Rule.of({}) == Rule(True, True, True, True, "confirmed")
    assert Rule.of({"exam": False}) == replace(ALL, exam=False)
