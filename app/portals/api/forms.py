"""What systems ask of the programming interface, read strictly: who sends more is told so."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

import flask

from app.kernel.errors import UnknownType
from app.kernel.web.addresses import web_host
from xapi import reading, values
from xapi.actors import agent
from xapi.cmi5.course import Mode
from xapi.errors import Invalid
from xapi.multipart import JSON, media_type

#: Media types of what can be imported.
PACKAGES: Final = frozenset(
    {"application/zip", "application/x-zip-compressed", "text/xml", "application/xml"}
)
#: Letters of a reason at most, and of an address: it stands in the one of the launch.
LONGEST: Final = 500


@dataclass(frozen=True)
class Asked:
    """A launch that is asked for."""

    actor: Mapping[str, Any]
    #: Place of the unit, from 0; None for the page of the whole course.
    unit: int | None
    registration: uuid.UUID | None
    mode: str | None
    language: str
    #: Address that the learner is led back to; "" for none.
    return_url: str


def package_type() -> str:
    """Return the media type of a package that comes. Raises UnknownType."""
    kind = media_type(flask.request.headers.get("Content-Type", ""))
    if kind not in PACKAGES:
        raise UnknownType("package_type")
    return kind


def launch() -> Asked:
    """Return the launch that is asked for. Raises Invalid."""
    known = {"actor", "unit", "registration", "launchMode", "language", "returnUrl"}
    said = _object(known, {"actor"})
    _each(said, "actor", agent)
    if "account" not in said["actor"]:  # cmi5, 9.2
        raise Invalid("missing").within("account").within("actor")
    _each(said, "unit", values.natural)
    _each(said, "registration", values.uuid)
    _each(said, "language", values.language)
    _each(said, "returnUrl", _web_address)
    if said.get("launchMode", Mode.NORMAL) not in list(Mode):
        raise Invalid("one_of", said["launchMode"]).within("launchMode")
    registration = said.get("registration")
    return Asked(
        said["actor"],
        said.get("unit"),
        uuid.UUID(registration) if registration else None,
        said.get("launchMode"),
        said.get("language", "ja"),
        said.get("returnUrl", ""),
    )


def waiver() -> tuple[int, str]:
    """Return the place of a unit and why it need not be done. Raises Invalid."""
    said = _object({"unit", "reason"}, {"unit", "reason"})
    _each(said, "unit", values.natural)
    _each(said, "reason", values.text)
    reason = said["reason"].strip()
    if not reason or len(reason) > LONGEST:
        raise Invalid("range", said["reason"]).within("reason")
    return said["unit"], reason


def _object(known: Collection[str], needed: Collection[str]) -> dict[str, Any]:
    if media_type(flask.request.headers.get("Content-Type", "")) != JSON:
        raise Invalid("content_type", flask.request.headers.get("Content-Type", ""))
    said = reading.value(flask.request.get_data(cache=False))
    if not isinstance(said, dict):
        raise Invalid("object", said)
    for name in said:
        if name not in known:
            raise Invalid("unknown", name).within(name)
    for name in needed:
        if name not in said:
            raise Invalid("missing").within(name)
    return said


def _web_address(value: object) -> None:
    """Take an address that a browser can be led to."""
    values.iri(value)
    assert isinstance(value, str)
    if len(value) > LONGEST:
        raise Invalid("range", value)
    if not web_host(value):
        raise Invalid("one_of", value)


def _each(said: Mapping[str, Any], name: str, check: values.Check) -> None:
    if name in said:
        try:
            check(said[name])
        except Invalid as error:
            raise error.within(name) from None
