"""What the office enters when it chooses: for whom, what, and what it takes upon itself."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import cast

from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField

from app.kernel.errors import Refused
from app.kernel.language import gettext, lazy
from app.kernel.web.forms import PostedForm, SelectChoice
from app.training.selection.queries import NOTHING, RunChoice
from app.training.selection.service import PROPOSALS, Choice

#: What the choice of a run says where each is to have their own first wish.
WISH = ""
#: What the button says that proposes by rank, for nobody in particular.
BY_RANK = "by_rank"


class ProposalForm(PostedForm):
    """決定案: some of the list, what is proposed of them, and for which run."""

    candidacy = SelectMultipleField(validate_choice=False)
    run = SelectField(cast("str", lazy("決定・補欠の回")), validate_choice=False)
    proposal = SelectField(
        choices=[SelectChoice(word, "") for word in (*PROPOSALS, NOTHING, BY_RANK)]
    )

    def offer(self, runs: Sequence[RunChoice]) -> None:
        """Let these runs be chosen, or each one's own wish."""
        self.run.choices = [
            (WISH, gettext("それぞれの第1希望")),
            *(
                (str(run.id), gettext("第%(number)s回", number=run.number))
                for run in runs
                if run.is_taking
            ),
        ]

    def data_of(self) -> tuple[list[uuid.UUID], str | None, uuid.UUID | None]:
        """Return who is chosen, what is proposed (None takes it back), and the run.

        Raises Refused("bad_request") for what no page of ours sends.
        """
        if not self.validate():
            raise Refused("bad_request")
        proposal = None if self.proposal.data == NOTHING else str(self.proposal.data)
        run = self.run.data or WISH
        return keys(self.candidacy.data or ()), proposal, keys([run])[0] if run != WISH else None


class ConfirmForm(PostedForm):
    """確定: the mark of what was looked at, and what is done knowingly."""

    seen = HiddenField()
    may_exceed = BooleanField(cast("str", lazy("定員を超えることを承知で確定する")))
    may_clash = BooleanField(cast("str", lazy("時間が重なることを承知で確定する")))

    def data_of(self) -> Choice:
        """Return what the office says beside the proposals."""
        return Choice(self.may_exceed.data, self.may_clash.data, self.seen.data or "")


class LineForm(PostedForm):
    """補欠の順: one who waits, and what is done with them."""

    candidacy = HiddenField()
    action = SelectField(choices=[SelectChoice(word, "") for word in ("up", "down", "pass_over")])

    def data_of(self) -> tuple[uuid.UUID, str]:
        """Return who is meant, and what is done; raises what `ProposalForm.data_of` raises."""
        if not self.validate():
            raise Refused("bad_request")
        return keys([self.candidacy.data])[0], str(self.action.data)


def keys(words: Sequence[object]) -> list[uuid.UUID]:
    """Return keys from their texts; raises Refused("bad_request") where one is none."""
    try:
        return [uuid.UUID(str(word)) for word in words]
    except ValueError as error:
        raise Refused("bad_request") from error


def only_run(words: object) -> uuid.UUID:
    """Return the run that a form names; raises Refused("run_needed") where it names none."""
    if not words:
        raise Refused("run_needed")
    return keys([words])[0]
