"""The forms of captions: a file, a text of one's own; of chapters and the transcript."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast

from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField, TextAreaField
from wtforms.validators import ValidationError

from app.content.captions import text
from app.content.captions.queries import Checked, checked
from app.kernel.language import gettext, lazy
from app.kernel.web.fields import stripped
from app.kernel.web.forms import PostedForm, SelectChoice
from content_packages.captions import Chapters, Problem, read_chapters, write_chapters

#: Most bytes that are taken in before they are looked at: a file beyond it is none of captions.
LARGEST: Final = 4_000_000
#: Characters of a transcript: an hour of speech has some 20,000.
LONGEST_TRANSCRIPT: Final = 200_000


class UploadForm(PostedForm):
    """字幕のファイル."""

    language = SelectField(
        cast("str", lazy("字幕の言語")),
        choices=[SelectChoice(code, cast("str", words)) for code, words in text.LANGUAGES.items()],
        validate_choice=False,  # the library would say it in its own words
    )
    file = FileField(
        cast("str", lazy("字幕のファイル")),
        [FileRequired(cast("str", lazy("字幕のファイルを選んでください。")))],
    )

    def validate_language(self, field: SelectField) -> None:
        """Take one of those that there are."""
        if field.data not in text.LANGUAGES:
            raise ValidationError(gettext("一覧から選び直してください。"))

    def checked(self, duration: float | None) -> Checked | None:
        """Return what the file says; None with errors, which then stand at the field."""
        found = checked(self.file.data.read(LARGEST), duration)
        self.file.errors = text.listed(found.errors)
        return None if found.errors else found


class TextForm(PostedForm):
    """字幕の文章, as WebVTT."""

    text = TextAreaField(cast("str", lazy("字幕（WebVTT）")))

    def checked(self, duration: float | None) -> Checked | None:
        """Return what the text says; None with errors, which then stand at the field."""
        found = checked((self.text.data or "").encode(), duration)
        self.text.errors = text.listed(found.errors, self.text.data or "")
        return None if found.errors else found


class ChaptersForm(PostedForm):
    """目次と、文字で読む内容."""

    chapters = TextAreaField(cast("str", lazy("目次")), filters=[stripped])
    transcript = TextAreaField(cast("str", lazy("文字で読む内容")), filters=[stripped])

    def validate_transcript(self, field: TextAreaField) -> None:
        """Keep it to what is read."""
        if len(field.data or "") > LONGEST_TRANSCRIPT:
            raise ValidationError(
                gettext("%(limit)s文字以内で入力してください。", limit=f"{LONGEST_TRANSCRIPT:,}")
            )

    def fill(self, chapters: Sequence[tuple[float, str]], transcript: str) -> None:
        """Show what there is."""
        self.chapters.data, self.transcript.data = write_chapters(tuple(chapters)), transcript

    def read(self, duration: float | None) -> Chapters | None:
        """Return the chapters as they were typed; None with errors, which then stand there."""
        found = self._read(duration)
        errors = [each for each in found.problems if each.severity == "error"]
        self.chapters.errors = text.listed(errors, self.chapters.data or "")
        return None if errors else found

    def warnings(self, duration: float | None) -> list[Problem]:
        """Return what is odd about the chapters, though they are kept."""
        found = self._read(duration) if self.chapters.data else None
        return [each for each in found.problems if each.severity != "error"] if found else []

    def _read(self, duration: float | None) -> Chapters:
        return read_chapters(self.chapters.data or "", duration)
