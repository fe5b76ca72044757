"""HTML: trafilatura's tree of the main text as blocks with roles."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from support.pages import (
    ARABIC,
    ENGLISH,
    ENGLISH_TOO,
    FETCHED_AT,
    GERMAN,
    RUSSIAN,
    SWEDISH,
    URL,
    article_html,
    html,
    page,
)

from ingest.extract.html import HTML_READER
from ingest.extract.page import extract
from ingest.extract.plain import PLAIN_READER
from ingest.model import Article, Block, Precision, Residue, Role, Via
from ingest.outcome import Reason, Rejection
from ingest.urls import content_key, url_key

TITLE = Residue(text="The ferry sails again", rule="repeated_title", moved_to="title")
START, END = ("body", ENGLISH), ("body", ENGLISH_TOO)


def _article(body: str | bytes, content_type: str | None = "text/html", **known: Any) -> Article:
    article = extract(page(body, content_type, **known))
    assert isinstance(article, Article), article
    return article


def _reason(body: str | bytes, content_type: str | None = "text/html", **known: Any) -> Reason:
    result = extract(page(body, content_type, **known))
    assert isinstance(result, Rejection), result
    return result.reason


def _blocks(between: str) -> list[tuple[str, str]]:
    """Roles and texts of what stands between two paragraphs, which must be there too."""
    article = _article(html(f"<p>{ENGLISH}</p>{between}<p>{ENGLISH_TOO}</p>"))
    blocks = [(block.role.value, block.text) for block in article.blocks]
    assert (blocks[0], blocks[-1]) == (START, END)
    assert TITLE in article.residue
    return blocks[1:-1]


@pytest.mark.parametrize("text", [ENGLISH, SWEDISH, GERMAN, RUSSIAN, ARABIC])
def test_paragraphs(text: str) -> None:
    """Paragraphs come whole, in any language, with the page's title."""
    article = _article(html(f"<p>{text}</p><p>{text[::-1]}</p>", title="The ferry"))
    assert [text, text[::-1]] == [block.text for block in article.blocks]
    assert article.title == "The ferry"


def test_lines_that_are_glued_are_parted() -> None:
    """A short page of which trafilatura makes one block is read line by line: headline, date and paragraphs."""
    lines = [
        "港では月曜日、新しい渡し船が来年の春から走ると市が発表した。費用は半分で済むという。",
        "船長によると、古い船の底の板がすべて替えられ、夏までかかる見込みだ。",
        "近くの店の主たちは、客が戻ると話し、橋の工事も早めてほしいと求めている。",
    ]
    body = "".join(f"<p>{line}</p>" for line in lines)
    frame = "<header><a href='/'>Bay Courier</a><nav><a href='/news'>News</a> <a href='/sport'>Sport</a></nav></header>"
    stamp = "<div class='meta'><span class='date'>2024年11月28日 10時15分</span></div>"
    whole = f"{frame}<main><article><h1>渡し船</h1>{stamp}{body}</article></main><footer><p>© Bay Courier</p></footer>"
    head = "<head><meta charset='utf-8'><title>渡し船 | Bay Courier</title></head>"
    blocks = [block.text for block in _article(f"<html lang='ja'>{head}<body>{whole}</body></html>").blocks]
    assert blocks[-3:] == lines
    assert all(line not in block for block in blocks[:-3] for line in lines)


def test_inline_markup_parts_no_words() -> None:
    """Bold, italic and linked words are not cut from what they touch; breaks in the source are white space."""
    assert _blocks(
        "<p>He said <b>very</b> <i>loud</i>ly\n   that the <a href=/x><em>ferry</em></a> is&nbsp;late,\n\nand left.</p>"
    ) == [("body", "He said very loudly that the ferry is late, and left.")]


def test_inline_elements_stay_in_their_sentence() -> None:
    """Code, deletions and quotations of a few words are parts of a sentence."""
    assert _blocks(
        "<p>Whoever runs <code>make</code> now, she wrote, <q>will <!-- so -->not</q> be <del>late</del> again.</p>"
    ) == [("body", "Whoever runs make now, she wrote, will not be late again.")]


def test_headings() -> None:
    """A heading has its role; a break inside it is a space."""
    assert _blocks(f"<h2>What <br>happens now</h2><p>{SWEDISH}</p>") == [
        ("heading", "What happens now"),
        ("body", SWEDISH),
    ]


def test_text_between_paragraphs() -> None:
    """Text that stands loose after a paragraph or a list is not lost."""
    assert _blocks(f"{SWEDISH}<p>{GERMAN}</p><ul><li>An item</li></ul>{RUSSIAN}") == [
        ("body", SWEDISH),
        ("body", GERMAN),
        ("list", "An item"),
        ("body", RUSSIAN),
    ]


def test_lists() -> None:
    """Each item is a block, nested ones too, and none comes twice."""
    assert [("list", text) for text in ("Bread", "white", "dark", "Fish")] == _blocks(
        "<ul><li>Bread<ul><li>white</li><li>dark</li></ul></li><li>Fish</li></ul>"
    )


def test_paragraphs_in_an_item() -> None:
    """The paragraphs of an item stay apart."""
    assert _blocks(
        "<ol><li><p>One of them.</p><p>Two of them.</p></li><li><blockquote>A quoted item.</blockquote></li></ol>"
    ) == [("list", "One of them."), ("list", "Two of them."), ("quote", "A quoted item.")]


def test_quotations() -> None:
    """A quotation keeps its paragraphs apart: each may be in a language of its own."""
    assert _blocks(f"<blockquote><p>{SWEDISH}</p><p>{RUSSIAN}</p></blockquote>") == [
        ("quote", SWEDISH),
        ("quote", RUSSIAN),
    ]


def test_nested_quotations() -> None:
    """A quotation in a quotation is quoted text, in the order of reading, and so is a list in it."""
    assert [("quote", text) for text in ("She wrote:", SWEDISH, "one", "two", "I agree with her.")] == _blocks(
        f"<blockquote>She wrote:<blockquote><p>{SWEDISH}</p><ul><li>one</li><li>two</li></ul></blockquote>"
        "I agree with her.</blockquote>"
    )


def test_tables_of_data() -> None:
    """A row of data is one block."""
    assert _blocks(
        "<table><tr><th>Year</th><th>Ships</th></tr><tr><td>2020</td><td>12</td></tr>"
        "<tr><td>2021</td><td><b>14</b></td></tr></table>"
    ) == [("table", "Year | Ships"), ("table", "2020 | 12"), ("table", "2021 | 14")]


def test_tables_for_layout() -> None:
    """A table that lays out the page gives its paragraphs, and what stands between them."""
    assert [("body", text) for text in ("Lead", SWEDISH, GERMAN, "a last line", RUSSIAN)] == _blocks(
        f"<table><tr><td>Lead<p>{SWEDISH}</p><p>{GERMAN}</p>a last line</td><td>{RUSSIAN}</td></tr></table>"
    )


def test_forum_posts() -> None:
    """Forums part paragraphs by two breaks; one break ends a paragraph only where a sentence ends."""
    body = f"<div class=post>{ENGLISH}<br><br>{SWEDISH}<br>{GERMAN}<br>\n<br>Short line<br>goes on here.</div>"
    blocks = _article(html(body)).blocks
    assert [block.text for block in blocks][-4:] == [ENGLISH, SWEDISH, GERMAN, "Short line goes on here."]


@pytest.mark.parametrize("tag", ["div", "blockquote", "ul><li", "table><tr><td"])
def test_deep_nesting(tag: str) -> None:
    """Nesting as only hostile pages have it costs no more than what stands in and behind it (libxml2 ends there)."""
    ends = "".join(f"</{name}>" for name in reversed(tag.split("><")))
    assert [text for _, text in _blocks(f"<{tag}>" * 50 + "Deep down." + ends * 50)] == ["Deep down."]
    hostile = _article(html(f"<p>{ENGLISH}</p><p>{ENGLISH_TOO}</p>" + f"<{tag}>" * 3_000 + "Deep down." + ends * 3_000))
    assert [block.text for block in hostile.blocks][:2] == [ENGLISH, ENGLISH_TOO]


@pytest.mark.parametrize(
    "body", ["The ferry is late.", "<div>The ferry<br>is late.</div>", "<p>The ferry is late.</p>"]
)
def test_one_line(body: str) -> None:
    """A page of one line of text is read, however it is marked up."""
    assert _article(f"<html><body>{body}</body></html>").text == "The ferry is late."


NAVIGATION = "".join(f'<li><a href="/{name}">{name.title()} and more</a></li>' for name in ("news", "sport", "weather"))


@pytest.mark.parametrize(
    "body",
    [
        "<html></html>",
        "<!-- nothing here -->",
        f"<html><body><nav><ul>{NAVIGATION}</ul></nav></body></html>",
        f"<html><head><title>The Bay</title></head><body><div><ul>{NAVIGATION}</ul></div></body></html>",
        "<html><body>" + "".join(f"<p><a href=/{n}>Story number {n}</a></p>" for n in range(50)) + "</body></html>",
        '<?xml version="1.0"?><rss version="2.0"><channel><title>The Bay</title></channel></rss>',
    ],
    ids=["nothing", "comment", "navigation", "menu", "index", "feed"],
)
def test_pages_without_text(body: str) -> None:
    """An empty page, a menu or an index is no article."""
    assert Reason.NO_TEXT is _reason(body)


@pytest.mark.parametrize("body", ["", "<h1>Not found</h1>"])
def test_a_page_that_says_404_is_not_found(body: str) -> None:
    """An error page without main text is told by its headings."""
    assert _reason(f"<html><head><title>404</title></head><body>{body}</body></html>") is Reason.NOT_FOUND


def test_a_short_notice_among_links_is_an_article() -> None:
    """Two sentences with a link in them are text, however many links stand around them."""
    text = "The ferry is late today because of fog. Take the bus instead."
    body = (
        f"<html><body><nav>{NAVIGATION * 5}</nav><article><p>{text.replace('bus', '<a href=/b>bus</a>')}</p></article>"
    )
    assert text in _article(body).text


@pytest.mark.parametrize(
    ("body", "content_type", "reason"),
    [
        (b"", "text/html", Reason.EMPTY),
        (b" \r\n\t", "text/html", Reason.EMPTY),
        (b"%PDF-1.7 ...", "text/html", Reason.BAD_TYPE),
        (b"\x89PNG\r\n", "text/html", Reason.BAD_TYPE),
        (b"\xff\xd8\xff\xe0", None, Reason.BAD_TYPE),
        (b"PK\x03\x04", "text/plain", Reason.BAD_TYPE),
        (b"\x00\x00\x00\x20ftypmp42", "text/html", Reason.BAD_TYPE),
        (f"{ENGLISH}\0".encode(), "text/html", Reason.BAD_TYPE),
        (b'{"a": 1}', "application/json", Reason.BAD_TYPE),
        (b"body { color: red }", "image/svg+xml", Reason.BAD_TYPE),
    ],
)
def test_responses_that_are_no_page(body: bytes, content_type: str | None, reason: Reason) -> None:
    """What is empty or binary is told by its first bytes, whatever the header says."""
    assert reason is _reason(body, content_type)


def test_control_characters_late_in_a_page() -> None:
    """NULs behind the first bytes and other control characters do not reach the record."""
    body = html(f"<p>{ENGLISH}</p>" * 10 + "<p>The f\0er\x07ry is\x1b late today, said the harbour office.</p>")
    assert "The ferry is late today" in _article(body).text.replace("\ufffd", "")
    text = _article(f"{ENGLISH}\n" * 20 + "The f\0erry", "text/plain").text
    assert text.endswith("The ferry")


def test_utf16() -> None:
    """UTF-16 is full of NULs; its mark says what it is."""
    assert RUSSIAN in _article(b"\xff\xfe" + html(f"<p>{RUSSIAN}</p>").encode("utf-16-le")).text


@pytest.mark.parametrize(
    ("body", "content_type", "reader"),
    [
        (article_html(), "text/html", HTML_READER),
        (article_html(), "Application/XHTML+XML; charset=utf-8", HTML_READER),
        (article_html(), None, HTML_READER),
        (article_html(), "", HTML_READER),
        (f"A heading\n\n{ENGLISH}", "text/plain", PLAIN_READER),
        (f"A heading\n\n{ENGLISH}", None, PLAIN_READER),
    ],
)
def test_which_reader(body: str, content_type: str | None, reader: str) -> None:
    """HTML and plain text are told apart by the header, and by the text where there is none."""
    assert reader == _article(body, content_type).provenance.extractor


@pytest.mark.parametrize("name", ["saved.html", "saved.php", "saved"])
def test_local_pages(name: str) -> None:
    """A saved page is HTML under any name, and its content is its identity."""
    body = article_html().encode()
    article = _article(body, "text/plain", url=f"file:///tmp/{name}", via=Via.FILE)
    assert (HTML_READER, content_key(body)) == (article.provenance.extractor, article.key)
    assert f"file:///tmp/{name}" == article.url == article.requested_url


def test_identity() -> None:
    """A page's key is that of its canonical URL, or of its own where it names none."""
    own = _article(article_html(), url=URL + "?utm_source=mail#top")
    named = _article(article_html('<link rel=canonical href="/ferry">'))
    assert (url_key(URL), None) == (own.key, own.canonical_url)
    assert named.canonical_url == "https://bay.example.org/ferry"
    assert url_key("https://bay.example.org/ferry") == named.key


def test_provenance() -> None:
    """A record can say which response it was read from, and how."""
    body = article_html("<meta charset=latin-1>", f"<p>{SWEDISH}</p>").encode("latin-1")
    provenance = _article(body, "text/html").provenance
    assert (
        provenance.status,
        provenance.content_type,
        provenance.charset,
        provenance.fetched_at,
    ) == (200, "text/html", "cp1252", FETCHED_AT)
    assert hashlib.sha256(body).hexdigest() == provenance.body_sha256


def test_what_the_page_says() -> None:
    """Authors, publisher, lead and language come from the declarations, as plain text."""
    article = _article(
        article_html(
            '<meta name=author content="Anna  Berg; Bo Ek"><meta property="og:site_name" content="The&#10;Bay Post">'
            '<meta name=description content="A ferry &amp; its  repairs">',
            lang="en-GB",
        )
    )
    assert (article.authors, article.byline) == (("Anna Berg", "Bo Ek"), "Anna Berg; Bo Ek")
    assert (
        article.publisher,
        article.subtitle,
        article.declared_language,
    ) == ("The Bay Post", "A ferry & its repairs", "en-GB")


def test_a_publisher_has_at_least_a_host() -> None:
    """A page that does not name its site is published by its host."""
    assert _article(article_html()).publisher == "bay.example.org"


def test_the_feed_as_fall_back() -> None:
    """Title and date of the feed serve where the page has none."""
    announced = datetime(2024, 4, 1, 8, 0, tzinfo=UTC)
    bare = f"<html><body><div><p>{ENGLISH}</p><p>{ENGLISH_TOO}</p></div></body></html>"
    article = _article(bare, title="From the feed", published_at=announced, source="bay")
    assert ("From the feed", announced, Precision.INSTANT, "bay") == (
        article.title,
        article.published_at,
        article.published_precision,
        article.source,
    )
    dated = article_html('<meta property="article:published_time" content="2024-04-02T09:00:00Z">')
    article = _article(dated, title="From the feed", published_at=announced)
    assert ("The ferry sails again", datetime(2024, 4, 2, 9, 0, tzinfo=UTC)) == (article.title, article.published_at)


def test_a_feed_from_the_future_is_no_witness() -> None:
    """A day that the feed gives and that is yet to come is refused, as one on the page is."""
    bare = f"<html><body><div><p>{ENGLISH}</p><p>{ENGLISH_TOO}</p></div></body></html>"
    article = _article(bare, title="From the feed", published_at=datetime(2031, 4, 1, tzinfo=UTC))
    assert (article.title, article.published_at, article.published_precision) == ("From the feed", None, None)


def test_a_repost_names_its_original() -> None:
    """Where a bare source link leads is where the text is from; the page is who reposted it."""
    article = _article(
        article_html(
            '<meta property="og:site_name" content="The Basket">',
            '<p><a href="https://www.first.example.com/a?utm_source=basket">Source link</a></p>',
        )
    )
    assert (
        article.attribution.original_url,
        article.attribution.original_name,
        article.attribution.reposted_by,
    ) == ("https://www.first.example.com/a", "first.example.com", "The Basket")


def test_sixty_thousand_links() -> None:
    """A page with a menu of 60,000 links is read like any other."""
    menu = "".join(f"<a href=/l/{number}>Link number {number}</a> " for number in range(60_000))
    texts = [ENGLISH, SWEDISH, GERMAN, RUSSIAN, ENGLISH_TOO]
    article = _article(html("".join(f"<p>{text}</p>" for text in texts)) + f"<nav>{menu}</nav>")
    assert texts == [block.text for block in article.blocks]


def test_equal_input_gives_equal_output() -> None:
    """Extraction depends on nothing but the page."""
    body = article_html('<script type="application/ld+json">{"@type": "NewsArticle"}</script>', NAVIGATION)
    assert _article(body) == _article(body)


@pytest.mark.parametrize(
    "heading",
    [
        "The ferry sails again",
        "THE FERRY SAILS AGAIN",
        "Harbour news The ferry sails again",
        "<span>Harbour</span><span>The ferry sails again</span>",
        "The ferry sails again after two years in a yard in the north",
    ],
)
def test_the_title_is_no_text(heading: str) -> None:
    """The headline above the text is the title, also with a kicker before it; it is residue."""
    page = html(f"<p>{ENGLISH}</p><p>{ENGLISH_TOO}</p>").replace("<h1>The ferry sails again", f"<h1>{heading}")
    article = _article(page.replace("<title>", '<meta property="og:title" content="The ferry sails again"><title>'))
    assert [block.text for block in article.blocks] == [ENGLISH, ENGLISH_TOO]
    assert {"repeated_title"} == {one.rule for one in article.residue}


def test_another_heading_is_text() -> None:
    """A heading in the text that shares a word with the title stays."""
    assert _blocks(f"<h2>What the ferry costs</h2><p>{SWEDISH}</p>")[0] == ("heading", "What the ferry costs")


def test_where_blocks_come_from() -> None:
    """A block says what took it from the page: trafilatura alone, with its fall-backs, or JSON-LD."""
    assert {"trafilatura"} == {block.origin for block in _article(html(f"<p>{ENGLISH * 3}</p>")).blocks}
    assert {"trafilatura-wide"} == {
        block.origin for block in _article("<html><body><p>The ferry is late.</p></body></html>").blocks
    }
    assert {"plain"} == {block.origin for block in _article(ENGLISH, "text/plain").blocks}


LINKED_BODY = (
    '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "The ferry", "articleBody": "%s"}</script>'
)


@pytest.mark.parametrize("body", [f"{ENGLISH}\\n\\n{SWEDISH}\\n{GERMAN}", f"<p>{ENGLISH}</p><p>{SWEDISH}</p>{GERMAN}"])
def test_text_that_stands_in_json_ld_alone(body: str) -> None:
    """A page that shows its text by a script is read from its declaration, paragraph by paragraph."""
    article = _article(f"<html><head>{LINKED_BODY % body}</head><body><div id=app></div></body></html>")
    assert tuple(Block(text=text, origin="json-ld") for text in (ENGLISH, SWEDISH, GERMAN)) == article.blocks


def test_readable_text_comes_before_json_ld() -> None:
    """Where the page shows its text, the declared text is not asked."""
    article = _article(html(f"<p>{ENGLISH}</p><p>{ENGLISH_TOO}</p>", LINKED_BODY % f"{SWEDISH} {GERMAN}"))
    assert [block.text for block in article.blocks] == [ENGLISH, ENGLISH_TOO]


NOT_FREE = '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": %s}</script>'


@pytest.mark.parametrize("value", ["false", '"False"', '"http://schema.org/False"'])
def test_a_preview_behind_a_paywall(value: str) -> None:
    """A page that says it is not free and shows a paragraph is no article; one that shows much is kept with a flag."""
    assert _reason(article_html(NOT_FREE % value)) is Reason.PAYWALL
    whole = _article(article_html(NOT_FREE % value, f"<p>{SWEDISH}</p><p>{GERMAN}</p>" * 2 + f"<p>{ENGLISH[::-1]}</p>"))
    assert (whole.is_free, whole.flags) == (False, ("not_free",))
    assert _article(article_html(NOT_FREE % "true")).is_free is True


def test_words_without_spaces_count_too() -> None:
    """A Japanese article has no spaces: two characters count as a word, so that it is not taken for a preview."""
    text = "古い渡し船は六月にふたたび運航すると港の事務所が月曜日に発表した。" * 9
    assert _article(html(f"<p>{text}</p>", NOT_FREE % "false", lang="ja")).is_free is False


def test_the_source_of_each_value() -> None:
    """An article tells for each field which witness it is from."""
    article = _article(
        article_html(
            '<meta property="article:published_time" content="2024-04-02T09:00:00Z">'
            '<meta name=author content="Ann Lee">'
        ),
        language="sv",
    )
    origins = dict(article.origins)
    assert (origins["published_at"], origins["authors"], origins["title"]) == ("opengraph", "meta", "h1")
    assert origins["declared_language"] == "html"


def test_roles_of_captions() -> None:
    """A caption is a block of its own behind the paragraph that it follows."""
    figure = "<figure><img src=a.jpg><figcaption>The ferry in its yard. Photo: Ann Lee</figcaption></figure>"
    blocks = _article(html(f"<p>{ENGLISH}</p>{figure}<p>{ENGLISH_TOO}</p>")).blocks
    assert [block.role for block in blocks] == [Role.BODY, Role.CAPTION, Role.BODY]


def test_a_page_that_does_not_name_its_article() -> None:
    """In a page laid out by tables the cell with the text is read, headings and all, and not the menus beside it."""
    menu = "<td><b>Sections</b><br><a href=/a>Town</a><br><a href=/b>River</a></td>"
    text = f"<td><h1>Ferry sails</h1><p>{ENGLISH}</p><h2>The bus instead</h2><p>{ENGLISH_TOO}</p><p>{SWEDISH}</p></td>"
    article = _article(f"<html><title>Ferry sails</title><body><table><tr>{menu}{text}</tr></table></body></html>")
    assert [(block.role, block.text) for block in article.blocks] == [
        (Role.BODY, ENGLISH),
        (Role.HEADING, "The bus instead"),
        (Role.BODY, ENGLISH_TOO),
        (Role.BODY, SWEDISH),
    ]


def test_prose_beside_the_articles_part_is_not_lost() -> None:
    """Where a paragraph stands before the part with most of the text, the page is read as a whole."""
    rest = f"<div><h2>The bus instead</h2><p>{ENGLISH_TOO}</p><p>{SWEDISH}</p><p>{GERMAN}</p></div>"
    article = _article(f"<html><title>Ferry sails</title><body><div><p>{ENGLISH}</p></div>{rest}</body></html>")
    assert {ENGLISH, ENGLISH_TOO, SWEDISH, GERMAN} <= {block.text for block in article.blocks}


def test_a_heading_with_some_words_of_the_title() -> None:
    """A heading that repeats a small part of the title is no second title."""
    title = "Storm night: ferry cancelled, shed lost at sea, water over the quay"
    article = _article(html(f"<h2>Water over the quay</h2><p>{ENGLISH}</p><p>{ENGLISH_TOO}</p>", title=title))
    first = replace(article.blocks[0], probability=None)
    assert first == Block(text="Water over the quay", role=Role.HEADING, origin="trafilatura", level=2)


def test_a_marker_on_a_line_of_its_own() -> None:
    """A line break behind a marker in brackets parts it from what follows."""
    article = _article(html(f"<p>{ENGLISH}</p><p>{ENGLISH_TOO}</p><p>[ad_2]<br>Source link</p>"))
    assert [block.text for block in article.blocks[-2:]] == ["[ad_2]", "Source link"]


OWN = (
    "I said so in spring already, and now the paper says it too. Read what the engineer says:",
    "So much for that bridge.",
)
POSTS = (
    (
        '<div class="message"><div class="user"><a>Kalle</a></div>'
        '<div class="wrap">{0}<blockquote>{2}</blockquote>{1}</div></div>'
    ),
    "<div><div>{0}<blockquote><div>{2}</div></blockquote>{1}</div></div>",
    (
        "<table><tr><td>Kalle</td><td><div id=post_1>{0}<div><table><tr><td>Posted by Nisse<div>{2}</div></td></tr>"
        "</table></div>{1}</div></td></tr></table>"
    ),
    "<section>{0}<br><br><blockquote><p>{2}</p></blockquote><br>{1}</section>",
)


@pytest.mark.parametrize("post", POSTS)
def test_a_writers_own_words_around_a_quotation_are_kept(post: str) -> None:
    """Bare text before and behind a quotation longer than itself is text, in its place."""
    quoted = f"{ENGLISH} {ENGLISH_TOO} {ENGLISH}"
    page_of_post = f"<html><head><title>The bridge</title></head><body>{post.format(*OWN, quoted)}</body></html>"
    text = _article(page_of_post).text
    places = [text.find(part) for part in (OWN[0], ENGLISH_TOO, OWN[1])]
    assert -1 not in places
    assert places == sorted(places)


def test_text_that_is_only_declared_is_taken_where_the_page_shows_a_part_of_it() -> None:
    """A page that shows two paragraphs and declares six gives six; what is shown and not declared is never given up."""
    declared = [
        ENGLISH,
        ENGLISH_TOO,
        *(f"Number {n} of the harbour's letters says the same in other words." for n in range(6)),
    ]
    linked = json.dumps(
        {"@type": "NewsArticle", "headline": "The ferry sails again", "articleBody": "\n\n".join(declared)}
    )
    head = f'<script type="application/ld+json">{linked}</script>'
    assert _article(article_html(head)).text == "\n\n".join(declared)
    shown = "<p>Nothing of what this paragraph tells about eels, cranes and pilots is declared by the page.</p>" * 3
    assert "eels" in _article(article_html(head, shown)).text


@pytest.mark.parametrize(
    "hidden",
    [
        "<template><p>{}</p></template>",
        "<p hidden>{}</p>",
        '<div style="display:none"><p>{}</p></div>',
        '<div class="player"><div class="vjs-error-display">{}</div></div>',
    ],
)
def test_what_a_browser_does_not_show_is_no_text(hidden: str) -> None:
    """Templates, hidden parts and the messages of a player are left out."""
    spam = "The best offers of the year are here for you, without any deposit."
    assert spam not in _article(article_html("", hidden.format(spam))).text


def test_a_saved_page_is_read_as_the_page_of_its_address() -> None:
    """A file that names its address is that page's record, unless witnesses disagree or name the home page."""
    path = "file:///saved/ferry.html"
    head = '<link rel="canonical" href="https://bay.example.org/2024/05/01/ferry">'
    article = _article(article_html(head), url=path, via=Via.FILE)
    assert (article.url, article.requested_url) == ("https://bay.example.org/2024/05/01/ferry", path)
    assert article.key == url_key("https://bay.example.org/2024/05/01/ferry")
    assert dict(article.origins)["url"] == "canonical"
    for doubtful in (
        head + '<meta property="og:url" content="https://bay.example.org/another">',
        '<link rel="canonical" href="https://bay.example.org/">',
        '<link rel="canonical" href="ferry.html">',
    ):
        assert _article(article_html(doubtful), url=path, via=Via.FILE).url == path
