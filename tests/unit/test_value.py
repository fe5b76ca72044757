"""The one boundary for text: what any string becomes that enters a value."""

from __future__ import annotations

import dataclasses
import inspect
from datetime import UTC, datetime
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.making import make_page
from support.unfit import CONTROL, STRINGS, UNFIT, strings_in, unfit_page

from ingest import link, model, outcome
from ingest.model import Article, Block, Page, Provenance, Record, Seed, UrlKey, Validators
from ingest.outcome import Reason, Rejection, Stage
from ingest.pipeline import TEXT_REPAIRED, process_page
from ingest.value import LONGEST_LINE, LONGEST_TEXT, MOST_ITEMS, Value, well_formed, well_formed_json


@pytest.mark.parametrize(
    ("text", "fit"),
    [
        ("Storm \ud800 over", "Storm  over"),
        ("cut \ud83d", "cut "),
        ("\ud83d\ude00", "\U0001f600"),
        ("\ude00\ud83d\ude00\ud83d", "\U0001f600"),
        ("a\0b\x07c\x1b[31m\x7f", "abc[31m"),
        ("\x93quoted\x94, it\x92s 5 \x80 \x81", "“quoted”, it’s 5 € "),
        ("one\r\ntwo\rthree\nfour\tfive", "one\ntwo\nthree\nfour\tfive"),
        ("page\x0cpage\x0bline\x1fend", "page\npage\nline end"),
        ("a\ufffe\uffffb", "ab"),
        ("right \u202eto\u202c left \u200f", "right \u202eto\u202c left \u200f"),
        ("\ufdd0\U0001fffe\u00ad\ufffd\ufeff", "\ufdd0\U0001fffe\u00ad\ufffd\ufeff"),
    ],
)
def test_what_no_reader_takes_goes_or_becomes_what_was_meant(text: str, fit: str) -> None:
    """Pairs of halves become the character, numbers of windows-1252 its characters, other controls nothing."""
    assert well_formed(text) == fit


@given(STRINGS)
def test_any_string_is_text_afterwards(text: str) -> None:
    """Nothing unfit is left, a second time changes nothing, and what was fit is the very same string."""
    fit = well_formed(text)
    assert CONTROL.search(fit) is None
    assert fit.encode().decode() == fit
    assert well_formed(fit) is fit
    assert (fit is text) == (CONTROL.search(text) is None)


@given(st.recursive(STRINGS | st.none() | st.integers(), lambda one: st.lists(one) | st.dictionaries(STRINGS, one)))
def test_what_json_holds_is_text_at_any_depth(data: object) -> None:
    """Strings, and the names of members."""
    assert not any(CONTROL.search(one) for one in strings_in(well_formed_json(data)))


@pytest.mark.parametrize("module", [model, outcome, link])
def test_no_value_can_forget_the_boundary(module: ModuleType) -> None:
    """Every dataclass that the stages hand on is a `Value`, whatever its fields are."""
    made = [one for _, one in inspect.getmembers(module, dataclasses.is_dataclass) if one.__module__ == module.__name__]
    assert made
    assert [one for one in made if not issubclass(one, Value)] == []  # type: ignore[arg-type]


@given(STRINGS, STRINGS)
def test_values_hold_text(one: str, other: str) -> None:
    """Whatever a value is made of, all its strings are text, also those in lists and pairs."""
    seed = Seed(url=one, source=other, title=one, language=other, validators=Validators(etag=one))
    made = article(title=one, tags=(one, other), origins=((one, other),), image=other, licence=one)
    refused = Rejection(url=one, source=other, stage=Stage.FETCH, reason=Reason.BAD_URL, detail=one)
    assert not any(CONTROL.search(text) for text in strings_in((seed, made, refused)))


def test_what_is_too_long_is_cut() -> None:
    """A title and a paragraph are cut, a list is shortened; part of an address is none."""
    long = "x" * (LONGEST_TEXT + 1)
    made = article(title=long, image=f"https://courier.example/{long}", tags=("a",) * (MOST_ITEMS + 1))
    assert made.title == "x" * LONGEST_LINE
    assert made.image is None
    assert len(made.tags) == MOST_ITEMS
    assert len(Block(text=long).text) == LONGEST_TEXT


def test_of_what_nothing_is_left_is_missing() -> None:
    """A title of controls is none, a tag of them is left out; a pair stays a pair."""
    made = article(title="\x01", tags=("\ud800", "ferry"), origins=(("title", "\0"),))
    assert (made.title, made.tags, made.origins) == (None, ("ferry",), (("title", ""),))


def test_headers_stay_as_they_were_on_the_wire() -> None:
    """They go into the archive, a character for a byte; read as text they are text."""
    page = Page(seed=Seed(url="u"), final_url="u", body=b"", fetched_at=NOW, headers=(("ETag", "\x85\xc3\x84"),))
    assert page.headers == (("ETag", "\x85\xc3\x84"),)
    assert page.header("etag") == "…\xc3„"


@pytest.mark.parametrize("name", UNFIT)
def test_a_page_with_such_text_in_every_field_becomes_a_record_that_says_so(name: str) -> None:
    """The article is there, all its strings are text of bounded length, and the record is flagged if any was not."""
    record = process_page(make_page(unfit_page(UNFIT[name])))
    assert isinstance(record, Record)
    assert "harbour board of Port Ellery" in record.article.text
    assert not any(CONTROL.search(text) for text in strings_in(record))
    assert all(len(text) <= LONGEST_TEXT for text in strings_in(record))
    assert all(len(text) <= LONGEST_LINE for text in (record.article.title or "", *record.article.tags))
    assert (TEXT_REPAIRED in record.article.flags) == (name != "an override of direction")


def test_an_ordinary_page_is_not_flagged() -> None:
    """What is fit passes as it is."""
    record = process_page(make_page(unfit_page("Storm over the harbour")))
    assert isinstance(record, Record)
    assert record.article.title == "Storm over the harbour"
    assert TEXT_REPAIRED not in record.article.flags


NOW = datetime(2026, 3, 14, tzinfo=UTC)


def article(**fields: object) -> Article:
    """An article with these fields."""
    provenance = Provenance(
        status=None, content_type=None, charset=None, body_sha256="", fetched_at=NOW, extractor="test"
    )
    known: dict[str, object] = {
        "key": UrlKey("k"),
        "url": "u",
        "requested_url": "u",
        "canonical_url": None,
        "source": None,
        "publisher": None,
        "title": None,
        "blocks": (),
        "provenance": provenance,
    }
    return Article(**(known | fields))  # type: ignore[arg-type]
