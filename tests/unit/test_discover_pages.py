"""What HTML pages announce: the feeds that they name, and the articles that they link to."""

from __future__ import annotations

import pytest
from support.effort import no_more_than_a_moment
from support.pages import page

from ingest.discover.listing import Further, Listing
from ingest.discover.read import read_listing
from ingest.model import Page, Via

HOME = "https://www.bay.example.org/nyheter/"

SWEDISH = """<!doctype html><html lang="sv-SE"><head><title>Nyheter | Viken</title>
<meta name=robots content="index, follow">
<link rel="alternate" type="application/rss+xml" title="Allt" href="/rss/alla"></head><body class="nav-open">
<header><nav class="main-nav"><a href="/nyheter/">Nyheter</a> <a href="/kultur-och-noje-i-hela-lanet/">Kultur och nöje i
hela länet</a></nav></header>
<main><article><a href="/nyheter/2024/04/01/farjan-gar-igen-efter-lagningen"><img alt="" src="f.jpg"></a>
<h2><a href="/nyheter/2024/04/01/farjan-gar-igen-efter-lagningen?utm_source=hem">Färjan går igen efter
lagningen</a></h2> <a href="/logga-in?till=/nyheter/2024/04/01/farjan-gar-igen-efter-lagningen">Logga in här nu</a>
<a href="/nyheter/2024/04/01/farjan-gar-igen-efter-lagningen#comments">12 kommentarer om färjan i viken</a>
<a href="/nyheter/2024/04/01/farjan-gar-igen-efter-lagningen">Läs mer</a></article>
<article><a href="https://bay.example.org/sport/a/Mo8jPBxq/flickorna-vann"><span>Sport</span><h3>Flickorna vann på
bortaplan</h3><p>En lång ingress om matchen som ingen har bett om.</p></a><a href="/sport/a/Mo8jPBxq/flickorna-vann">Läs
mer</a></article>
<article><h3><a href="/inrikes/bron-100.html">Bron är öppen igen</a></h3>
<a href="/inrikes/bron-100.html">Läs mer</a></article>
<a href="/arkivet/artikel.asp?id=48213">Klockan hittades på havets botten</a>
<a href="/reklam/vinn-en-resa-till-solen-i-vinter-2024" rel="nofollow sponsored">Vinn en resa till solen i vinter</a>
<a href="/tagg/farjan-mellan-oarna-i-viken/">Färjan mellan öarna i viken</a>
<a href="/forfattare/anna-maria-lind-strom">Anna Maria Lind Ström skriver</a>
<a href="/nyheter/page/2">Fler och äldre nyheter här</a> <a href="?page=3">Ännu äldre nyheter från viken</a>
<a href="/bilder/2024/04/01/farjan-gar-igen-efter-lagningen.jpg">Bild på färjan som går igen</a>
<a href="https://other.example/2024/04/01/en-annan-sajt-har-nyheter">En annan sajt har nyheter</a>
<a href="mailto:red@bay.example.org">Skriv till oss om din historia</a> <a href="javascript:void(0)">Visa alla våra
nyheter här</a> <a href="/vader">Väder</a> <a href="/">Till startsidan för hela Viken</a></main>
<footer><a href="/om/sa-arbetar-vi-med-kallor-2024-01-01">Så arbetar vi med källor</a></footer></body></html>"""

RUSSIAN = """<html lang="ru"><head><meta property="og:site_name" content="Тихий берег"><title>Новости</title></head>
<body><div id="top-menu"><a href="/novosti/vse-novosti-za-segodnya-podryad">Все новости за сегодня подряд</a></div>
<ul><li><a href="/2024/04/01/parom/">Старый паром снова ходит через залив</a></li>
<li><a href="/life/%D0%BA%D0%BE%D1%88%D0%BA%D0%B0-%D0%BD%D0%B0-%D0%B4%D0%B5%D1%80%D0%B5%D0%B2%D0%B5">
Кошка три дня сидела на дереве</a></li>
<li><a href="/novosti/20412345">В школе открыли новый театр</a></li>
<li><a href="/рубрика/жизнь-нашего-тихого-города">Жизнь нашего тихого города</a></li>
<li><a href="/novosti/">Новости</a></li></ul></body></html>"""

ARABIC = """<html lang="ar"><body><h3><a href="/أخبار/العبارة-تعود-إلى-الخليج-في-يونيو">العبارة تعود إلى الخليج</a></h3>
<a href="/وسم/العبارة-القديمة-في-الخليج">العبارة القديمة في الخليج</a> <a href="/أخبار">أخبار</a></body></html>"""

JAPANESE = '<html lang="ja"><h2><a href="/articles/k10014408571000">古い渡し船が六月に再び運航を始める</a></h2></html>'

GERMAN = """<html lang="de"><base href="https://bay.example.org/inland/"><body>
<a href="alte-uhr-schlaegt-wieder-nach-jahren-1.4521987"><h4>Die alte Uhr schlägt wieder</h4></a>
<a href="">Nach oben zum Anfang der Seite</a><a name="x">Kein Verweis ist das
hier</a><a href="/thema/fussball-in-der-kreisliga-heute">Fußball in der Kreisliga heute</a></body></html>"""


def _page(body: str, url: str = HOME, **headers: str) -> Page:
    made = page(body, "text/html; charset=utf-8", url=url, source="bay", via=Via.SECTION)
    return Page(
        seed=made.seed,
        final_url=url,
        body=made.body,
        fetched_at=made.fetched_at,
        status=200,
        headers=(*made.headers, *((name.replace("_", "-"), value) for name, value in headers.items())),
    )


def _read(body: str, url: str = HOME, **headers: str) -> Listing:
    found = read_listing(_page(body, url, **headers))
    assert isinstance(found, Listing), found
    return found


def test_a_swedish_front_page() -> None:
    """Articles are told from sections, tags, authors, services, advertisements and pictures; titles are headlines."""
    found = _read(SWEDISH)
    base = "https://www.bay.example.org"
    assert [
        (f"{base}/nyheter/2024/04/01/farjan-gar-igen-efter-lagningen", "Färjan går igen efter lagningen"),
        ("https://bay.example.org/sport/a/Mo8jPBxq/flickorna-vann", "Flickorna vann på bortaplan"),
        (f"{base}/inrikes/bron-100.html", "Bron är öppen igen"),
        (f"{base}/arkivet/artikel.asp?id=48213", "Klockan hittades på havets botten"),
    ] == [(seed.url, seed.title) for seed in found.seeds]
    assert {(seed.source, seed.via, seed.published_at) for seed in found.seeds} == {("bay", Via.SECTION, None)}
    assert found.more == (Further(url=f"{base}/rss/alla", title="Allt"),)
    assert (found.title, found.language) == ("Nyheter", "sv-SE")


def test_a_russian_page() -> None:
    """A date, a number or words in Cyrillic, escaped or not."""
    found = _read(RUSSIAN, "https://bereg.example/")
    assert [seed.title for seed in found.seeds] == [
        "Старый паром снова ходит через залив",
        "Кошка три дня сидела на дереве",
        "В школе открыли новый театр",
    ]
    assert found.title == "Тихий берег"


@pytest.mark.parametrize(
    ("body", "titles"),
    [
        (ARABIC, ["العبارة تعود إلى الخليج"]),
        (JAPANESE, ["古い渡し船が六月に再び運航を始める"]),
        (GERMAN, ["Die alte Uhr schlägt wieder"]),
    ],
    ids=["ar", "ja", "de"],
)
def test_other_scripts(body: str, titles: list[str | None]) -> None:
    """Words count in every script, and <base> is heeded."""
    assert titles == [seed.title for seed in _read(body, "https://bay.example.org/").seeds]


@pytest.mark.parametrize(
    "path",
    [
        "/world/2024/apr/01/ferry-sails-again",
        "/news/articles/c4n1k2m3n4eo",
        "/en/the-lost-bell-is-found/a-68712345",
        "/ausland/die-alte-uhr-a-6f9619ff-8b86-d011-b42d-00cf4fc964ff",
        "/2024/4/1/the-seal-pup-returns-to-the-bay",
        "/story/20240401-seal",
        "/russia/953123",
        "/index.php?id=48213",
        "/p/seal-pup-returns-to-the-harbour",
        "/kultur/artikel/der-letzte-tag-des-alten-kinos.html",
    ],
)
def test_shapes_of_articles(path: str) -> None:
    """Addresses as the large outlets and the usual programs make them, with a headline."""
    assert _read(f'<a href="{path}">The seal pup returns to the bay</a>').seeds


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/sport", "/nyheter/", "/nyheter/lokalt/vasterbotten", "/en/top-stories/s-9097", "/2024/", "/live"),
        *("/category/2024-the-year-in-pictures/", "/sok?q=parom-i-zaliv-2024", "/author/ann-lee-of-the-bay-12345"),
        *("/rss/2024/04/01/feed-of-all-the-news", "/page/2", "/konto/123456", "/sport/2024-25", "/video.mp4"),
        *("/41418-about-us.html", "/our-privacy-policy-for-2024", "/sport/2-liga-startseite-52368772"),
    ],
)
def test_shapes_of_other_pages(path: str) -> None:
    """Sections, services and lists, although their names have several words."""
    assert _read(f'<a href="{path}">All of the sport from the bay</a>').seeds == ()


def test_a_headline_is_not_what_all_links_say() -> None:
    """Words that stand on several links are no title, and no sign of an article."""
    links = "".join(f'<a href="/sport/{number}-x">Read the full story here now</a>' for number in range(1, 5))
    assert _read(links).seeds == ()
    links = "".join(f'<a href="/2024/04/0{number}/a-bell-rings-again">Read more about it</a>' for number in range(1, 5))
    assert [seed.title for seed in _read(links).seeds] == [None] * 4


@pytest.mark.parametrize(
    "said", ['<meta name="robots" content="noindex,NOFOLLOW">', '<meta name="ROBOTS" content="none">']
)
def test_a_page_that_asks_not_to_follow(said: str) -> None:
    """Its links are left alone, its feeds are named all the same."""
    found = _read(SWEDISH.replace("<meta name=robots", said + "<meta name=x"))
    assert (found.seeds, len(found.more)) == ((), 1)
    assert found.notes == ("the page asks robots not to follow its links",)
    assert _read(SWEDISH, X_Robots_Tag="googlebot: nofollow, all").seeds == ()


def test_a_page_without_links() -> None:
    """It is a listing that announces nothing, and says what may be the matter."""
    assert "JavaScript" in _read("<html><body><div id=app></div></body></html>").notes[0]


@pytest.mark.parametrize(
    "kind", ["application/rss+xml", "application/atom+xml; charset=utf-8", "Application/Feed+JSON"]
)
def test_feeds_that_a_page_names(kind: str) -> None:
    """Feeds by <link rel=alternate>, resolved and each once; other alternates are none."""
    head = (
        f'<link rel="alternate home" type="{kind}" href="feed" title="All&nbsp; news"><link rel=alternate type="{kind}"'
        f' href="/nyheter/feed"><link rel=stylesheet type="{kind}" href="/x">'
        f'<link rel=alternate hreflang=en href="/en">'
        f'<link rel=alternate type="{kind}"><link rel=alternate type="{kind}" href="javascript:x">'
    )
    found = _read(f"<html><head>{head}</head><body></body></html>")
    assert found.more == (Further(url="https://www.bay.example.org/nyheter/feed", title="All news"),)


_LINK = '<a href="/2024/04/01/the-old-bell-rings-again-{0}">The old bell rings again {0}</a>'
_LINKS = "".join(map(_LINK.format, range(2_000)))


@pytest.mark.parametrize(
    "body",
    [
        f'<div class="{"story " * 100_000}">{_LINKS}</div>',
        "".join(f'<a href="/{"a" * 4_000}{number}">The old bell rings again</a>' for number in range(500)),
        "".join(f'<a href="/{"a_" * 2_000}{number}">The old bell rings again</a>' for number in range(500)),
    ],
    ids=["a class of a megabyte around the links", "long words", "many short ones"],
)
def test_no_page_takes_long(body: str) -> None:
    """Whatever its elements and addresses are called: looked at anew for each link they took minutes."""
    with no_more_than_a_moment():
        _read(body)


def test_the_page_itself_is_no_article() -> None:
    """A link of an article to itself leads nowhere new."""
    url = "https://bay.example.org/2024/04/01/the-old-bell-rings-again"
    assert _read(f'<a href="{url}#top">The old bell rings again</a>', url).seeds == ()


def test_seeds_of_a_page_can_be_fetched() -> None:
    """A link that is no address is passed over: a page is full of them."""
    found = _read('<a href="http://[::1/2024/04/01/the-old-bell-rings">The old bell rings</a><a href="http://">x</a>')
    assert found.seeds == ()
