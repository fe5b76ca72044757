"""Packages for another machine: each as a file, an index of them, and what to do with it."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path
from typing import Any, Final

from ingest.errors import InputError, TranslationError
from ingest.translate.packages import SUFFIX, list_installed, sha256

# The oldest time that a zip can hold: packing twice makes the same bytes.
_NO_TIME: Final = (1980, 1, 1, 0, 0, 0)
_INSTRUCTIONS: Final = """Translation packages, packed by newsmill.

On the other machine, with this folder at hand (no network is needed):

    newsmill models install /path/to/this/folder
    newsmill models list

index.json names the packages with their sizes and SHA-256; installing checks them.
"""


def pack(destination: Path, folder: Path | None = None) -> tuple[Path, ...]:
    """Write all that another machine needs: each installed package as a file, an index of them, and what to do.

    The same packages make the same bytes.

    Raises:
        InputError: no package is installed.
        TranslationError: the destination cannot be written.
    """
    installed = list_installed(folder)
    if not installed:
        raise InputError("no package is installed, so there is nothing to pack: newsmill models install ...")
    try:
        destination.mkdir(parents=True, exist_ok=True)
        archives = tuple(_zipped(one.path, destination) for one in installed)
        offers = [_offer(one.path, archive) for one, archive in zip(installed, archives, strict=True)]
        (destination / "index.json").write_text(json.dumps(offers, indent=2, ensure_ascii=False) + "\n", "utf-8")
        (destination / "README.txt").write_text(_INSTRUCTIONS, "utf-8")
    except OSError as error:
        raise TranslationError(f"cannot write {destination} ({error}): name another folder") from error
    return archives


def _zipped(package: Path, destination: Path) -> Path:
    """A package as an .argosmodel file. Stored, not compressed: weights hardly shrink, and zlib differs by machine."""
    archive = destination / f"{package.name}{SUFFIX}"
    part = archive.with_name(f".{archive.name}.part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as zipped:
        for path in sorted(path for path in package.rglob("*") if path.is_file()):
            member = zipfile.ZipInfo(f"{package.name}/{path.relative_to(package).as_posix()}", _NO_TIME)
            member.external_attr = 0o644 << 16
            member.file_size = path.stat().st_size  # tells whether 64-bit sizes are needed
            with path.open("rb") as source, zipped.open(member, "w") as target:
                shutil.copyfileobj(source, target)
    part.rename(archive)
    return archive


def _offer(package: Path, archive: Path) -> dict[str, Any]:
    """An archive as an entry of an Argos index, with its size and hash besides."""
    metadata = json.loads((package / "metadata.json").read_text("utf-8"))
    return {**metadata, "links": [archive.name], "size": archive.stat().st_size, "sha256": sha256(archive)}
