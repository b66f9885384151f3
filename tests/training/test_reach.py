"""For which trainings and people somebody acts: lists, enrolling, reports and files alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app import factory
from app.kernel import clock
from app.kernel.db import Database
from app.kernel.settings import Settings
from app.people.permission.models import Role, RoleGrant
from app.people.register.models import Person
from app.people.sections.models import Section
from app.training.enrolment.models import Enrolment
from app.training.plans.models import Training
from tests import factories


@pytest.fixture
def client(settings: Settings, database: Database) -> FlaskClient:
    """The office where organisers, too, may take files."""
    settings.instance.mkdir(exist_ok=True)
    app = factory.create_app(replace(settings, export_roles="office organiser"), database)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return app.test_client()


def acting(
    client: FlaskClient,
    session: Session,
    role: Role,
    *,
    section: Section | None = None,
    training: Training | None = None,
) -> Person:
    """Sign somebody in who holds a role so limited."""
    who = factories.person(session, "担当 次郎")
    session.add(
        RoleGrant(
            person_id=who.id,
            role=role,
            section_id=section.id if section else None,
            training_id=training.id if training else None,
            valid_from=factories.LONG_AGO,
        )
    )
    session.flush()
    factories.enter(client, session, who)
    return who


@pytest.mark.requirement("SEC-02")
def test_an_organiser_looks_after_the_trainings_they_are_given(
    client: FlaskClient, session: Session
) -> None:
    own, other = (factories.training(session, name) for name in ("自課の研修", "よその研修"))
    runs = [factories.run(session, training) for training in (own, other)]
    for run, name in zip(runs, ("自課の人", "よその人"), strict=True):
        factories.enrol(session, run, factories.person(session, name))
    acting(client, session, Role.ORGANISER, training=own)
    listed = client.get("/trainings").text
    assert "自課の研修" in listed
    assert "よその研修" not in listed
    assert "よその研修" not in client.get("/trainings?q=よその").text.partition("<table")[2]
    for way in ("/runs/{0}", "/reports/runs/{0}", "/reports/runs/{0}.csv?reason=progress"):
        assert "自課の人" in client.get(way.format(runs[0].id)).data.decode("utf-8-sig")
        assert client.get(way.format(runs[1].id)).status_code == 404
    assert client.post(f"/runs/{runs[0].id}/end").status_code == 303
    assert client.post(f"/runs/{runs[1].id}/end").status_code == 404
    assert client.get("/trainings/new").status_code == 403
    assert client.get("/staff").status_code == 403


@pytest.mark.requirement("SEC-02")
def test_a_lecturer_reads_who_is_in_their_training_and_changes_nothing(
    client: FlaskClient, session: Session
) -> None:
    own = factories.training(session)
    run = factories.run(session, own)
    enrolment = factories.enrol(session, run, factories.person(session, "受講 花子"))
    acting(client, session, Role.LECTURER, training=own)
    page = client.get(f"/runs/{run.id}").text
    assert "受講 花子" in page
    for button in ("登録を取り消す", "実施回を変更する", "受講者を追加する", "受講状況を見る"):
        assert button not in page
    assert client.post(f"/enrolments/{enrolment.id}/end").status_code == 403
    assert client.get(f"/reports/runs/{run.id}").status_code == 403


@pytest.mark.requirement("SEC-02")
def test_an_office_of_some_sections_sees_and_enrols_their_people_only(
    client: FlaskClient, session: Session
) -> None:
    own, other = factories.section(session, "窓口課"), factories.section(session, "税務課")
    near = factories.person(session, "近い人", section=own, number="R0001")
    far = factories.person(session, "遠い人", section=other, number="R0002")
    run = factories.run(session)
    acting(client, session, Role.OFFICE, section=own)
    check = client.post(f"/runs/{run.id}/enrol", data={"numbers": "R0001\nR0002"}).text
    assert "1人を登録します" in check
    assert "遠い人" not in check
    people = f"{near.id.hex} {far.id.hex}"
    assert client.post(f"/runs/{run.id}/enrol/commit", data={"people": people}).status_code == 303
    assert session.scalars(sa.select(Enrolment.person_id)).all() == [near.id]
    beyond = factories.enrol(session, run, far)
    for way in ("/runs/{0}", "/reports/runs/{0}", "/reports/runs/{0}.csv?reason=progress"):
        text = client.get(way.format(run.id)).data.decode("utf-8-sig")
        assert "近い人" in text
        assert "遠い人" not in text
    assert "1人中 0人" in client.get(f"/reports/runs/{run.id}").text
    assert client.post(f"/enrolments/{beyond.id}/end").status_code == 404
    assert client.post(f"/runs/{run.id}/cancel").status_code == 403
    assert client.get(f"/history/people/{far.id}").status_code == 404


# Of those who are still to learn; §7.6, 8.
@pytest.mark.requirement("STF-14")
def test_who_has_left_counts_among_those_who_have_learnt_alone(
    client: FlaskClient, session: Session
) -> None:
    run = factories.run(session)
    gone, here = factories.person(session, "去った人"), factories.person(session, "いる人")
    for who in (gone, here):
        factories.enrol(session, run, who)
    gone.left_on = clock.today(clock.now()) - timedelta(days=1)
    session.flush()
    acting(client, session, Role.OFFICE)
    report = client.get(f"/reports/runs/{run.id}").text
    assert "1人中 0人" in report
    assert "去った人" not in report
    missing = client.get(f"/reports/runs/{run.id}.csv?reason=progress&standing=not_started")
    assert "去った人" not in missing.data.decode("utf-8-sig")
    whole = client.get(f"/reports/runs/{run.id}.csv?reason=progress").data.decode("utf-8-sig")
    assert "去った人" in whole
