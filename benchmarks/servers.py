"""The server as it is run, and its peers: granian or gunicorn with us, nginx over plain files."""

from __future__ import annotations

import getpass
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from app.kernel.settings import Settings
from app.launcher import serve


def at_free_port(settings: Settings) -> Settings:
    """Return settings of an installation at a port of its own, by which its hosts are known."""
    port = free_port()
    office, content = f"http://localhost:{port}", f"http://{{attempt}}.localhost:{port}"
    return replace(settings, port=port, office_origin=office, content_origin=content)


def free_port() -> int:
    """Return a port that nothing listens on."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def kenshu(settings: Settings, application: str = "wsgi:application") -> Iterator[int]:
    """Serve the applications, or another one, by granian, as the launcher does; yield the port."""
    command = [
        sys.executable,
        *("-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"),
        *("--port", str(settings.port), "--workers", str(settings.processes)),
        *("--blocking-threads", str(settings.threads), "--no-log", application),
    ]
    environment = {**serve.environment(settings), "PYTHONPATH": str(serve.ROOT)}
    with _running(command, settings.port, environment, serve.ROOT, listeners=settings.processes):
        yield settings.port


@contextmanager
def gunicorn(settings: Settings) -> Iterator[int]:
    """Serve the two applications by gunicorn, by one worker of several threads; yield the port."""
    command = [
        *(sys.executable, "-m", "gunicorn", "--workers", "1", "--worker-class", "gthread"),
        *("--threads", str(settings.threads), "--keep-alive", "60"),
        *("--bind", f"127.0.0.1:{settings.port}", "wsgi:application"),
    ]
    environment = {**serve.environment(settings), "PYTHONPATH": str(serve.ROOT)}
    with _running(command, settings.port, environment, serve.ROOT):
        yield settings.port


@contextmanager
def nginx(folder: Path, files: Path) -> Iterator[int]:
    """Serve a folder by nginx, one process, with gzip made beforehand; yield the port."""
    port = free_port()
    # Started by root, its worker would be nobody, who may not read our folder.
    user = f"user {getpass.getuser()}; " if os.getuid() == 0 else ""
    configuration = folder / "nginx.conf"
    configuration.write_text(
        f"{user}daemon off; worker_processes 1; pid {folder}/nginx.pid;"
        f" error_log {folder}/error.log;"
        "events { worker_connections 512; }"
        "http { access_log off; sendfile on; include /etc/nginx/mime.types;"
        f" client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};"
        f" uwsgi_temp_path {folder}; scgi_temp_path {folder};"
        f" server {{ listen 127.0.0.1:{port}; root {files}; gzip_static on; }} }}"
    )
    command = ["nginx", "-c", str(configuration), "-p", str(folder)]
    with _running(command, port, dict(os.environ), folder):
        yield port


@contextmanager
def _running(
    command: list[str],
    port: int,
    environment: dict[str, str],
    folder: Path,
    *,
    listeners: int = 1,
) -> Iterator[None]:
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(600):
            # A load that comes before all processes listen goes to the first of them for good.
            if _listeners(port) == listeners:
                break
            time.sleep(0.05)
        else:
            raise SystemExit(f"{command[0]} does not listen on {port}")
        yield
    finally:
        process.terminate()
        process.wait(timeout=20)


def _listeners(port: int) -> int:
    """Count the sockets that listen on a port (proc(5), /proc/net/tcp: state 0A)."""
    rows = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
    fields = (row.split() for row in rows)
    return sum(f[1].endswith(f":{port:04X}") and f[3] == "0A" for f in fields)
