"""Texts to translated texts: sentences of many texts together, each distinct one once, known ones not at all."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from ingest.segment import ADDRESS, replace_sentences, split_sentences

# Sentences between two visits to the memory: a kill costs at most so many, some seconds of work.
_SENTENCES_A_CALL: Final = 1_000
_LETTER: Final = re.compile(r"[^\W\d_]")


class Translator(Protocol):
    """What turns sentences of one language into another. Languages are BCP-47 codes."""

    @property
    def settings(self) -> str:
        """What besides the model decides how a sentence comes out."""

    def pairs(self) -> frozenset[tuple[str, str]]:
        """The pairs (source, target) that can be translated now."""

    def model(self, source: str, target: str) -> str:
        """Name and version of the model of a pair, such as "translate-sv_en 1.5".

        Raises:
            MissingModelError: There is none.
        """

    def translate(self, sentences: Sequence[str], source: str, target: str) -> list[str]:
        """The translation of each sentence, in order.

        Raises:
            MissingModelError: There is no model for the pair.
            TranslationError: The model is broken.
        """


class Memory(Protocol):
    """Where translated sentences are kept, by `memory_key`."""

    def recall(self, keys: Sequence[str]) -> dict[str, str]:
        """The translations that are known, by key."""

    def remember(self, translations: Mapping[str, str]) -> None:
        """Keep translations by key."""


class DictMemory(dict[str, str]):
    """A memory that lives as long as the process, for the REPL and for tests."""

    def recall(self, keys: Sequence[str]) -> dict[str, str]:
        """The translations that are known, by key."""
        return {key: self[key] for key in keys if key in self}

    def remember(self, translations: Mapping[str, str]) -> None:
        """Keep translations by key."""
        self.update(translations)


def translate_texts(
    texts: Sequence[str], source: str, target: str, translator: Translator, memory: Memory
) -> tuple[str, ...]:
    """Translate texts of one language, each distinct sentence once, those in the memory not at all.

    A sentence without words (a URL, an address, a line of figures) stays as it is, so does one that the model has
    nothing for, and so does the white space between sentences. Sentences are remembered as they are made, so that a
    run that was cut short goes on where it stopped.

    Args:
        texts: Texts of one language, of any length; the more in one call the faster.
        source: The BCP-47 code of that language.
        target: The one to translate into.
        translator: Not asked for what the memory has.
        memory: What has been translated before.

    Raises:
        MissingModelError: There is no model for the pair.
        TranslationError: The model is broken.
    """
    split = [split_sentences(text, source) for text in texts]
    bare = (sentence.strip() for sentences in split for sentence in sentences)
    known = _translate_sentences(list(dict.fromkeys(filter(_has_words, bare))), source, target, translator, memory)
    return tuple(
        replace_sentences(sentences, [known.get(sentence.strip()) or sentence for sentence in sentences], target)
        for sentences in split
    )


def memory_key(sentence: str, source: str, target: str, model: str, settings: str) -> str:
    """Under which a translation is remembered: hex SHA-256 of everything that decides how it comes out."""
    return hashlib.sha256(f"{source}\0{target}\0{model}\0{settings}\0{sentence}".encode()).hexdigest()


def _translate_sentences(
    sentences: Sequence[str], source: str, target: str, translator: Translator, memory: Memory
) -> dict[str, str]:
    """The translations of distinct sentences, by sentence."""
    if not sentences:
        return {}
    made_by = (source, target, translator.model(source, target), translator.settings)
    keys = {sentence: memory_key(sentence, *made_by) for sentence in sentences}
    recalled = memory.recall(list(keys.values()))
    known = {sentence: recalled[key] for sentence, key in keys.items() if key in recalled}
    missing = [sentence for sentence in sentences if sentence not in known]
    for start in range(0, len(missing), _SENTENCES_A_CALL):
        part = missing[start : start + _SENTENCES_A_CALL]
        made = dict(zip(part, translator.translate(part, source, target), strict=True))
        memory.remember({keys[sentence]: translation for sentence, translation in made.items()})
        known |= made
    return known


def _has_words(sentence: str) -> bool:
    return _LETTER.search(ADDRESS.sub(" ", sentence)) is not None
