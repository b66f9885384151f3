"""What holds of how a video is watched: the run's word, else the video's; bound where required."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import flask
import pytest

from app.content.materials.models import Material, MaterialKind
from app.content.videos.models import Completion, Reaction, WatchingRule
from app.training.plans.models import RunItem
from app.training.viewing import queries, text

CODE = {"completion": "code", "hidden": "note"}
#: What the run says, what the video says, whether it is required; and what holds.
TABLE: list[tuple[dict[str, Any], dict[str, Any], bool, WatchingRule]] = [
    ({}, {}, True, WatchingRule(is_bound=True)),
    ({}, {}, False, WatchingRule(is_bound=False)),
    ({"is_bound": False}, {}, True, WatchingRule(is_bound=False)),
    ({"is_bound": True}, {}, False, WatchingRule(is_bound=True)),
    # Whether it is bound, a video does not say: who only looks in is not held.
    ({}, {"is_bound": True}, False, WatchingRule(is_bound=False)),
    ({}, CODE, True, WatchingRule(Completion.CODE, is_bound=True, hidden=Reaction.NOTE)),
    (
        {"completion": "end"},
        CODE,
        True,
        WatchingRule(Completion.END, is_bound=True, hidden=Reaction.NOTE),
    ),
    (
        {"completion": "percent"},
        {"percent": 70},
        True,
        WatchingRule(Completion.PERCENT, 70, is_bound=True),
    ),
    (
        {"percent": 50},
        {"completion": "percent", "percent": 70},
        True,
        WatchingRule(Completion.PERCENT, 50, is_bound=True),
    ),
    (
        {"hidden": "note", "elsewhere": "note"},
        {"hidden": "stop", "elsewhere": "stop"},
        False,
        WatchingRule(hidden=Reaction.NOTE, elsewhere=Reaction.NOTE),
    ),
    (
        {"hidden": "stop"},
        {"hidden": "note", "elsewhere": "note"},
        False,
        WatchingRule(hidden=Reaction.STOP, elsewhere=Reaction.NOTE),
    ),
]


@pytest.mark.requirement("VID-03", "VID-04", "VID-05")
@pytest.mark.parametrize(("said", "play", "is_required", "holds"), TABLE)
def test_what_a_run_does_not_say_is_as_the_video_says(
    said: dict[str, Any], play: dict[str, Any], is_required: bool, holds: WatchingRule
) -> None:
    item = RunItem(watching=said, is_required=is_required)
    assert queries.rule_of(item, Material(play=play)) == holds
    assert queries.ruled(holds.as_document(), play, is_required=is_required) == holds


@pytest.mark.parametrize("kind", [kind for kind in MaterialKind if kind != MaterialKind.VIDEO])
def test_what_is_no_video_is_not_watched(kind: str) -> None:
    part = SimpleNamespace(material_kind=kind, is_required=True, said={}, play={"window": "new"})
    assert queries.watched(part) is None


def test_a_part_that_is_no_material_is_not_watched() -> None:
    part = SimpleNamespace(material_kind=None, is_required=True, said={}, play=None)
    assert queries.watched(part) is None


@pytest.mark.parametrize("completion", Completion)
@pytest.mark.parametrize("is_bound", [True, False])
def test_every_rule_can_be_told_in_both_ways(
    office_app: flask.Flask, completion: Completion, is_bound: bool
) -> None:
    with office_app.test_request_context():
        rule = WatchingRule(completion, 75, is_bound=is_bound)
        brief, told = text.brief(rule), text.told(rule)
    assert told.count("。") == 2
    assert ("75%" in brief, "75%" in told) == (completion == Completion.PERCENT,) * 2
    assert ("早送り不可" in brief, "できません。" in told) == (is_bound, is_bound)
    assert "%%" not in brief + told


def test_what_the_office_and_a_learner_read_of_the_usual_rule(office_app: flask.Flask) -> None:
    with office_app.test_request_context():
        rule = WatchingRule(is_bound=True)
        assert text.brief(rule) == "すべての区間・初回は早送り不可"
        assert text.told(rule) == (
            "すべての区間を見ると完了します。初回は早送りと倍速はできません。"
        )
