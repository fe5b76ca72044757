"""What people type into a search, understood, and said again in the words of each database."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.errors import InputError
from storage.search.folding import folded_words, is_word
from storage.search.folding import words as spans
from storage.search.names import name_keys
from storage.search.stems import stems_anywhere

_TERM = re.compile(r'(?P<minus>-?)(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))(?P<star>\*?)')
LONGEST = 400
"""Letters of a word; PostgreSQL takes 2 KB, and no word has so many."""
STEM = "~"
"""Before a stem in PostgreSQL, where stems and words lie together; no word has it."""
_TERMS = 50
_SIGNS = {"OR": True, "|": True, "AND": False, "&": False}
"""What stands between words, and whether one of them is enough."""
_QUOTES = str.maketrans("“”„«»", '"' * 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Words that must follow one another; with `begins` the last is only the beginning of one.

    `keys` are those of a name in any spelling (see `storage.search.names`), `stems` those of the word in each language
    that it may be of (see `storage.search.stems`). One of them is enough.
    """

    words: tuple[str, ...]
    begins: bool = False
    keys: tuple[str, ...] = ()
    stems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Of each group one term must be found, and none of `without`."""

    groups: tuple[tuple[Term, ...], ...]
    without: tuple[Term, ...] = ()


def parse_query(text: str) -> Query:
    """Understand a query: words, "phrases", OR between two of them, -without, begin*. AND may be said, and is meant.

    Raises:
        InputError: it says nothing that could be searched; the message says why.
    """
    text = text.translate(_QUOTES)
    if text.count('"') % 2:
        raise InputError("the query has a quotation mark without its partner")
    groups: list[tuple[Term, ...]] = []
    without: list[Term] = []
    joining = False
    for found in _TERM.finditer(text):
        if found["word"] in _SIGNS:
            if joining or not groups:
                raise InputError(f"the query has {found['word']} without a word on either side")
            joining = _SIGNS[found["word"]]
        elif (term := _term(found)) is not None:
            if found["minus"]:
                without.append(term)
            elif joining:
                groups[-1] = (*groups[-1], term)
            else:
                groups.append((term,))
            joining = False
    if joining:
        raise InputError("the query ends with OR: say what else may be found")
    return _sensible(Query(groups=tuple(groups), without=tuple(without)))


def _sensible(query: Query) -> Query:
    if len(query.without) + sum(map(len, query.groups)) > _TERMS:
        raise InputError(f"the query has more than {_TERMS} words: leave some out")
    if not query.groups:
        raise InputError("the query has no word to look for" + (" beside those to leave out" if query.without else ""))
    return query


def for_sqlite(query: Query, *, in_titles: bool = False) -> str:
    """The query in the language of FTS5; with `in_titles` of titles that have all of its words.

    Words are letters and digits alone, so nothing in them means anything else.
    """
    wanted = " AND ".join(f"({' OR '.join(_fts5(term) for term in group)})" for group in query.groups)
    if in_titles:
        wanted = f"{{title title_stems}} : ({wanted})"
    if not query.without:
        return wanted
    return f"({wanted}) NOT ({' OR '.join(_fts5(term) for term in query.without)})"


def for_postgresql(query: Query, *, in_titles: bool = False) -> str:
    """The same as a tsquery; `storage.search.index` says which weights and marks the words have there."""
    wanted = [f"({' | '.join(_tsquery(term, in_titles=in_titles) for term in group)})" for group in query.groups]
    return " & ".join([*wanted, *(f"!({_tsquery(term)})" for term in query.without)])


def _term(found: re.Match[str]) -> Term | None:
    """What is searched for; ``None`` where only signs stand."""
    phrase, word = found["phrase"], found["word"] or ""
    begins = bool(found["star"]) or word.endswith("*")
    words = tuple(folded_words(phrase if phrase is not None else word))
    if not words:
        return None
    if any(len(one) > LONGEST for one in words) or len(words) > _TERMS:
        raise InputError(f"no text has a word of {LONGEST} letters, or a phrase of {_TERMS} words, to be looked for")
    if begins and len(words) == 1 and len(words[0]) < 2 and not is_word(words[0]):
        raise InputError(f"{words[0]}* fits too many words: give two letters or more before the *")
    spelled = phrase is not None or begins or found["minus"]
    bare = "" if spelled else word.strip("\"'“”„«»().,;:!?")
    if not bare or list(spans(bare)) != [(0, len(bare))]:
        return Term(words=words, begins=begins)
    return Term(words=words, begins=begins, keys=name_keys(bare), stems=stems_anywhere(bare))


def _fts5(term: Term) -> str:
    """FTS5's string of words is a phrase."""
    words = '{title text about} : "' + " ".join(term.words) + ('" *' if term.begins else '"')
    names = [f'names : "{key}"' for key in term.keys]
    stems = ["{title_stems stems} : (" + " OR ".join(f'"{one}"' for one in term.stems) + ")"] if term.stems else []
    return "(" + " OR ".join([words, *names, *stems]) + ")"


def _tsquery(term: Term, *, in_titles: bool = False) -> str:
    last = len(term.words) - 1
    weights = "A" if in_titles else "ABC"
    words = [f"'{word}':{'*' if term.begins and at == last else ''}{weights}" for at, word in enumerate(term.words)]
    names = [] if in_titles else [f"'{key}':D" for key in term.keys]
    stems = [f"'{STEM}{one}':{'B' if in_titles else 'BD'}" for one in term.stems]
    alternatives = ["(" + " <-> ".join(words) + ")", *names, *stems]
    return "(" + " | ".join(alternatives) + ")"
