"""Unpack the demo's tiny translation model as three Argos packages: Swedish, German and Russian to English.

All have the same weights, which lie once in `model/` as the Argos package it was published as.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import zipfile
from pathlib import Path

_ARCHIVE = Path(__file__).parent / "model" / "translate-sv_en-0_1.argosmodel"
_ROOT = "translate-sv_en-0_1"
_SOURCES = {"sv": "Swedish", "de": "German", "ru": "Russian"}


def unpack_packages(folder: Path) -> None:
    """Write the packages that are not there yet into `folder`, one folder a package.

    Each appears whole or not at all: all are written beside `folder`, on the same file system, and then renamed.

    Raises:
        ValueError: the archive names a file outside its own folder.
    """
    missing = {code: name for code, name in _SOURCES.items() if not (folder / _package(code)).exists()}
    if not missing:
        return
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as scratch:
        with zipfile.ZipFile(_ARCHIVE) as archive:
            weights = unpack(archive, Path(scratch) / "archive") / _ROOT
        for code, name in missing.items():
            made = Path(scratch) / _package(code)
            shutil.copytree(weights, made)
            _write_metadata(made, code, name)
            _move(made, folder / made.name)


def unpack(archive: zipfile.ZipFile, folder: Path) -> Path:
    """Unpack an archive into a folder and return the folder.

    Raises:
        ValueError: a member would land outside the folder; nothing has been written then.
    """
    root = folder.resolve()
    for name in archive.namelist():
        if "\\" in name or not (root / name).resolve().is_relative_to(root):
            raise ValueError(f"{archive.filename}: the member {name!r} lies outside the package")
    archive.extractall(root)
    return root


def _package(code: str) -> str:
    return f"translate-{code}_en-0_1"


def _write_metadata(package: Path, code: str, name: str) -> None:
    path = package / "metadata.json"
    metadata = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**metadata, "from_code": code, "from_name": name}, indent=2) + "\n", "utf-8")


def _move(made: Path, package: Path) -> None:
    try:
        made.rename(package)
    except OSError:
        # Another process was faster; what it wrote is the same.
        if not package.exists():
            raise
