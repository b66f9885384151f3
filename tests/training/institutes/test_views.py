"""A training of another institute: whom we put forward leaves as a file, its results come back."""

from __future__ import annotations

import io
import re

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.kernel import clock
from app.kernel.audit.models import AuditEvent
from app.people.permission.models import Role
from app.people.register.models import Appointment, Person
from app.training.candidacies.models import Candidacy
from app.training.enrolment.models import Enrolment
from app.training.offerings.models import Offering
from app.training.plans.models import Provider, Run
from tests import factories


@pytest.fixture
def clerk(session: Session, office: FlaskClient) -> Person:
    """A person of the training office, signed in."""
    who = factories.person(session, roles=(Role.OFFICE,))
    factories.enter(office, session, who)
    return who


@pytest.fixture
def run(session: Session) -> Run:
    """The one run of a training of the institute, its call over."""
    training = factories.training(session, "政策形成研修")
    training.provider = Provider.INSTITUTE
    row = factories.run(session, training, state="closed")
    session.flush()
    return row


def put(session: Session, run: Run, name: str, number: str, rank: int) -> Candidacy:
    """Put somebody forward, with the head's word."""
    who = factories.person(session, name, number=number)
    post = session.scalars(sa.select(Appointment).where(Appointment.person_id == who.id)).one()
    row = Candidacy(
        offering_id=run.offering_id,
        person_id=who.id,
        route="nominated",
        state="nominated",
        section_id=post.section_id,
        title_id=post.title_id,
        rank=rank,
        created_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row


def check(office: FlaskClient, run: Run, *lines: str) -> TestResponse:
    """Send a file of results to be checked."""
    text = "\r\n".join(("職員番号,氏名,所属,職名,推薦順位,結果", *lines))
    file = (io.BytesIO(text.encode("cp932")), "kekka.csv")
    return office.post(f"/offerings/{run.offering_id}/institute", data={"file": file})


def carried(page: str) -> str:
    """Return the checked lines as the page carries them."""
    found = re.search(r'<textarea name="lines"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    assert found
    return found[1]


def commit(office: FlaskClient, run: Run, page: str) -> TestResponse:
    data = {"lines": carried(page).replace("\n", "\r\n")}
    return office.post(f"/offerings/{run.offering_id}/institute/commit", data=data)


@pytest.mark.requirement("PLN-12")
def test_those_put_forward_leave_as_a_list_and_come_back_decided_and_completed(
    office: FlaskClient, session: Session, clerk: Person, run: Run
) -> None:
    rows = [put(session, run, f"架空 {n}子", f"Q000{n}", n) for n in (1, 2, 3)]
    assert "推薦名簿を出力する" in office.get(f"/offerings/{run.offering_id}").text
    place = f"/offerings/{run.offering_id}/institute"
    assert office.get(f"{place}/nominees.csv").status_code == 422
    file = office.get(f"{place}/nominees.csv?reason=training").data.decode("utf-8-sig")
    first, second, *_ = file.split("\r\n")
    assert first == "職員番号,氏名,所属,職名,推薦順位,結果"
    assert second.startswith("Q0001,架空 1子,")
    line = session.scalars(
        sa.select(AuditEvent).where(AuditEvent.action == "offering.nominees_exported")
    ).one()
    assert set(line.details["people"]) == {str(row.person_id) for row in rows}
    # The very file comes back with results written into it, its mark and all.
    sent = [text for text in file.split("\r\n")[1:] if text]
    words = dict(zip(("Q0001", "Q0002", "Q0003"), ("決定", "補欠", "選外"), strict=True))
    filled = [text + words.get(text[:5], "") for text in sent]
    checked = check(office, run, *filled)
    assert checked.status_code == 200
    assert "3人の結果を取り込みます" in checked.text
    assert "誤りのある行" not in checked.text
    assert {row.state for row in rows} == {"nominated"}
    looked = session.scalars(
        sa.select(AuditEvent).where(AuditEvent.action == "offering.results_checked")
    ).one()
    assert set(looked.details["people"]) == {str(row.person_id) for row in rows}
    answers = [commit(office, run, checked.text) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert "もう取り込まれています" in office.get(answers[1].location).text
    session.expire_all()
    assert [row.state for row in rows] == ["selected", "waitlisted", "not_selected"]
    assert run.state == "decided"
    seat = session.scalars(sa.select(Enrolment)).one()
    assert (seat.person_id, seat.run_id) == (rows[0].person_id, run.id)
    ended = check(office, run, "Q0001,,,,,修了")
    assert commit(office, run, ended.text).status_code == 303
    session.expire_all()
    assert seat.state == "completed"


@pytest.mark.requirement("PLN-12")
def test_what_cannot_be_is_told_line_by_line_and_the_rest_can_be_taken_over(
    office: FlaskClient, session: Session, clerk: Person, run: Run
) -> None:
    run.capacity_max = 0
    good, withdrawn = put(session, run, "良 子", "Q0001", 1), put(session, run, "去 子", "Q0002", 2)
    session.execute(
        sa.update(Candidacy).where(Candidacy.id == withdrawn.id).values(state="withdrawn")
    )
    factories.person(session, "無関 係子", number="Q0003")
    page = check(
        office,
        run,
        "Q0001,,,,,決定",
        "Q0001,,,,,補欠",
        "Q0002,,,,,決定",
        "Q0003,,,,,決定",
        "9,,,,,決定",
        "Q0002,,,,,修了",
        ",,,,,合格",
    ).text
    for told in (
        "1人の結果を取り込みます",
        "誤りのある行が6行あります",
        "ファイルの中に同じ値がほかにもあります",
        "いまの状態からは、この結果にできません",
        "この研修に推薦・申込されていない人です",
        "職員番号「9」：この職員番号の職員はいません。先頭の0が抜けていないか確かめてください。",
        "結果「合格」：結果として読み取れません",
        "職員番号：値がありません",
        f"第{run.number}回は、定員を超えます",
    ):
        assert told in page
    assert commit(office, run, page).status_code == 303
    session.expire_all()
    assert (good.state, withdrawn.state) == ("selected", "withdrawn")


@pytest.mark.requirement("PLN-12")
def test_what_changed_after_the_check_takes_nothing_over(
    office: FlaskClient, session: Session, clerk: Person, run: Run
) -> None:
    rows = [put(session, run, f"架空 {n}子", f"Q000{n}", n) for n in (1, 2)]
    page = check(office, run, "Q0001,,,,,決定", "Q0002,,,,,決定").text
    session.execute(
        sa.update(Candidacy).where(Candidacy.id == rows[1].id).values(state="withdrawn")
    )
    session.expire_all()
    answer = commit(office, run, page)
    assert answer.status_code == 409
    assert "何も取り込んでいません" in answer.text
    session.expire_all()
    assert rows[0].state == "nominated"


@pytest.mark.requirement("PLN-12")
def test_of_several_runs_the_file_names_one_and_a_file_that_is_none_is_told(
    office: FlaskClient, session: Session, clerk: Person, run: Run
) -> None:
    offering = session.get_one(Offering, run.offering_id)
    second = factories.run(session, offered=offering, state="closed")
    row = put(session, run, "架空 1子", "Q0001", 1)
    place = f"/offerings/{run.offering_id}/institute"
    assert "「回」の列に、回の番号を書いてください。" in check(office, run, "Q0001,,,,,決定").text
    text = f"職員番号,結果,回\r\nQ0001,決定,第{second.number}回"
    file = (io.BytesIO(text.encode()), "a.csv")
    assert commit(office, run, office.post(place, data={"file": file}).text).status_code == 303
    session.expire_all()
    assert row.run_id == second.id
    odd = office.post(place, data={"file": (io.BytesIO("氏名\r\n架空".encode()), "a.csv")})
    assert odd.status_code == 422
    assert "ない列：職員番号、結果" in odd.text
    assert office.post(place, data={}).status_code == 422
    offering.training_id = factories.training(session).id
    session.flush()
    assert "区が実施する研修です" in office.get(place).text
