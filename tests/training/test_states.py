"""Every table of states leads somewhere, has its words, and is drawn as it is."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import pytest

from app.kernel.workflow import BACK, Transitions
from app.training.candidacies import states as candidacies
from app.training.candidacies import text as candidacy_text
from app.training.changes import states as changes
from app.training.changes import text as change_text
from app.training.enrolment import states as enrolments
from app.training.enrolment import text as enrolment_text
from app.training.plans import states as runs
from app.training.plans import text as run_text
from tests import states

TABLES = [
    (runs.RunState, runs.TRANSITIONS, run_text.STATES),
    (candidacies.CandidacyState, candidacies.TRANSITIONS, candidacy_text.STATES),
    (enrolments.EnrolmentState, enrolments.TRANSITIONS, enrolment_text.STATES),
    (changes.ChangeState, changes.TRANSITIONS, change_text.STATES),
]


def test_the_page_of_states_is_what_the_tables_say() -> None:
    assert states.PAGE.read_text(encoding="utf-8") == states.page(), "run `make states`"


@pytest.mark.parametrize(("kind", "table", "words"), TABLES)
def test_every_state_is_reached_and_has_one_word(
    kind: type[StrEnum], table: Transitions, words: Mapping[str, object]
) -> None:
    targets = {each.target for each in table.values()} - {BACK}
    sources = {source for each in table.values() for source in each.sources}
    assert targets | sources == set(kind)
    assert set(words) == set(kind)
    told = [str(word[0] if isinstance(word, tuple) else word) for word in words.values()]
    assert len(set(told)) == len(told)


@pytest.mark.parametrize(("kind", "table", "words"), TABLES)
def test_what_goes_back_was_kept(
    kind: type[StrEnum], table: Transitions, words: Mapping[str, object]
) -> None:
    kept = {each.target for each in table.values() if each.keeps}
    back = {source for each in table.values() if each.target == BACK for source in each.sources}
    assert back == kept
