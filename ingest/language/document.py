"""What the languages of its paragraphs say about a document: shares, and what is quoted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Final

from ingest.lang.sentences import ADDRESS
from ingest.model import UNDETERMINED

_WORD: Final = re.compile(r"[^\W\d_]+")

_REAL: Final = 40  # letters of a paragraph, as against a line: a credit, a date line, a greeting
_OPENING: Final = 60  # letters of real paragraphs in which a document must begin for its writer to be known by them


def without_addresses(text: str) -> str:
    """A text with a space for each URL, e-mail address and @handle: they belong to no language."""
    # Most texts have none, and looking for these marks takes a tenth of the time of the pattern.
    return ADDRESS.sub(" ", text) if "@" in text or "//" in text or "www." in text else text


def _count_letters(text: str) -> int:
    return sum(map(len, _WORD.findall(without_addresses(text))))


def shares(segments: Iterable[tuple[str, str]]) -> tuple[tuple[str, float], ...]:
    """What part of a document is in which language, by letters.

    Digits, punctuation and addresses belong to no language and are not counted: a table of figures or a long URL
    decides nothing.

    Args:
        segments: Pairs of a text and its language.

    Returns:
        Pairs of a language and its share, the largest first, equal ones by code. Shares are rounded to four decimals
        so that they sum to 1. Without any letter it is all "und".
    """
    segments = tuple(segments)
    languages = {language for _, language in segments}
    if len(languages) == 1 and any(_count_letters(text) for text, _ in segments):  # most documents, found without sums
        return ((languages.pop(), 1.0),)
    counts: Counter[str] = Counter()
    for text, language in segments:
        counts[language] += _count_letters(text)
    total = counts.total()
    if not total:
        return ((UNDETERMINED, 1.0),)
    # Largest remainders: round down, and give what is left to those that lost most.
    parts = {language: divmod(count * 10_000, total) for language, count in counts.items() if count}
    left = 10_000 - sum(whole for whole, _ in parts.values())
    lucky = sorted(parts, key=lambda language: (-parts[language][1], language))[:left]
    rounded = [(language, (parts[language][0] + (language in lucky)) / 10_000) for language in parts]
    return tuple(sorted(rounded, key=lambda share: (-counts[share[0]], share[0])))


def quoted(languages: Sequence[str], lengths: Sequence[int]) -> tuple[bool, ...]:
    """Which paragraphs are quotations, by their language alone.

    Who passes on an article in another language writes his own words first. So the writer's language is that in which
    the document begins, if it begins with more than a line in it; else the one with most letters. What stands in
    another language is quoted, where it is more than single lines: a run of paragraphs in one language, at least one
    of them of 40 letters, is quoted as a whole, its short lines too. A greeting, a motto or a name in another language
    is not, nor is what stands first. Two versions of one notice, one below the other, cannot be told from a post and
    its quotation, nor an article from the remark in another language that stands below it.

    Args:
        languages: The language of each paragraph, in order. "und" belongs to the run before it.
        lengths: The letters of each paragraph.

    Returns:
        For each paragraph whether it is a quotation.
    """
    runs: list[tuple[str, list[int]]] = []
    for language, group in groupby(range(len(languages)), key=_carried_on(languages).__getitem__):
        runs.append((language, list(group)))
    real = [sum(lengths[place] for place in run if lengths[place] >= _REAL) for _, run in runs]
    writer = _writer(runs, real)
    answers = [False] * len(languages)
    for (language, run), size in zip(runs[1:], real[1:], strict=True):
        for place in run:
            answers[place] = size > 0 and language not in {writer, UNDETERMINED}
    return tuple(answers)


def _carried_on(languages: Sequence[str]) -> list[str]:
    carried: list[str] = []
    for language in languages:
        carried.append(carried[-1] if language == UNDETERMINED and carried else language)
    return carried


def _writer(runs: Sequence[tuple[str, Sequence[int]]], real: Sequence[int]) -> str:
    sizes: Counter[str] = Counter()
    for (language, _), size in zip(runs, real, strict=True):
        if language == UNDETERMINED:
            continue
        # Lines before the first real paragraph, a headline for one, are passed over.
        if not sizes.total() and size >= _OPENING:
            return language
        sizes[language] += size
    return max(sizes, key=lambda language: (sizes[language], language), default=UNDETERMINED)
