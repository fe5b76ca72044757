"""Argos packages for tests: the demo's small model under the names and codes that a test asks for."""

from __future__ import annotations

import json
from pathlib import Path

from flows.demo.model import unpack_packages


def demo_packages(folder: Path) -> Path:
    """Put the demo's packages (Swedish, German and Russian to English) into `folder` and return it."""
    unpack_packages(folder)
    return folder


def add_package(folder: Path, like: Path, name: str, **metadata: str) -> Path:
    """Put a package with the weights of another one into `folder`, with other metadata; returns its folder."""
    package = folder / name
    package.mkdir(parents=True)
    for part in ("model", "sentencepiece.model"):
        (package / part).symlink_to((like / part).resolve())
    known = json.loads((like / "metadata.json").read_text("utf-8"))
    (package / "metadata.json").write_text(json.dumps({**known, **metadata}), "utf-8")
    return package


def home(folder: Path) -> dict[str, str]:
    """Environment variables that make argostranslate, which creates folders when imported, do so in `folder`."""
    names = {"XDG_DATA_HOME": "data", "XDG_CONFIG_HOME": "config", "XDG_CACHE_HOME": "cache"}
    return {"HOME": str(folder), **{variable: str(folder / name) for variable, name in names.items()}}
