"""A navigation request in the engine, on trees of a thousand activities of three shapes."""

from __future__ import annotations

import time

from benchmarks.figures import percentile, tell
from scorm.attempt import Attempt
from scorm.course import Course
from scorm.edition import Edition
from scorm.launch import Launch
from scorm.sequencing.definition import Condition, Rule, Sequencing
from scorm.structure import Item, Organization

#: Children at each level: deep, as broad as deep, and one flat list.
SHAPES = ((10, 10, 9), (31, 31), (999,))
REQUESTS = 200
_CLUSTER = Sequencing(flow=True)
_LEAF = Sequencing(pre=(Rule("disabled", (Condition("attemptLimitExceeded"),)),), attempt_limit=9)


def measure() -> None:
    """Tell the milliseconds of a continue, and of all that may be asked for after it."""
    for shape in SHAPES:
        course = Course.of(Edition.SCORM_2004_4, _organization(shape))
        attempt = Attempt(course, {})
        attempt.navigate("open", None, _launch)
        followed, told = [], []
        for _ in range(REQUESTS):
            began = time.perf_counter()
            attempt.navigate("continue", None, _launch)
            followed.append(1000 * (time.perf_counter() - began))
            began = time.perf_counter()
            attempt.controls()
            told.append(1000 * (time.perf_counter() - began))
        assert course.tree is not None
        tell(
            "engine.navigation",
            percentile(followed, 0.5),
            "ms",
            p95_ms=round(percentile(followed, 0.95), 2),
            controls_ms=round(percentile(told, 0.5), 2),
            activities=len(course.tree.activities),
            shape="x".join(map(str, shape)),
        )


def _launch(item: Item) -> Launch:
    return Launch.of(item, learner_id="1", learner_name="架空", language="", mode="normal")


def _organization(shape: tuple[int, ...]) -> Organization:
    return Organization("o", "教材", _items("i", shape), sequencing=_CLUSTER)


def _items(above: str, shape: tuple[int, ...]) -> tuple[Item, ...]:
    names = [f"{above}.{place}" for place in range(shape[0])]
    if len(shape) == 1:
        return tuple(Item(name, name, "r", "index.html", "sco", sequencing=_LEAF) for name in names)
    return tuple(
        Item(name, name, sequencing=_CLUSTER, children=_items(name, shape[1:])) for name in names
    )
