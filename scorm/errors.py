"""The error codes of both versions of the API, and the short English text of each.

The books fix codes and texts (RTE 1.2, 3.3.3; RTE 2004 4e, 3.1.7); GetErrorString hands the text to
content, never to a person.
"""

from enum import Enum, IntEnum, auto
from typing import Final

from scorm.edition import Edition


class Error12(IntEnum):
    """The codes of SCORM 1.2."""

    NONE = 0
    GENERAL = 101
    ARGUMENT = 201
    NO_CHILDREN = 202
    NO_COUNT = 203
    NOT_INITIALIZED = 301
    NOT_IMPLEMENTED = 401
    KEYWORD = 402
    READ_ONLY = 403
    WRITE_ONLY = 404
    TYPE = 405


class Error2004(IntEnum):
    """The codes of SCORM 2004."""

    NONE = 0
    GENERAL = 101
    INITIALIZATION = 102
    ALREADY_INITIALIZED = 103
    INSTANCE_TERMINATED = 104
    TERMINATION = 111
    TERMINATE_BEFORE_INITIALIZE = 112
    TERMINATE_AFTER_TERMINATE = 113
    GET_BEFORE_INITIALIZE = 122
    GET_AFTER_TERMINATE = 123
    SET_BEFORE_INITIALIZE = 132
    SET_AFTER_TERMINATE = 133
    COMMIT_BEFORE_INITIALIZE = 142
    COMMIT_AFTER_TERMINATE = 143
    ARGUMENT = 201
    GET = 301
    SET = 351
    COMMIT = 391
    UNDEFINED = 401
    UNIMPLEMENTED = 402
    NOT_SET = 403
    READ_ONLY = 404
    WRITE_ONLY = 405
    TYPE = 406
    RANGE = 407
    DEPENDENCY = 408


TEXTS_1_2: Final[dict[int, str]] = {
    Error12.NONE: "No error",
    Error12.GENERAL: "General exception",
    Error12.ARGUMENT: "Invalid argument error",
    Error12.NO_CHILDREN: "Element cannot have children",
    Error12.NO_COUNT: "Element not an array. Cannot have count",
    Error12.NOT_INITIALIZED: "Not initialized",
    Error12.NOT_IMPLEMENTED: "Not implemented error",
    Error12.KEYWORD: "Invalid set value, element is a keyword",
    Error12.READ_ONLY: "Element is read only",
    Error12.WRITE_ONLY: "Element is write only",
    Error12.TYPE: "Incorrect data type",
}

TEXTS_2004: Final[dict[int, str]] = {
    Error2004.NONE: "No Error",
    Error2004.GENERAL: "General Exception",
    Error2004.INITIALIZATION: "General Initialization Failure",
    Error2004.ALREADY_INITIALIZED: "Already Initialized",
    Error2004.INSTANCE_TERMINATED: "Content Instance Terminated",
    Error2004.TERMINATION: "General Termination Failure",
    Error2004.TERMINATE_BEFORE_INITIALIZE: "Termination Before Initialization",
    Error2004.TERMINATE_AFTER_TERMINATE: "Termination After Termination",
    Error2004.GET_BEFORE_INITIALIZE: "Retrieve Data Before Initialization",
    Error2004.GET_AFTER_TERMINATE: "Retrieve Data After Termination",
    Error2004.SET_BEFORE_INITIALIZE: "Store Data Before Initialization",
    Error2004.SET_AFTER_TERMINATE: "Store Data After Termination",
    Error2004.COMMIT_BEFORE_INITIALIZE: "Commit Before Initialization",
    Error2004.COMMIT_AFTER_TERMINATE: "Commit After Termination",
    Error2004.ARGUMENT: "General Argument Error",
    Error2004.GET: "General Get Failure",
    Error2004.SET: "General Set Failure",
    Error2004.COMMIT: "General Commit Failure",
    Error2004.UNDEFINED: "Undefined Data Model Element",
    Error2004.UNIMPLEMENTED: "Unimplemented Data Model Element",
    Error2004.NOT_SET: "Data Model Element Value Not Initialized",
    Error2004.READ_ONLY: "Data Model Element Is Read Only",
    Error2004.WRITE_ONLY: "Data Model Element Is Write Only",
    Error2004.TYPE: "Data Model Element Type Mismatch",
    Error2004.RANGE: "Data Model Element Value Out Of Range",
    Error2004.DEPENDENCY: "Data Model Dependency Not Established",
}


class Refusal(Enum):
    """Why a get or a set is refused; each edition has a code for it."""

    NO_NAME_TO_GET = auto()
    NO_NAME_TO_SET = auto()
    UNKNOWN_CATEGORY = auto()
    UNKNOWN_ELEMENT = auto()
    NO_CHILDREN = auto()
    NO_COUNT = auto()
    ABSENT = auto()
    OUT_OF_ORDER = auto()
    NOT_SET = auto()
    KEYWORD = auto()
    READ_ONLY = auto()
    WRITE_ONLY = auto()
    DEPENDENCY = auto()
    TYPE = auto()
    RANGE = auto()
    TAKEN = auto()


_CODES_1_2: Final[dict[Refusal, int]] = {
    Refusal.NO_NAME_TO_GET: Error12.ARGUMENT,
    Refusal.NO_NAME_TO_SET: Error12.ARGUMENT,
    Refusal.UNKNOWN_CATEGORY: Error12.NOT_IMPLEMENTED,
    Refusal.UNKNOWN_ELEMENT: Error12.ARGUMENT,
    Refusal.NO_CHILDREN: Error12.NO_CHILDREN,
    Refusal.NO_COUNT: Error12.NO_COUNT,
    Refusal.ABSENT: Error12.ARGUMENT,
    Refusal.OUT_OF_ORDER: Error12.ARGUMENT,
    # What was never set reads as the blank (RTE 1.2, 3.4.4).
    Refusal.NOT_SET: Error12.NONE,
    Refusal.KEYWORD: Error12.KEYWORD,
    Refusal.READ_ONLY: Error12.READ_ONLY,
    Refusal.WRITE_ONLY: Error12.WRITE_ONLY,
    Refusal.TYPE: Error12.TYPE,
    Refusal.RANGE: Error12.TYPE,
}

_CODES_2004: Final[dict[Refusal, int]] = {
    Refusal.NO_NAME_TO_GET: Error2004.GET,
    Refusal.NO_NAME_TO_SET: Error2004.SET,
    Refusal.UNKNOWN_CATEGORY: Error2004.UNDEFINED,
    Refusal.UNKNOWN_ELEMENT: Error2004.UNDEFINED,
    Refusal.NO_CHILDREN: Error2004.GET,
    Refusal.NO_COUNT: Error2004.GET,
    Refusal.ABSENT: Error2004.GET,
    Refusal.OUT_OF_ORDER: Error2004.SET,
    Refusal.NOT_SET: Error2004.NOT_SET,
    Refusal.KEYWORD: Error2004.READ_ONLY,
    Refusal.READ_ONLY: Error2004.READ_ONLY,
    Refusal.WRITE_ONLY: Error2004.WRITE_ONLY,
    Refusal.DEPENDENCY: Error2004.DEPENDENCY,
    Refusal.TYPE: Error2004.TYPE,
    Refusal.RANGE: Error2004.RANGE,
    Refusal.TAKEN: Error2004.SET,
}


def code_of(edition: Edition, refusal: Refusal) -> int:
    """Return the code by which an edition's API tells a refusal."""
    return (_CODES_2004 if edition.is_2004 else _CODES_1_2)[refusal]


def text_of(edition: Edition, code: int) -> str:
    """Return the short text of a code (under 255 characters), "" for a code that is none."""
    return (TEXTS_2004 if edition.is_2004 else TEXTS_1_2).get(code, "")
