"""The one way out to platforms: what they name must not lead us anywhere else.

Only hosts of the registration, only to addresses of the Internet or to networks that the settings
name (a closed network's own), by TLS but for those; no redirect, no cookie; an end in time and in
size. An address is looked up once and the connection made to what was looked at, so that a second
look-up cannot bring another.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Collection, Iterator
from http.cookiejar import DefaultCookiePolicy
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any, Final
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

from lti.errors import LineRefused

#: What comes back.
Answer = requests.Response

Networks = tuple[IPv4Network | IPv6Network, ...]

#: Seconds until a connection is there, between two parts of an answer, and for all of it: those
#: who know that an answer takes longer say so for their line.
PATIENCE: Final = (3.05, 5.0)
WHOLE: Final = 15.0
#: Bytes of an answer at most.
MOST: Final = 1_000_000
AGENT: Final = "Kenshu"


class Line(requests.Session):
    """A session for one platform, as PyLTI1p3's classes take one.

    `seconds` are those between two parts of an answer and for all of it, in the place of the usual.
    Raises LineRefused for an address that is not called, for an answer that is too long or too
    slow, and as line_broken where none came.
    """

    def __init__(
        self,
        hosts: Collection[str],
        *,
        networks: Networks = (),
        ca_file: str = "",
        seconds: tuple[float, float] | None = None,
    ) -> None:
        super().__init__()
        self.hosts = hosts
        self._patience = (PATIENCE[0], seconds[0]) if seconds else PATIENCE
        # Two agreements with one host are two: a cookie would have them taken for one.
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
        self.trust_env = False
        self.verify = ca_file or True
        self.headers["User-Agent"] = AGENT
        adapter = _Adapter(networks, seconds[1] if seconds else None)
        self.mount("https://", adapter)
        self.mount("http://", adapter)

    def request(self, method: Any, url: Any, *given: Any, **options: Any) -> Answer:
        """Call an address of the platform."""
        parts = urlsplit(str(url))
        if parts.scheme not in ("https", "http") or parts.username is not None:
            raise LineRefused("address_unusable")
        if parts.hostname not in self.hosts:
            raise LineRefused("host_not_registered")
        options |= {"timeout": self._patience, "allow_redirects": False}
        try:
            return super().request(method, url, *given, **options)
        except requests.RequestException as error:
            raise LineRefused("line_broken") from error


class _Adapter(HTTPAdapter):
    def __init__(self, networks: Networks, whole: float | None) -> None:
        self._networks = networks
        self._whole = whole
        super().__init__()

    def init_poolmanager(self, *given: Any, **options: Any) -> None:
        super().init_poolmanager(*given, **options)
        assert isinstance(self.poolmanager, PoolManager)
        self.poolmanager.pool_classes_by_scheme = _pools(self._networks)

    def send(self, *given: Any, **options: Any) -> requests.Response:
        until = time.monotonic() + (self._whole or WHOLE)
        answer = super().send(*given, **options)
        answer.raw = _Measured(answer.raw, until)
        return answer


class _Measured:
    """An answer as it comes in, which ends in time and in size."""

    def __init__(self, raw: Any, until: float) -> None:
        self._raw = raw
        self._until = until

    def stream(self, most: int, **_options: object) -> Iterator[bytes]:
        taken = 0
        while chunk := self._raw.read1(most, decode_content=True):
            taken += len(chunk)
            if taken > MOST or time.monotonic() > self._until:
                self._raw.close()
                raise LineRefused("answer_too_long" if taken > MOST else "answer_too_slow")
            yield chunk

    def __getattr__(self, name: str) -> Any:
        return getattr(self._raw, name)


def _pools(networks: Networks) -> dict[str, Any]:
    """Return pools whose connections go only where they may."""

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return _reached(self, super()._new_conn, networks, is_open=False)

    class Sealed(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return _reached(self, super()._new_conn, networks, is_open=True)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SealedPool(HTTPSConnectionPool):
        ConnectionCls = Sealed

    return {"http": PlainPool, "https": SealedPool}


def _reached(connection: Any, connect: Any, networks: Networks, *, is_open: bool) -> socket.socket:
    """Connect to the first address of a name that may be reached; the name stays for TLS."""
    name = connection.host
    found = socket.getaddrinfo(name, connection.port, type=socket.SOCK_STREAM)
    for *_, place in found:
        if _may_be_reached(str(place[0]), networks, is_open=is_open):
            connection.host = place[0]
            try:
                made: socket.socket = connect()
            finally:
                connection.host = name
            return made
    raise LineRefused("address_not_allowed" if is_open else "not_sealed")


def _may_be_reached(text: str, networks: Networks, *, is_open: bool) -> bool:
    address = ip_address(text.partition("%")[0])
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    is_public = address.is_global and not address.is_multicast
    return any(address in network for network in networks) or (is_open and is_public)
