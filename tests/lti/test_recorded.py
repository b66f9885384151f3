"""The messages that the certification sends: what it calls bad is refused, the rest let in."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lti import launch
from lti.errors import LaunchRefused
from lti.launch import Gate
from lti.message import LTI
from tests.lti import made
from tests.lti.made import NOW, REGISTRATION, Platform, seconds, signed

#: The guide calls this one valid (6.1.2, Email Without Context).
VALID_AFTER_ALL = "Launch Instructor With Email No Context"
ISSUER, CLIENT = "https://ltiadvantagevalidator.imsglobal.org", "imstester_3dfad6d"


def answer(folder: Path) -> None:
    """Play a recorded message as the answer to a login, at the present time."""
    payload: dict[str, Any] = json.loads((folder / "payload.json").read_text(encoding="utf-8"))
    header = _document(folder / "header.json", {})
    kept = _document(folder / "keep.json", [])
    fresh = {"nonce": "nonce-1", "iat": seconds(0), "exp": seconds(300)}
    payload |= {
        name: value for name, value in fresh.items() if name in payload and name not in kept
    }
    issuer, client = payload.get("iss", ISSUER), payload.get("aud", CLIENT)
    platform = Platform(replace(REGISTRATION, issuer=issuer, client_id=client))
    deployment = payload.get(f"{LTI}deployment_id", "testdeploy")
    platform.deployments = {(REGISTRATION.id, deployment)}
    gate = Gate(platform, platform.gate.keys, lambda _address: True)
    # A header of its own stands in the place of the whole.
    token = signed(payload, header={"kid": None, **header} if header else None)
    launch.admit({"state": "state-1", "id_token": token}, made.login(), gate, NOW)


def _document(path: Path, otherwise: Any) -> Any:
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else otherwise


@pytest.fixture(scope="session")
def recorded(shared: Path) -> Path:
    return shared / "conformance" / "lti"


def test_every_bad_message_is_refused(recorded: Path) -> None:
    bad = [each for each in sorted((recorded / "invalid").iterdir()) if each.is_dir()]
    assert len(bad) == 13
    let_in = []
    for folder in bad:
        try:
            answer(folder)
        except LaunchRefused:
            continue
        let_in.append(folder.name)
    assert let_in == [VALID_AFTER_ALL]


def test_every_good_message_is_let_in(recorded: Path) -> None:
    good = [each for each in sorted((recorded / "valid").iterdir()) if each.is_dir()]
    assert len(good) == 21
    for folder in good:
        answer(folder)
