"""The names of cmi5 are those that its specification has, letter for letter."""

from __future__ import annotations

import pytest

from xapi.cmi5 import words
from xapi.cmi5.course import Mode, MoveOn
from xapi.cmi5.words import OF_CONTENT, Verb


@pytest.mark.parametrize(
    ("verb", "iri", "word"),
    [
        (Verb.LAUNCHED, "http://adlnet.gov/expapi/verbs/launched", "launched"),
        (Verb.INITIALIZED, "http://adlnet.gov/expapi/verbs/initialized", "initialized"),
        (Verb.COMPLETED, "http://adlnet.gov/expapi/verbs/completed", "completed"),
        (Verb.PASSED, "http://adlnet.gov/expapi/verbs/passed", "passed"),
        (Verb.FAILED, "http://adlnet.gov/expapi/verbs/failed", "failed"),
        (Verb.TERMINATED, "http://adlnet.gov/expapi/verbs/terminated", "terminated"),
        (Verb.ABANDONED, "https://w3id.org/xapi/adl/verbs/abandoned", "abandoned"),
        (Verb.WAIVED, "https://w3id.org/xapi/adl/verbs/waived", "waived"),
        (Verb.SATISFIED, "https://w3id.org/xapi/adl/verbs/satisfied", "satisfied"),
    ],
)
def test_a_verb_has_its_iri_and_its_word(verb: Verb, iri: str, word: str) -> None:
    """9.3.1 to 9.3.9."""
    assert (verb.value, verb.word) == (iri, word)


def test_four_verbs_are_ours_and_the_others_the_contents() -> None:
    ours = {Verb.LAUNCHED, Verb.ABANDONED, Verb.WAIVED, Verb.SATISFIED}
    assert set(Verb) - OF_CONTENT == ours


@pytest.mark.parametrize(
    ("said", "word"),
    [
        (words.CATEGORY, "context/categories/cmi5"),
        (words.MOVE_ON_CATEGORY, "context/categories/moveon"),
        (words.COURSE_TYPE, "activitytype/course"),
        (words.BLOCK_TYPE, "activitytype/block"),
        (words.SESSION, "context/extensions/sessionid"),
        (words.MASTERY_SCORE, "context/extensions/masteryscore"),
        (words.LAUNCH_MODE, "context/extensions/launchmode"),
        (words.LAUNCH_URL, "context/extensions/launchurl"),
        (words.MOVE_ON, "context/extensions/moveon"),
        (words.LAUNCH_PARAMETERS, "context/extensions/launchparameters"),
        (words.PROGRESS, "result/extensions/progress"),
        (words.REASON, "result/extensions/reason"),
    ],
)
def test_categories_types_and_extensions_have_their_iris(said: str, word: str) -> None:
    """9.4, 9.5.5, 9.6.2 and 9.6.3."""
    assert said == f"https://w3id.org/xapi/cmi5/{word}"


def test_documents_have_their_names() -> None:
    """10.1 and 11.0."""
    assert (words.LAUNCH_DATA, words.PREFERENCES) == ("LMS.LaunchData", "cmi5LearnerPreferences")


def test_criteria_and_modes_are_those_of_the_course_structure_and_of_the_launch() -> None:
    """13.1.4 and 10.2.2."""
    assert [each.value for each in MoveOn] == [
        "Passed", "Completed", "CompletedAndPassed", "CompletedOrPassed", "NotApplicable",
    ]  # fmt: skip
    assert [each.value for each in Mode] == ["Normal", "Browse", "Review"]
