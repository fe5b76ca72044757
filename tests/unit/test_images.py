"""The pictures of an article stand in its record, each in its place, and change nothing else of it."""

from __future__ import annotations

import pytest
from support.pages import page

import ingest
from ingest.clean import line_key
from ingest.markdown import markdown
from ingest.model import Record
from ingest.pipeline import forget_lines, process_page
from ingest.record import values_of

URL = "https://news.example/sund/bell"
FIRST = "<p>The divers came back at noon on Monday with more than they had looked for in the bay of Sund.</p>"
SECOND = "<p>Nobody had seen it for a hundred and fifty years, says the harbour master, who kept a list of wrecks.</p>"
THIRD = "<p>It will hang in the tower of the museum from spring, where the children of the town may ring it.</p>"
PICTURE = '<figure><img src="/b.jpg"><figcaption>The bell on the quay. Photo: Ann Lee/TT</figcaption></figure>'


def whole(body: str) -> str:
    """The markup of an article with this body."""
    head = "<html lang=en><head><title>Bell of Sund rings again</title></head><body><main><article>"
    return f"{head}<h1>Bell of Sund rings again</h1>{body}</article></main></body></html>"


def images_of(body: str) -> list[tuple[str, str | None, str | None, str | None]]:
    """Address, caption, credit and the beginning of the segment before, of each picture."""
    record = ingest.read(whole(body), url=URL)
    return [
        (
            one["url"],
            one["caption"],
            one["credit"],
            None if one["after"] is None else record["segments"][one["after"]]["text"].split()[0],
        )
        for one in record["images"]
    ]


def test_a_picture_has_its_caption_credit_and_place() -> None:
    """Behind the paragraph that it follows, above all of them where it stands there."""
    assert images_of(
        f'<img src="a.jpg" width="900">{FIRST}{PICTURE}{SECOND}{THIRD}<img src="//cdn.example/c.webp">'
    ) == [
        ("https://news.example/sund/a.jpg", None, None, None),
        ("https://news.example/b.jpg", "The bell on the quay.", "Ann Lee/TT", "The"),
        ("https://cdn.example/c.webp", None, None, "It"),
    ]


@pytest.mark.parametrize(
    ("markup", "address"),
    [
        ('<img src="data:image/gif;base64,R0lG" data-src="/l.jpg">', "/l.jpg"),
        ('<img src="/s.jpg" srcset="/s-400.jpg 400w, /s-1600.jpg 1600w, /s-800.jpg 800w">', "/s-1600.jpg"),
        ('<img data-srcset="/d.jpg, /d2.jpg 2x" src="/grey.png">', "/d2.jpg"),
        ('<picture><source srcset="/p.avif 1200w"><img src="/p-small.jpg"></picture>', "/p.avif"),
        ('<img class="lazy" src="data:,"><noscript><img src="/n.jpg"></noscript>', "/n.jpg"),
        ('<amp-img src="/amp.jpg" width="800" height="600"></amp-img>', "/amp.jpg"),
        ('<figure><img src="data:,"><noscript><img src="/f.jpg"></noscript></figure>', "/f.jpg"),
        ('<a href="/large.jpg"><img src="/linked.jpg"></a>', "/linked.jpg"),
        ('<img src="/Große Brücke.jpg?w=900&amp;h=600">', "/Gro%C3%9Fe%20Br%C3%BCcke.jpg?w=900&h=600"),
        ('<img src="/{width}/x.jpg" data-original="/o.jpg">', "/o.jpg"),
    ],
)
def test_a_picture_is_found_however_it_is_loaded(markup: str, address: str) -> None:
    """Late ones by what a script would load, several sizes of one as the largest."""
    assert images_of(FIRST + markup + SECOND + THIRD) == [("https://news.example" + address, None, None, "The")]


@pytest.mark.parametrize(
    "markup",
    [
        '<img src="/x.jpg" width="1" height="1">',
        '<img src="/x.jpg" width="64px">',
        '<img src="/x.jpg" style="display:none">',
        '<img src="/site-logo.png">',
        '<img src="/x.svg">',
        '<div class="article-byline"><img src="/ann.jpg"><span>Ann Lee</span></div>',
        '<div class="c-author"><img src="/ann.jpg"></div>',
        '<img class="avatar" src="/ann.jpg">',
        '<a href="/sund/other-story"><img src="/teaser.jpg"></a>',
        '<a href="https://shop.example/"><img src="/banner.jpg"></a>',
        '<aside class="related"><img src="/other.jpg"><a href="/other">Other news of Sund today</a></aside>',
        '<img src="javascript:alert(1)">',
        '<img src="data:image/png;base64,AAAA">',
        '<img src="https://count.example/pixel?x=1">',
        '<img src="">',
        "<img>",
        '<img src="http://[">',
    ],
)
def test_the_frame_of_a_page_is_no_picture_of_it(markup: str) -> None:
    """Logos, portraits, counters, teasers, advertisements, and what is no address."""
    assert images_of(FIRST + markup + SECOND + THIRD) == []


def test_pictures_change_nothing_else() -> None:
    """A record is the same with and without them."""
    pictures = ['<img src="/1.jpg">', '<picture><source srcset="/2.jpg 2x"><img src="/3.jpg"></picture>']
    with_them = ingest.read(whole(FIRST + pictures[0] + SECOND + pictures[1] + THIRD), url=URL)
    without = ingest.read(whole(FIRST + SECOND + THIRD), url=URL)
    assert len(with_them["images"]) == 2
    for name in ("text", "segments", "title", "attribution", "flags", "confidence"):
        assert with_them[name] == without[name]


def test_a_picture_keeps_its_place_when_lines_before_it_go() -> None:
    """Lines that the cleaner takes out, or that turn out to be the site's, leave the picture behind what is left."""
    body = whole(f"{FIRST}<p>Advertisement</p>{PICTURE}{SECOND}{THIRD}")
    made = process_page(page(body, url=URL))
    assert isinstance(made, Record)
    assert [one["after"] for one in values_of(made)["images"]] == [0]
    first = made.article.blocks[0].text
    assert [one["after"] for one in values_of(forget_lines(made, {line_key("news.example", first)}))["images"]] == [
        None
    ]


def test_one_picture_in_many_dresses_counts_once() -> None:
    """The same file in other sizes, in a figure and again below it."""
    again = '<img src="/b.jpg?w=300">'
    found = images_of(FIRST + PICTURE + again + SECOND + THIRD)
    assert found == [("https://news.example/b.jpg", "The bell on the quay.", "Ann Lee/TT", "The")]


def test_markdown_shows_pictures_in_their_place() -> None:
    """With what stands below each, once."""
    made = markdown(ingest.read(whole(FIRST + PICTURE + SECOND + THIRD), url=URL))
    shown = "![The bell on the quay.](https://news.example/b.jpg)\n\n*The bell on the quay. · Ann Lee/TT*\n\nNobody"
    assert f"in the bay of Sund.\n\n{shown}" in made
    assert made.count("bell on the quay") == 2
