"""The names that cmi5 gives to verbs, activities and extensions."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

_ADL: Final = "http://adlnet.gov/expapi/verbs/"
_OWN: Final = "https://w3id.org/xapi/adl/verbs/"
_CMI5: Final = "https://w3id.org/xapi/cmi5/"


class Verb(StrEnum):
    """The verbs that are defined (9.3)."""

    LAUNCHED = f"{_ADL}launched"
    INITIALIZED = f"{_ADL}initialized"
    COMPLETED = f"{_ADL}completed"
    PASSED = f"{_ADL}passed"
    FAILED = f"{_ADL}failed"
    TERMINATED = f"{_ADL}terminated"
    ABANDONED = f"{_OWN}abandoned"
    WAIVED = f"{_OWN}waived"
    SATISFIED = f"{_OWN}satisfied"

    @property
    def word(self) -> str:
        """Return its last word."""
        return self.value.rpartition("/")[2]


#: What content may say; the others are the LMS's.
OF_CONTENT: Final = frozenset(
    {Verb.INITIALIZED, Verb.COMPLETED, Verb.PASSED, Verb.FAILED, Verb.TERMINATED}
)

#: Marks statements as defined by cmi5 (9.6.2.1), and those that say success or completion.
CATEGORY: Final = f"{_CMI5}context/categories/cmi5"
MOVE_ON_CATEGORY: Final = f"{_CMI5}context/categories/moveon"

COURSE_TYPE: Final = f"{_CMI5}activitytype/course"
BLOCK_TYPE: Final = f"{_CMI5}activitytype/block"

#: Extensions of a context (9.6.3).
SESSION: Final = f"{_CMI5}context/extensions/sessionid"
MASTERY_SCORE: Final = f"{_CMI5}context/extensions/masteryscore"
LAUNCH_MODE: Final = f"{_CMI5}context/extensions/launchmode"
LAUNCH_URL: Final = f"{_CMI5}context/extensions/launchurl"
MOVE_ON: Final = f"{_CMI5}context/extensions/moveon"
LAUNCH_PARAMETERS: Final = f"{_CMI5}context/extensions/launchparameters"
#: Extensions of a result (9.5.5).
PROGRESS: Final = f"{_CMI5}result/extensions/progress"
REASON: Final = f"{_CMI5}result/extensions/reason"

#: The state that holds what content is launched with, and the profile of what its learner likes.
LAUNCH_DATA: Final = "LMS.LaunchData"
PREFERENCES: Final = "cmi5LearnerPreferences"
