"""What stands beside the headline: the day and the people that the page shows and does not declare."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from lxml.html import document_fromstring
from support.pages import ENGLISH, ENGLISH_TOO, GERMAN, RUSSIAN, SWEDISH, page

from ingest.extract.head import head_byline, head_lines
from ingest.extract.page import extract
from ingest.model import Article, Byline, Precision, Record
from ingest.pipeline import process_page

TITLE = "The ferry sails again"
TEXT = f"<p>{ENGLISH}</p><p>{ENGLISH_TOO}</p>"
DAY = datetime(2024, 4, 23, tzinfo=UTC)


def _page(body: str, title: str = TITLE) -> str:
    return f"<!doctype html><html><head><title>{title}</title></head><body>{body}</body></html>"


def _article(body: str, title: str = TITLE) -> Article:
    record = process_page(page(_page(body, title)))
    assert isinstance(record, Record), record
    return record.article


# Where a page may show its day: {} stands for it, and the text is T.
PLACES = {
    "below the headline": f"<article><h1>{TITLE}</h1><div>{{}}</div>{TEXT}</article>",
    "above the headline": f"<article><div>{{}}</div><h1>{TITLE}</h1>{TEXT}</article>",
    "in the header": f"<article><header><h1>{TITLE}</h1><div>{{}}</div></header>{TEXT}</article>",
    "before the article": f"<main><h1>{TITLE}</h1><div>{{}}</div><article>{TEXT}</article></main>",
    "in a part of its own": f"<div><div><h1>{TITLE}</h1><div>{{}}</div></div><div>{TEXT}</div></div>",
    "in a span": f"<div><div><h1>{TITLE}</h1><p>Share</p><p><span>{{}}</span></p></div><div>{TEXT}</div></div>",
    "in a time without a date": f"<article><h1>{TITLE}</h1><time>{{}}</time>{TEXT}</article>",
    "in an element named so": f'<article><h1>{TITLE}</h1><div class="date">{{}}</div>{TEXT}</article>',
    "in a table": f"<table><tr><td><h1>{TITLE}</h1><tr><td>{{}}<tr><td>{TEXT}</table>",
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    "stamp",
    [
        "23 April 2024",
        "April 23, 2024, 10:15",
        "Published: 23 April 2024",
        "23 april 2024",
        "den 23 april 2024 kl. 10:15",
        "23. April 2024",
        "23.04.2024, 10:15 Uhr",
        "Veröffentlicht am 23. April 2024",
        "23 апреля 2024",
        "23 апреля 2024 года, 10:15",
        "Опубликовано: 23 апреля 2024 г.",
    ],
)
def test_a_day_that_is_only_shown(place: str, stamp: str) -> None:
    """A day on a line of its own beside the headline is the day of publication, and no part of the text."""
    article = _article(PLACES[place].format(stamp))
    assert (article.published_at, article.published_precision) == (DAY, Precision.DAY)
    assert f"{ENGLISH}\n\n{ENGLISH_TOO}" == article.text


@pytest.mark.parametrize(
    "line",
    [
        "<span>Updated:</span> <span>23 April 2024</span>",
        "Uppdaterad: 23 april 2024",
        "Aktualisiert am 23. April 2024",
        "<b>Обновлено:</b> 23 апреля 2024",
    ],
)
def test_a_day_of_change(line: str) -> None:
    """A day that is labelled as that of a change is no day of publication."""
    article = _article(PLACES["before the article"].format(line))
    assert (article.published_at, article.modified_at) == (None, DAY)


@pytest.mark.parametrize(
    "body",
    [
        f"<article><h1>{TITLE}</h1><p>The plan of 2019 had 3 boats in it.</p>{TEXT}</article>",
        f"<article><h1>{TITLE}</h1>{TEXT}</article><div>23 April 2024</div>",
        f"<nav>23 April 2024</nav><article><h1>{TITLE}</h1>{TEXT}</article>",
    ],
    ids=["sentence", "behind the text", "navigation"],
)
def test_what_is_no_day_of_the_page(body: str) -> None:
    """Years in sentences, and days in menus and behind the text are not taken for the page's."""
    assert _article(body).published_at is None


def test_a_declared_day_stands() -> None:
    """Where the page declares when it was published, what it shows is not asked."""
    declared = '<meta property="article:published_time" content="2024-04-20T08:00:00+02:00">'
    body = PLACES["before the article"].format("23 April 2024")
    article = extract(page(_page(body).replace("</head>", f"{declared}</head>")))
    assert isinstance(article, Article)
    assert article.published_at == datetime(2024, 4, 20, 6, tzinfo=UTC)
    assert [one.rule for one in article.residue if one.rule == "stamp"] == []


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("Ann Lee | 23 April 2024", ("Ann Lee",)),
        ("Ann Lee | 23 April 2024, 10:15", ("Ann Lee",)),
        ("23 April 2024 | Ann Lee", ("Ann Lee",)),
        ("Ann Lee and Bo Ek • 23 April 2024", ("Ann Lee", "Bo Ek")),
        ("Ann Lee / 23 April 2024", ("Ann Lee",)),
        ("<span>Ann Lee</span><span>23 April 2024</span>", ("Ann Lee",)),
        ("Anna Lind | 23 april 2024", ("Anna Lind",)),
        ("Анна Береговая | 23 апреля 2024", ("Анна Береговая",)),
        ("Jonas Hafner | 23.04.2024", ("Jonas Hafner",)),
        ("New York | 23 April 2024", ()),
        ("World News | 23 April 2024", ()),
        ("Utrikes | 23 april 2024", ()),
        ("Новости | 23 апреля 2024", ()),
    ],
)
@pytest.mark.parametrize("place", ["below the headline", "before the article"])
def test_a_name_and_a_day_on_one_line(place: str, line: str, authors: tuple[str, ...]) -> None:
    """People beside a day are those who wrote the article; a place or a section beside it is not."""
    article = _article(PLACES[place].format(line))
    assert authors == article.authors
    assert article.published_at == DAY
    assert f"{ENGLISH}\n\n{ENGLISH_TOO}" == article.text


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("<p>By <a href='/x'>Ann Lee</a></p>", "By Ann Lee"),
        ("<div><div>Von Jonas Hafner</div></div>", "Von Jonas Hafner"),
        ("<p>Text: Anna Lind</p>", "Text: Anna Lind"),
        ("<p>Автор: Анна Береговая</p>", "Автор: Анна Береговая"),
        ("<p><a href='/author/lee-12'>Ann Lee</a></p>", "Ann Lee"),
        (
            "<p><a href='/autoren/hafner'>Jonas Hafner</a>, <a href='/autoren/see'>Ute See</a></p>",
            "Jonas Hafner & Ute See",
        ),
        ("<p>By the sea it is cold</p>", None),
        ("<p><a href='/author/all'>all authors</a></p>", None),
        ("<p><a href='/harbour/lee-12'>Ann Lee</a></p>", None),
        ("<nav>By Ann Lee</nav>", None),
        (f"<p>{ENGLISH}</p><p>By Ann Lee</p>", None),
    ],
)
def test_bylines(line: str, expected: str | None) -> None:
    """A line that begins with a word for "by", or links to pages about people, is a byline."""
    tree = document_fromstring(_page(f"<main><h1>{TITLE}</h1>{line}<div>{TEXT}</div></main>"))
    assert expected == head_byline(tree, TITLE).printed


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("By <a href='/staff/lee'>Ann Lee</a>, Courier Staff Writer", ("Ann Lee",)),
        ("Av Anna Lind", ("Anna Lind",)),
        ("Von Jonas Hafner und Ute See", ("Jonas Hafner", "Ute See")),
    ],
)
def test_authors_that_are_only_shown(line: str, authors: tuple[str, ...]) -> None:
    """Who is named beside the headline wrote the article, if the page declares nobody and the name is whole."""
    assert authors == _article(f"<main><h1>{TITLE}</h1><p>{line}</p><div>{TEXT}</div></main>").authors


@pytest.mark.parametrize("body", ["", "<p>23 April 2024</p>", "<h1>One</h1><h1>Two</h1><p>23 April 2024</p>"])
def test_no_headline(body: str) -> None:
    """Without a headline, or with two of which none is the title, nothing stands beside it."""
    tree = document_fromstring(_page(body))
    assert head_lines(tree, None) == ()
    assert head_byline(tree, None) == Byline()


@pytest.mark.parametrize("title", ["K", "Ö", "Ny", "渡船", "Паром"])
@pytest.mark.parametrize("text", [SWEDISH, GERMAN, RUSSIAN])
def test_a_tiny_title(title: str, text: str) -> None:
    """Headings that hold the letters of a short title by chance stay where they are."""
    headings = ["Kajen i hamnen", "Die alte Öse", "Паромная служба", "渡船と港"]
    body = "".join(f"<h2>{heading}</h2><p>{number}. {text}</p>" for number, heading in enumerate(headings))
    article = _article(f"<article><h1>{title}</h1><p>{ENGLISH}</p>{body}</article>", title)
    assert [heading for heading in headings if heading not in article.text] == []
