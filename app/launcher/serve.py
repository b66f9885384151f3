"""`kenshu serve`: migrate, start Redis, the web and the worker, say where they are, stand guard."""

from __future__ import annotations

import fcntl
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click

from app.kernel import clock, installation, rights, schema
from app.kernel.audit import setting_changes
from app.kernel.db import Database
from app.kernel.settings import PREFIX, Settings
from app.launcher import queue_server, web_server
from app.launcher.children import Children
from app.launcher.errors import LaunchError

#: Where `wsgi.py` and the packages stand.
ROOT = Path(__file__).parents[2]


class Stopped(BaseException):
    """A signal has asked the launcher to stop."""


def serve(settings: Settings, prepare: Callable[[Settings], None]) -> None:
    """Serve until a signal comes; raises LaunchError when something cannot start, or has ended.

    `prepare` is called with the settings once the database is migrated and Redis answers,
    before the first page is served.
    """
    with _stoppable(), alone(settings):
        web_server.check_port(settings)
        given = settings
        own_queue = not settings.redis_url
        if own_queue:
            settings = replace(settings, redis_url=queue_server.address(settings))
        try:
            _run(settings, prepare, given, own_queue=own_queue)
        except Stopped:
            pass  # a wish, not a fault
        finally:
            if own_queue:
                queue_server.forget(settings.redis_url, settings)


def _run(
    settings: Settings, prepare: Callable[[Settings], None], given: Settings, *, own_queue: bool
) -> None:
    with Children(environment(settings), ROOT) as children:
        if own_queue:
            queue_server.start(children, settings)
        migrate(settings)
        _note_changes(given)
        prepare(settings)
        web_server.start(children, settings, ROOT)
        # After the first page, which it would only slow down: what waits for it waits as rows.
        children.start("The worker", [sys.executable, "-m", "workers"])
        click.echo(_addresses(settings))
        children.watch(lambda sentence: click.echo(sentence, err=True))


def _addresses(settings: Settings) -> str:
    materials = settings.content_origin_of("*")
    return (
        f"\n  Kenshu is served at {settings.office_origin} (materials at {materials})."
        "\n  Ctrl-C stops it.\n"
    )


def migrate(settings: Settings) -> None:
    """Bring the settings' database to the newest schema; as its owner, where they name one."""
    with _connected(settings) as database:
        if not settings.owner_database_url:
            schema.upgrade(database)
            return
        with _connected(replace(settings, database_url=settings.owner_database_url)) as owner:
            schema.upgrade(owner)
            rights.grant(owner, rights.role_of(database))


def _note_changes(settings: Settings) -> None:
    with _connected(settings) as database, database.unit_of_work() as session:
        setting_changes.note(session, settings, clock.now())


@contextmanager
def _connected(settings: Settings) -> Iterator[Database]:
    database = installation.connect(settings)
    try:
        yield database
    finally:
        database.engine.dispose()


def environment(settings: Settings) -> dict[str, str]:
    """Return the environment in which a child reads exactly these settings.

    How to connect as the database's owner is no child's business.
    """
    settings = replace(settings, owner_database_url="")
    values = {
        PREFIX + field.name.upper(): _written(getattr(settings, field.name))
        for field in fields(Settings)
    }
    return {**os.environ, **values}


def _written(value: object) -> str:
    return str(int(value)) if isinstance(value, bool) else str(value)


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Hold the instance folder: two servers over one database file or one queue would spoil it."""
    settings.instance.mkdir(parents=True, exist_ok=True)
    with (settings.instance / "serve.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LaunchError(
                f"Kenshu is being served from {settings.instance} already. Stop it first, or "
                "choose another folder and port: KENSHU_INSTANCE=other KENSHU_PORT=8010 bin/run"
            ) from error
        yield


@contextmanager
def _stoppable() -> Iterator[None]:
    """Turn the signals that mean stop into Stopped, once; a second one does not break the stop."""

    def stop(number: int, frame: FrameType | None) -> NoReturn:  # noqa: ARG001 - a handler's form
        for each in before:
            signal.signal(each, signal.SIG_IGN)
        raise Stopped

    before = {
        number: signal.signal(number, stop)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        if signal.getsignal(number) is not signal.SIG_IGN  # as under nohup
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
