"""Running ffmpeg: how far it is, how long it may take, and its end with ours."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from app.kernel.errors import Refused
from tests.launcher.processes import alive, descendants, within
from workers.ffmpeg import running
from workers.ffmpeg.running import RunError, ask, run

ROOT = Path(__file__).parents[3]
PICTURES = ("-f", "lavfi", "-i", "testsrc2=s=64x36:r=10:d=20")
#: At the speed at which it is shown, and for ever.
ENDLESS = [
    "ffmpeg",
    "-v",
    "error",
    "-re",
    "-f",
    "lavfi",
    "-i",
    "testsrc2=s=64x36",
    "-f",
    "null",
    "-",
]
SHORT = ["ffmpeg", "-v", "error", *PICTURES, "-f", "null", "-"]
BROKEN = ["ffmpeg", "-v", "error", "-i", "file:/nowhere.mp4", "-f", "null", "-"]


class StopHearing(Exception):
    """What the one who listens raises."""


def mine():
    """Return the processes of ffmpeg below this one."""
    found = descendants(os.getpid())
    return {pid for pid, line in found.items() if line.startswith("ffmpeg") and alive({pid})}


def test_how_far_it_is_is_heard(tmp_path):
    heard = []
    run(SHORT, limit=60, heard=heard.append)
    assert heard == sorted(heard)
    assert heard[-1] == pytest.approx(20, abs=0.2)


def test_nobody_has_to_listen():
    run(SHORT, limit=60)
    assert mine() == set()


def test_a_run_that_takes_too_long_is_ended_and_says_so():
    began = time.monotonic()
    with pytest.raises(Refused) as refused:
        run(ENDLESS, limit=1)
    assert time.monotonic() - began < 20
    assert refused.value.code == "video_took_too_long"
    assert refused.value.data == {"minutes": 0}
    assert mine() == set()


def test_a_look_that_takes_too_long_is_ended_and_says_so(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(Refused) as refused:
        ask(["ffprobe", "-v", "error", f"file:{pipe}"], limit=0.5)
    assert refused.value.code == "video_took_too_long"


def test_what_the_listener_raises_ends_the_run():
    def stop(_):
        assert mine()
        raise StopHearing

    with pytest.raises(StopHearing):
        run(ENDLESS, limit=60, heard=stop)
    assert mine() == set()


def test_a_failure_has_the_last_words_for_the_log():
    with pytest.raises(RunError, match=r"ffmpeg ended with 1: .*nowhere\.mp4"):
        run(BROKEN, limit=60)
    with pytest.raises(RunError, match=r"nowhere\.mp4"):
        ask(["ffprobe", "-v", "error", "file:/nowhere.mp4"], limit=60)


def test_of_many_words_the_last_ones_are_kept():
    talkative = [sys.executable, "-c", "import sys; sys.exit('研' * 9000 + 'the end')"]
    with pytest.raises(RunError) as error:
        run([*talkative], limit=60)
    assert str(error.value).endswith("the end")
    assert len(str(error.value)) < running.TAIL + 100


def test_what_is_asked_is_answered():
    assert ask([sys.executable, "-c", "print('yes')"], limit=60) == b"yes\n"


def test_it_is_kinder_than_those_who_serve():
    niceness = [sys.executable, "-c", "import os; print(os.nice(0))"]
    assert int(ask(niceness, limit=60)) == min(19, os.nice(0) + running.NICENESS)


def test_ffmpeg_goes_when_its_parent_is_killed():
    program = textwrap.dedent(f"""
        from workers.ffmpeg.running import run
        run({ENDLESS!r}, limit=60, heard=lambda seconds: print("heard", flush=True))
    """)
    parent = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE)
    assert parent.stdout.readline() == b"heard\n"
    everyone = {*descendants(parent.pid)}
    assert alive(everyone)
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait(10)
    parent.stdout.close()
    assert within(10, lambda: not alive(everyone))
