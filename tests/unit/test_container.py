"""The files for containers name what there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from flows.settings import load_settings

FOLDER = Path(__file__).parents[2] / "config" / "container"


@pytest.mark.parametrize("name", ["Containerfile", "compose.yaml"])
def test_every_setting_of_a_container_is_one(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that an image or a service sets is read as a setting: one that is none would end every command."""
    said = re.findall(r"(NEWSMILL_\w+)(?:=|: )(\S+)", (FOLDER / name).read_text(encoding="utf-8"))
    assert said
    for variable, value in said:
        monkeypatch.setenv(variable, value)
    load_settings(tmp_path)
