"""Which packages are installed, as argostranslate loads them.

It is not imported before the first question: it creates its folders in the home directory when it is imported.
"""

from __future__ import annotations

import logging
import os
import re
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ingest.errors import MissingModelError, TranslationError
from ingest.translate.codes import bcp47

if TYPE_CHECKING:
    from argostranslate.package import Package

logger = logging.getLogger(__name__)

Pair = tuple[str, str]
"""The language that is translated and the one that it is translated into, as BCP-47 codes."""

ARGOS: Final = "argos"
FIREFOX: Final = "firefox"
BACKENDS: Final = {"translate": ARGOS, "firefox": FIREFOX}
"""What runs packages, by the type that metadata.json names: that of Argos packages, and ours for models of Firefox."""


class Shelf:
    """The packages of a translator by pair, looked up once, at the first question. Safe to share between threads.

    Args:
        find: Looks them up.
    """

    def __init__(self, find: Callable[[], Mapping[Pair, Package]]) -> None:
        self._find = find
        self._lock = threading.Lock()
        self._packages: Mapping[Pair, Package] | None = None

    def packages(self) -> Mapping[Pair, Package]:
        """All of them."""
        with self._lock:
            if self._packages is None:
                self._packages = self._find()
            return self._packages

    def package(self, source: str, target: str) -> Package:
        """The package of a pair, by any names of its languages.

        Raises:
            MissingModelError: There is none.
        """
        package = self.packages().get((bcp47(source), bcp47(target)))
        if package is None:
            raise MissingModelError(source, target)
        return package

    def model(self, source: str, target: str) -> str:
        """Name and version of the package of a pair, such as "translate-sv_en 1.5"; raises like `package`."""
        package = self.package(source, target)
        return f"{package.type}-{package.from_code}_{package.to_code} {package.package_version}"


def find_packages(folder: Path | None = None, backend: str = ARGOS) -> dict[Pair, Package]:
    """The newest package of each pair that a backend runs, by pair.

    Args:
        folder: where packages lie; by default argostranslate's own folders.
        backend: one of `BACKENDS`.
    """
    return {pair: package for (pair, runs), package in newest_packages(folder).items() if runs == backend}


def newest_packages(folder: Path | None = None) -> dict[tuple[Pair, str], Package]:
    """The newest package of each pair and backend, by both."""
    newest: dict[tuple[Pair, str], Package] = {}
    for pair, package in _usable_packages(folder):
        key = (pair, BACKENDS[package.type])
        if key not in newest or _version(package) >= _version(newest[key]):
            newest[key] = package
    return newest


def _usable_packages(folder: Path | None) -> Iterator[tuple[Pair, Package]]:
    """Pair and package of all that can translate, by the names of their folders.

    What is no package is named in a warning and hides none of the others.
    """
    loader, settings = load_argostranslate()
    roots = settings.package_dirs if folder is None else [folder]
    # `package.get_installed_packages` stops at the first broken folder, so it is asked for one at a time.
    for path in sorted(path for root in roots if root.is_dir() for path in root.iterdir() if path.is_dir()):
        if path.name.startswith("."):
            continue  # an installation under way
        try:
            package = loader.Package(path)
            pair = package_pair(package)
        except (OSError, ValueError, TypeError, AttributeError) as error:
            logger.warning("not a usable package, left out: %s (%s)", path, error)
            continue
        if pair is not None:
            yield pair, package


def load_argostranslate(*, to_write: bool = False) -> tuple[Any, Any]:
    """argostranslate's modules `package` and `settings`.

    It makes its folders when it is imported. Where it cannot, because the home directory is read-only, packages are
    looked for as ever, and only who wants to write there learns of it.

    Raises:
        TranslationError: packages are to be written, and it cannot create its folders.
    """
    global _unwritable  # noqa: PLW0603 - a library is imported once
    try:
        from argostranslate import package, settings
    except OSError as error:
        _unwritable = error
        with _homes_elsewhere():
            from argostranslate import package, settings
    if to_write and _unwritable is not None:
        raise TranslationError(
            f"argostranslate cannot create its folders ({_unwritable}): set HOME, or XDG_DATA_HOME, XDG_CONFIG_HOME and"
            " XDG_CACHE_HOME, to folders that can be written"
        ) from _unwritable
    return package, settings


_unwritable: OSError | None = None


@contextmanager
def _homes_elsewhere() -> Iterator[None]:
    """Folders that can be written, for as long as argostranslate is imported; its packages stay where they are."""
    data = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    usual = Path(os.environ.get("ARGOS_PACKAGES_DIR") or data / "argos-translate" / "packages")
    before = dict(os.environ)
    with tempfile.TemporaryDirectory(prefix="newsmill-") as folder:
        os.environ.update(dict.fromkeys(("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"), folder))
        os.environ.pop("ARGOS_PACKAGES_DIR", None)
        if usual.is_dir():
            os.environ["ARGOS_PACKAGES_DIR"] = str(usual)
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)


def package_pair(package: Package) -> Pair | None:
    """The pair that a package translates; ``None`` where it is for something else.

    Raises:
        ValueError: A part that is needed is missing.
    """
    if package.type not in BACKENDS:
        return None
    if not (package.from_code and package.to_code):
        raise ValueError("metadata.json names no pair of languages")
    if not (package.package_path / "model" / "model.bin").is_file():
        raise ValueError("no model/model.bin")
    if BACKENDS[package.type] == ARGOS and not hasattr(package, "tokenizer"):
        raise ValueError("neither sentencepiece.model nor bpe.model")
    return bcp47(package.from_code), bcp47(package.to_code)


def version_numbers(version: str) -> tuple[int, ...]:
    """A version as numbers that compare: 1.10 is newer than 1.9."""
    return tuple(map(int, re.findall(r"\d+", version)))


def _version(package: Package) -> tuple[int, ...]:
    return version_numbers(package.package_version)
