"""What stands inside an article and is none of it: told by names and links, kept as residue."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import document_fromstring
from support.pages import ENGLISH, ENGLISH_TOO, GERMAN, RUSSIAN, SWEDISH, URL, html, page

from ingest.extract.bulk import take_bulk
from ingest.extract.common import squeeze
from ingest.extract.page import extract
from ingest.extract.scope import find_scope
from ingest.extract.surroundings import take_surroundings
from ingest.model import Article, Kind, Residue

BOX = "Three boats that you should know, and where to see them this summer"
LINK = f'<a href="/2024/boats">{BOX}</a>'
PROSE = f"<p>{ENGLISH}</p><p>{SWEDISH}</p><p>{GERMAN}</p><p>{RUSSIAN}</p><p>{ENGLISH_TOO}</p>"


def _residue(between: str, prose: str = PROSE) -> list[tuple[str, str]]:
    """Rules and texts of what goes from an article that holds this; its own text must stay."""
    tree = document_fromstring(html(f"<p>{ENGLISH}</p>{between}{prose}"))
    taken = take_surroundings(find_scope(tree), URL)
    kept = squeeze(tree.text_content())
    assert ENGLISH in kept
    assert not any(one.text in kept for one in taken)
    return [(one.rule, one.text) for one in taken]


@pytest.mark.parametrize(
    ("box", "rule"),
    [
        (f'<div class="related-articles">{BOX}</div>', "related"),
        (f'<div class="c-ReadMore__body">{BOX}</div>', "related"),
        (f'<section class="most-popular">{BOX}</section>', "related"),
        (f'<div class="m-inlineSignup">{BOX}</div>', "newsletter"),
        (f'<div id="newsletter_box"><p>{BOX}</p></div>', "newsletter"),
        (f'<div class="teaser">{LINK}</div>', "teaser"),
        (f'<div class="ad ad-slot-3">{BOX}</div>', "advertisement"),
        (f'<div role="dialog">{BOX}</div>', "dialog"),
        (f"<dialog>{BOX}</dialog>", "dialog"),
        (f"<aside>{BOX}</aside>", "aside"),
        (f"<nav>{BOX}</nav>", "navigation"),
        (f'<div data-component="author-bio">{BOX}</div>', "author_box"),
        (f'<blockquote class="twitter-tweet">{BOX}</blockquote>', "embed"),
        (f'<div class="gdpr-placeholder">{BOX}</div>', "consent"),
        (f'<div class="paywall-notice">{BOX}</div>', "paywall"),
        (f'<div class="faktaruta">{BOX}</div>', "factbox"),
        (f'<div class="show-comments">{BOX}</div>', "feedback"),
        (f'<p class="affiliate-disclosure">{BOX}</p>', "notice"),
        (f'<div class="social-share">{BOX}</div>', "share"),
        (f'<h2 class="visually-hidden">{BOX}</h2>', "hidden"),
        ('<p class="article__date">2 May 2024, 06:30</p>', "stamp"),
        (f'<a href="/2024/boats"><h3>{BOX}</h3><p>Read it.</p></a>', "teaser"),
        (f"<ul><li>{LINK}</li><li>{LINK}</li></ul>", "related"),
        (f"<p>{LINK}</p>", "related"),
        (f"<h3>{LINK}</h3>", "related"),
        (f"<p><b>Läs mer:</b> {LINK}</p>", "related"),
        (f"<p>Читайте также: {LINK}</p>", "related"),
    ],
)
def test_boxes(box: str, rule: str) -> None:
    """A box is told by the words in its names, or by being one link to another page of the site."""
    residue = _residue(box)
    assert [rule] == [one for one, _ in residue]


@pytest.mark.parametrize(
    "box",
    [
        '<div class="header">A short line of the article.</div>',
        '<div class="loading-shared-card">A short line of the article.</div>',
        f'<p class="teaser">{SWEDISH}</p>',
        f'<div class="dated">{SWEDISH}</div>',
        f'<div class="date">{SWEDISH}</div>',
        f'<p>The office <span class="promo related">said so</span> on {LINK[:30]}">Monday</a>.</p>',
        f'<p><a href="https://elsewhere.example.com/a">{BOX}</a></p>',
        f'<p>Source: <a href="https://elsewhere.example.com/a">{BOX}</a></p>',
        f'<p><a href="#top">{BOX}</a></p>',
        f'<p><a href="/boats.jpg">{BOX}</a></p>',
        '<p><a href="/2024/boats">Three boats</a></p>',
        '<ul><li><a href="/p/1">Ann</a>: sails the first of the two boats, and mends it.</li></ul>',
    ],
)
def test_what_stays(box: str) -> None:
    """Parts of words, standfirsts, marked words in a sentence, links out of the site and lists of prose stay."""
    assert _residue(box) == []


def test_a_site_that_names_everything_a_teaser() -> None:
    """A box with a name from the list that holds much of the page's prose is the article."""
    for name in ("promo", "related", "newsletter", "ad"):
        assert _residue(f'<div class="{name}">{PROSE}</div>', "") == []


def test_no_more_than_half_goes() -> None:
    """Many small boxes cannot take away an article either."""
    boxes = "".join(f'<p class="related">{text}</p>' for text in (ENGLISH_TOO, SWEDISH, GERMAN, RUSSIAN) * 2)
    tree = document_fromstring(html(f"<p>{ENGLISH}</p>{boxes}"))
    scope = find_scope(tree)
    before = scope.prose
    taken = sum(len(one.text) for one in take_surroundings(scope, URL))
    assert 0 < taken <= before / 2


def test_windows_above_the_page() -> None:
    """A consent window goes however much longer than the article it is."""
    window = "".join(f'<div class="privacy-modal"><p>{GERMAN * 3}</p></div>' for _ in range(4))
    body = f"<html><body><div><p>{ENGLISH}</p><p>{ENGLISH_TOO}</p></div>{window}</body></html>"
    article = extract(page(body))
    assert isinstance(article, Article)
    assert [block.text for block in article.blocks] == [ENGLISH, ENGLISH_TOO]


def test_residue_reaches_the_article() -> None:
    """What went is kept with the article, in reading order."""
    boxes = f'<div class="newsletter">Our letter, every Monday.</div><p>{SWEDISH}</p><aside>{BOX}</aside>'
    article = extract(page(html(f"<p>{ENGLISH}</p>{boxes}<p>{ENGLISH_TOO}</p>")))
    assert isinstance(article, Article)
    assert article.residue[:2] == (
        Residue(text="Our letter, every Monday.", rule="newsletter"),
        Residue(text=BOX, rule="aside"),
    )


def test_the_scope_is_the_articles_box() -> None:
    """The article's part is the element around most paragraphs; a page without paragraphs is its own."""
    tree = document_fromstring(f"<body><div><p>{BOX}</p></div><div id=story><div>{PROSE}</div></div></body>")
    assert find_scope(tree).element.getparent().get("id") == "story"
    article = document_fromstring(f"<body><p>{BOX}</p><article><h1>A</h1><div>{PROSE}</div></article></body>")
    assert find_scope(article).element.tag == "article"
    empty = find_scope(document_fromstring("<body><div>Loose text</div></body>"))
    assert (empty.element.tag, empty.prose) == ("body", 0)


@given(st.lists(st.sampled_from(["ad", "promo", "related", "body", "newsletter", "date", "x"]), max_size=8))
def test_nothing_is_lost(names: list[str]) -> None:
    """Every word of the page is in the tree or in the residue."""
    boxes = "".join(f'<div class="{name}"><p>Word{number} in a {name}</p></div>' for number, name in enumerate(names))
    tree = document_fromstring(html(PROSE + boxes))
    before = sorted(" ".join(tree.itertext()).split())
    taken = take_surroundings(find_scope(tree), URL)
    after = sorted([*" ".join(tree.itertext()).split(), *(word for one in taken for word in one.text.split())])
    assert before == after


@pytest.mark.parametrize(
    "entry",
    [
        "<a href=/l/{0}>Link {0}</a> | ",
        "<li><a href=/l/{0}>Link {0}</a></li>",
        "<div><a href=/l/{0}>Link {0}</a></div>",
    ],
)
def test_link_farms(entry: str) -> None:
    """Hundreds of neighbours that are links go at once, and their start is kept; what stands between them stays."""
    links = "".join(entry.format(number) for number in range(1_000))
    tree = document_fromstring(f"<body><div>{links}<p>{ENGLISH}</p></div></body>")
    (farm,) = take_bulk(tree)
    assert (farm.rule, farm.text[:13], len(farm.text)) == ("link_farm", "Link 0 Link 1", 500)
    assert squeeze(tree.text_content()) == ENGLISH


def test_ordinary_lists_are_no_farm() -> None:
    """Three hundred paragraphs with links in them, and lists of links as articles have, stay."""
    prose = "".join(f"<p>{ENGLISH} <a href=/l/{number}>More</a></p>" for number in range(400))
    links = "".join(f"<li><a href=/l/{number}>Link</a></li>" for number in range(100))
    assert take_bulk(document_fromstring(f"<body>{prose}<ul>{links}</ul></body>")) == ()


def test_endless_tables() -> None:
    """A table ends after two thousand rows; the first words of the rest are kept."""
    rows = "".join(f"<tr><td>Row {number}</td></tr>" for number in range(2_500))
    tree = document_fromstring(f"<body><table>{rows}</table></body>")
    (rest,) = take_bulk(tree)
    assert (rest.rule, rest.text[:8], len(tree.xpath("//tr"))) == ("long_table", "Row 2000", 2_000)


@pytest.mark.parametrize("name", ["message-user", "postprofile", "cell poster", "userinfo", "posthead"])
def test_who_wrote_a_post(name: str) -> None:
    """What a forum says of a poster goes, also on a page without paragraphs; a post of that name stays."""
    box = f'<div class="{name}"><h4>Keel</h4><h5>Helmsman</h5></div>'
    for text in (f"<p>{ENGLISH}</p>", f"<div>{ENGLISH}<br><br>{SWEDISH}</div>"):
        tree = document_fromstring(html(f"{box}{text}"))
        assert (Residue(text="Keel Helmsman", rule="author_box"),) == take_surroundings(find_scope(tree), URL)
        assert "Helmsman" not in tree.text_content()
    tree = document_fromstring(html(f'<div class="{name}"><p>{ENGLISH}</p></div>'))
    assert take_surroundings(find_scope(tree), URL) == ()


def test_the_heads_of_posts_in_tables() -> None:
    """Of an older board the row above a post and the cell beside it go; its posts with their times are no live blog."""
    posts = "".join(
        f'<table id="post{n}"><tr><td class="thead">#{n}, 5 March 2026, 1{n}:15</td></tr>'
        f'<tr><td class="alt2"><a href="/keel">Keel</a> Helmsman, posts: 1{n}42</td></tr>'
        f'<tr><td class="alt1"><div id="post_message_{n}">{text}</div></td></tr></table>'
        for n, text in enumerate((ENGLISH, SWEDISH, GERMAN))
    )
    article = extract(page(f"<html><title>The ferry</title><body><h1>The ferry</h1>{posts}</body></html>"))
    assert isinstance(article, Article)
    assert [block.text for block in article.blocks] == [ENGLISH, SWEDISH, GERMAN]
    assert article.kind is not Kind.LIVE
    tree = document_fromstring(
        html(f'<table><tr><td class="thead">Keel</td><td class="alt2">{ENGLISH}</td></tr></table>')
    )
    assert take_surroundings(find_scope(tree), URL) == ()


def test_key_events_of_a_live_blog() -> None:
    """The list of key events above a live blog goes with its heading."""
    events = '<section class="key-events"><h2>Key events</h2><ul><li><a href="#1">Ferry sails</a></li></ul></section>'
    assert _residue(events) == [("navigation", "Key events Ferry sails")]


def test_the_offer_on_a_locked_page() -> None:
    """The offer goes also where it is longer than what the page shows; a wrapper of that name stays."""
    offer = f'<div class="paywall-offer"><h2>Read on</h2><p>{ENGLISH_TOO}</p></div>'
    tree = document_fromstring(html(f"<p>{ENGLISH}</p>{offer}"))
    assert [one.rule for one in take_surroundings(find_scope(tree), URL)] == ["paywall"]
    tree = document_fromstring(html(f'<div class="paywall-box">{PROSE}</div>'))
    assert take_surroundings(find_scope(tree), URL) == ()
