"""A process that dies with its parent, however its parent dies (Linux, prctl(2))."""

from __future__ import annotations

import ctypes
import os
import signal

_PR_SET_PDEATHSIG = 1
# Loaded once, before any fork: a forked child of a program with threads may load nothing.
_libc = ctypes.CDLL(None, use_errno=True)


def die_with(parent: int, how: signal.Signals) -> None:
    """Have this process get the signal `how` when its parent, `parent`, is gone.

    Where the parent is gone already, the process ends at once.
    """
    if _libc.prctl(_PR_SET_PDEATHSIG, int(how), 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
    if os.getppid() != parent:
        os._exit(1)
