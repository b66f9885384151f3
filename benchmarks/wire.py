"""Requests that are written down beforehand, asked over kept connections by a process of its own.

So the load needs next to nothing of the processors that are measured; its share is told beside.
"""

from __future__ import annotations

import itertools
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context

CONNECTIONS = 8


@dataclass(frozen=True)
class Wanted:
    """What an answer must be: its status, and letters of its head."""

    status: bytes
    within: bytes = b""


@dataclass(frozen=True)
class Told:
    """How it went: each answer's seconds, all of them, and the load's share of a processor."""

    took: list[float]
    seconds: float
    share: float


def asked(port: int, requests: list[bytes], wanted: Wanted, connections: int = CONNECTIONS) -> Told:
    """Ask all; raise RuntimeError for an answer that is not as wanted."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_ask, port, requests, wanted, connections).result()


def _ask(port: int, requests: list[bytes], wanted: Wanted, connections: int) -> Told:
    waiting = iter(requests)
    address = ("127.0.0.1", port)
    lines = [socket.create_connection(address, timeout=60) for _ in range(connections)]
    for line in lines:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    began, before = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(connections) as threads:
        took = list(threads.map(partial(_ask_all, waiting=waiting, wanted=wanted), lines))
    seconds = time.perf_counter() - began
    share = (time.process_time() - before) / seconds
    return Told(list(itertools.chain(*took)), seconds, share)


def _ask_all(line: socket.socket, waiting: Iterator[bytes], wanted: Wanted) -> list[float]:
    """Ask one after another by a connection that is kept, always the next that nobody has asked.

    A connection whose process is busier than others' asks fewer; none is left to ask alone.
    """
    took = []
    for request in waiting:
        began = time.perf_counter()
        line.sendall(request)
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += _more(line)
        head, _, body = answer.partition(b"\r\n\r\n")
        rest = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0]) - len(body)
        while rest > 0:
            rest -= len(_more(line))
        took.append(time.perf_counter() - began)
        is_right = head.startswith(b"HTTP/1.1 " + wanted.status)
        if not is_right or wanted.within not in head.lower():
            raise RuntimeError(answer.decode(errors="replace"))
    return took


def _more(line: socket.socket) -> bytes:
    more = line.recv(65536)
    if not more:
        raise RuntimeError("the server has closed the connection")
    return more
