"""Each way to say what a page may be used for, read for what it says."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.effort import no_more_than_a_moment
from support.making import make_page
from support.texts import MARKET_NEWS
from support.unfit import CONTROL, STRINGS, strings_in

from ingest.fetch.terms import read_terms
from ingest.lang.lexicon import languages
from ingest.model import Record, Rights, Use
from ingest.pipeline import process_page
from ingest.rights import MODELS, read_headers, read_tdmrep

URL = "https://courier.example/news/story"


def rights_of(head: str = "", headers: tuple[tuple[str, str], ...] = (), foot: str = "") -> Rights:
    """What is read from a page with this in its head, in its headers, and below its text."""
    paragraphs = "".join(f"<p>{one}</p>" for one in MARKET_NEWS.split("\n\n"))
    page = make_page(
        f"<html><head><title>A market</title>{head}</head><body><article><h1>A market</h1>{paragraphs}</article>{foot}"
        "</body></html>".encode(),
        URL,
    )
    made = process_page(replace(page, headers=(*page.headers, *headers)))
    assert isinstance(made, Record)
    return made.article.rights


@pytest.mark.parametrize(
    ("directives", "reserved"),
    [
        ("noai", ("ai",)),
        ("noai, noimageai", ("ai",)),
        ("noimageai", ()),
        ("NOML", ("ai",)),
        ("noindex, follow", ("search",)),
        ("none", ("search",)),
        ("nosnippet", ("search",)),
        ("max-snippet: 0", ("search",)),
        ("max-snippet:50, max-image-preview:large", ()),
        ("index, follow, all", ()),
        ("", ()),
    ],
)
def test_directives_say_the_same_in_a_header_and_in_the_page(directives: str, reserved: tuple[str, ...]) -> None:
    """For everyone, in X-Robots-Tag and in `<meta name="robots">`."""
    in_page = rights_of(f'<meta name="robots" content="{directives}">')
    in_header = rights_of(headers=(("X-Robots-Tag", directives),))
    assert in_page.reserved == in_header.reserved == reserved
    assert {one.origin for one in in_page.evidence} <= {"meta"}
    assert {one.origin for one in in_header.evidence} <= {"header"}


@pytest.mark.parametrize(
    ("header", "reserved"),
    [
        (("X-Robots-Tag", "GPTBot: noindex"), ("ai",)),
        (("x-robots-tag", "ccbot: none"), ("ai", "tdm")),
        (("X-Robots-Tag", "otherbot: noindex, nosnippet"), ()),
        (("TDM-Reservation", "1"), ("tdm",)),
        (("tdm-reservation", " 1 "), ("tdm",)),
        (("tdm-reservation", "0"), ()),
        (("tdm-reservation", "yes"), ()),
        (("Content-Usage", "train-ai=n"), ("ai",)),
        (("Content-Signal", "search=yes, ai-train=no"), ("ai",)),
        (("Content-Signal", "search=no,ai-input=no"), ("ai", "search")),
        (("Content-Type", "noai"), ()),
    ],
)
def test_headers_say(header: tuple[str, str], reserved: tuple[str, ...]) -> None:
    """Every line of them counts, whatever its case."""
    assert rights_of(headers=(("X-Robots-Tag", "all"), header)).reserved == reserved


def test_what_is_reserved_anywhere_is_reserved() -> None:
    """A header that permits does not undo an element that reserves; each word is kept with its place."""
    rights = rights_of('<meta name="tdm-reservation" content="1">', (("tdm-reservation", "0"),))
    assert (rights.tdm, rights.ai) == ("reserved", None)
    assert [(one.origin, one.says) for one in rights.evidence] == [("header", "permitted"), ("meta", "reserved")]
    assert rights_of(headers=(("tdm-reservation", "0"),)).tdm == "permitted"
    assert rights_of() == Rights()


def test_licences_and_lines_of_copyright_are_evidence() -> None:
    """They say no more than they say."""
    rights = rights_of(
        '<link rel="license" href="https://creativecommons.org/licenses/by/4.0/">',
        foot="<footer><p>© 2026 Courier Media. All rights reserved.</p></footer>",
    )
    assert rights.licence == "https://creativecommons.org/licenses/by/4.0/"
    assert rights.reserved == ()
    assert [(one.about, one.says, one.origin) for one in rights.evidence] == [
        ("licence", "stated", "link"),
        ("copyright", "stated", "text"),
    ]


@pytest.mark.parametrize(
    ("robots", "kinds"),
    [
        ("User-agent: GPTBot\nDisallow: /", {"ai"}),
        ("User-agent: gptbot/1.0 # theirs\nUser-agent: nobody\nDisallow: /news/", {"ai"}),
        ("User-agent: CCBot\nDisallow: /", {"ai", "tdm"}),
        ("User-agent: Diffbot\nDisallow: /*story$", {"tdm"}),
        ("User-agent: GPTBot\nDisallow: /private/", set()),
        ("User-agent: GPTBot\nDisallow:", set()),
        ("User-agent: GPTBot\nDisallow: /\nAllow: /news/", set()),
        ("User-agent: ClaudeBot\nAllow: /\n\nUser-agent: GPTBot\nDisallow: /", {"ai"}),
        ("User-agent: rival\nDisallow: /", set()),
        ("User-agent: *\nContent-Signal: search=yes, ai-train=no\nAllow: /", {"ai"}),
        ("User-agent: rival\nContent-Signal: ai-train=no\nDisallow: /", set()),
        ("Content-Usage: train-ai=n", {"ai"}),
        ("", set()),
    ],
)
def test_robots_txt_speaks_to_others(robots: str, kinds: set[str]) -> None:
    """A group counts by the agents that it names and by what it says of the page; signals by who they are for."""
    stated = list(read_terms(robots).of(URL))
    assert {about for _, (about, says, _) in stated if says == "reserved"} == kinds
    assert {origin for origin, _ in stated} <= {"robots.txt"}


@pytest.mark.parametrize(
    ("location", "fits"),
    [
        ("/", True),
        ("/news/", True),
        ("/news/story$", True),
        ("/news$", False),
        ("/*story", True),
        ("/*story$", True),
        ("/*/stor$", False),
        ("*", True),
        ("/sport/*", False),
        ("news", False),
        (7, False),
        (None, False),
    ],
)
def test_tdmrep_json_reserves_by_location(location: object, *, fits: bool) -> None:
    """The first rule that fits counts, and what is no such file says nothing."""
    rules = [{"location": "/none/", "tdm-reservation": 0}, {"location": location, "tdm-reservation": 1}, "x"]
    said = list(read_tdmrep(json.dumps(rules).encode(), URL))
    assert [(about, says) for about, says, _ in said] == ([("tdm", "reserved")] if fits else [])
    assert list(read_tdmrep(b"<html>not found</html>", URL)) == list(read_tdmrep(b'{"a": 1}', URL)) == []
    first = [{"location": "*", "tdm-reservation": 0}, *rules]
    assert [says for _, says, _ in read_tdmrep(json.dumps(first).encode(), URL)] == ["permitted"]


def test_a_crowd_of_groups_hides_nothing() -> None:
    """However many agents are told the same, what is said beside them counts."""
    crowd = "".join(f"User-agent: {one}\nDisallow: /\n\n" for one in sorted(MODELS))
    stated = list(read_terms(crowd).of(URL))
    assert [(about, says) for _, (about, says, _) in stated] == [("ai", "reserved"), ("tdm", "reserved")]
    many = tuple(("X-Robots-Tag", f"{one}: noai") for one in sorted(MODELS - {"ccbot"}))
    rights = rights_of(headers=(*many, ("tdm-reservation", "1")))
    assert rights.reserved == ("ai", "tdm")
    assert len(rights.evidence) <= 30


def test_a_crowd_of_rules_costs_no_time() -> None:
    """A group is read once, whomever it names."""
    names = "".join(f"User-agent: {one}\n" for one in ("GPTBot", "CCBot", "ClaudeBot", "Diffbot", "omgili") * 20)
    with no_more_than_a_moment():
        list(read_terms(names + "Disallow: /*$x\n" * 3_000).of(URL))


@given(st.lists(st.tuples(st.sampled_from(["User-agent", "Disallow", "Content-Signal", "x"]), STRINGS)), STRINGS)
def test_any_text_can_be_read(lines: list[tuple[str, str]], value: str) -> None:
    """Whatever stands in a robots.txt or a header, it says something or nothing, in well-formed words."""
    text = "\n".join(f"{name}: {one}" for name, one in lines)
    assert all(said[0] for _, said in read_terms(text).of(URL))
    assert all(about for about, _, _ in read_tdmrep(json.dumps([{"location": value}]).encode(), URL))
    assert all(about for about, _, _ in read_headers((("X-Robots-Tag", value), ("tdm-reservation", value))))
    rights = rights_of(headers=(("X-Robots-Tag", f"gptbot{value}: noai, noindex"),))
    assert not any(CONTROL.search(one) for one in strings_in(rights))


def test_training_needs_what_mining_needs() -> None:
    """To train a model is to mine a text, and not the other way round."""
    assert set(Use.MINING.subjects) < set(Use.TRAINING.subjects)


OPT_OUTS: dict[str, list[str]] = tomllib.loads(
    (Path(__file__).parents[1] / "fixtures" / "opt_outs.toml").read_text("utf-8")
)


def test_every_language_of_the_lexicon_has_a_line_that_reserves() -> None:
    """Which other tests read."""
    assert set(OPT_OUTS) == set(languages())


@pytest.mark.parametrize("code", OPT_OUTS)
def test_lines_of_copyright_reserve_what_they_name(code: str) -> None:
    """In the foot of a page, with its words as evidence; a use that they do not name stays free."""
    line, about = OPT_OUTS[code]
    rights = rights_of(foot=f"<div class='site-footer'><p>{line}</p><a href='/about'>About us</a></div>")
    assert rights.reserved == (about,)
    (told,) = [one for one in rights.evidence if one.says == "reserved"]
    assert (told.about, told.origin) == (about, "text")
    assert told.text in line


@pytest.mark.parametrize(
    "foot",
    [
        "<footer><p>© 2026 Harbour Post. All rights reserved.</p></footer>",
        "<footer><p>© 2026 Harbour Post. All rights reserved. Text and data mining of it is welcome.</p></footer>",
        "<footer><ul><li>Courses: data mining for beginners</li><li>No parking without permission</li></ul></footer>",
        "<p>A court said that publishers may forbid text and data mining, and that rights not named are reserved.</p>",
    ],
    ids=["all rights", "welcome", "two lines", "a report"],
)
def test_other_lines_reserve_nothing(foot: str) -> None:
    """Rights as such are no opt-out; nor is what an article reports, or what stands in two lines."""
    assert rights_of(foot=foot).reserved == ()


def test_what_the_licence_of_a_page_reserves_counts() -> None:
    """Where it is told in words, in a declaration."""
    rights = rights_of('<meta name="copyright" content="Harbour Post; text and data mining is not permitted">')
    assert rights.reserved == ("tdm",)
