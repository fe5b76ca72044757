"""Packages on disk: list, install from a file or folder, remove. Never during a run.

translate-sv_en-1_9/                    in a file: the same folder, zipped
  metadata.json  sentencepiece.model    or bpe.model; stanza/ and the like are left alone
  model/model.bin ...                   what CTranslate2 reads
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ingest.errors import InputError, TranslationError
from ingest.translate.argos import try_package
from ingest.translate.codes import bcp47, is_language
from ingest.translate.installed import (
    ARGOS,
    BACKENDS,
    find_packages,
    load_argostranslate,
    newest_packages,
    package_pair,
)
from ingest.value import Value

# An unpacked package of the public index has 60 to 300 MB; ten times that is no package.
_MAX_UNPACKED_BYTES: Final = 3_000_000_000
# Of single parts; the largest vocabulary in the index has 3 MB, the largest beside it a folder of stanza with 700.
_MOST_BYTES: Final = {"metadata.json": 1_000_000, "config.json": 1_000_000, "README.md": 1_000_000}
_MOST_BESIDE: Final = 1_000_000_000
SUFFIX: Final = ".argosmodel"
"""How the files of packages end."""

_HASHED_AT_ONCE: Final = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed(Value):
    """A package that can translate: its pair as BCP-47 codes, its version, its folder and what runs it."""

    source: str
    target: str
    version: str
    path: Path
    backend: str


def list_installed(folder: Path | None = None) -> tuple[Installed, ...]:
    """The newest installed package of each pair and backend, by pair."""
    newest = newest_packages(folder)
    return tuple(
        Installed(
            source=pair[0],
            target=pair[1],
            version=newest[pair, backend].package_version,
            path=Path(newest[pair, backend].package_path),
            backend=backend,
        )
        for pair, backend in sorted(newest)
    )


def packages_root(folder: Path | None = None) -> Path:
    """Where packages are installed: the folder given, else argostranslate's own."""
    return folder or Path(load_argostranslate(to_write=True)[1].package_data_dir)


def install_path(path: Path, folder: Path | None = None) -> tuple[Path, ...]:
    """Install an .argosmodel file, or all of them in a folder; with an index.json beside them they are checked first.

    Raises:
        InputError: there is nothing to install, or a file is damaged.
        TranslationError: the packages' folder cannot be written.
    """
    if not path.is_dir():
        return (install_archive(path, folder),)
    archives = sorted(path.glob(f"*{SUFFIX}"))
    if not archives:
        raise InputError(f"no {SUFFIX} file in {path}: name a folder that `newsmill models pack` wrote, or a file")
    index = path / "index.json"
    hashes = _hashes(index) if index.is_file() else {}
    for archive in archives:
        expected = hashes.get(archive.name)
        if expected is not None and sha256(archive) != expected:
            raise InputError(f"{archive} is not the file that {index} names (its SHA-256 differs): copy it again")
    return tuple(install_archive(archive, folder) for archive in archives)


def install_archive(archive: Path, folder: Path | None = None) -> Path:
    """Install a package from an .argosmodel file; it appears whole or not at all.

    Returns:
        The folder of the package. One of the same name is replaced.

    Raises:
        InputError: the file is missing, no zip, damaged, or holds no translation package.
        TranslationError: the packages' folder cannot be written.
    """
    root = packages_root(folder)
    try:
        # Opened before anything is made: a file that cannot be read is not the fault of the packages' folder.
        with archive.open("rb") as file, zipfile.ZipFile(file) as zipped:
            name = _checked(zipped)
            with installing(root) as scratch:
                zipped.extractall(scratch)
                return place(scratch / name, root)
    except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
        raise InputError(f"cannot read {archive}: {error.strerror}") from error
    except (zipfile.BadZipFile, EOFError, ValueError, TypeError, AttributeError, RuntimeError, zlib.error) as error:
        raise InputError(f"not an Argos package: {archive}: {error}; download it again") from error


@contextmanager
def installing(root: Path) -> Iterator[Path]:
    """A folder to unpack into, on the file system of the packages; one installation at a time.

    Raises:
        TranslationError: the packages' folder cannot be written, or is full.
    """
    try:
        root.mkdir(parents=True, exist_ok=True)
        with (root / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            # What a killed installation left behind; argostranslate itself stumbles over such folders.
            for left in [*root.glob(".installing-*"), *root.glob(".removed-*"), *root.glob(".replaced-*")]:
                shutil.rmtree(left, ignore_errors=True)
            with tempfile.TemporaryDirectory(dir=root, prefix=".installing-") as scratch:
                yield Path(scratch)
    except OSError as error:
        raise unwritable(root, error) from error


def unwritable(root: Path, error: OSError) -> TranslationError:
    """What to say of a packages' folder in which nothing can be written."""
    if error.errno == errno.ENOSPC:
        return TranslationError(f"no space left for packages in {root}: free some, or set translate.packages_dir")
    return TranslationError(f"cannot write packages in {root} ({error}): set translate.packages_dir to another folder")


def place(made: Path, root: Path) -> Path:
    """Move a package that was unpacked beside the others to its name, in the place of one that is there.

    Raises:
        ValueError: It is no package that can translate, or not even a sentence.
    """
    loaded = load_argostranslate()[0].Package(made)
    if package_pair(loaded) is None:
        raise ValueError("it is for something else than translating")
    if BACKENDS[loaded.type] == ARGOS:
        try_package(loaded)
    package = root / made.name
    if package.exists():
        old = package.with_name(f".replaced-{package.name}")
        package.rename(old)
        made.rename(package)
        shutil.rmtree(old)
    else:
        made.rename(package)
    return package


def remove_pair(source: str, target: str, folder: Path | None = None, *, backend: str = ARGOS) -> Path:
    """Delete the newest package of a pair; returns the folder it was in.

    Raises:
        InputError: there is none.
        TranslationError: the packages' folder cannot be written.
    """
    package = find_packages(folder, backend).get((bcp47(source), bcp47(target)))
    if package is None:
        raise InputError(f"no package {source} -> {target} is installed; `newsmill models list` shows what is")
    path = Path(package.package_path)
    discard(path)
    return path


def discard(path: Path) -> None:
    """Delete the folder of a package.

    Raises:
        TranslationError: the packages' folder cannot be written.
    """
    # Renamed first: a removal that is cut short leaves no half package behind.
    doomed = path.with_name(f".removed-{path.name}")
    try:
        path.rename(doomed)
        shutil.rmtree(doomed)
    except OSError as error:
        raise unwritable(path.parent, error) from error


def sha256(path: Path) -> str:
    """Hex SHA-256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while part := file.read(_HASHED_AT_ONCE):
            digest.update(part)
    return digest.hexdigest()


def _checked(zipped: zipfile.ZipFile) -> str:
    """The one folder at the top of a package, after looking at every member."""
    names = zipped.namelist()
    tops = {name.split("/")[0] for name in names}
    outside = [name for name in names if name.startswith("/") or "\\" in name or ".." in name.split("/")]
    if outside:
        raise ValueError(f"the member {outside[0]!r} lies outside the package")
    if len(tops) != 1 or f"{next(iter(tops))}/metadata.json" not in names:
        raise ValueError("it has no single folder with a metadata.json")
    for member in zipped.infolist():
        _check_member(member)
    if sum(member.file_size for member in zipped.infolist()) > _MAX_UNPACKED_BYTES:
        raise ValueError("it is too large unpacked")
    if (damaged := zipped.testzip()) is not None:
        raise ValueError(f"its member {damaged} is damaged")
    top = next(iter(tops))
    if top.startswith("."):
        raise ValueError(f"its folder {top!r} is hidden")
    metadata = json.loads(zipped.read(f"{top}/metadata.json"))
    if not (isinstance(metadata, dict) and metadata.get("from_code") and metadata.get("to_code")):
        raise ValueError("its metadata.json names no pair of languages")
    for code in (metadata["from_code"], metadata["to_code"]):
        if not (isinstance(code, str) and is_language(code)):
            raise ValueError(f"its metadata.json names {code!r}, which is no language")
    return top


def _check_member(member: zipfile.ZipInfo) -> None:
    """Look at what a member says of itself, before any of it is unpacked.

    Raises:
        ValueError: it is larger than such a part ever is, or packed as no package is.
    """
    name = member.filename.rpartition("/")[2]
    most = _MOST_BYTES.get(name, _MAX_UNPACKED_BYTES if name == "model.bin" else _MOST_BESIDE)
    if member.file_size > most:
        raise ValueError(f"its member {member.filename!r} has {member.file_size:,} bytes, the most is {most:,}")
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ValueError(f"its member {member.filename!r} is packed in a way that packages are not")


def _hashes(index: Path) -> dict[str, str]:
    """The SHA-256 of each file that an index names."""
    try:
        offers = json.loads(index.read_text("utf-8"))
        return {link.rpartition("/")[2]: one["sha256"] for one in offers if "sha256" in one for link in one["links"]}
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise InputError(
            f"{index} is damaged ({error}): copy the folder again, or delete it to install unchecked"
        ) from error
