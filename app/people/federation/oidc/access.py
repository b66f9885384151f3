"""The one way to the identity provider: its documents, its keys and its tokens, and nothing else.

What it publishes is asked for anew each time, so that a key that it has exchanged counts at once.
Every call has its time-out, and follows no redirect: we speak to the addresses of its document.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session

from app.kernel.errors import Refused
from app.kernel.settings import Settings

#: Seconds until a connection is there, and between two parts of an answer.
PATIENCE = (3.05, 5.0)
WELL_KNOWN = "/.well-known/openid-configuration"


@dataclass(frozen=True)
class Provider:
    """What the identity provider's discovery document says."""

    authorization: str
    token: str
    keys: str
    #: Where its own sign-in is ended; None where it offers no such thing.
    end_session: str | None
    #: How we say who we are at `token`.
    token_method: str


def client(settings: Settings, redirect_uri: str = "", token_method: str = "") -> OAuth2Session:
    """Return Authlib's client, for one way to the provider and back."""
    return OAuth2Session(
        settings.oidc_client_id,
        settings.oidc_client_secret,
        scope="openid",  # no more is asked for than who it is
        redirect_uri=redirect_uri,
        code_challenge_method="S256",
        token_endpoint_auth_method=token_method or None,
    )


def provider(settings: Settings) -> Provider:
    """Return the provider's addresses; raises Refused where they cannot be had or be trusted."""
    document = _fetch(settings, settings.oidc_issuer.rstrip("/") + WELL_KNOWN)
    if document.get("issuer") != settings.oidc_issuer:
        raise Refused("provider_unusable", reason="wrong_issuer")
    methods = document.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    ends = document.get("end_session_endpoint")
    return Provider(
        authorization=_checked(settings, document.get("authorization_endpoint")),
        token=_checked(settings, document.get("token_endpoint")),
        keys=_checked(settings, document.get("jwks_uri")),
        end_session=_checked(settings, ends) if ends else None,
        token_method=(
            "client_secret_basic" if "client_secret_basic" in methods else "client_secret_post"
        ),
    )


def keys(settings: Settings, found: Provider) -> dict[str, Any]:
    """Return the keys that the provider signs with now."""
    return _fetch(settings, found.keys)


def token(
    settings: Settings, found: Provider, redirect_uri: str, code: str, verifier: str
) -> Mapping[str, Any]:
    """Return what the provider gives for a code."""
    with _line(settings), client(settings, redirect_uri, found.token_method) as session:
        try:
            given: Mapping[str, Any] = session.fetch_token(
                found.token,
                grant_type="authorization_code",
                code=code,
                code_verifier=verifier,
                **_manner(settings),
            )
        except OAuthError as error:
            raise Refused("provider_unusable", reason=code_of(error.error)) from error
    return given


def _fetch(settings: Settings, address: str) -> dict[str, Any]:
    with _line(settings), client(settings) as session:
        answer = session.get(address, withhold_token=True, **_manner(settings))
        answer.raise_for_status()
        document = answer.json()
    if not isinstance(document, dict):
        raise Refused("provider_unusable", reason="no_document")
    return document


def _manner(settings: Settings) -> dict[str, Any]:
    """Return how every call is made; said with each, lest the environment say otherwise."""
    return {
        "timeout": PATIENCE,
        "allow_redirects": False,
        "verify": settings.oidc_ca_file or True,
    }


@contextmanager
def _line(settings: Settings) -> Iterator[None]:
    """Hold one of the lines to the provider, and call what goes wrong on it by our names.

    A process has one line fewer than threads: a provider that keeps everybody waiting cannot stop
    those who are learning meanwhile.
    """
    lines = _lines(settings.threads)
    if not lines.acquire(timeout=1):
        raise Refused("provider_unreachable", reason="lines_busy")
    try:
        yield
    except (requests.ConnectionError, requests.Timeout, requests.HTTPError) as error:
        raise Refused("provider_unreachable", reason=type(error).__name__) from error
    except (requests.RequestException, ValueError, TypeError) as error:
        raise Refused("provider_unusable", reason=type(error).__name__) from error
    finally:
        lines.release()


@cache
def _lines(threads: int) -> threading.BoundedSemaphore:
    return threading.BoundedSemaphore(max(1, threads - 1))


def _checked(settings: Settings, address: object) -> str:
    """Return an address of the discovery document, where it may be called or led to."""
    if isinstance(address, str):
        issuer, parts = urlsplit(settings.oidc_issuer), urlsplit(address)
        if parts.hostname and parts.scheme in ("https", issuer.scheme):
            return address
    raise Refused("provider_unusable", reason="wrong_address")


def code_of(text: object) -> str:
    """Return an error's code as the provider gave it, where it is one (RFC 6749, 5.2)."""
    return text if isinstance(text, str) and text.isidentifier() and len(text) < 40 else "error"
