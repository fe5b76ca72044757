"""Queries: what people type, understood the same for both databases, and what cannot be searched said in one line."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import InputError
from storage.search.folding import fold, folded_words
from storage.search.query import Query, Term, for_postgresql, for_sqlite, parse_query


def term(*words: str, begins: bool = False, keys: tuple[str, ...] = ()) -> Term:
    """A term."""
    return Term(words=words, begins=begins, keys=keys)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ferry", Query(groups=((term("ferry", keys=("var",)),),))),
        ("12 an", Query(groups=((term("12"),), (term("an"),)))),
        ("12 AND an", Query(groups=((term("12"),), (term("an"),)))),
        ("12 OR an me", Query(groups=((term("12"), term("an")), (term("me"),)))),
        ("12 | an | me", Query(groups=((term("12"), term("an"), term("me")),))),
        ('"Ny Färja" -"i dag" -öl', Query(groups=((term("ny", "farja"),),), without=(term("i", "dag"), term("ol")))),
        ("fär*", Query(groups=((term("far", begins=True),),))),
        ('"ny fär"*', Query(groups=((term("ny", "far", begins=True),),))),
        ("a-b", Query(groups=((term("a", "b"),),))),
        ("«ny öl»", Query(groups=((term("ny", "ol"),),))),
        ("北京大学", Query(groups=((term("北", "京", "大", "学"),),))),
        ("12 ... ()", Query(groups=((term("12"),),))),
    ],
)
def test_a_query_is_understood(text: str, expected: Query) -> None:
    """Words, phrases, OR, minus, beginnings; signs mean nothing."""
    if text == "ferry":  # too short for a key of a name
        expected = Query(groups=((term("ferry"),),))
    query = parse_query(text)
    bare = tuple(tuple(replace(one, stems=()) for one in group) for group in query.groups)
    assert expected == replace(query, groups=bare)
    for one in (one for group in query.groups for one in group):
        assert bool(one.stems) == (
            len(one.words) == 1 and one.words[0].isalpha() and not one.begins and one.words[0] < "я"
        )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no word"),
        ("?!", "no word"),
        ("-ferry", "beside those to leave out"),
        ('"ny färja', "without its partner"),
        ("OR ferry", "without a word on either side"),
        ("ferry OR", "ends with OR"),
        ("ferry OR OR harbour", "without a word on either side"),
        ("a*", "fits too many words"),
        ("ferry " * 51, "more than 50 words"),
        ("x" * 401, "no text has"),
        ('"' + "so " * 51 + '"', "no text has"),
    ],
)
def test_what_cannot_be_searched_is_said(text: str, message: str) -> None:
    """A query that makes no sense is one clear line."""
    with pytest.raises(InputError, match=message):
        parse_query(text)


@given(st.text(alphabet=st.characters(codec="utf-8")) | st.text(alphabet="ab\"*-()OR AND^:{}+~'\\|&!<>ö", max_size=30))
def test_no_query_is_an_error_of_sql(text: str) -> None:
    """Whatever is typed is either refused in words or understood by the database."""
    try:
        query = parse_query(text)
    except InputError:
        return
    with sqlite3.connect(":memory:") as database:
        database.execute("CREATE VIRTUAL TABLE t USING fts5(title, text, names, about, title_stems, stems)")
        database.execute("SELECT * FROM t WHERE t MATCH ?", (for_sqlite(query),)).fetchall()
    database.close()
    # A tsquery is understood if it consists of quoted words, weights and signs.
    assert re.fullmatch(r"(?:'[^'\\]+':\*?[ABCD]+|[()&|! ]|<->)+", for_postgresql(query))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Łódź, Málaga & Århus", ["lodz", "malaga", "arhus"]),
        ("Straße STRASSE", ["strasse", "strasse"]),
        ("٢٠٢٦ ۱۲ २०", ["2026", "12", "20"]),
        ("Ёлка ёлка елка", ["елка", "елка", "елка"]),
        ("مُحَمَّد أحمد", ["محمد", "احمد"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("Τσίπρας ΤΣΙΠΡΑΣ", ["τσιπρασ", "τσιπρασ"]),
        ("新幹線N700系", ["新", "幹", "線", "n700", "系"]),
        ("don't_stop", ["don", "t", "stop"]),
    ],
)
def test_words_are_folded(text: str, words: list[str]) -> None:
    """Case, accents and forms of letters and digits make no difference; unparted scripts are read letter by letter."""
    assert folded_words(text) == words


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    """What is in the index and what is asked for meet, however often either was folded."""
    once = folded_words(text)
    assert folded_words(" ".join(once)) == [word for one in once for word in folded_words(fold(one))]
