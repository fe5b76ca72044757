"""What tests over a real network share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.hostile import HostileServer


@pytest.fixture
def server() -> Iterator[HostileServer]:
    """A server that has not been told yet how to behave."""
    with HostileServer() as running:
        yield running
