"""修了証書: issued without a gap, the same on paper each time, and confirmed to who holds one."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pypdfium2
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel import clock, pdf
from app.kernel.actor import Actor, Grant
from app.kernel.audit.models import AuditEvent
from app.kernel.db import new_id
from app.kernel.errors import Refused
from app.people.permission.models import Role
from app.people.register.models import Person
from app.training.certificates import forms, queries, service
from app.training.certificates.models import Certificate, CertificateChangedError
from app.training.certificates.queries import Issued
from app.training.certificates.service import Header
from app.training.decisions.models import Decision
from app.training.enrolment.models import Enrolment
from app.training.plans.models import Run
from tests import factories

pytestmark = pytest.mark.requirement("RPT-06")

HEADER = Header("架空区長　試作 一郎", date(2026, 11, 23), "https://kenshu.example.jp/verify")


@pytest.fixture
def clerk(session: Session, office: FlaskClient) -> Person:
    """A person of the training office, signed in."""
    who = factories.person(session, "研修 担当", roles=(Role.OFFICE,))
    factories.enter(office, session, who)
    return who


def by(clerk: Person) -> Actor:
    return Actor(person_id=clerk.id, grants=(Grant(Role.OFFICE),))


@pytest.fixture
def run(session: Session) -> Run:
    return factories.run(session, state="ended")


def completed(session: Session, run: Run, name: str, *, is_completed: bool = True) -> Enrolment:
    """Enrol somebody of whom it was decided."""
    state = "completed" if is_completed else "not_completed"
    row = factories.enrol(session, run, factories.person(session, name), state)
    session.add(
        Decision(
            enrolment_id=row.id,
            number=1,
            is_completed=is_completed,
            rule={},
            facts={},
            decided_at=clock.now(),
        )
    )
    session.flush()
    return row


def issue(session: Session, run: Run, clerk: Person, header: Header = HEADER) -> list[Issued]:
    """Issue to all of a run who are to have one, and return them."""
    keys = [each.enrolment_id for each in queries.due(session, run.id, header.issued_on)]
    service.issue(session, run.id, header, keys, by=by(clerk), now=clock.now())
    return queries.of_run(session, run.id)


def test_who_completed_it_is_issued_one_with_a_number_of_the_year(
    session: Session, run: Run, clerk: Person
) -> None:
    first, second = (completed(session, run, f"修了 {n}子") for n in "一二")
    completed(session, run, "未修了 子", is_completed=False)
    # Completed by itself, and not confirmed by anybody yet.
    factories.enrol(session, run, factories.person(session, "認定 待子"), "completed")
    made = issue(session, run, clerk)
    assert [(each.fiscal_year, each.number) for each in made] == [(2026, 1), (2026, 2)]
    assert {each.enrolment_id for each in made} == {first.id, second.id}
    assert [each.number_text for each in made] == ["令和8年度 第1号", "令和8年度 第2号"]
    assert {len(each.check_code) for each in made} == {20}
    assert all(set(each.check_code) <= set(service.ALPHABET) for each in made)
    with pytest.raises(Refused, match="nobody_to_certify"):
        issue(session, run, clerk)
    # Another year begins anew; a refusal takes no number.
    with pytest.raises(Refused, match="certificate_needs_issuer"):
        issue(session, run, clerk, replace(HEADER, issuer=" "))
    completed(session, run, "三人目 子")
    assert issue(session, run, clerk)[-1].number == 3
    completed(session, run, "翌年 子")
    newest = issue(session, run, clerk, replace(HEADER, issued_on=date(2027, 4, 1)))[-1]
    assert (newest.fiscal_year, newest.number) == (2027, 1)


def test_what_one_says_stays_as_it_was_issued(session: Session, run: Run, clerk: Person) -> None:
    row = completed(session, run, "旧姓 花子")
    [made] = issue(session, run, clerk)
    before = queries.paper([made])
    session.get_one(Person, row.person_id).name = "新姓 花子"
    run.minutes = 999
    session.flush()
    [again] = queries.of_run(session, run.id)
    assert queries.paper([again]) == before
    assert before["people"][0]["name"] == "旧姓 花子"
    assert before["people"][0]["issuer"] == "架空区長　試作 一郎"
    assert before["people"][0]["day"] == "令和8年11月23日"
    assert before["people"][0]["rows"][2] == ["時間", "30分"]
    changed = session.get_one(Certificate, made.id)
    changed.document = {}
    with pytest.raises(CertificateChangedError):
        session.flush()
    session.rollback()


def test_edge_06_who_has_another_name_is_issued_another_on_request(
    office: FlaskClient, session: Session, run: Run, clerk: Person
) -> None:
    row = completed(session, run, "旧姓 花子")
    [old] = issue(session, run, clerk)
    place = f"/certificates/{old.id}/reissue"
    same = office.post(place)
    assert same.status_code == 422
    assert "いまの氏名と同じです" in same.text
    session.get_one(Person, row.person_id).name = "新姓 花子"
    session.flush()
    assert "いまの氏名で発行し直す" in office.get(f"/enrolments/{row.id}/completion").text
    assert office.post(place).status_code == 303
    session.expire_all()
    was, new = queries.of_run(session, run.id)
    assert (was.name, was.is_holding) == ("旧姓 花子", False)
    assert (new.name, new.is_holding, new.number) == ("新姓 花子", True, 2)
    assert new.check_code != was.check_code
    assert office.post(place).status_code == 422  # it holds no more


def test_a_person_takes_their_own_again_and_again_and_nobody_elses(
    office: FlaskClient, session: Session, run: Run, clerk: Person
) -> None:
    row, other = completed(session, run, "修了 一子"), completed(session, run, "修了 二子")
    issue(session, run, clerk)
    [mine], [theirs] = (queries.of_person(session, each.person_id) for each in (row, other))
    factories.enter(office, session, session.get_one(Person, row.person_id))
    page = office.get("/certificates").text
    assert mine.number_text in page
    assert theirs.number_text not in page
    answers = [office.get(f"/certificates/{mine.id}.pdf") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].data == answers[1].data
    assert answers[0].data.startswith(b"%PDF")
    assert office.get(f"/certificates/{theirs.id}.pdf").status_code == 404
    assert office.get(f"/runs/{run.id}/certificates").status_code == 403
    printed = sa.select(sa.func.count()).where(AuditEvent.action == "certificate.printed")
    assert session.scalar(printed) == 0  # one's own is nobody else's to write down
    factories.enter(office, session, clerk)
    assert office.get(f"/certificates/{theirs.id}.pdf").status_code == 200
    assert session.scalar(printed) == 1


def test_the_office_issues_to_one_or_to_all_and_prints_them_as_one_file(
    office: FlaskClient, session: Session, run: Run, clerk: Person
) -> None:
    people = [completed(session, run, f"修了 {n}子") for n in range(3)]
    place = f"/runs/{run.id}/certificates"
    assert "3人全員に発行する" in office.get(place).text
    data = {"issuer": "架空区長", "issued_on": "令和8年11月23日"}
    assert office.post(place, data=data).status_code == 422  # nobody was chosen
    assert office.post(place, data={"all": "1"}).status_code == 422
    one = {**data, "row": str(people[1].id)}
    assert office.post(place, data=one).status_code == 303
    assert 'value="架空区長"' in office.get(place).text  # who issued the last ones
    assert office.post(place, data={**data, "all": "1"}).status_code == 303
    assert len(queries.of_run(session, run.id)) == 3
    line = session.scalars(
        sa.select(AuditEvent)
        .where(AuditEvent.action == "certificate.issued")
        .order_by(AuditEvent.seq.desc())
    ).first()
    assert line is not None
    assert (line.details["first"], line.details["last"]) == (2, 3)
    assert office.get(f"{place}.pdf").status_code == 422  # a reason is asked for
    answer = office.get(f"{place}.pdf?reason=training")
    with pypdfium2.PdfDocument(answer.data) as document:
        assert len(document) == 3


def test_whoever_holds_one_has_it_confirmed_and_nobody_else_learns_a_name(
    office: FlaskClient, session: Session, run: Run, clerk: Person
) -> None:
    row = completed(session, run, "修了 証子")
    [made] = issue(session, run, clerk)
    code = queries.grouped(made.check_code)
    assert re.fullmatch(r"(\w{4}-){4}\w{4}", code)
    with office.session_transaction() as cookie:
        cookie.clear()  # nobody is signed in
    empty = office.get("/verify")
    assert empty.status_code == 200
    assert empty.headers["X-Robots-Tag"] == "noindex"
    assert "確認できません" not in empty.text
    for number in ("2026-1", "令和８年度　第１号", "R8-1", "8-1"):
        page = office.get("/verify", query_string={"number": number, "code": code.lower()}).text
        assert "有効な修了証書です" in page, number
        assert "修了 証子" in page
    for number, wrong in (
        ("2026-1", "0" * 20),
        ("2026-2", code),
        ("2026-1", ""),
        ("", code),
        ("x", "<b>"),
    ):
        page = office.get("/verify", query_string={"number": number, "code": wrong}).text
        assert "確認できません" in page
        assert "修了 証子" not in page
    service.revoke(session, row.id, by=by(clerk), now=clock.now())
    page = office.get("/verify", query_string={"number": "2026-1", "code": code}).text
    assert "失効しています" in page


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("令和8年度 第12号", (2026, 12)),
        ("令和元年度第3号", (2019, 3)),
        ("R8-12", (2026, 12)),
        ("2026-12", (2026, 12)),
        ("８－１２", (2026, 12)),
        ("12", None),
        ("", None),
        ("第号", None),
        ("2026-12-1", None),
    ],
)
def test_a_number_is_read_in_the_ways_that_people_write_it(
    written: str, read: tuple[int, int] | None
) -> None:
    assert forms._key(written) == read


def test_letters_that_look_alike_are_read_as_those_that_are_meant() -> None:
    assert forms._letters("oil0-0000 0000－0000　0000") == "0110" + "0" * 16
    assert forms._letters("U" * 20) is None
    assert forms._letters("0" * 19) is None


#: Names whose characters are hard, and what a poor font would draw in their place.
TWINS = [("𠮷田", "吉田"), ("葛󠄀城", "葛城"), ("髙木", "高木"), ("\ufa19谷", "神谷")]


def paper_of(name: str) -> bytes:
    made = Issued(
        *(new_id(), new_id(), new_id(), name, "1", 2026, 12),
        document={
            "name": name,
            "training": "新任係長研修",
            "from": "2026-06-01",
            "until": "2026-06-03",
            "minutes": 450,
            "issuer": "架空区長",
            "address": HEADER.address,
        },
        issued_on=HEADER.issued_on,
        check_code="7" * 20,
        issued_at=datetime(2026, 11, 23, tzinfo=UTC),
        revoked_at=None,
    )
    data = queries.paper([made])
    data["family"] = pdf.family_for(data)
    return pdf.render("certificate", data, now=made.issued_at)


def picture(made: bytes) -> bytes:
    with pypdfium2.PdfDocument(made) as document:
        return bytes(document[0].render(scale=2, grayscale=True).buffer)


@pytest.mark.parametrize(("hard", "plain"), TWINS)
def test_a_hard_name_stands_on_the_certificate_in_its_own_shape(hard: str, plain: str) -> None:
    drawn, other, empty = (picture(paper_of(name)) for name in (hard, plain, "　　"))
    assert drawn != other
    dark = [sum(value < 128 for value in each) for each in (drawn, other, empty)]
    # Both are drawn: neither is empty, and one has about as much ink as the other.
    assert min(dark[0] - dark[2], dark[1] - dark[2]) > 300
    assert picture(paper_of(hard)) == drawn


def test_a_paper_of_honour_is_set_in_the_serif_where_it_can_be(tmp_path: Path) -> None:
    assert pdf.family_for(["𠮷田 葛󠄀城 髙木"]) == pdf.SERIF
    assert pdf.family_for(["\ue000"]) == pdf.FAMILY
    assert pdf.family_for(["修了"], str(tmp_path)) == pdf.FAMILY


def test_what_fails_gives_its_numbers_back(session: Session, run: Run, clerk: Person) -> None:
    completed(session, run, "修了 一子")
    with session.begin_nested() as point:
        assert issue(session, run, clerk)[0].number == 1
        point.rollback()
    [made] = issue(session, run, clerk)
    assert made.number == 1
