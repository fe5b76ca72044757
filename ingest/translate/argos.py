"""The translator: Argos packages run by CTranslate2. Nothing is ever downloaded.

argostranslate's own `translate()` sends the model one paragraph of one text at a time, in batches of 32 tokens, and
downloads a sentence splitter when it has none. Here its packages, its loader and its tokenizers do what they are good
at, and sentences go to CTranslate2 in batches of a fixed number of tokens, spread over the cores.

Neither library is imported before the first question.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ingest.errors import TranslationError
from ingest.translate.codes import STAND_INS
from ingest.translate.installed import Pair, Shelf, find_packages
from ingest.translate.vocabulary import lacking

if TYPE_CHECKING:
    import ctranslate2
    from argostranslate.package import Package

# With calls of 12,000 characters on two cores, batches of 512 tokens made 240 sentences a second, of 2,048 tokens 190;
# 8,192 tokens took three times the memory to be slower.
_TOKENS_A_BATCH: Final = 512
_LENGTH_PENALTY: Final = 0.2  # argostranslate's
_UNDERSCORE: Final = "\ue000"  # stands for "_" where argostranslate's tokenizer would make it a space

# Beside the wider beam: of small models' faults these two cleared 66 and 72 % alone, 73 % together.
_STRICT: Final = {"beam_size": 4, "repetition_penalty": 1.2, "no_repeat_ngram_size": 3}


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
        self._shelf = Shelf(lambda: _with_stand_ins(find_packages(packages_dir)))
        self._beam = beam
        self._threads = threads or _cores()
        self._compute_type = compute_type
        self._lock = threading.Lock()
        self._models: dict[Path, ctranslate2.Translator] = {}

    @property
    def settings(self) -> str:
        """What besides the model decides how a sentence comes out."""
        return f"argos beam={self._beam} compute_type={self._compute_type}"

    def pairs(self) -> frozenset[Pair]:
        """The pairs (source, target), as BCP-47 codes, that have a package, their own or that of a stand-in."""
        return frozenset(self._shelf.packages())

    def model(self, source: str, target: str) -> str:
        """Name and version of the package of a pair, such as "translate-sv_en 1.5"."""
        return self._shelf.model(source, target)

    def lacks(self, characters: frozenset[str], source: str, target: str) -> frozenset[str]:
        """Those of some characters that the vocabulary of a pair's model lacks."""
        return lacking(Path(self._shelf.package(source, target).package_path), characters)

    def translate(self, sentences: Sequence[str], source: str, target: str, *, strict: bool = False) -> list[str]:
        """The translation of each sentence, in order.

        Raises:
            MissingModelError: no package is for the pair.
            TranslationError: the package is broken.
        """
        package = self._shelf.package(source, target)
        decoding = {"beam_size": self._beam, **(_STRICT if strict else {})}
        return _translated(package, self._model(package), sentences, decoding)

    def _model(self, package: Package) -> ctranslate2.Translator:
        with self._lock:
            if package.package_path not in self._models:
                self._models[package.package_path] = _load(package, self._threads, self._compute_type)
            return self._models[package.package_path]


def _with_stand_ins(packages: Mapping[Pair, Package]) -> dict[Pair, Package]:
    """The packages by pair, and also by the pairs of languages that they stand in for."""
    all_pairs = dict(packages)
    for target in sorted({target for _, target in packages}):
        for code, nearest in STAND_INS.items():
            found = next((packages[one, target] for one in nearest if (one, target) in packages), None)
            if found is not None and code != target:
                all_pairs.setdefault((code, target), found)
    return all_pairs


def try_package(package: Package) -> None:
    """Load a package and translate a word with it.

    Raises:
        ValueError: it cannot.
    """
    try:
        _translated(package, _load(package, 1, "default"), ["1"], {"beam_size": 1})
    except TranslationError as error:
        raise ValueError(f"it cannot translate: {error}") from error


def _translated(
    package: Package, model: ctranslate2.Translator, sentences: Sequence[str], decoding: Mapping[str, Any]
) -> list[str]:
    prefix = package.target_prefix
    try:
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
    # A model of other weights than its vocabulary: it tells so in one of these ways, and IndexError is ours.
    except (OSError, RuntimeError, ValueError, IndexError) as error:
        raise _broken(package, error) from error


def _broken(package: Package, error: Exception) -> TranslationError:
    return TranslationError(
        f"the Argos package {package.package_path} is broken ({error}): remove the folder and install it again"
    )


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
        raise _broken(package, error) from error


def _decode(package: Package, tokens: Sequence[str]) -> str:
    shielded = [token.replace("_", _UNDERSCORE) for token in tokens]
    text = str(package.tokenizer.decode(shielded)).replace(_UNDERSCORE, "_")
    return text.removeprefix(package.target_prefix).strip()


def _cores() -> int:
    # What this process may use, where the system tells.
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
