"""Any string as element and value: a code answers, and the state stays a document."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scorm import runtime
from scorm.edition import Edition
from scorm.element import rows
from scorm.launch import Launch

LAUNCH = Launch("k-1", "架空")
INDEX = st.sampled_from(["0", "1", "2", "01", "-1", "9999999999", "n", ""])
VALUE = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "passed",
            "completed",
            "0.5",
            "100",
            "PT1H",
            "0000:10:00",
            "true",
            "a[,]b",
            "a[.]b",
            "choice",
        ]
    ),
)


def elements(edition: Edition) -> st.SearchStrategy[str]:
    """Return names of elements with any index, names near to them, and any text."""
    known = st.sampled_from(sorted(rows(edition)))
    indexed = st.tuples(known, INDEX).map(lambda each: each[0].replace(".n", f".{each[1]}"))
    return st.one_of(indexed, indexed.map(lambda name: name + ".x"), st.text(max_size=60))


@pytest.mark.parametrize("edition", list(Edition))
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_no_call_breaks_a_state(edition: Edition, data: st.DataObject) -> None:
    calls = data.draw(st.lists(st.tuples(elements(edition), VALUE), max_size=25))
    state = runtime.begin(edition, LAUNCH, None)
    for element, value in calls:
        before = json.dumps(state)
        error = runtime.set_value(edition, state, element, value)
        assert error == 0 or json.dumps(state) == before
        told, code = runtime.get_value(edition, state, element)
        assert isinstance(told, str)
        assert int(code) >= 0
    ended = runtime.finish(edition, state)
    assert json.loads(json.dumps(ended)) == ended
    again: dict[str, Any] = runtime.begin(edition, LAUNCH, ended)
    assert json.loads(json.dumps(again)) == again
