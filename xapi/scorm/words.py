"""The names that the profile gives to verbs and activities; its sections are in brackets."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from xapi.speech import ADL_TYPES, ADL_VERBS

PROFILE: Final = "https://w3id.org/xapi/scorm"
COURSE: Final = f"{ADL_TYPES}course"
LESSON: Final = f"{ADL_TYPES}lesson"
#: The profile leaves interactions to the specification (6, Interactions), which names this type.
INTERACTION: Final = f"{ADL_TYPES}cmi.interaction"


class Verb(StrEnum):
    """The verbs that stand for what SCORM content does (3.2, Verb)."""

    INITIALIZED = f"{ADL_VERBS}initialized"
    RESUMED = f"{ADL_VERBS}resumed"
    SUSPENDED = f"{ADL_VERBS}suspended"
    TERMINATED = f"{ADL_VERBS}terminated"
    COMPLETED = f"{ADL_VERBS}completed"
    PASSED = f"{ADL_VERBS}passed"
    FAILED = f"{ADL_VERBS}failed"
    SCORED = f"{ADL_VERBS}scored"
    RESPONDED = f"{ADL_VERBS}responded"
