"""Articles over several pages become one record, in whatever layout; archives and next articles never do."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from support.parts import FOOT, LIMITS, MENU, MORE, STORIES, Leaf, Read, Story, html, linked, read, site_of

from ingest.lang.pages import is_row, leads_on, read_count, shows_all
from ingest.model import JOINED_PAGES, PAGES_MISSING, Record, Role, SiteRule
from ingest.parts import Limits

BASE = "https://bay.example/news/2026/quay-closes"
EN = STORIES["en"]


def _plain(leaf: Leaf) -> str:
    row = linked(leaf, str)
    return html(leaf, f"<article><h1>{leaf.story.title}</h1>{leaf.paragraphs}<div class='x1'>{row}</div></article>")


def _counted(leaf: Leaf) -> str:
    story = leaf.story
    head = f'<link rel="next" href="{leaf.url(leaf.number + 1)}">' if leaf.number < leaf.total else ""
    head += f'<link rel="prev" href="{leaf.url(leaf.number - 1)}">' if leaf.number > 1 else ""
    count = f"{story.page} {leaf.number} {story.of} {leaf.total}"
    return html(leaf, f"<main><h1>{story.title}</h1><em>{count}</em>{leaf.paragraphs}</main>", head)


def _listed(leaf: Leaf) -> str:
    row = linked(leaf, str, "</li><li>", "span")
    more = (
        f'<li><a href="{leaf.url(leaf.number + 1)}">{leaf.story.onward} »</a></li>' if leaf.url(leaf.number + 1) else ""
    )
    body = f"<h1>{leaf.story.title}</h1><p class='who'>{leaf.story.author}</p>{leaf.paragraphs}"
    return html(
        leaf, f"<div><div class='txt'>{body}</div><ul class='pgn'><li>{row}</li>{more}</ul></div>", _declared(leaf)
    )


def _declared(leaf: Leaf) -> str:
    story = leaf.story
    data = f'"@type":"NewsArticle","headline":"{story.title}","author":{{"@type":"Person","name":"{story.author}"}}'
    return f'<script type="application/ld+json">{{{data},"datePublished":"2026-11-30T08:00:00+01:00"}}</script>'


def _arrows(leaf: Leaf) -> str:
    before, after = leaf.url(leaf.number - 1), leaf.url(leaf.number + 1)
    row = (f'<a rel="prev" href="{before}">‹</a>' if before else "") + (
        f'<a rel="next" href="{after}">›</a>' if after else ""
    )
    text = "".join(f"<div>{one}</div>" for one in leaf.text)
    return html(leaf, f"<article><h1>{leaf.story.title}</h1>{text}<p>{row}</p></article>")


def _opaque(leaf: Leaf) -> str:
    after = leaf.url(leaf.number + 1)
    row = f'<p><a href="{after}">{leaf.story.onward}</a></p>' if after else ""
    count = f"<span>{leaf.number}/{leaf.total}</span>"
    return html(leaf, f"<article><h1>{leaf.story.title}</h1>{count}{leaf.paragraphs}{row}</article>")


def _titled(leaf: Leaf) -> str:
    title = leaf.story.title + (f" - {leaf.story.page} {leaf.number}" if leaf.number > 1 else "")
    lead = f"<p><b>{leaf.story.text[0]}</b></p>" if leaf.number > 1 else ""
    row = linked(leaf, lambda number: f"{leaf.story.page} {number}", " | ")
    body = f"<h1>{title}</h1><p class='author'>{leaf.story.author}</p>{lead}{leaf.paragraphs}<p>{row}</p>"
    return html(leaf, f"<article>{body}</article>", title=title)


def _canonical(leaf: Leaf) -> str:
    row = linked(leaf, str, "</td><td>")
    body = f"<h1>{leaf.story.title}</h1>{leaf.paragraphs}<table><tr><td>{row}</td></tr></table>"
    return html(leaf, f"<article>{body}</article>", f'<link rel="canonical" href="{leaf.url(1)}">')


def _with_all(leaf: Leaf) -> str:
    row = linked(leaf, str) + ' <a href="/news/2026/quay-closes?page=all">View as single page</a>'
    return html(leaf, f"<article><h1>{leaf.story.title}</h1>{leaf.paragraphs}<div>{row}</div></article>")


Address = Callable[[int], str]
LAYOUTS: dict[str, tuple[Address, Callable[[Leaf], str]]] = {
    "numbers, a parameter": (lambda number: BASE + (f"?page={number}" if number > 1 else ""), _plain),
    "numbers, zero-based": (lambda number: BASE + (f"?page={number - 1}" if number > 1 else ""), _plain),
    "numbers, WordPress": (lambda number: f"{BASE}/{f'{number}/' if number > 1 else ''}", _plain),
    "rel and a count": (lambda number: f"{BASE}{f'/page/{number}' if number > 1 else ''}", _counted),
    "a list of links": (lambda number: f"{BASE}{f'-{number}' if number > 1 else ''}.html", _listed),
    "arrows with rel": (lambda number: f"{BASE},{number}.html" if number > 1 else f"{BASE}.html", _arrows),
    "opaque addresses": (lambda number: f"https://bay.example/{('quay', 'boats', 'mayor')[number - 1]}-k3f", _opaque),
    "title with a number": (lambda number: f"{BASE}/{'seite-' + str(number) if number > 1 else ''}", _titled),
    "canonical is the first": (lambda number: f"{BASE}.php?id=77{f'&p={number}' if number > 1 else ''}", _canonical),
}
LANGUAGES = list(STORIES)
CASES = [
    (name, LANGUAGES[(position + turn) % len(LANGUAGES)])
    for position, name in enumerate(LAYOUTS)
    for turn in (0, 3)
]  # fmt: skip


def text_of(read_: Read, story: Story) -> list[int]:
    """The paragraphs of a story that a record has, in its order, headings aside; -1 for what is none of them."""
    assert isinstance(read_.record, Record), read_.record
    places = {paragraph: place for place, paragraph in enumerate(story.text)}
    return [places.get(one.text, -1) for one in read_.record.article.blocks if one.role is not Role.HEADING]


@pytest.mark.parametrize(("layout", "code"), CASES)
def test_an_article_over_three_pages_is_one_record(layout: str, code: str) -> None:
    """Its paragraphs stand in their order, each once; the rows of links and what pages repeat are no text."""
    address, made = LAYOUTS[layout]
    story = STORIES[code]
    site = site_of(story, address, made)
    first, *others = site
    got = read(site, first)
    assert text_of(got, story) == [0, 1, 2, 3, 4, 5]
    assert got.asked == others
    assert isinstance(got.record, Record)
    article = got.record.article
    assert (JOINED_PAGES in article.flags, PAGES_MISSING in article.flags) == (True, False)
    assert [part.url for part in article.provenance.parts] == others
    assert (article.url, article.title) == (first, story.title)


@pytest.mark.parametrize("layout", [name for name in LAYOUTS if name != "opaque addresses"])
def test_a_later_page_leads_to_the_whole_article(layout: str) -> None:
    """Whichever page is given, the record is that of the first, with the same text."""
    address, made = LAYOUTS[layout]
    site = site_of(EN, address, made)
    first = read(site, next(iter(site))).record
    for url in list(site)[1:2] if "arrows" in layout else list(site)[1:]:
        other = read(site, url)
        assert text_of(other, EN) == [0, 1, 2, 3, 4, 5], url
        assert isinstance(first, Record)
        assert isinstance(other.record, Record)
        assert other.record.article.key == first.article.key
        assert other.record.article.requested_url == url


def test_a_page_that_shows_all_of_it_is_preferred() -> None:
    """It is asked for first; where it cannot be had, or shows no more, the pages are."""
    address = LAYOUTS["numbers, a parameter"][0]
    site = site_of(EN, address, _with_all)
    all_of_it = f"{BASE}?page=all"
    only = Leaf(story=EN, number=1, total=1, text=EN.text, urls=[all_of_it])
    whole = read({**site, all_of_it: html(only, f"<article><h1>{EN.title}</h1>{only.paragraphs}</article>")}, BASE)
    assert (text_of(whole, EN), whole.asked) == ([0, 1, 2, 3, 4, 5], [all_of_it])
    same = read({**site, all_of_it: site[BASE]}, BASE)
    for got in (same, read(site, BASE)):
        assert (text_of(got, EN), got.asked) == ([0, 1, 2, 3, 4, 5], [all_of_it, *list(site)[1:]])


def test_a_rule_of_the_site_names_the_pages() -> None:
    """Its links need no second witness: a person has looked."""

    def bare(leaf: Leaf) -> str:
        after = leaf.url(leaf.number + 1)
        row = f'<a id="go" href="{after}">→</a>' if after else ""
        return html(leaf, f"<article><h1>{leaf.story.title}</h1>{leaf.paragraphs}{row}</article>")

    site = site_of(EN, lambda number: f"https://bay.example/{'abc'[number - 1]}", bare)
    first, second, third = site
    assert read(site, first).asked == []
    rule = SiteRule(host="bay.example", version="1", next_page=("//a[@id='go']",))
    assert text_of(read(site, first, rule), EN) == [0, 1, 2, 3, 4, 5]
    whole = html(Leaf(story=EN, number=1, total=1, text=EN.text, urls=[]), "".join(f"<p>{one}</p>" for one in EN.text))
    single = SiteRule(host="bay.example", version="1", single_page=("//a[@id='go']/@href",))
    got = read({first: site[first], second: whole}, first, single)
    assert (text_of(got, EN), got.asked) == ([0, 1, 2, 3, 4, 5], [second])
    assert third not in got.asked


@pytest.mark.parametrize(
    ("gone", "limits", "has"),
    [
        ({1}, LIMITS, [0, 1]),
        ({2}, LIMITS, [0, 1, 2, 3]),
        (set(), Limits(pages=2, size=5_000_000), [0, 1, 2, 3]),
        (set(), Limits(pages=1, size=5_000_000), [0, 1]),
        (set(), Limits(pages=20, size=2_100), [0, 1, 2, 3]),
    ],
)
def test_what_cannot_be_had_is_said(gone: set[int], limits: Limits, has: list[int]) -> None:
    """The record has what there is, and a flag says that it is not whole: also where a limit is to blame."""
    site = site_of(EN, *LAYOUTS["numbers, a parameter"])
    left = {url: body for place, (url, body) in enumerate(site.items()) if place not in gone}
    got = read(left, BASE, limits=limits)
    assert text_of(got, EN) == has
    assert isinstance(got.record, Record)
    assert PAGES_MISSING in got.record.article.flags


def test_a_later_page_alone_is_a_record_that_is_not_whole() -> None:
    """Where the first cannot be had."""
    site = site_of(EN, *LAYOUTS["numbers, a parameter"])
    third = list(site)[2]
    got = read({third: site[third]}, third)
    assert text_of(got, EN) == [4, 5]
    assert isinstance(got.record, Record)
    assert PAGES_MISSING in got.record.article.flags


OTHER = STORIES["de"]


def _other(url: str, extra: str = "", story: Story = OTHER) -> str:
    leaf = Leaf(story=story, number=1, total=1, text=story.text, urls=[url])
    return html(leaf, f"<article><h1>{story.title}</h1>{leaf.paragraphs}</article>{extra}", _declared(leaf))


def _one(extra: str = "", head: str = "") -> str:
    leaf = Leaf(story=EN, number=1, total=1, text=EN.text, urls=[])
    return html(leaf, f"<article><h1>{EN.title}</h1>{leaf.paragraphs}</article>{extra}", _declared(leaf) + head)


NEXT_POST = "https://bay.example/news/2026/market-day"
ALONE: dict[str, tuple[str, str, int]] = {
    # the page, another page under an address that it names, and how often at most something is asked for
    "next article by rel": (BASE, _one(head=f'<link rel="next" href="{NEXT_POST}">'), 0),
    "next article by words": (BASE, _one(f'<p><a href="{NEXT_POST}">Next article</a> <a href="/2">2</a></p>'), 0),
    "numbered articles": (
        "https://bay.example/post/12",
        _one('<a rel="prev" href="/post/11">‹</a> <a rel="next" href="/post/13">›</a> <a href="/post">All</a>'),
        0,
    ),
    "comments": (
        BASE,
        _one(f'<section id="comments"><a href="{BASE}?page=2">2</a> <a href="{BASE}?page=3">3</a></section>'),
        0,
    ),
    "comments without a name": (
        BASE,
        _one(f'<div><a href="{BASE}?page=2">2</a> <a href="{BASE}?page=3">3</a></div>'),
        1,
    ),
    "list of the archive": (BASE, _one('<a rel="next" href="/news/page/2">2</a> <a href="/news/page/3">3</a>'), 0),
    "teasers": (
        BASE,
        _one(f'<div class="related"><a rel="next" href="{BASE}?page=2">2</a><a href="{BASE}?page=3">3</a></div>'),
        0,
    ),
}


@pytest.mark.parametrize("name", ALONE)
def test_what_only_looks_like_a_further_page_is_none(name: str) -> None:
    """Next articles, archives, comments and teasers add nothing to a record, nor a flag; most are not asked for."""
    url, body, most = ALONE[name]
    site = {url: body, NEXT_POST: _other(NEXT_POST), f"{BASE}?page=2": body, "/news/page/2": _other("")}
    got = read(site, url)
    assert text_of(got, EN) == [0, 1, 2, 3, 4, 5]
    assert isinstance(got.record, Record)
    assert not {JOINED_PAGES, PAGES_MISSING} & set(got.record.article.flags)
    assert len(got.asked) <= most


def test_another_article_behind_two_witnesses_is_not_believed() -> None:
    """Another headline, author or day speak against it, however its address looks."""
    body = _one(f'<p><a rel="next" href="{BASE}?page=2">2</a></p>')
    for other in (
        _other(""),
        _one().replace(EN.author, "Olga Brandt").replace(EN.text[0], OTHER.text[0]),
        _one().replace("2026-11-30T08", "2026-11-12T08").replace(EN.text[0], OTHER.text[0]),
    ):
        got = read({BASE: body, f"{BASE}?page=2": other}, BASE)
        assert (text_of(got, EN), got.asked) == ([0, 1, 2, 3, 4, 5], [f"{BASE}?page=2"])


def test_an_archive_list_is_no_article_over_pages() -> None:
    """A page of teasers with older ones behind it is asked no further."""
    teasers = "".join(
        f'<article><h2><a href="/news/{number}-x">{text[:40]}</a></h2><p>{text}</p></article>'
        for number, text in enumerate((*EN.text, *OTHER.text))
    )
    row = '<a rel="next" href="/news/page/2">2</a> <a href="/news/page/3">3</a>'
    url = "https://bay.example/news"
    body = (
        f"<html lang='en'><head><title>News</title></head><body>{MENU}<h1>News</h1>{teasers}{row}{FOOT}</body></html>"
    )
    assert read({url: body}, url).asked == []


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("Page 2 of 3", (2, 3)),
        ("(Seite 1 von 4)", (1, 4)),
        ("第2页 共3页", (2, 3)),
        ("全3ページ中2ページ目", (2, 3)),
        ("الصفحة ٢ من ٣", (2, 3)),
        ("Sayfa 2 / 5", (2, 5)),
        ("หน้า 2 จาก 3", (2, 3)),
        ("2/3", (2, 3)),
        ("Page 4 of 3", (3, 4)),
        ("In 2 von 3 Fällen", None),
        ("2 of 3 goals", None),
        ("3/12/2026", None),
        ("2026", None),
        ("Page 2", None),
    ],
)
def test_a_count_of_pages_is_told_from_other_numbers(line: str, count: tuple[int, int] | None) -> None:
    """In the words of any language of the lexicon."""
    assert read_count(line) == count


def test_words_of_links_are_known_in_many_languages() -> None:
    """What leads on names a page: a bare "next" may lead to the next article."""
    assert all(map(leads_on, ("Next page »", "Weiter auf Seite 2", "下一页", "Próxima página →", "Следующая страница")))
    assert not any(map(leads_on, ("Next", "Next article", "Weiter", "")))
    assert all(map(shows_all, ("View as single page", "Auf einer Seite lesen", "全文表示")))
    assert is_row("« 1 2 3 … 9 Next page")
    assert not is_row("Page 3 of the report says more")


SHORT = "https://vale.example/2026/11/mill"


def _current(leaf: Leaf) -> str:
    rows = "".join(
        f'<li><a aria-label="{leaf.story.page} {number}" href="{leaf.url(number)}">{number}</a></li>'
        if number != leaf.number
        else f'<li aria-current="page"><span>{number}</span></li>'
        for number in range(1, leaf.total + 1)
    )
    nav = f'<nav aria-label="pagination" class="c-pgn"><ol>{rows}</ol></nav>'
    return html(
        leaf, f"<main><header><h1>{leaf.story.title}</h1></header><section>{leaf.paragraphs}</section>{nav}</main>"
    )


def _brackets(leaf: Leaf) -> str:
    row = linked(leaf, lambda number: f"[{number}]", "&nbsp;", "font")
    body = "<br><br>".join(leaf.text)
    text = f"<table><tr><td><h2>{leaf.story.title}</h2><p>{body}</p></td></tr><tr><td>{row}</td></tr></table>"
    return html(leaf, text, _declared(leaf))


def _count_on_top(leaf: Leaf) -> str:
    after = leaf.url(leaf.number + 1)
    row = f'<div class="z"><a rel="next" href="{after}">→</a></div>' if after else ""
    count = f"<div>{leaf.number} / {leaf.total}</div>"
    return html(leaf, f"<div id='a'><h1>{leaf.story.title}</h1>{count}{leaf.paragraphs}{row}</div>", _declared(leaf))


def _words_and_numbers(leaf: Leaf) -> str:
    row = f"<p><small>{leaf.story.page}: {linked(leaf, str, ', ', 'strong')}</small></p>"
    return html(leaf, f"<article><h1>{leaf.story.title}</h1>{row}{leaf.paragraphs}{row}</article>")


def _only_onward(leaf: Leaf) -> str:
    before, after = leaf.url(leaf.number - 1), leaf.url(leaf.number + 1)
    row = f'<a class="btn" href="{after}"><span>{leaf.story.onward}</span></a>' if after else ""
    row += f'<a class="btn" rel="prev" href="{before}">‹‹</a>' if before else ""
    return html(leaf, f"<article><h1>{leaf.story.title}</h1><div class='t'>{leaf.paragraphs}</div>{row}</article>")


def _zeroes(leaf: Leaf) -> str:
    row = linked(leaf, lambda number: f"{number:02}", " · ", "span")
    return html(leaf, f"<article><h1>{leaf.story.title}</h1>{leaf.paragraphs}<footer>{row}</footer></article>")


def _own_headings(leaf: Leaf) -> str:
    head = f'<meta property="og:title" content="{leaf.story.title}">' + _declared(leaf)
    head += f'<link rel="next" href="{leaf.url(leaf.number + 1)}">' if leaf.url(leaf.number + 1) else ""
    head += f'<link rel="prev" href="{leaf.url(leaf.number - 1)}">' if leaf.number > 1 else ""
    heading = leaf.story.title if leaf.number == 1 else f"{leaf.number}. {leaf.story.text[0][:4]}"
    return html(leaf, f"<article><h1>{heading}</h1>{leaf.paragraphs}</article>", head)


def _around(leaf: Leaf) -> str:
    before, after = leaf.url(leaf.number - 1), leaf.url(leaf.number + 1)
    row = (
        (f'<a href="{before}">«</a> ' if before else "")
        + linked(leaf, str, " ", "")
        + (f' <a href="{after}">»</a>' if after else "")
    )
    bar = f'<div class="bar">{row} <span>{leaf.story.page} {leaf.number} {leaf.story.of} {leaf.total}</span></div>'
    text = "".join(f"<div class='l'><span>{one}</span></div>" for one in leaf.text)
    return html(
        leaf,
        f"{bar}<div class='head'><h1>{leaf.story.title}</h1></div><div class='b'>{text}</div>{bar}",
        _declared(leaf),
    )


def _cursor(leaf: Leaf) -> str:
    after = leaf.url(leaf.number + 1)
    row = f'<p class="m"><a rel="next nofollow" href="{after}">{leaf.story.onward}</a></p>' if after else ""
    return html(
        leaf,
        f"<article itemscope itemtype='https://schema.org/NewsArticle'><h1 itemprop='headline'>{leaf.story.title}"
        f"</h1><div itemprop='articleBody'>{leaf.paragraphs}</div>{row}</article>",
    )


def _selected(leaf: Leaf) -> str:
    options = "".join(f'<option value="{url}">{number}</option>' for number, url in enumerate(leaf.urls, 1))
    count = f"<label>{leaf.story.page} {leaf.number} {leaf.story.of} {leaf.total}</label>"
    after = leaf.url(leaf.number + 1)
    row = f"<form>{count}<select>{options}</select></form>" + (
        f'<a href="{after}">{leaf.story.onward} &gt;</a>' if after else ""
    )
    return html(leaf, f"<article><h1>{leaf.story.title}</h1>{leaf.paragraphs}{row}</article>")


UNSEEN: dict[str, tuple[Address, Callable[[Leaf], str]]] = {
    "the current page is named": (lambda number: f"{SHORT}?pagina={number}" if number > 1 else SHORT, _current),
    "brackets in a table": (lambda number: f"{SHORT}{f'_p{number}' if number > 1 else ''}.htm", _brackets),
    "a count on top, an arrow": (lambda number: f"{SHORT}/{f'p/{number}/' if number > 1 else ''}", _count_on_top),
    "words and numbers, twice": (
        lambda number: f"https://vale.example/index.php?art=991{f'&s={number}' if number > 1 else ''}",
        _words_and_numbers,
    ),
    "a button only": (lambda number: f"{SHORT}/{number}" if number > 1 else SHORT, _only_onward),
    "numbers with a zero": (lambda number: f"{SHORT}-{number:02}.html", _zeroes),
    "other headings": (lambda number: f"{SHORT}.{number}.shtml" if number > 1 else f"{SHORT}.shtml", _own_headings),
    "bars above and below": (lambda number: f"{SHORT}/teil-{number}" if number > 1 else f"{SHORT}/", _around),
    "a cursor": (
        lambda number: f"{SHORT}?after={('', 'k1x', 'q7z', 'b0m')[number - 1]}" if number > 1 else SHORT,
        _cursor,
    ),
    "a menu of pages": (lambda number: f"{SHORT}?seite={number}", _selected),
}

MORE_CASES = [
    (name, list(MORE)[(position + turn) % len(MORE)], per_page)
    for position, name in enumerate(UNSEEN)
    for turn, per_page in ((0, 2), (3, 1))
]


@pytest.mark.parametrize(("layout", "code", "per_page"), MORE_CASES)
def test_layouts_that_nothing_was_made_for_are_read_as_well(layout: str, code: str, per_page: int) -> None:
    """Two or four pages, in further languages."""
    address, made = UNSEEN[layout]
    story = MORE[code]
    site = site_of(story, address, made, per_page)
    got = read(site, next(iter(site)))
    assert text_of(got, story) == [0, 1, 2, 3]
    assert got.asked == list(site)[1:]
