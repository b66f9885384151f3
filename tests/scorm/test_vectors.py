"""The vectors that Python and the browser's code share: sessions, with every answer."""

import json
from pathlib import Path
from typing import Any

import pytest

from scorm import runtime
from scorm.edition import Edition

VECTORS = sorted((Path(__file__).resolve().parents[1] / "vectors").glob("*.json"))


def take(step: list[Any], edition: Edition, state: dict[str, Any]) -> list[Any]:
    """Return a get or set as it stands in a vector, with the answer that was given."""
    if step[0] == "get":
        return ["get", step[1], *runtime.get_value(edition, state, step[1])]
    return ["set", step[1], step[2], runtime.set_value(edition, state, step[1], step[2])]


def test_there_are_vectors_of_both_versions() -> None:
    editions = {json.loads(path.read_text("utf-8"))["edition"] for path in VECTORS}
    assert editions == {edition.value for edition in Edition}


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_every_step_of_a_vector_gets_its_answer(path: Path) -> None:
    vector = json.loads(path.read_text("utf-8"))
    edition, launch = Edition(vector["edition"]), runtime.Launch(**vector["launch"])
    state = runtime.begin(edition, launch, None)
    for step in vector["steps"]:
        if step[0] == "begin":
            state = runtime.begin(edition, launch, state)
        elif step[0] == "finish":
            state = runtime.finish(edition, state)
        else:
            assert take(step, edition, state) == step
        assert json.loads(json.dumps(state)) == state
