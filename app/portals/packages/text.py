"""The names of packages' files."""

from __future__ import annotations

import re
from typing import Final

#: What a file's name may not hold on some system.
_UNUSABLE: Final = re.compile(r'[\x00-\x1f\x7f"*/:<>?\\|]+')
#: Letters of a name at most.
_MOST: Final = 80


def file_name(title: str) -> str:
    """Return what the package of a material is called as a file."""
    plain = " ".join(_UNUSABLE.sub(" ", title).split()).strip(" .")[:_MOST].rstrip(" .")
    return f"{plain or 'package'}.zip"
