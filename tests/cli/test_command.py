"""`kenshu` as an operator types it, on a database of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from app.cli import kenshu, main, next_revision
from app.kernel import db, schema, sealing
from app.kernel.audit import service as audit
from app.kernel.audit.models import AuditEvent
from app.kernel.db import Database
from app.kernel.settings import Settings
from app.people.second_factor.models import SecondFactor
from tests import factories


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    return tmp_path / "instance"


@pytest.fixture
def kept(instance: Path) -> Iterator[Database]:
    """The database that the command looks at, migrated by the command."""
    assert typed(instance, "migrate").exit_code == 0
    database = db.connect(f"sqlite:///{instance / 'kenshu.sqlite3'}")
    yield database
    database.engine.dispose()


def typed(instance: Path, *words: str) -> Result:
    return CliRunner().invoke(kenshu, words, env={"KENSHU_INSTANCE": str(instance)})


def test_migrating_brings_a_new_database_to_the_newest_schema(kept: Database) -> None:
    assert schema.is_newest(kept)


def test_migrating_twice_changes_nothing(kept: Database, instance: Path) -> None:
    assert typed(instance, "migrate").exit_code == 0
    assert schema.is_newest(kept)


def test_the_first_account_is_shown_once_with_its_password(kept: Database, instance: Path) -> None:
    result = typed(instance, "create-administrator", "00001", "架空 花子")
    assert result.exit_code == 0
    number, password = result.output.split()
    assert number == "00001"
    assert len(password) >= 16
    again = typed(instance, "create-administrator", "00001", "架空 花子")
    assert again.exit_code == 1
    assert "00001" in again.output


def test_an_audit_that_was_touched_does_not_pass(kept: Database, instance: Path) -> None:
    with kept.unit_of_work() as session:
        for _ in range(3):
            audit.record(
                session, "test.done", by=None, now=datetime.now(UTC), subject=("test", None)
            )
    result = typed(instance, "audit", "verify")
    assert result.exit_code == 0
    assert "3 lines, the last one 3" in result.output
    printed = result.output.split()[-1]
    assert typed(instance, "audit", "verify", "--hash", printed).exit_code == 0
    other = typed(instance, "audit", "verify", "--hash", "0" * 64)
    assert (other.exit_code, "written anew" in other.output) == (1, True)
    with kept.engine.begin() as connection:
        for (name,) in connection.execute(
            sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        ).all():
            connection.execute(sa.text(f'DROP TRIGGER "{name}"'))
        connection.execute(sa.update(AuditEvent).where(AuditEvent.seq == 2).values(action="other"))
    result = typed(instance, "audit", "verify")
    assert result.exit_code == 1
    assert "from line 2 on" in result.output


def test_a_revision_is_numbered_after_the_head_and_becomes_it(
    kept: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "migrations"
    shutil.copytree(schema.FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(schema, "FOLDER", folder)
    monkeypatch.setattr(next_revision, "HEAD", folder / "HEAD")
    before = int((folder / "HEAD").read_text())
    written, head = next_revision.write(kept, "a table for rooms")
    assert written.name == f"{before + 1:04}_a_table_for_rooms.py"
    assert head.read_text() == f"{before + 1:04}\n"


def test_the_settings_are_listed(instance: Path) -> None:
    lines = typed(instance, "settings").output.splitlines()
    assert "KENSHU_PORT = 8000" in lines


def test_a_setting_that_cannot_be_read_is_one_line_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KENSHU_PORT", "eight")
    monkeypatch.setattr("sys.argv", ["kenshu", "migrate"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    assert capsys.readouterr().err.splitlines() == [
        "kenshu: KENSHU_PORT takes a whole number, not 'eight'"
    ]


def test_keys_are_rotated_and_the_former_one_can_go(kept: Database, instance: Path) -> None:
    def with_keys(present: str, former: str = "") -> dict[str, str]:
        return {
            "KENSHU_INSTANCE": str(instance),
            "KENSHU_SECRET_KEY": present,
            "KENSHU_FORMER_SECRET_KEYS": former,
        }

    def rotate(**keys: str) -> Result:
        return CliRunner().invoke(kenshu, ["rotate-keys"], env=with_keys(**keys))

    before = Settings.from_environment(with_keys("first"))
    with kept.unit_of_work() as session:
        who = factories.person(session)
        sealed = sealing.seal(before, "JBSWY3DPEHPK3PXP")
        session.add(SecondFactor(person_id=who.id, secret=sealed))
    lost = rotate(present="second")
    assert lost.exit_code == 1
    assert "nothing was changed" in lost.output
    assert rotate(present="second", former="first").output.startswith("1 secrets")
    assert rotate(present="second").exit_code == 0
    with kept.reading() as session:
        row = session.scalars(sa.select(SecondFactor)).one()
        assert row.secret
        present = Settings.from_environment(with_keys("second"))
        assert sealing.unseal(present, row.secret) == "JBSWY3DPEHPK3PXP"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        (
            "KENSHU_ROLE_NETWORKS",
            "mayor=10.0.0.0/8",
            "KENSHU_ROLE_NETWORKS names a role that there is not: mayor",
        ),
        ("KENSHU_HOLIDAYS", "/nowhere.csv", "KENSHU_HOLIDAYS cannot be read: /nowhere.csv"),
    ],
)
def test_a_setting_that_cannot_work_is_told_before_anything_starts(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    value: str,
    said: str,
) -> None:
    monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.argv", ["kenshu", "serve"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    assert said in capsys.readouterr().err
