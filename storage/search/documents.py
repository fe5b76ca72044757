"""A record as it is searched: its words, folded and stemmed, as each database takes them.

This is most of the work of indexing, and needs no database: it can be done in another process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from storage.search.folding import distinct_words, fold, folded_words, spaced, words
from storage.search.names import keys_of_names, name_keys
from storage.search.query import LONGEST, STEM
from storage.search.stems import stems_of

# What PostgreSQL can hold: positions of a word, the last position, and bytes in all (1 MB, with some room).
_POSITIONS, _LAST, _BYTES = 256, 16_383, 900_000


@dataclass(frozen=True, slots=True)
class Said:
    """A piece of text, and what it is written in."""

    text: str
    language: str
    translated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What is searched of a record: its title and text, original and translated, and by whom it is.

    The words are those of `texts`; a paragraph has a language, by which its words are stemmed.

    `day` is that of its publication as the page has it, `instant` in UTC sorts.
    """

    record_id: str
    number: int
    language: str
    source: str | None
    day: str | None
    instant: str
    titles: tuple[Said, ...]
    texts: tuple[str, ...]
    paragraphs: tuple[Said, ...]
    about: tuple[str, ...]


Words: TypeAlias = Mapping[str, str]
"""The words of a document by column."""

Writer: TypeAlias = Callable[[Sequence[Document], str], Sequence[Words]]
"""What makes the words of documents for a database of this name, each in its place."""


def written(documents: Sequence[Document], dialect: str) -> list[Words]:
    """The words of documents: in columns for SQLite, as one vector for PostgreSQL."""
    return [{"vector": _vector(one)} if dialect == "postgresql" else _columns(one) for one in documents]


def _columns(one: Document) -> dict[str, str]:
    """The words by column, as FTS5 takes them apart again."""
    return {
        "title": _folded(each.text for each in one.titles),
        "text": _folded(one.texts),
        "names": " ".join(_name_keys(one)),
        "about": _folded(one.about),
        "title_stems": " ".join(_stems(one.titles)),
        "stems": " ".join(_stems(one.paragraphs)),
    }


def _folded(texts: Iterable[str]) -> str:
    return spaced(fold("\n".join(texts)))


def _name_keys(one: Document) -> list[str]:
    """Those of names within texts, and of all who made it: a by-line may be a name alone."""
    makers = {key for line in one.about for start, end in words(line) for key in name_keys(line[start:end])}
    return sorted(makers.union(keys_of_names(one.texts)))


def _stems(said: Iterable[Said]) -> list[str]:
    """Each stem once."""
    wanted: dict[str, set[str]] = {}
    for one in said:
        wanted.setdefault(one.language, set()).update(distinct_words(one.text))
    return sorted({stem for language, of in wanted.items() for stem in stems_of(of, language)})


def _vector(one: Document) -> str:
    """The words with places and weights, as PostgreSQL writes a tsvector: its own parser would cut them otherwise."""
    places: dict[str, list[str]] = {key: [f"{_LAST}D"] for key in _name_keys(one)}
    titles = [each.text for each in one.titles]
    said = [
        (word, weight)
        for parts, weight in ((titles, "A"), (one.about, "B"), (one.texts, "C"))
        for part in parts
        for word in folded_words(part)
        if len(word) <= LONGEST
    ]
    room = _BYTES
    for at, (word, weight) in enumerate(said, 1):
        held = places.setdefault(word, [])
        room -= 2 if held else len(word.encode()) + 8
        if room < 0:
            break
        # All that comes behind the last place shares the one before it: names have the last for themselves.
        if len(held) < _POSITIONS - 1:
            held.append(f"{min(at, _LAST - 1)}{weight}")
    for part, weight in ((one.titles, "B"), (one.paragraphs, "D")):
        for stem in _stems(part):
            held = places.setdefault(STEM + stem, [])
            room -= len(stem.encode()) + 16
            if room > 0:
                held.append(f"{_LAST}{weight}")
    return " ".join(f"'{word}':{','.join(held)}" for word, held in places.items() if held)
