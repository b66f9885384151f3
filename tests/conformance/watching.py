"""What passes in a player's page while content plays, and whose fault each error is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    Route,
    WebError,
)

SCRIPT = Path(__file__).with_name("watch.js")
_TOLD = "watched "
#: A stretch of time without a request, or at the longest so much of it with requests.
QUIET_MS, LONGEST_MS = 80, 4_000
_STEP_MS = 40
_LOCAL = re.compile(r"^https?://([\w-]+\.)?localhost[:/]")
_ELSEWHERE = re.compile(r"^https?://(?!a-[0-9a-f]{32}\.localhost[:/])")
_CONTENT = re.compile(r"^/[^/]+/content/")
_ADDRESS = re.compile(r"https?://[^\s)]+")
#: Calls that only ask about the error of another one.
_ABOUT_ERRORS = ("GetLastError", "GetErrorString", "GetDiagnostic")
#: In place of a library that content wants from another site: nothing happens, whatever is asked.
_DOES_NOTHING = """
window.jQuery = window.$ = new Proxy(function () {}, {
  get: (_, name) => (name === Symbol.toPrimitive ? () => "" : window.$),
  apply: () => window.$,
});
"""


@dataclass
class Seen:
    """What has passed since it was begun."""

    #: Identifiers of the items, in the order of their delivery.
    delivered: list[str] = field(default_factory=list)
    #: Items whose content has read the API that was there.
    found: set[str] = field(default_factory=set)
    #: Item → element → the last value that content has set and that was taken.
    told: dict[str, dict[str, str]] = field(default_factory=dict)
    calls: int = 0
    #: Calls that were answered with an error.
    refused: list[str] = field(default_factory=list)
    #: Errors of the player and of the server.
    ours: list[str] = field(default_factory=list)
    #: Errors of the content itself.
    theirs: list[str] = field(default_factory=list)


class Watch:
    """Listens to all that happens in a browser's context; nothing leaves this machine."""

    def __init__(self, context: BrowserContext) -> None:
        #: What is filled with all that passes from now on.
        self.seen = Seen()
        self._flying: set[Request] = set()
        context.add_init_script(path=SCRIPT)
        context.route(_ELSEWHERE, _stand_in)
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("request", self._asked)
        context.on("requestfinished", self._finished)
        context.on("requestfailed", self._failed)
        context.on("response", self._answered)

    def settle(self, page: Page) -> None:
        """Wait until nothing has been asked of any server for a short time."""
        quiet = waited = 0
        self._flying.clear()  # a stream that never ends is waited for once only
        while quiet < QUIET_MS and waited < LONGEST_MS:
            page.wait_for_timeout(_STEP_MS)
            waited += _STEP_MS
            quiet = 0 if self._flying else quiet + _STEP_MS

    def _console(self, message: ConsoleMessage) -> None:
        if message.text.startswith(_TOLD):
            self._tell(json.loads(message.text.removeprefix(_TOLD)))
        # What could not be loaded is told by the request itself.
        elif message.type == "error" and not message.text.startswith("Failed to load resource"):
            self._blame(message.location["url"], message.text)

    def _tell(self, what: dict[str, Any]) -> None:
        seen = self.seen
        if "delivered" in what:
            seen.delivered.append(what["delivered"])
            if what["fresh"]:
                seen.told.pop(what["delivered"], None)
        elif "found" in what:
            seen.found.add(what["found"])
        else:
            self._called(what)

    def _called(self, what: dict[str, Any]) -> None:
        seen, call, given = self.seen, what["call"], what["given"]
        seen.calls += 1
        if call not in _ABOUT_ERRORS and what["error"] != "0":
            seen.refused.append(f"{call}({', '.join(given)}) {what['error']}")
        elif call == "SetValue" and len(given) == 2:
            seen.told.setdefault(what["item"], {})[given[0]] = given[1]

    def _error(self, error: WebError) -> None:
        stack = error.error.stack or ""
        first = _ADDRESS.search(stack)
        self._blame(first.group() if first else "", error.error.message)

    def _asked(self, request: Request) -> None:
        self._flying.add(request)

    def _finished(self, request: Request) -> None:
        self._flying.discard(request)

    def _failed(self, request: Request) -> None:
        self._flying.discard(request)
        if request.failure != "net::ERR_ABORTED" or _is_ours(request.url):
            self._blame(request.url, f"{request.failure} {_path(request.url)}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            is_servers = response.status >= 500
            told = f"{response.status} {_path(response.url)}"
            (self.seen.ours if is_servers else self._side(response.url)).append(told)

    def _blame(self, address: str, what: str) -> None:
        self._side(address).append(_path(what.partition("\n")[0] or address))

    def _side(self, address: str) -> list[str]:
        return self.seen.ours if _is_ours(address) else self.seen.theirs


def _is_ours(address: str) -> bool:
    """Whether an address is a page, a script or a route of ours, and no file of a package."""
    return bool(_LOCAL.match(address)) and not _CONTENT.match(urlsplit(address).path)


def _path(address: str) -> str:
    """Return an address, or a text with some, without what differs from one launch to the next."""
    return re.sub(r"http://a-[0-9a-f]+\.localhost:\d+/([\w.-]{60,}/)?", "", address)


def _stand_in(route: Route) -> None:
    """Answer for all servers but the content's; the office is only a place to come back to."""
    if _LOCAL.match(route.request.url):
        route.fulfill(content_type="text/html", body="")
    elif "jquery" in route.request.url:
        route.fulfill(content_type="text/javascript", body=_DOES_NOTHING)
    else:
        route.abort("internetdisconnected")


def first_of_each(told: list[str]) -> Iterator[str]:
    """Yield each line once, with how often it was told."""
    for line in dict.fromkeys(told):
        count = told.count(line)
        yield line if count == 1 else f"{line} ({count} times)"
