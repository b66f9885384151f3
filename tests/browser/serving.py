"""Installations for the tests: a server started as an operator starts it, and its accounts."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
KENSHU = str(Path(sys.executable).with_name("kenshu"))
START_SECONDS = 60
#: An account as `kenshu` prints it: number, password, and with the demonstration a name and a part.
ACCOUNT = re.compile(r"^ *(\d{5})  ([A-Za-z0-9]{4}(?:-[A-Za-z0-9]{4}){3})", re.MULTILINE)


@dataclass(frozen=True)
class Installation:
    """A server of the tests' own, with its first administrator."""

    origin: str
    instance: Path
    number: str
    password: str
    #: Passwords by staff number.
    accounts: Mapping[str, str] = field(default_factory=dict)

    @property
    def port(self) -> int:
        """The port on the loopback that it listens on."""
        return int(self.origin.rpartition(":")[2])


@contextmanager
def administered(instance: Path) -> Iterator[Installation]:
    """Serve an empty installation with one administrator, and stop it at the end."""
    variables = environment(instance, processes=2)
    run(variables, "migrate")
    number = "90001"
    told = run(variables, "create-administrator", number, "管理 みほん")
    accounts = dict(ACCOUNT.findall(told))
    with served(variables, "serve") as origin:
        yield Installation(origin, instance, number, accounts[number], accounts)


@contextmanager
def demonstrated(instance: Path) -> Iterator[Installation]:
    """Serve the demonstration, and stop it at the end; the administrator is its training office."""
    variables = environment(instance, processes=2) | {"KENSHU_TRANSCODERS": "1"}
    with served(variables, "serve", "--demo") as origin:
        accounts = dict(ACCOUNT.findall((instance / "serve.log").read_text(encoding="utf-8")))
        yield Installation(origin, instance, "00102", accounts["00102"], accounts)


def run(environment: Mapping[str, str], *arguments: str) -> str:
    """Run the command `kenshu` to its end, and return what it has printed."""
    done = subprocess.run(
        [KENSHU, *arguments],
        env=dict(environment),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def environment(instance: Path, *, processes: int = 1) -> dict[str, str]:
    """Return the variables of an installation of its own, on a free port."""
    instance.mkdir(parents=True, exist_ok=True)
    return {
        **os.environ,
        "KENSHU_INSTANCE": str(instance),
        "KENSHU_PORT": str(_free_port()),
        "KENSHU_DEMO": "1",
        "KENSHU_PROCESSES": str(processes),
        # A process less for each server; those that convert films say so.
        "KENSHU_TRANSCODERS": "0",
        # Portals of the tests listen on the loopback.
        "KENSHU_PORTAL_NETWORKS": "127.0.0.0/8",
        "PYTHONUNBUFFERED": "1",
    }


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(environment: dict[str, str], *command: str) -> Iterator[str]:
    """Start the office, the content's origin, the worker and Redis; stop them at the end."""
    process = start(environment, *command)
    try:
        yield origin_of(environment)
    finally:
        process.terminate()
        process.wait(timeout=30)


def origin_of(environment: Mapping[str, str]) -> str:
    """Return the office's address."""
    return f"http://localhost:{environment['KENSHU_PORT']}"


def start(environment: dict[str, str], *command: str) -> subprocess.Popen[bytes]:
    """Start them, and return the launcher once the first page is there."""
    log = Path(environment["KENSHU_INSTANCE"]) / "serve.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [KENSHU, *command],
            env=environment,
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    try:
        _wait_for(origin_of(environment), process, log)
    except BaseException:
        process.terminate()
        process.wait(timeout=30)
        raise
    return process


def _wait_for(origin: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text(encoding="utf-8")
        try:
            with urllib.request.urlopen(f"{origin}/sign-in", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"no page within {START_SECONDS} s:\n{log.read_text(encoding='utf-8')}")
