"""The office says how a video is watched in a run; its learners are told before they start."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.content.materials.models import Material, MaterialKind, Version
from app.content.videos.models import Completion, Reaction, WatchingRule
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.audit.models import AuditEvent
from app.kernel.errors import Conflict, NotFound
from app.learning.records.models import LearnerRecord
from app.people.permission.models import Role, RoleGrant
from app.people.register.models import Person
from app.training.enrolment import access, queries
from app.training.enrolment.models import Assignment
from app.training.plans import service as plans
from app.training.plans.models import Run, RunItem
from app.training.runs import queries as runs
from app.training.viewing import service
from tests import factories
from tests.training.counting import statements

#: What the form sends where nothing is to be otherwise.
AS_IT_IS = {"completion": "", "percent": "", "bound": "", "hidden": "", "elsewhere": ""}


@pytest.fixture
def clerk(session: Session, office: FlaskClient) -> Person:
    """A person of the training office, signed in."""
    who = factories.person(session, roles=(Role.OFFICE,))
    factories.enter(office, session, who)
    return who


def film(
    session: Session,
    by: Person,
    title: str = "情報セキュリティの動画",
    *,
    play: dict[str, Any] | None = None,
    document: dict[str, Any] | None = None,
) -> Material:
    """Make a video with a published version; nothing is played here, so that it has no film."""
    row = factories.material(session, by, title)
    row.kind, row.play = MaterialKind.VIDEO, play or {}
    version = session.scalars(sa.select(Version).where(Version.material_id == row.id)).one()
    version.document = {"video": str(uuid.uuid4()), **(document or {})}
    session.flush()
    return row


def part(session: Session, run: Run, material: Material) -> RunItem:
    """Return a material as the part of a run that it is."""
    return session.scalars(
        sa.select(RunItem).where(RunItem.run_id == run.id, RunItem.material_id == material.id)
    ).one()


def page_of(item: RunItem) -> str:
    """Return the path of the page on which it is said how a video is watched."""
    return f"/runs/{item.run_id}/items/{item.id}/watching"


@pytest.mark.requirement("VID-03", "VID-04")
def test_a_run_tells_in_a_line_how_each_video_is_watched(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    asked, offered = film(session, clerk), film(session, clerk, "参考の動画")
    plain = factories.material(session, clerk, "動画でない教材")
    run = factories.run(session, materials=(asked, offered, plain))
    part(session, run, offered).is_required = False
    session.flush()
    page = office.get(f"/runs/{run.id}").text
    assert page.count("視聴の条件：") == 2
    assert "視聴の条件：すべての区間・初回は早送り不可" in page
    assert "視聴の条件：すべての区間・早送り可" in page
    for material, is_linked in ((asked, True), (offered, True), (plain, False)):
        assert (f'href="{page_of(part(session, run, material))}"' in page) == is_linked


@pytest.mark.requirement("VID-03", "VID-04", "VID-05")
def test_what_the_office_says_of_a_run_holds_there_alone(
    office: FlaskClient, session: Session, clerk: Person, now: datetime
) -> None:
    material = film(session, clerk, play={"completion": "end", "hidden": "note"})
    here, there = (factories.run(session, materials=(material,)) for _ in range(2))
    item = part(session, here, material)
    asked = office.get(page_of(item)).text
    assert "教材のとおり（最後まで）" in asked
    assert "必須の教材なので、できない" in asked
    sent = {"completion": "percent", "percent": "80", "bound": "free", "elsewhere": "note"}
    done = office.post(page_of(item), data={**AS_IT_IS, **sent}, follow_redirects=True)
    assert "視聴の条件を保存しました。" in done.text
    assert "視聴の条件：80%以上・早送り可" in done.text
    assert session.get_one(RunItem, item.id, populate_existing=True).watching == {
        "completion": "percent",
        "percent": 80,
        "is_bound": False,
        "elsewhere": "note",
    }
    found = {}
    for run in (here, there):
        key = factories.assignment_of(session, factories.enrol(session, run, clerk))
        assigned = access.assigned_of(session, key, now)
        assert assigned
        found[run.id] = assigned.watching
    assert found[here.id] == WatchingRule(
        Completion.PERCENT, 80, is_bound=False, hidden=Reaction.NOTE, elsewhere=Reaction.NOTE
    )
    assert found[there.id] == WatchingRule(Completion.END, is_bound=True, hidden=Reaction.NOTE)


def test_the_form_shows_what_was_said_and_takes_it_back(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    material = film(session, clerk)
    item = part(session, factories.run(session, materials=(material,)), material)
    said = {"completion": "percent", "percent": "65", "bound": "bound", "hidden": "note"}
    office.post(page_of(item), data={**AS_IT_IS, **said})
    page = office.get(page_of(item)).text
    for name, value in (("completion", "percent"), ("bound", "bound"), ("hidden", "note")):
        [choice] = [
            each for each in page.split("<input") if f'name="{name}"' in each and "checked" in each
        ]
        assert f'value="{value}"' in choice
    assert 'value="65"' in page
    assert office.post(page_of(item), data=AS_IT_IS).status_code == 303
    assert session.get_one(RunItem, item.id, populate_existing=True).watching == {}


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"percent": "0"}, "1から100までの数字を入力してください。"),
        ({"percent": "101"}, "1から100までの数字を入力してください。"),
        ({"percent": "半分"}, "1から100までの数字を入力してください。"),
        ({"completion": "soon"}, "選択肢から1つ選んでください。"),
        ({"bound": "maybe"}, "選択肢から1つ選んでください。"),
        ({"hidden": "close"}, "選択肢から1つ選んでください。"),
        ({"elsewhere": "close"}, "選択肢から1つ選んでください。"),
        ({"completion": "code"}, "公開中の動画に、確認コードがありません。"),
        ({"completion": "questions"}, "公開中の動画に、確認問題がありません。"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_written(
    office: FlaskClient, session: Session, clerk: Person, sent: dict[str, str], told: str
) -> None:
    material = film(session, clerk)
    item = part(session, factories.run(session, materials=(material,)), material)
    answer = office.post(page_of(item), data={**AS_IT_IS, **sent})
    assert answer.status_code == 422
    assert told in answer.text
    assert session.get_one(RunItem, item.id, populate_existing=True).watching == {}


@pytest.mark.parametrize(
    ("completion", "document"),
    [("code", {"code": "みどり"}), ("questions", {"questions": [{"id": "q1"}]})],
)
def test_a_code_and_questions_are_asked_for_where_there_are_any(
    office: FlaskClient,
    session: Session,
    clerk: Person,
    completion: str,
    document: dict[str, Any],
) -> None:
    material = film(session, clerk, document=document)
    item = part(session, factories.run(session, materials=(material,)), material)
    sent = {**AS_IT_IS, "completion": completion}
    assert office.post(page_of(item), data=sent).status_code == 303
    assert "だれも完了できません" not in office.get(page_of(item)).text
    version = session.scalars(sa.select(Version).where(Version.material_id == material.id)).one()
    version.document = {"video": version.document["video"]}
    session.flush()
    assert "だれも完了できません" in office.get(page_of(item)).text


@pytest.mark.parametrize("state", ["ended", "settled", "cancelled"])
def test_a_run_that_is_over_keeps_how_its_videos_were_watched(
    office: FlaskClient, session: Session, clerk: Person, state: str
) -> None:
    material = film(session, clerk)
    run = factories.run(session, state=state, materials=(material,))
    item = part(session, run, material)
    page = office.get(f"/runs/{run.id}").text
    assert "視聴の条件：すべての区間" in page
    assert page_of(item) not in page
    asked = office.get(page_of(item)).text
    assert "視聴条件は変えられません" in asked
    assert 'name="completion"' not in asked
    assert office.post(page_of(item), data={**AS_IT_IS, "bound": "free"}).status_code == 409
    assert session.get_one(RunItem, item.id, populate_existing=True).watching == {}


@pytest.mark.parametrize("state", ["draft", "calling", "closed", "decided", "open", "postponed"])
def test_as_long_as_a_run_is_not_over_it_may_be_said(
    office: FlaskClient, session: Session, clerk: Person, state: str
) -> None:
    material = film(session, clerk)
    item = part(session, factories.run(session, state=state, materials=(material,)), material)
    assert office.post(page_of(item), data={**AS_IT_IS, "bound": "free"}).status_code == 303
    assert session.get_one(RunItem, item.id, populate_existing=True).watching == {"is_bound": False}


def test_what_is_no_video_of_the_run_is_not_found(
    office: FlaskClient, session: Session, clerk: Person, now: datetime
) -> None:
    material, plain = film(session, clerk), factories.material(session, clerk)
    run, other = (factories.run(session, materials=(material, plain)) for _ in range(2))
    beside, report = part(session, run, plain), RunItem(run_id=run.id, kind="report", position=9)
    session.add(report)
    session.flush()
    elsewhere = part(session, other, material)
    for key in (beside.id, report.id, elsewhere.id, uuid.uuid4()):
        path = f"/runs/{run.id}/items/{key}/watching"
        assert office.get(path).status_code == 404
        assert office.post(path, data=AS_IT_IS).status_code == 404
    by = Actor(person_id=clerk.id)
    for key in (beside.id, report.id, uuid.uuid4()):
        with pytest.raises(NotFound):
            service.set_rule(session, key, {"is_bound": True}, by=by, now=now)
    assert (beside.watching, report.watching) == ({}, {})


@pytest.mark.requirement("SEC-02")
@pytest.mark.parametrize(
    ("role", "is_own", "status"),
    [
        (Role.ORGANISER, True, 200),
        (Role.ORGANISER, False, 404),
        (Role.LECTURER, True, 403),
        (Role.HEAD, True, 403),
        (Role.AUTHOR, True, 403),
    ],
)
def test_who_plans_the_run_says_how_its_videos_are_watched(
    office: FlaskClient, session: Session, role: Role, is_own: bool, status: int
) -> None:
    who = factories.person(session)
    own, other = factories.training(session), factories.training(session, "よその研修")
    material = film(session, who)
    run = factories.run(session, own if is_own else other, materials=(material,))
    limit = {"training_id": own.id} if role in (Role.ORGANISER, Role.LECTURER) else {}
    session.add(RoleGrant(person_id=who.id, role=role, valid_from=factories.LONG_AGO, **limit))
    session.flush()
    factories.enter(office, session, who)
    path = page_of(part(session, run, material))
    assert office.get(path).status_code == status
    done = office.post(path, data={**AS_IT_IS, "bound": "free"})
    assert done.status_code == (303 if status == 200 else status)
    if role == Role.LECTURER:
        page = office.get(f"/runs/{run.id}").text
        assert ("視聴の条件：すべての区間" in page, path in page) == (True, False)


@pytest.mark.requirement("SEC-02")
def test_who_plans_for_some_sections_alone_does_not_say_it_for_all(
    office: FlaskClient, session: Session
) -> None:
    section = factories.section(session, "窓口課")
    who = factories.person(session, section=section)
    material = film(session, who)
    item = part(session, factories.run(session, materials=(material,)), material)
    grant = RoleGrant(person_id=who.id, role=Role.OFFICE, section_id=section.id)
    grant.valid_from = factories.LONG_AGO
    session.add(grant)
    session.flush()
    factories.enter(office, session, who)
    page = office.get(f"/runs/{item.run_id}").text
    assert ("視聴の条件：すべての区間" in page, page_of(item) in page) == (True, False)
    assert office.get(page_of(item)).status_code == 403
    assert office.post(page_of(item), data={**AS_IT_IS, "bound": "free"}).status_code == 403


def test_another_rule_is_a_line_of_the_audit_and_the_same_is_none(
    office: FlaskClient, session: Session, clerk: Person, now: datetime
) -> None:
    material = film(session, clerk)
    run = factories.run(session, materials=(material,))
    item = part(session, run, material)
    by = Actor(person_id=clerk.id)
    for _ in range(2):
        said = {"is_bound": False, "completion": "end"}
        service.set_rule(session, item.id, said, by=by, now=now)
    query = sa.select(AuditEvent).where(AuditEvent.action == "run.watching_set")
    line = session.scalars(query).one()
    assert (line.actor_id, line.subject_id) == (clerk.id, run.id)
    assert line.details["course"] == material.title
    usual = WatchingRule(is_bound=True).as_document()
    assert line.details["from"] == usual
    assert line.details["to"] == {**usual, "completion": "end", "is_bound": False}
    session.add(
        RoleGrant(person_id=clerk.id, role=Role.ADMINISTRATOR, valid_from=factories.LONG_AGO)
    )
    session.flush()
    page = office.get("/audit?action=run.watching_set").text
    assert "初回の早送り・倍速の禁止" in page
    assert "はい → いいえ" in page
    assert "→ 最後まで進んだとき" in page


def test_a_run_that_ends_meanwhile_is_not_changed(session: Session, now: datetime) -> None:
    who = factories.person(session, roles=(Role.OFFICE,))
    material = film(session, who)
    run = factories.run(session, state="ended", materials=(material,))
    item = part(session, run, material)
    with pytest.raises(Conflict):
        service.set_rule(session, item.id, {"percent": 1}, by=Actor(person_id=who.id), now=now)
    assert item.watching == {}


@pytest.mark.requirement("VID-04")
def test_a_learner_is_told_what_is_asked_until_it_is_done(
    office: FlaskClient, session: Session
) -> None:
    who = factories.person(session)
    factories.enter(office, session, who)
    material = film(session, who)
    run = factories.run(session, materials=(material,))
    key = factories.assignment_of(session, factories.enrol(session, run, who))
    told = "すべての区間を見ると完了します。初回は早送りと倍速はできません。"
    page = office.get(f"/assignments/{key}").text
    assert told in page
    assert "ほかの画面に切り替えると、再生が止まります。" in page
    part(session, run, material).watching = {"is_bound": False, "hidden": "note"}
    session.flush()
    page = office.get(f"/assignments/{key}").text
    assert "すべての区間を見ると完了します。早送りや倍速もできます。" in page
    assert "ほかの画面に切り替えると、そのことが記録に残ります。" in page
    session.add(
        LearnerRecord(
            person_id=who.id, material_id=material.id, assignment_id=key, status="completed"
        )
    )
    session.flush()
    assert "見ると完了します。" not in office.get(f"/assignments/{key}").text


def test_other_materials_say_nothing_of_watching(office: FlaskClient, session: Session) -> None:
    who = factories.person(session)
    factories.enter(office, session, who)
    material = factories.material(session, who)
    material.play = {"window": "new"}
    enrolment = factories.enrol(session, factories.run(session, materials=(material,)), who)
    key = factories.assignment_of(session, enrolment)
    assert "完了の条件" not in office.get(f"/assignments/{key}").text
    found = access.assigned_of(session, key, clock.now())
    assert found
    assert found.watching is None


@pytest.mark.requirement("VID-04")
def test_the_catalogue_tells_each_rule_once_with_its_runs(
    office: FlaskClient, session: Session
) -> None:
    who = factories.person(session)
    factories.enter(office, session, who)
    material = film(session, who)
    offered = factories.offering(session)
    rows = [
        factories.run(session, offered=offered, state="calling", materials=(material,))
        for _ in range(3)
    ]
    part(session, rows[2], material).watching = {"completion": "end"}
    session.flush()
    page = office.get(f"/courses/{offered.id}").text
    first, second, third = (row.number for row in rows)
    assert f"第{first}、{second}回・必須：すべての区間を見ると完了します。" in page
    assert f"第{third}回・必須：最後まで再生すると完了します。" in page
    assert page.count("完了します。") == 2


def test_the_catalogue_says_nothing_of_videos_where_there_are_none(
    office: FlaskClient, session: Session
) -> None:
    who = factories.person(session)
    factories.enter(office, session, who)
    run = factories.run(session, state="calling", materials=(factories.material(session, who),))
    assert "動画の視聴" not in office.get(f"/courses/{run.offering_id}").text


def test_a_task_comes_with_its_rule_in_one_statement(session: Session, now: datetime) -> None:
    who = factories.person(session)
    materials = tuple(film(session, who, f"動画{number}") for number in range(5))
    run = factories.run(session, materials=materials)
    enrolment = factories.enrol(session, run, who)
    keys = session.scalars(
        sa.select(Assignment.id).where(Assignment.enrolment_id == enrolment.id)
    ).all()
    with statements(session) as seen:
        tasks = queries.tasks_of(session, who.id, now)
        rules = {access.of_task(task, now).watching for task in tasks}
    assert (len(tasks), len(seen), rules) == (5, 1, {WatchingRule(is_bound=True)})
    with statements(session) as seen:
        access.assigned_of(session, keys[0], now)
    assert len(seen) == 1
    with statements(session) as seen:
        parts = runs.parts(session, run.id)
        assert {each.watching for each in parts} == rules
    assert len(seen) == 1


def test_what_else_is_said_of_a_run_leaves_it_as_it_is(session: Session, now: datetime) -> None:
    who = factories.person(session, roles=(Role.OFFICE,))
    material = film(session, who)
    run = factories.run(session, materials=(material,))
    item, by = part(session, run, material), Actor(person_id=who.id)
    service.set_rule(session, item.id, {"is_bound": False}, by=by, now=now)
    said = runs.said(session, run.id)
    plans.reschedule(session, run.id, said, by=by, now=now + timedelta(minutes=1))
    assert session.get_one(RunItem, item.id, populate_existing=True).watching == {"is_bound": False}
