"""The pages of files of staff and sections: choosing, checking, deciding, looking back."""

from __future__ import annotations

import csv
import io
import re
import uuid
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.kernel import clock, jobs
from app.kernel.actor import SYSTEM
from app.kernel.audit.models import AuditEvent
from app.kernel.db import Database
from app.kernel.errors import Refused
from app.kernel.settings import Settings
from app.kernel.tables import sheet
from app.people.imports.models import ImportBatch
from app.people.permission import service
from app.people.permission.models import Role
from app.people.register.models import Person
from tests import factories
from tests.people.importing import STAFF_HEAD, Importing

STAFF = STAFF_HEAD + "00012,髙橋 一郎,0101,総務課,主事,\n"


@pytest.fixture
def files(settings: Settings, database: Database) -> Importing:
    """What the worker does."""
    return Importing(replace(settings, demo=False), database, clock.now())


@pytest.fixture
def signed_in(office: FlaskClient, session: Session) -> Person:
    """Somebody of the office, whose browser this is."""
    who = factories.person(session, number="99999", roles=(Role.OFFICE,))
    factories.enter(office, session, who)
    return who


def upload(client: FlaskClient, data: str, kind: str = "staff", **fields: str) -> TestResponse:
    day = clock.today(clock.now()).isoformat()
    form = {"mode": "difference", "effective_on": day, **fields}
    return client.post(
        f"/imports/{kind}",
        data={**form, "file": (io.BytesIO(data.encode("cp932")), "名簿.csv")},
        content_type="multipart/form-data",
    )


def sent(client: FlaskClient, files: Importing, data: str, **fields: str) -> str:
    """Upload a file, have it checked, and return its page's path."""
    path = upload(client, data, **fields).headers["Location"]
    files.perform(uuid.UUID(path.rpartition("/")[2]))
    return path


def main(answer: TestResponse) -> str:
    assert answer.status_code == 200, answer.status
    return re.sub(r"<[^>]+>|\s+", " ", answer.text.partition("<main")[2])


@pytest.mark.requirement("STF-01")
def test_a_file_is_chosen_checked_confirmed_and_taken_over(
    office: FlaskClient, session: Session, signed_in: Person, files: Importing, nudges: list[object]
) -> None:
    factories.section(session, "総務課", code="0101")
    answer = upload(office, STAFF)
    assert answer.status_code == 303
    path = answer.headers["Location"]
    waiting = office.get(path).text
    assert "順番を待っています" in waiting
    assert 'hx-trigger="every 1s"' in waiting
    assert "HX-Refresh" not in office.get(f"{path}/progress").headers
    batch_id = uuid.UUID(path.rpartition("/")[2])
    files.perform(batch_id)
    assert office.get(f"{path}/progress").headers["HX-Refresh"] == "true"
    page = main(office.get(path))
    assert "まだ何も変わっていません" in page
    assert "00012" in page
    assert "髙橋 一郎" in page
    assert office.post(f"{path}/commit").status_code == 303
    assert "取り込んでいます" in office.get(path).text or "順番を待って" in office.get(path).text
    files.perform(batch_id)
    assert "追加 1件、変更 0件" in main(office.get(path))
    assert "髙橋 一郎" in office.get("/staff").text
    assert "髙橋 一郎" not in office.get(path).text, "nothing of the file is left"
    assert [nudge[0] for nudge in nudges] == ["perform", "perform"]
    assert "取込済み" in main(office.get("/imports"))


def test_a_second_click_on_commit_asks_for_no_second_job(
    office: FlaskClient, session: Session, signed_in: Person, files: Importing
) -> None:
    factories.section(session, "総務課", code="0101")
    path = sent(office, files, STAFF)
    for _ in range(2):
        assert office.post(f"{path}/commit").status_code == 303
    query = sa.select(sa.func.count()).where(jobs.Job.name == jobs.Name.COMMIT_REGISTER)
    assert session.scalar(query) == 1


@pytest.mark.requirement("STF-02", "STF-03")
def test_rows_in_error_are_shown_alone_and_come_as_a_file(
    office: FlaskClient, session: Session, signed_in: Person, files: Importing
) -> None:
    factories.section(session, "総務課", code="0101")
    path = sent(office, files, STAFF + "00013,乙,0312,,主事,\n00014,=丙,0101,,主事,\n")
    page = main(office.get(f"{path}?only=error"))
    assert "所属コード「0312」：このコードの所属が登録されていません。" in page
    assert "00012" not in page
    rows = list(csv.reader(io.StringIO(office.get(f"{path}/errors.csv").data.decode("utf-8-sig"))))
    assert rows[0] == ["行", "列", "値", "理由", "直し方"]
    assert rows[1][:3] == ["3", "所属コード", "0312"]
    assert rows[2][:3] == ["4", "氏名", "'=丙"]
    old = office.get(f"{path}/errors.csv?encoding=cp932").data.decode("cp932")
    assert "所属コード" in old
    answer = office.post(f"{path}/commit")
    assert answer.status_code == 422
    assert "誤りのある行が2行あります" in answer.text
    assert office.post(f"{path}/commit", data={"leaves_errors": "1"}).status_code == 303


@pytest.mark.requirement("STF-02")
def test_every_state_of_a_row_has_its_count_and_its_list(
    office: FlaskClient, session: Session, signed_in: Person, files: Importing
) -> None:
    where = factories.section(session, "総務課", code="0101")
    for number, name in (("00001", "甲"), ("00002", "乙"), ("00003", "丙")):
        factories.person(session, name, number=number, section=where)
    rows = "00001,甲,0101,,主事,\n00002,乙野,0101,,主事,\n00009,新,0101,,主事,\n1,欅,9,,主事,\n"
    path = sent(office, files, STAFF_HEAD + rows)
    for state, number in (("added", "00009"), ("changed", "00002"), ("unchanged", "00001"),
                          ("error", "欅"), ("absent", "00003")):  # fmt: skip
        page = main(office.get(f"{path}?only={state}"))
        others = {"00009", "00002", "00001", "欅", "00003"} - {number}
        assert number in page.partition("取り込む行")[2], state
        assert not [other for other in others if other in page.partition("取り込む行")[2]], state
    assert "氏名：乙 → 乙野" in main(office.get(f"{path}?only=changed"))
    assert "所属コード：0101、職名：主事" in main(office.get(f"{path}?only=added"))


@pytest.mark.requirement("STF-05")
def test_no_value_of_an_unknown_column_is_kept(
    office: FlaskClient, session: Session, signed_in: Person, files: Importing, settings: Settings
) -> None:
    factories.section(session, "総務課", code="0101")
    head = "職員番号,氏名,フリガナ,所属コード,職名,生年月日\n"
    data = head + "00012,甲,コウノカナ,0101,主事,1981-05-06\n"
    path = sent(office, files, data)
    assert "フリガナ、生年月日" in main(office.get(path))
    office.post(f"{path}/commit")
    files.perform(uuid.UUID(path.rpartition("/")[2]))
    everything = [
        repr(row)
        for t in type(signed_in).metadata.sorted_tables
        for row in session.execute(t.select())
    ]
    assert not [row for row in everything if "コウノカナ" in row or "1981-05-06" in row]
    assert not list(settings.uploads.iterdir())


def test_a_file_that_cannot_be_read_is_refused_with_a_way_on(
    office: FlaskClient, session: Session, signed_in: Person, files: Importing
) -> None:
    path = upload(office, "番号,名前\n1,甲\n").headers["Location"]
    batch = session.get_one(ImportBatch, uuid.UUID(path.rpartition("/")[2]))
    result = {
        "code": "file_columns",
        "data": {"missing": ["職員番号", "氏名"], "found": ["番号", "名前"]},
    }
    assert batch.job_id
    jobs.end(session, batch.job_id, jobs.State.REFUSED, result, clock.now())
    session.flush()
    page = main(office.get(path))
    assert "必要な列がありません" in page
    assert "ない列：職員番号、氏名。ファイルにある列：番号、名前。" in page
    assert "ファイルを選び直す" in page


def test_a_register_that_has_changed_offers_another_check(
    office: FlaskClient, session: Session, signed_in: Person, files: Importing
) -> None:
    factories.section(session, "総務課", code="0101")
    path = sent(office, files, STAFF)
    batch = session.get_one(ImportBatch, uuid.UUID(path.rpartition("/")[2]))
    office.post(f"{path}/commit")
    session.refresh(batch)
    result = {"code": "import_outdated", "data": {}}
    assert batch.job_id
    jobs.end(session, batch.job_id, jobs.State.REFUSED, result, clock.now())
    session.flush()
    assert "もう一度確かめる" in main(office.get(path))
    assert office.post(f"{path}/again").status_code == 303
    files.perform(batch.id)
    assert "まだ何も変わっていません" in main(office.get(path))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"effective_on": ""}, "日付を選んでください。"),
        ({"effective_on": "2999-01-01"}, "今日の前後400日までの日付を選んでください。"),
        ({"mode": "other"}, ""),
    ],
)
def test_what_cannot_be_meant_is_asked_again(
    office: FlaskClient, signed_in: Person, fields: dict[str, str], said: str
) -> None:
    answer = upload(office, STAFF, **fields)
    assert answer.status_code == 422
    assert said in answer.text
    assert office.post("/imports/staff", data={}).status_code == 422


def test_a_file_can_be_thrown_away(
    office: FlaskClient, session: Session, signed_in: Person, files: Importing
) -> None:
    factories.section(session, "総務課", code="0101")
    path = sent(office, files, STAFF)
    assert office.post(f"{path}/discard").status_code == 303
    assert "取りやめました" in main(office.get(path))
    assert office.post(f"{path}/commit").status_code == 409


def test_a_colleague_of_the_whole_office_goes_on_and_a_part_sees_nothing(
    office: FlaskClient, session: Session, signed_in: Person, files: Importing
) -> None:
    where = factories.section(session, "総務課", code="0101")
    path = sent(office, files, STAFF)
    factories.enter(office, session, factories.person(session, roles=(Role.ADMINISTRATOR,)))
    assert office.get(path).status_code == 200
    part = factories.person(session, section=where)
    service.grant(session, part.id, Role.OFFICE, section_id=where.id, by=SYSTEM, now=clock.now())
    factories.enter(office, session, part)
    for address in (path, "/imports", "/imports/staff", f"{path}/errors.csv"):
        assert office.get(address).status_code == 403


def test_an_old_file_says_that_its_time_is_over(
    office: FlaskClient, session: Session, signed_in: Person, files: Importing
) -> None:
    factories.section(session, "総務課", code="0101")
    path = sent(office, files, STAFF)
    batch = session.get_one(ImportBatch, uuid.UUID(path.rpartition("/")[2]))
    batch.created_at -= timedelta(hours=25)
    session.flush()
    page = main(office.get(path))
    assert "確認の期限（24時間）が過ぎました" in page
    assert "取りやめる" not in page


def test_looking_at_a_file_is_recorded_and_writes_nothing_else(
    office: FlaskClient, session: Session, signed_in: Person, files: Importing
) -> None:
    factories.section(session, "総務課", code="0101")
    path = sent(office, files, STAFF)
    office.get(path)
    office.get("/imports")
    office.get("/imports/sections")
    actions = session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.seq)).all()
    assert actions == ["import.checked", "import.viewed"]


def test_sections_have_their_own_words(
    office: FlaskClient, session: Session, signed_in: Person, files: Importing
) -> None:
    answer = upload(office, "所属コード,所属名,上位所属コード\n1,総務部,\n", kind="sections")
    path = answer.headers["Location"]
    files.perform(uuid.UUID(path.rpartition("/")[2]))
    page = main(office.get(path))
    assert "所属名" in page
    assert "総務部" in page


@pytest.mark.requirement("STF-06")
@pytest.mark.parametrize("kind", ["staff", "sections"])
def test_the_empty_workbook_has_the_columns_as_text(
    office: FlaskClient, signed_in: Person, tmp_path: Path, kind: str
) -> None:
    path = tmp_path / "blank.xlsx"
    path.write_bytes(office.get(f"/imports/{kind}/blank.xlsx").data)
    with pytest.raises(Refused, match="file_empty"):
        sheet.read(path)
    with ZipFile(path) as parts:
        styles = parts.read("xl/styles.xml").decode()
        first = parts.read("xl/worksheets/sheet1.xml").decode()
    assert 'formatCode="@"' in styles
    assert "<cols>" in first
    strings = ZipFile(path).read("xl/sharedStrings.xml").decode()
    assert ("職員番号" in strings) == (kind == "staff")
    assert "フリガナ" not in strings
