"""A small OpenID provider that keeps to the rules, and breaks the one that a test tells it to.

It checks what we send as a strict provider does: the client's secret, the registered addresses,
PKCE, a code that counts once. What it answers can be changed piece by piece.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from urllib.parse import urlencode

import flask
from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.people.identity_providers.serving import served

PAGE = """<!doctype html><html lang="ja"><title>架空区 認証基盤</title><h1>架空区 認証基盤</h1>
<form method="post"><label>アカウント <input name="account"></label>
<button name="do" value="allow">許可する</button>
<button name="do" value="deny">取り消す</button></form>"""


class OpenIdProvider:
    """An identity provider with one client and whatever accounts are typed in."""

    client_id = "kenshu"
    client_secret = "only-for-tests"

    def __init__(self) -> None:
        self.origin = ""
        #: Addresses of ours that it sends browsers back to.
        self.callbacks: set[str] = set()
        self.keys = [a_key("first")]
        #: Paths that it was asked for, in order.
        self.asked: list[str] = []
        #: What differs from the rules: claims, header, the discovery document (None: left out).
        self.claims: dict[str, Any] = {}
        self.header: dict[str, Any] = {}
        self.document: dict[str, Any] = {}
        #: Replaces the signing of an ID token.
        self.sign: Callable[[dict[str, Any], dict[str, Any]], str] | None = None
        #: Replaces the answer of a path.
        self.answers: dict[str, Callable[[], Any]] = {}
        self._codes: dict[str, dict[str, str]] = {}

    def rotate(self) -> None:
        """Sign with a new key from now on, and publish that one alone."""
        self.keys = [a_key("second")]

    def settings(self) -> dict[str, str]:
        """Return what our settings say of it."""
        return {
            "oidc_issuer": self.origin,
            "oidc_client_id": self.client_id,
            "oidc_client_secret": self.client_secret,
        }

    def app(self) -> flask.Flask:
        """Return its application."""
        app = flask.Flask(__name__)

        @app.before_request
        def note() -> Any:
            self.asked.append(flask.request.path)
            replaced = self.answers.get(flask.request.path)
            return replaced() if replaced else None

        app.add_url_rule("/.well-known/openid-configuration", view_func=self._discovery)
        app.add_url_rule("/jwks", view_func=self._jwks)
        app.add_url_rule("/authorize", view_func=self._authorize, methods=["GET", "POST"])
        app.add_url_rule("/token", view_func=self._token, methods=["POST"])
        app.add_url_rule("/end", view_func=self._end)
        return app

    def _discovery(self) -> Any:
        document = {
            "issuer": self.origin,
            "authorization_endpoint": f"{self.origin}/authorize",
            "token_endpoint": f"{self.origin}/token",
            "jwks_uri": f"{self.origin}/jwks",
            "end_session_endpoint": f"{self.origin}/end",
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            **self.document,
        }
        return {name: value for name, value in document.items() if value is not None}

    def _jwks(self) -> Any:
        return {"keys": [key.as_dict(private=False) for key in self.keys]}

    def _authorize(self) -> Any:
        asked = flask.request.args
        if (
            asked.get("client_id") != self.client_id
            or asked.get("redirect_uri") not in self.callbacks
            or asked.get("response_type") != "code"
            or asked.get("code_challenge_method") != "S256"
            or asked.get("scope") != "openid"
        ):
            return "this request is not in order", 400
        if flask.request.method == "GET":
            return PAGE
        if flask.request.form["do"] == "deny":
            return _back(asked, error="access_denied", error_description="<b>no</b>")
        code = secrets.token_urlsafe(16)
        self._codes[code] = {**asked, "account": flask.request.form["account"]}
        return _back(asked, code=code, iss=self.origin)

    def _token(self) -> Any:
        given = flask.request.form
        who = flask.request.authorization
        if who is None or (who.username, who.password) != (self.client_id, self.client_secret):
            return {"error": "invalid_client"}, 401
        asked = self._codes.pop(given.get("code", ""), None)
        proof = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        if (
            asked is None
            or _text(proof) != asked["code_challenge"]
            or given.get("redirect_uri") != asked["redirect_uri"]
        ):
            return {"error": "invalid_grant"}, 400
        token = self.id_token(asked)
        return {"access_token": "opaque", "token_type": "Bearer", "id_token": token}

    def id_token(self, asked: dict[str, str]) -> str:
        """Return the ID token of whoever typed an account in, or what was made of it."""
        now = int(time.time())
        claims = {
            "iss": self.origin,
            "sub": f"sub-of-{asked['account']}",
            "aud": self.client_id,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            "employee_number": asked["account"],
            # More than was asked for, as providers send it.
            "name": "架空 花子",
            "email": "hanako@idp.example",
            "birthdate": "1990-01-02",
            **self.claims,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": "RS256", "kid": self.keys[0].kid, **self.header}
        if self.sign:
            return self.sign(header, claims)
        return jwt.encode(header, claims, self.keys[0], algorithms=[header["alg"]])

    def _end(self) -> Any:
        asked = flask.request.args
        if asked.get("client_id") != self.client_id:
            return "who are you?", 400
        return flask.redirect(
            asked["post_logout_redirect_uri"] + "?" + urlencode({"state": asked["state"]})
        )


@cache
def a_key(name: str) -> RSAKey:
    """Return the key of that name, made once: it takes a while."""
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig"})


def unsigned(header: dict[str, Any], claims: dict[str, Any]) -> str:
    """Return an ID token that nobody has signed."""
    return f"{_part({**header, 'alg': 'none'})}.{_part(claims)}."


def signed_with_what_is_public(
    key: RSAKey,
) -> Callable[[dict[str, Any], dict[str, Any]], str]:
    """Return a way to sign by HMAC, with the published key as if it were a secret."""

    def sign(header: dict[str, Any], claims: dict[str, Any]) -> str:
        message = f"{_part({**header, 'alg': 'HS256'})}.{_part(claims)}"
        secret = key.as_pem(private=False)
        return f"{message}.{_text(hmac.digest(secret, message.encode(), 'sha256'))}"

    return sign


def _part(value: dict[str, Any]) -> str:
    return _text(json.dumps(value).encode())


def _text(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def _back(asked: Any, **answer: str) -> Any:
    query = urlencode({"state": asked["state"], **answer})
    return flask.redirect(f"{asked['redirect_uri']}?{query}")


@contextmanager
def openid_provider(tls: tuple[str, str] | None = None) -> Iterator[OpenIdProvider]:
    """Serve a provider."""
    provider = OpenIdProvider()
    with served(provider.app(), tls) as provider.origin:
        yield provider
