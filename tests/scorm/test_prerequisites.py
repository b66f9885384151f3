"""AICC's script of prerequisites: every sign of its grammar, and what is no script."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorm import prerequisites
from scorm.prerequisites import ScriptError, allows, names

STATUSES = {
    "P": "passed",
    "C": "completed",
    "F": "failed",
    "I": "incomplete",
    "B": "browsed",
    "N": "not attempted",
}


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("P", True),
        ("C", True),
        *((name, False) for name in "FIBN"),
        ("absent", False),
        ('"P"', True),
        ("P&C", True),
        ("P & F", False),
        ("F|C", True),
        ("F|I", False),
        ("~F", True),
        ("~P", False),
        ("~~P", True),
        ("P|F&I", True),
        ("(P|F)&I", False),
        ("~(F|I)", True),
        ('P="passed"', True),
        ("P=passed", True),
        ("P=Passed", True),
        ("P=completed", False),
        ("P<>completed", True),
        ("P<>passed", False),
        ('N="not attempted"', True),
        ('absent="not attempted"', True),
        ("absent=n", True),
        *((f"{name}={name.lower()}", True) for name in STATUSES),
        ("P=c", False),
        ("P=x", False),
        ("{P,C}", True),
        ("{P,F}", False),
        ("1*{P,F,I}", True),
        ("2*{P,F,I}", False),
        ("2*{P, F, C}", True),
        ("0*{F}", True),
        ("2*{P, F|C, ~I}&C", True),
        ("{P}", True),
    ],
)
def test_a_script_is_true_or_false(script: str, expected: bool) -> None:
    assert prerequisites.parse(script)(STATUSES) is expected
    assert allows(script, STATUSES) is expected


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("P AND C", True),
        ("F or C", True),
        ("NOT F", True),
        ("not (P and F)", True),
        ("P And F", False),
    ],
)
def test_words_stand_for_signs(script: str, expected: bool) -> None:
    assert allows(script, STATUSES) is expected


@pytest.mark.parametrize("script", [None, "", "  \n"])
def test_where_nothing_is_said_nothing_is_locked(script: str | None) -> None:
    assert allows(script, {})


@pytest.mark.parametrize(
    "script",
    [
        "&",
        "P&",
        "P|",
        "~",
        "P C",
        "(P",
        "P)",
        "{P",
        "{P,}",
        "{}",
        "2*P",
        "x*{P}",
        "2*",
        "*{P}",
        "P=",
        "P==passed",
        "P<passed",
        'P="passed',
        "P=(C)",
        "(" * 60 + "P" + ")" * 60,
        "|".join("P" * 1_500),
    ],
)
def test_what_is_no_script_is_refused_and_locks_nothing(script: str) -> None:
    with pytest.raises(ScriptError):
        prerequisites.parse(script)
    with pytest.raises(ScriptError):
        names(script)
    assert allows(script, STATUSES)


def test_a_script_tells_whom_it_speaks_of() -> None:
    assert names('A&~B|2*{C, D="passed", "E"}') == {"A", "B", "C", "D", "E"}
    assert names("章１ AND 章２") == {"章１", "章２"}


@given(st.text("AB&|~=<>(){},*2\" '、", max_size=20))
def test_any_text_is_a_script_or_is_refused(script: str) -> None:
    assert allows(script, {"A": "passed"}) in (True, False)


SCRIPTS = st.recursive(
    st.sampled_from("PCFI"),
    lambda below: st.one_of(
        below.map(lambda one: f"~({one})"),
        st.tuples(below, below).map(lambda two: f"({two[0]}&{two[1]})"),
        st.tuples(below, below).map(lambda two: f"({two[0]}|{two[1]})"),
    ),
    max_leaves=6,
)


@given(SCRIPTS)
def test_scripts_are_as_true_as_logic_has_it(script: str) -> None:
    words = script.replace("~", " not ").replace("&", " and ").replace("|", " or ")
    known = {name: status in ("passed", "completed") for name, status in STATUSES.items()}
    assert allows(script, STATUSES) is eval(words, {}, known)  # noqa: S307 - written above
