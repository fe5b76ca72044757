"""A second backend: the models of Firefox Translations, run by the package fxtranslate, its only owner. Off by default.

A model is kept as a package beside those of Argos, of the type "firefox", so that listing, packing and removing are the
same:

    firefox-pt_en-1a2b3c4d/
      metadata.json                   package_version are the first figures of the model's SHA-256
      model/model.bin  vocab.spm      or srcvocab.spm and trgvocab.spm
            lex.bin                   a list of likely words: faster, the same output nearly always
"""

from __future__ import annotations

import gzip
import importlib
import json
import re
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import Final, Protocol

from ingest.errors import ConfigError, InputError, TranslationError
from ingest.translate.installed import FIREFOX, Pair, Shelf, find_packages
from ingest.translate.packages import discard, installing, packages_root, place, sha256
from ingest.translate.vocabulary import lacking

_MODEL: Final = re.compile(r"model\.(?P<pair>[a-z_-]{4,12})\.intgemm(?:8|16)?(?:\.alphas)?\.bin(?P<gz>\.gz)?")
# What the other files are called, by what they are called here.
_OTHERS: Final = {
    "vocab.spm": re.compile(r"vocab\..*\.spm(\.gz)?"),
    "srcvocab.spm": re.compile(r"srcvocab\..*\.spm(\.gz)?"),
    "trgvocab.spm": re.compile(r"trgvocab\..*\.spm(\.gz)?"),
    "lex.bin": re.compile(r"lex\..*\.bin(\.gz)?"),
}
_HUB: Final = "en"  # one side of every model of Firefox
_CODE_LENGTH: Final = 2

# What a model's thread owns. Of the module, not of a translator: only so it is let go by the thread that owns it.
_OWN: Final = threading.local()


class Engine(Protocol):
    """What fxtranslate's `Translator` does for us."""

    def translate(self, text: str) -> str:
        """The translation of a sentence."""


class FirefoxTranslator:
    """Translates with models of Firefox that were installed as packages.

    Safe to share between threads. The engine may be used only by the thread that made it and holds the interpreter's
    lock while it works (two threads with an engine each took .83 s for what one did in .83 s), so each model has one
    thread, which loads it once.

    Args:
        packages_dir: Folder of packages, as for `ArgosTranslator`.
    """

    settings = "firefox"

    def __init__(self, packages_dir: Path | None = None) -> None:
        self._shelf = Shelf(lambda: find_packages(packages_dir, FIREFOX))
        self._lock = threading.Lock()
        self._threads: dict[Path, ThreadPoolExecutor] = {}

    def pairs(self) -> frozenset[Pair]:
        """The pairs (source, target), as BCP-47 codes, that have a model."""
        return frozenset(self._shelf.packages())

    def model(self, source: str, target: str) -> str:
        """Name and version of the model of a pair, such as "firefox-pt_en 1a2b3c4d"."""
        return self._shelf.model(source, target)

    def lacks(self, characters: frozenset[str], source: str, target: str) -> frozenset[str]:
        """Those of some characters that the vocabulary of a pair's model lacks."""
        return lacking(Path(self._shelf.package(source, target).package_path), characters)

    def translate(self, sentences: Sequence[str], source: str, target: str, *, strict: bool = False) -> list[str]:
        """The translation of each sentence, in order. The engine has one way of decoding, so `strict` changes nothing.

        Raises:
            MissingModelError: there is no model for the pair.
            ConfigError: fxtranslate is not installed.
            TranslationError: the model is broken.
        """
        path = Path(self._shelf.package(source, target).package_path)
        with self._lock:
            if path not in self._threads:
                self._threads[path] = ThreadPoolExecutor(1, thread_name_prefix=path.name)
            thread = self._threads[path]
        return thread.submit(_translate, path, list(sentences)).result()


def install_files(paths: Sequence[Path], folder: Path | None = None, *, size: str = "") -> Path:
    """Install one model from its files as Firefox distributes them, or from folders that hold them; packed or not.

    It takes the place of another model of Firefox for the same pair.

    Args:
        paths: model.*.intgemm*.bin, vocab*.spm (or srcvocab, trgvocab) and, if at hand, lex*.bin; .gz is unpacked.
        folder: where packages lie.
        size: the model's size, where it is known; told in its version.

    Returns:
        The folder of the package.

    Raises:
        InputError: a file is missing, there is more than one model, or it cannot be loaded.
        TranslationError: the packages' folder cannot be written.
    """
    files = sorted({file for path in paths for file in (path.iterdir() if path.is_dir() else [path])})
    models = [(file, found) for file in files if (found := _MODEL.fullmatch(file.name))]
    if len(models) != 1:
        where = " ".join(map(str, paths))
        raise InputError(
            f"{where}: expected one file model.*.intgemm*.bin, found {len(models)}; name one model's files"
        )
    model, found = models[0]
    parts = {name: next((file for file in files if form.fullmatch(file.name)), None) for name, form in _OTHERS.items()}
    if not (parts["vocab.spm"] or (parts["srcvocab.spm"] and parts["trgvocab.spm"])):
        raise InputError(f"no vocab*.spm beside {model}: a model needs its vocabulary")
    source, target = _pair(found["pair"])
    root = packages_root(folder)
    try:
        with installing(root) as scratch:
            made = scratch / "package"
            (made / "model").mkdir(parents=True)
            for name, file in {"model.bin": model, **parts}.items():
                if file is not None:
                    (made / "model" / name).write_bytes(_read(file))
            version = f"{size and size + '-'}{sha256(made / 'model' / 'model.bin')[:8]}"
            metadata = {"type": FIREFOX, "from_code": source, "to_code": target, "package_version": version}
            (made / "metadata.json").write_text(json.dumps(metadata, indent=2) + "\n", "utf-8")
            _load(made)
            placed = place(made.rename(scratch / f"{FIREFOX}-{source}_{target}-{version}"), root)
    except TranslationError as error:
        if isinstance(error.__cause__, ValueError):
            raise InputError(f"{model} cannot be loaded ({error.__cause__}): download it again") from error
        raise
    for other in placed.parent.glob(f"{FIREFOX}-{source}_{target}-*"):
        if other != placed:
            discard(other)
    return placed


def _translate(package: Path, sentences: list[str]) -> list[str]:
    if not hasattr(_OWN, "engine"):
        _OWN.engine = _load(package)
    return [_OWN.engine.translate(sentence) for sentence in sentences]


def _load(package: Path) -> Engine:
    """The engine with the model of a package.

    Raises:
        ConfigError: fxtranslate is not installed.
        TranslationError: the model is broken.
    """
    engine = require_fxtranslate()
    folder = package / "model"
    lex = folder / "lex.bin"
    try:
        shared = folder / "vocab.spm"
        source, target = (shared, shared) if shared.is_file() else (folder / "srcvocab.spm", folder / "trgvocab.spm")
        loaded: Engine = engine.Translator(
            (folder / "model.bin").read_bytes(),
            source.read_bytes(),
            target.read_bytes(),
            lex.read_bytes() if lex.is_file() else None,
        )
    except (OSError, ValueError) as error:
        raise TranslationError(
            f"the Firefox model {package} is broken ({error}): remove the folder and install it again"
        ) from error
    return loaded


def require_fxtranslate() -> ModuleType:
    """The module fxtranslate.

    Raises:
        ConfigError: it is not installed.
    """
    try:
        return importlib.import_module("fxtranslate")
    except ImportError as error:
        raise ConfigError("the backend firefox needs fxtranslate: pip install newsmill[firefox]") from error


def _pair(written: str) -> tuple[str, str]:
    """The two languages that a model's name puts together: "pten", "enzh_hant"."""
    if len(written) == 2 * _CODE_LENGTH:
        return written[:_CODE_LENGTH], written[_CODE_LENGTH:]
    if written.startswith(_HUB):
        return _HUB, written.removeprefix(_HUB).strip("_-")
    if written.endswith(_HUB):
        return written.removesuffix(_HUB).strip("_-"), _HUB
    raise InputError(f"cannot tell the languages of model.{written}.*: one of them should be English")


def _read(file: Path) -> bytes:
    try:
        return gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    except (OSError, EOFError) as error:
        raise InputError(f"cannot read {file} ({error}): download it again") from error
