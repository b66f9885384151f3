"""A change of the settings is a line of the audit at the next start; a secret is never one."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.audit import setting_changes
from app.kernel.audit.models import AuditEvent, RecordedSetting
from app.kernel.settings import Settings

SECRETS = {
    "database_url",
    "mail",
    "object_store_key",
    "object_store_secret",
    "oidc_client_secret",
    "owner_database_url",
    "redis_url",
    "secret_key",
}


@pytest.fixture
def first(tmp_path: Path, session: Session, now: datetime) -> Settings:
    """The settings of a first start, which has told what differs from the defaults."""
    settings = Settings(instance=tmp_path, secret_key="key-one", organisation="架空区")
    told = setting_changes.note(session, settings, now)
    assert told == {
        "KENSHU_INSTANCE": ["", str(tmp_path)],
        "KENSHU_ORGANISATION": ["", "架空区"],
    }
    return settings


def lines(session: Session) -> list[dict[str, object] | None]:
    return list(session.scalars(sa.select(AuditEvent.details).order_by(AuditEvent.seq)))


@pytest.mark.requirement("SEC-07")
def test_a_changed_setting_is_told_from_old_to_new(
    session: Session, now: datetime, first: Settings
) -> None:
    changed = replace(first, idle_minutes=20, demo=True, organisation="")
    setting_changes.note(session, changed, now)
    line = session.scalars(sa.select(AuditEvent).where(AuditEvent.seq == 2)).one()
    assert (line.action, line.actor_id) == ("settings.changed", None)
    assert line.details == {
        "KENSHU_IDLE_MINUTES": ["30", "20"],
        "KENSHU_DEMO": ["0", "1"],
        "KENSHU_ORGANISATION": ["架空区", ""],
    }


def test_a_start_without_a_change_tells_nothing(
    session: Session, now: datetime, first: Settings
) -> None:
    assert setting_changes.note(session, first, now) == {}
    assert len(lines(session)) == 1


@pytest.mark.requirement("SEC-07")
def test_of_a_secret_it_is_told_that_it_changed_and_nothing_else(
    session: Session, now: datetime, first: Settings
) -> None:
    mail = replace(first, mail="smtp://postbote:hunter2@mail.example:25")
    assert setting_changes.note(session, mail, now) == {"secrets": ["KENSHU_MAIL"]}
    again = replace(first, mail="smtp://postbote:hunter3@mail.example:25")
    assert setting_changes.note(session, again, now) == {"secrets": ["KENSHU_MAIL"]}
    assert setting_changes.note(session, again, now) == {}
    kept = repr((lines(session), list(session.scalars(sa.select(RecordedSetting.value)))))
    for word in ("hunter", "postbote", "mail.example", "key-one"):
        assert word not in kept


def test_another_key_is_told_and_does_not_make_other_secrets_look_changed(
    session: Session, now: datetime, first: Settings
) -> None:
    other = replace(first, secret_key="key-two")
    assert setting_changes.note(session, other, now) == {"secrets": ["KENSHU_SECRET_KEY"]}
    assert setting_changes.note(session, other, now) == {}


def test_every_setting_that_may_hold_a_secret_is_one() -> None:
    secret = {field.name for field in fields(Settings) if setting_changes.is_secret(field.name)}
    assert secret == SECRETS
    for name in ("oidc_client_secret", "smtp_password", "api_token", "signing_key"):
        assert setting_changes.is_secret(name)
