"""C25: at the end of a contract nothing is left, and a certificate says what was erased."""

from __future__ import annotations

import fcntl
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pypdfium2
import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from app.cli import kenshu
from app.keeping.ending import service as ending
from app.kernel import clock, schema
from app.kernel.audit import service as audit
from app.kernel.db import Base
from app.kernel.objects import objects_of
from app.kernel.settings import Settings
from tests.content_packages.made import File
from tests.keeping import made
from tests.kernel.objects.conftest import free_port
from tests.learning import made as learning
from workers.workshop import Workshop

pytestmark = pytest.mark.requirement("OPS-02")


@pytest.fixture
def filled(shop: Workshop) -> Workshop:
    """An installation with rows and files."""
    with shop.database.unit_of_work() as session:
        made.life(session, clock.now())
        audit.record(session, "test.done", by=None, now=clock.now(), subject=("x", None))
    for name in ("uploads/u.zip", "mail/m.eml", "disclosures/d.zip", "secret.key"):
        path = shop.settings.instance / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    folder = shop.settings.instance / "made"
    folder.mkdir()
    learning.kept(shop.settings, folder, File(b"imsmanifest.xml", b"<manifest/>"))
    return shop


def typed(
    shop: Workshop,
    *words: str,
    answer: str | None = None,
    more: Mapping[str, str] = MappingProxyType({}),
) -> Result:
    environment = {
        "KENSHU_INSTANCE": str(shop.settings.instance),
        "KENSHU_DATABASE_URL": shop.settings.database_url,
        "KENSHU_ORGANISATION": "見本区",
        **more,
    }
    return CliRunner().invoke(kenshu, ["erase-all", *words], env=environment, input=answer)


def left(shop: Workshop) -> int:
    """Return how many rows and files are left."""
    return sum(ending.rows(shop.database).values()) + len(
        ending.files(shop.settings, shop.database)
    )


def test_everything_is_erased_and_certified(filled: Workshop, tmp_path: Path) -> None:
    before = ending.rows(filled.database)
    count = left(filled)
    done = typed(
        filled, "--certificate", str(tmp_path / "end.pdf"), "--responsible", "総務部長",
        answer="見本区\n",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert left(filled) == 0
    with filled.database.engine.connect() as connection:
        assert {
            table.name: connection.scalar(sa.select(sa.func.count()).select_from(table))
            for table in Base.metadata.sorted_tables
            if connection.scalar(sa.select(sa.func.count()).select_from(table))
        } == {"audit_head": 1, "register_revision": 1, "system_state": 1, "training_category": 8}
    assert schema.is_newest(filled.database)
    for path in filled.settings.instance.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert made.NAME.encode() not in content
            assert made.ANSWER.encode() not in content
    certificate = json.loads((tmp_path / "end.json").read_text())
    assert certificate["counts"]["person"] == before["person"]
    assert certificate["counts"]["audit_event"] == before["audit_event"]
    assert sum(certificate["counts"].values()) >= count
    assert certificate["organisation"] == "見本区"
    with pypdfium2.PdfDocument(tmp_path / "end.pdf") as document:
        said = "".join("".join(page.get_textpage().get_text_range().split()) for page in document)
    for word in ("消去証明書", "情報項目", "媒体", "数量", "方法", "責任者", "総務部長", "年月日"):
        assert word in said


def test_films_in_an_object_store_are_erased_and_counted_too(
    filled: Workshop, s3_settings: Settings, tmp_path: Path
) -> None:
    shop = Workshop(replace(s3_settings, instance=filled.settings.instance), filled.database)
    objects = objects_of(shop.settings)
    for key in ("videos/1/source", "videos/1/720p-1.mp4", "work/1/1/0/sound.mp4"):
        objects.put(key, filled.settings.instance / "secret.key", "video/mp4")
    files = len(ending.files(shop.settings, shop.database))
    erased = ending.erase_all(
        shop.database, shop.settings, tmp_path / "end.pdf", "総務部長", clock.now()
    )
    assert erased["files"] == files + 3
    assert list(objects.keys("")) == []


def test_without_its_object_store_nothing_is_certified(
    filled: Workshop, s3_settings: Settings, tmp_path: Path
) -> None:
    count = left(filled)
    gone = {
        "KENSHU_OBJECT_STORE": s3_settings.object_store,
        "KENSHU_OBJECT_STORE_ENDPOINT": f"http://127.0.0.1:{free_port()}",
        "KENSHU_OBJECT_STORE_KEY": "only-for-tests",
        "KENSHU_OBJECT_STORE_SECRET": "not-a-secret",
    }
    words = ("--certificate", str(tmp_path / "end.pdf"), "--responsible", "部長")
    refused = typed(filled, *words, answer="見本区\n", more=gone)
    assert refused.exit_code == 1
    assert "object_store_unreachable" in refused.output
    assert left(filled) >= count
    assert not (tmp_path / "end.pdf").exists()


def test_another_name_erases_nothing(filled: Workshop, tmp_path: Path) -> None:
    count = left(filled)
    words = ("--certificate", str(tmp_path / "end.pdf"), "--responsible", "部長")
    refused = typed(filled, *words, answer="別の区\n")
    assert refused.exit_code == 1
    assert "nothing was erased" in refused.output
    assert left(filled) >= count
    assert not (tmp_path / "end.pdf").exists()


def test_a_certificate_within_what_is_erased_is_refused(filled: Workshop) -> None:
    count = left(filled)
    place = str(filled.settings.instance / "end.pdf")
    words = ("--certificate", place, "--responsible", "部長", "--yes-erase-everything")
    refused = typed(filled, *words)
    assert refused.exit_code == 1
    assert "outside" in refused.output
    assert left(filled) >= count


def test_a_name_that_cannot_be_printed_is_said_before_anything_is_erased(
    filled: Workshop, tmp_path: Path
) -> None:
    count = left(filled)
    words = ("--certificate", str(tmp_path / "end.pdf"), "--yes-erase-everything")
    refused = typed(filled, *words, "--responsible", "\ue000")
    assert refused.exit_code == 1
    assert "U+E000" in refused.output
    assert left(filled) >= count


def test_a_server_that_runs_is_not_erased_under_its_feet(filled: Workshop, tmp_path: Path) -> None:
    words = ("--certificate", str(tmp_path / "end.pdf"), "--responsible", "部長")
    with (filled.settings.instance / "serve.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        refused = typed(filled, *words, "--yes-erase-everything")
    assert refused.exit_code == 1
    assert left(filled) > 50
