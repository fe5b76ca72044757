"""Texts to translated texts: sentences of many texts together, each distinct one once, known ones not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from ingest.errors import MissingModelError
from ingest.lang.sentences import replace_sentences, split_sentences
from ingest.translate.codes import bcp47
from ingest.translate.doubts import Doubt, find_doubt
from ingest.translate.faults import Fault
from ingest.translate.rescue import Made, attempt, rescue
from ingest.translate.shield import Shielded, shield, unshield
from ingest.translate.unspelled import Lacks, Speller, nothing_lacks
from ingest.value import Value

# Characters between two visits to the memory: what a kill costs at most. Argos packages of the public index make some
# hundred to a thousand characters a second and core, so this is some seconds of work.
_CHARACTERS_A_CALL: Final = 12_000
_PIVOT: Final = "en"
# Where no try was good the memory holds a private-use character and the fault.
_KEPT: Final = "\ue0f0"
_FAULTS: Final = {f"{_KEPT}{fault}": fault for fault in Fault}
# Part of every key: raised when what is done before and after the model changes what is remembered.
_VERSION: Final = "3"


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

    def translate(self, sentences: Sequence[str], source: str, target: str, *, strict: bool = False) -> list[str]:
        """The translation of each sentence, in order.

        Args:
            sentences: Sentences with words, without addresses.
            source: Their language.
            target: The one to translate into.
            strict: Decode more carefully, since the plain way went wrong; slower.

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
    """A memory that lives as long as the process: at the prompt, in tests and benchmarks."""

    def recall(self, keys: Sequence[str]) -> dict[str, str]:
        """The translations that are known, by key."""
        return {key: self[key] for key in keys if key in self}

    def remember(self, translations: Mapping[str, str]) -> None:
        """Keep translations by key."""
        self.update(translations)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept(Value):
    """A sentence that stayed in its language, and what was wrong with its translation."""

    sentence: str
    reason: Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubtful(Value):
    """A sentence whose translation stands in the text, and what it seems to have lost."""

    sentence: str
    reason: Doubt


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslatedText(Value):
    """A text in the target language.

    `kept` are the sentences in it that no try translated, `doubtful` those whose translation may mislead, in order;
    `models` are those that made it, one a hop, and empty where nothing in it had words.
    """

    text: str
    kept: tuple[Kept, ...] = ()
    doubtful: tuple[Doubtful, ...] = ()
    models: tuple[str, ...] = ()


def translate_texts(
    texts: Sequence[str], source: str, target: str, translator: Translator, memory: Memory, *, pivot: bool = False
) -> tuple[TranslatedText, ...]:
    """Translate texts of one language, each distinct sentence once, those in the memory not at all.

    A sentence without words (a URL, a line of figures) stays as it is, and so does the white space between sentences;
    addresses inside a sentence are put back as they were. A sentence whose translation has a fault is tried again in
    other ways, and in the end kept and marked. Sentences are remembered as they are made, so that a run that was cut
    short goes on where it stopped.

    Args:
        texts: Texts of one language, of any length; the more in one call the faster.
        source: The code of that language.
        target: The one to translate into.
        translator: Not asked for what the memory has.
        memory: What has been translated before.
        pivot: Whether to go by way of English where no model translates directly.

    Raises:
        MissingModelError: There is no model for the pair, and none by way of English that may be used.
        TranslationError: The model is broken.
    """
    split = [split_sentences(text, source) for text in texts]
    lacks = _lacks(translator, source, target, pivot=pivot)
    shielded = {bare: shield(bare, bcp47(source), lacks) for sentences in split for bare in map(str.strip, sentences)}
    wanted = list(dict.fromkeys(one.text for one in shielded.values() if one.has_words))
    if not wanted:
        return tuple(TranslatedText(text=text) for text in texts)
    hops = route(translator, source, target, pivot=pivot)
    made = _translate_hops(wanted, hops, translator, memory)
    models = tuple(translator.model(*hop) for hop in hops)
    return tuple(_assembled(sentences, shielded, made, (source, target), models) for sentences in split)


def _lacks(translator: Translator, source: str, target: str, *, pivot: bool) -> Lacks:
    """Which characters the vocabularies on the way lack, where the translator can tell."""
    if not isinstance(translator, Speller):
        return nothing_lacks
    speller: Speller = translator
    try:
        hops = route(translator, source, target, pivot=pivot)
    except MissingModelError:  # said where something is to be translated
        return nothing_lacks
    return lambda characters: frozenset().union(*(speller.lacks(characters, *hop) for hop in hops))


def route(translator: Translator, source: str, target: str, *, pivot: bool = False) -> tuple[tuple[str, str], ...]:
    """The pairs by which a text gets from one language to another: one, or two by way of English.

    Raises:
        MissingModelError: There is no way; the error names the pair that is missing.
    """
    source, target = bcp47(source), bcp47(target)
    pairs = translator.pairs()
    if (source, target) in pairs:
        return ((source, target),)
    if pivot and _PIVOT not in (source, target):
        hops = ((source, _PIVOT), (_PIVOT, target))
        missing = [hop for hop in hops if hop not in pairs]
        if not missing:
            return hops
        raise MissingModelError(*missing[0])
    raise MissingModelError(source, target)


def sources(translator: Translator, target: str, *, pivot: bool = False) -> frozenset[str]:
    """The languages that can be translated into `target` now."""
    pairs, target = translator.pairs(), bcp47(target)
    found = {source for source, into in pairs if into == target}
    if pivot and (_PIVOT, target) in pairs:
        found |= {source for source, into in pairs if into == _PIVOT}
    return frozenset(found - {target})


def memory_key(sentence: str, source: str, target: str, model: str, settings: str) -> str:
    """Under which a translation is remembered: hex SHA-256 of everything that decides how it comes out."""
    return hashlib.sha256(f"{source}\0{target}\0{model}\0{settings}\0{sentence}".encode()).hexdigest()


def _assembled(
    sentences: Sequence[str],
    shielded: Mapping[str, Shielded],
    made: Mapping[str, Made],
    languages: tuple[str, str],
    models: tuple[str, ...],
) -> TranslatedText:
    """A text from the translations of its sentences."""
    replacements: list[str] = []
    kept: list[Kept] = []
    doubtful: list[Doubtful] = []
    has_words = False
    for bare in map(str.strip, sentences):
        one = shielded[bare]
        if not one.has_words:
            replacements.append(bare)
            continue
        has_words = True
        result = made[one.text]
        if result.fault:
            replacements.append(bare)
            kept.append(Kept(sentence=bare, reason=result.fault))
            continue
        replacements.append(unshield(one, result.text))
        if doubt := find_doubt(bare, replacements[-1], *map(bcp47, languages)):
            doubtful.append(Doubtful(sentence=bare, reason=doubt))
    text = replace_sentences(sentences, replacements, languages[1])
    return TranslatedText(text=text, kept=tuple(kept), doubtful=tuple(doubtful), models=models if has_words else ())


def _translate_hops(
    sentences: Sequence[str], hops: Sequence[tuple[str, str]], translator: Translator, memory: Memory
) -> dict[str, Made]:
    """What becomes of distinct sentences, by sentence; what a hop keeps goes no further."""
    made = {sentence: Made(text=sentence) for sentence in sentences}
    for hop in hops:
        moving = list(dict.fromkeys(one.text for one in made.values() if one.fault is None))
        moved = _translate_sentences(moving, *hop, translator, memory)
        made = {sentence: one if one.fault else moved[one.text] for sentence, one in made.items()}
    return made


def _translate_sentences(
    sentences: Sequence[str], source: str, target: str, translator: Translator, memory: Memory
) -> dict[str, Made]:
    """What one model makes of distinct sentences, by sentence."""
    made_by = (source, target, translator.model(source, target), f"{translator.settings} newsmill={_VERSION}")
    keys = {sentence: memory_key(sentence, *made_by) for sentence in sentences}
    recalled = memory.recall(list(keys.values()))
    known = {sentence: _read(sentence, recalled[key]) for sentence, key in keys.items() if key in recalled}
    missing = [sentence for sentence in sentences if sentence not in known]
    faults: dict[str, Fault] = {}
    for part in _calls(missing):
        tried = dict(zip(part, attempt(part, source, target, translator), strict=True))
        faults |= {sentence: one.fault for sentence, one in tried.items() if one.fault}
        made = {sentence: one for sentence, one in tried.items() if one.fault is None}
        memory.remember({keys[sentence]: _written(one) for sentence, one in made.items()})
        known |= made
    for part in _calls(list(faults)):
        again = rescue(part, [faults[sentence] for sentence in part], source, target, translator)
        made = dict(zip(part, again, strict=True))
        memory.remember({keys[sentence]: _written(one) for sentence, one in made.items()})
        known |= made
    return known


def _calls(sentences: Sequence[str]) -> Iterator[list[str]]:
    """Sentences in groups of similar length, each of at most `_CHARACTERS_A_CALL` characters or one sentence."""
    call: list[str] = []
    size = 0
    for sentence in sorted(sentences, key=lambda one: (len(one), one)):
        if call and size + len(sentence) > _CHARACTERS_A_CALL:
            yield call
            call, size = [], 0
        call.append(sentence)
        size += len(sentence)
    if call:
        yield call


def _written(made: Made) -> str:
    return f"{_KEPT}{made.fault.value}" if made.fault else made.text


def _read(sentence: str, remembered: str) -> Made:
    fault = _FAULTS.get(remembered)
    return Made(text=sentence, fault=fault) if fault else Made(text=remembered)
