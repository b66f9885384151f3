"""C19: one command makes a person's bundle of all items, and nobody else's name is in it."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import datetime, timedelta
from pathlib import Path

import pypdfium2
import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.cli import kenshu
from app.keeping.disclosure import bundle, queries, service
from app.keeping.disclosure.models import Disclosure
from app.keeping.disclosure.text import COLUMNS, ITEMS, MASK, TITLES
from app.kernel import clock, jobs
from app.kernel.audit.models import AuditEvent
from app.kernel.errors import Gone
from app.kernel.jobs import Job
from app.people.permission.models import Role
from tests import factories
from tests.keeping import made
from workers import performing, schedule
from workers.workshop import Workshop

OTHER = "無関係 人子"


def texts(pdf: bytes) -> str:
    """Return the text of all pages."""
    with pypdfium2.PdfDocument(pdf) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


def environment(shop: Workshop) -> dict[str, str]:
    """Return the environment in which a command finds the installation."""
    return {
        "KENSHU_INSTANCE": str(shop.settings.instance),
        "KENSHU_DATABASE_URL": shop.settings.database_url,
    }


@pytest.fixture
def files(session: Session, now: datetime) -> dict[str, bytes]:
    """The bundle of somebody whose answer names somebody else."""
    factories.person(session, OTHER)
    told = f"{made.ANSWER}。{OTHER}さん、無関係人子さんに教わった😀"
    someone = made.life(session, now, answer=told)
    dossier = queries.dossier(session, someone.person.id, now)
    return dict(bundle.files(dossier, made_by="研修 花子", fonts=""))


@pytest.mark.requirement("SEC-08")
def test_the_bundle_tells_all_fourteen_items_in_their_order(files: dict[str, bytes]) -> None:
    document = json.loads(files["disclosure.json"])
    told = [(item["number"], item["title"]) for item in document["items"]]
    assert told[:14] == [(place, title) for place, (title, _) in enumerate(ITEMS, 1)]
    values = {item["title"]: item["value"] for item in document["items"]}
    assert values["職員番号"] == made.NUMBER
    assert values["氏名"] == made.NAME
    assert values["職種"] == "一般事務"
    assert values["職務名"] == "窓口の調整"
    assert values["性別"] == "女"
    assert values["年齢"] == "41歳（2026/04/01現在）"
    assert values["採用（昇任）年月日"] == "採用 2010/04/01、昇任 2020/04/01"
    assert values["メールアドレス"] == made.EMAIL
    tables = {
        table["code"]: table["rows"] for item in document["items"] for table in item["tables"]
    }
    assert set(tables) == set(TITLES) == set(COLUMNS)
    assert [row[2:5] for row in tables["reports"]] == [
        ["1", "学んだこと", made.ANSWER],
        ["作成中", "学んだこと", made.ANSWER],
    ]
    assert MASK in tables["reports"][0][6]
    assert tables["ledger_entries"] == [
        ["昔の研修", "", "2010", "", "修了", "高齢者支援課", "主事"]
    ]
    assert [row[:2] for row in tables["saved_filters"]] == [["staff.staff", "係員"]]
    for code in ("answers", "enrolments", "records", "attempts", "concurrent_posts", "sign_ins"):
        assert tables[code], code
    assert all(item["source"] for item in document["items"])
    register = [item for item in document["items"] if 1 <= item["number"] <= 11]
    assert {item["as_of"] for item in register} == {"2026/04/01"}


@pytest.mark.requirement("SEC-08")
def test_the_paper_says_the_same_and_has_page_numbers(files: dict[str, bytes]) -> None:
    said = texts(files["disclosure.pdf"])
    flat = "".join(said.split())
    places = [flat.index(f"{place}{title}") for place, (title, _) in enumerate(ITEMS, 1)]
    assert places == sorted(places)
    assert made.NUMBER in said
    assert made.ANSWER in flat
    assert "〔U+1F600GRINNINGFACE〕" in flat
    assert "1/" in flat


@pytest.mark.requirement("SEC-08")
def test_every_file_can_be_read_by_a_program(files: dict[str, bytes]) -> None:
    names = {name for name in files if name.startswith("csv/")}
    assert names == {f"csv/{code}.csv" for code in TITLES}
    rows = list(csv.reader(io.StringIO(files["csv/answers.csv"].decode("utf-8-sig"))))
    assert rows[0] == list(COLUMNS["answers"])
    assert rows[1][3:5] == ["q1", "long-fill-in"]
    assert [row[6] for row in rows if row[3] == "q"] == [made.ANSWER]


@pytest.mark.requirement("SEC-08")
def test_other_peoples_names_are_masked_everywhere(files: dict[str, bytes]) -> None:
    for name, content in files.items():
        said = texts(content) if name.endswith(".pdf") else content.decode()
        flat = "".join(said.split())
        for other in (OTHER, "例示 みどり"):
            assert "".join(other.split()) not in flat, name
    assert MASK in files["disclosure.json"].decode()


@pytest.mark.requirement("SEC-08")
def test_nothing_of_anybody_else_is_in_it(session: Session, now: datetime) -> None:
    neighbour = made.life(
        session, now, name="隣人 別子", number="KZ11111", email=None, answer="別の答え"
    )
    someone = made.life(session, now)
    found = bundle.files(queries.dossier(session, someone.person.id, now), made_by="係", fonts="")
    whole = dict(found)["disclosure.json"].decode()
    for secret in ("別の答え", "KZ11111", str(neighbour.person.id), str(neighbour.record.id)):
        assert secret not in whole


@pytest.mark.requirement("SEC-08")
def test_one_command_writes_the_bundle_and_the_audit_tells(
    shop: Workshop, tmp_path: Path, now: datetime
) -> None:
    with shop.database.unit_of_work() as session:
        person_id = made.life(session, now).person.id
    folder = tmp_path / "bundle"
    typed = CliRunner().invoke(
        kenshu,
        ["disclose", made.NUMBER, "--to", str(folder)],
        env=environment(shop),
    )
    assert typed.exit_code == 0, typed.output
    assert (folder / "disclosure.pdf").read_bytes().startswith(b"%PDF")
    assert json.loads((folder / "disclosure.json").read_text())["name"] == made.NAME
    with shop.database.reading() as session:
        line = session.scalars(
            sa.select(AuditEvent).where(AuditEvent.action == "person.disclosed")
        ).one()
        assert line.subject_id == person_id
    again = CliRunner().invoke(
        kenshu,
        ["disclose", made.NUMBER, "--to", str(folder)],
        env=environment(shop),
    )
    assert again.exit_code == 1
    assert "not empty" in again.output


def test_an_unknown_number_is_said_to_be_unknown(shop: Workshop, tmp_path: Path) -> None:
    typed = CliRunner().invoke(
        kenshu,
        ["disclose", "00000", "--to", str(tmp_path / "bundle")],
        env=environment(shop),
    )
    assert typed.exit_code == 1
    assert "00000" in typed.output
    assert not (tmp_path / "bundle").exists()


@pytest.mark.requirement("SEC-08")
def test_the_offices_bundle_is_fetched_once_and_gone(
    shop: Workshop,
) -> None:
    moment = clock.now()
    with shop.database.unit_of_work() as session:
        someone = made.life(session, moment)
        clerk = factories.person(session, "研修 花子", roles=(Role.OFFICE,))
        by = made.actor(clerk)
        row = service.ask(session, someone.person.id, by=by, now=moment)
        job_id, row_id = row.job_id, row.id
    assert job_id is not None
    performing.perform(shop, job_id)
    path = service.path_of(row_id, shop.settings)
    with zipfile.ZipFile(path) as archive:
        assert "disclosure.pdf" in archive.namelist()
    with shop.database.unit_of_work() as session:
        service.fetch(session, row_id, shop.settings, by=by, now=moment)
    assert not path.exists()
    with shop.database.unit_of_work() as session, pytest.raises(Gone):
        service.fetch(session, row_id, shop.settings, by=by, now=moment)


def test_a_bundle_that_nobody_fetches_is_deleted_after_a_day(shop: Workshop) -> None:
    moment = clock.now()
    with shop.database.unit_of_work() as session:
        someone = made.life(session, moment)
        clerk = factories.person(session, roles=(Role.OFFICE,))
        row = service.ask(session, someone.person.id, by=made.actor(clerk), now=moment)
        job_id, row_id = row.job_id, row.id
    assert job_id is not None
    performing.perform(shop, job_id)
    assert schedule.delete_old_disclosures(shop, moment + timedelta(hours=23)) == 0
    assert schedule.delete_old_disclosures(shop, moment + timedelta(hours=25)) == 1
    assert not service.path_of(row_id, shop.settings).exists()


def test_the_page_asks_for_it_and_says_how_far_it_is(
    office: FlaskClient, session: Session, now: datetime
) -> None:
    someone = made.life(session, now)
    clerk = factories.person(session, roles=(Role.OFFICE,))
    factories.enter(office, session, clerk)
    address = f"/staff/{someone.person.id}"
    assert "まだ作っていません" in office.get(f"{address}/handling").text
    assert office.post(f"{address}/disclosure").status_code == 303
    assert "作成中" in office.get(f"{address}/handling").text
    row = session.scalars(sa.select(Disclosure)).one()
    job = session.get_one(Job, row.job_id)
    job.status, job.ended_at = jobs.State.DONE, clock.now()
    session.flush()
    assert "受け取れます" in office.get(f"{address}/handling").text
    assert office.post(f"/disclosures/{row.id}/fetch").status_code == 410  # no worker, no file


def test_whoever_looks_after_a_part_of_the_staff_gets_no_bundle(
    office: FlaskClient, session: Session, now: datetime
) -> None:
    someone = made.life(session, now)
    clerk = factories.person(session)
    session.add(
        factories.RoleGrant(
            person_id=clerk.id,
            role=Role.OFFICE,
            section_id=someone.section.id,
            valid_from=factories.LONG_AGO,
        )
    )
    session.flush()
    factories.enter(office, session, clerk)
    answer = office.post(f"/staff/{someone.person.id}/disclosure")
    assert answer.status_code == 403
    assert session.scalar(sa.select(sa.func.count()).select_from(Disclosure)) == 0
