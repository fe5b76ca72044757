"""Which translator runs: Argos packages, or models of Firefox, or each for some languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

from ingest.errors import ConfigError
from ingest.translate.argos import ArgosTranslator
from ingest.translate.codes import bcp47
from ingest.translate.installed import ARGOS, BACKENDS, FIREFOX
from ingest.translate.texts import Translator
from ingest.translate.unspelled import Speller


def open_translator(
    backend: str | Mapping[str, str] = ARGOS,
    packages_dir: Path | None = None,
    *,
    beam: int = 2,
    threads: int = 0,
    compute_type: str = "auto",
) -> Translator:
    """The translator that the settings ask for; nothing is loaded yet.

    Args:
        backend: "argos" or "firefox"; or one of them by the language that is translated, with Argos for all others.
        packages_dir: where packages lie; by default argostranslate's own folder.
        beam: see `ArgosTranslator`; the engine of Firefox has its own way, as with the other two.
        threads: see `ArgosTranslator`.
        compute_type: see `ArgosTranslator`.

    Raises:
        ConfigError: there is no such backend, or its package is not installed.
    """
    if not isinstance(backend, str):
        opened = {
            name: open_translator(name, packages_dir, beam=beam, threads=threads, compute_type=compute_type)
            for name in {ARGOS, *backend.values()}
        }
        return ByLanguage(opened[ARGOS], {language: opened[name] for language, name in backend.items()})
    if backend == ARGOS:
        return ArgosTranslator(packages_dir, beam=beam, threads=threads, compute_type=compute_type)
    if backend == FIREFOX:
        from ingest.translate.firefox import FirefoxTranslator, require_fxtranslate

        require_fxtranslate()
        return FirefoxTranslator(packages_dir)
    raise ConfigError(f"no translation backend {backend!r}: translate.backend is one of {', '.join(BACKENDS.values())}")


class ByLanguage:
    """Translates each language with what was chosen for it, and with nothing else: what has no model there waits.

    Args:
        usual: Translates all languages that have no other.
        chosen: Translators by the code of the language that is translated.
    """

    def __init__(self, usual: Translator, chosen: Mapping[str, Translator]) -> None:
        self._usual = usual
        self._chosen = {bcp47(language): translator for language, translator in chosen.items()}

    @property
    def settings(self) -> str:
        """What besides the model decides how a sentence comes out; a model's name tells what runs it."""
        return self._usual.settings

    def pairs(self) -> frozenset[tuple[str, str]]:
        """The pairs (source, target) that can be translated now."""
        everywhere = self._usual.pairs().union(*(translator.pairs() for translator in self._chosen.values()))
        return frozenset(pair for pair in everywhere if pair in self._of(pair[0]).pairs())

    def model(self, source: str, target: str) -> str:
        """Name and version of the model of a pair.

        Raises:
            MissingModelError: There is none.
        """
        return self._of(source).model(source, target)

    def lacks(self, characters: frozenset[str], source: str, target: str) -> frozenset[str]:
        """Those of some characters that the vocabulary of a pair's model lacks, where it can be looked into."""
        translator = self._of(source)
        if not isinstance(translator, Speller):
            return frozenset()
        return cast("Speller", translator).lacks(characters, source, target)

    def translate(self, sentences: Sequence[str], source: str, target: str, *, strict: bool = False) -> list[str]:
        """The translation of each sentence, in order.

        Raises:
            MissingModelError: There is no model for the pair.
            TranslationError: The model is broken.
        """
        return self._of(source).translate(sentences, source, target, strict=strict)

    def _of(self, source: str) -> Translator:
        return self._chosen.get(bcp47(source), self._usual)
