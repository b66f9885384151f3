"""Logs: an event's name with ids and codes, never names, addresses of mail, or answers."""

from __future__ import annotations

import json
import logging
import time
from datetime import UTC, datetime

from app.kernel.audit.service import origin

_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}


class Lines(logging.Formatter):
    """One line an event, for people: time, level, event, its fields, the reference."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, and the traceback below it where there is one."""
        parts = [f"{key}={value}" for key, value in _fields(record).items()]
        at = time.strftime("%H:%M:%S", time.localtime(record.created))
        line = " ".join([at, record.levelname.lower(), record.getMessage(), *parts])
        return line + (f"\n{self.formatException(record.exc_info)}" if record.exc_info else "")


class JsonLines(logging.Formatter):
    """One JSON object a line, for a collector."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the object."""
        event = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **_fields(record),
        }
        if record.exc_info:
            event["traceback"] = self.formatException(record.exc_info)
        return json.dumps(event, ensure_ascii=False, default=str)


def _fields(record: logging.LogRecord) -> dict[str, object]:
    found = {key: value for key, value in record.__dict__.items() if key not in _STANDARD}
    if reference := origin.get().reference:
        found["reference"] = reference
    return found


def configure(form: str) -> None:
    """Send our own events to standard error, in the form that the settings name."""
    # Nobody reads which thread or process it was, and each line would ask.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if form == "json" else Lines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for ours in ("app", "workers"):
        logging.getLogger(ours).setLevel(logging.INFO)
