"""The pages of a report, by plain forms alone: written, handed in, confirmed, taken in, printed."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.audit.models import AuditEvent
from app.people.permission.models import Role, RoleGrant
from app.training.report_forms import queries as forms
from app.training.results import service
from app.training.results.models import ReportForm, ReportVersion
from app.training.results.service import Word
from tests import factories
from tests.training.counting import statements
from tests.training.orders.test_papers import words
from tests.training.reporting import SAID, Reporting, enter, reporting

WRITTEN = {"answer_1": SAID["learnt"], "answer_2": SAID["use"], "answer_3": ""}


@pytest.fixture
def stage(session: Session) -> Reporting:
    """A run that asks for a report, of which the first person has done the rest."""
    made = reporting(session)
    made.through()
    return made


def told(session: Session, action: str) -> list[AuditEvent]:
    """Return the audit's lines of an act, the first one first."""
    query = sa.select(AuditEvent).where(AuditEvent.action == action).order_by(AuditEvent.seq)
    return list(session.scalars(query))


def text_of(page: str) -> str:
    """Return what a page says, without its markup."""
    return " ".join(html.fromstring(page).text_content().split())


@pytest.mark.requirement("RPT-01", "UIX-06")
def test_a_learner_writes_keeps_and_hands_in_with_plain_forms(
    office: FlaskClient, session: Session, stage: Reporting
) -> None:
    enter(office, stage, stage.people[0])
    address = f"/results/{stage.enrolments[0].id}"
    home = office.get("/").text
    assert address in home.partition("提出する報告")[2]
    page = office.get(address).text
    # 様式: the usual fields; nothing on the page needs a script.
    assert all(each.label in page for each in forms.USUAL.fields)
    assert "<script" not in page.partition("<form")[2].partition("</form>")[0]
    kept = office.post(f"{address}/save", data=WRITTEN | {"answer_2": ""})
    assert kept.status_code == 303
    assert "途中まで保存しました" in office.get(kept.location).text
    assert SAID["learnt"] in office.get(address).text
    short = office.post(address, data=WRITTEN | {"answer_2": " ", "answer_3": "あ" * 1001})
    assert short.status_code == 422
    assert "書いてください。" in short.text
    assert "1文字多すぎます" in short.text
    assert SAID["learnt"] in short.text, "what was written is kept"
    sent = office.post(address, data=WRITTEN | {"answer_1": "一行目\r\n二行目"})
    assert sent.status_code == 303
    shown = office.get(address).text
    assert "一行目<br>二行目" in shown
    assert "提出済み" in shown
    assert "<textarea" not in shown
    version = session.scalars(sa.select(ReportVersion)).one()
    assert version.answers["learnt"] == "一行目\n二行目"
    assert office.post(address, data=WRITTEN).status_code == 422
    assert "提出する報告" not in office.get("/").text


@pytest.mark.requirement("RPT-01")
def test_the_office_says_what_a_training_asks_and_learners_are_asked_that(
    office: FlaskClient, session: Session, stage: Reporting
) -> None:
    enter(office, stage, stage.clerk)
    address = f"/trainings/{stage.training.id}/report-form"
    page = html.fromstring(office.get(address).text).forms[-1]
    data = {name: value for name, value in page.fields.items() if name and value is not None}
    assert data["label_1"] == "学んだこと"
    more = html.fromstring(office.post(address, data=data | {"do": "more"}).text).forms[-1]
    assert "label_5" in more.fields
    wrong = office.post(address, data=data | {"most_1": "0", "due_days": "x", "hint_4": "案内"})
    assert wrong.status_code == 422
    changed = data | {"label_1": "", "hint_1": "", "label_4": "次の目標", "need_4": "optional"}
    changed |= {"most_4": "３００", "most_2": "", "due_days": "21"}
    assert office.post(address, data=changed).status_code == 303
    row = session.get_one(ReportForm, stage.training.id)
    assert ([each["label"] for each in row.fields], row.due_days) == (
        ["職務への活用", "研修への意見", "次の目標"],
        21,
    )
    assert [each["most"] for each in row.fields] == [2000, 1000, 300]
    assert told(session, "training.report_form_set")
    enter(office, stage, stage.people[0])
    asked = office.get(f"/results/{stage.enrolments[0].id}").text
    assert "次の目標" in asked
    assert ">学んだこと<" not in asked


@pytest.mark.requirement("RPT-02", "UIX-06")
def test_the_head_confirms_or_gives_back_and_the_office_takes_in(
    office: FlaskClient, session: Session, stage: Reporting
) -> None:
    row = stage.submit()
    address = f"/results/{row.id}"
    enter(office, stage, stage.head)
    assert "報告を確認する（1件）" in office.get("/").text
    listed = office.get("/results/waiting")
    assert stage.people[0].name in listed.text
    assert set(told(session, "result_report.listed")[-1].details["people"]) == {
        str(stage.people[0].id)
    }
    page = office.get(f"{address}/review").text
    assert SAID["learnt"] in page
    [seen] = told(session, "result_report.viewed")
    assert (seen.details["people"], seen.role) == ([str(row.person_id)], "head")
    refused = office.post(f"{address}/return", data={"seen": "1", "comment": " "})
    assert refused.status_code == 422
    assert "直してほしいところを書いてください。" in refused.text
    given = office.post(f"{address}/return", data={"seen": "1", "comment": "例を\r\n書いて"})
    assert given.status_code == 303
    enter(office, stage, stage.people[0])
    returned = office.get(address).text
    assert "例を<br>書いて" in returned
    assert SAID["learnt"] in returned.partition("<textarea")[2], "a copy of the last version"
    assert office.post(address, data=WRITTEN | {"answer_3": "特になし"}).status_code == 303
    enter(office, stage, stage.head)
    assert office.post(f"{address}/confirm", data={"seen": "1"}).status_code == 409
    assert office.post(f"{address}/confirm", data={"seen": "2"}).status_code == 303
    assert office.post(f"{address}/accept", data={}).status_code == 403
    enter(office, stage, stage.clerk)
    assert "受理を待つ報告 1件" in office.get("/").text
    assert (
        office.post(f"{address}/accept", data={"seen": "2", "comment": "ご苦労様"}).status_code
        == 303
    )
    session.expire_all()
    assert (stage.state(), row.state) == ("accepted", "completed")
    said = text_of(office.get(f"{address}/review").text)
    for step in ("提出", "差戻し", "所属長が確認", "受理", "第1版", "第2版", "ご苦労様"):
        assert step in said


@pytest.mark.requirement("RPT-02")
def test_several_are_confirmed_taken_in_and_waived_once_their_number_was_confirmed(
    office: FlaskClient, session: Session, stage: Reporting
) -> None:
    for place in range(3):
        if place:
            stage.through(place)
        stage.submit(place)
    keys = [str(row.id) for row in stage.enrolments]
    enter(office, stage, stage.head)
    assert office.post("/results/waiting/confirm", data={}).status_code == 422
    asked = office.post("/results/waiting/confirm", data={"row": keys[:2]})
    assert "2件の報告を確認します" in asked.text
    assert stage.state() == "submitted"
    form = dict_of(asked.text)
    assert office.post("/results/waiting/confirm", data=form | {"row": keys}).status_code == 409
    assert office.post("/results/waiting/confirm", data=form).status_code == 303
    assert [stage.state(place) for place in range(3)] == ["confirmed", "confirmed", "submitted"]
    enter(office, stage, stage.clerk)
    place = f"/runs/{stage.run.id}/results"
    page = text_of(office.get(place).text)
    assert "所属長確認済み" in page
    narrowed = office.get(f"{place}?state=submitted").text
    assert stage.people[2].name in narrowed
    assert stage.people[0].name not in narrowed
    asked = office.post(f"{place}/accept", data={"chosen": "all"})
    assert "2件の報告を受理します" in asked.text
    assert office.post(f"{place}/accept", data=dict_of(asked.text)).status_code == 303
    assert [stage.state(each) for each in range(3)] == ["accepted", "accepted", "submitted"]
    assert office.post(f"{place}/accept", data={"row": keys[2]}).status_code == 422
    asked = office.post(f"{place}/accept_unconfirmed", data={"row": keys[2]})
    assert "所属長がまだ確認していない報告も受理します。" in asked.text
    late = factories.enrol(session, stage.run, factories.person(session, "架空 免除"), "awaiting")
    waived = office.post(f"{place}/waive", data={"row": str(late.id)})
    assert office.post(f"{place}/waive", data=dict_of(waived.text)).status_code == 422
    form = dict_of(waived.text) | {"reason": "away"}
    assert office.post(f"{place}/waive", data=form).status_code == 303
    assert office.post(f"{place}/accept_unconfirmed", data=dict_of(asked.text)).status_code == 303
    session.expire_all()
    assert {row.state for row in stage.enrolments} == {"completed"}
    assert "免除" in text_of(office.get(place).text)


def dict_of(page: str) -> dict[str, object]:
    """Return what the last form of a page carries."""
    form = html.fromstring(page).forms[-1]
    carried: dict[str, object] = {}
    for each in form.inputs:
        if each.get("type") == "hidden":
            known = carried.get(each.name)
            carried[each.name] = each.value if known is None else [*_listed(known), each.value]
    return carried


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


@pytest.mark.requirement("RPT-02")
def test_nobody_else_opens_a_report_and_a_coordinator_never(
    office: FlaskClient, session: Session, stage: Reporting
) -> None:
    row = stage.submit()
    elsewhere = factories.section(session, "税務課")
    stranger = factories.person(session, "架空 他長", section=elsewhere)
    coordinator = factories.person(session, "架空 庶務", section=stage.section)
    for who, role, where in (
        (stranger, Role.HEAD, elsewhere),
        (coordinator, Role.COORDINATOR, stage.section),
    ):
        grant = {"role": role, "section_id": where.id, "valid_from": factories.LONG_AGO}
        session.add(RoleGrant(person_id=who.id, **grant))
    session.flush()
    own = (f"/results/{row.id}", f"/results/{row.id}/own.pdf")
    near = (f"/results/{row.id}/review", f"/results/{row.id}/report.pdf")
    for who, of_others in ((stranger, 404), (coordinator, 403), (stage.people[1], 403)):
        enter(office, stage, who)
        assert [office.get(path).status_code for path in own] == [404, 404], who.name
        assert [office.get(path).status_code for path in near] == [of_others] * 2, who.name
    enter(office, stage, stranger)
    assert office.post(f"/results/{row.id}/confirm", data={}).status_code == 404
    assert office.post("/results/waiting/confirm", data={"row": str(row.id)}).status_code == 404
    enter(office, stage, coordinator)
    assert "受講結果報告" not in text_of(office.get(f"/seats/{row.id}").text)
    enter(office, stage, stage.head)
    assert f"/results/{row.id}/review" in office.get(f"/seats/{row.id}").text
    enter(office, stage, stage.people[0])
    assert f"/results/{row.id}" in office.get(f"/seats/{row.id}").text
    # One's own page is for oneself, even where one is the office.
    mine = factories.enrol(session, stage.run, stage.clerk)
    enter(office, stage, stage.clerk)
    assert office.get(f"/results/{mine.id}").status_code == 200
    assert office.get(f"/results/{row.id}").status_code == 404


@pytest.mark.requirement("RPT-01")
def test_a_run_that_asks_for_none_has_none(
    office: FlaskClient, session: Session, stage: Reporting
) -> None:
    session.delete(stage.item)
    session.flush()
    enter(office, stage, stage.people[0])
    assert office.get(f"/results/{stage.enrolments[0].id}").status_code == 404
    assert "受講結果報告" not in text_of(office.get(f"/seats/{stage.enrolments[0].id}").text)
    enter(office, stage, stage.clerk)
    assert "求めていない" in office.get(f"/runs/{stage.run.id}/results").text


@pytest.mark.requirement("RPT-03")
def test_a_report_is_printed_and_the_same_version_is_the_same_file(
    office: FlaskClient, session: Session, stage: Reporting
) -> None:
    row = stage.enrolments[0]
    said = SAID | {"learnt": "窓口で𠮷田さんに学んだ😀"}
    by = stage.acting(stage.people[0])
    service.submit(session, row.id, said, by=by, now=clock.now())
    head = stage.acting(stage.head)
    service.confirm(session, row.id, Word("よい報告"), by=head, now=clock.now())
    enter(office, stage, stage.people[0])
    first, again = (office.get(f"/results/{row.id}/own.pdf") for _ in range(2))
    assert (first.mimetype, first.data) == ("application/pdf", again.data)
    [page] = words(first.data)
    for each in ("受講結果報告書", "架空0子", "新任係長研修", "学んだこと", "〔U+1F600", "よい報告",
                 "所属長の確認", "架空課長"):  # fmt: skip
        assert each in page, each
    enter(office, stage, stage.head)
    assert office.get(f"/results/{row.id}/report.pdf").data == first.data
    enter(office, stage, stage.clerk)
    stage.submit(1)
    whole = f"/runs/{stage.run.id}/results.pdf"
    assert office.get(whole).status_code == 422, "the office says why"
    assert len(words(office.get(f"{whole}?reason=training").data)) == 2
    one, run = told(session, "result_report.printed")
    assert one.details["people"] == [str(row.person_id)]
    assert (len(run.details["people"]), run.details["reason"]) == (2, "training")


@pytest.mark.requirement("RPT-02")
def test_states_leave_as_a_file_and_no_word_of_a_report_does(
    office: FlaskClient, session: Session, stage: Reporting
) -> None:
    stage.submit()
    enter(office, stage, stage.clerk)
    address = f"/runs/{stage.run.id}/results.csv"
    assert office.get(address).status_code == 422
    file = office.get(f"{address}?reason=progress").data.decode("utf-8-sig")
    lines = file.split("\r\n")
    assert lines[0].startswith("職員番号,氏名,所属,職名,報告の状態,提出の期限")
    assert sum("提出済み" in line for line in lines) == 1
    assert sum("未提出" in line for line in lines) == 2
    assert SAID["learnt"] not in file
    [line] = told(session, "result_report.exported")
    assert len(line.details["people"]) == 3


def test_lists_take_as_many_statements_for_many_as_for_one(
    office: FlaskClient, session: Session
) -> None:
    counted = []
    for count in (1, 6):
        stage = reporting(session, count=count)
        for place in range(count):
            stage.submit(place)
        found = []
        for who, path in (
            (stage.head, "/results/waiting"),
            (stage.clerk, f"/runs/{stage.run.id}/results"),
        ):
            enter(office, stage, who)
            with statements(session) as seen:
                assert office.get(path).status_code == 200
            found.append(len(seen))
        counted.append(found)
    assert counted[0] == counted[1]
