"""What the pages of `newsmill browse` are made of: texts in pieces, directions, addresses, words."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.browse import charts, copying, render, words
from flows.browse.lists import read_form
from flows.browse.serve import is_loopback
from flows.browse.site import Menus
from flows.browse.texts import Mark, by_link, cut, direction, is_web_address, joined, marked, merged, paragraphs, tag
from ingest.language import LANGUAGES
from ingest.link import Relation
from ingest.outcome import Reason
from storage.browse.copying import Copied

RECORD_PAGE = (Path(__file__).parents[2] / "docs" / "record.md").read_text(encoding="utf-8")


def codes(heading: str) -> set[str]:
    """The codes that docs/record.md explains under a heading."""
    section = RECORD_PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE))


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(0, 70), st.integers(0, 70)), max_size=6), st.data())
def test_pieces_are_the_text_and_know_their_passages(
    text: str, spans: list[tuple[int, int]], data: st.DataObject
) -> None:
    """Whatever passages overlap, the pieces of a part join to it, and each letter has the numbers it lies in."""
    marks = [Mark(start=start, end=end, number=at) for at, (start, end) in enumerate(spans, 1) if start < end]
    first = data.draw(st.integers(0, len(text)))
    last = data.draw(st.integers(first, len(text)))
    pieces = cut(text, (first, last), marks)
    assert "".join(piece.text for piece in pieces) == text[first:last]
    at = first
    for piece in pieces:
        for place in range(at, at + len(piece.text)):
            assert piece.numbers == tuple(mark.number for mark in marks if mark.start <= place < mark.end)
        assert piece.opens == tuple(mark.number for mark in marks if mark.start == at)
        at += len(piece.text)


SPANS = st.lists(st.tuples(st.sampled_from(["link", "bold", "italic", "cell"]), st.integers(0, 40), st.integers(0, 40)))


@given(st.text(max_size=40), st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=3), SPANS)
def test_links_and_emphasis_cost_no_letter(
    text: str, passages: list[tuple[int, int]], spans: list[tuple[str, int, int]]
) -> None:
    """Each letter has the marks that it lies in, each passage still begins once, whatever overlaps."""
    numbered = [Mark(start=start, end=end, number=at) for at, (start, end) in enumerate(passages, 1) if start < end]
    marks: list[dict[str, Any]] = [
        {"type": kind, "start": start, "end": end, "href": "https://a.example/"} for kind, start, end in spans
    ]
    plain = cut(text, (0, len(text)), numbered)
    pieces = marked(plain, marks)
    assert "".join(piece.text for piece in pieces) == text
    assert [one for piece in pieces for one in piece.opens] == [one for piece in plain for one in piece.opens]
    at = 0
    for piece in pieces:
        for place in range(at, at + len(piece.text)):
            over = {one["type"] for one in marks if one["start"] <= place < one["end"]}
            assert (piece.href is not None, piece.bold, piece.italic) == tuple(
                kind in over for kind in ("link", "bold", "italic")
            )
        at += len(piece.text)
    assert [piece for _, run in by_link(pieces) for piece in run] == pieces


def test_words_that_both_texts_have_are_told_from_those_that_differ() -> None:
    """Within a passage a piece is the same or not."""
    pieces = cut("the red boat sank", (0, 17), [Mark(start=4, end=17, number=1)], [(8, 17)])
    assert [(piece.text, piece.numbers, piece.same) for piece in pieces] == [
        ("the ", (), False),
        ("red ", (1,), False),
        ("boat sank", (1,), True),
    ]


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=6), st.integers(0, 30), st.integers(0, 30))
def test_a_piece_is_the_same_where_any_run_of_words_is(spans: list[tuple[int, int]], one: int, other: int) -> None:
    """Runs may overlap and stand in any order, as those of several passages do; a part may begin within one."""
    runs = [(start, end) for start, end in spans if start < end]
    first, last = sorted((one, other))
    at = first
    for piece in cut("x" * 30, (first, last), [], merged(runs)):
        for place in range(at, at + len(piece.text)):
            assert piece.same == any(start <= place < end for start, end in runs)
        at += len(piece.text)
    assert at == last


def test_a_long_text_is_cut_at_once() -> None:
    """Ten thousand paragraphs with eighty thousand runs take no time by the product of both, which is minutes."""
    text = "\n\n".join(["ab cd ef gh ij kl mn op"] * 10_000)
    runs = merged((at, at + 2) for at in range(0, len(text) - 1, 3))
    pieces = [piece for place in paragraphs(text) for piece in cut(text, place, [], runs)]
    assert sum(len(piece.text) for piece in pieces if piece.same) > len(text) // 2


@given(st.lists(st.text(alphabet="ab \n", max_size=5), min_size=1, max_size=5))
def test_places_of_parts_are_those_in_the_joined_text(parts: list[str]) -> None:
    """A part with blank lines in it is one part still."""
    whole = "\n\n".join(parts)
    assert [whole[start:end] for start, end in joined(parts)] == parts
    assert "\n\n".join(whole[start:end] for start, end in paragraphs(whole)) == whole


@pytest.mark.parametrize(
    ("language", "expected"),
    [("ar", "rtl"), ("fa", "rtl"), ("ur-PK", "rtl"), ("he", "rtl"), ("sv", "ltr"), ("zh-Hant", "ltr"), ("und", "auto")],
)
def test_a_text_runs_as_its_language_does(language: str, expected: str) -> None:
    """Arabic, Hebrew, Persian and Urdu from the right; what is not known as its letters say."""
    assert expected == direction(language)
    assert (language == "und") == (tag(language) == "")


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\nscript:alert(1)",
        " javascript:alert(1)",
        "\x01javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "//courier.example/x",
        "/records",
        "http://",
        "https:///x",
        "http://[broken",
        "https://courier.example/a b",
        "",
        None,
    ],
)
def test_only_addresses_of_the_web_become_links(address: str | None) -> None:
    """What runs something, lies on this machine or is no address is text."""
    assert not is_web_address(address)


def test_addresses_of_the_web_are_links() -> None:
    """Also with letters of other scripts, and in capitals."""
    for address in ("https://courier.example/", "HTTP://courier.example/ä?b=<c>", "http://почта.example:8080/"):
        assert is_web_address(address)


def test_every_code_has_words() -> None:
    """Reasons, relations, flags, evidence and languages are told in words."""
    assert set(words.REASONS) == set(Reason)
    assert set(words.RELATIONS) == {*Relation, "quoted_by"}
    assert set(words.FLAGS) == codes("Flags")
    assert set(words.EVIDENCE) == codes("Evidence")
    assert set(words.STATES) == {"complete", "partial", "pending", "unsupported", "not_needed"}
    assert {code.lower() for code in LANGUAGES} <= set(words.LANGUAGES)


def test_a_code_without_words_stands_for_itself() -> None:
    """A database of a newer newsmill can be looked at."""
    assert words.flag("quite_new") == "quite new"
    assert words.evidence("not_published_first") == "against it: the original was published before it"
    assert words.language("xx") == "xx"
    assert words.reason(None) == ""


def test_bars_and_columns_keep_their_proportions() -> None:
    """The longest fills the room; nothing divides by nought."""
    assert [(one.kind, one.start, one.width) for one in charts.stack([("a", 3), ("b", 0), ("c", 1)], 8)] == [
        ("a", 0.0, 37.5),
        ("c", 37.5, 12.5),
    ]
    tall, short, none = charts.columns([("0", 10), ("1", 5), ("2", 0)]).columns
    assert tall.height == 2 * short.height
    assert none.height == 0
    assert charts.stack([("a", 0)], 0) == []
    assert list(charts.columns([]).columns) == []


def test_filters_are_read_and_wrong_days_said() -> None:
    """What is no day is left out, and nothing that a database would choke on goes on."""
    form = read_form({"q": " a\0b ", "from": "2026-02-30", "to": "2026-03-01", "originals": "1"})
    assert (form.query, form.first_day, form.last_day, form.originals) == ("ab", "", "2026-03-01", True)
    assert "2026-02-30" in form.wrong[0]
    assert form.address(after="x") == "/records?q=ab&to=2026-03-01&originals=1&after=x"
    assert read_form({"from": "20260301"}).first_day == ""


@pytest.mark.parametrize(
    ("host", "local"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("::", False)],
)
def test_loopback_is_told_from_the_rest(host: str, local: bool) -> None:
    """Who may come from elsewhere is told so, and asked under any name."""
    assert local == is_loopback(host)


def test_menus_are_read_once_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is new is offered after a minute."""
    times = itertools.count(1)
    now = [0.0]
    monkeypatch.setattr("storage.browse.listing.choices", lambda tx: ([("sv", next(times))], []))
    menus = Menus(clock=lambda: now[0])
    seen = []
    for now[0] in (0.0, 59.0, 61.0, 62.0):
        seen.append(menus.languages_and_sources(None)[0][0][1])  # type: ignore[arg-type]
    assert seen == [1, 1, 2, 2]


def test_delays_between_outlets_are_counted_and_told() -> None:
    """Pair by pair of outlets, the one in the middle; an undated one counts, and has no delay."""

    def pair(outlet: str, dated: str | None) -> Copied:
        return Copied(
            id="1", title=None, outlet=outlet, dated=dated, relation="near", original_id="2", original_title=None,
            original_outlet="post", original_dated="2026-03-14T10:00:00+00:00",
        )  # fmt: skip

    found = [pair("mirror", f"2026-03-14T{hour}:00:00+00:00") for hour in (11, 12, 23)]
    cells = copying.counted([*found, pair("mirror", None), pair("late", None)])
    assert cells == {
        ("post", "mirror"): copying.Cell(count=4, hours=2.0),
        ("post", "late"): copying.Cell(count=1, hours=None),
    }
    told = [render._delay(hours) for hours in (0.25, 2.0, 47.0, 72.0, -3.0, None)]
    assert told == ["15 min", "2 h", "47 h", "3 days", "−3 h", ""]
