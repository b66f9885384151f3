"""The launcher's own Redis (or Valkey): a socket for this user alone, no port, kept on disk."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import redis

from app.kernel.settings import Settings
from app.launcher.children import Children
from app.launcher.errors import LaunchError

PROGRAMS = ("redis-server", "valkey-server")
#: Longest path of a Unix socket: sockaddr_un holds 108 bytes with the closing zero.
LONGEST_SOCKET = 107
START_SECONDS = 30.0


def start(children: Children, settings: Settings) -> None:
    """Start the server at the settings' address and wait until it answers.

    Raises LaunchError where no server is installed or it does not start.
    """
    folder = settings.instance / "redis"
    folder.mkdir(exist_ok=True)
    log = folder / "redis.log"
    children.start(f"Redis (its log: {log})", command(program(), settings.redis, folder, log))
    children.until("Redis", lambda: answers(settings.redis), START_SECONDS)


def address(settings: Settings) -> str:
    """Return a socket's address that the kernel takes, whatever the instance folder's length."""
    socket = settings.redis_socket
    if len(bytes(socket)) > LONGEST_SOCKET:
        socket = Path(tempfile.mkdtemp(prefix="kenshu-")) / socket.name
    return f"unix://{socket}"


def forget(address: str, settings: Settings) -> None:
    """Remove the socket, and its folder where `address` had to make one."""
    socket = Path(address.removeprefix("unix://"))
    socket.unlink(missing_ok=True)
    if socket.parent != settings.instance:
        socket.parent.rmdir()


def program() -> str:
    """Return the path of the server; raises LaunchError when neither is installed."""
    for name in PROGRAMS:
        if path := shutil.which(name):
            return path
    raise LaunchError(
        "Neither redis-server nor valkey-server is installed. Install one of them "
        "(Debian: apt-get install redis-server), or set REDIS_URL to a server that runs."
    )


def command(program: str, address: str, folder: Path, log: Path) -> list[str]:
    """Return the command line: every write is appended to a file before a crash can lose it."""
    return [
        program,
        *("--port", "0"),
        *("--unixsocket", address.removeprefix("unix://")),
        *("--unixsocketperm", "700"),
        *("--dir", str(folder)),
        *("--appendonly", "yes"),
        *("--save", ""),
        *("--maxmemory-policy", "noeviction"),
        *("--logfile", str(log)),
        *("--loglevel", "notice"),
    ]


def answers(address: str) -> bool:
    """Whether a server is there and has read its file."""
    try:
        with redis.Redis.from_url(address, socket_connect_timeout=1, socket_timeout=1) as server:
            return bool(server.ping())
    except redis.RedisError:
        return False
