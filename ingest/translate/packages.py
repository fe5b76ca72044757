"""Argos packages on disk and in the public index: list, install, remove. Nothing here happens during a run."""

from __future__ import annotations

import json
import logging
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.errors import InputError, TranslationError
from ingest.translate.argos import bcp47, find_packages, load_argostranslate, version

if TYPE_CHECKING:
    from argostranslate.package import AvailablePackage

# An unpacked package of the public index has 60 to 300 MB; ten times that is no package.
_MAX_UNPACKED_BYTES = 3_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """A package that can translate: its pair as BCP-47 codes, its version and its folder."""

    source: str
    target: str
    version: str
    path: Path


def list_installed(folder: Path | None = None) -> tuple[Installed, ...]:
    """The newest installed package of each pair, by pair."""
    return tuple(
        Installed(source=source, target=target, version=package.package_version, path=Path(package.package_path))
        for (source, target), package in sorted(find_packages(folder).items())
    )


def install_archive(archive: Path, folder: Path | None = None) -> Path:
    """Install a package from an .argosmodel file; it appears whole or not at all.

    Returns:
        The folder of the package. One of the same name is replaced.

    Raises:
        InputError: the file is missing, no zip, damaged, or holds no translation package.
    """
    root = folder or Path(load_argostranslate()[1].package_data_dir)
    root.mkdir(parents=True, exist_ok=True)
    try:
        with zipfile.ZipFile(archive) as zipped:
            name = _checked(zipped)
            with tempfile.TemporaryDirectory(dir=root, prefix=".installing-") as scratch:
                zipped.extractall(scratch)
                return _move(Path(scratch) / name, root / name)
    except FileNotFoundError as error:
        raise InputError(f"no such file: {archive}") from error
    except (zipfile.BadZipFile, EOFError, ValueError) as error:
        raise InputError(f"not an Argos package: {archive}: {error}; download it again") from error


def install_from_index(source: str, target: str, folder: Path | None = None) -> Path:
    """Download a pair's newest package from the Argos index and install it.

    Raises:
        TranslationError: the index cannot be reached, has no such pair, or the download fails.
    """
    into = [package for package in _index() if bcp47(package.to_code) == target]
    offered = [package for package in into if bcp47(package.from_code) == source]
    if not offered:
        known = " ".join(sorted({bcp47(package.from_code) for package in into})) or "none"
        raise TranslationError(f"the Argos index has no package {source} -> {target}; into {target} it has: {known}")
    newest = max(offered, key=version)
    try:
        archive = newest.download()
    except Exception as error:  # argostranslate raises a bare Exception when all its links fail
        message = f"cannot download {source} -> {target}: {error}; try again, or install a file"
        raise TranslationError(message) from error
    try:
        return install_archive(archive, folder)
    finally:
        archive.unlink(missing_ok=True)  # a damaged download must not be found again by the next try


def remove_pair(source: str, target: str, folder: Path | None = None) -> Path:
    """Delete the newest package of a pair; returns the folder it was in.

    Raises:
        InputError: there is none.
    """
    package = find_packages(folder).get((source, target))
    if package is None:
        raise InputError(f"no package {source} -> {target} is installed; `newsmill models list` shows what is")
    path = Path(package.package_path)
    # Renamed first: a removal that is cut short leaves no half package behind.
    doomed = path.with_name(f".removed-{path.name}")
    path.rename(doomed)
    shutil.rmtree(doomed)
    return path


def _checked(zipped: zipfile.ZipFile) -> str:
    """The one folder at the top of a package, after looking at every member."""
    names = zipped.namelist()
    tops = {name.split("/")[0] for name in names}
    outside = [name for name in names if name.startswith("/") or "\\" in name or ".." in name.split("/")]
    if outside:
        raise ValueError(f"the member {outside[0]!r} lies outside the package")
    if len(tops) != 1 or f"{next(iter(tops))}/metadata.json" not in names:
        raise ValueError("it has no single folder with a metadata.json")
    if sum(member.file_size for member in zipped.infolist()) > _MAX_UNPACKED_BYTES:
        raise ValueError("it is too large unpacked")
    if (damaged := zipped.testzip()) is not None:
        raise ValueError(f"its member {damaged} is damaged")
    top = next(iter(tops))
    metadata = json.loads(zipped.read(f"{top}/metadata.json"))
    if not (isinstance(metadata, dict) and metadata.get("from_code") and metadata.get("to_code")):
        raise ValueError("its metadata.json names no pair of languages")
    return top


def _move(made: Path, package: Path) -> Path:
    if package.exists():
        old = package.with_name(f".replaced-{package.name}")
        shutil.rmtree(old, ignore_errors=True)
        package.rename(old)
        made.rename(package)
        shutil.rmtree(old)
    else:
        made.rename(package)
    return package


def _index() -> list[AvailablePackage]:
    """The public index, fetched anew; an older copy serves where there is no network."""
    package, settings = load_argostranslate()
    with _quietly():
        package.update_package_index()
    # Without a local copy argostranslate asks for one, for ever.
    if not settings.local_package_index.exists():
        raise TranslationError(
            f"cannot reach the Argos index {settings.remote_package_index}: install a file instead, with"
            " `newsmill models install FILE.argosmodel`"
        )
    try:
        offered: list[Any] = package.get_available_packages()
    except (ValueError, TypeError) as error:
        raise TranslationError(f"the Argos index {settings.local_package_index} is damaged: delete it") from error
    return [one for one in offered if one.type == "translate" and one.from_code and one.to_code]


@contextmanager
def _quietly() -> Iterator[None]:
    """argostranslate reports a missing network as an error of its own; ours says what to do."""
    log = logging.getLogger("argostranslate.utils")
    level = log.level
    log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        log.setLevel(level)
