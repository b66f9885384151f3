"""What is said of a login or a launch that is not let in, and of a service that does not answer."""

from __future__ import annotations

from pylti1p3.exception import LtiException


class LaunchRefused(LtiException):
    """A message from a platform that we do not believe, or cannot follow.

    The code is stable: pages, logs and the office's check page make their sentences of it.
    """

    def __init__(self, code: str, **data: str) -> None:
        super().__init__(code)
        self.code = code
        #: What more is known: which claim, which algorithm. Never a value that names a person.
        self.data = data


class LineRefused(Exception):
    """A call to a platform that was not made, or whose answer was not taken."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
