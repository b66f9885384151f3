"""Running ffmpeg and ffprobe: how far it is, how long it may take, and its end with ours."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from functools import partial
from threading import Timer
from typing import IO, TYPE_CHECKING, Final

from app.kernel.errors import Refused
from app.kernel.processes import die_with

if TYPE_CHECKING:
    from collections.abc import Iterator

log = logging.getLogger(__name__)

#: Formats of one film in one file. Playlists and the like, which name other files, are not among
#: them, nor are those that take any text for a film.
FORMATS: Final = "mov,matroska,avi,asf,mpegts,mpeg,mpegvideo,flv,ogg,mxf,dv"
#: Pixels of a picture: an 8K film has fewer; a picture of more would fill the memory.
MOST_PIXELS: Final = 8192 * 4608
#: What every film is opened with.
GUARDS: Final = {
    "protocol_whitelist": "file",
    "format_whitelist": FORMATS,
    "max_pixels": str(MOST_PIXELS),
}
#: How much kinder than the web server's processes to everybody else (nice(2)).
NICENESS: Final = 10
#: Bytes of what ffmpeg says that are kept, for the log.
TAIL: Final = 2000

#: Told of the seconds of film that are done; what it raises ends the run.
Heard = Callable[[float], None]


class RunError(Exception):
    """ffmpeg has ended with an error; its last words are the operator's, not the author's."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(f"ffmpeg ended with {code}: {words}")


def run(command: Sequence[str], *, limit: float, heard: Heard = lambda _: None) -> str:
    """Run one ffmpeg to its end, in at most `limit` seconds; return its last words.

    Raises RunError where it fails, Refused("video_took_too_long"), and what `heard` raises; nothing
    of it is left running in any case.
    """
    log.debug("ffmpeg.begun", extra={"command": " ".join(command)})
    with (
        tempfile.TemporaryFile() as words,
        _started([*command, "-progress", "pipe:1", "-nostats"], words) as process,
        _limited(process, limit) as is_late,
    ):
        assert process.stdout is not None
        for line in process.stdout:
            name, _, value = line.partition(b"=")
            if name == b"out_time_us" and value.strip().isdigit():
                heard(int(value) / 1e6)
        code = process.wait()
        if is_late():
            raise Refused("video_took_too_long", minutes=round(limit / 60))
        if code:
            raise RunError(code, _tail(words))
        return _tail(words)


def ask(command: Sequence[str], *, limit: float) -> bytes:
    """Run one ffprobe and return what it says; raises as `run` does."""
    with (
        tempfile.TemporaryFile() as words,
        _started(command, words) as process,
        _limited(process, limit) as is_late,
    ):
        said, _ = process.communicate()
        if is_late():
            raise Refused("video_took_too_long", minutes=round(limit / 60))
        if process.returncode:
            raise RunError(process.returncode, _tail(words))
        return said


@contextmanager
def _started(command: Sequence[str], words: IO[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """Start a child that dies with this process, and is gone when the block is left."""
    process = subprocess.Popen(  # noqa: S603 - our own command, no shell
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=words,
        preexec_fn=partial(_settle, os.getpid()),  # noqa: PLW1509 - it forks from the main thread, and touches no lock
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def _settle(parent: int) -> None:
    """Prepare the child: it goes when the parent goes, and leaves the processor to others."""
    die_with(parent, signal.SIGKILL)
    os.nice(NICENESS)


@contextmanager
def _limited(process: subprocess.Popen[bytes], limit: float) -> Iterator[Callable[[], bool]]:
    """Kill a process after its limit; yield a function that says whether that was so."""
    late: list[bool] = []

    def end() -> None:
        late.append(True)
        process.kill()

    timer = Timer(limit, end)
    timer.start()
    try:
        yield lambda: bool(late)
    finally:
        timer.cancel()


def _tail(words: IO[bytes]) -> str:
    end = words.seek(0, os.SEEK_END)
    words.seek(max(0, end - TAIL))
    return words.read().decode("utf-8", "replace").strip()
