"""Whatever is refused at a portal's gate, or by a portal's services, has its words."""

from __future__ import annotations

import re
from pathlib import Path

from app.portals.gate import text as gate
from app.portals.gate.queries import ACCEPTED
from app.portals.links import text as links

ROOT = Path(__file__).parents[2]
SOURCES = [*(ROOT / "lti").glob("*.py"), *(ROOT / "app" / "portals").rglob("*.py")]


def codes(name: str) -> set[str]:
    """Return the codes that an error of some name is raised with, anywhere."""
    found = re.compile(rf'\b{name}\(\s*"(\w+)"')
    return {code for path in SOURCES for code in found.findall(path.read_text(encoding="utf-8"))}


def test_every_reason_of_the_gate_has_its_words_and_none_is_left_over() -> None:
    # Steps of the library's are called by our names.
    named = codes("LaunchRefused") | codes("_as")
    assert named == set(gate.REASONS) - {ACCEPTED}


def test_every_refusal_of_a_service_has_its_words() -> None:
    assert codes("ServiceRefused") <= set(links.SERVICES)
