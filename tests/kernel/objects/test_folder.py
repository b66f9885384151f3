"""The folder: links where it can, and no crash leaves half a file under a key."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from app.kernel.objects import ObjectMissing, objects_of
from app.kernel.objects.folder import LEFT_BEHIND, Folder
from app.kernel.settings import Settings

FILM = "video/1/720.mp4"
#: Puts a file in a process whose files may have 1 MB: writing more than that, the kernel kills it.
#: No second name is given, as on another disk.
KILLED_WHILE_COPYING = """
import os, resource, signal, sys
from pathlib import Path
from app.kernel.objects.folder import Folder

def refuse(*_, **__):
    raise OSError("another disk")

os.link = refuse
signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
Folder(Path(sys.argv[1])).put(sys.argv[2], Path(sys.argv[3]), "video/mp4")
"""
#: Puts a file in a process that dies when all of it is to be made durable.
KILLED_BEFORE_IT_APPEARS = """
import os, signal, sys
from pathlib import Path
from app.kernel.objects.folder import Folder

os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)
Folder(Path(sys.argv[1])).put(sys.argv[2], Path(sys.argv[3]), "video/mp4")
"""


@pytest.fixture
def folder(settings: Settings) -> Folder:
    """The store of an instance of the test's own."""
    found = objects_of(settings)
    assert isinstance(found, Folder)
    return found


def unfinished(settings: Settings) -> list[Path]:
    return list((settings.objects_folder / "unfinished").rglob("*"))


def test_a_folder_is_where_objects_lie_unless_something_else_is_said(
    settings: Settings, folder: Folder, source: Path
) -> None:
    assert objects_of(settings) is folder
    folder.put(FILM, source, "video/mp4")
    assert folder.local(FILM) == settings.instance / "objects" / FILM
    assert folder.local(FILM).stat().st_mode & 0o777 == 0o644
    assert folder.address(FILM, 60) is None
    assert unfinished(settings) == []
    with pytest.raises(ObjectMissing):
        folder.local("video/2/720.mp4")


def test_gigabytes_are_linked_and_not_copied(folder: Folder, source: Path) -> None:
    folder.put(FILM, source, "video/mp4")
    assert folder.local(FILM).samefile(source)
    source.unlink()
    assert folder.read(FILM) == b"0123456789"


def test_what_was_fetched_is_the_callers_own(folder: Folder, source: Path, tmp_path: Path) -> None:
    folder.put(FILM, source, "video/mp4")
    folder.fetch(FILM, tmp_path / "mine")
    (tmp_path / "mine").write_bytes(b"changed")
    assert folder.read(FILM) == b"0123456789"


def test_a_fetch_that_fails_leaves_nothing(folder: Folder, source: Path, tmp_path: Path) -> None:
    folder.put(FILM, source, "video/mp4")
    with pytest.raises(FileNotFoundError):
        folder.fetch(FILM, tmp_path / "nowhere" / "mine")
    (tmp_path / "taken").mkdir()
    with pytest.raises(OSError, match="taken"):
        folder.fetch(FILM, tmp_path / "taken")


def test_where_no_link_can_be_made_it_is_copied(
    folder: Folder, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("another disk")

    monkeypatch.setattr(os, "link", refuse)
    folder.put(FILM, source, "video/mp4")
    assert not folder.local(FILM).samefile(source)
    assert folder.read(FILM) == b"0123456789"


def test_a_file_that_is_not_there_is_not_put(
    folder: Folder, settings: Settings, tmp_path: Path
) -> None:
    with pytest.raises(FileNotFoundError):
        folder.put(FILM, tmp_path / "nowhere", "video/mp4")
    assert folder.about(FILM) is None
    assert unfinished(settings) == []


@pytest.mark.parametrize(
    ("script", "how"),
    [
        (KILLED_WHILE_COPYING, signal.SIGXFSZ),
        (KILLED_BEFORE_IT_APPEARS, signal.SIGKILL),
    ],
)
def test_a_put_that_is_killed_leaves_the_old_under_its_key(
    folder: Folder, settings: Settings, source: Path, tmp_path: Path, script: str, how: int
) -> None:
    folder.put(FILM, source, "video/mp4")
    large = tmp_path / "large"
    large.write_bytes(bytes(3_000_000))
    for key in (FILM, "video/2/720.mp4"):
        command = [sys.executable, "-c", script, str(settings.objects_folder), key, str(large)]
        assert subprocess.run(command, check=False).returncode == -how
    assert folder.read(FILM) == b"0123456789"
    assert list(folder.keys("")) == [FILM]
    assert any(path.is_file() for path in unfinished(settings)), "it died too early to show much"


def test_what_a_crash_left_is_deleted_by_a_put_of_the_day_after(
    folder: Folder, settings: Settings, source: Path
) -> None:
    for name, seconds in (("old", 1), ("under-way", -600)):
        left = settings.objects_folder / "unfinished" / name
        left.mkdir(parents=True)
        (left / "object").write_bytes(b"half")
        moment = left.stat().st_mtime - LEFT_BEHIND.total_seconds() - seconds
        os.utime(left, (moment, moment))
    folder.put(FILM, source, "video/mp4")
    assert {path.name for path in unfinished(settings)} == {"under-way", "object"}


def test_folders_that_are_empty_go_with_their_last_object(
    folder: Folder, settings: Settings, source: Path
) -> None:
    for key in ("work/1/0.mp4", "work/1/1.mp4", "work/2/0.mp4"):
        folder.put(key, source, "video/mp4")
    folder.remove("work/1/")
    assert [path.name for path in (settings.objects_folder / "work").iterdir()] == ["2"]
    folder.remove("work/")
    assert not (settings.objects_folder / "work").exists()
    assert settings.objects_folder.exists()


def test_putting_and_removing_at_once_lose_nothing(folder: Folder, source: Path) -> None:
    """A folder that is removed, being empty, while a file is put into it, is made again."""
    ended = threading.Event()

    def remove() -> None:
        while not ended.is_set():
            folder.remove("work/others/")

    remover = threading.Thread(target=remove)
    remover.start()
    try:
        for number in range(60):
            folder.put(f"work/others/{number}.mp4", source, "video/mp4")
            folder.put(f"work/{number}.mp4", source, "video/mp4")
    finally:
        ended.set()
        remover.join()
    assert len(list(folder.keys("work/"))) - len(list(folder.keys("work/others/"))) == 60


@pytest.mark.parametrize("times", [1, 9, 10])
def test_a_folder_that_is_removed_at_the_last_moment_is_made_again(
    folder: Folder, source: Path, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    really, left = Path.replace, [times]

    def after_somebody_else(path: Path, target: Path) -> Path:
        if left[0]:
            left[0] -= 1
            target.parent.rmdir()
        return really(path, target)

    monkeypatch.setattr(Path, "replace", after_somebody_else)
    if times < 10:
        folder.put(FILM, source, "video/mp4")
        assert folder.read(FILM) == b"0123456789"
    else:
        with pytest.raises(FileNotFoundError):
            folder.put(FILM, source, "video/mp4")


def test_a_reader_reads_to_the_end_what_is_removed_meanwhile(
    folder: Folder, tmp_path: Path
) -> None:
    large = tmp_path / "large"
    large.write_bytes(bytes(3_000_000))
    folder.put(FILM, large, "video/mp4")
    pieces = folder.stream(FILM)
    first = next(pieces)
    folder.remove("video/")
    assert len(first) + sum(map(len, pieces)) == 3_000_000
