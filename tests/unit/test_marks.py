"""Links, emphasis, levels and cells of a page are marks on its text, which is the same with and without them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.pages import page

import ingest
from ingest.marks import moved, with_text
from ingest.model import Block, Mark, MarkKind, Record
from ingest.pipeline import process_page

URL = "https://news.example/sund/bell"
HEAD = "<html lang=en><head><title>Bell of Sund rings again</title></head><body><main><article>"
TAIL = "</article></main></body></html>"
FILLER = (
    "<p>The old bell was hung on Monday morning in the tower of the harbour museum, where children may ring it.</p>"
    "<p>It had lain in nine metres of water for a hundred and fifty years, and not one letter was lost on its rim.</p>"
)


def read(body: str) -> dict[str, Any]:
    """The record of an article."""
    return ingest.read(f"{HEAD}<h1>Bell of Sund rings again</h1>{body}{FILLER}{TAIL}", url=URL)


def marks_of(record: dict[str, Any]) -> list[tuple[str, str, str | None]]:
    """All marks, with the words that they stand on."""
    return [
        (mark["type"], one["text"][mark["start"] : mark["end"]], mark["href"])
        for one in record["segments"]
        for mark in one["marks"]
    ]


def test_links_and_emphasis_stand_on_their_words() -> None:
    """Addresses are absolute, a mail address may be one; scripts and places in the page are none."""
    record = read(
        '<p>Divers of <a href="/clubs/sund">the club</a> found <b>a bell</b> and <em>two <i>anchors</i></em>, says '
        '<a href="mailto:ann@news.example">Ann Lee</a>. <a href="javascript:alert(1)">Share</a> what you know with '
        '<a href=" https://museum.example/a?b=1&amp;c=(2) ">the museum of Sund</a> and <a>nobody else</a>.</p>'
    )
    assert marks_of(record) == [
        ("link", "the club", "https://news.example/clubs/sund"),
        ("bold", "a bell", None),
        ("italic", "two anchors", None),
        ("italic", "anchors", None),
        ("link", "Ann Lee", "mailto:ann@news.example"),
        ("link", "the museum of Sund", "https://museum.example/a?b=1&c=(2)"),
    ]


def test_headings_and_items_have_their_level() -> None:
    """A heading that of its element, an item how deep it stands."""
    record = read(
        "<h2>What was found by the divers</h2><p>It is a long list, and the museum will show all of it in March.</p>"
        "<h3>In the bay below the lighthouse</h3><ul><li>A bell of bronze, with a name<ul><li>Its clapper, of iron"
        "</li></ul></li><li>Two anchors without a ship</li></ul>"
    )
    levels = {one["text"]: (one["role"], one["level"]) for one in record["segments"] if one["level"]}
    assert levels == {
        "What was found by the divers": ("heading", 2),
        "In the bay below the lighthouse": ("heading", 3),
        "A bell of bronze, with a name": ("list", 1),
        "Its clapper, of iron": ("list", 2),
        "Two anchors without a ship": ("list", 1),
    }


def test_cells_of_a_row_are_marked() -> None:
    """A row is one line of text, in which each cell has its place; an empty one too."""
    record = read(
        "<table><tr><th>Ship</th><th>Built</th><th>Lost</th></tr><tr><td>Aurora of Sund</td><td></td><td>1874, in "
        "<b>March</b></td></tr></table>"
    )
    row = next(one for one in record["segments"] if one["text"].startswith("Aurora"))
    assert row["text"] == "Aurora of Sund | 1874, in March"
    cells = [row["text"][one["start"] : one["end"]] for one in row["marks"] if one["type"] == "cell"]
    assert cells == ["Aurora of Sund", "", "1874, in March"]
    assert ("bold", "March", None) in marks_of(record)


def test_words_that_stand_twice_are_marked_where_the_page_marks_them() -> None:
    """The place counts, not the words."""
    record = read('<p>The bell is a bell, and <a href="/b">the bell</a> is the bell of Sund, say the divers.</p>')
    ((mark, segment),) = [(mark, one) for one in record["segments"] for mark in one["marks"]]
    assert (mark["start"], segment["text"][mark["start"] - 4 : mark["start"]]) == (24, "and ")


def test_a_sentence_that_was_cut_at_its_link_keeps_it() -> None:
    """Marks move with the pieces that are joined, and with what is cut off the end of a line."""
    record = read(
        "<div><p>The harbour master told the newspaper</p><p><a href='https://post.example/x'>Sund Post</a></p><p>that "
        "the bell rang by itself on Sunday night, and that nobody had been near it.</p></div>"
    )
    assert ("link", "Sund Post", "https://post.example/x") in marks_of(record)


@pytest.mark.parametrize("text", ["Bells and anchors\n\nDivers found *a bell* on Monday in the bay of Sund.\n"])
def test_plain_text_has_no_marks(text: str) -> None:
    """Where there is no tree there is nothing to mark."""
    assert marks_of(ingest.read(text)) == []


WORDS = st.sampled_from(["bell", "the bell", "Sund", "ships, and more", "№ 5", "ﬁne", "a", "ö\u00ady", "x  y"])
INLINE = st.sampled_from(
    ["{}", "<b>{}</b>", "<a href='/x'>{}</a>", "<i>{}</i>", " <strong><em>{}</em></strong> ", "<br>{}"]
)


@given(st.lists(st.lists(st.tuples(INLINE, WORDS), min_size=1, max_size=8), min_size=1, max_size=5))
def test_marks_change_no_text_and_fit_it(paragraphs: list[list[tuple[str, str]]]) -> None:
    """Metamorphic: the same page without its links and emphasis gives the same text, and every mark has its words."""
    body = "".join(
        f"<p>It says on the rim: {' '.join(form.format(words) for form, words in one)}, nobody knows why.</p>"
        for one in paragraphs
    )
    markup = f"{HEAD}<h1>Bell of Sund rings again</h1>{body}{FILLER}{TAIL}"
    marked = process_page(page(markup, url=URL))
    bare = process_page(page(re.sub(r"</?(?:b|i|em|strong|a)\b[^>]*>", "", markup), url=URL))
    assert isinstance(marked, Record)
    assert isinstance(bare, Record)
    assert [one.text for one in marked.labels.segments] == [one.text for one in bare.labels.segments]
    assert not any(one.marks for one in bare.labels.segments)
    for one in marked.labels.segments:
        for mark in one.marks:
            assert one.text[mark.start : mark.end] == mark.words == mark.words.strip() != ""


@given(text=st.text("ab *", min_size=1), data=st.data())
def test_what_is_left_out_of_a_text_moves_its_marks(text: str, data: st.DataObject) -> None:
    """Marks stand on the same words afterwards, or are gone."""
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    mark = Mark(kind=MarkKind.BOLD, start=start, end=end, words=text[start:end])
    left = "".join(one for one in text if one != "*")
    for kept in moved([mark], text, left):
        assert left[kept.start : kept.end] == mark.words
    assert with_text(Block(text=text, marks=(mark,)), text).marks == (mark,)
