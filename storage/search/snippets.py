"""The passage of a text that shows why it was found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from storage.search.folding import fold_word, words
from storage.search.names import name_keys
from storage.search.query import Query, Term

_WIDTH = 240
"""Characters."""

Span = tuple[int, int]


def snippet(texts: Sequence[str], query: Query) -> tuple[str, list[Span]]:
    """The passage with most of what was searched for, from the first text that has most of it.

    Returns:
        The passage, with an ellipsis where it was cut, and where in it the words stand: (start, end) in characters.
    """
    terms = [term for group in query.groups for term in group]
    best: tuple[int, str, int, list[Span]] = (-1, "", 0, [])
    for text in texts:
        if best[0] == len(terms):
            break
        found = list(_found(text, terms))
        starts = sorted({start for _, (start, _) in found}) or [0]
        for start in starts:
            inside = {number for number, (at, end) in found if start <= at and end <= start + _WIDTH * 3 // 4}
            if len(inside) > best[0]:
                best = (len(inside), text, start, [span for _, span in found])
    return _cut(best[1], best[2], best[3])


def _found(text: str, terms: Sequence[Term]) -> Iterator[tuple[int, Span]]:
    """(number of the term, where it stands)."""
    spans = list(words(text))
    folded = [fold_word(text[start:end]) for start, end in spans]
    for number, term in enumerate(terms):
        size = len(term.words)
        for at in range(len(spans) - size + 1):
            *first, last = folded[at : at + size]
            ends = last.startswith(term.words[-1]) if term.begins else last == term.words[-1]
            if ends and tuple(first) == term.words[:-1]:
                yield number, (spans[at][0], spans[at + size - 1][1])
            elif term.keys:
                word = text[spans[at][0] : spans[at][1]]
                if word[0].isupper() and not set(term.keys).isdisjoint(name_keys(word)):
                    yield number, spans[at]


def _cut(text: str, start: int, found: Sequence[Span]) -> tuple[str, list[Span]]:
    """Some words before the first that was found, and as many behind it as there is room."""
    begin = max(0, start - _WIDTH // 4)
    if begin:
        begin = text.find(" ", begin, start) + 1 or start
    end = begin + _WIDTH
    if end < len(text):
        end = text.rfind(" ", start + 1, end) if " " in text[start + 1 : end] else end
    head, tail = ("… " if begin else ""), (" …" if end < len(text) else "")
    passage = text[begin:end].replace("\n", " ")
    shift = len(head) - begin
    inside = sorted({(at + shift, to + shift) for at, to in found if begin <= at and to <= end})
    return head + passage + tail, inside
