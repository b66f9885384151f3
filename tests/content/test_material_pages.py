"""The pages of materials: the list, one material, and what is done to it."""

import uuid
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from lxml import html

from app.content.materials import queries
from app.content.materials.models import Material, Version
from app.kernel import clock
from app.kernel.audit.models import AuditEvent
from app.kernel.db import new_id
from app.learning.launches import service as launches
from app.learning.owners.models import Owner
from app.people.permission.models import Role
from scorm import manifest
from tests import factories
from tests.content.made import MANIFEST

JAPANESE = {"Accept-Language": "ja"}
BROKEN = {
    "severity": "error",
    "code": "launch_file_missing",
    "place": "I",
    "data": {"title": "はじめに", "address": "nowhere.html"},
}


@pytest.fixture
def author(office, session):
    who = factories.person(session, "架空 花子", roles=(Role.AUTHOR,))
    factories.enter(office, session, who)
    return who


def document(title="個人情報の守り方"):
    text = MANIFEST.format(title=title, href="index.html")
    return manifest.to_document(manifest.parse(text.encode()))


def made(session, author, title="個人情報の守り方", state="draft"):
    return factories.material(session, author, title, state=state, manifest=document(title))


def version_of(session, material, number=1):
    return session.scalars(
        sa.select(Version).where(Version.material_id == material.id, Version.number == number)
    ).one()


def next_version(session, material, author, state="draft", findings=()):
    row = Version(
        material_id=material.id,
        number=2,
        state=state,
        sha256="1" * 64,
        size=2_000_000,
        file_name="second.zip",
        edition="2004-3",
        root="",
        manifest=document(),
        findings=list(findings),
        created_by=author.id,
        created_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row


@contextmanager
def statements(session):
    """Collect the statements that the session's connection is given."""
    found = []
    connection = session.connection()

    def note(_connection, _cursor, statement, *_):
        found.append(statement)

    sa.event.listen(connection, "before_cursor_execute", note)
    yield found
    sa.event.remove(connection, "before_cursor_execute", note)


def test_an_empty_list_says_so_and_offers_the_upload_once(office, author):
    page = office.get("/materials", headers=JAPANESE).text
    assert "まだ教材がありません" in page
    assert page.count('href="/materials/upload"') == 1


def test_the_list_shows_the_newest_version_and_which_one_is_published(office, author, session):
    material = made(session, author, state="published")
    next_version(session, material, author)
    page = office.get("/materials", headers=JAPANESE).text
    assert "個人情報の守り方" in page
    for words in ("第2版", "準備中", "第1版", "SCORM 2004 第3版", "2.0 MB"):
        assert words in page


def test_a_search_finds_every_word_in_any_case_and_takes_signs_literally(office, author, session):
    made(session, author, "Golf Explained")
    made(session, author, "100%の安全")
    assert "Golf Explained" in office.get("/materials?q=explained+GOLF").text
    assert "Golf Explained" not in office.get("/materials?q=100%25").text
    assert "100%の安全" in office.get("/materials?q=100%25").text
    assert "当てはまる教材がありません" in office.get("/materials?q=_", headers=JAPANESE).text


def test_a_material_out_of_use_is_in_a_list_of_its_own(office, author, session):
    material = made(session, author)
    office.post(f"/materials/{material.id}/archive")
    assert str(material.id) not in office.get("/materials").text
    assert str(material.id) in office.get("/materials?use=ended").text


def test_the_page_of_a_material_tells_what_it_is(office, author, session):
    material = made(session, author)
    page = office.get(f"/materials/{material.id}", headers=JAPANESE).text
    for words in (
        "個人情報の守り方",
        "SCORM 1.2",
        "記録あり 1件、記録なし 0件",
        "package.zip",
        "架空 花子",
        "はじめに（記録あり）",
        "問題は見つかりませんでした。",
        "まだ公開していません",
    ):
        assert words in page
    assert f"/preview/{version_of(session, material).id}" in page


@pytest.mark.requirement("CON-01")
def test_a_finding_stands_on_the_page_with_its_place_and_how_to_mend_it(office, author, session):
    material = made(session, author)
    version = next_version(session, material, author, findings=[BROKEN])
    page = office.get(f"/materials/{material.id}", headers=JAPANESE).text
    assert "「はじめに」で開くファイルがありません（nowhere.html）" in page
    assert "ファイルを入れるか" in page
    assert "エラーが1件あるため、この版は公開できません" in page
    assert f"/materials/versions/{version.id}/publish" not in page


def test_an_earlier_version_is_shown_when_it_is_asked_for(office, author, session):
    material = made(session, author)
    next_version(session, material, author)
    page = office.get(f"/materials/{material.id}?version=1", headers=JAPANESE).text
    assert "第1版（表示中）" in page
    assert office.get(f"/materials/{material.id}?version=3").status_code == 404


def test_a_material_that_is_not_there_is_not_found(office, author):
    assert office.get(f"/materials/{uuid.uuid4()}").status_code == 404
    assert office.post(f"/materials/versions/{uuid.uuid4()}/publish").status_code == 404


def test_publishing_retires_the_version_that_was_published(office, author, session):
    material = made(session, author, state="published")
    new = next_version(session, material, author)
    assert office.post(f"/materials/versions/{new.id}/publish").status_code == 303
    session.expire_all()
    assert (version_of(session, material).state, new.state) == ("retired", "published")
    assert new.published_at is not None
    assert queries.published_version(session, material.id) is new
    actions = set(session.scalars(sa.select(AuditEvent.action)))
    assert actions == {"material_version.publish", "material_version.retire"}


def test_a_version_with_errors_cannot_be_published_and_the_old_one_stays(office, author, session):
    material = made(session, author, state="published")
    new = next_version(session, material, author, findings=[BROKEN])
    session.commit()
    answer = office.post(f"/materials/versions/{new.id}/publish", headers=JAPANESE)
    assert answer.status_code == 422
    assert "エラーがあるため公開できません（1件）" in answer.text
    session.expire_all()
    assert (version_of(session, material).state, new.state) == ("published", "draft")


@pytest.mark.parametrize(
    ("data", "starts_anew"), [({}, False), ({"takers": "stay"}, False), ({"takers": "anew"}, True)]
)
def test_publishing_says_whether_whoever_is_in_the_middle_begins_anew(
    office, author, session, data, starts_anew
):
    version = version_of(session, made(session, author))
    assert office.post(f"/materials/versions/{version.id}/publish", data=data).status_code == 303
    session.expire_all()
    assert version.starts_anew is starts_anew


def test_a_version_that_is_published_again_says_anew_who_begins_anew(office, author, session):
    version = version_of(session, made(session, author))
    address = f"/materials/versions/{version.id}"
    office.post(f"{address}/publish", data={"takers": "anew"})
    office.post(f"{address}/retire")
    office.post(f"{address}/publish")
    session.expire_all()
    assert version.starts_anew is False


def test_publishing_twice_is_a_conflict(office, author, session):
    version = version_of(session, made(session, author))
    assert office.post(f"/materials/versions/{version.id}/publish").status_code == 303
    assert office.post(f"/materials/versions/{version.id}/publish").status_code == 409


def test_a_retired_version_can_be_published_again(office, author, session):
    version = version_of(session, made(session, author, state="published"))
    assert office.post(f"/materials/versions/{version.id}/retire").status_code == 303
    assert office.post(f"/materials/versions/{version.id}/publish").status_code == 303


def test_a_material_out_of_use_publishes_nothing_until_it_is_used_again(office, author, session):
    material = made(session, author)
    version = version_of(session, material)
    office.post(f"/materials/{material.id}/archive")
    assert office.post(f"/materials/versions/{version.id}/publish").status_code == 422
    office.post(f"/materials/{material.id}/restore")
    assert office.post(f"/materials/versions/{version.id}/publish").status_code == 303


def test_a_new_name_is_kept_without_needless_blanks(office, author, session):
    material = made(session, author)
    office.post(f"/materials/{material.id}/title", data={"title": "  新しい　名前 "})
    session.expire_all()
    assert session.get_one(Material, material.id).title == "新しい 名前"


@pytest.mark.parametrize(
    ("title", "sentence"),
    [("", "教材名を入力してください。"), ("長" * 201, "教材名は200文字以内で入力してください。")],
)
def test_a_name_that_cannot_be_used_is_said_at_its_field(title, sentence, office, author, session):
    material = made(session, author)
    answer = office.post(f"/materials/{material.id}/title", data={"title": title}, headers=JAPANESE)
    assert answer.status_code == 422
    assert sentence in answer.text
    session.expire_all()
    assert session.get_one(Material, material.id).title == "個人情報の守り方"


PLAYED = {"window": "new", "silent": "end", "limits": "strict"}


def chosen(page):
    """Return the radio buttons that are chosen on a page, by their names."""
    buttons = html.fromstring(page).xpath("//input[@type='radio'][@checked]")
    return {button.get("name"): button.get("value") for button in buttons}


def test_how_a_material_is_played_is_set_kept_shown_and_audited(office, author, session):
    material = made(session, author)
    page = f"/materials/{material.id}"
    usual = {"window": "page", "silent": "suspend", "limits": "wide"}
    assert usual.items() <= chosen(office.get(page).text).items()
    answer = office.post(f"{page}/play", data=PLAYED)
    assert (answer.status_code, answer.location) == (303, page)
    session.expire_all()
    row = session.get_one(Material, material.id)
    assert queries.play_options(row.play) == queries.PlayOptions(
        window="new", suspends_silent=False, strict_limits=True
    )
    assert PLAYED.items() <= chosen(office.get(page).text).items()
    event = session.scalars(sa.select(AuditEvent)).one()
    assert (event.action, event.subject_id) == ("material.play_changed", material.id)
    assert event.details == {"from": {}, "to": row.play}


@pytest.mark.parametrize("name", PLAYED)
@pytest.mark.parametrize("value", ["nonsense", None])
def test_a_way_to_play_that_there_is_not_is_refused_and_changes_nothing(
    name, value, office, author, session
):
    material = made(session, author)
    data = {key: held for key, held in {**PLAYED, name: value}.items() if held is not None}
    answer = office.post(f"/materials/{material.id}/play", data=data, headers=JAPANESE)
    assert answer.status_code == 422
    assert 'value="個人情報の守り方"' in answer.text
    assert "選択肢から1つ選んでください。" in answer.text
    assert (
        chosen(answer.text).items() >= {key: PLAYED[key] for key in PLAYED if key != name}.items()
    )
    session.expire_all()
    assert session.get_one(Material, material.id).play == {}


def test_a_page_names_each_of_its_parts_once(office_app, session, author):
    office_app.config["WTF_CSRF_ENABLED"] = True
    browser = office_app.test_client()
    factories.enter(browser, session, author)
    version = version_of(session, made(session, author))
    page = html.fromstring(browser.get(f"/materials/{version.material_id}").text)
    names = page.xpath("//@id")
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("path", ["", "/{id}", "/upload"])
def test_a_learner_sees_no_page_of_materials(path, office, session, author):
    material = made(session, author)
    factories.enter(office, session, factories.person(session))
    assert office.get("/materials" + path.format(id=material.id)).status_code == 403


@pytest.mark.parametrize("act", ["archive", "restore", "title", "play"])
def test_a_learner_changes_no_material(act, office, session, author):
    material = made(session, author)
    factories.enter(office, session, factories.person(session))
    data = {"title": "x", **PLAYED}
    assert office.post(f"/materials/{material.id}/{act}", data=data).status_code == 403


def test_only_published_materials_in_use_can_be_chosen_for_a_training(session):
    author = factories.person(session)
    chosen = made(session, author, "あ", state="published")
    made(session, author, "い", state="draft")
    made(session, author, "う", state="published").archived_at = clock.now()
    session.flush()
    assert [(row.material_id, row.title) for row in queries.published_choices(session)] == [
        (chosen.id, "あ")
    ]


def test_a_list_of_any_length_takes_as_many_statements(office, author, session):
    made(session, author, state="published")
    with statements(session) as few:
        office.get("/materials")
    for _ in range(20):
        next_version(session, made(session, author, state="published"), author)
    with statements(session) as many:
        office.get("/materials")
    assert 0 < len(many) == len(few)


def test_a_material_is_read_in_three_statements_however_many_versions_it_has(session):
    author = factories.person(session)
    material = made(session, author)
    next_version(session, material, author)
    session.expunge_all()
    with statements(session) as found:
        queries.detail(session, material.id)
    assert len(found) == 3


def test_who_is_on_each_version_is_counted_without_previews(office, author, session):
    material = made(session, author)
    version = session.scalars(sa.select(Version).where(Version.material_id == material.id)).one()
    page = f"/materials/{material.id}"
    assert "0人" in office.get(page, headers=JAPANESE).text
    for assignment_id in (new_id(), new_id(), None):
        launches.begin(
            session, version, owner=Owner(author.id), assignment_id=assignment_id, now=clock.now()
        )
    assert "2人" in office.get(page, headers=JAPANESE).text
