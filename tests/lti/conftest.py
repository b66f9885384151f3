"""A platform whose services answer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.lti import services
from tests.lti.services import Services


@pytest.fixture
def platform_services() -> Iterator[Services]:
    """A platform's services, which are asked by HTTP."""
    with services.serving() as serving:
        yield serving
