"""What is wrong with a question, or was lost on its way in or out: all at once, by stable codes."""

from dataclasses import dataclass, field
from typing import Final, Literal

Severity = Literal["error", "warning"]
Datum = str | int | float

#: Every code of `checking.check`, with the names of its data; a question with any cannot be set.
OF_QUESTIONS: Final = {
    "text_missing": (),
    "text_too_long": ("limit",),
    "points_wrong": ("points",),
    "options_too_few": ("count",),
    "options_too_many": ("count", "limit"),
    "option_empty": ("number",),
    "option_twice": ("text",),
    "right_missing": (),
    "right_several": ("count",),
    "answer_missing": (),  # of a question of true or false
    "blanks_missing": (),
    "blank_without_answer": ("number",),
    "tolerance_wrong": ("number",),
    "marker_missing": ("number",),  # the text has no [[number]] for this blank
    "marker_unknown": ("number",),  # the text has a [[number]] without a blank
    "marker_twice": ("number",),
    "pairs_too_few": ("count",),
    "pair_empty": ("number",),
    "pair_twice": ("text",),
    "distractor_right": ("text",),  # says the same as a pair's right side
    "most_wrong": ("most",),
}


@dataclass(frozen=True)
class Finding:
    """Something found; `data` holds text and numbers only.

    An "error" is a question that cannot be set or was not taken over, a "warning" one that was,
    with something changed or left out.
    """

    code: str
    data: dict[str, Datum] = field(default_factory=dict)
    severity: Severity = "error"


class QuestionError(ValueError):
    """What was given is no question, or no file of any: `code` is stable, `data` plain."""

    def __init__(self, code: str, **data: Datum) -> None:
        super().__init__(code, data)
        self.code = code
        self.data = data
