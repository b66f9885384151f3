"""A made lecture: slides of text that fade into each other, a cursor now and then, and a voice."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path
from typing import Final

SECONDS: Final = 120
WIDTH, HEIGHT, RATE = 1920, 1080, 30
#: Seconds that a slide is shown, and how long it comes and goes.
SLIDE: Final = 8
FADE: Final = 0.3
LINES: Final = 14
_WORDS: Final = (
    *("research", "training", "budget", "section", "order", "contract", "safety", "disaster"),
    *("health", "record"),
)
#: A place of the cursor's every so many seconds; it moves in the first of them.
_CURSOR: Final = (
    "overlay=x='400+900*abs(sin(floor(t/5)+min(1,mod(t,5))))'"
    ":y='200+600*abs(cos(floor(t/5)+min(1,mod(t,5))))'"
)
#: Noise in syllables and sentences, as a voice has them.
_VOICE: Final = (
    "anoisesrc=color=brown:sample_rate=48000:amplitude=0.6,tremolo=f=4:d=0.9,tremolo=f=0.3:d=0.6"
)


def ffmpeg(*arguments: object) -> None:
    """Run a command that prepares something."""
    command = ["ffmpeg", "-nostdin", "-v", "error", "-y", *map(str, arguments)]
    subprocess.run(command, check=True)


def lecture(folder: Path) -> tuple[Path, Path]:
    """Make the film twice: as a recorder leaves it, which is taken over, and one that is not.

    The other is of the same pictures and sound, but can be begun at every 20 seconds only, as
    recorders of screens write them: too seldom to be cut into segments.
    """
    slides = [_slide(folder, number) for number in range(SECONDS // SLIDE)]
    shown = ";".join(
        f"[{number}:v]format=yuv420p,fade=in:d={FADE},"
        f"fade=out:st={SLIDE - FADE}:d={FADE}[s{number}]"
        for number in range(len(slides))
    )
    joined = "".join(f"[s{number}]" for number in range(len(slides)))
    graph = (
        f"{shown};{joined}concat=n={len(slides)}[slides];color=orange:s=24x36:r={RATE}[cursor];"
        f"[slides][cursor]{_CURSOR}:shortest=1,format=yuv420p,split=2[one][two]"
    )
    inputs = [("-loop", 1, "-framerate", RATE, "-t", SLIDE, "-i", slide) for slide in slides]
    voice = ("-f", "lavfi", "-t", SECONDS, "-i", _VOICE)
    heard = ("-map", f"{len(slides)}:a", "-c:a", "aac", "-b:a", "128k", "-ac", 2)
    recorded = ("-c:v", "libx264", "-preset", "superfast", "-crf", 20, "-sc_threshold", 0)
    fitting, other = folder / "fitting.mp4", folder / "other.mp4"
    ffmpeg(
        *(part for each in inputs for part in each), *voice, "-filter_complex", graph,
        *("-map", "[one]", *recorded, "-g", 5 * RATE), *(*heard, fitting),
        *("-map", "[two]", *recorded, "-g", 20 * RATE), *(*heard, other),
    )  # fmt: skip
    return fitting, other


def _slide(folder: Path, number: int) -> Path:
    """Draw a slide of many lines; the same number gives the same slide."""
    chance = random.Random(number)  # noqa: S311 - it draws words
    lines = [" ".join(chance.choices(_WORDS, k=7)) for _ in range(LINES)]
    text = folder / f"slide-{number}.txt"
    text.write_text("\n\n".join([f"{number + 1}. {chance.choice(_WORDS).title()}", *lines]))
    picture = text.with_suffix(".png")
    ground = f"color=0xf4f6fb:s={WIDTH}x{HEIGHT},drawbox=h=110:color=0x1f4e79:t=fill"
    drawn = f"drawtext=textfile={text}:x=90:y=38:fontsize=34:fontcolor=0x222222"
    ffmpeg("-f", "lavfi", "-i", f"{ground},{drawn}", "-frames:v", 1, picture)
    return picture
