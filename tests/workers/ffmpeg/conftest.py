"""Films that are made once, by the first test that asks for one."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.workers.ffmpeg import kinds


@pytest.fixture(scope="session")
def films(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return the file of a kind of film, by its name in `kinds.KINDS`."""
    folder = tmp_path_factory.mktemp("films")
    made: dict[str, Path] = {}

    def film(name: str) -> Path:
        if name not in made:
            made[name] = folder / name
            kinds.KINDS[name](made[name])
        return made[name]

    return film
