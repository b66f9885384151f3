"""C32: a trial installation holds invented people alone, and no demonstration joins real ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from sqlalchemy.orm import Session

from app import demo
from app.cli import kenshu
from app.demo import crowd
from app.demo.staff import STAFF, TITLES
from app.kernel.db import Database
from app.kernel.errors import Refused
from app.kernel.fiction import is_fictional
from app.kernel.settings import Settings
from app.people.register import queries
from app.people.register.models import Person, Title
from tests import factories
from tests.people.importing import STAFF_HEAD, Importing
from workers.workshop import Workshop


@pytest.mark.requirement("OPS-04")
def test_ten_thousand_people_are_made_the_same_each_time_and_all_invented() -> None:
    people = list(crowd.people(10_000))
    assert people == list(crowd.people(10_000))
    assert len({someone.number for someone in people}) == 10_000
    assert all(is_fictional(someone.name) for someone in people)
    assert all(is_fictional(name) for _, name, *_ in STAFF)
    codes = [code for code, _, _ in crowd.tree()]
    assert {someone.section for someone in people} == set(codes)
    assert all(someone.age - (2026 - someone.hired_on.year) >= 20 for someone in people)


def test_the_crowd_joins_the_tour_once(session: Session, now: datetime) -> None:
    session.add_all(Title(name=name, rank_order=rank) for name, _, rank, _ in TITLES)
    session.flush()
    assert len(crowd.add(session, 300)) == 300
    assert crowd.add(session, 300) == []
    assert len(crowd.add(session, 310)) == 10
    serving = session.execute(queries.posts(now)).all()
    assert len(serving) == 310


@pytest.mark.requirement("OPS-04")
def test_the_demonstration_is_not_loaded_beside_real_people(
    session: Session, database: Database, settings: Settings
) -> None:
    factories.person(session, "実在 する人")
    with pytest.raises(Refused, match="demo_on_real_data"):
        demo.load(database, settings, 10)
    assert session.scalar(sa.select(sa.func.count(Person.id))) == 1


def test_the_command_says_why_it_does_not_load(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    with shop.database.unit_of_work() as session:
        factories.person(session, "実在 する人")
    monkeypatch.setattr("app.kernel.installation.connect", lambda _settings: shop.database)
    done = CliRunner().invoke(kenshu, ["demo", "--staff", "5"])
    assert done.exit_code == 1
    assert "people are registered whose names are not invented" in done.output


@pytest.mark.parametrize("is_trial", [True, False])
def test_a_trial_installation_takes_no_name_that_may_be_somebodys(
    session: Session, settings: Settings, database: Database, now: datetime, is_trial: bool
) -> None:
    factories.section(session, code="0101")
    files = Importing(replace(settings, demo=is_trial), database, now)
    rows = "00012,架空 太郎,0101,,主事,\n00013,実在 する人,0101,,主事,jitsuzai@example.jp\n"
    batch = files.check(STAFF_HEAD + rows, on=date(2026, 11, 23))
    if is_trial:
        assert files.findings(batch) == [(3, "name", "name_not_invented")]
        assert "jitsuzai" not in repr([row.data for row in files.rows(batch)])
    else:
        assert files.findings(batch) == []
