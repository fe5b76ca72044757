"""The passage of a text that shows why it was found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from storage.search.folding import fold_word, words
from storage.search.names import name_keys
from storage.search.query import Query, Term
from storage.search.stems import stems

# Characters of a passage; and those in which terms stand close together, so that all are shown.
_WIDTH = 240
_CLOSE = _WIDTH * 3 // 4

Span = tuple[int, int]
_Word = tuple[str, frozenset[str], bool]  # folded, its stems that are searched, whether a term may end with it


@dataclass(frozen=True, slots=True, kw_only=True)
class Passages:
    """A text to take a passage from, and the languages it is written in."""

    text: str
    languages: tuple[str, ...]


class Snippets:
    """Passages that show why texts were found, for one query: what is known of a word holds for all of them."""

    def __init__(self, query: Query) -> None:
        self._terms = [term for group in query.groups for term in group]
        self._words: dict[tuple[str, ...], _Words] = {}

    def of(self, texts: Sequence[Passages]) -> tuple[str, list[Span]]:
        """The passage with most of what was searched for, from the first text that has most of it.

        Returns:
            The passage, with an ellipsis where it was cut, and where in it the words stand: (start, end) in characters.
        """
        most, best = -1, _Passage(count=0, text="", start=0, spans=())
        for text in texts:
            known = self._words.setdefault(text.languages, _Words(self._terms, text.languages))
            passage = _best_passage(text.text, self._terms, known)
            if passage.count > most:
                most, best = passage.count, passage
            if most == len(self._terms):
                break
        return _cut(best.text, best.start, best.spans)


class _Words(dict[str, "_Word"]):
    """What words are to a query in some languages, each looked at once."""

    def __init__(self, terms: Sequence[Term], languages: Sequence[str]) -> None:
        super().__init__()
        self._languages = languages
        self._lasts = {term.words[-1] for term in terms if not term.begins}
        self._beginnings = tuple(term.words[-1] for term in terms if term.begins)
        self._named = any(term.keys for term in terms)
        self._forms = frozenset(stem for term in terms for stem in term.stems)

    def __missing__(self, word: str) -> _Word:
        plain, forms = fold_word(word), self._forms
        own = forms.intersection(_stems(word, self._languages)) if forms else forms
        told = bool(own) or plain in self._lasts or plain.startswith(self._beginnings)
        self[word] = found = (plain, own, told or (self._named and word[0].isupper()))
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Passage:
    """Where in a text so many of the terms stand close together, and what was found there."""

    count: int
    text: str
    start: int
    spans: Sequence[Span]


def _best_passage(text: str, terms: Sequence[Term], known: _Words) -> _Passage:
    """The first passage with the most terms. Nothing is read behind one that has them all."""
    spans: list[Span] = []
    near: list[tuple[int, int]] = []  # (number of the term, where it begins) of what stands close before
    count, start = 0, 0
    for number, span in _found(text, terms, known):
        if count == len(terms) and span[0] > start + _WIDTH:
            break
        spans.append(span)
        near = [(of, at) for of, at in (*near, (number, span[0])) if at >= span[1] - _CLOSE]
        inside = len({of for of, _ in near})
        if inside > count:
            count, start = inside, min(at for _, at in near)
    return _Passage(count=count, text=text, start=start, spans=spans)


def _found(text: str, terms: Sequence[Term], known: _Words) -> Iterator[tuple[int, Span]]:
    """(number of the term, where it stands), in the order of the text."""
    spans: list[Span] = []
    folded: list[str] = []
    for span in words(text):
        word = text[span[0] : span[1]]
        plain, own, may_end = known[word]
        spans.append(span)
        folded.append(plain)
        if not may_end:
            continue
        for number, term in enumerate(terms):
            size = len(term.words)
            if _ends_with(folded, term):
                yield number, (spans[-size][0], span[1])
            elif not own.isdisjoint(term.stems) or _is_name(word, term):
                yield number, span


def _stems(word: str, languages: Sequence[str]) -> Iterator[str]:
    small = word.lower()
    return (one for language in languages for one in stems(small, language))


def _is_name(word: str, term: Term) -> bool:
    return bool(term.keys) and word[0].isupper() and not set(term.keys).isdisjoint(name_keys(word))


def _ends_with(folded: Sequence[str], term: Term) -> bool:
    *first, last = term.words
    ends = folded[-1].startswith(last) if term.begins else folded[-1] == last
    return ends and folded[-len(term.words) : -1] == first


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
