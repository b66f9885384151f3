"""C17: a file of people needs a reason and a role that may take it, and carries a mark."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app import factory
from app.kernel.audit.models import AuditEvent
from app.kernel.db import Database
from app.kernel.settings import Settings
from app.people.permission.models import Role
from app.people.register.models import Person
from tests import factories


@pytest.fixture
def clerk(office: FlaskClient, session: Session) -> Person:
    """The office's own person, signed in."""
    who = factories.person(
        session,
        "研修 次郎",
        roles=(Role.OFFICE,),
        section=factories.section(session, "人材育成課"),
    )
    factories.enter(office, session, who)
    return who


@pytest.fixture
def files(session: Session) -> list[str]:
    """The address of every file about other people."""
    run = factories.run(session)
    factories.enrol(session, run, factories.person(session, "=架空()", number="E0001"))
    return [f"/reports/runs/{run.id}.csv", "/staff.csv"]


def test_no_file_without_a_reason(office: FlaskClient, clerk: Person, files: list[str]) -> None:
    for path in files:
        for query in ("", "?reason=", "?reason=because"):
            answer = office.get(path + query)
            assert answer.status_code == 422, path + query
            assert "取り出す理由が選ばれていません" in answer.text


def test_every_file_ends_with_who_took_it_when_and_why(
    office: FlaskClient, clerk: Person, files: list[str]
) -> None:
    for path in files:
        answer = office.get(f"{path}?reason=statistics")
        rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
        mark = dict(row for row in rows[rows.index([]) + 1 :])
        assert mark["取り出した人"] == "人材育成課 研修 次郎"
        assert mark["取り出した理由"] == "統計・報告の作成"
        assert mark["取り出した日時"]
        assert mark["受付番号"] == answer.headers["X-Request-Id"]


def test_the_audit_keeps_reason_filter_and_everybody_in_it(
    office: FlaskClient, session: Session, clerk: Person, files: list[str]
) -> None:
    for path in files:
        office.get(f"{path}?reason=inspection")
    lines = session.scalars(
        sa.select(AuditEvent)
        .where(AuditEvent.action.in_(["run.exported", "people.exported"]))
        .order_by(AuditEvent.seq)
    ).all()
    assert [line.action for line in lines] == ["run.exported", "people.exported"]
    enrolled = session.scalars(sa.select(Person.id).where(Person.name == "=架空()")).one()
    for line in lines:
        assert line.actor_id == clerk.id
        assert line.details["reason"] == "inspection"
        assert str(enrolled) in line.details["people"]
        assert line.details["count"] == len(line.details["people"])


def test_a_file_is_safe_for_spreadsheets_and_in_the_encoding_asked_for(
    office: FlaskClient, clerk: Person, files: list[str]
) -> None:
    for path in files:
        text = office.get(f"{path}?reason=training&encoding=cp932").data.decode("cp932")
        assert "'=架空()" in text
        assert office.get(f"{path}?reason=training").data.startswith(b"\xef\xbb\xbf")
        assert office.get(f"{path}?reason=training&encoding=latin").status_code == 422


@pytest.mark.parametrize("allowed", ["", "administrator", "office"])
def test_the_setting_says_which_roles_take_files(
    settings: Settings, database: Database, session: Session, files: list[str], allowed: str
) -> None:
    settings.instance.mkdir(exist_ok=True)
    app = factory.create_app(replace(settings, export_roles=allowed), database)
    app.config.update(TESTING=True)
    client = app.test_client()
    factories.enter(client, session, factories.person(session, roles=(Role.OFFICE,)))
    for path in files:
        answer = client.get(f"{path}?reason=training")
        assert answer.status_code == (200 if allowed == "office" else 403)
    assert ('name="reason"' in client.get("/staff").text) is (allowed == "office")


def test_a_file_of_staff_has_neither_gender_nor_age(office: FlaskClient, clerk: Person) -> None:
    head = office.get("/staff.csv?reason=register").data.decode("utf-8-sig").splitlines()[0]
    assert head.split(",") == [
        "職員番号", "氏名", "所属", "兼務先", "職名", "職種", "職務名", "メールアドレス",
        "採用年月日", "昇任年月日", "任用区分",
    ]  # fmt: skip


def test_ones_own_history_needs_no_reason(office: FlaskClient, clerk: Person) -> None:
    assert office.get("/history.csv").status_code == 200


@pytest.mark.requirement("HIS-08")
def test_the_columns_of_a_file_can_be_chosen(
    office: FlaskClient, clerk: Person, files: list[str]
) -> None:
    for path in files:
        answer = office.get(f"{path}?reason=training&columns=name&columns=number&columns=nonsense")
        rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
        assert rows[0] == ["職員番号", "氏名"], path
        assert ["E0001", "'=架空()"] in rows
        none = office.get(f"{path}?reason=training&columns=nonsense").data.decode("utf-8-sig")
        assert len(none.splitlines()[0].split(",")) > 5
    form = office.get("/staff").text
    assert 'name="columns" value="email" checked' in form


@pytest.mark.requirement("HIS-08")
def test_no_file_loses_a_character_before_somebody_has_seen_in_which_rows(
    office: FlaskClient, session: Session, clerk: Person, files: list[str]
) -> None:
    for who in session.scalars(sa.select(Person).where(Person.name == "=架空()")):
        who.name = "𠮷野 葛󠄀子"
    session.flush()
    for path in files:
        asked = f"{path}?reason=statistics&encoding=cp932"
        page = office.get(asked)
        assert page.headers["Content-Type"].startswith("text/html")
        assert page.headers["Cache-Control"] == "no-store"
        assert "Shift_JISで書けない文字が1行にあります" in page.text
        assert "〓野 葛子" in page.text
        taken = office.get(f"{asked}&replace=yes")
        assert "〓野 葛子" in taken.data.decode("cp932")
        assert office.get(f"{path}?reason=statistics").data.startswith(b"\xef\xbb\xbf")
    told = session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.seq)).all()
    assert told.count("export.checked") == len(files)
