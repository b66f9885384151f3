"""Lists that are kept as somebody has narrowed them: their own, and nowhere but in our lists."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy.orm import Session

from app.people.permission.models import Role
from app.people.register.models import Person
from app.people.saved_filters.models import SavedFilter
from tests import factories

pytestmark = pytest.mark.requirement("HIS-08")
NARROWED = "kind=left&sort=-number&columns=name&columns=email"


@pytest.fixture
def clerk(office: FlaskClient, session: Session) -> Person:
    """Whoever looks after all the staff, signed in."""
    who = factories.person(session, "架空 花子", roles=(Role.OFFICE,))
    factories.enter(office, session, who)
    return who


def keep(office: FlaskClient, path: str, name: str = "退職者") -> int:
    return office.post("/saved-filters", data={"path": path, "name": name}).status_code


def rows(session: Session) -> list[tuple[str, str, str]]:
    found = session.execute(
        sa.select(SavedFilter.endpoint, SavedFilter.name, SavedFilter.query).order_by(
            SavedFilter.name
        )
    )
    return [(row[0], row[1], row[2]) for row in found]


def test_a_list_is_kept_without_the_words_and_the_page_and_opened_again(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    page = html.document_fromstring(office.get(f"/staff?q=架空&page=2&{NARROWED}").text)
    (form,) = page.xpath("//form[@action='/saved-filters']")
    path = form.xpath("input[@name='path']/@value")[0]
    answer = office.post("/saved-filters", data={"path": path, "name": " 退職者 "})
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/staff?{NARROWED}"
    assert rows(session) == [("staff.staff", "退職者", NARROWED)]
    shown = html.document_fromstring(office.get("/staff").text)
    (link,) = shown.xpath("//a[text()='退職者']/@href")
    assert link == f"/staff?{NARROWED}"
    there = html.document_fromstring(office.get(link).text)
    assert there.xpath("//a[text()='退職者']/@aria-current") == ["page"]
    assert not there.xpath("//form[@action='/saved-filters']")


def test_the_same_name_takes_the_place_of_the_former_and_what_is_kept_can_be_let_go(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    assert keep(office, "/staff?kind=left") == keep(office, "/staff?kind=old") == 303
    assert rows(session) == [("staff.staff", "退職者", "kind=old")]
    kept = session.scalars(sa.select(SavedFilter)).one()
    gone = office.post(f"/saved-filters/{kept.id}/delete", data={"path": "/staff?kind=old&q=x"})
    assert (gone.status_code, gone.headers["Location"]) == (303, "/staff?kind=old")
    assert rows(session) == []


def test_what_one_run_is_narrowed_to_is_opened_for_another(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    first, second = factories.run(session), factories.run(session)
    for run in (first, second):
        factories.enrol(session, run, factories.person(session))
    assert keep(office, f"/reports/runs/{first.id}?standing=not_started", "未受講") == 303
    shown = html.document_fromstring(office.get(f"/reports/runs/{second.id}").text)
    (link,) = shown.xpath("//div[@class='saved-filters']//a/@href")
    assert link == f"/reports/runs/{second.id}?standing=not_started"


@pytest.mark.parametrize(
    "path",
    ["//evil.example/?a=1", "https://evil.example/staff?kind=left", "/nowhere?a=1",
     "/account?a=1", "/staff.csv?reason=x", "", "\\\\evil?a=1", "/staff/?kind=left"],
)  # fmt: skip
def test_nothing_but_our_lists_is_kept_or_led_to(
    office: FlaskClient, session: Session, clerk: Person, path: str
) -> None:
    assert keep(office, path) == 422
    assert rows(session) == []


def test_a_name_and_a_condition_are_needed_and_there_are_only_so_many(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    assert keep(office, "/staff?kind=left", "") == 422
    assert keep(office, "/staff?kind=left", "あ" * 41) == 422
    assert keep(office, "/staff?q=架空&page=3") == 422
    assert keep(office, "/staff?kind=" + "x" * 1_100) == 422
    for number in range(20):
        assert keep(office, "/staff?kind=left", f"条件{number}") == 303
    assert keep(office, "/staff?kind=left", "もう1つ") == 422


def test_nobody_sees_or_drops_what_another_keeps(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    assert keep(office, "/staff?kind=left") == 303
    kept = session.scalars(sa.select(SavedFilter)).one()
    assert "退職者" in office.get("/staff").text
    factories.enter(office, session, factories.person(session, roles=(Role.OFFICE,)))
    assert "退職者" not in office.get("/staff").text
    answer = office.post(f"/saved-filters/{kept.id}/delete", data={"path": "/staff"})
    assert answer.status_code == 404
    assert len(rows(session)) == 1
