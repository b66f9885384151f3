"""Whether a package ever speaks to an LMS: a SCO that does not is never complete.

Its pages and scripts are looked through for the names that nobody can call the API without (1.2
RTE 3.2, 2004 RTE 4e 3.3). A name that is put together at run time would be missed, so what is found
missing is a warning to the author and no more.
"""

import re
from collections.abc import Iterable
from typing import Final

from scorm.edition import Edition

#: The files that can hold such a call, by the ends of their names in lower case.
SUFFIXES: Final = (".html", ".htm", ".xhtml", ".js", ".mjs")

_NAMES: Final = {
    True: re.compile(rb"API_1484_11"),
    False: re.compile(rb"LMSInitialize|LMSSetValue|LMSFinish|\bAPI\b"),
}


#: As much of one piece is looked at again with the next one: no name is cut in two.
_OVERLAP: Final = 32


def mentions_api(edition: Edition, pieces: Iterable[bytes]) -> bool:
    """Return whether a page or a script names the API that the edition's content is given."""
    pattern, rest = _NAMES[edition.is_2004], b""
    for piece in pieces:
        text = rest + piece
        if b"\0" in text:
            text = text.replace(b"\0", b"")  # in UTF-16, every other byte of a name is zero
        # Plain words are looked for at memory's speed, patterns are not.
        if (b"API" in text or b"LMS" in text) and pattern.search(text):
            return True
        rest = text[-_OVERLAP:]
    return False
