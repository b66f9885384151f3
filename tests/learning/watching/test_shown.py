"""What was watched, as a record shows it, as its bundle tells it, and what asks for a package."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy.orm import Session

from app.content.videos.models import Completion, WatchingRule
from app.keeping.disclosure import learning
from app.keeping.disclosure.text import COLUMNS
from app.learning.records import queries
from app.people.permission.models import Role
from app.people.register.models import Person
from tests import factories
from tests.learning.watching.conftest import Launch, Viewer

QUESTIONS = [
    {"id": "q1", "at": 35.0, "text": "出口は？", "choices": ["東", "西", "南"], "right": [1]},
    {"id": "q2", "at": 50.0, "text": "だれに？", "choices": ["隊長", "係長"], "right": [0, 1]},
]


def seen(launch: Launch) -> Viewer:
    """Watch two stretches of a film of two minutes, with a page hidden for a while."""
    viewer = launch(WatchingRule(Completion.WHOLE), questions=QUESTIONS).viewer
    viewer.open()
    viewer.play(0, 30)
    viewer.play(60, 90, ("answer.1", "q1:0"), ("answer.2", "q2:0,1"), ("hidden.1", "1"))
    viewer.now = viewer.now.replace(minute=viewer.now.minute + 5)
    viewer.say(("spent.9", "0,180,120"), ("position", "90"))
    return viewer


def cells(page: str) -> list[list[str]]:
    """Return the texts of each row of the page's tables."""
    rows = html.fromstring(page).findall(".//tr")
    return [["".join(cell.itertext()).strip() for cell in row] for row in rows]


@pytest.fixture
def clerk(session: Session, office: FlaskClient) -> Person:
    """A person of the training office, signed in."""
    who = factories.person(session, "研修 次郎", roles=(Role.OFFICE,))
    factories.enter(office, session, who)
    return who


@pytest.mark.requirement("VID-06")
def test_a_record_tells_playing_from_being_there_and_shows_the_stretches(
    launch: Launch, office: FlaskClient, clerk: Person
) -> None:
    assert clerk.id
    page = office.get(f"/history/{seen(launch).record.id}").text
    said = {
        "".join(term.itertext()).strip(): "".join(value.itertext()).strip()
        for term, value in zip(
            html.fromstring(page).findall(".//dt"),
            html.fromstring(page).findall(".//dd"),
            strict=True,
        )
    }
    assert said["再生した時間"] == "1分"
    assert said["画面を開いていた時間"] == "4分"
    assert said["画面が隠れていた時間"] == "2分（1回）"
    assert said["見たところ"] == "50%（1:00／2:00）"
    assert said["確認問題"] == "1問正解／2問回答"
    assert ["0:00", "0:30", "30秒"] in cells(page)
    assert ["1:00", "1:30", "30秒"] in cells(page)
    assert page.count('class="watched__part"') == 2
    # What content calls is written down of packages alone.
    assert "動作の記録" not in page
    assert "最初からやり直せるようにする" in page


def test_a_learner_sees_the_same_of_their_own(
    launch: Launch, office: FlaskClient, session: Session
) -> None:
    viewer = seen(launch)
    factories.enter(office, session, session.get_one(Person, viewer.attempt.person_id))
    page = office.get(f"/history/{viewer.record.id}").text
    assert "画面を開いていた時間" in page
    assert "研修担当の操作" not in page


def test_all_but_a_little_is_not_shown_as_all(
    launch: Launch, office: FlaskClient, clerk: Person
) -> None:
    assert clerk.id
    viewer = launch(duration=1000.0).viewer
    viewer.open()
    viewer.play(0, 996)
    assert "99%（16:36／16:40）" in office.get(f"/history/{viewer.record.id}").text


def test_a_video_that_was_only_opened_has_a_record_too(
    launch: Launch, office: FlaskClient, clerk: Person
) -> None:
    assert clerk.id
    page = office.get(f"/history/{launch().viewer.record.id}").text
    assert "まだ再生していません" in page


def test_the_detail_of_an_attempt_has_no_items_but_what_was_watched(
    launch: Launch, session: Session
) -> None:
    viewer = seen(launch)
    [attempt] = queries.detail(session, viewer.record.id).attempts
    assert (attempt.items, attempt.shares) == ([], False)
    assert attempt.watched is not None
    assert attempt.watched.played == [(0.0, 30.0), (60.0, 90.0)]
    assert (attempt.watched.answered, attempt.watched.right) == (2, 1)


@pytest.mark.requirement("SEC-08")
def test_a_persons_bundle_tells_what_was_watched_and_answered(
    launch: Launch, session: Session
) -> None:
    attempt = seen(launch).attempt
    held = {
        table.code: table.rows
        for item in learning.items(session, attempt.person_id)
        for table in item.tables
    }
    [watched] = held["watched"]
    told = dict(zip(COLUMNS["watched"], watched, strict=True))
    assert told["見た区間（秒）"] == "0〜30、60〜90"
    assert told["再生した時間（秒）"] == "60"
    assert told["画面を開いていた時間（秒）"] == "240"
    assert told["画面が隠れていた時間（秒）"] == "120"
    assert [row[3:9] for row in held["answers"]] == [
        ["q1", "choice", "出口は？", "東", "", "incorrect"],
        ["q2", "choice", "だれに？", "隊長／係長", "", "correct"],
    ]
    assert {len(row) for row in held["answers"]} == {len(COLUMNS["answers"])}


@pytest.mark.parametrize("verb", ["forget", "trace"])
def test_what_the_office_can_do_with_a_package_alone_breaks_nothing(
    launch: Launch, office: FlaskClient, clerk: Person, verb: str
) -> None:
    assert clerk.id
    viewer = seen(launch)
    answer = office.post(f"/records/{viewer.record.id}/{verb}", data={"on": "1", "back": "/"})
    assert answer.status_code in (303, 404)
    assert office.get(f"/traces/{viewer.attempt_id}").status_code == 404
    viewer.play(90, 100)
    assert viewer.attempt.document["played"] == [[0.0, 30.0], [60.0, 100.0]]
