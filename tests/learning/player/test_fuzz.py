"""Any bytes as a commit or a navigation: a clear refusal that changes nothing."""

from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.learning.records.models import Attempt
from tests.learning.player.conftest import Window

SCALAR = st.one_of(st.none(), st.booleans(), st.integers(-5, 5), st.floats(), st.text(max_size=20))
JSON = st.recursive(
    SCALAR,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=12), inner, max_size=4)
    ),
    max_leaves=12,
)
CHANGE = st.one_of(
    st.tuples(st.sampled_from(["cmi.core.lesson_location", "cmi.suspend_data", "x"]), st.text()),
    JSON,
)
MESSAGE = st.fixed_dictionaries(
    {
        "sequence": st.one_of(st.integers(-1, 4), SCALAR),
        "item": st.one_of(st.sampled_from(["A", "B", "nowhere"]), SCALAR),
        "changes": st.one_of(st.lists(CHANGE, max_size=4), JSON),
        "finished": st.one_of(st.booleans(), SCALAR),
    },
    optional={"leaving": JSON, "calls": JSON},
)
COMMIT = st.one_of(
    st.fixed_dictionaries({"messages": st.one_of(st.lists(MESSAGE, max_size=3), JSON)}),
    st.fixed_dictionaries({"lease": JSON, "messages": JSON}),
    JSON,
)
STEP = st.fixed_dictionaries(
    {
        "step": st.one_of(st.integers(-1, 4), SCALAR),
        "request": st.one_of(
            st.sampled_from(["open", "continue", "exitAll", "{target=B}choice", "{target=}jump"]),
            JSON,
        ),
    }
)
BODY = st.one_of(
    st.binary(max_size=200), st.one_of(COMMIT, STEP).map(lambda body: json.dumps(body).encode())
)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(verb=st.sampled_from(["commit", "navigate"]), body=BODY)
def test_any_body_is_applied_whole_or_refused_by_a_code(
    window: Window, session: Session, verb: str, body: bytes
) -> None:
    if window.step == 0:
        window.go()
    before = _document(session, window)
    answer = window.send(verb, data=body, content_type="application/json")
    assert answer.status_code in (200, 404, 409, 413, 422), answer.get_data(as_text=True)
    if answer.status_code != 200:
        assert answer.get_json()["type"].startswith("urn:kenshu:")
        assert _document(session, window) == before


def _document(session: Session, window: Window) -> dict[str, Any]:
    session.expire_all()
    return copy.deepcopy(session.get_one(Attempt, window.attempt_id).document)
