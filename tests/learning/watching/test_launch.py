"""From the office to a video: a learner's assignment, an author's preview, the rule that holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.content.materials.models import Material, Version
from app.content.videos.models import Completion, Video, WatchingRule
from app.kernel import clock
from app.kernel.audit.models import AuditEvent
from app.kernel.errors import NotFound
from app.learning.records.models import Attempt
from app.learning.watching import queries
from app.learning.watching.models import Watched
from app.people.permission.models import Role
from app.people.register.models import Person
from app.training.plans.models import RunItem
from tests import factories
from tests.learning import made
from tests.learning.watching.conftest import Launch, Viewer

BOUND = WatchingRule(Completion.PERCENT, 60, is_bound=True)
NOTED = WatchingRule(Completion.END)
Sign = Callable[..., Person]


@pytest.fixture
def enter(session: Session, office: FlaskClient) -> Sign:
    """Sign somebody of these roles in at the office."""

    def do(*roles: Role) -> Person:
        who = factories.person(session, "架空 花子", roles=roles)
        factories.enter(office, session, who)
        return who

    return do


def version_of(session: Session, material: Material) -> Version:
    return session.scalars(sa.select(Version).where(Version.material_id == material.id)).one()


def window(content: FlaskClient, answer: TestResponse) -> TestResponse:
    """Follow an answer of the office to the content's origin."""
    assert answer.status_code == 303
    address = answer.headers["Location"]
    return content.get(urlsplit(address).path, base_url=made.origin(address))


@pytest.mark.parametrize("said", [BOUND, None])
@pytest.mark.requirement("VID-03")
def test_an_assignment_leads_to_the_video_and_its_run_says_how_it_is_watched(
    office: FlaskClient, content: FlaskClient, session: Session, enter: Sign,
    said: WatchingRule | None,
) -> None:  # fmt: skip
    who = enter()
    material = factories.video(session, who, play=NOTED.as_document())
    run = factories.run(session, materials=(material,))
    if said:
        item = session.scalars(sa.select(RunItem).where(RunItem.run_id == run.id)).one()
        item.watching = said.as_document()
    key = factories.assignment_of(session, factories.enrol(session, run, who))
    answer = office.post(f"/assignments/{key}/launch")
    assert answer.headers["Location"].endswith("/watch")
    assert window(content, answer).status_code == 200
    attempt = session.scalars(sa.select(Attempt)).one()
    # Where the run says nothing, the material does; what is required is bound.
    assert Watched.of(attempt.document).rule == (said or replace(NOTED, is_bound=True))
    viewer = Viewer(session, attempt.id, clock.now())
    viewer.open()
    viewer.play(0, 90)
    assert "受講時間" in office.get(f"/assignments/{key}").text


def test_a_preview_leads_to_the_video_and_leaves_no_record(
    office: FlaskClient, content: FlaskClient, session: Session, enter: Sign
) -> None:
    who = enter(Role.AUTHOR)
    version = version_of(session, factories.video(session, who, state="draft"))
    page = window(content, office.post(f"/preview/{version.id}", data={"back": "/materials"}))
    assert page.status_code == 200
    assert "プレビュー（記録しません）" in page.text
    attempt = session.scalars(sa.select(Attempt)).one()
    assert attempt.record_id is None
    assert "attempt.previewed" in session.scalars(sa.select(AuditEvent.action)).all()
    # No call of any content is written down: there is nothing to read.
    assert office.get(f"/traces/{attempt.id}").status_code == 404


def test_what_is_asked_in_a_draft_is_read_anew_and_of_what_is_published_kept(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "_MOST_ASKED", 1)
    who = factories.person(session)
    for state, expected in (("draft", "B2"), ("published", "A1"), ("published", "A1")):
        version = version_of(session, factories.video(session, who, state=state, code="A1"))
        assert queries.asked(session, version.id).code == "A1"
        version.document = {**version.document, "code": "B2"}
        session.flush()
        assert queries.asked(session, version.id).code == expected
    assert len(queries._asked) == 1


def test_a_film_that_cannot_be_watched_yet_is_not_launched(
    launch: Launch, session: Session
) -> None:
    found = launch()
    session.execute(sa.update(Video).values(edition={}))
    session.expire_all()
    with pytest.raises(NotFound, match="video_not_ready"):
        launch.again(found)  # type: ignore[attr-defined]


def test_what_comes_after_the_time_to_learn_is_kept_and_marked(launch: Launch) -> None:
    viewer = launch().viewer
    viewer.open()
    viewer.play(0, 10)
    assert viewer.attempt.late_at is None
    viewer.now += timedelta(seconds=20)
    viewer.is_late = True
    viewer.play(10, 20)
    late = viewer.attempt.late_at
    assert late == viewer.now
    viewer.play(20, 30)
    assert viewer.attempt.late_at == late
    assert viewer.attempt.document["played"] == [[0.0, 30.0]]
