"""`make translations`: every sentence of the source, and the English catalogue brought up to it."""

from __future__ import annotations

import sys
from pathlib import Path

from babel.messages import extract, pofile
from babel.messages.catalog import Catalog

ROOT = Path(__file__).parents[1] / "app"
ENGLISH = ROOT / "translations" / "en" / "LC_MESSAGES" / "messages.po"
METHODS = [("**/templates/look.html", "ignore"), ("**.py", "python"), ("**.html", "jinja2")]
KEYWORDS = {**extract.DEFAULT_KEYWORDS, "lazy": None}
#: Extraction reads a template as the application does.
OPTIONS = {"**.html": {"trimmed": "false", "silent": "false"}}


def template() -> Catalog:
    """Return every sentence that the source marks for translation, with its places."""
    catalog = Catalog(project="Kenshu", copyright_holder="Kenshu contributors", fuzzy=False)
    found = extract.extract_from_dir(
        str(ROOT), METHODS, OPTIONS, keywords=KEYWORDS, strip_comment_tags=True
    )
    for place, _line, message, comments, context in found:
        # Places without line numbers: a catalogue must not change because a line moved.
        catalog.add(message, None, [(place, 0)], auto_comments=comments, context=context)
    return catalog


def english() -> Catalog:
    """Return the English catalogue as it stands."""
    with ENGLISH.open("rb") as file:
        return pofile.read_po(file, locale="en")


def main() -> int:
    """Add what is new to the catalogue, drop what is gone; return how many have no translation."""
    catalog = english() if ENGLISH.is_file() else Catalog(locale="en", fuzzy=False)
    catalog.update(template(), no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    ENGLISH.parent.mkdir(parents=True, exist_ok=True)
    with ENGLISH.open("wb") as file:
        pofile.write_po(file, catalog, width=100, include_lineno=False, sort_output=True)
    missing = [message.id for message in catalog if message.id and not message.string]
    for each in missing:
        print(f"not translated: {each}")
    return len(missing) > 0


if __name__ == "__main__":
    sys.exit(main())
