"""Open edX as a platform: its own consumer classes behind a small server, in a process of its own.

`python -m tests.lti.openedx TOOL` prints the port that it listens on, on the loopback, and serves
until it is ended. Below TOOL lie /lti/login, /lti/launch, /lti/keys and /lti/choose. What has
happened to the platform is told by /stored.
"""

from __future__ import annotations

import html
import json
import sys
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import django
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings

settings.configure(
    SECRET_KEY="only for tests",
    PLATFORM_NAME="Open edX",
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
    OPENEDX_TELEMETRY=[],
    USE_TZ=True,
)
django.setup()

from lti_consumer.data import Lti1p3LaunchData  # noqa: E402 - after Django knows its settings
from lti_consumer.lti_1p3.consumer import LtiAdvantageConsumer  # noqa: E402 - as above
from lti_consumer.utils import get_data_from_cache  # noqa: E402 - as above

CLIENT, DEPLOYMENT = "client-edx", "1"
SCORE = "https://purl.imsglobal.org/spec/lti-ags/scope/score"
LINE_ITEM = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem"
ROSTER = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"

#: A page that keeps things for its tools (LTI Client Side postMessages).
STORAGE = """<script>
const kept = {};
window.addEventListener("message", ({ data, source, origin }) => {
  if (data.subject === "lti.put_data") kept[data.key] = data.value;
  else if (data.subject !== "lti.get_data") return;
  const answer = { ...data, subject: `${data.subject}.response`, value: kept[data.key] };
  source.postMessage(answer, origin);
});
</script>"""


@dataclass
class Platform:
    """The platform: who is in its course, and what its tool has told it."""

    tool: str
    origin: str = ""
    scores: list[dict[str, Any]] = field(default_factory=list)
    items: list[dict[str, Any]] = field(default_factory=list)
    chosen: list[Any] = field(default_factory=list)
    pem: str = field(
        default_factory=lambda: (
            rsa.generate_private_key(public_exponent=65537, key_size=2048)
            .private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            .decode()
        )
    )

    def consumer(self, target: str = "", item: str = "") -> Any:
        """Return Open edX's consumer; it keeps what it is told, so each request has its own."""
        made = LtiAdvantageConsumer(
            iss=self.origin,
            lti_oidc_url=f"{self.tool}/lti/login",
            lti_launch_url=target or self.tool,
            client_id=CLIENT,
            deployment_id=DEPLOYMENT,
            rsa_key=self.pem,
            rsa_key_id="edx-1",
            redirect_uris=[f"{self.tool}/lti/launch"],
            tool_keyset_url=f"{self.tool}/lti/keys",
        )
        made.enable_ags(
            lineitems_url=f"{self.origin}/items",
            lineitem_url=f"{self.origin}/items/{item}" if item else None,
            allow_programmatic_grade_interaction=True,
        )
        made.enable_nrps(f"{self.origin}/members")
        made.enable_deep_linking(f"{self.tool}/lti/choose", f"{self.origin}/chosen")
        return made

    def begun(self, asked: dict[str, str]) -> str:
        """Return where a browser goes that has clicked a link."""
        data = Lti1p3LaunchData(
            user_id=asked["user"],
            user_role=asked.get("role", "student"),
            config_id=asked.get("link", "link-1"),
            resource_link_id=asked.get("link", "link-1"),
            context_id="course-1",
            message_type="LtiDeepLinkingRequest" if "choose" in asked else "LtiResourceLinkRequest",
            custom_parameters={"target": asked.get("target", ""), "item": asked.get("item", "")},
        )
        address: str = self.consumer(asked.get("target", "")).prepare_preflight_url(data)
        return address

    def launched(self, asked: dict[str, str]) -> dict[str, str]:
        """Return what is posted to the tool, as the answer to its question who is there."""
        data = get_data_from_cache(asked["lti_message_hint"])
        given = data.custom_parameters
        consumer = self.consumer(given["target"], given["item"])
        consumer.set_user_data(data.user_id, data.user_role, full_name="研修 みほん")
        consumer.set_resource_link_claim(data.resource_link_id, title="研修")
        consumer.set_context_claim(data.context_id, context_title="研修")
        consumer.set_launch_presentation_claim("iframe", f"{self.origin}/back")
        found: dict[str, str] = consumer.generate_launch_request(asked)
        return found

    def take_score(self, item: str, score: dict[str, Any]) -> int:
        """Keep a score; one that is not newer than the last of the same learner is stale."""
        moment = datetime.fromisoformat(score["timestamp"])
        earlier = [
            datetime.fromisoformat(each["timestamp"])
            for each in self.scores
            if (each["item"], each["userId"]) == (item, score["userId"])
        ]
        if any(moment <= each for each in earlier):
            return 409
        self.scores.append({**score, "item": item})
        return 200


class Handler(BaseHTTPRequestHandler):
    """The addresses of the platform."""

    platform: Platform

    def do_GET(self) -> None:
        """Answer what browsers and the tool ask for."""
        parts = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        platform = self.platform
        if parts.path == "/open":
            offered = "&lti_storage_target=_parent" if "storage" in asked else ""
            self._answer(302, "", Location=platform.begun(asked) + offered)
        elif parts.path in ("/course", "/back"):
            self._answer(200, _page(parts.path, parts.query), Content_Type="text/html")
        elif parts.path == "/auth":
            self._posted(asked["redirect_uri"], platform.launched(asked))
        elif parts.path == "/keys":
            self._told(platform.consumer().get_public_keyset())
        elif parts.path == "/stored":
            told = {"scores": platform.scores, "items": platform.items, "chosen": platform.chosen}
            self._told(told)
        elif parts.path == "/items" and self._may(LINE_ITEM):
            wanted = asked.get("resource_link_id")
            self._told([i for i in platform.items if wanted in (None, i.get("resourceLinkId"))])
        elif parts.path == "/members" and self._may(ROSTER):
            members = [{"user_id": each, "roles": ["Learner"]} for each in ("person-1", "person-2")]
            self._told({"id": self.path, "context": {"id": "course-1"}, "members": members})

    def do_POST(self) -> None:
        """Take what the tool sends."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        platform, path = self.platform, urlsplit(self.path).path
        form = {name: values[0] for name, values in parse_qs(body).items()}
        if path == "/token":
            self._told(platform.consumer().access_token(form))
        elif path == "/auth":
            self._posted(form["redirect_uri"], platform.launched(form))
        elif path == "/chosen":
            token = form["JWT"]
            platform.chosen.append(platform.consumer().check_and_decode_deep_linking_token(token))
            self._answer(200, "<h1>chosen</h1>", Content_Type="text/html")
        elif path == "/items" and self._may(LINE_ITEM):
            item = {**json.loads(body), "id": f"{platform.origin}/items/{len(platform.items) + 1}"}
            platform.items.append(item)
            self._told(item, status=201)
        elif path.endswith("/scores") and self._may(SCORE):
            item = path.removeprefix("/items/").removesuffix("/scores")
            self._answer(platform.take_score(item, json.loads(body)), "")

    def _may(self, scope: str) -> bool:
        """Whether the token that came along is for a scope; Open edX's own check says."""
        kind, _, token = self.headers.get("Authorization", "").partition(" ")
        may = kind == "Bearer" and self.platform.consumer().check_token(token, [scope])
        if not may:
            self._answer(401, "")
        return bool(may)

    def _posted(self, address: str, fields: dict[str, str]) -> None:
        inputs = "".join(
            f'<input type="hidden" name="{name}" value="{html.escape(value)}">'
            for name, value in fields.items()
        )
        form = f'<form method="post" action="{html.escape(address)}">{inputs}</form>'
        script = "<script>document.forms[0].submit()</script>"
        self._answer(200, form + script, Content_Type="text/html")

    def _told(self, document: object, *, status: int = 200) -> None:
        self._answer(status, json.dumps(document), Content_Type="application/json")

    def _answer(self, status: int, body: str, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_said: object) -> None:
        """Say nothing."""


def _page(path: str, query: str) -> str:
    """Return a page of the course: one that frames a link, or the one that is led back to."""
    if path == "/back":
        return "<h1>back in the course</h1>"
    frame = html.escape(f"/open?{query}")
    page = f'<h1>course</h1><iframe src="{frame}" width="1000" height="760"></iframe>'
    return page + (STORAGE if "storage=" in query else "")


def main() -> None:
    """Serve until somebody ends it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    origin = f"http://127.0.0.1:{server.server_port}"
    Handler.platform = Platform(sys.argv[1].rstrip("/"), origin)
    print(server.server_port, flush=True)  # noqa: T201 - whoever started it waits for that
    server.serve_forever()


if __name__ == "__main__":
    main()
