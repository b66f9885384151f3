"""A file that comes piece by piece, and its faults: cuts, full disks, writers that are gone."""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from app.kernel import growing
from app.kernel.errors import Locked, NoRoom, NotFound

CONTENT = os.urandom(3 * growing.BLOCK + 17)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "folder" / "film.part"
    growing.start(found)
    return found


class Watched(io.BytesIO):
    """A source during whose second block something else happens."""

    def __init__(self, content: bytes, happen: Callable[[], None]) -> None:
        super().__init__(content)
        self.happen = happen

    def read(self, size: int | None = -1) -> bytes:
        if self.tell() == growing.BLOCK:
            self.happen()
        return super().read(size)


def make_quiet(path: Path) -> None:
    """Let nothing have come for so long that the writer counts as gone."""
    for each in (path, path.with_suffix(".lock")):
        at = each.stat().st_mtime - growing.QUIET.total_seconds() - 1
        os.utime(each, (at, at))


def test_pieces_of_any_size_become_the_file_and_leave_no_lock(path: Path) -> None:
    end = 0
    for size in (1, growing.BLOCK, growing.BLOCK + 1, len(CONTENT)):
        end = growing.append(path, io.BytesIO(CONTENT[end:][:size]), end, len(CONTENT))
    assert growing.standing(path) == end == len(CONTENT)
    assert path.read_bytes() == CONTENT
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_what_came_before_a_fault_of_the_line_is_kept(path: Path) -> None:
    def cut() -> None:
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        growing.append(path, Watched(CONTENT, cut), 0, len(CONTENT))
    assert growing.standing(path) == growing.BLOCK
    assert path.read_bytes() == CONTENT[: growing.BLOCK]


def test_a_writer_that_is_at_work_lets_nobody_else_in(path: Path) -> None:
    refused = []

    def try_all() -> None:
        for verb in (
            lambda: growing.append(path, io.BytesIO(b"x"), growing.BLOCK, len(CONTENT)),
            lambda: growing.standing(path),
            lambda: growing.remove(path),
        ):
            with pytest.raises(Locked):
                verb()
            refused.append(verb)

    growing.append(path, Watched(CONTENT, try_all), 0, len(CONTENT))
    assert len(refused) == 3
    assert path.read_bytes() == CONTENT


def test_the_place_of_a_writer_who_is_gone_is_taken_and_it_writes_no_more(path: Path) -> None:
    def come_again() -> None:
        make_quiet(path)
        end = growing.standing(path)
        assert end == growing.BLOCK
        growing.append(path, io.BytesIO(CONTENT[end:]), end, len(CONTENT))

    with pytest.raises(Locked):
        growing.append(path, Watched(CONTENT, come_again), 0, len(CONTENT))
    assert path.read_bytes() == CONTENT
    assert growing.standing(path) == len(CONTENT)
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_file_that_is_deleted_by_the_next_one_is_written_to_no_more(path: Path) -> None:
    def delete() -> None:
        make_quiet(path)
        growing.remove(path)

    with pytest.raises(Locked):
        growing.append(path, Watched(CONTENT, delete), 0, len(CONTENT))
    with pytest.raises(NotFound):
        growing.standing(path)
    assert list(path.parent.iterdir()) == []


def test_a_full_disk_is_told_and_what_fitted_is_kept(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, left = os.write, [2]

    class Full(io.FileIO):
        def write(self, block: object) -> int:  # type: ignore[override]
            left[0] -= 1
            if left[0] < 0:
                raise OSError(errno.ENOSPC, "full")
            return write(self.fileno(), block)  # type: ignore[arg-type]

    monkeypatch.setattr(Path, "open", lambda found, mode, buffering: Full(found, mode))
    with pytest.raises(NoRoom):
        growing.append(path, io.BytesIO(CONTENT), 0, len(CONTENT))
    monkeypatch.undo()
    assert path.read_bytes() == CONTENT[: 2 * growing.BLOCK]


def test_a_lock_that_was_left_by_a_killed_process_is_in_nobodys_way(path: Path) -> None:
    path.with_suffix(".lock").touch()
    assert growing.append(path, io.BytesIO(b"ab"), 0, 10) == 2


def test_a_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    absent = tmp_path / "absent.part"
    for verb in (growing.standing, growing.remove):
        with pytest.raises(NotFound):
            verb(absent)
    with pytest.raises(NotFound):
        growing.append(absent, io.BytesIO(b"x"), 0, 10)
    assert list(tmp_path.iterdir()) == []
    assert growing.touched_at(absent) is None
