"""The demo's news site: what it holds, how it answers, and how it stops."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
import tomllib
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import feedparser
import httpx
import pytest
from lxml import etree, html

from flows.demo.corpus import DemoArticle, Metadata, load_articles, load_outlets, parse_blocks
from flows.demo.model import unpack, unpack_packages
from flows.demo.routes import Promise
from flows.demo.site import DemoSite
from flows.demo.traps import BOMB_BYTES, gzip_bomb
from ingest.link import Relation
from ingest.model import Block, Role
from ingest.outcome import Reason

ARTICLES = {article.key: article for article in load_articles(1)}
COPIES = [article for article in ARTICLES.values() if article.truth.copy_of]


@pytest.fixture
def site() -> Iterator[DemoSite]:
    """A site of the test's own."""
    with DemoSite() as running:
        yield running


@pytest.fixture(scope="module")
def still() -> Iterator[DemoSite]:
    """A site that no test changes."""
    with DemoSite() as running:
        yield running


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    """A client that knows no proxy."""
    with httpx.Client(timeout=60, trust_env=False) as connected:
        yield connected


def _promises(site: DemoSite, wanted: Callable[[Promise], bool]) -> list[Promise]:
    found = [promise for promise in site.promises() if wanted(promise)]
    assert found
    return found


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _get_article(client: httpx.Client, url: str) -> httpx.Response:
    response = client.get(url, follow_redirects=True)
    return client.get(url) if response.status_code == 500 else response


# What it holds.


def test_corpus_is_large_and_multilingual() -> None:
    """There are 40 articles or more on seven outlets, and several in each of four languages."""
    languages = Counter(article.language for article in ARTICLES.values())

    assert len(ARTICLES) >= 40
    assert len(load_outlets()) == 7
    assert {"sv", "en", "de", "ru", "ar"} == set(languages)
    assert all(languages[language] >= 8 for language in ("sv", "en", "de", "ru"))


def test_truth_names_articles_that_exist() -> None:
    """Whatever an article is said to be a copy or a rival of is there from the first edition."""
    for article in load_articles(2):
        references = {article.truth.copy_of, article.truth.same_event} - {None}
        assert references <= set(ARTICLES) - {article.key}, article.key
        assert (article.truth.copy_of is None) == (article.truth.relation is None)


def test_every_relation_occurs() -> None:
    """Exact, near, reworded, translated and quoting copies are all there."""
    shown = {Relation.EXACT, Relation.NEAR, Relation.REWORDED, Relation.TRANSLATED, Relation.QUOTES}
    assert {copy.truth.relation for copy in COPIES} == shown


@pytest.mark.parametrize("copy", COPIES, ids=lambda copy: copy.key)
def test_copies_are_what_they_say(copy: DemoArticle) -> None:
    """An exact copy has all words of its original, a near one most, a reworded one many, a translation few."""
    original = _words(ARTICLES[str(copy.truth.copy_of)].text)
    words = _words(copy.text)
    shared = sum((Counter(words) & Counter(original)).values()) / len(words)
    match copy.truth.relation:
        case Relation.EXACT:
            assert words == original
        case Relation.NEAR:
            assert words != original
            assert shared > 0.95
        case Relation.REWORDED:
            assert 0.7 < shared < 0.9
        case Relation.TRANSLATED:
            assert copy.language != ARTICLES[str(copy.truth.copy_of)].language
            assert shared < 0.1
        case _:
            quoted = [block.text for block in copy.blocks if block.role is Role.QUOTE]
            assert len(quoted) >= 2
            assert all(text in ARTICLES[str(copy.truth.copy_of)].text for text in quoted)


def test_two_reports_of_one_event_share_few_words() -> None:
    """What is marked as an independent report has no run of six words in common with the other."""
    (report,) = [article for article in ARTICLES.values() if article.truth.same_event]
    runs = [
        {tuple(words[at : at + 6]) for at in range(len(words) - 5)}
        for words in (_words(report.text), _words(ARTICLES[str(report.truth.same_event)].text))
    ]

    assert not runs[0] & runs[1]


def test_articles_to_be_translated_are_plain() -> None:
    """What the demo's tiny model has to translate is in sentences of at most fifteen words."""
    for article in ARTICLES.values():
        if article.language in {"sv", "de", "ru"} and article.truth.relation is not Relation.QUOTES:
            for sentence in re.split(r"(?<=[.!?:])\W+", article.text):
                assert len(sentence.split()) <= 15, sentence


def test_parse_blocks_reads_the_marks() -> None:
    """Headings, quotations, lists, captions and paragraphs are told apart, and marks are taken off."""
    text = "One\nline.\n\n## Head\n\n> Said.\n> Twice.\n\n- a\n- b\n\n^ Photo"
    expected = (
        Block(text="One line."),
        Block(text="Head", role=Role.HEADING),
        Block(text="Said. Twice.", role=Role.QUOTE),
        Block(text="a", role=Role.LIST),
        Block(text="b", role=Role.LIST),
        Block(text="Photo", role=Role.CAPTION),
    )

    assert expected == parse_blocks(text)


def test_unknown_edition_is_an_error() -> None:
    """There is no third edition."""
    with pytest.raises(ValueError, match="no edition 3"):
        load_articles(3)


# How it answers.


def test_every_promised_article_is_served(still: DemoSite, client: httpx.Client) -> None:
    """Each feed line that leads to an article gets a page with the whole text, escaped once, in its encoding."""
    for promise in _promises(still, lambda promise: promise.article is not None):
        article = ARTICLES[str(promise.article)]
        response = _get_article(client, promise.url)
        assert response.status_code == 200
        page = html.fromstring(response.content.decode(article.wire.encoding))
        text = " ".join(str(page.text_content()).split())
        assert all(" ".join(line.split()) in text for line in article.text.split("\n\n")), promise.url
        assert article.title in text
        assert article.language == page.get("lang")


def test_feeds_promise_what_the_site_promises(still: DemoSite, client: httpx.Client) -> None:
    """The feeds that parse list exactly the promised addresses, with titles and dates; one that does not is HTML."""
    sources = tomllib.loads(still.sources_toml())["source"]
    listed: list[str] = []
    broken: list[str] = []
    for url in (url for source in sources for url in source["feeds"]):
        feed = feedparser.parse(client.get(url).content)
        listed += [entry.link for entry in feed.entries]
        broken += [] if feed.entries else [url]
        assert all(entry.title and entry.published_parsed for entry in feed.entries)

    assert Counter(promise.url for promise in still.promises()) == Counter(listed)
    assert [f"{still.outlets['world-basket']}/top.atom"] == broken


def test_feeds_come_in_two_kinds_and_two_encodings(still: DemoSite, client: httpx.Client) -> None:
    """RSS and Atom both occur, and one feed is Latin-1."""
    seen = set()
    for outlet in load_outlets():
        feed = feedparser.parse(client.get(still.outlets[outlet.key] + outlet.feed_path).content)
        assert not feed.bozo
        assert "�" not in "".join(entry.title for entry in feed.entries)
        seen.add((feed.version, feed.encoding))

    assert {("rss20", "utf-8"), ("atom10", "utf-8"), ("rss20", "iso-8859-1")} == seen


def test_every_outlet_has_its_standing_pages(still: DemoSite, client: httpx.Client) -> None:
    """Front page, robots.txt and a sitemap of the outlet's articles are there."""
    for key, base in still.outlets.items():
        sitemap = etree.fromstring(client.get(f"{base}/sitemap.xml").content)
        urls = {element.text for element in sitemap.iter("{*}loc")}
        assert {still.url_of(article.key) for article in ARTICLES.values() if article.outlet == key} == urls
        assert f"Sitemap: {base}/sitemap.xml" in client.get(f"{base}/robots.txt").text
        assert "<html" in client.get(f"{base}/").text
        assert client.get(f"{base}/no/such/page").status_code == 404


def test_robots_forbid_what_is_promised_as_forbidden(still: DemoSite, client: httpx.Client) -> None:
    """A forbidden address is under a path that robots.txt disallows, and one outlet asks for a delay."""
    for promise in _promises(still, lambda promise: promise.reason is Reason.ROBOTS):
        base = still.outlets[promise.outlet]
        rules = re.findall(r"^Disallow: (.+)$", client.get(f"{base}/robots.txt").text, flags=re.MULTILINE)
        assert any(promise.url.startswith(base + rule) for rule in rules)
    assert "Crawl-delay: 0.2" in client.get(f"{still.outlets['world-basket']}/robots.txt").text


@pytest.mark.parametrize(
    ("reason", "status"), [(Reason.NOT_FOUND, 404), (Reason.GONE, 410), (Reason.SERVER_ERROR, 503)]
)
def test_errors_have_their_status(still: DemoSite, client: httpx.Client, reason: Reason, status: int) -> None:
    """A missing, a removed and an unavailable page say so, each time they are asked."""
    for promise in _promises(still, lambda promise: promise.reason is reason):
        assert [status] * 2 == [client.get(promise.url).status_code for _ in range(2)]


def test_one_article_fails_once(site: DemoSite, client: httpx.Client) -> None:
    """The article with a first status gets it once, whatever the query, and then its page."""
    (article,) = [article for article in ARTICLES.values() if article.wire.first_status]
    url = site.url_of(article.key)

    assert [client.get(url + query).status_code for query in ("?a=1", "?b=2", "")] == [500, 200, 200]


def test_slow_articles_take_about_a_second(still: DemoSite, client: httpx.Client) -> None:
    """A slow page comes whole, in pieces."""
    slow = [article for article in ARTICLES.values() if article.wire.slow]
    assert slow
    for article in slow:
        start = time.monotonic()
        assert article.title in html.fromstring(client.get(still.url_of(article.key)).content).text_content()
        assert time.monotonic() - start > 0.8


def test_charsets_are_claimed_as_the_articles_say(still: DemoSite, client: httpx.Client) -> None:
    """One page is UTF-8 under a Latin-1 header, one is windows-1251 and says so in its <meta> only."""
    odd = {a.wire.encoding: a for a in ARTICLES.values() if a.wire.header_charset != "utf-8"}
    swedish = client.get(still.url_of(odd["utf-8"].key))
    russian = client.get(still.url_of(odd["windows-1251"].key))

    assert swedish.headers["content-type"] == "text/html; charset=iso-8859-1"
    assert b"<meta charset" not in swedish.content
    assert russian.headers["content-type"] == "text/html"
    assert b'<meta charset="windows-1251">' in russian.content


def test_gzip_bomb_is_small_and_inflates() -> None:
    """The bomb is one valid gzip member of less than 200 kB that holds more than 100 MB."""
    inflate = zlib.decompressobj(16 + zlib.MAX_WBITS)
    size = 0
    rest = gzip_bomb()
    while not inflate.eof:
        size += len(inflate.decompress(rest, 1 << 20))
        rest = inflate.unconsumed_tail

    assert len(gzip_bomb()) < 200_000
    assert BOMB_BYTES == size > 100_000_000


def test_bodies_that_are_no_articles(still: DemoSite, client: httpx.Client) -> None:
    """The bomb, the PDF, the empty page and the page of links are served as such."""
    url = {promise.reason: promise.url for promise in still.promises() if promise.reason}
    with client.stream("GET", url[Reason.TOO_BIG]) as bomb:
        assert b"".join(bomb.iter_raw()) == gzip_bomb()
        assert bomb.headers["content-encoding"] == "gzip"
    pdf = client.get(url[Reason.BAD_TYPE])

    assert (pdf.headers["content-type"], pdf.content[:4]) == ("application/pdf", b"%PDF")
    assert client.get(url[Reason.EMPTY]).content == b""
    assert not html.fromstring(client.get(url[Reason.NO_TEXT]).content).xpath("//article//p | //main//p")


def test_redirects_lead_where_they_are_promised_to(still: DemoSite, client: httpx.Client) -> None:
    """One redirect leads to an article, one never ends, and two lead to private addresses."""
    moved = [client.get(promise.url) for promise in _promises(still, lambda p: "/p/" in p.url)]
    private = [client.get(promise.url) for promise in _promises(still, lambda p: p.reason is Reason.PRIVATE_ADDRESS)]

    assert [still.url_of("pellhaven-mercury/seal-pup-returns")] == [page.headers["location"] for page in moved]
    assert [p.headers["location"] for p in private] == ["http://10.0.0.1/", "http://169.254.169.254/latest/meta-data/"]
    for promise in _promises(still, lambda p: p.reason is Reason.REDIRECTS):
        with pytest.raises(httpx.TooManyRedirects):
            client.get(promise.url, follow_redirects=True)


def test_metadata_is_as_the_outlet_gives_it(still: DemoSite, client: httpx.Client) -> None:
    """Dates stand in JSON-LD, OpenGraph, <time> only, or nowhere, as the outlet's settings say."""
    xpaths = {
        Metadata.JSON_LD: "//script[@type='application/ld+json']/text()",
        Metadata.OPEN_GRAPH: "//meta[@property='article:published_time']/@content",
        Metadata.TIME: "//time/@datetime",
    }
    for outlet in load_outlets():
        article = next(a for a in ARTICLES.values() if a.outlet == outlet.key and not a.wire.first_status)
        page = html.fromstring(client.get(still.url_of(article.key)).content)
        if outlet.metadata is Metadata.NONE:
            assert not any(page.xpath(xpath) for xpath in xpaths.values())
            continue
        assert article.published.isoformat() in page.xpath(xpaths[outlet.metadata])[0]
        if outlet.metadata is Metadata.TIME:
            assert not page.xpath(xpaths[Metadata.JSON_LD]) + page.xpath(xpaths[Metadata.OPEN_GRAPH])


def test_copies_link_to_the_live_original(still: DemoSite, client: httpx.Client) -> None:
    """A link to another outlet's article holds the address it has now."""
    page = client.get(still.url_of("second-kettle/lighthouse-jam-jar")).text

    assert f'<a href="{still.url_of("pellhaven-mercury/lighthouse-lamp")}">Source link</a>' in page


def test_right_to_left_page_says_so(still: DemoSite, client: httpx.Client) -> None:
    """The Arabic notice is marked as such."""
    page = html.fromstring(client.get(still.url_of("pellhaven-mercury/notice-for-crews")).content)

    assert (page.get("lang"), page.get("dir")) == ("ar", "rtl")


# How it is run.


def test_requests_are_noted_in_order(site: DemoSite, client: httpx.Client) -> None:
    """Each request is listed with outlet, path, query and time."""
    client.get(f"{site.outlets['koksbordet']}/robots.txt")
    client.get(f"{site.outlets['second-kettle']}/?page=2")
    first, second = site.requests

    assert (first.outlet, first.path) == ("koksbordet", "/robots.txt")
    assert (second.outlet, second.path) == ("second-kettle", "/?page=2")
    assert first.at <= second.at <= time.monotonic()


def test_sources_file_has_a_table_an_outlet(still: DemoSite) -> None:
    """The sources file names each outlet, its feeds, language and delay; all but one have no delay."""
    sources = tomllib.loads(still.sources_toml())["source"]

    assert list(still.outlets) == [source["name"] for source in sources]
    assert {"sv", "en", "de", "ru"} == {source["language"] for source in sources}
    assert sum(source["delay_s"] > 0 for source in sources) == 1
    assert set(still.allow_private) == {f"127.0.0.1:{base.rpartition(':')[2]}" for base in still.outlets.values()}


def test_edition_two_updates_one_article_and_adds_one(site: DemoSite, client: httpx.Client) -> None:
    """On the later day one address has another text and a modified date, and one more is in the feeds."""
    before = {promise.url for promise in site.promises()}
    url = site.url_of("pellhaven-mercury/ferry-timetable")
    first = client.get(url).text
    new = site.url_of("pellhaven-mercury/storm-hut")
    assert client.get(new).status_code == 404

    site.edition = 2
    second = client.get(url).text
    changed = [a.key for a in load_articles(2) if a.key in ARTICLES and ARTICLES[a.key] != a]

    assert {new} == {promise.url for promise in site.promises()} - before
    assert changed == ["pellhaven-mercury/ferry-timetable"]
    assert "nine crossings a week" in first
    assert "seven crossings a week" in second
    assert '"dateModified": "2025-10-11T17:20:00+01:00"' in second
    assert client.get(new).status_code == 200


def test_edition_must_exist(site: DemoSite) -> None:
    """There are two editions."""
    with pytest.raises(ValueError, match="no edition 0"):
        site.edition = 0


def test_ports_follow_the_base_port_where_free() -> None:
    """Outlet i gets base_port + i, and another port where that is taken."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        base_port = taken.getsockname()[1] - 1
        with DemoSite(base_port=base_port) as site:
            ports = [int(base.rpartition(":")[2]) for base in site.outlets.values()]

    assert base_port + 1 != ports[1]
    assert len(set(ports)) == 7
    # Others may hold some of these ports, but hardly all.
    assert any(port == base_port + index for index, port in enumerate(ports))


def test_closing_is_prompt_while_a_page_drips(capfd: pytest.CaptureFixture[str]) -> None:
    """A page that never ends does not hold up closing, and its reader sees the end at once; nothing is printed."""
    with DemoSite() as site:
        (promise,) = _promises(site, lambda promise: promise.reason is Reason.TIMEOUT)
        started = threading.Event()
        ended = threading.Event()

        def read() -> None:
            with httpx.stream("GET", promise.url, timeout=120, trust_env=False) as response:
                for _ in response.iter_raw():
                    started.set()
            ended.set()

        reader = threading.Thread(target=read, daemon=True)
        reader.start()
        assert started.wait(120)
    assert ended.wait(120)
    reader.join()
    site.close()

    assert capfd.readouterr() == ("", "")


def test_a_client_that_leaves_is_not_reported(capfd: pytest.CaptureFixture[str]) -> None:
    """A connection that is reset in the middle of a page leaves no trace on stderr, and the site lives on."""
    with DemoSite() as site, httpx.Client(trust_env=False) as client:
        slow = next(article for article in ARTICLES.values() if article.wire.slow)
        url = httpx.URL(site.url_of(slow.key))
        with socket.create_connection((url.host, url.port or 80)) as connection:
            connection.sendall(f"GET {url.path} HTTP/1.1\r\nHost: {url.host}\r\n\r\n".encode())
            connection.recv(10)
            # Linger for no time: closing resets.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        assert client.get(str(url), timeout=60).status_code == 200

    assert capfd.readouterr() == ("", "")


# The translation model.

# Run in a process of its own: argostranslate reads the environment, and makes folders, when it is imported.
TRANSLATE = """
import json, sys
from argostranslate import package, translate

class Lines:
    def split_sentences(self, text):
        return [text]

assert len(package.get_installed_packages()) == 3
results = {}
for code, sentence in json.load(sys.stdin).items():
    translation = translate.get_translation_from_codes(code, "en")
    translation.underlying.sentencizer = Lines()
    results[code] = translation.translate(sentence)
json.dump(results, sys.stdout)
"""


def test_argostranslate_loads_the_packages(tmp_path: Path) -> None:
    """The unmodified loader sees three packages and translates everyday sentences with them."""
    packages = tmp_path / "packages"
    unpack_packages(packages)
    sentences = {
        "sv": "Vädret blir bra i morgon.",
        "de": "Ich habe keine Angst vor Hunden.",
        "ru": "Завтра он пойдёт в школу.",
    }
    run = subprocess.run(
        [sys.executable, "-c", TRANSLATE],
        input=json.dumps(sentences),
        env={**os.environ, "ARGOS_PACKAGES_DIR": str(packages), "HOME": str(tmp_path), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    results = json.loads(run.stdout)

    assert "tomorrow" in results["sv"]
    assert "afraid of dogs" in results["de"]
    assert "school tomorrow" in results["ru"]


def test_unpacking_again_changes_nothing(tmp_path: Path) -> None:
    """A second unpacking leaves what is there, restores what was removed, and neither leaves anything beside it."""
    packages = tmp_path / "packages"
    unpack_packages(packages)
    names = sorted(path.name for path in packages.iterdir())
    kept = packages / "translate-sv_en-0_1" / "metadata.json"
    stamp = kept.stat().st_mtime_ns
    (packages / "translate-de_en-0_1").rename(tmp_path / "gone")
    unpack_packages(packages)

    assert names == ["translate-de_en-0_1", "translate-ru_en-0_1", "translate-sv_en-0_1"]
    assert names == sorted(path.name for path in packages.iterdir())
    assert stamp == kept.stat().st_mtime_ns
    assert {"packages", "gone"} == {path.name for path in tmp_path.iterdir()}


def test_a_failed_unpacking_leaves_no_half_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where unpacking stops in the middle, the folder of packages holds none."""

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("flows.demo.model._write_metadata", fail)
    with pytest.raises(OSError, match="disk full"):
        unpack_packages(tmp_path / "packages")

    assert list((tmp_path / "packages").iterdir()) == []


@pytest.mark.parametrize("name", ["../evil", "/evil", "a/../../evil", "..\\evil"])
def test_archive_members_stay_in_the_folder(tmp_path: Path, name: str) -> None:
    """An archive with a member outside its folder is refused before anything is written."""
    with zipfile.ZipFile(tmp_path / "bad.zip", "w") as archive:
        archive.writestr("fine", "text")
        archive.writestr(name, "text")
    with zipfile.ZipFile(tmp_path / "bad.zip") as archive, pytest.raises(ValueError, match="outside the package"):
        unpack(archive, tmp_path / "target")

    assert [path.name for path in tmp_path.iterdir()] == ["bad.zip"]
