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
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from ingest.errors import MissingModelError, TranslationError
from ingest.translate.codes import bcp47, languages_with_stand_ins, stand_ins

if TYPE_CHECKING:
    import ctranslate2
    from argostranslate.package import Package

logger = logging.getLogger(__name__)

Found = TypeVar("Found")

# With calls of 12,000 characters on two cores, batches of 512 tokens made 240 sentences a second, of 2,048 tokens 190;
# 8,192 tokens took three times the memory to be slower.
_TOKENS_A_BATCH: Final = 512
_LENGTH_PENALTY: Final = 0.2  # argostranslate's
_UNDERSCORE: Final = "\ue000"  # stands for "_" where argostranslate's tokenizer would make it a space

# Beside the wider beam: of small models' faults these two cleared 66 and 72 % alone, 73 % together.
_STRICT: Final = {"beam_size": 4, "repetition_penalty": 1.2, "no_repeat_ngram_size": 3}
ARGOS: Final = "translate"
FIREFOX: Final = "firefox"
KINDS: Final = (ARGOS, FIREFOX)
"""What metadata.json names as the type: that of Argos packages, and ours for models of Firefox (`firefox`)."""


class ArgosTranslator:
    """Translates with installed Argos packages, each between its two languages and those they stand in for.

    Safe to share between threads: packages are looked up once, at the first question, and a model is loaded once.

    Args:
        packages_dir: Folder of unpacked packages. By default argostranslate's own (ARGOS_PACKAGES_DIR, else
            ~/.local/share/argos-translate/packages), shared with other programs.
        beam: Translations that are followed side by side. Four, argostranslate's default, take twice the time of two
            for .3 points of chrF more.
        threads: Batches translated at the same time; 0 is one for each core.
        compute_type: CTranslate2's type of computation: "auto" is the fastest that this processor has, mostly int8;
            "default" is the model's own; or int8, int8_float32, int16, float32, ...
    """

    def __init__(
        self, packages_dir: Path | None = None, *, beam: int = 2, threads: int = 0, compute_type: str = "auto"
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
        """The pairs (source, target), as BCP-47 codes, that have a package, their own or that of a stand-in."""
        return frozenset(with_stand_ins(self._installed()))

    def model(self, source: str, target: str) -> str:
        """Name and version of the package of a pair, such as "translate-sv_en 1.5"."""
        package = self._package(source, target)
        return f"{package.type}-{package.from_code}_{package.to_code} {package.package_version}"

    def translate(self, sentences: Sequence[str], source: str, target: str, *, strict: bool = False) -> list[str]:
        """The translation of each sentence, in order."""
        package = self._package(source, target)
        model = self._model(package)
        prefix = package.target_prefix
        decoding = {"beam_size": self._beam, **(_STRICT if strict else {})}
        results = model.translate_batch(
            [package.tokenizer.encode(sentence) for sentence in sentences],
            target_prefix=[[prefix]] * len(sentences) if prefix else None,
            batch_type="tokens",
            max_batch_size=_TOKENS_A_BATCH,
            length_penalty=_LENGTH_PENALTY,
            replace_unknowns=True,
            **decoding,
        )
        return [_decode(package, result.hypotheses[0]) for result in results]

    def _package(self, source: str, target: str) -> Package:
        package = with_stand_ins(self._installed()).get((bcp47(source), bcp47(target)))
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


def find_packages(folder: Path | None = None, kind: str = ARGOS) -> dict[tuple[str, str], Package]:
    """The newest package of each pair, by pair.

    Args:
        folder: where packages lie; by default argostranslate's own folders.
        kind: the type of the packages, as their metadata.json names it.
    """
    newest: dict[tuple[str, str], Package] = {}
    for found_kind, pair, found in usable_packages(folder):
        if found_kind == kind and (pair not in newest or version(found) >= version(newest[pair])):
            newest[pair] = found
    return newest


def usable_packages(folder: Path | None = None) -> Iterator[tuple[str, tuple[str, str], Package]]:
    """Kind, pair and package of all that can translate, by the names of their folders.

    What is no package is named in a warning and hides none of the others.
    """
    loader, settings = load_argostranslate()
    roots = settings.package_dirs if folder is None else [folder]
    # `package.get_installed_packages` stops at the first broken folder, so it is asked for one at a time.
    for path in sorted(path for root in roots if root.is_dir() for path in root.iterdir() if path.is_dir()):
        if path.name.startswith("."):
            continue  # an installation under way
        try:
            found = loader.Package(path)
            pair = package_pair(found)
        except (OSError, ValueError, TypeError, AttributeError) as error:
            logger.warning("not a usable package, left out: %s (%s)", path, error)
            continue
        if pair is not None:
            yield found.type, pair, found


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


def package_pair(package: Package) -> tuple[str, str] | None:
    """The pair that a package translates, as BCP-47 codes; ``None`` where it is for something else.

    Raises:
        ValueError: A part that is needed is missing.
    """
    if package.type not in KINDS:
        return None
    if not (package.from_code and package.to_code):
        raise ValueError("metadata.json names no pair of languages")
    if not (package.package_path / "model" / "model.bin").is_file():
        raise ValueError("no model/model.bin")
    if package.type == ARGOS and not hasattr(package, "tokenizer"):
        raise ValueError("neither sentencepiece.model nor bpe.model")
    return bcp47(package.from_code), bcp47(package.to_code)


def with_stand_ins(packages: Mapping[tuple[str, str], Found]) -> dict[tuple[str, str], Found]:
    """What is found by pair, and also by the pairs of languages that it stands in for."""
    all_pairs = dict(packages)
    for target in sorted({target for _, target in packages}):
        for code in languages_with_stand_ins():
            nearest = next((one for one in stand_ins(code) if (one, target) in packages), None)
            if nearest is not None and code != target:
                all_pairs.setdefault((code, target), packages[nearest, target])
    return all_pairs


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
