"""A launch token opens one attempt, on its own origin, for its time."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from itsdangerous import URLSafeTimedSerializer

from app.kernel.errors import Gone, NotFound
from app.kernel.settings import Settings
from app.learning.player import access
from app.learning.player.access import Launch
from tests.learning import made

LAUNCH = Launch(uuid.UUID(int=7), 3, "ab" * 32, "教材/", "ja", "/assignments/7")


def parts(settings: Settings, launch: Launch = LAUNCH) -> tuple[str, str]:
    """Return token and host of a launch's address."""
    address = access.address(settings, launch)
    return made.path(address).strip("/"), made.origin(address).removeprefix("http://")


def test_a_token_says_all_that_was_put_in(settings: Settings) -> None:
    token, host = parts(settings)
    assert access.read(settings, token, host) == LAUNCH


def test_each_attempt_has_an_origin_of_its_own(settings: Settings) -> None:
    other = replace(LAUNCH, attempt_id=uuid.UUID(int=8))
    assert parts(settings)[1] != parts(settings, other)[1]


@pytest.mark.requirement("SEC-12")
def test_a_token_is_of_no_use_on_another_attempts_origin(settings: Settings) -> None:
    token, _ = parts(settings)
    _, elsewhere = parts(settings, replace(LAUNCH, attempt_id=uuid.UUID(int=8)))
    for host in (elsewhere, "localhost:8000", ""):
        with pytest.raises(NotFound):
            access.read(settings, token, host)


def test_where_host_names_do_not_allow_it_all_attempts_share_one_origin(tmp_path: Path) -> None:
    settings = Settings(
        instance=tmp_path, secret_key="only for tests", content_origin="https://content.example"
    )
    token, host = (
        made.path(access.address(settings, LAUNCH)).strip("/"),
        "content.example",
    )
    assert access.read(settings, token, host) == LAUNCH


def test_an_expired_token_is_told_as_expired(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, host = parts(settings)
    signed_at = URLSafeTimedSerializer(settings.key(), salt="launch").loads(
        token, return_timestamp=True
    )[1]
    over = signed_at + timedelta(hours=settings.launch_hours, seconds=1)
    assert access.read(settings, token, host) == LAUNCH
    monkeypatch.setattr("app.kernel.clock.now", lambda: over)
    with pytest.raises(Gone) as gone:
        access.read(settings, token, host)
    assert (gone.value.code, gone.value.status) == ("launch_expired", 410)


@pytest.mark.requirement("SEC-12")
@pytest.mark.parametrize("place", [0, 5, -1, -20, -35])
def test_a_changed_token_is_not_found(settings: Settings, place: int) -> None:
    token, host = parts(settings)
    letters = list(token)
    letters[place] = "A" if letters[place] != "A" else "Q"
    with pytest.raises(NotFound):
        access.read(settings, "".join(letters), host)


@pytest.mark.parametrize("token", ["", ".", "..", "a.b.c", "token", "é" * 40, "." * 4000])
def test_what_is_no_token_is_not_found(settings: Settings, token: str) -> None:
    with pytest.raises(NotFound):
        access.read(settings, token, "localhost:8000")


@pytest.mark.requirement("SEC-12")
def test_a_token_of_another_key_or_another_purpose_is_not_found(settings: Settings) -> None:
    _, host = parts(settings)
    another_key = replace(settings, secret_key="another key")
    foreign = parts(another_key)[0]
    claims = [LAUNCH.attempt_id.hex, 3, "ab" * 32, "", "ja", "/"]
    repurposed = URLSafeTimedSerializer(settings.key(), salt="cookie").dumps(claims)
    for token in (foreign, repurposed):
        with pytest.raises(NotFound):
            access.read(settings, str(token), host)
