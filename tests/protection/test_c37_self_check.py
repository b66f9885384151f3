"""C37: the self-check looks at the real state, and fails where something is wrong."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.cli import kenshu
from app.cli.package_check import speaking
from app.keeping.retention import service as retention
from app.keeping.retention.models import Erasure
from app.keeping.self_check import queries, text
from app.keeping.self_check.checks import CHECKS, PERSON_COLUMNS, Place, Verdict
from app.kernel import clock, db, schema
from app.kernel.audit import service as audit
from app.kernel.db import new_id
from app.kernel.settings import Settings
from app.learning.forwarding.models import XapiForward
from app.people.imports.models import ImportBatch, ImportRow
from app.people.permission.models import Role
from app.people.register.models import Person
from tests import factories
from tests.keeping import made

SOUND: dict[str, Any] = {
    "office_origin": "https://kenshu.example.jp",
    "content_origin": "https://{attempt}.content.example.net",
    "demo": False,
    "second_factor_roles": "office administrator",
    "networks": "10.0.0.0/8",
    "mail": "smtps://mail.example.jp",
}


@pytest.fixture
def sound(settings: Settings, tmp_path: Path) -> Settings:
    """Settings with which nothing is wrong."""
    key = tmp_path / "backup.key"
    key.write_text("00" * 32)
    key.chmod(0o600)
    return replace(settings, backup_key_file=str(key), **SOUND)


@pytest.fixture
def prepared(session: Session, now: datetime) -> Session:
    """A database in which nothing is wrong."""
    for _ in range(2):
        factories.person(session, roles=(Role.OFFICE,)).confirmed_on = clock.today(now)
    for action in ("backup.made", "backup.drilled"):
        audit.record(session, action, by=None, now=now, subject=("backup", None))
    session.flush()
    return session


def verdicts(session: Session, settings: Settings, now: datetime) -> dict[str, str]:
    return {name: check(Place(settings, session, now)).verdict for name, check in CHECKS.items()}


def test_every_control_is_shown_once_with_a_sentence(
    prepared: Session, sound: Settings, now: datetime
) -> None:
    with speaking("ja"):
        lines = queries.lines(prepared, sound, now)
    shown = [line.control for line in lines]
    assert shown == [f"C{number:02}" for number in range(1, 38)]
    assert all(line.present and "%(" not in line.present for line in lines)
    assert set(text.PRESENT) == set(CHECKS)
    assert set(text.DOCUMENTS) | set(CHECKS) == set(text.CONTROLS)
    assert not set(text.DOCUMENTS) & set(CHECKS)


def test_nothing_is_wrong_where_nothing_is_wrong(
    prepared: Session, sound: Settings, now: datetime
) -> None:
    found = verdicts(prepared, sound, now)
    assert {name for name, verdict in found.items() if verdict != Verdict.OK} == set()


def test_the_allowed_columns_are_those_that_a_person_has() -> None:
    assert {column.name for column in Person.__table__.columns} == PERSON_COLUMNS


def old_upload(_session: Session, settings: Settings, now: datetime) -> Settings:
    settings.uploads.mkdir(parents=True, exist_ok=True)
    (settings.uploads / "old.xlsx").write_text("x")
    os.utime(settings.uploads / "old.xlsx", (0, (now - timedelta(days=2)).timestamp()))
    return settings


def left_row(session: Session, settings: Settings, now: datetime) -> Settings:
    batch = ImportBatch(
        id=new_id(), kind="staff", mode="full", effective_on=clock.today(now), fills_numbers=False,
        created_by=new_id(), created_at=now - timedelta(days=2), summary={},
    )  # fmt: skip
    session.add(batch)
    session.flush()
    session.add(ImportRow(batch_id=batch.id, row=1, state="added", data={}))
    return settings


def own_forward(session: Session, settings: Settings, now: datetime) -> Settings:
    key = new_id()
    session.add(
        XapiForward(
            name="架空の分析基盤", state="active", endpoint="https://lrs.example.com/", key="key",
            secret="", version="1.0.3", proposed_by=key, proposed_at=now, approved_by=key,
            approved_at=now, next_at=now,
        )
    )  # fmt: skip
    return settings


def own_approval(session: Session, settings: Settings, now: datetime) -> Settings:
    key = new_id()
    session.add(
        Erasure(
            record_class="answers", before=clock.today(now), state="done", proposed_by=key,
            proposed_at=now, approved_by=key,
        )
    )  # fmt: skip
    return settings


def stale(session: Session, settings: Settings, now: datetime) -> Settings:
    who = factories.person(session)
    who.confirmed_on = clock.today(now) - timedelta(days=14 * 31)
    return settings


def due(session: Session, settings: Settings, now: datetime) -> Settings:
    who = factories.person(session)
    who.left_on = date(2015, 3, 31)
    return settings


def old_backup(session: Session, settings: Settings, now: datetime) -> Settings:
    session.execute(sa.text("UPDATE audit_head SET seq = 0, hash = :zero"), {"zero": "0" * 64})
    return settings


def setting(**values: Any) -> Callable[[Session, Settings, datetime], Settings]:
    return lambda _session, settings, _now: replace(settings, **values)


@pytest.mark.parametrize(
    ("control", "spoil"),
    [
        ("C02", old_upload),
        ("C02", left_row),
        ("C07", own_approval),
        ("C09", setting(password_attempts=100)),
        ("C10", setting(second_factor_roles="office")),
        ("C11", setting(idle_minutes=600)),
        ("C11", setting(idle_minutes_learner=600)),
        ("C11", setting(idle_minutes_shared=60)),
        ("C12", setting(networks="")),
        ("C13", setting(office_origin="http://kenshu.example.jp")),
        ("C14", setting(backup_key_file="")),
        ("C15", old_backup),
        ("C19", setting(fonts="/nowhere")),
        ("C21", stale),
        ("C22", due),
        ("C26", setting(mail="smtp://mail.example.net")),
        ("C29", setting(content_origin="https://content.example.net")),
        ("C32", setting(demo=True)),
        ("C35", own_forward),
    ],
)
def test_what_is_wrong_is_seen(
    prepared: Session, sound: Settings, now: datetime, control: str, spoil: Any
) -> None:
    changed = spoil(prepared, sound, now)
    prepared.flush()
    found = verdicts(prepared, changed, now)
    assert found[control] == Verdict.ATTENTION
    with speaking("ja"):
        assert queries.is_wrong(queries.lines(prepared, changed, now))


def test_what_was_found_is_said_in_words(prepared: Session, sound: Settings, now: datetime) -> None:
    changed = replace(sound, second_factor_roles="office administrator", demo=True)
    with speaking("ja"):
        said = {line.control: line.present for line in queries.lines(prepared, changed, now)}
    assert said["C01"].endswith("承認された項目にない列：なし")
    assert "研修管理者、システム管理者" in said["C10"]
    assert "修了認定・修了証書：3年、出席簿：3年、" in said["C23"]
    assert said["C27"].startswith("最後のバックアップ：令和8年")
    assert said["C32"] == "試用の設定：はい"


def test_a_backup_that_is_two_days_old_wants_attention(
    prepared: Session, sound: Settings, now: datetime
) -> None:
    later = now + timedelta(days=2)
    assert verdicts(prepared, sound, later)["C27"] == Verdict.ATTENTION


def test_a_key_that_others_can_read_wants_attention(
    prepared: Session, sound: Settings, now: datetime
) -> None:
    Path(sound.backup_key_file).chmod(0o644)
    assert verdicts(prepared, sound, now)["C14"] == Verdict.ATTENTION


def test_what_was_proposed_is_not_forgotten(
    prepared: Session, sound: Settings, now: datetime
) -> None:
    due(prepared, sound, now)
    by = made.actor(factories.person(prepared))
    prepared.flush()
    retention.propose(prepared, "history", by=by, now=now)
    assert verdicts(prepared, sound, now)["C22"] == Verdict.OK


def test_the_command_tells_all_and_fails_where_something_is_wrong(tmp_path: Path) -> None:
    instance = tmp_path / "instance"
    instance.mkdir()
    database = db.connect(f"sqlite:///{instance / 'kenshu.sqlite3'}")
    schema.upgrade(database)
    database.engine.dispose()
    environment = {"KENSHU_INSTANCE": str(instance)}
    spoken = CliRunner().invoke(kenshu, ["self-check"], env=environment)
    assert spoken.exit_code == 1
    assert "C13  要確認  通信の暗号化" in spoken.output
    parsed = CliRunner().invoke(kenshu, ["self-check", "--json"], env=environment)
    lines = json.loads(parsed.output)
    assert len(lines) == len(text.CONTROLS)
    assert {line["verdict"] for line in lines} == {"ok", "attention", "document"}


def test_the_page_shows_the_same_to_an_administrator(office: FlaskClient, session: Session) -> None:
    factories.enter(office, session, factories.person(session, roles=(Role.ADMINISTRATOR,)))
    page = office.get("/self-check")
    assert page.status_code == 200
    assert all(control in page.text for control in text.CONTROLS)
    assert "要確認" in page.text
