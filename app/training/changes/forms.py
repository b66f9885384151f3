"""What is chosen for a change of a seat: codes and keys, never words."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any, cast

from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired

from app.kernel.language import Lazy, gettext, lazy
from app.kernel.web.forms import PostedForm
from app.people.register.queries import Post
from app.training.changes import text
from app.training.changes.queries import Option

_chosen = InputRequired(cast("str", lazy("選んでください。")))


class ReasonForm(PostedForm):
    """A reason, of a few."""

    # The service says in our words what is wrong with a reason of somebody's own making.
    reason = RadioField(cast("str", lazy("理由")), [_chosen], validate_choice=False)

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.reason.choices = [(code, str(word)) for code, word in text.REASONS.items()]


class MoveForm(ReasonForm):
    """参加回の変更: another run, and why."""

    run = RadioField(cast("str", lazy("移りたい回")), [_chosen], validate_choice=False)

    def offer(self, options: Iterable[Option]) -> None:
        """Let the runs with a free seat be chosen."""
        self.run.choices = [
            (str(option.run_id), gettext("第%(number)s回", number=option.number))
            for option in options
            if option.is_open
        ]

    def run_id(self) -> uuid.UUID | None:
        """Return the chosen run; None where it is none of those that are offered."""
        return _key(self.run)


class ReplaceForm(ReasonForm):
    """差替え: who comes instead, and why."""

    successor = SelectField(
        cast("str", lazy("代わりに受講する人")), [_chosen], validate_choice=False
    )

    def offer(self, staff: Sequence[Post]) -> None:
        """Let these be chosen; of one name, the number and the title tell who is who."""
        self.successor.choices = [
            ("", gettext("選んでください")),
            *(
                (str(post.person_id), f"{post.name}（{post.number} {post.title}）")
                for post in staff
            ),
        ]

    def successor_id(self) -> uuid.UUID | None:
        """Return who is chosen; None where it is none of those who are offered."""
        return _key(self.successor)


class EndForm(ReasonForm):
    """受講者を外す: by which way out, and why."""

    action = RadioField(cast("str", lazy("操作")), [_chosen], validate_choice=False)

    def offer(self, actions: Iterable[tuple[str, Lazy]]) -> None:
        """Let these ways out be chosen."""
        self.action.choices = [(action, str(word)) for action, word in actions]


def _key(field: RadioField | SelectField) -> uuid.UUID | None:
    offered = {value for value, _ in cast("list[tuple[str, str]]", field.choices)}
    return uuid.UUID(field.data) if field.data and field.data in offered else None
