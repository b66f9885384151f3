"""The data model of SCORM 2004 (RTE 4e, 4.2 and 4.3), one row an element, in the book's order."""

from typing import Final

from scorm.row import Element

_TEXT: Final = "text"
_LOCALIZED: Final = "localized_text"
_REAL: Final = "real"
_COMPLETION: Final = ("completed", "incomplete", "not attempted", "unknown")
_SUCCESS: Final = ("passed", "failed", "unknown")
_YES_NO: Final = ("true", "false", "unknown")
_INTERACTION: Final = ("cmi.interactions.n.id",)
_TYPED: Final = ("cmi.interactions.n.id", "cmi.interactions.n.type")
_OBJECTIVE: Final = ("cmi.objectives.n.id",)
_TYPES: Final = (
    "true-false",
    "choice",
    "fill-in",
    "long-fill-in",
    "matching",
    "performance",
    "sequencing",
    "likert",
    "numeric",
    "other",
)

ELEMENTS: Final = (
    Element("cmi._version", "keyword", "r", default="1.0"),
    Element("cmi.comments_from_learner.n.comment", _LOCALIZED, spm=4000),
    Element("cmi.comments_from_learner.n.location", _TEXT, spm=250),
    Element("cmi.comments_from_learner.n.timestamp", "time"),
    Element("cmi.comments_from_lms.n.comment", _LOCALIZED, "r", spm=4000),
    Element("cmi.comments_from_lms.n.location", _TEXT, "r", spm=250),
    Element("cmi.comments_from_lms.n.timestamp", "time", "r"),
    Element("cmi.completion_status", "state", vocabulary=_COMPLETION, default="unknown"),
    Element("cmi.completion_threshold", _REAL, "r", min=0, max=1),
    Element("cmi.credit", "state", "r", vocabulary=("credit", "no-credit"), default="credit"),
    Element("cmi.entry", "state", "r", vocabulary=("ab-initio", "resume", ""), default=""),
    Element("cmi.exit", "state", "w", vocabulary=("time-out", "suspend", "logout", "normal", "")),
    Element("cmi.interactions.n.id", "long_identifier", spm=4000),
    Element("cmi.interactions.n.type", "state", vocabulary=_TYPES, requires=_INTERACTION),
    Element(
        "cmi.interactions.n.objectives.n.id",
        "long_identifier",
        spm=4000,
        requires=_INTERACTION,
        unique=True,
    ),
    Element("cmi.interactions.n.timestamp", "time", requires=_INTERACTION),
    Element("cmi.interactions.n.correct_responses.n.pattern", "pattern", requires=_TYPED),
    Element("cmi.interactions.n.weighting", _REAL, requires=_INTERACTION),
    Element("cmi.interactions.n.learner_response", "learner_response", requires=_TYPED),
    Element(
        "cmi.interactions.n.result",
        "result",
        vocabulary=("correct", "incorrect", "unanticipated", "neutral"),
        requires=_INTERACTION,
    ),
    Element("cmi.interactions.n.latency", "time_interval", requires=_INTERACTION),
    Element("cmi.interactions.n.description", _LOCALIZED, spm=250, requires=_INTERACTION),
    Element("cmi.launch_data", _TEXT, "r", spm=4000),
    Element("cmi.learner_id", "long_identifier", "r", spm=4000),
    Element("cmi.learner_name", _LOCALIZED, "r", spm=250),
    Element("cmi.learner_preference.audio_level", _REAL, min=0, default="1"),
    Element("cmi.learner_preference.language", "language", spm=250, default=""),
    Element("cmi.learner_preference.delivery_speed", _REAL, min=0, default="1"),
    Element(
        "cmi.learner_preference.audio_captioning",
        "state",
        vocabulary=("-1", "0", "1"),
        default="0",
    ),
    Element("cmi.location", _TEXT, spm=1000),
    Element("cmi.max_time_allowed", "time_interval", "r"),
    Element("cmi.mode", "state", "r", vocabulary=("browse", "normal", "review"), default="normal"),
    Element("cmi.objectives.n.id", "long_identifier", spm=4000, unique=True, fixed=True),
    Element("cmi.objectives.n.score.scaled", _REAL, min=-1, max=1, requires=_OBJECTIVE),
    Element("cmi.objectives.n.score.raw", _REAL, requires=_OBJECTIVE),
    Element("cmi.objectives.n.score.min", _REAL, requires=_OBJECTIVE),
    Element("cmi.objectives.n.score.max", _REAL, requires=_OBJECTIVE),
    Element(
        "cmi.objectives.n.success_status",
        "state",
        vocabulary=_SUCCESS,
        default="unknown",
        requires=_OBJECTIVE,
    ),
    Element(
        "cmi.objectives.n.completion_status",
        "state",
        vocabulary=_COMPLETION,
        default="unknown",
        requires=_OBJECTIVE,
    ),
    Element("cmi.objectives.n.progress_measure", _REAL, min=0, max=1, requires=_OBJECTIVE),
    Element("cmi.objectives.n.description", _LOCALIZED, spm=250, requires=_OBJECTIVE),
    Element("cmi.progress_measure", _REAL, min=0, max=1),
    Element("cmi.scaled_passing_score", _REAL, "r", min=-1, max=1),
    Element("cmi.score.scaled", _REAL, min=-1, max=1),
    Element("cmi.score.raw", _REAL),
    Element("cmi.score.min", _REAL),
    Element("cmi.score.max", _REAL),
    Element("cmi.session_time", "time_interval", "w"),
    Element("cmi.success_status", "state", vocabulary=_SUCCESS, default="unknown"),
    Element("cmi.suspend_data", _TEXT, spm=64000),
    Element(
        "cmi.time_limit_action",
        "state",
        "r",
        vocabulary=(
            "exit,message",
            "continue,message",
            "exit,no message",
            "continue,no message",
        ),
        default="continue,no message",
    ),
    Element("cmi.total_time", "time_interval", "r", default="PT0S"),
    Element("adl.nav.request", "navigation", default="_none_"),
    Element("adl.nav.request_valid.continue", "state", "r", vocabulary=_YES_NO, default="unknown"),
    Element("adl.nav.request_valid.previous", "state", "r", vocabulary=_YES_NO, default="unknown"),
    Element("adl.nav.request_valid.choice", "targets", "r"),
)

#: What came with the 4th Edition. The buckets of adl.data are the manifest's: content adds none.
ELEMENTS_4TH: Final = (
    Element("adl.nav.request_valid.jump", "targets", "r"),
    Element("adl.data.n.id", "long_identifier", "r", spm=4000),
    Element("adl.data.n.store", _TEXT, spm=64000, grows=False),
)

#: The collections and sets whose `_children` may be asked for.
PARENTS: Final = (
    "cmi.comments_from_learner",
    "cmi.comments_from_lms",
    "cmi.interactions",
    "cmi.learner_preference",
    "cmi.objectives",
    "cmi.objectives.n.score",
    "cmi.score",
    "adl.data",
)
