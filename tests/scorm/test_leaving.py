"""The learner leaves the player: the LMS suspends what 2004 content calls incomplete."""

from __future__ import annotations

import pytest

from scorm import runtime
from scorm.edition import Edition

LAUNCH = runtime.Launch(learner_id="1", learner_name="架空 太郎")


@pytest.mark.parametrize(
    ("said", "leaving", "suspended"),
    [
        ("incomplete", True, True),
        ("incomplete", False, False),
        ("completed", True, False),
        (None, True, False),
    ],
)
def test_leaving_suspends_only_what_is_incomplete(
    said: str | None, leaving: bool, suspended: bool
) -> None:
    edition = Edition.SCORM_2004_4
    state = runtime.begin(edition, LAUNCH, None)
    runtime.set_value(edition, state, "cmi.location", "3")
    if said:
        runtime.set_value(edition, state, "cmi.completion_status", said)
    runtime.set_value(edition, state, "cmi.exit", "normal")
    after = runtime.finish(edition, state, leaving=leaving)
    assert runtime.is_suspended(after) is suspended
    again = runtime.begin(edition, LAUNCH, after)
    assert runtime.get_value(edition, again, "cmi.location")[0] == ("3" if suspended else "")
