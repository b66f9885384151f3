"""The guides name commands that there are, and the operation guide has its chapters."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.cli import COMMANDS

DOCS = Path(__file__).parents[2] / "docs"
GUIDES = [*sorted((DOCS / "guide").glob("*.md")), DOCS / "dev/commands.md"]
CHAPTERS = (
    *("年度替わり", "開示の請求", "訂正と利用停止", "メール"),
    *("バックアップ", "障害", "点検", "契約の終了"),
)


def test_every_command_is_in_the_list_of_commands() -> None:
    listed = (DOCS / "dev/commands.md").read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"`kenshu {name}" not in listed] == []


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_a_guide_names_no_command_that_is_gone(guide: Path) -> None:
    named = set(re.findall(r"(?<!-u )\bkenshu ([a-z][a-z-]+)", guide.read_text(encoding="utf-8")))
    assert named - set(COMMANDS) == set()


@pytest.mark.requirement("OPS-07")
def test_the_operation_guide_has_its_chapters() -> None:
    said = (DOCS / "guide/operation.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (.+)$", said, re.MULTILINE) == list(CHAPTERS)
