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
#: Every code of reading a file, beside those. Each finding has a place too: `line` (of GIFT) or
#: `file` (of QTI). What is an error was not taken over; the others of the file are.
OF_READING: Final = {
    # errors
    "answers_missing": (),  # a text that asks nothing
    "answers_unreadable": (),
    "braces_unbalanced": (),
    "number_unreadable": ("text",),
    "file_missing": (),  # named by the manifest
    "file_refused": ("reason",),  # by the code of scorm.xml
    "item_unknown": ("name",),  # the file is XML of another kind
    "interaction_missing": (),
    "interaction_unknown": ("name",),
    "interactions_several": (),
    "right_answer_missing": (),  # nothing in the file says what is right
    "pairs_not_one_to_one": (),
    # warnings
    "markup_left_out": ("names",),  # names of elements, in order, with commas
    "markdown_kept": (),
    "weights_changed": (),  # answers earn other parts than the file says
    "feedback_moved": (),  # said of one answer in the file, and of all from now on
    "feedback_left_out": (),
    "answers_left_out": ("count",),
    "choices_written_out": (),  # a menu in the text became a blank, its choices stand behind it
    "processing_unknown": ("name",),  # taken over by the right answer the file gives
    "manifest_missing": (),
    "resources_left_out": ("count",),  # of the package: pictures and the like
}
#: Every code of writing to a file, beside those of OF_QUESTIONS; each has the question's `id`.
OF_WRITING: Final = {
    "kind_left_out": ("kind",),  # an error: the format has no such question
    "arrow_left_out": (),  # an error: a text holds ->, which means something else in the format
    "points_left_out": (),
    "partial_changed": (),
    "order_left_out": (),  # that options are not to be shuffled
    "case_left_out": (),
    "feedback_left_out": (),  # of what is put in order
    "accepted_left_out": (),
    "model_left_out": (),
    "most_left_out": (),
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


def warning(code: str, **data: Datum) -> Finding:
    """Return a finding about what was taken over with something changed or left out."""
    return Finding(code, data, "warning")


class QuestionError(ValueError):
    """What was given is no question, or no file of any: `code` is stable, `data` plain."""

    def __init__(self, code: str, **data: Datum) -> None:
        super().__init__(code, data)
        self.code = code
        self.data = data
