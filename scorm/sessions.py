"""A learner session on one SCO: what it starts from and what its end makes of the state."""

import copy
from collections.abc import Iterator
from typing import Any, Final

from scorm import duration, outcome
from scorm.edition import Edition
from scorm.element import rows
from scorm.evaluation import completion_of, mastery_of, success_of
from scorm.launch import Launch
from scorm.value_types import check

#: What content says of one session only.
_OF_A_SESSION: Final = (
    "cmi.exit",
    "cmi.core.exit",
    "cmi.session_time",
    "cmi.core.session_time",
    "adl.nav.request",
)
#: What a launch gives only for the first time: content may have set it since.
_SET_BY_CONTENT_LATER: Final = (
    "cmi.completion_status",
    "cmi.core.lesson_status",
    "cmi.learner_preference.language",
    "cmi.student_preference.language",
)


def begin(
    edition: Edition,
    launch: Launch,
    state: dict[str, Any] | None,
    *,
    is_new_attempt: bool | None = None,
) -> dict[str, Any]:
    """Return the state that a new session starts from, given the state of the one before.

    A session that is still open was closed without a word: it counts as suspended, and its time is
    added (once, as the new session has its own). One in which nothing was set simply starts again.
    `is_new_attempt` is the sequencer's word (S&N 4e, DB.2); without it the state itself tells.

    After a finished session SCORM 2004 begins a new attempt with fresh data (RTE 4e, 2.1.1); the
    best outcome so far and the last answers are kept apart. SCORM 1.2 has no such rule, and
    practically all LMSs keep the data there, with an entry of "": so does this one.
    """
    fresh = _fresh(edition, launch)
    if state is None:
        return fresh
    if state["session"] == "open" and state["values"] == fresh["values"]:
        return copy.deepcopy(state)
    if is_new_attempt is None:
        is_new_attempt = edition.is_2004 and state["session"] == "finished"
    if is_new_attempt and not launch.is_asset:
        return {**fresh, "earlier": outcome.to_document(edition, state)}
    resumed = _with_time(edition, state)
    entry = "" if state["session"] == "finished" else "resume"
    values = {k: v for k, v in resumed["values"].items() if k not in _OF_A_SESSION}
    given = {k: v for k, v in fresh["values"].items() if k not in _SET_BY_CONTENT_LATER}
    values |= {**given, _named(edition, "entry"): entry}
    return {**fresh, **resumed, "values": values, "session": fresh["session"]}


def _named(edition: Edition, name: str) -> str:
    """Return the full name of one of those elements that 1.2 keeps under cmi.core."""
    return f"cmi.{name}" if edition.is_2004 else f"cmi.core.{name}"


def _fresh(edition: Edition, launch: Launch) -> dict[str, Any]:
    table = rows(edition)
    given = _given_2004(launch) if edition.is_2004 else _given_1_2(launch)
    # A value that is not what its element holds (a manifest may say anything) is left out.
    values = {
        name: value
        for name, value in given
        if value is not None and check(table[name], value) is None
    }
    state = {"values": values, "counts": {}, "session": "open"}
    if launch.is_asset:
        status = "completion_status" if edition.is_2004 else "lesson_status"
        values[_named(edition, status)] = "completed"
        state["session"] = "finished"
    if edition is Edition.SCORM_2004_4 and launch.shared_data:
        _share(state, launch)
    return state


def _given_2004(launch: Launch) -> Iterator[tuple[str, str | None]]:
    yield "cmi.learner_id", launch.learner_id
    yield "cmi.learner_name", launch.learner_name
    yield "cmi.credit", "credit" if launch.mode == "normal" else "no-credit"
    yield "cmi.mode", launch.mode
    yield "cmi.entry", "ab-initio"
    yield "cmi.launch_data", launch.launch_data
    yield "cmi.scaled_passing_score", launch.scaled_passing_score
    yield "cmi.completion_threshold", launch.completion_threshold
    yield "cmi.max_time_allowed", launch.max_time_allowed
    yield "cmi.time_limit_action", launch.time_limit_action
    yield "cmi.learner_preference.language", launch.language or None


def _given_1_2(launch: Launch) -> Iterator[tuple[str, str | None]]:
    yield "cmi.core.student_id", launch.learner_id
    yield "cmi.core.student_name", launch.learner_name
    yield "cmi.core.credit", "credit" if launch.mode == "normal" else "no-credit"
    yield "cmi.core.lesson_mode", launch.mode
    yield "cmi.core.entry", "ab-initio"
    yield "cmi.launch_data", launch.launch_data
    yield "cmi.student_data.mastery_score", launch.mastery_score
    yield "cmi.student_data.max_time_allowed", launch.max_time_allowed
    yield "cmi.student_data.time_limit_action", launch.time_limit_action
    yield "cmi.student_preference.language", launch.language or None


def _share(state: dict[str, Any], launch: Launch) -> None:
    """Lay out the buckets of adl.data that the manifest maps (RTE 4e, 4.3.1)."""
    restricted = {}
    for at, bucket in enumerate(launch.shared_data):
        state["values"][f"adl.data.{at}.id"] = bucket.target
        access = ("r" if bucket.readable else "") + ("w" if bucket.writable else "")
        if access != "rw":
            restricted[f"adl.data.{at}.store"] = access
    state["counts"]["adl.data"] = len(launch.shared_data)
    if restricted:
        state["access"] = restricted


def finish(edition: Edition, state: dict[str, Any], *, leaving: bool = False) -> dict[str, Any]:
    """Return the state after content has ended its session: time added, statuses settled.

    The session is suspended if content said so by cmi.exit; and where the learner is leaving
    (`leaving`) what 2004 content calls incomplete, for that is the LMS's own suspendAll (S&N 4e,
    3.3), whatever cmi.exit says. To finish again changes nothing but what was set in between.
    """
    state = _with_time(edition, state)
    values = state["values"]
    suspended = values.get(_named(edition, "exit")) == "suspend" or (
        leaving and edition.is_2004 and completion_of(values) == "incomplete"
    )
    state["session"] = "suspended" if suspended else "finished"
    if edition.is_2004:
        values |= _settled_2004(values)
    else:
        values["cmi.core.lesson_status"] = _settled_1_2(values, suspended=suspended)
    return state


def _with_time(edition: Edition, state: dict[str, Any]) -> dict[str, Any]:
    """Return a copy of a state whose session_time has gone into its total_time."""
    state = copy.deepcopy(state)
    session = state["values"].pop(_named(edition, "session_time"), None)
    if session is not None:
        name = _named(edition, "total_time")
        total = state["values"].get(name)
        before = duration.parse(edition, total) if total else 0
        time = before + duration.parse(edition, session)
        state["values"][name] = duration.write(edition, time)
    return state


def _settled_2004(values: dict[str, str]) -> dict[str, str]:
    settled = {
        "cmi.completion_status": completion_of(values),
        "cmi.success_status": success_of(values),
    }
    return {name: value for name, value in settled.items() if value != "unknown"}


def _settled_1_2(values: dict[str, str], *, suspended: bool) -> str:
    """Return the lesson status at the end of a session (RTE 1.2, 3.4.4).

    Content that never set one has completed, or browsed where it was opened to browse. The mastery
    score decides over the content's own word, unless the learner is still in the middle of it.
    """
    status = values.get("cmi.core.lesson_status", "not attempted")
    is_browsing = values.get("cmi.core.lesson_mode") == "browse"
    if suspended:
        return "incomplete" if status == "not attempted" else status
    if values.get("cmi.core.credit") == "credit":
        status = mastery_of(values) or status
    if status == "not attempted":
        return "browsed" if is_browsing else "completed"
    return status
