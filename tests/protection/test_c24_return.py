"""C24: what is returned is counted, sealed and documented, and a new system shows the same."""

from __future__ import annotations

import csv
import json
import tracemalloc
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app import factory
from app.cli import kenshu
from app.keeping.transfer import cells, export, form, importing, meanings
from app.kernel import clock, db, schema
from app.kernel.audit import service as audit
from app.kernel.db import Database
from app.kernel.objects import objects_of
from app.kernel.settings import Settings
from app.learning.records.models import Attempt
from app.learning.statements.models import XapiStatement
from app.people.permission.models import Role
from app.people.register.models import Person
from tests import factories
from tests.content_packages.made import File
from tests.keeping import made
from tests.kernel import fresh
from tests.learning import made as learning
from tests.learning import stating
from workers.workshop import Workshop

#: Texts that a spreadsheet, a CSV or a careless reader would change.
ODD = [
    "",
    "'",
    "''x",
    "=1+1",
    "+81",
    "-",
    "@x",
    "\tt",
    "\rr",
    "a\r\nb",
    '"q"',
    "00123",
    "葛󠄀",
    "，,",
]
PAGES = ("/history", "/staff", "/sections", "/materials", "/trainings", "/retention")


@pytest.fixture
def filled(shop: Workshop) -> Workshop:
    """An installation with rows in most tables, odd texts and a package."""
    moment = clock.now()
    with shop.database.unit_of_work() as session:
        made.life(session, moment)
        for text in ODD:
            session.add(Person(name=text or "x", name_key=text, email=text))
        audit.record(
            session, "test.odd", by=None, now=moment, subject=("x", None),
            details={"数": 1.5, "b": [True, None], "a": {"=": "'"}},
        )  # fmt: skip
    folder = shop.settings.instance / "upload"
    folder.mkdir()
    learning.kept(shop.settings, folder, File(b"imsmanifest.xml", b"<manifest/>"))
    shop.settings.mailbox.mkdir()
    (shop.settings.mailbox / "a@b.eml").write_text("To: x\n\n控え\n")
    for key in ("videos/1/source", "videos/1/720p-1.mp4", "work/1/1/0/sound.mp4"):
        (folder / "film").write_text(key)
        objects_of(shop.settings).put(key, folder / "film", "video/mp4")
        (folder / "film").unlink()
    left = shop.settings.objects_folder / "unfinished" / "x"
    left.mkdir(parents=True)
    (left / "object").write_text("half")
    return shop


@pytest.fixture
def other(request: pytest.FixtureRequest, shop: Workshop, tmp_path: Path) -> Iterator[Workshop]:
    """An empty installation on the other kind of database."""
    kind = "postgres" if shop.database.engine.dialect.name == "sqlite" else "sqlite"
    folder = tmp_path / "other"
    folder.mkdir()
    asking = type("Asking", (), {"param": kind, "getfixturevalue": request.getfixturevalue})
    with fresh.migrated(asking(), folder) as database:
        yield Workshop(replace(shop.settings, instance=folder), database)


def rows(database: Database, *, secrets: bool) -> dict[str, list[Any]]:
    """Return all rows of all tables."""
    with database.engine.connect() as connection:
        return {
            table.name: [
                tuple(row)
                for row in connection.execute(sa.select(table).order_by(*table.primary_key.columns))
            ]
            for table in form.tables(secrets=secrets)
        }


def returned(shop: Workshop, folder: Path, *, secrets: bool = False) -> dict[str, Any]:
    folder.mkdir()
    return export.export(shop.database, shop.settings, folder, secrets=secrets, now=clock.now())


@pytest.mark.requirement("OPS-02")
def test_all_rows_and_files_come_back_the_same_in_the_other_database(
    filled: Workshop, other: Workshop, tmp_path: Path
) -> None:
    returned(filled, tmp_path / "first", secrets=True)
    importing.take_in(other.database, other.settings, tmp_path / "first")
    before, after = (rows(each.database, secrets=True) for each in (filled, other))
    assert before == after
    assert sum(map(len, before.values())) > 50
    stored = [path.name for path in sorted(filled.settings.packages.glob("??/*.zip"))]
    assert stored == [path.name for path in sorted(other.settings.packages.glob("??/*.zip"))]
    assert (other.settings.mailbox / "a@b.eml").read_text() == "To: x\n\n控え\n"
    objects = objects_of(other.settings)
    assert list(objects.keys("")) == ["videos/1/720p-1.mp4", "videos/1/source"]
    assert objects.read("videos/1/source") == b"videos/1/source"
    returned(other, tmp_path / "second", secrets=True)
    first, second = (
        json.loads((tmp_path / name / form.MANIFEST).read_text()) for name in ("first", "second")
    )
    assert first["tables"] == second["tables"]
    assert first["files"] == second["files"]


def test_films_go_into_the_object_store_where_the_settings_name_one(
    filled: Workshop, other: Workshop, s3_settings: Settings, tmp_path: Path
) -> None:
    returned(filled, tmp_path / "first")
    settings = replace(s3_settings, instance=other.settings.instance)
    importing.take_in(other.database, settings, tmp_path / "first")
    objects = objects_of(settings)
    assert list(objects.keys("")) == ["videos/1/720p-1.mp4", "videos/1/source"]
    about = objects.about("videos/1/720p-1.mp4")
    assert about is not None
    assert about.content_type == "video/mp4"
    assert not settings.objects_folder.exists()


@pytest.mark.requirement("OPS-02")
def test_the_pages_show_the_same_again(filled: Workshop, other: Workshop, tmp_path: Path) -> None:
    with filled.database.unit_of_work() as session:
        clerk = factories.person(session, "担当 者子", number="90001", roles=(Role.OFFICE,))
        key = clerk.id
    before = pages(filled, key)
    returned(filled, tmp_path / "first")
    importing.take_in(other.database, other.settings, tmp_path / "first")
    assert pages(other, key) == before


def pages(shop: Workshop, person_id: uuid.UUID) -> dict[str, str]:
    """Return what the pages show to somebody, without what differs with each answer."""
    app = factory.create_app(shop.settings, shop.database)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    client = app.test_client()
    with shop.database.unit_of_work() as session:
        factories.enter(client, session, session.get_one(Person, person_id))
    shown = {}
    for path in PAGES:
        answer = client.get(path)
        assert answer.status_code == 200, path
        shown[path] = answer.text.partition("<main")[2]
    return shown


@pytest.mark.requirement("OPS-02")
def test_the_manifest_counts_and_seals_each_file(filled: Workshop, tmp_path: Path) -> None:
    folder = tmp_path / "first"
    manifest = returned(filled, folder)
    for entry in manifest["tables"]:
        path = folder / entry["file"]
        assert form.sha256_of(path) == entry["sha256"]
        with path.open(encoding="utf-8-sig", newline="") as file:
            counted = (
                sum(1 for _ in file) if path.suffix == ".jsonl" else len(list(csv.reader(file)))
            )
        assert counted - (path.suffix == ".csv") == entry["rows"]
    listed = {entry["file"] for entry in manifest["tables"]}
    listed |= {entry["path"] for entry in manifest["files"]} | {form.MANIFEST, form.README}
    assert {
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    } == listed


@pytest.mark.requirement("OPS-02")
def test_the_readme_explains_every_table_and_column(filled: Workshop, tmp_path: Path) -> None:
    returned(filled, tmp_path / "first")
    said = (tmp_path / "first" / form.README).read_text()
    for table in form.tables(secrets=False):
        assert f"`{form.name_of(table)}`" in said
        assert all(meanings.tables()[table.name][1][column.name] for column in table.columns)
    assert "職員番号 of a person for a time" in said
    assert "保有するすべてのデータ" in said


def test_secrets_stay_unless_they_are_asked_for(filled: Workshop, tmp_path: Path) -> None:
    manifest = returned(filled, tmp_path / "first")
    assert manifest["left_out"] == [
        "calendar_key",
        "credential",
        "former_password",
        "recovery_code",
        "second_factor",
    ]
    whole = b"".join(
        path.read_bytes() for path in (tmp_path / "first").rglob("*") if path.is_file()
    )
    assert b"argon2id$" not in whole
    returned(filled, tmp_path / "second", secrets=True)
    assert b"argon2id$" in (tmp_path / "second/tables/credential.csv").read_bytes()


def spoil_bytes(folder: Path) -> None:
    path = folder / "tables/person.csv"
    path.write_bytes(path.read_bytes().replace("髙".encode(), "高".encode()))


def spoil_count(folder: Path) -> None:
    change(folder, lambda manifest: manifest["tables"][0].update(rows=99))


def spoil_revision(folder: Path) -> None:
    change(folder, lambda manifest: manifest.update(revision="0001"))


def spoil_by_leaving_out(folder: Path) -> None:
    change(folder, lambda manifest: manifest["tables"].pop())


def spoil_by_climbing(folder: Path) -> None:
    escape = {"path": "files/../../x", "sha256": "0" * 64, "size": 0}
    change(folder, lambda manifest: manifest["files"].append(escape))


def spoil_by_loss(folder: Path) -> None:
    (folder / "tables/person.csv").unlink()


def spoil_manifest(folder: Path) -> None:
    (folder / form.MANIFEST).write_text("{")


def change(folder: Path, how: Any) -> None:
    path = folder / form.MANIFEST
    manifest = json.loads(path.read_text())
    how(manifest)
    path.write_text(json.dumps(manifest))


@pytest.mark.requirement("OPS-02")
@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (spoil_bytes, "SHA-256"),
        (spoil_count, "the manifest says 99"),
        (spoil_revision, "of schema 0001"),
        (spoil_by_leaving_out, "does not name each"),
        (spoil_by_climbing, "no place for a file"),
        (spoil_by_loss, "is not there"),
        (spoil_manifest, "can be read"),
    ],
)
def test_a_folder_that_is_not_what_was_written_is_refused_whole(
    filled: Workshop, other: Workshop, tmp_path: Path, spoil: Any, said: str
) -> None:
    folder = tmp_path / "first"
    returned(filled, folder)
    spoil(folder)
    empty = rows(other.database, secrets=True)
    with pytest.raises(form.Fault, match=said):
        importing.take_in(other.database, other.settings, folder)
    assert rows(other.database, secrets=True) == empty
    assert not other.settings.packages.exists()


def test_a_system_that_is_not_empty_is_refused(filled: Workshop, tmp_path: Path) -> None:
    returned(filled, tmp_path / "first")
    before = rows(filled.database, secrets=True)
    with pytest.raises(form.Fault, match="not empty"):
        importing.take_in(filled.database, filled.settings, tmp_path / "first")
    assert rows(filled.database, secrets=True) == before


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_every_text_comes_back_from_its_cell(text: str) -> None:
    cell = cells.written(text)
    assert cells.read(sa.String(), cell) == text
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert cells.read(sa.String(), cells.written(None)) is None


@given(st.binary())
def test_all_bytes_come_back_from_their_cell(content: bytes) -> None:
    cell = cells.written(content)
    assert cells.read(sa.LargeBinary(), cell) == content
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))


def test_statements_that_come_afterwards_are_numbered_on(
    filled: Workshop, other: Workshop, tmp_path: Path
) -> None:
    returned(filled, tmp_path / "first")
    importing.take_in(other.database, other.settings, tmp_path / "first")
    last = sa.select(sa.func.max(XapiStatement.seq))
    with other.database.unit_of_work() as session:
        before = session.scalars(last).one()
        stating.told(session, stating.said())
        assert session.scalars(last).one() == before + 1


@pytest.mark.requirement("OPS-02")
def test_many_attempts_need_no_memory_for_all(
    settings: Settings, tmp_path: Path, now: datetime
) -> None:
    settings.instance.mkdir()
    database = db.connect(f"sqlite:///{tmp_path / 'many.sqlite3'}")
    schema.upgrade(database)
    with database.unit_of_work() as session:
        _fill(session, 4_000, now)
    tracemalloc.start()
    (tmp_path / "many").mkdir()
    export.export(database, settings, tmp_path / "many", secrets=False, now=now)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    database.engine.dispose()
    size = (tmp_path / "many/tables/attempt.jsonl").stat().st_size
    assert size > 80_000_000
    assert peak < 40_000_000


def _fill(session: Session, count: int, now: datetime) -> None:
    """Add attempts of 20 kB each."""
    version = learning.version(session)
    person = factories.person(session)
    session.execute(
        sa.insert(Attempt),
        [
            {"id": db.new_id(), "person_id": person.id, "version_id": version.id, "number": 1,
             "document": {"items": {}, "text": "x" * 20_000}, "answer": {}, "created_at": now}
            for _ in range(count)
        ],
    )  # fmt: skip


def typed(shop: Workshop, *words: str) -> Result:
    environment = {
        "KENSHU_INSTANCE": str(shop.settings.instance),
        "KENSHU_DATABASE_URL": shop.database.engine.url.render_as_string(hide_password=False),
    }
    return CliRunner().invoke(kenshu, words, env=environment)


@pytest.mark.requirement("OPS-02")
def test_the_commands_say_what_they_did_and_what_is_wrong(
    filled: Workshop, other: Workshop, tmp_path: Path
) -> None:
    folder = str(tmp_path / "first")
    out = typed(filled, "export-all", folder)
    assert out.exit_code == 0, out.output
    assert "Left out: calendar_key, credential" in out.output
    assert typed(filled, "export-all", folder).exit_code == 1
    back = typed(other, "import-all", folder)
    assert back.exit_code == 0, back.output
    assert "the audit holds" in back.output
    assert "not empty" in typed(other, "import-all", folder).output
    before, after = (rows(each.database, secrets=False) for each in (filled, other))
    own = before["audit_event"].pop()
    assert "all.exported" in own
    assert before.pop("audit_head") != after.pop("audit_head")
    assert before == after
