"""ingest.dedup.stems, .weights and .tokens"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.dedup.stems import stem
from ingest.dedup.tokens import tokenise
from ingest.dedup.weights import RARE_WEIGHT, UNKNOWN_WEIGHT, table_language, weight


def test_words_are_lower_case_with_their_places() -> None:
    """Every word is given with the offsets at which it stands in the text."""
    text = "The Mayor's 1,250 bees!"
    tokens = tokenise(text, "en")
    assert tokens.words == ("the", "mayor", "s", "1250", "bees")
    assert [text[start:end] for start, end in zip(tokens.starts, tokens.ends, strict=True)] == [
        "The",
        "Mayor",
        "s",
        "1,250",
        "bees",
    ]


@pytest.mark.parametrize("text", ["", " \n ", "... - !"])
def test_a_text_without_words_has_no_tokens(text: str) -> None:
    """Punctuation and space make no words."""
    assert len(tokenise(text, "en")) == 0


def test_a_decomposed_accent_is_part_of_the_word() -> None:
    """Both Unicode normal forms of a word are the same word."""
    assert tokenise("cafe\u0301", "fr").words == tokenise("caf\u00e9", "fr").words == ("caf\u00e9",)


def test_soft_hyphens_and_joiners_are_dropped() -> None:
    """Invisible characters inside a word do not part it."""
    assert tokenise("co\u00adope\u200drate", "en").words == ("cooperate",)


def test_vowel_signs_do_not_part_a_hindi_word() -> None:
    """Combining vowels belong to the word."""
    assert tokenise("प्रधानमंत्री ने", "hi").words == ("प्रधानमंत्री", "ने")


def test_japanese_is_read_in_overlapping_pairs() -> None:
    """A script without spaces gives pairs of characters, each in its place."""
    tokens = tokenise("新しい橋 2", "ja")
    assert tokens.words == ("新し", "しい", "い橋", "2")
    assert tokens.starts == (0, 1, 2, 5)
    assert tokens.ends == (2, 3, 4, 6)


def test_thai_is_read_in_fours() -> None:
    """Four characters, as one or two are no syllable."""
    assert tokenise("สะพานใหม่", "th").words[0] == "สะพา"


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("en", ("reports", "reported", "reporting")),
        ("sv", ("broarna", "broar", "bron")),
        ("de", ("Brücken", "Brücke")),
        ("ru", ("мостами", "моста", "мосты")),
        ("fi", ("sillanrakentaja", "sillanrakentajien")),
    ],
)
def test_forms_of_a_word_share_a_stem(language: str, forms: tuple[str, ...]) -> None:
    """Inflection does not hide that it is the same word."""
    assert len({tokenise(form, language).stems for form in forms}) == 1


@given(st.text(alphabet=st.characters(categories=["Ll"]), min_size=1), st.sampled_from(["en", "sv", "ru", "fi", "ko"]))
def test_a_stem_is_a_beginning_of_its_word(word: str, language: str) -> None:
    """Stemming only cuts, and leaves something."""
    assert stem(word, language)
    assert word.startswith(stem(word, language))


def test_the_same_word_differs_between_languages() -> None:
    """Stems are salted: a German "die" is no English one."""
    assert tokenise("die", "de").stems != tokenise("die", "en").stems


@pytest.mark.parametrize(("one", "other"), [("en-GB", "en"), ("zh_TW", "zh"), ("nn", "no"), ("hr", "sr"), ("EN", "en")])
def test_variants_of_a_language_share_a_table(one: str, other: str) -> None:
    """Region, script and close relatives do not keep texts apart."""
    assert table_language(one) == table_language(other)


def test_rarer_words_weigh_more() -> None:
    """The order of weights is the order of rarity."""
    assert weight("the", "en") < weight("bridge", "en") < weight("harbour", "en") < UNKNOWN_WEIGHT
    assert weight("qvorlinghast", "en") == UNKNOWN_WEIGHT


def test_years_weigh_less_than_other_long_numbers() -> None:
    """Half of the news names the year."""
    assert weight("7", "en") == 0
    assert weight("2025", "en") < weight("314", "en") < weight("31415", "en")


def test_a_language_without_a_table_is_weighted_by_length() -> None:
    """Basque has no frequency table: long words count as rare, short ones as common."""
    assert weight("eta", "eu") < weight("zubia", "eu") < weight("eraikuntza", "eu")
    assert weight("eraikuntza", "eu") >= RARE_WEIGHT
