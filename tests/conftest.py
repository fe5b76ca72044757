"""What holds for all tests."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# Neither time nor chance decides a test: a change must not fail for a fault that it did not make.
settings.register_profile("newsmill", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("newsmill")


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name a case of bytes by its argument: compressed bytes hold the time, and parallel processes compare names."""
    return argname if isinstance(val, bytes) else None
