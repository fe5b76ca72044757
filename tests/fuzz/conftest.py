"""How long the fuzzing goes on: a moment with all tests, half an hour with `make fuzz`."""

from __future__ import annotations

from support.fuzzing import register_profiles

register_profiles()
