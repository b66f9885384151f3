"""Processes: one that dies with its parent (prctl(2)), one that keeps to a processor of its own."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
from contextlib import suppress

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


#: What this process holds while it keeps to a processor: an address that one can have at a time.
_kept: list[socket.socket] = []


def keep_to_a_processor(family: str = "kenshu") -> int | None:
    """Have this process run on one processor, which no other process of its family keeps to.

    The threads of a Python process take turns by one lock; where they are spread over processors,
    each turn wakes another one, which costs more than the second processor gives. Return which
    processor it is; None where others keep to all of them, and this process goes anywhere.
    """
    for number in sorted(os.sched_getaffinity(0)):
        mark = socket.socket(socket.AF_UNIX)
        with suppress(OSError):  # somebody keeps to it
            # Linux's own kind of address (unix(7), abstract): it is gone with who holds it.
            mark.bind(f"\0{family}-processor-{number}")
            _kept.append(mark)
            os.sched_setaffinity(0, {number})
            return number
        mark.close()
    return None
