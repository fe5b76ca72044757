"""Residue: taken out of the text, kept with a reason."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.pages import ENGLISH, GERMAN, RUSSIAN, SWEDISH, URL, article_html, page

from ingest.clean import clean
from ingest.extract.page import extract
from ingest.model import Article, Attribution, Block, Citation, Residue, Role

ORIGINAL = "https://first.example.com/ferry"
OTHER = "http://www.second.example.com/a?b=1"


def _article(*texts: str) -> Article:
    article = extract(page(article_html()))
    assert isinstance(article, Article)
    return replace(article, blocks=tuple(Block(text=text) for text in texts))


def _texts(article: Article) -> list[str]:
    return [block.text for block in article.blocks]


def test_clean_text_is_left_alone() -> None:
    """An article without residue is unchanged."""
    article = _article(ENGLISH, SWEDISH)
    assert article == clean(article)


@pytest.mark.parametrize("marker", ["[ad_1]", "[AD_2]", "[ad]", "[/ad_1]"])
def test_places_for_advertisements(marker: str) -> None:
    """Markers that a plug-in leaves go."""
    cleaned = clean(_article(marker, ENGLISH))
    assert _texts(cleaned) == [ENGLISH]
    assert (Residue(text=marker, rule="ad_marker"),) == cleaned.residue


@pytest.mark.parametrize("line", ["Source link", "SOURCE LINK »", "Quelle:", "Källa", "Источник"])
def test_words_of_a_source_link(line: str) -> None:
    """The bare words of a link to the original are no text; a sentence that starts with them is."""
    sentence = line + " der Nachricht ist das Hafenamt."
    cleaned = clean(_article(GERMAN, sentence, line))
    assert [GERMAN, sentence] == _texts(cleaned)
    assert (Residue(text=line, rule="source_link"),) == cleaned.residue


def test_a_lone_address_at_the_end_names_the_original() -> None:
    """Who copies a text and gives one address below it says where it is from."""
    cleaned = clean(_article(RUSSIAN, f"<{ORIGINAL}>"))
    assert _texts(cleaned) == [RUSSIAN]
    assert Attribution(original_url=ORIGINAL, original_name="first.example.com") == cleaned.attribution
    assert (Residue(text=ORIGINAL, rule="bare_url", moved_to="attribution.original_url"),) == cleaned.residue
    assert cleaned.citations == ()


def test_an_address_before_residue_still_stands_at_the_end() -> None:
    """What follows the address and is residue itself does not count."""
    assert clean(_article(ENGLISH, ORIGINAL, "[ad_2]")).attribution.original_url == ORIGINAL


@pytest.mark.parametrize(
    "texts",
    [
        (ENGLISH, ORIGINAL, SWEDISH),
        (ENGLISH, URL + "/comments"),
        (ENGLISH, ORIGINAL, OTHER),
    ],
    ids=["inside the text", "of the site itself", "one of two"],
)
def test_other_addresses_are_cited(texts: tuple[str, ...]) -> None:
    """An address on a line of its own anywhere else is a citation: it is moved, never lost."""
    cleaned = clean(_article(*texts))
    assert [text for text in texts if not text.startswith("http")] == _texts(cleaned)
    assert [text for text in texts if text.startswith("http")] == [one.url for one in cleaned.citations]
    assert {"citations"} == {one.moved_to for one in cleaned.residue}
    assert Attribution() == cleaned.attribution


def test_citations_bear_the_name_of_their_host() -> None:
    """An address that has no readable host is cited without a name."""
    cleaned = clean(_article(ENGLISH, OTHER, "http://[::1/a", SWEDISH))
    assert (
        Citation(name="second.example.com", date=None, url=OTHER),
        Citation(name=None, date=None, url="http://[::1/a"),
    ) == cleaned.citations


def test_a_known_original_is_not_overruled() -> None:
    """What the page's own link said stands; the address below the text is cited."""
    known = Attribution(original_url=ORIGINAL, original_name="first.example.com")
    cleaned = clean(replace(_article(ENGLISH, OTHER), attribution=known))
    assert (known, [OTHER]) == (cleaned.attribution, [one.url for one in cleaned.citations])


def test_an_address_inside_a_sentence_stays() -> None:
    """Only lines that are nothing but an address move."""
    assert [f"See {ORIGINAL} for more."] == _texts(clean(_article(f"See {ORIGINAL} for more.")))


LINES = st.sampled_from([ENGLISH, SWEDISH, "[ad_1]", "Source link", ORIGINAL, OTHER, "http://[", "Quelle"])


@given(st.lists(LINES, max_size=6))
def test_nothing_is_lost(texts: list[str]) -> None:
    """Every block is kept or is residue, and cleaning twice is cleaning once."""
    cleaned = clean(_article(*texts))
    assert sorted(texts) == sorted([*_texts(cleaned), *(one.text for one in cleaned.residue)])
    assert cleaned == clean(cleaned)


def test_roles_are_kept() -> None:
    """Cleaning changes no block that it keeps."""
    blocks = (Block(text="The ferry", role=Role.HEADING), Block(text=ENGLISH), Block(text=SWEDISH, role=Role.QUOTE))
    assert blocks == clean(replace(_article(), blocks=(*blocks, Block(text="[ad_1]")))).blocks
