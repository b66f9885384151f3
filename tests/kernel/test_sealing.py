"""Sealed secrets: unreadable without the key, readable with a former one, sealed anew at will."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cryptography.fernet import InvalidToken

from app.kernel import sealing
from app.kernel.settings import Settings

SECRET = "JBSWY3DPEHPK3PXP"


def test_a_sealed_secret_tells_nothing_and_comes_back(settings: Settings) -> None:
    sealed = sealing.seal(settings, SECRET)
    assert SECRET not in sealed
    assert sealing.seal(settings, SECRET) != sealed
    assert sealing.unseal(settings, sealed) == SECRET


def test_another_key_opens_nothing(settings: Settings) -> None:
    sealed = sealing.seal(settings, SECRET)
    with pytest.raises(InvalidToken):
        sealing.unseal(replace(settings, secret_key="another"), sealed)


def test_a_former_key_opens_and_the_present_one_seals_anew(settings: Settings) -> None:
    before = replace(settings, secret_key="first")
    sealed = sealing.seal(before, SECRET)
    rotating = replace(settings, secret_key="the next one", former_secret_keys="older first")
    assert sealing.unseal(rotating, sealed) == SECRET
    anew = sealing.seal_anew(rotating, sealed)
    assert sealing.unseal(replace(settings, secret_key="the next one"), anew) == SECRET
    with pytest.raises(InvalidToken):
        sealing.unseal(before, anew)
