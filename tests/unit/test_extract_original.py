"""The page that a repost names as its original, and by what name."""

from __future__ import annotations

import pytest
from lxml.html import document_fromstring
from support.pages import ENGLISH, ENGLISH_TOO, URL, article_html, page

from ingest.extract.original import read_original
from ingest.model import Attribution, Record
from ingest.pipeline import process_page

ORIGINAL = "https://first.example.com/harbour/ferry-12"
LINK = f'<a href="{ORIGINAL}">Harbour Times</a>'


def _original(after: str) -> tuple[str, str | None] | None:
    return read_original(document_fromstring(article_html("", after)), URL, URL)


@pytest.mark.parametrize(
    "line",
    [
        f"<p>Source: {LINK}</p>",
        f"<p>Source: «{LINK}».</p>",
        f"<p><b>Source:</b> {LINK}</p>",
        f"<p><strong>Source: </strong><em>{LINK}</em></p>",
        f"<div>Original source: <span>{LINK}</span></div>",
        f"<p>Källa: {LINK}</p>",
        f"<p>Quelle: {LINK}</p>",
        f"<p>Источник: {LINK}</p>",
        f"<p>Fuente: {LINK}</p>",
        f"<p>This article was originally published in {LINK}.</p>",
        f"<p>First published by the {LINK}</p>",
        f"<p>Artikeln publicerades först i {LINK}.</p>",
        f"<p>Dieser Artikel ist zuerst erschienen in {LINK}.</p>",
        f"<p>Статья впервые опубликована в {LINK}.</p>",
    ],
)
def test_a_link_behind_a_label(line: str) -> None:
    """A link behind "Source:", or behind words for a first publication, is the original, and its words are its name."""
    assert _original(line) == (ORIGINAL, "Harbour Times")


def test_a_link_that_shows_its_address() -> None:
    """An address is no name."""
    assert _original(f'<p>Source: <a href="{ORIGINAL}">{ORIGINAL}</a></p>') == (ORIGINAL, None)


@pytest.mark.parametrize(
    "line",
    [
        '<p>Source: <a href="/harbour/ferry-12">Our first report</a></p>',
        '<p>Source: <a href="https://first.example.com/">Harbour Times</a></p>',
        f"<p>Source: {LINK}</p><p>{ENGLISH}</p>",
        f"<figure><img src=a><p>Source: {LINK}</p></figure>",
        f"<table><tr><td>Source: {LINK}</table>",
        f"<footer><p>Source: {LINK}</p></footer>",
        f"<p>A source of trouble, says {LINK}</p>",
        f"<p>It was later published by {LINK}</p>",
        f"<p>{LINK}</p>",
    ],
    ids=["own site", "home page", "in the text", "figure", "table", "footer", "sentence", "later", "bare"],
)
def test_what_names_no_original(line: str) -> None:
    """Links to the own site and to home pages, sources of figures and of passages, and sentences name none."""
    assert _original(line) is None


def test_the_original_in_the_record() -> None:
    """The record has the address and the name of the original and, as the one who passed it on, the page's site."""
    head = '<meta property="og:site_name" content="Bay Copies">'
    record = process_page(page(article_html(head, f"<p>Source: {LINK}</p>")))
    assert isinstance(record, Record)
    assert record.article.attribution == Attribution(
        original_name="Harbour Times", original_url=ORIGINAL, reposted_by="Bay Copies"
    )
    assert f"{ENGLISH}\n\n{ENGLISH_TOO}" == record.article.text
    assert [(one.rule, one.value) for one in record.article.residue][-1] == ("source_line", "Harbour Times")
