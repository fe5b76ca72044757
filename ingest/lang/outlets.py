"""The outlets that are known by name: a list kept as data beside this module (`outlets.txt`), and look-up in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from ingest.lang.tokens import Token, fold_name, fold_word, is_article, tokens_of

# Acronyms up to this length must be printed as listed: "ap" and "Tt" are no agencies.
_EXACT = 4
_BETWEEN_AGENCIES = re.compile(r"[/,;|+–]|\s-\s|\s(?:and|und|och|mit|with|и)\s")
# The last label of what is read as a domain. A full list would take "Moscow.In" (a lost space) for one.
_DOMAIN = re.compile(
    r"(?:[^\W_][\w-]*\.)+(?:com|org|net|info|news|media|press|online|today|eu|io|tv|fm|gov|edu|uk|de|at|ch|se|no|dk|fi|ru"
    r"|by|ua|kz|uz|kg|tj|ge|am|az|md|ee|lv|lt|pl|cz|sk|hu|ro|bg|rs|hr|si|gr|tr|il|fr|be|nl|lu|es|pt|it|ie|is|ca|au|nz|in"
    r"|pk|jp|kr|cn|tw|hk|sg|br|mx|ar|cl|za|ру|рф|укр|бел)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Outlet:
    """A spelling of a known outlet.

    `key` is one for all its spellings, `name` the spelling as listed; `plain` says whether it is also a plain word, and
    `section` is "agency", "outlet" or "institute" (think tanks and the like).
    """

    key: str
    name: str
    plain: bool
    section: str


@dataclass(frozen=True, slots=True)
class _Index:
    by_first: dict[str, tuple[tuple[tuple[str, ...], Outlet], ...]]
    by_name: dict[str, Outlet]
    lower: frozenset[str]
    domains: dict[str, str]
    by_longest: dict[str, tuple[frozenset[str], ...]]


def known(name: str) -> Outlet | None:
    """The outlet of this name or domain, in any case, with or without an article."""
    return _index().by_name.get(fold_name(name))


def domain_of(name: str) -> str | None:
    """The domain of an outlet, where the list gives one or the name is one."""
    if is_domain(name):
        return name.lower()
    outlet = known(name)
    return _index().domains.get(outlet.key) if outlet else None


def match_outlet(tokens: Sequence[Token], start: int) -> tuple[Outlet, int] | None:
    """The longest known name that begins at `start`, with the index after its last word."""
    first = tokens[start].text
    rows = _index().by_first.get(fold_word(first))
    if rows is None or not may_begin(first):
        return None
    found: tuple[Outlet, int] | None = None
    for words, outlet in rows:
        end = start + len(words)
        if found and end < found[1]:
            break
        if end > len(tokens) or not _same_words(tokens[start:end], words):
            continue
        if outlet.name.startswith(first) and _printed_alike(tokens[start:end], outlet):
            return outlet, end  # in the very case of the list: "WELT" and not the word "Welt"
        if found is None and _printed_alike(tokens[start:end], outlet):
            found = outlet, end
    return found


def agency_in(text: str) -> str | None:
    """The news agencies in what stands in parentheses or beside initials, as printed: "dpa" of "mho/dpa".

    Returns:
        Their names joined by a slash, or ``None``.
    """
    parts = (part.strip(" .,©") for part in _BETWEEN_AGENCIES.split(text))
    agencies = [part for part in parts if part and (outlet := known(part)) and outlet.section == "agency"]
    return "/".join(dict.fromkeys(agencies)) or None


@lru_cache(maxsize=1 << 16)
def may_begin(word: str) -> bool:
    """Whether a name may begin with a word as it is printed: with a capital, or as "dpa" and "la Repubblica" do."""
    return not word[0].islower() or word in _index().lower or is_article(word) or "." in word


@lru_cache(maxsize=1 << 16)
def begins_outlet(word: str) -> bool:
    """Whether a word as it is printed begins a known name."""
    return may_begin(word) and fold_word(word) in _index().by_first


def may_complete(word: str) -> bool:
    """Whether a word, in any case, is the longest of a known name."""
    return fold_word(word) in _index().by_longest


def holds_outlet(folded: Set[str]) -> bool:
    """Whether all words of a known name are among these folded ones."""
    by_longest = _index().by_longest
    return any(words <= folded for word in folded & by_longest.keys() for words in by_longest[word])


def is_domain(word: str) -> bool:
    """Whether a word is a domain name of a site."""
    return "." in word and _DOMAIN.fullmatch(word) is not None


def key_of(name: str) -> str:
    """One key for all spellings of an outlet, its domain included: "EurActiv", "euractiv.com"."""
    outlet = known(name)
    if outlet is None and is_domain(name):
        labels = name.lower().split(".")
        outlet = known(".".join(labels[-2:])) or known(labels[-2])
        if outlet is None and len(labels[-2]) > _EXACT:
            return fold_name(labels[-2])
    return outlet.key if outlet else fold_name(name)


def _weight(word: str) -> tuple[bool, int]:
    return not is_article(word), len(word)


def _same_words(tokens: Sequence[Token], words: Sequence[str]) -> bool:
    # The last word first: many names share their first ("New York ...").
    return fold_word(tokens[-1].text) == words[-1] and [fold_word(token.text) for token in tokens] == [*words]


def _printed_alike(tokens: Sequence[Token], outlet: Outlet) -> bool:
    """Whether the case of the words is that of a name: as listed where it is short, else with a capital."""
    first = tokens[0].text
    if len(tokens) == 1 and len(first) <= _EXACT and outlet.name.isascii():
        return first == outlet.name or (outlet.name in (first.upper(), first.capitalize()) and first.isupper())
    if is_article(first):  # "le Monde" in running text
        first = tokens[1].text if len(tokens) > 1 else ""
    return not first[:1].islower() or outlet.name[0].islower()


@cache
def _index() -> _Index:
    by_first: dict[str, list[tuple[tuple[str, ...], Outlet]]] = {}
    by_name: dict[str, Outlet] = {}
    by_longest: dict[str, list[frozenset[str]]] = {}
    for outlet in _read(files("ingest.lang").joinpath("outlets.txt").read_text(encoding="utf-8")):
        words = tuple(fold_word(token.text) for token in tokens_of(outlet.name))
        by_first.setdefault(words[0], []).append((words, outlet))
        by_name.setdefault(fold_name(outlet.name), outlet)
        by_longest.setdefault(max(words, key=_weight), []).append(frozenset(words))
    domains = {outlet.key: outlet.name for outlet in reversed(by_name.values()) if is_domain(outlet.name)}
    return _Index(
        {first: tuple(sorted(rows, key=lambda row: -len(row[0]))) for first, rows in by_first.items()},
        by_name,
        frozenset(tokens_of(outlet.name)[0].low for outlet in by_name.values() if outlet.name[0].islower()),
        domains,
        {word: tuple(names) for word, names in by_longest.items()},
    )


def _read(table: str) -> Iterator[Outlet]:
    section = ""
    for line in table.splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith("#"):
            spellings = [spelling.strip() for spelling in line.split("=")]
            key = fold_name(spellings[0].lstrip("? "))
            for spelling in spellings:
                yield Outlet(key, spelling.lstrip("? "), spelling.startswith("?"), section)
