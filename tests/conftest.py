"""What holds for all tests."""

from __future__ import annotations


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name a case of bytes by its argument: compressed bytes hold the time, and parallel processes compare names."""
    return argname if isinstance(val, bytes) else None
