"""How identifiers and numbers are written (RTE 2004 4e, 4.1.1.3, 4.1.1.5), as patterns."""

from typing import Final

#: What an identifier is made of. Strict takes the characters of a URI alone; Japanese content
#: writes its own, which do no harm.
_WORD: Final = r"[^\x00-\x20\x7f{}\[\]<>\x22\\^`|]+"
IDENTIFIER: Final = (
    rf"(?![Uu][Rr][Nn]:){_WORD}|[Uu][Rr][Nn]:[A-Za-z0-9][A-Za-z0-9-]{{1,31}}:{_WORD}"
)
REAL: Final = r"[-+]?(?:[0-9]{1,100}(?:\.[0-9]{0,100})?|\.[0-9]{1,100})"
