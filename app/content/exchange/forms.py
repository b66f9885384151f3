"""The form of a file of questions."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from flask_wtf.file import FileField, FileRequired

from app.content.exchange import text
from app.content.exchange.queries import Checked, checked, read
from app.content.imports import text as packages
from app.kernel.errors import Refused
from app.kernel.language import gettext, lazy
from app.kernel.web import filters, uploads
from app.kernel.web.forms import PostedForm
from app.kernel.web.problems import sentence
from content_packages.errors import PackageRefused
from content_packages.questions.findings import QuestionError


class FileForm(PostedForm):
    """問題の取込."""

    file = FileField(
        cast("str", lazy("問題のファイル")),
        [FileRequired(cast("str", lazy("ファイルを選んでください。")))],
    )

    def checked(self, folder: Path) -> Checked | None:
        """Return what the file would add, and leave nothing of it.

        None where it cannot be read at all; then the field says why.
        """
        upload = uploads.keep(self.file.data, folder)
        path = folder / upload.name
        try:
            return checked(read(path, upload.file_name))
        except Refused as refusal:
            said = sentence(refusal.code, refusal.data)
        except QuestionError as error:
            said = text.refusal(error, filters.size)
        except PackageRefused as error:
            said = packages.refusal(error.code, error.data, filters.size)
        finally:
            path.unlink()
        self.file.errors = [gettext("%(what)s。%(mending)s", what=said[0], mending=said[1])]
        return None
