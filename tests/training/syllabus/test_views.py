"""What is registered of a training, by whom, and the categories."""

from __future__ import annotations

import uuid

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.people.permission.models import Role, RoleGrant
from app.people.register.models import Person
from app.people.sections.models import Section
from app.training.plans.models import Prerequisite, Training, TrainingCategory
from tests import factories


@pytest.fixture
def clerk(session: Session, office: FlaskClient) -> Person:
    """A person of the training office, signed in."""
    who = factories.person(session, roles=(Role.OFFICE,))
    factories.enter(office, session, who)
    return who


@pytest.fixture
def section(session: Session, office: FlaskClient) -> Section:
    """A section whose organiser is signed in."""
    own = factories.section(session, "情報政策課")
    who = factories.person(session, section=own)
    session.add(
        RoleGrant(
            person_id=who.id,
            role=Role.ORGANISER,
            section_id=own.id,
            valid_from=factories.LONG_AGO,
        )
    )
    session.flush()
    factories.enter(office, session, who)
    return own


def entered(**more: str) -> dict[str, str]:
    return {
        "key": str(uuid.uuid4()),
        "code": "S-01",
        "title": "情報セキュリティ",
        "provider": "ward",
        **more,
    }


@pytest.mark.requirement("PLN-02", "PLN-09")
def test_a_training_has_a_category_a_provider_what_comes_before_and_can_be_put_right(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    category = session.scalars(sa.select(TrainingCategory)).first()
    assert category
    first = factories.training(session, "新任Ⅰ期")
    more = {"category": str(category.id), "provider": "institute", "is_once": "y"}
    answer = office.post("/trainings/new", data=entered(**more, required_1=str(first.id)))
    assert answer.status_code == 303
    row = session.scalars(sa.select(Training).where(Training.code == "S-01")).one()
    assert (row.category_id, row.provider, row.is_once) == (category.id, "institute", True)
    page = office.get(f"/trainings/{row.id}").text
    for told in (category.name, "研修所", "一度だけ", "新任Ⅰ期", "研修担当（研修管理者）"):
        assert told in page
    form = office.get(f"/trainings/{row.id}/edit").text
    assert f'<option selected value="{first.id}">' in form
    changed = office.post(f"/trainings/{row.id}/edit", data=entered(title="新しい名前"))
    assert changed.status_code == 303
    session.refresh(row)
    assert (row.title, row.category_id, row.is_once) == ("新しい名前", None, False)
    assert session.scalars(sa.select(Prerequisite)).all() == []


@pytest.mark.requirement("PLN-09")
def test_a_training_is_never_its_own_prerequisite(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    first, second = (factories.training(session, name) for name in ("Ⅰ期", "Ⅱ期"))
    session.add(Prerequisite(training_id=second.id, required_id=first.id))
    session.flush()
    answer = office.post(
        f"/trainings/{first.id}/edit", data=entered(code=first.code, required_1=str(second.id))
    )
    assert answer.status_code == 422
    assert "前提研修をたどると、この研修自身に戻ります" in answer.text
    assert session.scalars(sa.select(Prerequisite.training_id)).all() == [second.id]


@pytest.mark.requirement("PLN-11")
def test_an_organiser_registers_trainings_of_their_own_section_alone(
    office: FlaskClient, session: Session, section: Section
) -> None:
    other = factories.section(session, "人権課")
    page = office.get("/trainings/new").text
    assert "情報政策課" in page
    assert "人権課" not in page
    for owner in ("", str(other.id)):
        refused = office.post("/trainings/new", data=entered(owner=owner))
        assert refused.status_code == 422
        assert "一覧から選び直してください。" in refused.text
    answer = office.post("/trainings/new", data=entered(owner=str(section.id)))
    assert answer.status_code == 303
    row = session.scalars(sa.select(Training)).one()
    assert row.owner_id == section.id
    # It is theirs from then on: in the list, on its page, and to be planned.
    assert "情報セキュリティ" in office.get("/trainings").text
    assert "実施回を登録する" in office.get(answer.location).text
    strange = factories.training(session, "よその研修")
    strange.owner_id = other.id
    session.flush()
    assert "よその研修" not in office.get("/trainings").text
    for way in ("", "/edit", "/runs/new"):
        assert office.get(f"/trainings/{strange.id}{way}").status_code == 404
    assert office.get("/trainings/categories").status_code == 403


@pytest.mark.requirement("PLN-02")
def test_the_office_names_sorts_and_deletes_categories_but_none_that_is_used(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    names = sa.select(TrainingCategory.name).order_by(TrainingCategory.position)
    known = session.scalars(names).all()
    keys = {name: str(uuid.uuid4()) for name in ("島の研修", "海の研修")}
    for name, key in keys.items():
        for _ in range(2):
            data = {"key": key, "name": name}
            assert office.post("/trainings/categories", data=data).status_code == 303
    taken = office.post("/trainings/categories", data={"key": "", "name": "海の研修"})
    assert taken.status_code == 422
    assert "区分「海の研修」は、すでにあります" in taken.text
    place = f"/trainings/categories/{keys['海の研修']}"
    assert office.post(f"{place}/up").status_code == 303
    assert office.post(place, data={"name": "空の研修"}).status_code == 303
    assert session.scalars(names).all()[len(known) :] == ["空の研修", "島の研修"]
    training = factories.training(session)
    training.category_id = uuid.UUID(keys["島の研修"])
    session.flush()
    used = office.post(f"/trainings/categories/{keys['島の研修']}/delete")
    assert used.status_code == 422
    assert "1件の研修で使われています" in used.text
    assert office.post(f"{place}/delete").status_code == 303
    assert session.scalars(names).all() == [*known, "島の研修"]
