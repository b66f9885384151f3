"""Films that tests make, by ffmpeg, each once a session."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

#: Of thirty frames a second, begun anew every two seconds; small and quick to make.
_PICTURES = ("-c:v", "libx264", "-preset", "ultrafast", "-g", "60", "-pix_fmt", "yuv420p")
_SOUND = ("-c:a", "aac", "-b:a", "64k")


@cache
def _folder() -> Path:
    return Path(mkdtemp(prefix="kenshu-films-"))


@cache
def film(seconds: int = 8, size: str = "640x360", *, is_busy: bool = False) -> Path:
    """Return a film with sound; one that `is_busy` is too much for the line, and is encoded."""
    path = _folder() / f"{seconds}-{size}-{is_busy}.mp4"
    quality = ("-b:v", "20M", "-minrate", "20M", "-maxrate", "20M", "-bufsize", "20M")
    make(
        *("-f", "lavfi", "-i", f"testsrc2=s={size}:r=30:d={seconds}"),
        *("-f", "lavfi", "-i", f"sine=f=440:r=48000:d={seconds}"),
        *_PICTURES,
        *((*quality, "-x264-params", "nal-hrd=cbr") if is_busy else ("-crf", "40")),
        *_SOUND,
        str(path),
    )
    return path


def make(*arguments: str) -> None:
    """Run ffmpeg; what it says goes into the failure of the test."""
    done = subprocess.run(
        ["ffmpeg", "-nostdin", "-v", "error", "-y", *arguments], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
