"""A record as Markdown: who renders it reads the text, the links and the emphasis of the record, and nothing more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.markdown import markdown

PARSER = MarkdownIt("commonmark").enable("table")
NASTY = st.text(alphabet="ab1 .)-+#>*_[]()!`~|\\<&;:\"'=$/йß」“\n", max_size=40).map(
    lambda text: "\n".join(" ".join(line.split()) for line in text.split("\n") if line.split())
)


def segment(text: str, *marks: tuple[str, str, str | None], role: str = "body", level: int | None = None) -> Any:
    """A segment whose marks are given by their words."""
    placed = [
        {"type": kind, "start": text.index(words), "end": text.index(words) + len(words), "href": href}
        for kind, words, href in marks
    ]
    return {"text": text, "role": role, "level": level, "marks": placed, "translation": None}


def record(*segments: Any, title: str | None = None) -> dict[str, Any]:
    """As much of a record as the document is made of."""
    return {
        "title": title,
        "authors": [],
        "published_at": None,
        "publisher": None,
        "url": "about:blank",
        "images": [],
        "segments": list(segments),
        "translation": {"title": None},
    }


def inline(markdown_text: str) -> Iterator[Token]:
    """The pieces of text and what stands around them."""
    for token in PARSER.parse(markdown_text):
        yield from token.children or ()


def words_of(markdown_text: str) -> str:
    """What a reader of the rendered document reads."""
    return "".join({"softbreak": "\n", "hardbreak": "\n"}.get(one.type, one.content) for one in inline(markdown_text))


def kinds(markdown_text: str) -> list[str]:
    """The blocks that a document has, in order."""
    return [token.tag for token in PARSER.parse(markdown_text) if token.nesting == 1]


def test_a_record_is_a_document() -> None:
    """Title, facts, headings by level, nested lists, quotations, tables, links and emphasis come out as such."""
    cells = segment("Ship | Year", ("cell", "Ship", None), ("cell", "Year", None), role="list")
    more = segment("Aurora | 1874", ("cell", "Aurora", None), ("cell", "1874", None), role="list")
    whole = record(
        segment(
            "The bell of the Aurora rang.", ("link", "the Aurora", "https://a.example/x"), ("italic", "bell", None)
        ),
        segment("Finds", role="heading", level=3),
        segment("One", role="list", level=1),
        segment("Two", role="list", level=2),
        segment("It rang.", role="quote"),
        segment("Twice.", role="quote"),
        cells,
        more,
        title="A bell",
    ) | {"authors": ["Ann Lee"], "published_at": "2026-03-02T18:40:00+01:00"}
    assert markdown(whole) == (
        "# A bell\n\nAnn Lee · 2026-03-02\n\n"
        "The _bell_ of [the Aurora](https://a.example/x) rang.\n\n"
        "### Finds\n\n- One\n  - Two\n\n> It rang.\n>\n> Twice.\n\n"
        "| Ship | Year |\n| --- | --- |\n| Aurora | 1874 |\n"
    )


@pytest.mark.parametrize(
    "text",
    ["# no heading", "- no item", "1. no item", "1) no item", "> no quote", "=====", "---", "*a* _b_ `c` [d](e)",
     "<b>f</b>", "![x](y)", "a\\", "&amp; &copy;", "a | b", "    four", "~~~", "+ 1", "[^1]: note", "https://a.example/_x_"],
)  # fmt: skip
def test_what_looks_like_a_sign_is_text(text: str) -> None:
    """A text is read as it is, whatever signs it holds and however it begins."""
    made = markdown(record(segment(text)))
    assert words_of(made) == text.strip()
    assert kinds(made) == ["p"]


@given(text=NASTY.filter(bool))
def test_any_text_is_read_as_it_is(text: str) -> None:
    """Round trip: a paragraph through Markdown and its parser is the same paragraph."""
    made = markdown(record(segment(text)))
    assert words_of(made) == text
    assert set(kinds(made)) <= {"p"}


@given(data=st.data(), text=NASTY.filter(lambda text: len(text.replace("\n", "")) > 3))
def test_marks_cost_no_letter_and_links_arrive(data: st.DataObject, text: str) -> None:
    """With any marks the words stay the same; each link that stands in no other leads where it should."""
    spans = data.draw(st.lists(st.tuples(st.integers(0, len(text) - 1), st.integers(1, 8)), max_size=4))
    marks = []
    for number, (start, length) in enumerate(spans):
        end = min(len(text), start + length)
        inner = text[start:end]
        if inner == inner.strip() and inner and "\n" not in inner:
            kind = ("link", "bold", "italic")[number % 3]
            href = f"https://a.example/{number}?q=(1)&copy;" if kind == "link" else None
            marks.append({"type": kind, "start": start, "end": end, "href": href})
    one = {"text": text, "role": "body", "level": None, "marks": marks, "translation": None}
    made = markdown(record(one))
    assert words_of(made) == text
    links = [unquote(str(token.attrGet("href"))) for token in inline(made) if token.type == "link_open"]
    assert set(links) <= {str(mark["href"]) for mark in marks}
    if [mark for mark in marks if mark["type"] == "link"]:
        assert links


def test_a_translated_paragraph_keeps_its_links() -> None:
    """On words that stand in the translation as they stood, else behind it."""
    one = segment("Klockan från Aurora hänger i museet.", ("link", "Aurora", "https://a.example/a"),
                  ("link", "museet", "https://a.example/m"), ("bold", "hänger", None))  # fmt: skip
    one["translation"] = "The bell of the Aurora hangs in the museum."
    made = markdown(record(one), translated=True)
    assert made == (
        "The bell of the [Aurora](https://a.example/a) hangs in the museum. ([museet](https://a.example/m))\n"
    )


def test_a_plain_texts_own_signs_of_lists_are_lists() -> None:
    """What a text prints before its items is the sign of the list, not a part of the item."""
    made = markdown(record(*(segment(text, role="list") for text in ("- one", "- two"))))
    assert made == "- one\n- two\n"
    assert markdown(record(segment("1. one", role="list"), segment("2. two", role="list"))) == "1. one\n2. two\n"
