"""The translator: Argos packages run by CTranslate2. Nothing is ever downloaded.

argostranslate's own `translate()` sends the model one paragraph of one text at a time, in batches of 32 tokens, and
downloads a sentence splitter when it has none. Here its packages, its loader and its tokenizers do what they are good
at, and sentences go to CTranslate2 in batches of a fixed number of tokens, spread over the cores.

Neither library is imported before the first translation: argostranslate creates its folders in the home directory when
it is imported.
"""

from __future__ import annotations

import logging
import os
import re
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ingest.errors import MissingModelError, TranslationError

if TYPE_CHECKING:
    import ctranslate2
    from argostranslate.package import Package

logger = logging.getLogger(__name__)

# On two cores 2,048 tokens were 6 % faster than 512, and 8,192 took three times the memory to be slower.
_TOKENS_A_BATCH: Final = 2_048
_LENGTH_PENALTY: Final = 0.2  # argostranslate's
_UNDERSCORE: Final = "\ue000"  # stands for "_" where argostranslate's tokenizer would make it a space

# Codes of Argos packages that BCP-47, or the language detector, writes in another way.
_BCP47: Final = {"nb": "no", "nn": "no", "pb": "pt-BR", "zt": "zh-Hant"}


class ArgosTranslator:
    """Translates with installed Argos packages, only between the two languages of a package, never by way of a third.

    Safe to share between threads: packages are looked up once, at the first question, and a model is loaded once.

    Args:
        packages_dir: Folder of unpacked packages. By default argostranslate's own (ARGOS_PACKAGES_DIR, else
            ~/.local/share/argos-translate/packages), shared with other programs.
        beam: Translations that are followed side by side. Four, argostranslate's default, take twice the time of two
            for .3 points of chrF more.
        threads: Batches translated at the same time; 0 is one for each core.
        compute_type: CTranslate2's type of computation; "default" is the model's own.
    """

    def __init__(
        self, packages_dir: Path | None = None, *, beam: int = 2, threads: int = 0, compute_type: str = "default"
    ) -> None:
        self._packages_dir = packages_dir
        self._beam = beam
        self._threads = threads or _cores()
        self._compute_type = compute_type
        self._lock = threading.Lock()
        self._packages: dict[tuple[str, str], Package] | None = None
        self._models: dict[Path, ctranslate2.Translator] = {}

    @property
    def settings(self) -> str:
        """What besides the model decides how a sentence comes out."""
        return f"argos beam={self._beam} compute_type={self._compute_type}"

    def pairs(self) -> frozenset[tuple[str, str]]:
        """The pairs (source, target), as BCP-47 codes, that have a package."""
        return frozenset(self._installed())

    def model(self, source: str, target: str) -> str:
        """Name and version of the package of a pair, such as "translate-sv_en 1.5"."""
        package = self._package(source, target)
        return f"{package.type}-{package.from_code}_{package.to_code} {package.package_version}"

    def translate(self, sentences: Sequence[str], source: str, target: str) -> list[str]:
        """The translation of each sentence, in order."""
        package = self._package(source, target)
        model = self._model(package)
        prefix = package.target_prefix
        results = model.translate_batch(
            [package.tokenizer.encode(sentence) for sentence in sentences],
            target_prefix=[[prefix]] * len(sentences) if prefix else None,
            batch_type="tokens",
            max_batch_size=_TOKENS_A_BATCH,
            beam_size=self._beam,
            length_penalty=_LENGTH_PENALTY,
            replace_unknowns=True,
        )
        return [_decode(package, result.hypotheses[0]) for result in results]

    def _package(self, source: str, target: str) -> Package:
        package = self._installed().get((bcp47(source), bcp47(target)))
        if package is None:
            raise MissingModelError(source, target)
        return package

    def _installed(self) -> dict[tuple[str, str], Package]:
        with self._lock:
            if self._packages is None:
                self._packages = find_packages(self._packages_dir)
            return self._packages

    def _model(self, package: Package) -> ctranslate2.Translator:
        with self._lock:
            if package.package_path not in self._models:
                self._models[package.package_path] = _load(package, self._threads, self._compute_type)
            return self._models[package.package_path]


def find_packages(folder: Path | None = None) -> dict[tuple[str, str], Package]:
    """The newest package of each pair. What is no package is named in a warning and hides none of the others.

    Args:
        folder: where packages lie; by default argostranslate's own folders.
    """
    loader, settings = load_argostranslate()
    roots = settings.package_dirs if folder is None else [folder]
    newest: dict[tuple[str, str], Package] = {}
    # `package.get_installed_packages` stops at the first broken folder, so it is asked for one at a time.
    for path in sorted(path for root in roots if root.is_dir() for path in root.iterdir() if path.is_dir()):
        if path.name.startswith("."):
            continue  # an installation under way
        try:
            found = loader.Package(path)
            pair = _pair(found)
        except (OSError, ValueError, TypeError, AttributeError) as error:
            logger.warning("not a usable Argos package, left out: %s (%s)", path, error)
            continue
        if pair is not None and (pair not in newest or version(found) >= version(newest[pair])):
            newest[pair] = found
    return newest


def load_argostranslate() -> tuple[Any, Any]:
    """argostranslate's modules `package` and `settings`.

    Raises:
        TranslationError: it cannot create its folders in the home directory.
    """
    try:
        from argostranslate import package, settings
    except OSError as error:
        raise TranslationError(
            f"argostranslate cannot create its folders ({error}): set HOME, or XDG_DATA_HOME, XDG_CONFIG_HOME and"
            " XDG_CACHE_HOME, to folders that can be written"
        ) from error
    return package, settings


def bcp47(code: str) -> str:
    """A code of an Argos package as BCP-47, and as the language detector writes it."""
    return _BCP47.get(code, code)


def _pair(package: Package) -> tuple[str, str] | None:
    """The pair that a package translates; None where it is for something else.

    Raises:
        ValueError: A part that is needed is missing.
    """
    if package.type != "translate":
        return None
    if not (package.from_code and package.to_code):
        raise ValueError("metadata.json names no pair of languages")
    if not (package.package_path / "model" / "model.bin").is_file():
        raise ValueError("no model/model.bin")
    if not hasattr(package, "tokenizer"):
        raise ValueError("neither sentencepiece.model nor bpe.model")
    return bcp47(package.from_code), bcp47(package.to_code)


def version(package: Package) -> tuple[int, ...]:
    """A package's version as numbers that compare."""
    return tuple(map(int, re.findall(r"\d+", package.package_version)))


def _load(package: Package, threads: int, compute_type: str) -> ctranslate2.Translator:
    import ctranslate2

    try:
        package.tokenizer.encode("")  # tokenizers load themselves at first use, and not safely from two threads
        return ctranslate2.Translator(
            str(package.package_path / "model"),
            device="cpu",
            inter_threads=threads,
            intra_threads=1,
            compute_type=compute_type,
        )
    except (OSError, RuntimeError, ValueError) as error:
        raise TranslationError(
            f"the Argos package {package.package_path} is broken ({error}): remove the folder and install it again"
        ) from error


def _decode(package: Package, tokens: Sequence[str]) -> str:
    shielded = [token.replace("_", _UNDERSCORE) for token in tokens]
    text = str(package.tokenizer.decode(shielded)).replace(_UNDERSCORE, "_")
    return text.removeprefix(package.target_prefix).strip()


def _cores() -> int:
    # What this process may use, where the system tells.
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
