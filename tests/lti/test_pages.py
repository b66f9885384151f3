"""The pages that stand beside the player in a portal's frame, and what they let people do."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import jwt
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from lxml import html
from werkzeug.test import TestResponse

from app.kernel import clock
from app.kernel.actor import Actor, Grant
from app.kernel.settings import Settings
from app.kernel.system import service as system
from app.kernel.system.models import Reason
from app.learning.owners.models import Owner
from app.learning.records.models import Attempt, LearnerRecord
from app.learning.sharing.models import SharedValue
from app.people.permission.models import Role
from app.people.register.models import Person
from app.portals.gate import service as gate
from app.portals.gate.models import PortalLaunch, PortalLogin
from app.portals.keys import service as keys
from app.portals.learners import service as learners
from app.portals.learners.models import PortalLearner
from app.portals.links.models import PortalAssignment, PortalLink
from app.portals.registrations import service
from app.portals.registrations.models import PortalDeployment
from app.portals.registrations.service import Limits
from tests import factories
from tests.learning import made as learning
from tests.lti.made import INSTRUCTOR, signed
from tests.lti.peer import Peer

DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"


def administrator(peer: Peer) -> Actor:
    """Return who registered the portal."""
    return Actor(peer.portal.proposed_by, grants=(Grant(Role.ADMINISTRATOR),))


def limited(peer: Peer, **limits: object) -> None:
    """Agree upon limits."""
    said = Limits(**limits)  # type: ignore[arg-type] # each test gives those it is about
    service.limit(peer.session, peer.portal, said, by=administrator(peer), now=clock.now())


def chosen(peer: Peer, browser: FlaskClient, **wanted: object) -> TestResponse:
    """Come to choose materials."""
    begun = peer.login(browser)
    token = signed(peer.choosing(begun.nonce, wanted))
    return peer.posted(browser, state=begun.state, id_token=token)


def ticket(page: TestResponse) -> dict[str, str]:
    """Return what the page of the choice sends along."""
    (field,) = html.fromstring(page.text).xpath("//input[@name='ticket']")
    return {"ticket": field.get("value")}


def answered(page: TestResponse) -> tuple[str, dict[str, object]]:
    """Return where the choice is posted, and what it says."""
    (form,) = html.fromstring(page.text).xpath("//form[@data-go-on]")
    fields = dict(form.form_values())
    assert list(fields) == ["JWT"]
    assert jwt.get_unverified_header(fields["JWT"])["alg"] == "RS256"
    return form.get("action"), jwt.decode(fields["JWT"], options={"verify_signature": False})


@pytest.mark.requirement("LTI-03")
def test_a_teacher_chooses_with_times_and_a_column_of_scores(peer: Peer) -> None:
    browser = peer.browser()
    page = chosen(peer, browser, data="opaque", accept_lineitem=True)
    assert page.status_code == 200
    assert "得点（100点満点）をポータルの成績に返す" in page.text
    material_id = peer.link.rpartition("/")[2]
    sent = {
        **ticket(page),
        "action": "choose",
        "material": material_id,
        "line_item": "1",
        "opens": "2026-12-01T09:00",
        "due": "2026-12-20T17:00",
    }
    address, said = answered(browser.post("/lti/choose", data=sent))
    assert address == f"{peer.keys.origin}/chosen?for=1"
    (item,) = said[f"{DL}content_items"]  # type: ignore[misc] # a list of one
    assert item["url"] == peer.link
    assert item["custom"] == {"material": material_id}
    assert item["lineItem"]["scoreMaximum"] == 100
    assert item["available"] == {"startDateTime": "2026-12-01T00:00:00Z"}
    assert item["submission"]["endDateTime"] == "2026-12-20T08:00:00Z"
    assert (said["iss"], said["aud"], said[f"{DL}data"]) == (
        peer.portal.client_id,
        peer.keys.origin,
        "opaque",
    )
    assert browser.post("/lti/choose", data=sent).status_code == 409  # it was answered


@pytest.mark.requirement("LTI-03")
def test_who_chooses_nothing_goes_back_with_nothing(peer: Peer) -> None:
    browser = peer.browser()
    page = chosen(peer, browser)
    nothing = browser.post("/lti/choose", data={**ticket(page), "action": "choose"})
    assert (nothing.status_code, "教材が選ばれていません" in nothing.text) == (422, True)
    _, said = answered(browser.post("/lti/choose", data={**ticket(page), "action": "cancel"}))
    assert said[f"{DL}content_items"] == []
    assert f"{DL}data" not in said


def test_a_portal_that_takes_no_links_is_offered_none(peer: Peer) -> None:
    browser = peer.browser()
    page = chosen(peer, browser, accept_types=["html"])
    assert "このポータルの画面には、教材を加えられません" in page.text
    assert "選んだ教材を加える" not in page.text
    _, said = answered(browser.post("/lti/choose", data={**ticket(page), "action": "cancel"}))
    assert said[f"{DL}content_items"] == []


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ({"opens": "yesterday"}, "日時の形が正しくありません"),
        ({"opens": "2026-12-02T09:00", "closes": "2026-12-01T09:00"}, "日時の順が正しくありません"),
        ({"material": "made-up"}, "日時の形が正しくありません"),
    ],
)
def test_what_cannot_be_chosen_is_said_on_the_page(
    peer: Peer, field: dict[str, str], said: str
) -> None:
    browser = peer.browser()
    page = chosen(peer, browser)
    answer = browser.post("/lti/choose", data={**ticket(page), "action": "choose", **field})
    assert (answer.status_code, said in answer.text) == (422, True)


def test_one_alone_is_chosen_where_the_portal_takes_one(peer: Peer) -> None:
    page = chosen(peer, peer.browser(), accept_multiple=False)
    assert 'type="radio"' in page.text
    assert 'type="checkbox"' not in page.text


def test_a_search_finds_by_the_title_and_says_where_there_is_nothing(peer: Peer) -> None:
    browser = peer.browser()
    page = chosen(peer, browser)
    found = browser.post("/lti/choose", data={**ticket(page), "action": "search", "q": "研"})
    assert found.status_code == 200
    none = browser.post("/lti/choose", data={**ticket(page), "action": "search", "q": "ない語"})
    assert "当てはまる教材がありません" in none.text


def test_a_learner_may_not_choose(peer: Peer) -> None:
    browser = peer.browser()
    begun = peer.login(browser)
    claims = peer.choosing(begun.nonce, {}, roles=["Learner"])
    peer.refuses(peer.posted(browser, state=begun.state, id_token=signed(claims)), "not_staff")


@pytest.mark.requirement("LTI-01")
def test_a_deployment_that_nobody_knows_waits_for_the_office(peer: Peer) -> None:
    peer.refuses(peer.launch(deployment_id="deployment-2"), "deployment_unknown")
    query = sa.select(PortalDeployment).where(PortalDeployment.deployment_id == "deployment-2")
    waiting = peer.session.scalars(query).one()
    assert waiting.allowed_at is None
    service.allow_deployment(
        peer.session,
        peer.portal,
        "deployment-2",
        is_allowed=True,
        by=administrator(peer),
        now=clock.now(),
    )
    peer.accepts(peer.launch(deployment_id="deployment-2"))


@pytest.mark.requirement("LTI-04", "LTI-05")
def test_a_portal_that_is_stopped_lets_nobody_in_and_shuts_what_is_open(
    peer: Peer, content: FlaskClient
) -> None:
    address = peer.accepts(peer.launch())
    origin, path = learning.origin(address), learning.path(address)
    assert content.get(path, base_url=origin).status_code == 200
    service.stop(peer.session, peer.portal, by=administrator(peer), now=clock.now())
    peer.session.flush()
    assert content.get(path, base_url=origin).status_code == 410
    answer = peer.browser().get("/lti/login", query_string=peer.asks())
    assert (answer.status_code, peer.noted().code) == (403, "platform_unknown")


@pytest.mark.requirement("LTI-04")
def test_while_the_system_is_read_only_nobody_is_let_in_and_no_login_is_used_up(
    peer: Peer,
) -> None:
    browser = peer.browser()
    begun = peer.login(browser)
    system.begin(peer.session, Reason.DRILL, by=administrator(peer), now=clock.now())
    peer.session.flush()
    answer = peer.launch(browser, begun=begun)
    assert answer.status_code == 503
    assert peer.attempts() == 0
    assert peer.session.scalars(sa.select(PortalLaunch)).all() == []
    system.end(peer.session, by=administrator(peer), now=clock.now())
    peer.session.flush()
    peer.accepts(peer.launch(browser, begun=begun))


def test_outside_of_its_days_a_portal_lets_nobody_in(peer: Peer) -> None:
    limited(peer, valid_to=factories.LONG_AGO)
    answer = peer.browser().get("/lti/login", query_string=peer.asks())
    assert (answer.status_code, peer.noted().code) == (403, "platform_unknown")


@pytest.mark.requirement("LTI-04")
def test_a_portal_opens_what_was_agreed_and_nothing_else(peer: Peer) -> None:
    by, now = administrator(peer), clock.now()
    service.offer(peer.session, peer.portal, (), has_all=False, by=by, now=now)
    peer.refuses(peer.launch(), "material_not_offered")
    material_id = uuid.UUID(peer.link.rpartition("/")[2])
    service.offer(peer.session, peer.portal, (material_id,), has_all=False, by=by, now=now)
    peer.accepts(peer.launch())


@pytest.mark.requirement("LTI-04")
def test_a_limit_of_learners_keeps_new_ones_out_and_known_ones_in(peer: Peer) -> None:
    limited(peer, most_learners=1)
    peer.accepts(peer.launch(sub="person-1"))
    answer = peer.launch(sub="person-2")
    assert (answer.status_code, peer.noted().code) == (403, "too_many_learners")
    peer.accepts(peer.launch(sub="person-1"))


def test_nobody_at_all_comes_in_only_where_that_was_agreed(peer: Peer) -> None:
    limited(peer, allows_anonymous=True)
    peer.accepts(peer.launch(sub=None))
    peer.accepts(peer.launch(sub=None))
    rows = peer.session.scalars(sa.select(PortalLearner)).all()
    assert [row.subject for row in rows] == [None, None]
    scored = peer.session.scalars(sa.select(PortalAssignment.is_scored)).all()
    assert scored == [False, False]


def test_a_link_that_leads_to_no_material_says_so(peer: Peer) -> None:
    answer = peer.launch(target_link_uri="http://localhost:8000/lti/launch")
    peer.refuses(answer, "link_without_material")
    material_id = peer.link.rpartition("/")[2]
    named = {"material": material_id}
    peer.accepts(peer.launch(target_link_uri="http://localhost:8000/lti/launch", custom=named))


@pytest.mark.requirement("LTI-02")
def test_a_learner_of_a_portal_is_a_guest_without_a_name_and_no_staff(peer: Peer) -> None:
    before = peer.session.scalar(sa.select(sa.func.count(Person.id)))
    peer.accepts(
        peer.launch(
            name="架空 太郎", email="taro@example.com", given_name="太郎", picture="https://x/y.png"
        )
    )
    assert peer.session.scalar(sa.select(sa.func.count(Person.id))) == before
    row = peer.session.scalars(sa.select(PortalLearner)).one()
    record = peer.session.scalars(sa.select(LearnerRecord)).one()
    assert (row.subject, row.person_id, record.owner) == ("person-1", None, Owner(guest_id=row.id))
    for table in (PortalLearner, PortalLaunch, PortalLink, PortalAssignment, Attempt):
        for found in peer.session.scalars(sa.select(table)):
            assert "太郎" not in str(vars(found))
            assert "taro" not in str(vars(found))
    assert "person-1" not in str(vars(peer.noted()))


@pytest.mark.requirement("LTI-02")
def test_somebody_says_by_their_own_sign_in_who_they_are(
    peer: Peer, settings: Settings, content: FlaskClient
) -> None:
    address = peer.accepts(peer.launch())
    origin, path = learning.origin(address), learning.path(address)
    setup = content.get(path, base_url=origin).text
    back = re.search(r'"back": "http://localhost:8000(/lti/left/[^"]+)"', setup)
    assert back
    left = peer.browser().get(back[1])
    assert "保存しました" in left.text
    mine = html.fromstring(left.text).xpath("//a[@target='_blank']/@href")[0]
    browser = peer.browser()
    assert browser.get(mine).location.startswith("/sign-in")
    who = factories.person(peer.session, "架空 花子")
    factories.enter(browser, peer.session, who)
    learner = peer.session.scalars(sa.select(PortalLearner)).one()
    shared = SharedValue(
        id=uuid.uuid4(), guest_id=learner.id, kind="objective", target="t", document={"a": 1}
    )
    peer.session.add(shared)
    peer.session.flush()
    assert "自分の履歴に載せる" in browser.get(mine).text
    assert browser.post(mine).status_code == 303
    peer.session.expire_all()
    assert learner.person_id == who.id
    for table in (LearnerRecord, Attempt, SharedValue):
        assert peer.session.scalars(sa.select(table)).one().owner == Owner(who.id)
    assert "あなたの受講履歴に載っています" in browser.get(mine).text
    other = peer.browser()
    factories.enter(other, peer.session, factories.person(peer.session))
    assert "ほかの職員の記録になっています" in other.get(mine).text
    assert other.post(mine).status_code == 422
    # From now on the same person of the portal learns on that record.
    peer.accepts(peer.launch())
    assert {each.owner for each in peer.session.scalars(sa.select(Attempt))} == {Owner(who.id)}
    learners.part(peer.session, learner.id, by=administrator(peer), now=clock.now())
    assert learner.person_id is None


def test_a_teachers_page_tells_how_far_learners_are_and_opens_no_record(peer: Peer) -> None:
    peer.accepts(peer.launch(sub="person-1"))
    browser = peer.browser()
    page = peer.accepts(peer.launch(browser, sub="teacher-1", roles=[INSTRUCTOR]))
    shown = browser.get(page)
    assert "person-1" in shown.text
    assert "teacher-1" not in shown.text
    opened = browser.post(f"{page}/preview")
    assert (opened.status_code, "//a-" in opened.location) == (303, True)
    records = peer.session.scalar(sa.select(sa.func.count(LearnerRecord.id)))
    assert (records, peer.attempts()) == (1, 2)
    assert browser.get("/lti/links/made-up").status_code == 404
    # Nor does a learner's word open it.
    assert browser.get(page.replace("/links/", "/left/")).status_code == 404


@pytest.mark.requirement("LTI-01", "LTI-06")
def test_pages_of_the_gate_stand_in_the_portals_frames_alone_and_set_no_session(
    peer: Peer,
) -> None:
    browser = peer.browser()
    answer = browser.get("/lti/login", query_string=peer.asks())
    policy = answer.headers["Content-Security-Policy"]
    assert f"frame-ancestors 'self' {peer.keys.origin}" in policy
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("kenshu-lti-")
    assert all(word in cookie for word in ("Secure", "SameSite=None", "Partitioned", "Path=/lti/"))
    assert "frame-ancestors 'none'" in browser.get("/sign-in").headers["Content-Security-Policy"]


def test_the_player_stands_in_the_portals_frames(peer: Peer, content: FlaskClient) -> None:
    address = peer.accepts(peer.launch())
    origin, path = learning.origin(address), learning.path(address)
    page = content.get(path, base_url=origin)
    assert page.headers["Content-Security-Policy"].endswith(
        f"frame-ancestors 'self' {peer.keys.origin}"
    )
    assert '"framed": true' in page.text


@pytest.mark.parametrize(("locale", "language"), [("en-US", "en"), ("ja_JP", "ja"), ("fr", "ja")])
def test_a_portal_says_in_which_language(
    peer: Peer, content: FlaskClient, locale: str, language: str
) -> None:
    presentation = {"locale": locale, "return_url": f"{peer.keys.origin}/back"}
    address = peer.accepts(peer.launch(launch_presentation=presentation))
    origin, path = learning.origin(address), learning.path(address)
    page = content.get(path, base_url=origin).text
    assert f'lang="{language}"' in page
    back = re.search(r'"back": "http://localhost:8000(/lti/left/[^"]+)"', page)
    assert back
    left = peer.browser().get(back[1], headers={"Accept-Language": "ja"})
    assert f'href="{peer.keys.origin}/back"' in left.text
    assert f'lang="{language}"' in left.text


def test_nobody_is_led_back_to_a_host_that_was_not_agreed(peer: Peer, content: FlaskClient) -> None:
    presentation = {"return_url": "https://evil.example.com/"}
    peer.accepts(peer.launch(launch_presentation=presentation))
    assert peer.session.scalars(sa.select(PortalAssignment.return_url)).one() == ""


@pytest.mark.requirement("LTI-04")
def test_our_keys_are_published_changed_and_withdrawn(peer: Peer, settings: Settings) -> None:
    answer = peer.browser().get("/lti/keys")
    (key,) = answer.get_json()["keys"]
    assert set(key) == {"kty", "n", "e", "kid", "alg", "use"}
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    by, now = administrator(peer), clock.now()
    fresh = keys.change(peer.session, peer.portal.id, by=by, now=now, settings=settings)
    peer.session.flush()
    published = [each["kid"] for each in peer.browser().get("/lti/keys").get_json()["keys"]]
    assert sorted(published) == sorted([key["kid"], fresh.kid])
    signs = keys.signing_key(peer.session, peer.portal.id, now=now, settings=settings)
    later = now + keys.AHEAD
    tomorrow = keys.signing_key(peer.session, peer.portal.id, now=later, settings=settings)
    assert (signs.kid, tomorrow.kid) == (key["kid"], fresh.kid)
    keys.withdraw(peer.session, key["kid"], by=by, now=now)
    peer.session.flush()
    (left,) = peer.browser().get("/lti/keys").get_json()["keys"]
    assert left["kid"] == fresh.kid
    # What was withdrawn signs no more, and so the new one signs at once.
    assert (
        keys.signing_key(peer.session, peer.portal.id, now=now, settings=settings).kid == fresh.kid
    )
    before = fresh.sealed
    assert keys.seal_anew(peer.session, settings) == 2
    assert fresh.sealed != before


@pytest.mark.requirement("SEC-05")
def test_paths_for_machines_obey_a_list_of_their_own(peer: Peer) -> None:
    rules = {
        view.for_machines  # type: ignore[attr-defined] # set by route
        for name, view in peer.app.view_functions.items()
        if name.startswith(("lti.", "choosing.", "portal_links.", "portal_registering."))
    }
    assert rules == {True}


def test_a_link_that_somebody_types_says_what_it_is_for(peer: Peer) -> None:
    answer = peer.browser().get(peer.link.removeprefix("http://localhost:8000"))
    assert "ポータルの教材のリンクから開きます" in answer.text


def test_what_is_left_of_logins_and_launches_is_forgotten_in_time(peer: Peer) -> None:
    peer.accepts(peer.launch())
    peer.browser().get("/lti/login", query_string=peer.asks(iss="https://nobody.example.com"))

    def left(days: int) -> tuple[int, int]:
        gate.forget(peer.session, clock.now() + timedelta(days=days))
        counted = (
            sa.select(sa.func.count()).select_from(one) for one in (PortalLogin, PortalLaunch)
        )
        logins, launches = (peer.session.scalar(query) or 0 for query in counted)
        return logins, launches

    assert [left(days) for days in (0, 2, 8, 91)] == [(1, 2), (0, 2), (0, 1), (0, 0)]
