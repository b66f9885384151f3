"""The editions of SCORM that differ in what a package may say or a SCO may call."""

from enum import StrEnum


class Edition(StrEnum):
    """An edition; the value is what is stored."""

    SCORM_12 = "1.2"
    SCORM_2004_2 = "2004-2"
    SCORM_2004_3 = "2004-3"
    SCORM_2004_4 = "2004-4"

    @property
    def is_2004(self) -> bool:
        """Whether the content speaks API_1484_11 (true) or API (false)."""
        return self is not Edition.SCORM_12
