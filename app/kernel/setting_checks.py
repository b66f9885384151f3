"""What settings cannot be, told before anything starts: the variable by name, and what it takes."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from app.kernel import networks, sites

if TYPE_CHECKING:
    from app.kernel.settings import Settings

PREFIX = "KENSHU_"
#: Hosts that no line leads to from outside: what is sent there needs no TLS.
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
NETWORKS = (
    "networks",
    "machine_networks",
    "content_networks",
    "shared_networks",
    "portal_networks",
)
#: Settings of which nothing works with less than one.
FROM_ONE = (
    "audit_years", "parallel_sign_ins", "idle_minutes", "idle_minutes_learner", "sign_in_hours",
    "video_limit",
)  # fmt: skip


#: A bucket's name, and what its keys begin with.
_OBJECT_STORE = re.compile(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9._-]+)*/?")
_ACCEL_PATH = re.compile(r"(/[A-Za-z0-9._-]+)+/")


class SettingsError(ValueError):
    """A setting is missing or unusable; the sentence names it and says what it takes."""


def read(name: str, text: str, kind: str) -> object:
    """Return the value of a variable of that type; raises SettingsError."""
    if kind == "Path":
        return Path(text).resolve()
    if kind == "int":
        if not text.isdecimal():
            raise SettingsError(f"{name} takes a whole number, not {text!r}")
        return int(text)
    if kind == "bool":
        if text not in ("0", "1"):
            raise SettingsError(f"{name} takes 0 or 1, not {text!r}")
        return text == "1"
    return text


def check(settings: Settings) -> None:
    """Raise SettingsError for the first setting that cannot work."""
    _check_own(settings)
    _check_oidc(settings)
    _check_saml(settings)
    _check_objects(settings)
    for name in NETWORKS:
        _check_networks(name, networks.parse, getattr(settings, name))
    _check_networks("role_networks", networks.parse_by_role, settings.role_networks)
    _check_networks("video_sites", sites.parse, settings.video_sites)
    for name in FROM_ONE:
        if getattr(settings, name) < 1:
            raise SettingsError(f"{PREFIX}{name.upper()} takes a whole number from 1")


def _check_own(settings: Settings) -> None:
    if urlsplit(settings.office_origin).netloc == urlsplit(settings.content_origin).netloc:
        raise SettingsError("KENSHU_CONTENT_ORIGIN must differ from KENSHU_OFFICE_ORIGIN")
    if settings.language not in ("ja", "en"):
        raise SettingsError("KENSHU_LANGUAGE takes 'ja' or 'en'")
    if settings.log_format not in ("text", "json"):
        raise SettingsError("KENSHU_LOG_FORMAT takes 'text' or 'json'")
    if settings.mail != "folder" and urlsplit(settings.mail).scheme not in ("smtp", "smtps"):
        raise SettingsError("KENSHU_MAIL takes 'folder' or an address 'smtp://host:port'")
    if settings.owner_database_url and not settings.database.startswith("postgres"):
        raise SettingsError("KENSHU_OWNER_DATABASE_URL needs PostgreSQL in DATABASE_URL")


def _check_networks(name: str, parse: Callable[[str], object], text: str) -> None:
    try:
        parse(text)
    except ValueError as error:
        raise SettingsError(
            f"{PREFIX}{name.upper()} takes networks like 10.0.0.0/8: {error}"
        ) from error


def _check_oidc(settings: Settings) -> None:
    if not settings.oidc_issuer:
        if settings.oidc_client_id or settings.oidc_client_secret:
            raise SettingsError("KENSHU_OIDC_CLIENT_ID and its secret need KENSHU_OIDC_ISSUER")
        return
    issuer = urlsplit(settings.oidc_issuer)
    if not issuer.hostname or issuer.scheme not in ("https", "http"):
        raise SettingsError("KENSHU_OIDC_ISSUER takes an address 'https://host/path'")
    if issuer.scheme == "http" and issuer.hostname not in LOOPBACK:
        raise SettingsError("KENSHU_OIDC_ISSUER takes http only on this machine, https elsewhere")
    for name in ("oidc_client_id", "oidc_client_secret", "oidc_number_claim"):
        if not getattr(settings, name):
            raise SettingsError(f"{PREFIX}{name.upper()} is missing beside KENSHU_OIDC_ISSUER")
    if settings.oidc_ca_file and not Path(settings.oidc_ca_file).is_file():
        raise SettingsError(f"KENSHU_OIDC_CA_FILE names no file: {settings.oidc_ca_file}")


def _check_saml(settings: Settings) -> None:
    if not settings.saml_metadata:
        return
    if not Path(settings.saml_metadata).is_file():
        raise SettingsError(f"KENSHU_SAML_METADATA names no file: {settings.saml_metadata}")
    if find_spec("onelogin") is None:
        raise SettingsError(
            "KENSHU_SAML_METADATA needs python3-saml, which is not installed: "
            ".venv/bin/pip install -e '.[saml]'"
        )


def _check_objects(settings: Settings) -> None:
    if settings.accel_path and not _ACCEL_PATH.fullmatch(settings.accel_path):
        raise SettingsError("KENSHU_ACCEL_PATH takes a path '/kenshu-objects/'")
    if not settings.object_store:
        _refuse_half_a_store(settings)
        return
    if not _OBJECT_STORE.fullmatch(settings.object_store):
        raise SettingsError("KENSHU_OBJECT_STORE takes 's3://bucket/prefix'")
    needed = ["object_store_key", "object_store_secret"]
    if settings.object_store_endpoint:
        _check_endpoint(settings.object_store_endpoint)
    else:
        needed.append("object_store_region")
    for name in needed:
        if not getattr(settings, name):
            raise SettingsError(f"{PREFIX}{name.upper()} is missing beside KENSHU_OBJECT_STORE")
    if find_spec("boto3") is None:
        raise SettingsError("KENSHU_OBJECT_STORE needs boto3, which is not installed: bin/setup s3")


def _refuse_half_a_store(settings: Settings) -> None:
    for name in ("endpoint", "region", "key", "secret", "direct"):
        if getattr(settings, f"object_store_{name}"):
            raise SettingsError(f"{PREFIX}OBJECT_STORE_{name.upper()} needs KENSHU_OBJECT_STORE")


def _check_endpoint(address: str) -> None:
    parts = urlsplit(address)
    if not parts.hostname or parts.scheme not in ("https", "http"):
        raise SettingsError("KENSHU_OBJECT_STORE_ENDPOINT takes an address 'https://host'")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise SettingsError(
            "KENSHU_OBJECT_STORE_ENDPOINT takes http only on this machine, https elsewhere"
        )
