"""Open edX's own consumer as the platform: what it sends is believed, what we send it takes."""

from __future__ import annotations

import re
import subprocess
import sys
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from app.kernel import clock
from lti import deep_linking, grades, launch, login, message, roster, signing
from lti.deep_linking import Link
from lti.grades import Score, Wanted
from lti.http import Line
from lti.keys import KeySets
from lti.launch import Gate
from lti.message import Message
from lti.registration import Registration
from lti.roles import Part
from lti.services import Connector, ServiceRefused, Tokens
from tests.lti import services
from tests.lti.services import Services, tool_key

NETWORKS = (ip_network("127.0.0.0/8"),)
ROOT = Path(__file__).parents[2]


@dataclass
class OpenEdx:
    """Open edX, and the tool that is registered with it."""

    origin: str
    tool: Services

    @property
    def registration(self) -> Registration:
        return Registration(
            id=uuid.UUID(int=9),
            issuer=self.origin,
            client_id="client-edx",
            auth_login_url=f"{self.origin}/auth",
            auth_token_url=f"{self.origin}/token",
            key_set_url=f"{self.origin}/keys",
        )

    def of_issuer(self, issuer: str) -> Sequence[Registration]:
        return [self.registration] if issuer == self.origin else []

    def has_deployment(self, registration_id: uuid.UUID, deployment_id: str) -> bool:
        return (registration_id, deployment_id) == (self.registration.id, "1")

    def is_ours(self, address: str) -> bool:
        return address.startswith(self.tool.origin)

    def line(self) -> Line:
        return Line(self.registration.hosts, networks=NETWORKS)

    def connector(self) -> Connector:
        return Connector(self.registration, tool_key(), self.line(), Tokens(), clock.now)

    def launched(self, **asked: str) -> Message:
        """Click a link, and follow the browser to the launch."""
        clicked = requests.get(
            f"{self.origin}/open", params=asked, allow_redirects=False, timeout=10
        )
        initiated = urlsplit(clicked.headers["Location"])
        assert initiated.path == "/lti/login"
        params = {name: values[0] for name, values in parse_qs(initiated.query).items()}
        address = f"{self.tool.origin}/lti/launch"
        begun = login.begin(params, self, launch_address=address, is_ours=self.is_ours)
        page = requests.get(begun.address, timeout=10).text
        fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page))
        posted = {name: unescape(value) for name, value in fields.items()}
        assert posted["state"] == begun.login.state
        keys = KeySets(lambda found: self.line().get(found.key_set_url))
        gate = Gate(self, keys, self.is_ours)
        return launch.admit(posted, begun.login, gate, clock.now())

    def stored(self) -> dict[str, Any]:
        found: dict[str, Any] = requests.get(f"{self.origin}/stored", timeout=10).json()
        return found


@pytest.fixture(scope="module")
def edx() -> Iterator[OpenEdx]:
    with services.serving() as tool:
        tool.answers_with("GET /lti/keys", signing.key_set([tool_key()]))
        command = [sys.executable, "-m", "tests.lti.openedx", tool.origin]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            yield OpenEdx(f"http://127.0.0.1:{process.stdout.readline().strip()}", tool)
            process.terminate()


def test_a_learner_comes_by_a_link_and_stays_nameless(edx: OpenEdx) -> None:
    target = f"{edx.tool.origin}/lti/open/7"
    found = edx.launched(user="person-1", link="link-7", target=target)
    assert (found.subject, found.part, found.kind) == (
        "person-1",
        Part.LEARNER,
        message.RESOURCE_LINK,
    )
    assert (found.resource_link_id, found.context_id) == ("link-7", "course-1")
    assert found.target_link_uri == target
    assert found.return_url == f"{edx.origin}/back"
    assert grades.can_score(found.grades)
    assert "みほん" not in repr(found)


def test_a_score_comes_into_its_gradebook_once_and_never_backwards(edx: OpenEdx) -> None:
    found = edx.launched(user="person-1", link="link-8")
    connector = edx.connector()
    wanted = Wanted("研修", "material-7", found.resource_link_id)
    address = grades.find_or_create(connector, found.grades["lineitems"], wanted)
    assert grades.find_or_create(connector, found.grades["lineitems"], wanted) == address
    score = Score("person-1", clock.now(), "Completed", "FullyGraded", given=80)
    grades.send(connector, address, score)
    with pytest.raises(ServiceRefused, match="service_stale"):
        grades.send(connector, address, score)
    mine = [each for each in edx.stored()["scores"] if each["userId"] == "person-1"]
    assert [(each["scoreGiven"], each["scoreMaximum"]) for each in mine] == [(80, 100)]
    assert [each["resourceLinkId"] for each in edx.stored()["items"]] == ["link-8"]


def test_it_tells_who_is_in_the_course(edx: OpenEdx) -> None:
    found = edx.launched(user="teacher-1", role="instructor")
    assert found.part is Part.STAFF
    address = found.roster["context_memberships_url"]
    members = roster.members(edx.connector(), address)
    assert [each.user_id for each in members] == ["person-1", "person-2"]


def test_a_link_that_was_chosen_is_taken(edx: OpenEdx) -> None:
    asked = edx.launched(user="teacher-1", role="instructor", choose="1")
    assert asked.kind == message.DEEP_LINK
    link = Link("安全研修", f"{edx.tool.origin}/lti/open/7", maximum=100)
    answer = deep_linking.answer(asked, [link], tool_key(), clock.now())
    sent = requests.post(answer.address, data={"JWT": answer.token}, timeout=10)
    assert sent.status_code == 200
    assert [item["url"] for item in edx.stored()["chosen"][-1]] == [link.url]
