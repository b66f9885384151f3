"""`make states`: draws docs/dev/states.md from the tables of states; a test compares them."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from app import factory
from app.kernel.workflow import BACK, Transitions
from app.training.candidacies import states as candidacies
from app.training.candidacies import text as candidacy_text
from app.training.changes import states as changes
from app.training.changes import text as change_text
from app.training.enrolment import states as enrolments
from app.training.enrolment import text as enrolment_text
from app.training.plans import states as runs
from app.training.plans import text as run_text
from app.training.results import states as reports
from app.training.results import text as report_text

assert factory

PAGE = Path(__file__).parents[1] / "docs" / "dev" / "states.md"
#: Of which nothing was written has no row, and no state.
REPORT_STATES = {state: report_text.STATES[state] for state in reports.ReportState}
HEAD = """# States and their transitions

Drawn from the tables in the code (`make states`); a test fails where page and tables differ.
An arrow says the action and who may take it.
`move()` in app/kernel/workflow.py is the only way from one state to the next.
"""


def _word(value: object) -> str:
    return str(value[0] if isinstance(value, tuple) else value)


def _diagram(title: str, table: Transitions, words: Mapping[str, object]) -> str:
    lines = [f"## {title}", "", "```mermaid", "stateDiagram-v2"]
    lines += [f'    state "{_word(word)}" as {state}' for state, word in words.items()]
    lines.append("    state before <<choice>>") if _goes_back(table) else None
    for action, transition in table.items():
        who = ", ".join(sorted(transition.who))
        target = "before" if transition.target == BACK else transition.target
        lines += [f"    {source} --> {target}: {action} ({who})" for source in transition.sources]
    return "\n".join([*lines, "```", ""])


def _goes_back(table: Transitions) -> bool:
    return any(transition.target == BACK for transition in table.values())


def page() -> str:
    """Return the page that the tables make."""
    drawn = (
        ("Run (実施回)", runs.TRANSITIONS, run_text.STATES),
        ("Candidacy (推薦・申込)", candidacies.TRANSITIONS, candidacy_text.STATES),
        ("Enrolment (受講者の登録)", enrolments.TRANSITIONS, enrolment_text.STATES),
        ("Change request (変更の申請)", changes.TRANSITIONS, change_text.STATES),
        ("Result report (受講結果報告)", reports.TRANSITIONS, REPORT_STATES),
    )
    return "\n".join([HEAD, *(_diagram(*each) for each in drawn)])


def main() -> int:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
