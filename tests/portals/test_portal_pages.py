"""The administrator's pages of portals: registered, approved by another, limited and watched."""

from __future__ import annotations

import io
import uuid
from datetime import date, timedelta

import flask
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.kernel import clock
from app.kernel.audit.models import AuditEvent
from app.kernel.settings import Settings
from app.people.permission.models import Role
from app.people.register.models import Person
from app.portals.gate.models import PortalLaunch
from app.portals.keys import service as keys
from app.portals.learners import service as learners
from app.portals.learners.models import PortalLearner
from app.portals.registrations import queries
from app.portals.registrations.models import Portal, PortalDeployment
from app.portals.scores.models import PortalScore
from tests import factories
from tests.portals import made

FORM = {**made.SAID, "deployment_id": "", "auth_audience": "", "more_hosts": ""}


@pytest.fixture
def first(office: FlaskClient, session: Session) -> Person:
    """The administrator who is signed in."""
    who = made.administrator(session, "申請 一子")
    factories.enter(office, session, who)
    return who


@pytest.fixture
def second(office_app: flask.Flask, session: Session) -> FlaskClient:
    """Another administrator's browser."""
    client = office_app.test_client()
    factories.enter(client, session, made.administrator(session, "承認 二郎"))
    return client


def errors(answer: TestResponse) -> dict[str, str]:
    """Return what is said at the fields of a form that came back."""
    assert answer.status_code == 422
    page = html.document_fromstring(answer.text)
    return {
        each.get("id").removesuffix("-error"): each.text_content()
        for each in page.xpath("//p[@class='form-control-label__error']")
    }


def main(answer: TestResponse) -> str:
    """Return the text of a page's main part, in single spaces."""
    assert answer.status_code == 200, answer.text
    page = html.document_fromstring(answer.text)
    return " ".join(page.xpath("//main")[0].text_content().split())


def only(session: Session) -> Portal:
    session.expire_all()
    return session.scalars(sa.select(Portal)).one()


def acts(session: Session) -> list[str]:
    query = sa.select(AuditEvent.action).where(AuditEvent.action.like("portal%"))
    return list(session.scalars(query.order_by(AuditEvent.seq)))


@pytest.mark.requirement("LTI-05")
def test_nothing_is_connected_until_somebody_does(
    office: FlaskClient, session: Session, first: Person
) -> None:
    page = main(office.get("/portals"))
    assert "登録するまで、どのポータルからも教材は開けません" in page
    assert "ポータルを登録する" in page
    assert "登録用のアドレスを作る" in page
    assert "登録されていないポータルからの起動" not in page


@pytest.mark.requirement("LTI-05")
def test_two_administrators_connect_a_portal_and_it_is_recorded(
    office: FlaskClient, session: Session, first: Person, second: FlaskClient
) -> None:
    answer = office.post("/portals", data={**FORM, "deployment_id": "7"})
    assert answer.status_code == 303
    row = only(session)
    assert answer.location == f"/portals/{row.id}"
    assert (row.state, row.proposed_by) == ("proposed", first.id)
    page = office.get(f"/portals/{row.id}")
    assert "自分で承認できません" in main(page)
    assert f"/portals/{row.id}/approve" not in page.text
    assert office.post(f"/portals/{row.id}/approve").status_code == 422
    assert only(session).state == "proposed"

    page = second.get(f"/portals/{row.id}")
    assert f"/portals/{row.id}/approve" in page.text
    assert second.post(f"/portals/{row.id}/approve").status_code == 303
    assert only(session).state == "active"
    assert "接続中" in main(second.get("/portals"))
    wanted = ["portal.proposed", "portal.deployment_allowed", "portal.approve"]
    assert acts(session) == wanted
    assert second.post(f"/portals/{row.id}/approve").status_code == 409


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("name", " ", "名前"),
        ("name", "あ" * 256, "255文字"),
        ("issuer", "lms.example.jp", "https://"),
        ("issuer", "http://lms.example.jp", "https://"),
        ("client_id", "", "クライアントID"),
        ("client_id", "ｋｅｎｓｈｕ", "そのまま写して"),
        ("auth_login_url", "https://lms.example.jp;script-src/auth", "https://"),
        ("auth_login_url", "javascript://lms.example.jp/%0aalert(1)", "https://"),
        ("auth_token_url", "https://somebody@lms.example.jp/", "https://"),
        ("auth_token_url", "https://lms.example.jp:port/", "https://"),
        ("key_set_url", "https://lms.example.jp/" + "k" * 2000, "2000文字"),
        ("deployment_id", "配置", "そのまま写して"),
        ("more_hosts", "files.example.jp https://lms.example.jp", "「https://lms.example.jp」"),
        ("frame_origins", "https://lms.example.jp/course", "「https://lms.example.jp/course」"),
        ("frame_origins", "https://*.example.jp", "使えません"),
    ],
    ids=lambda value: value[:20],
)
def test_what_cannot_be_right_is_said_at_its_field(
    office: FlaskClient, session: Session, first: Person, field: str, value: str, told: str
) -> None:
    found = errors(office.post("/portals", data={**FORM, field: value}))
    assert set(found) == {field}
    assert told in found[field]
    assert session.scalar(sa.select(sa.func.count()).select_from(Portal)) == 0


def test_several_hosts_are_kept_as_they_are_compared(
    office: FlaskClient, session: Session, first: Person
) -> None:
    said = {"more_hosts": "Files.example.jp、api.example.jp", "frame_origins": "https://A.jp:8443"}
    assert office.post("/portals", data={**FORM, **said}).status_code == 303
    row = only(session)
    assert row.more_hosts == "files.example.jp api.example.jp"
    assert row.frame_origins == "https://a.jp:8443"


def test_plain_http_is_for_networks_inside(
    office_app: flask.Flask, session: Session, settings: Settings, first: Person
) -> None:
    object.__setattr__(settings, "portal_networks", "10.0.0.0/8")
    client = office_app.test_client()
    factories.enter(client, session, first)
    said = {**FORM, "issuer": "http://lms.inside"}
    assert client.post("/portals", data=said).status_code == 303


def test_the_same_is_registered_once(
    office: FlaskClient, session: Session, settings: Settings, first: Person
) -> None:
    made.portal(session, settings)
    assert "もう登録されています" in errors(office.post("/portals", data=FORM))["client_id"]


@pytest.mark.requirement("LTI-05")
def test_the_platform_can_be_told_of_us_from_the_page(
    office: FlaskClient, session: Session, settings: Settings, first: Person
) -> None:
    answer = office.get("/portals/new")
    for path in ("/lti/login", "/lti/launch", "/lti/keys", "/lti/choose"):
        assert f'value="{settings.office_origin}{path}"' in answer.text
    page = main(answer)
    assert "ポータルでの番号（sub）だけ" in page
    assert "氏名、メールアドレス。送られてきても保存しません" in page
    row = made.portal(session, settings)
    own = f"{settings.office_origin}/lti/login/{row.id}"
    assert own in main(office.get(f"/portals/{row.id}"))


@pytest.mark.requirement("LTI-05")
def test_addresses_change_while_it_is_stopped_and_are_approved_anew(
    office: FlaskClient, session: Session, settings: Settings, first: Person, second: FlaskClient
) -> None:
    row = made.portal(session, settings)
    path = f"/portals/{row.id}"
    assert f"{path}/edit" not in office.get(path).text
    assert "接続中は、アドレスを変えられません" in main(office.get(f"{path}/edit"))
    moved = {**FORM, "key_set_url": "https://lms.example.jp/new-keys"}
    assert office.post(f"{path}/edit", data=moved).status_code == 409
    assert office.post(f"{path}/stop").status_code == 303
    assert not queries.is_open(only(session), clock.today(clock.now()))
    assert made.SAID["key_set_url"] in office.get(f"{path}/edit").text
    assert errors(office.post(f"{path}/edit", data={**moved, "name": ""})).keys() == {"name"}
    assert office.post(f"{path}/edit", data=moved).status_code == 303
    assert only(session).key_set_url == moved["key_set_url"]
    assert office.post(f"{path}/propose").status_code == 303
    assert office.post(f"{path}/approve").status_code == 422
    assert second.post(f"{path}/approve").status_code == 303
    assert only(session).state == "active"


def test_an_address_that_another_has_is_refused(
    office: FlaskClient, session: Session, settings: Settings, first: Person
) -> None:
    made.portal(session, settings)
    other = made.proposed(session, settings, client_id="kenshu-2")
    answer = office.post(f"/portals/{other.id}/edit", data=FORM)
    assert "もう登録されています" in errors(answer)["client_id"]


@pytest.mark.requirement("LTI-04")
def test_a_portal_has_its_limits(
    office: FlaskClient, session: Session, settings: Settings, first: Person
) -> None:
    row = made.portal(session, settings)
    path = f"/portals/{row.id}/limits"
    assert "保存する" in main(office.get(path))
    said = {
        "valid_from": "2026-04-01", "valid_to": "2026-03-31", "most_learners": "０",
        "score_rule": "everything",
    }  # fmt: skip
    found = errors(office.post(path, data=said))
    assert found.keys() == {"valid_to", "most_learners", "score_rule"}
    said |= {"valid_to": "2026-05-31", "most_learners": "50", "score_rule": "completion"}
    assert office.post(path, data={**said, "sends_failure": "y"}).status_code == 303
    row = only(session)
    assert (row.valid_from, row.valid_to) == (date(2026, 4, 1), date(2026, 5, 31))
    assert (row.most_learners, row.score_rule) == (50, "completion")
    assert (row.allows_anonymous, row.sends_progress, row.sends_failure) == (False, False, True)
    assert not queries.is_open(row, date(2026, 6, 1))
    shown = main(office.get(f"/portals/{row.id}"))
    assert "50人" in shown
    assert "完了したかどうかだけを返す" in shown
    assert office.post(path, data={"score_rule": "score"}).status_code == 303
    assert only(session).most_learners is None


@pytest.mark.requirement("LTI-04")
def test_a_portal_outside_its_period_is_seen_to_be(
    office: FlaskClient, session: Session, settings: Settings, first: Person
) -> None:
    yesterday = clock.today(clock.now()) - timedelta(days=1)
    row = made.portal(session, settings, valid_to=yesterday)
    assert "期間の外" in main(office.get("/portals"))
    assert "期間外のため、いまは教材を開けません" in main(office.get(f"/portals/{row.id}"))


@pytest.mark.requirement("LTI-04")
def test_a_portal_opens_what_was_chosen(
    office: FlaskClient, session: Session, settings: Settings, first: Person
) -> None:
    row = made.portal(session, settings)
    path = f"/portals/{row.id}/materials"
    assert "公開している教材はまだありません" in main(office.get(path))
    assert "何も開けません" in main(office.get(f"/portals/{row.id}"))
    package, film = factories.material(session, first), factories.video(session, first)
    draft = factories.material(session, first, "準備中の教材", state="draft")
    page = main(office.get(path))
    assert film.title in page
    assert draft.title not in page
    wrong = office.post(path, data={"reach": "chosen", "materials": [str(draft.id), "x"]})
    assert errors(wrong).keys() == {"materials"}
    assert errors(office.post(path, data={})).keys() == {"reach"}
    said = {"reach": "chosen", "materials": [str(film.id)]}
    assert office.post(path, data=said).status_code == 303
    assert queries.may_open(session, only(session), film.id)
    assert not queries.may_open(session, only(session), package.id)
    assert film.title in main(office.get(f"/portals/{row.id}"))
    assert office.post(path, data={"reach": "all"}).status_code == 303
    assert queries.may_open(session, only(session), package.id)
    assert "すべての教材（いまは2件）" in main(office.get(f"/portals/{row.id}"))


def test_what_is_not_published_now_stays_chosen(
    office: FlaskClient, session: Session, settings: Settings, first: Person
) -> None:
    hidden = factories.material(session, first, "準備中の教材", state="draft")
    row = made.portal(session, settings, materials=(hidden.id,))
    shown = factories.material(session, first)
    said = {"reach": "chosen", "materials": [str(shown.id)]}
    assert office.post(f"/portals/{row.id}/materials", data=said).status_code == 303
    offered = sa.select(AuditEvent).where(AuditEvent.action == "portal.offered")
    line = session.scalars(offered.order_by(AuditEvent.seq)).all()[-1]
    assert set(line.details["materials"]) == {str(hidden.id), str(shown.id)}


@pytest.mark.requirement("LTI-04")
def test_deployments_wait_for_the_office(
    office: FlaskClient, session: Session, settings: Settings, first: Person
) -> None:
    row = made.portal(session, settings)
    path = f"/portals/{row.id}"
    queries.note_deployment(session, row.id, "55", clock.now())
    page = main(office.get(path))
    assert "許可していない配置があります" in page
    assert page.index("55") < page.index("許可を取り消す")
    assert office.post(f"{path}/deployments", data={"deployment_id": "55"}).status_code == 303
    assert "許可していない配置があります" not in main(office.get(path))
    shut = {"deployment_id": "1", "allowed": "0"}
    assert office.post(f"{path}/deployments", data=shut).status_code == 303
    session.expire_all()
    allowed = sa.select(PortalDeployment.deployment_id).where(
        PortalDeployment.allowed_at.is_not(None)
    )
    assert session.scalars(allowed).all() == ["55"]
    answer = office.post(f"{path}/deployments", data={"deployment_id": "配置"})
    assert errors(answer).keys() == {"deployment_id"}
    assert errors(office.post(f"{path}/deployments")).keys() == {"deployment_id"}


@pytest.mark.requirement("LTI-04")
def test_keys_are_changed_and_withdrawn(
    office: FlaskClient, session: Session, settings: Settings, first: Person
) -> None:
    row = made.portal(session, settings)
    other = made.portal(session, settings, client_id="kenshu-2")
    path = f"/portals/{row.id}"
    old = keys.listed(session, row.id)[0].kid
    assert "使用中" in main(office.get(path))
    assert office.post(f"{path}/keys/withdraw", data={"kid": old}).status_code == 422
    assert office.post(f"{path}/keys").status_code == 303
    assert office.post(f"{path}/keys").status_code == 422, "the new one has not begun to sign"
    assert "公開中（まだ使わない）" in main(office.get(path))
    others = keys.listed(session, other.id)[0].kid
    for kid in (others, "none"):
        assert office.post(f"{path}/keys/withdraw", data={"kid": kid}).status_code == 409
    assert office.post(f"{path}/keys/withdraw", data={"kid": old}).status_code == 303
    session.expire_all()
    assert old not in {key.kid for key in keys.listed(session, row.id)}
    assert old not in office.get("/lti/keys").text
    assert acts(session)[-2:] == ["portal.key_changed", "portal.key_withdrawn"]


PAGES = ("", "/launches", "/scores", "/learners")
CHANGES = ("/edit", "/limits", "/materials")
POSTS = (
    "/approve", "/stop", "/propose", "/deployments", "/keys", "/keys/withdraw", "/learners",
)  # fmt: skip


@pytest.mark.parametrize("role", [Role.OFFICE, Role.AUTHOR, Role.AUDITOR])
def test_who_may_do_what(
    office: FlaskClient, session: Session, settings: Settings, role: Role
) -> None:
    row = made.portal(session, settings)
    factories.enter(office, session, factories.person(session, roles=(role,)))
    reads = 200 if role is Role.AUDITOR else 403
    for page in PAGES:
        answer = office.get(f"/portals/{row.id}{page}")
        assert answer.status_code == reads
        if reads == 200:
            assert "<form" not in answer.text.partition("<main")[2].partition("</main>")[0]
    assert office.get("/portals").status_code == reads
    for page in ("/portals/new", "/portals/invitations/new"):
        assert office.get(page).status_code == 403
    for page in CHANGES:
        assert office.get(f"/portals/{row.id}{page}").status_code == 403
    for page in (*CHANGES, *POSTS):
        assert office.post(f"/portals/{row.id}{page}").status_code == 403
    assert office.post("/portals", data=FORM).status_code == 403
    assert office.post("/portals/invitations").status_code == 403


def test_a_portal_that_is_not_there_is_not_found(office: FlaskClient, first: Person) -> None:
    for page in (*PAGES, *CHANGES):
        assert office.get(f"/portals/{uuid.UUID(int=1)}{page}").status_code == 404
    for page in (*CHANGES, *POSTS[:-1]):
        assert office.post(f"/portals/{uuid.UUID(int=1)}{page}").status_code in (404, 422)


def launch(session: Session, of: Portal | None, code: str, **more: object) -> None:
    session.add(
        PortalLaunch(
            **{
                "at": clock.now(), "portal_id": of.id if of else None, "step": "launch",
                "code": code, "data": {}, "reference": "ref-1", **more,
            }
        )
    )  # fmt: skip
    session.flush()


def test_launches_say_what_is_wrong_and_how_it_is_mended(
    office: FlaskClient, session: Session, settings: Settings, first: Person
) -> None:
    row = made.portal(session, settings)
    path = f"/portals/{row.id}/launches"
    assert "まだ起動はありません" in main(office.get(path))
    assert "断った起動はありません" in main(office.get(f"{path}?only=refused"))
    book = factories.material(session, first)
    came = {"material_id": book.id, "deployment_id": "1", "subject_hash": "0123abcd"}
    launch(session, row, "accepted", **came)
    launch(session, row, "claim_missing", data={"claim": "sub"})
    old = clock.now() - timedelta(days=8)
    launch(session, row, "key_unknown", at=old, step="login")
    page = main(office.get(path))
    assert "0123abcd" in page
    assert book.title in page
    assert "必要な項目がありません（sub）" in page
    assert "公開鍵のアドレス（JWKS URL）を、ポータルの設定と照らし合わせて" in page
    assert book.title not in main(office.get(f"{path}?only=refused"))
    assert "1件" in main(office.get("/portals"))


def test_who_comes_from_nowhere_is_shown(
    office: FlaskClient, session: Session, first: Person
) -> None:
    launch(session, None, "platform_unknown", data={"issuer": "https://stranger.example.com"})
    page = main(office.get("/portals"))
    assert "登録されていないポータルからの起動" in page
    assert "https://stranger.example.com" in page


def test_scores_stand_where_they_stand(
    office: FlaskClient, session: Session, settings: Settings, first: Person, nudges: list[object]
) -> None:
    row = made.portal(session, settings)
    path = f"/portals/{row.id}/scores"
    assert "まだ得点はありません" in main(office.get(path))
    book, soon = factories.material(session, first), clock.now() + timedelta(hours=1)
    kinds = {
        "waiting": {"next_at": clock.now(), "given": None, "sent_at": None,
                    "activity_progress": "InProgress", "grading_progress": "Pending"},
        "retrying": {"next_at": soon, "failures": 2, "error": "service_failed",
                     "answer": "500 broken"},
        "sent": {},
        "dropped": {"error": "service_stale"},
        "given_up": {"error": "service_refused", "failures": 20},
    }  # fmt: skip
    for name, said in kinds.items():
        who = made.learner(session, row, f"sub-{name}")
        made.score(session, made.assignment(session, row, who, book.id), **said)
    page = main(office.get(path))
    for words in ("送信待ち", "再送待ち", "送信済み", "送信できません", "500 broken", "受講中"):
        assert words in page
    for name in kinds:
        narrowed = main(office.get(f"{path}?state={name}"))
        assert [other for other in kinds if f"sub-{other}" in narrowed] == [name]
    assert "sub-sent" in main(office.get(f"{path}?state=none"))
    score = session.scalars(sa.select(PortalScore).where(PortalScore.failures == 20)).one()
    sending = f"{path}/{score.assignment_id}/send"
    assert office.post(sending).status_code == 303
    session.expire_all()
    assert (score.failures, score.error, score.revision) == (0, "", 2)
    assert ("pass_back",) in nudges
    assert office.post(sending).status_code == 422
    other = made.portal(session, settings, client_id="kenshu-2")
    elsewhere = f"/portals/{other.id}/scores/{score.assignment_id}/send"
    assert office.post(elsewhere).status_code == 404
    assert "当てはまる得点はありません" in main(office.get(f"{path}?state=given_up"))


def table(*lines: str, codec: str = "utf-8") -> dict[str, object]:
    text = "\n".join(["ポータルでの番号,職員番号", *lines])
    return {"file": (io.BytesIO(text.encode(codec)), "対応表.csv")}


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "cp932"])
def test_a_table_says_who_the_learners_are(
    office: FlaskClient, session: Session, settings: Settings, first: Person, codec: str
) -> None:
    row = made.portal(session, settings)
    path = f"/portals/{row.id}/learners"
    assert "まだだれも来ていません" in main(office.get(path))
    who = factories.person(session, "表の 花子", number="00321")
    made.learner(session, row, "sub-1")
    made.learner(session, row, None)
    page = main(office.get(path))
    assert "職員と結び付けていない" in page
    assert "名乗っていない人" in page
    sent = table("sub-1,00321", "sub-2,００３２１", codec=codec)
    assert office.post(path, data=sent).status_code == 303
    page = main(office.get(path))
    assert "表の 花子（00321）" in page
    assert "対応表" in page
    assert "sub-2" not in main(office.get(f"{path}?q=ub-1"))
    assert "当てはまる受講者はいません" in main(office.get(f"{path}?q=sub-9"))
    line = session.scalars(
        sa.select(AuditEvent).where(AuditEvent.action == "portal_learners.listed")
        .where(AuditEvent.subject_id == row.id).order_by(AuditEvent.seq)
    ).all()[2]  # fmt: skip
    assert line.details["people"] == [str(who.id)]

    learner = session.scalars(
        sa.select(PortalLearner).where(PortalLearner.subject == "sub-1")
    ).one()
    other = made.portal(session, settings, client_id="kenshu-2")
    parting = f"/{learner.id}/part"
    assert office.post(f"/portals/{other.id}/learners{parting}").status_code == 404
    assert office.post(path + parting).status_code == 303
    session.expire_all()
    assert learner.person_id is None
    assert office.post(path + parting).status_code == 404


def test_all_that_is_wrong_in_a_table_is_said_at_once_and_nothing_is_done(
    office: FlaskClient, session: Session, settings: Settings, first: Person
) -> None:
    row = made.portal(session, settings)
    path = f"/portals/{row.id}/learners"
    factories.person(session, number="00321")
    sent = table("sub-1,00321", "sub-2,99999", "sub-1,00321", ",00321", "=sub,")
    answer = office.post(path, data=sent)
    assert "まだ何も結び付けていません" in errors(answer)["file"]
    page = html.document_fromstring(answer.text)
    rows = page.xpath("//table[contains(caption, '対応表の誤り')]/tbody/tr")
    found = [" ".join(each.text_content().split()) for each in rows]
    assert [each.partition(" ")[0] for each in found] == [
        "2行目", "3行目", "4行目", "5行目", "6行目", "6行目",
    ]  # fmt: skip
    assert "99999 この職員番号の職員が見つかりません" in found[1]
    assert session.scalar(sa.select(sa.func.count()).select_from(PortalLearner)) == 0


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({}, "ファイルを選んでください"),
        ({"file": (b"\x00\x01", "a.csv")}, "読み取れない"),
        ({"file": ("氏名,職員番号\n架空,00001".encode(), "a.csv")}, "必要な列がありません"),
        ({"file": ("ポータルでの番号,職員番号\n".encode(), "a.csv")}, "取り込む行がありません"),
    ],
)
def test_a_file_that_is_no_table_is_refused(
    office: FlaskClient,
    session: Session,
    settings: Settings,
    first: Person,
    data: dict[str, tuple[bytes, str]],
    told: str,
) -> None:
    row = made.portal(session, settings)
    sent = {name: (io.BytesIO(body), called) for name, (body, called) in data.items()}
    answer = office.post(f"/portals/{row.id}/learners", data=sent)
    assert told in errors(answer)["file"]
    assert not list(settings.uploads.glob("*"))


def test_the_learner_who_said_so_is_shown_as_such(
    office: FlaskClient, session: Session, settings: Settings, first: Person
) -> None:
    row = made.portal(session, settings)
    learner = made.learner(session, row)
    learners.link_self(session, learner.id, by=made.acting(first), now=clock.now())
    assert "本人がサインインして結び付けた" in main(office.get(f"/portals/{row.id}/learners"))
