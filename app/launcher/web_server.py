"""The web server: Granian with the settings' address, processes and threads."""

from __future__ import annotations

import http.client
import socket
import sys
from pathlib import Path
from urllib.parse import urlsplit

from app.kernel.settings import Settings
from app.launcher.children import Children
from app.launcher.errors import LaunchError

START_SECONDS = 60.0
#: Seconds that requests under way may take when the server is stopped.
GRACE_SECONDS = 5
#: Open connections to one process; the next wait.
CONNECTIONS = 4096
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - recognised, not bound


def check_port(settings: Settings) -> None:
    """Raise LaunchError when the port cannot be had, before anything is started."""
    family, _, _, _, where = socket.getaddrinfo(
        settings.bind, settings.port, type=socket.SOCK_STREAM
    )[0]
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(where)
        except OSError as error:
            raise LaunchError(
                f"Port {settings.port} on {settings.bind} cannot be used ({error.strerror}). "
                "Choose another: KENSHU_PORT=8010 bin/run"
            ) from error


def start(children: Children, settings: Settings, folder: Path) -> None:
    """Start the server and wait until the office answers; raises LaunchError when it does not."""
    children.start("The web server", command(settings, folder))
    children.until("The web server", lambda: answers(settings), START_SECONDS)


def command(settings: Settings, folder: Path) -> list[str]:
    """Return Granian's command line; `folder` is where `wsgi.py` stands."""
    return [
        *(sys.executable, "-m", "granian", "wsgi:application"),
        *("--interface", "wsgi"),
        *("--working-dir", str(folder)),
        *("--host", settings.bind),
        *("--port", str(settings.port)),
        *("--workers", str(settings.processes)),
        *("--blocking-threads", str(settings.threads)),
        # Counts open connections, those kept alive for a next request too: a low figure would
        # let a few idle browsers shut everybody out.
        *("--backlog", str(CONNECTIONS)),
        *("--backpressure", str(CONNECTIONS)),
        *("--workers-kill-timeout", str(GRACE_SECONDS)),
        *("--http", "1"),
        "--no-ws",
        "--no-access-log",  # addresses of the content's origin hold launch tokens
        *("--log-level", "error"),  # its warning is that threads outnumber cores: they wait on I/O
    ]


def answers(settings: Settings) -> bool:
    """Whether the office answers anything at all."""
    host = EVERYWHERE.get(settings.bind, settings.bind)
    connection = http.client.HTTPConnection(host, settings.port, timeout=10)
    try:
        connection.request("GET", "/", headers={"Host": urlsplit(settings.office_origin).netloc})
        return connection.getresponse().status > 0
    except OSError:
        return False
    finally:
        connection.close()
