"""Which values of an item, kept as the manifest has them, mean nothing to a SCO's data model."""

import re
from collections.abc import Iterator
from typing import Final

from scorm import duration, prerequisites
from scorm.edition import Edition
from scorm.structure import CompletionThreshold, Item

_TIME_LIMIT_ACTIONS: Final = frozenset(
    {"exit,message", "exit,no message", "continue,message", "continue,no message"}
)
#: What the 2nd and 3rd Editions let a manifest hide (CAM 4e, 5.2.1.1.1), and what the 4th adds.
_CONTROLS: Final = frozenset({"previous", "continue", "exit", "abandon"})
_CONTROLS_4: Final = _CONTROLS | {"exitall", "abandonall", "suspendall"}


def unusable_values(edition: Edition, item: Item) -> Iterator[tuple[str, str]]:
    """Yield the element's name and its text for each value outside what the books allow."""
    if item.mastery_score is not None and not _is_between(item.mastery_score, 0, 100):
        yield "masteryscore", item.mastery_score
    if item.scaled_passing_score is not None and not _is_between(item.scaled_passing_score, -1, 1):
        yield "minNormalizedMeasure", item.scaled_passing_score
    action = item.time_limit_action
    if action is not None and " ".join(action.lower().split()) not in _TIME_LIMIT_ACTIONS:
        yield "timeLimitAction", action
    limit = item.max_time_allowed
    if limit is not None and not _is_duration(edition, limit):
        yield "maxTimeAllowed", limit
    if item.prerequisites is not None and not _is_script(item.prerequisites):
        yield "prerequisites", item.prerequisites
    if item.completion_threshold is not None:
        yield from _unusable_threshold(item.completion_threshold)
    yield from _unusable_controls(edition, item)


def _unusable_controls(edition: Edition, item: Item) -> Iterator[tuple[str, str]]:
    known = _CONTROLS_4 if edition is Edition.SCORM_2004_4 else _CONTROLS
    for control in item.hide_lms_ui:
        if control.lower() not in known:
            yield "hideLMSUI", control


def _unusable_threshold(threshold: CompletionThreshold) -> Iterator[tuple[str, str]]:
    if not _is_between(threshold.minimum, 0, 1):
        yield "minProgressMeasure", threshold.minimum
    if not _is_between(threshold.weight, 0, 1):
        yield "progressWeight", threshold.weight


def _is_script(text: str) -> bool:
    try:
        prerequisites.parse(text)
    except prerequisites.ScriptError:
        return False
    return True


def _is_duration(edition: Edition, text: str) -> bool:
    try:
        duration.parse(edition, text)
    except duration.DurationError:
        return False
    return True


def _is_between(text: str, least: int, most: int) -> bool:
    # A pattern first: float() takes "nan", "1e3" and the digits of other scripts, too.
    return re.fullmatch(r"-?[0-9]+(\.[0-9]*)?", text) is not None and least <= float(text) <= most
