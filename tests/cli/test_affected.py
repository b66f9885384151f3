"""`kenshu audit affected`: whom a leak has touched, on paper and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from app.cli import affected, kenshu
from app.kernel import clock, db, schema
from app.kernel.audit import service as audit
from app.kernel.audit.models import AuditEvent
from app.kernel.audit.service import Origin, origin
from app.kernel.db import Database
from app.people.permission.models import Role
from app.people.register.models import Person
from tests import factories

pytestmark = pytest.mark.requirement("SEC-13")

FIRST = datetime(2026, 11, 22, 14, 59, 59, tzinfo=UTC)  # 23:59:59 on the 22nd in Japan
SECOND = datetime(2026, 11, 22, 15, 0, 0, tzinfo=UTC)  # midnight


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Database]:
    """A database with two clerks, three others, and what the clerks have seen and changed."""
    database = db.connect(f"sqlite:///{tmp_path / 'kenshu.sqlite3'}")
    schema.upgrade(database)
    token = origin.set(Origin("192.0.2.7", "r"))
    with database.unit_of_work() as session:
        clerk, other = (
            factories.person(session, name, number=number, roles=(Role.OFFICE,))
            for name, number in (("担当 一子", "00001"), ("担当 二郎", "00002"))
        )
        people = [
            factories.person(session, f"架空 {name}", number=f"0001{place}")
            for place, name in enumerate("甲乙丙")
        ]
        _line(session, "people.listed", clerk, FIRST, None, audit.shown(p.id for p in people))
        _line(session, "person.viewed", clerk, FIRST, people[0], {"count": 1})
        _line(session, "person.viewed", clerk, SECOND, people[0], {"count": 1})
        changes = {"email": ["a@example.jp", "b@example.jp"]}
        _line(session, "person.changed", other, SECOND, people[2], changes)
        _line(session, "person.viewed", other, SECOND, other, {"count": 1})
        _line(session, "person.signed_in", other, SECOND, other, {})
        audit.record(
            session, "run.exported", by=None, now=SECOND, subject=("run", None),
            details=audit.shown([people[1].id]),
        )  # fmt: skip
    origin.reset(token)
    yield database
    database.engine.dispose()


def _line(session: Any, action: str, by: Person, at: datetime, who: Any, details: Any) -> None:
    subject = ("person", who.id if who else None)
    audit.record(session, action, by=by.id, now=at, subject=subject, details=details)


def typed(kept: Database, *words: str) -> Result:
    environment = {"KENSHU_INSTANCE": str(Path(kept.engine.url.database or "").parent)}
    return CliRunner().invoke(kenshu, ["audit", "affected", *words], env=environment)


def found(kept: Database, *words: str) -> dict[str, Any]:
    """Return what `--json` prints."""
    result = typed(kept, "--json", *words)
    assert result.exit_code == 0, result.output
    told: dict[str, Any] = json.loads(result.output)
    return told


def test_an_account_is_asked_whom_it_saw_and_changed(kept: Database) -> None:
    result = typed(kept, "--by", "00001")
    assert result.exit_code == 0
    listed = "一覧の閲覧：職員の一覧を表示  項目：職員番号、氏名、所属、職名"
    viewed = (
        "個人の明細の閲覧：職員の登録内容を表示  "
        "項目：職員番号、氏名、所属、職名、メールアドレス、役割、サインインの状況"
    )
    at = "    2026/11/22 23:59:59"
    assert result.output.splitlines() == [
        "影響を受けた人は3人です。",
        "00010 架空 甲",
        f"{at}  00001 担当 一子  {listed}",
        f"{at} - 2026/11/23 00:00:00 (2回)  00001 担当 一子  {viewed}",
        "00011 架空 乙",
        f"{at}  00001 担当 一子  {listed}",
        "00012 架空 丙",
        f"{at}  00001 担当 一子  {listed}",
    ]


def test_a_time_is_asked_and_ones_own_and_the_systems_acts_touch_nobody(kept: Database) -> None:
    told = found(kept, "--since", "2026-11-23", "--until", "2026-11-23")
    assert [person["number"] for person in told["people"]] == ["00010", "00012"]
    assert told["since"] == "2026-11-23T00:00:00+09:00"
    assert told["until"] == "2026-11-24T00:00:00+09:00"
    [change] = told["people"][1]["touches"]
    assert (change["manner"], change["action"]) == ("changed", "person.changed")
    assert change["by"] == "00002 担当 二郎"
    assert change["items"] == ["email"]
    assert change["addresses"] == ["192.0.2.7"]
    assert change["first_at"] == "2026-11-23T00:00:00+09:00"
    assert change["lines"] == [4]


def test_both_can_be_asked_at_once_and_a_time_can_have_a_zone(kept: Database) -> None:
    told = found(kept, "--by", "00001", "--since", "2026-11-22T15:00:00+00:00")
    assert [person["number"] for person in told["people"]] == ["00010"]
    assert found(kept, "--by", "00002", "--until", "2026-11-22")["count"] == 0
    assert "影響を受けた人はいません。" in typed(kept, "--by", "00010").output


def test_what_was_asked_is_itself_a_line(kept: Database) -> None:
    typed(kept, "--by", "00002")
    with kept.reading() as session:
        last = sa.select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(1)
        line = session.scalars(last).one()
        assert (line.action, line.actor_id) == ("audit.affected", None)
        assert line.details is not None
        assert (line.details["count"], line.details["filter"]) == (1, {"by": "00002"})


@pytest.mark.parametrize(("people", "is_told"), [(100, False), (101, True)])
def test_more_than_a_hundred_people_must_be_reported(
    kept: Database, people: int, is_told: bool
) -> None:
    with kept.unit_of_work() as session:
        clerk = factories.person(session, number="00003")
        ids = [factories.person(session).id for _ in range(people)]
        details = audit.shown(ids)
        audit.record(
            session, "run.exported", by=clerk.id, now=SECOND, subject=("run", None), details=details
        )
    assert found(kept, "--by", "00003")["must_be_reported"] == is_told
    assert ("100人を超える漏えい" in typed(kept, "--by", "00003").output) == is_told


def test_people_of_a_forgotten_line_are_still_found(kept: Database) -> None:
    with kept.unit_of_work() as session:
        clerk = factories.person(session, number="00003")
        who, run = factories.person(session, number="00033"), factories.run(session)
        audit.record(
            session, "run.exported", by=clerk.id, now=SECOND, subject=("run", run.id),
            details=audit.shown([who.id]),
        )  # fmt: skip
        audit.forget(session, "run", run.id, by=None, now=clock.now())
    assert [person["number"] for person in found(kept, "--by", "00003")["people"]] == ["00033"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ([], 2, "--by"),
        (["--until", "2026-11-23"], 2, "--since"),
        (["--since", "yesterday"], 2, "--since takes 2026-11-23"),
        (["--by", "99999"], 1, "nobody has the staff number 99999"),
    ],
)
def test_what_cannot_be_asked_is_told(
    kept: Database, words: list[str], code: int, said: str
) -> None:
    result = typed(kept, *words)
    assert result.exit_code == code
    assert said in result.output


def test_a_number_that_somebody_had_is_enough(kept: Database) -> None:
    with kept.unit_of_work() as session:
        session.execute(sa.text("UPDATE staff_number SET valid_to = '2026-01-01'"))
    assert found(kept, "--by", "00001")["by"] == ["00001 担当 一子"]


def test_a_day_ends_with_its_last_moment() -> None:
    assert affected.read_moment("2026-11-23", is_end=True).isoformat() == (
        "2026-11-24T00:00:00+09:00"
    )
    assert affected.read_moment("2026-11-23T13:00", is_end=True).isoformat() == (
        "2026-11-23T13:00:00+09:00"
    )
