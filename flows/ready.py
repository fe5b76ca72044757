"""Stored texts made ready for a comparison, without the lines that many texts of their site have."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace
from hashlib import blake2b
from threading import Lock

from ingest.dedup.compare import Prepared, Text, prepare, prepared, shown
from ingest.dedup.dates import published
from ingest.dedup.fingerprint import FINGERPRINT_VERSION
from ingest.dedup.lines import FREQUENT_LINE, blank_lines, line_keys
from ingest.dedup.words import unpack
from ingest.urls import site_of
from storage import links as stored
from storage.lines import frequent_lines
from storage.links import Side
from storage.store import Transaction

# Texts that were made ready for a comparison are kept for the next: copies of one story come in several batches. A
# character of them takes some 20 bytes, so that what counts is how long they are together: 1,024 news, or 60 MB.
_KEPT_TEXTS, _KEPT_CHARACTERS = 1_024, 3_000_000


def made_ready(tx: Transaction, texts: Mapping[Side, stored.SideText]) -> dict[Side, Prepared]:
    """Texts without the lines that many texts of their site have: the template must not make copies of them all."""
    known = stored.side_words(tx, texts, FINGERPRINT_VERSION)
    frequent = frequent_lines(tx, {key for one in known.values() for key in one.lines}, most=FREQUENT_LINE)
    ready: dict[Side, Prepared] = {}
    for side, one in texts.items():
        kept = known.get(side)
        blanked: frozenset[int] = frozenset()
        if kept and not frequent.isdisjoint(kept.lines):
            blanked = frozenset(number for key, number in scoped_lines(one).items() if key in frequent)
        ready[side] = _prepared(_text(one), *((kept.exact, kept.words) if kept else ("", b"")), blanked)
    return ready


def scoped_lines(one: stored.SideText) -> dict[int, int]:
    """The lines of a text, by keys of its site alone: the keys that `blank_lines` takes. Files have no site."""
    site = site_of(one.url)
    if not site:
        return {}
    scope = f"{site}\0{one.side}\0".encode()
    return {_signed_hash(scope + number.to_bytes(8, "big", signed=True)): number for number in line_keys(one.text)}


def _signed_hash(data: bytes) -> int:
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "big", signed=True)


def _text(one: stored.SideText) -> Text:
    return Text(
        key=one.key,
        text=one.text,
        language=one.language,
        side=one.side,
        published=published(one.published_at, one.published_precision),
        written=one.written,
    )


def _prepared(text: Text, exact: str, words: bytes, blanked: frozenset[int]) -> Prepared:
    key = (text, exact, words, blanked)
    ready = _KEPT.get(key)
    if ready is None:
        ready = _made(*key)
        _KEPT.put(key, ready)
    return ready


def _made(text: Text, exact: str, words: bytes, blanked: frozenset[int]) -> Prepared:
    left = replace(text, text=blank_lines(text.text, blanked)) if blanked else text
    if not words:
        return prepare(left)
    return prepared(text, unpack(words), exact) if left.text == text.text else shown(left, unpack(words))


_Key = tuple[Text, str, bytes, frozenset[int]]


class _Kept:
    """What was used last, as many texts and as many characters as may be kept."""

    def __init__(self) -> None:
        self._ready: OrderedDict[_Key, Prepared] = OrderedDict()
        self._characters = 0
        self._lock = Lock()

    def get(self, key: _Key) -> Prepared | None:
        with self._lock:
            if key in self._ready:
                self._ready.move_to_end(key)
            return self._ready.get(key)

    def put(self, key: _Key, ready: Prepared) -> None:
        with self._lock:
            if key not in self._ready:
                self._characters += len(key[0].text)
            self._ready[key] = ready
            while len(self._ready) > 1 and (len(self._ready) > _KEPT_TEXTS or self._characters > _KEPT_CHARACTERS):
                (old, *_), _ = self._ready.popitem(last=False)
                self._characters -= len(old.text)


_KEPT = _Kept()
