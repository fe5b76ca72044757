"""No rule takes an article: what holds most of a page's running text stays, whatever it is called and by any tag."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from lxml.html import document_fromstring
from support.pages import ENGLISH, ENGLISH_TOO, GERMAN, RUSSIAN, SWEDISH, html, page

from ingest.extract.guard import TEXT_FALLBACK
from ingest.extract.page import extract
from ingest.extract.runs import Prose, runs_of
from ingest.extract.scope import find_scope
from ingest.lang.words import extent
from ingest.model import Article, Block, Role
from ingest.outcome import Reason, Rejection

PARAGRAPHS = (ENGLISH, SWEDISH, GERMAN, RUSSIAN, ENGLISH_TOO)
TEXT = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)


def _article(markup: str) -> Article:
    article = extract(page(markup))
    assert isinstance(article, Article)
    return article


def _texts(markup: str) -> list[str]:
    return [block.text for block in _article(markup).blocks]


@pytest.mark.parametrize("tag", ["button", "select", "label", "aside", "figure", "form", "nav"])
def test_a_tag_that_is_not_closed(tag: str) -> None:
    """What a button or a box swallows because its end is missing is read all the same."""
    menu = f"<header><div><{tag}> <div>Menu</div></div></header>"
    markup = f"<html><title>The ferry</title><body>{menu}<article><h1>The ferry</h1>{TEXT}</article></body></html>"
    assert _texts(markup) == list(PARAGRAPHS)


@pytest.mark.parametrize(
    "named",
    [
        "modal",
        "lightbox",
        "tooltip",
        "cookie-box",
        "share-bar",
        "related",
        "consent",
        "popup",
        "sidebar",
        "embed hidden",
    ],
)
def test_a_wrapper_with_the_name_of_a_window(named: str) -> None:
    """A box that holds the text stays, around the page as around its paragraphs alone."""
    wrapper = f'<div class="{named}" id="{named}" role="dialog">%s</div>'
    assert _texts(html(wrapper % TEXT)) == list(PARAGRAPHS)
    around = wrapper % f"<article><h1>The ferry</h1>{TEXT}</article>"
    assert _texts(f"<html><title>The ferry</title><body>{around}</body></html>") == list(PARAGRAPHS)


@pytest.mark.parametrize("tag", ["div", "section", "li", "td"])
def test_paragraphs_by_other_names(tag: str) -> None:
    """Text that stands in no `<p>` is text."""
    text = "".join(f"<{tag}>{text}</{tag}>" for text in PARAGRAPHS)
    around = {"li": "<ul>%s</ul>", "td": "<table><tr>%s</tr></table>"}.get(tag, "<div>%s</div>")
    found = " ".join(_texts(f"<html><title>The ferry</title><body><h1>The ferry</h1>{around % text}</body></html>"))
    assert all(text in found for text in PARAGRAPHS)


def test_a_text_in_several_boxes_of_one_name() -> None:
    """Boxes that an advertisement parts are read as one text."""
    chunk = '<div class="article-body">{}</div>'
    ad = '<div class="ad-slot">Advertisement</div>'
    halves = (f"<p>{ENGLISH}</p><p>{SWEDISH}</p><p>{GERMAN}</p>", f"<p>{RUSSIAN}</p><p>{ENGLISH_TOO}</p>")
    assert _texts(html(ad.join(map(chunk.format, halves)))) == list(PARAGRAPHS)


def test_a_hover_text() -> None:
    """What a pointer shows above a word is no part of the sentence."""
    hover = '<span class="term">yard<span class="tooltip-text">A yard is where ships are built.</span></span>'
    assert _texts(html(TEXT.replace("yard", hover, 1))) == list(PARAGRAPHS)


def test_a_post_that_the_text_speaks_of() -> None:
    """A quoted post between two paragraphs is a quotation if the one before it announces it; others go."""
    post = (
        '<blockquote class="twitter-tweet"><p>We are glad to sail again, and so is our oldest passenger of all.</p>'
        "— Ann Lee (@annlee) 2 May 2024</blockquote>"
    )
    spoken = f"<p>{ENGLISH} Captain Ann Lee was glad.</p>{post}"
    quoted = [block.role for block in _article(html(f"{spoken}{TEXT}")).blocks]
    assert quoted.count(Role.QUOTE) >= 1
    assert not any("oldest passenger" in text for text in _texts(html(f"<p>{ENGLISH}</p>{post}{TEXT}")))


def test_a_brief_of_a_paper_that_is_not_free() -> None:
    """A short text that ends with its sentence is whole; one with an offer, or that breaks off, is a preview."""
    head = '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": false}</script>'
    brief = f"<p>{ENGLISH}</p><p>{ENGLISH_TOO}</p><p>{SWEDISH}</p>"
    offer = '<div class="paywall-offer">Read on for one euro</div>'
    assert _article(html(brief, head)).flags == ("not_free",)
    for cut in (brief + offer, brief.removesuffix(".</p>") + " ...</p>"):
        outcome = extract(page(html(cut, head)))
        assert isinstance(outcome, Rejection)
        assert outcome.reason is Reason.PAYWALL


@pytest.mark.parametrize("left", [(), (Block(text="Menu", origin="trafilatura"),)])
def test_what_is_all_but_lost_comes_back(left: tuple[Block, ...]) -> None:
    """Whatever took it, an article of which next to nothing is left is read as it came, and flagged."""
    assert _article(html(TEXT * 3)).flags == ()
    with patch("ingest.extract.html.main_text", return_value=left):
        article = _article(html(TEXT * 3))
    assert article.flags == (TEXT_FALLBACK,)
    assert all(text in article.text for text in PARAGRAPHS)


def test_runs() -> None:
    """A run ends at a block, and at a line break that ends a sentence; links and bold type are counted in it."""
    tree = document_fromstring(
        "<body>Loose<p>One <b>bold</b> <a href=x>link</a>.<br>Two<br>three<br><br>four</p>behind<script>no</script> it"
        "<div>a<div>b</div>c</div></body>"
    )
    assert [(run.element.tag, run.text, run.linked, run.bold) for run in runs_of(tree)] == [
        ("body", "Loose", 0, 0),
        ("p", "One bold link.", 4, 4),
        ("p", "Two three", 0, 0),
        ("p", "four", 0, 0),
        ("body", "behind it", 0, 0),
        ("div", "a", 0, 0),
        ("div", "b", 0, 0),
        ("div", "c", 0, 0),
    ]


def test_running_text() -> None:
    """Sentences count in any tag and in scripts without spaces; menus and linked headlines do not."""
    japanese = "古い渡し船は六月にふたたび運航すると港の事務所が月曜日に発表した。"
    tree = document_fromstring(
        f"<div><ul><li><a href=x>{ENGLISH}</a></li><li>Town</li></ul><td>{ENGLISH}</td><span>{japanese}</span></div>"
    )
    assert Prose(tree, runs_of(tree)).total == len(ENGLISH) + extent(japanese)


@pytest.mark.parametrize("path", ["_ticker", "_only_in_data"])
def test_what_stands_elsewhere_is_not_instead_of_the_page(path: str) -> None:
    """A few posts or a scrap of data never replace a long text that the page shows; a longer one may."""
    scrap = (Block(text="The harbour office answers questions about the ferry by telephone.", origin="state"),)
    for found, kept in ((scrap, False), (scrap * 60, True)):
        with patch(f"ingest.extract.html.{path}", return_value=found):
            article = _article(html(TEXT * 3))
        assert ("telephone" in article.text) is kept
        assert (TEXT_FALLBACK in article.flags) is not kept


def test_what_is_declared_is_not_instead_of_the_page() -> None:
    """JSON-LD with a scrap in the place of the article does not replace what the page shows."""
    with patch("ingest.extract.html._shows_less", return_value=True):
        scrap = '{"@type": "NewsArticle", "articleBody": "The harbour office answers questions by telephone."}'
        article = _article(html(TEXT * 3, f'<script type="application/ld+json">{scrap}</script>'))
    assert article.flags == (TEXT_FALLBACK,)


@pytest.mark.parametrize("wrapper", ["consent-box", "modal", "cookie-wrapper"])
@pytest.mark.parametrize("around", ["article", "main"])
def test_a_box_under_the_headline(wrapper: str, around: str) -> None:
    """What holds most of the text of the element with the headline is no window, however long another one is."""
    offers = [f"<li><p>{text.replace('the', 'some')} Offer {n}.</p></li>" for n in range(2) for text in PARAGRAPHS]
    text = f'<{around}><h1>The ferry</h1><div class="{wrapper}">{TEXT}</div></{around}>'
    window = f'<div class="newsletter-modal">{"".join(offers)}</div>'
    assert _texts(f"<html><title>The ferry</title><body>{text}{window}</body></html>") == list(PARAGRAPHS)


@pytest.mark.parametrize("shape", ['<div class="{0}">{1}</div>', '<div class="{0}"><div class="inner">{1}</div></div>'])
@pytest.mark.parametrize("wrapper", ["modal", "cookie-wrapper"])
def test_the_part_of_the_article_is_no_window(wrapper: str, shape: str) -> None:
    """Nor is what stands around it, where much other text stands on the page and the headline is elsewhere."""
    others = [" ".join(reversed(text.split())) for text in PARAGRAPHS[:2]]
    teasers = "".join(f'<article class="post"><h2>Item</h2><p>{text}</p></article>' for text in others)
    text = f"<div><h1>The ferry</h1><div>{shape.format(wrapper, TEXT)}</div></div>"
    markup = f"<html><title>The ferry</title><body>{text}{teasers}</body></html>"
    assert set(PARAGRAPHS) <= set(_texts(markup))


def test_paragraphs_in_boxes_of_their_own() -> None:
    """Where nothing is called a paragraph, short lines are read like the long ones that they stand among."""
    texts = [ENGLISH, "Boats on Monday.", SWEDISH, "And on Tuesday?", GERMAN]
    shapes = {
        "boxes": '<div class="w"><div class="t">{}</div></div>',
        "pictures": '<div class="t">{}<picture><img src="a.jpg"></picture></div>',
        "other names": '<div class="{:.3}">{}</div>',
    }
    for name, shape in shapes.items():
        lines = [shape.format(text, text) if name == "other names" else shape.format(text) for text in texts]
        tree = document_fromstring(f"<html><body><article>{''.join(lines)}</article></body></html>")
        find_scope(tree)
        assert [one.text for one in tree.iter("p")] == texts, name
