"""The list of staff: its columns, its order, and what is done to those who are chosen in it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy.orm import Session

from app.kernel.audit.models import AuditEvent
from app.people.permission.models import Role, RoleGrant
from app.people.register.models import Person
from app.people.sections.models import Section
from app.people.sign_in.models import Credential
from tests import factories, forms
from tests.conftest import SavepointDatabase

pytestmark = pytest.mark.requirement("UIX-04")


@pytest.fixture
def clerk(office: FlaskClient, session: Session) -> Person:
    """Whoever looks after all the staff, signed in."""
    who = factories.person(session, "架空 花子", number="00001", roles=(Role.OFFICE,))
    factories.enter(office, session, who)
    return who


@pytest.fixture
def welfare(session: Session) -> Section:
    """A section of four: B, A, and two of the same name."""
    where = factories.section(session, "福祉課")
    for number, name in (("00011", "B"), ("00012", "A"), ("00013", "C"), ("00014", "C")):
        factories.person(session, name, number=number, section=where, email=f"{number}@example.jp")
    return where


def page(client: FlaskClient, address: str) -> html.HtmlElement:
    answer = client.get(address)
    assert answer.status_code == 200
    return html.document_fromstring(answer.text)


def column(client: FlaskClient, address: str, label: str) -> list[str]:
    cells = page(client, address).xpath(f"//main//*[@data-label='{label}']")
    return [cell.text_content().strip() for cell in cells]


def with_password(session: Session) -> set[str]:
    rows = session.execute(sa.select(Person.name).join(Credential))
    return {row.name for row in rows}


def test_columns_are_chosen_and_stay_in_the_address(
    office: FlaskClient, session: Session, clerk: Person, welfare: Section
) -> None:
    heads = page(office, "/staff").xpath("//main//thead//th")
    assert [head.text_content().strip() for head in heads[1:]] == [
        "氏名",
        "職員番号",
        "所属",
        "職名",
    ]
    chosen = page(office, "/staff?q=0001&sort=-number&columns=name&columns=email")
    heads = chosen.xpath("//main//thead//th")
    assert [head.text_content().strip() for head in heads[1:]] == ["氏名", "メールアドレス"]
    boxes = chosen.xpath("//main//details//input[@type='checkbox'][@checked]/@value")
    assert boxes == ["email"]
    # Who searches anew, or turns the order round, keeps them.
    kept = chosen.xpath("//form[@role='search']/input[@type='hidden']")
    assert [(field.get("name"), field.get("value")) for field in kept] == [
        ("columns", "name"), ("columns", "email"), ("sort", "-number"),
    ]  # fmt: skip
    (link,) = chosen.xpath("//main//thead//a[contains(., '氏名')]/@href")
    assert link == "?q=0001&columns=name&columns=email&sort=name&sort=-number"
    told = session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.seq))
    assert list(told) == ["people.listed", "people.listed_with_email"]


@pytest.mark.parametrize(
    ("sort", "numbers"),
    [
        ("sort=name", ["00012", "00011", "00013", "00014"]),
        ("sort=-name&sort=-number", ["00014", "00013", "00011", "00012"]),
        ("sort=title&sort=-number", ["00014", "00013", "00012", "00011"]),
        ("sort=nothing", ["00011", "00012", "00013", "00014"]),
    ],
)
def test_rows_are_ordered_by_several_columns(
    office: FlaskClient, clerk: Person, welfare: Section, sort: str, numbers: list[str]
) -> None:
    assert column(office, f"/staff?section={welfare.id}&{sort}", "職員番号") == numbers
    file = office.get(f"/staff.csv?reason=training&section={welfare.id}&{sort}")
    rows = file.get_data(as_text=True).splitlines()[1:]
    assert [row.partition(",")[0].strip('"') for row in rows[:4]] == numbers


def test_who_has_left_is_ordered_by_the_same_columns(
    office: FlaskClient, session: Session, clerk: Person, welfare: Section
) -> None:
    for who in session.scalars(sa.select(Person).where(Person.id != clerk.id)):
        who.left_on = factories.LONG_AGO
    session.flush()
    found = column(office, "/staff?kind=left&sort=-number", "職員番号")
    assert found == ["00014", "00013", "00012", "00011"]
    assert not page(office, "/staff?kind=left").xpath("//input[@name='row']")


def test_the_chosen_are_counted_before_it_is_done_to_them_and_to_nobody_else(
    office: FlaskClient, session: Session, clerk: Person, welfare: Section
) -> None:
    listed = page(office, f"/staff?section={welfare.id}")
    keys = dict(zip("BACD", listed.xpath("//input[@name='row']/@value"), strict=True))
    address = f"/staff/passwords?chosen=rows&row={keys['A']}&row={keys['B']}"
    asked = office.get(address).text
    assert "選んだ人：2人" in asked
    assert "パスワードのない2人に発行します" in asked
    assert with_password(session) == {"架空 花子"}
    answer = office.post("/staff/passwords", data=forms.carried(office, address))
    assert answer.status_code == 200
    assert with_password(session) == {"架空 花子", "A", "B"}
    assert "パスワードのない0人に発行します" in office.get(address).text


def test_all_that_match_are_chosen_on_every_page(
    office: FlaskClient, session: Session, clerk: Person, welfare: Section
) -> None:
    for count in range(60):
        factories.person(session, f"D{count}", section=welfare)
    listed = page(office, f"/staff?section={welfare.id}&page=2")
    (form,) = listed.xpath("//main//form[@data-select-all]")
    assert len(form.xpath(".//input[@name='row']")) == 14
    assert "当てはまる64人すべてを選ぶ" in form.text_content()
    carried = {each.get("name"): each.get("value") for each in form.xpath("./input")}
    assert carried == {"section": str(welfare.id), "chosen": "rows"}
    address = f"{form.get('action')}?section={welfare.id}&chosen=rows&chosen=all"
    assert "パスワードのない64人に発行します" in office.get(address).text
    confirmed = forms.carried(office, address)
    assert "row" not in confirmed
    # Somebody joins the section in the meantime: nothing is done, and it is said.
    factories.person(session, "E", section=welfare)
    refused = office.post("/staff/passwords", data=confirmed)
    assert refused.status_code == 409
    assert "対象が変わりました" in refused.text
    assert with_password(session) == {"架空 花子"}


def test_to_choose_nobody_does_nothing(office: FlaskClient, clerk: Person) -> None:
    answer = office.get("/staff/passwords?chosen=rows")
    assert answer.status_code == 422
    assert "1件も選ばれていません" in answer.text


def test_whoever_is_chosen_from_beyond_ones_sections_is_left_out(
    office: FlaskClient, session: Session, welfare: Section
) -> None:
    own = factories.section(session, "総務課")
    clerk = factories.person(session, "担当の人", section=own)
    session.add(
        RoleGrant(
            person_id=clerk.id, role=Role.OFFICE, section_id=own.id, valid_from=factories.LONG_AGO
        )
    )
    factories.enter(office, session, clerk)
    beyond = session.scalars(sa.select(Person).where(Person.name == "A")).one()
    asked = office.get(f"/staff/passwords?chosen=rows&row={beyond.id}")
    assert "選んだ人：0人" in asked.text
    assert "に発行します" not in asked.text


def test_choosing_takes_as_many_statements_for_many_as_for_few(
    office: FlaskClient, session: Session, clerk: Person, welfare: Section,
    database: SavepointDatabase,
) -> None:  # fmt: skip
    counted: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        counted.append(statement)

    def statements(address: str) -> int:
        counted.clear()
        assert office.get(address).status_code == 200
        return len(counted)

    addresses = (
        f"/staff?section={welfare.id}&sort=-title&sort=name&columns=email",
        f"/staff/passwords?section={welfare.id}&chosen=all",
    )
    sa.event.listen(database.engine, "before_cursor_execute", note)
    try:
        few = [statements(address) for address in addresses]
        for count in range(20):
            factories.person(session, f"D{count}", section=welfare)
        assert [statements(address) for address in addresses] == few
    finally:
        sa.event.remove(database.engine, "before_cursor_execute", note)
