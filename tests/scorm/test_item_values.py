"""Values of an item outside what the books allow are told, all others are not."""

import pytest

from scorm.edition import Edition
from scorm.item_values import unusable_values
from scorm.structure import CompletionThreshold, Item

SCORM_12, FOURTH = Edition.SCORM_12, Edition.SCORM_2004_4


def item(**values: object) -> Item:
    return Item("I", "項目", **values)


def test_an_item_that_says_nothing_is_without_fault():
    assert [list(unusable_values(edition, item())) for edition in Edition] == [[], [], [], []]


@pytest.mark.parametrize(
    ("edition", "values"),
    [
        (SCORM_12, {"mastery_score": "0"}),
        (SCORM_12, {"mastery_score": "100.0"}),
        (FOURTH, {"scaled_passing_score": "-1"}),
        (FOURTH, {"scaled_passing_score": "1.0"}),
        (SCORM_12, {"time_limit_action": "Exit,no  message"}),
        (SCORM_12, {"max_time_allowed": "02:30:00.5"}),
        (FOURTH, {"max_time_allowed": "P5Y6M4DT12H30M58S"}),
        (SCORM_12, {"prerequisites": 'A1&(A2|~A3="failed")'}),
        (SCORM_12, {"prerequisites": "A1 AND 2*{A2, A3, A4}"}),
        (FOURTH, {"completion_threshold": CompletionThreshold(True, "0.25", "0")}),
        (FOURTH, {"hide_lms_ui": ("suspendAll", "exitAll", "continue")}),
        (Edition.SCORM_2004_3, {"hide_lms_ui": ("previous", "continue", "exit", "abandon")}),
    ],
)
def test_a_value_the_books_allow_is_not_told(edition, values):
    assert list(unusable_values(edition, item(**values))) == []


@pytest.mark.parametrize(
    ("edition", "values", "told"),
    [
        (SCORM_12, {"mastery_score": "101"}, [("masteryscore", "101")]),
        (SCORM_12, {"mastery_score": "80%"}, [("masteryscore", "80%")]),
        (SCORM_12, {"mastery_score": "NaN"}, [("masteryscore", "NaN")]),
        (SCORM_12, {"mastery_score": "８０"}, [("masteryscore", "８０")]),
        (FOURTH, {"scaled_passing_score": "-1.1"}, [("minNormalizedMeasure", "-1.1")]),
        (FOURTH, {"time_limit_action": "stop"}, [("timeLimitAction", "stop")]),
        (SCORM_12, {"max_time_allowed": "PT1H"}, [("maxTimeAllowed", "PT1H")]),
        (FOURTH, {"max_time_allowed": "01:00:00"}, [("maxTimeAllowed", "01:00:00")]),
        (SCORM_12, {"prerequisites": "A1 A2"}, [("prerequisites", "A1 A2")]),
        (SCORM_12, {"prerequisites": "A1&"}, [("prerequisites", "A1&")]),
        (
            FOURTH,
            {"completion_threshold": CompletionThreshold(True, "70", "-1")},
            [("minProgressMeasure", "70"), ("progressWeight", "-1")],
        ),
        (FOURTH, {"hide_lms_ui": ("next", "")}, [("hideLMSUI", "next"), ("hideLMSUI", "")]),
        (Edition.SCORM_2004_3, {"hide_lms_ui": ("suspendAll",)}, [("hideLMSUI", "suspendAll")]),
    ],
)
def test_a_value_outside_is_told_by_its_name(edition, values, told):
    assert list(unusable_values(edition, item(**values))) == told
