"""The table of controls names a proof for each, and none of its links dangles."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "guide" / "protection.md"
ROW = re.compile(r"^\| (C\d\d) \| ([^|]+) \| ([^|]+) \|$", re.M)
LINK = re.compile(r"\[[^\]]+\]\(([^)#]+)(?:#[^)]*)?\)")
CONTROLS = [f"C{number:02}" for number in range(1, 38)]


def rows() -> list[tuple[str, str, str]]:
    return ROW.findall(PAGE.read_text(encoding="utf-8"))


def test_every_control_has_its_row_in_order() -> None:
    assert [control for control, _, _ in rows()] == CONTROLS


def test_every_row_leads_to_a_proof_that_is_there() -> None:
    dangling = [
        (control, link)
        for control, _, proof in rows()
        for link in LINK.findall(proof)
        if not (PAGE.parent / link).is_file()
    ]
    assert dangling == []
    assert [control for control, _, proof in rows() if not LINK.search(proof)] == []


def test_every_test_of_a_control_is_named_in_its_row() -> None:
    proofs = {control: proof for control, _, proof in rows()}
    unnamed = [
        path.name
        for path in sorted(Path(__file__).parent.glob("test_c[0-9][0-9]_*.py"))
        if path.name not in proofs[path.name[5:8].upper()]
    ]
    assert unnamed == []
