"""The data model of SCORM 1.2 (RTE 1.2, 3.4), one row an element, in the order of the book."""

from typing import Final

from scorm.row import Element

_IDENTIFIER: Final = "identifier"
_TEXT: Final = "text"
_NUMBER: Final = "decimal"
_SCORE: Final = "decimal_or_blank"
_STATUS: Final = ("passed", "completed", "failed", "incomplete", "browsed", "not attempted")
_TYPES: Final = (
    "true-false",
    "choice",
    "fill-in",
    "matching",
    "performance",
    "sequencing",
    "likert",
    "numeric",
)

#: Strict is 4,096 characters; courses made for years by common tools write far more of this one.
SUSPEND_DATA: Final = 64_000
STRICT_SUSPEND_DATA: Final = 4_096

ELEMENTS: Final = (
    Element("cmi._version", "keyword", "r", default="3.4"),
    Element("cmi.core.student_id", _IDENTIFIER, "r", spm=255),
    Element("cmi.core.student_name", _TEXT, "r", spm=255),
    Element("cmi.core.lesson_location", _TEXT, limit=255),
    Element("cmi.core.credit", "state", "r", vocabulary=("credit", "no-credit"), default="credit"),
    # An LMS alone says "not attempted": content that has begun cannot write it.
    Element("cmi.core.lesson_status", "state", vocabulary=_STATUS[:-1], default="not attempted"),
    Element("cmi.core.entry", "state", "r", vocabulary=("ab-initio", "resume", ""), default=""),
    Element("cmi.core.score.raw", _SCORE, min=0, max=100),
    Element("cmi.core.score.min", _SCORE, min=0, max=100),
    Element("cmi.core.score.max", _SCORE, min=0, max=100),
    Element("cmi.core.total_time", "time_span", "r", default="0000:00:00.00"),
    Element(
        "cmi.core.lesson_mode",
        "state",
        "r",
        vocabulary=("browse", "normal", "review"),
        default="normal",
    ),
    Element("cmi.core.exit", "state", "w", vocabulary=("time-out", "suspend", "logout", "")),
    Element("cmi.core.session_time", "time_span", "w"),
    Element("cmi.suspend_data", _TEXT, spm=STRICT_SUSPEND_DATA, limit=SUSPEND_DATA),
    Element("cmi.launch_data", _TEXT, "r", spm=4096),
    Element("cmi.comments", _TEXT, limit=4096),
    Element("cmi.comments_from_lms", _TEXT, "r", spm=4096),
    Element("cmi.objectives.n.id", _IDENTIFIER, limit=255),
    Element("cmi.objectives.n.score.raw", _SCORE, min=0, max=100),
    Element("cmi.objectives.n.score.min", _SCORE, min=0, max=100),
    Element("cmi.objectives.n.score.max", _SCORE, min=0, max=100),
    Element("cmi.objectives.n.status", "state", vocabulary=_STATUS),
    Element("cmi.student_data.mastery_score", _NUMBER, "r", min=0, max=100),
    Element("cmi.student_data.max_time_allowed", "time_span", "r"),
    Element(
        "cmi.student_data.time_limit_action",
        "state",
        "r",
        vocabulary=(
            "exit,message",
            "exit,no message",
            "continue,message",
            "continue,no message",
        ),
    ),
    Element("cmi.student_preference.audio", "integer", min=-1, max=100),
    Element("cmi.student_preference.language", _TEXT, limit=255),
    Element("cmi.student_preference.speed", "integer", min=-100, max=100),
    Element("cmi.student_preference.text", "integer", min=-1, max=1),
    Element("cmi.interactions.n.id", _IDENTIFIER, "w", limit=255),
    Element("cmi.interactions.n.objectives.n.id", _IDENTIFIER, "w", limit=255),
    Element("cmi.interactions.n.time", "time_of_day", "w"),
    Element("cmi.interactions.n.type", "state", "w", vocabulary=_TYPES),
    Element("cmi.interactions.n.correct_responses.n.pattern", _TEXT, "w", limit=255),
    Element("cmi.interactions.n.weighting", _NUMBER, "w"),
    Element("cmi.interactions.n.student_response", _TEXT, "w", limit=255),
    Element(
        "cmi.interactions.n.result",
        "result",
        "w",
        vocabulary=("correct", "wrong", "unanticipated", "neutral"),
    ),
    Element("cmi.interactions.n.latency", "time_span", "w"),
)

#: The categories whose `_children` may be asked for.
PARENTS: Final = (
    "cmi.core",
    "cmi.core.score",
    "cmi.objectives",
    "cmi.objectives.n.score",
    "cmi.student_data",
    "cmi.student_preference",
    "cmi.interactions",
)
