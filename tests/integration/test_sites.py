"""Rules for one site in runs and at the command line: a changed one is a changed reading, a bad one ends nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.here import Here
from support.mended import FAIR, QUAY, SWEDISH, html, paragraphs
from support.newsroom import Newsroom
from support.shell import newsmill

from flows.orders import url_order
from flows.run import run
from flows.settings import Settings, load_settings
from ingest.model import Seed
from ingest.urls import canonicalize, url_key
from storage.store import Store
from storage.views import read_records

PAGE = html(f"<h1>The quay closes</h1><main>{paragraphs(*QUAY)}<div class='k9'>{paragraphs(*FAIR)}</div></main>")
RULE = 'body = "main"\nstrip = "div.k9"\n'
SOURCES = '[[source]]\nname = "The Bay"\nfeeds = ["https://feeds.bay.example/rss"]\n'


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one source, without site rules."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config" / "sites").mkdir(parents=True)
    (tmp_path / "config" / "sources.toml").write_text(SOURCES, "utf-8")
    return tmp_path


def _text(settings: Settings, url: str) -> str:
    with Store(settings.storage.url) as store, store.reading() as tx:
        (record,) = read_records(tx, [url_key(canonicalize(url))], "en")
    return str(record["text"])


@pytest.mark.parametrize("etag", [True, False], ids=["with an ETag", "without"])
def test_a_changed_rule_has_pages_read_again(home: Path, etag: bool) -> None:
    """The same bytes are read once by each version of a rule, also where the server would say that nothing is new."""
    file = home / "config" / "sites" / "127.0.0.1.toml"
    with Newsroom() as room:
        room.put("/quay", PAGE, etag=etag)
        settings = load_settings(None, fetch={"delay_s": 0.0, "allow_private": (room.host,)})
        seen = []
        for rule in ("", "", RULE, RULE, "# as before\n" + RULE, "title = 'h1'", "body = '//div['"):
            file.write_text(rule, "utf-8") if rule else file.unlink(missing_ok=True)
            pages = Here()
            run(url_order([Seed(url=f"{room.base}/quay")]), settings, open_engines=pages.open)
            text = _text(settings, f"{room.base}/quay")
            seen.append((len(pages.read), FAIR[0] in text, QUAY[3] in text))
    assert seen == [
        (1, True, True),
        (0, True, True),
        (1, False, True),
        (0, False, True),
        (0, False, True),
        (1, True, True),
        (1, True, True),
    ]


def test_files_of_other_readers_are_taken_over(home: Path) -> None:
    """Those of sites with a source are copied as they are, with `--all` the others too; what is wrong is named."""
    folder = home / "others"
    folder.mkdir()
    for name, text in {
        "bay.example.txt": "body: //main\nauthor: //p[matches(., 'x')]\ntidy: no\n",
        "far.example.txt": "body: //div\n",
        "no host.txt": "body: //div\n",
    }.items():
        (folder / name).write_text(text, "utf-8")
    dry = newsmill("sites", "import", "others", "--dry-run")
    assert dry.stdout.startswith("1 files would be taken")
    assert list((home / "config" / "sites").iterdir()) == []
    assert (
        "bay.example.txt: line 3: tidy: no effect here"
        in newsmill("sites", "import", "others", "--dry-run", "-v").stderr
    )
    said = newsmill("sites", "import", "others")
    assert said.stdout.startswith("1 files taken into config/sites; 0 were there, 1 are of no host in sources.toml")
    assert (
        "bay.example.txt: line 2: author: \"//p[matches(., 'x')]\": there is no matches() in XPath 1.0" in said.stderr
    )
    assert "no host.txt" in said.stderr
    copied = home / "config" / "sites" / "bay.example.txt"
    assert copied.read_bytes() == (folder / "bay.example.txt").read_bytes()
    assert newsmill("sites", "import", "others", "--all").stdout.startswith("1 files taken into config/sites; 1 were")
    assert newsmill("sites", "import", "none").status == 2


def test_a_rule_is_shown_beside_the_general_reading(home: Path) -> None:
    """`sites test` says what either has that the other has not; a rule that is not used is exit status 1."""
    (home / "page.html").write_text(PAGE, "utf-8")
    address = ("--url", "https://bay.example/quay")
    assert "no rule for https://bay.example/quay" in newsmill("sites", "test", "page.html", *address).stderr
    (home / "mine.toml").write_text(RULE, "utf-8")
    said = newsmill("sites", "test", "page.html", *address, "--rule", "mine.toml")
    assert (said.status, said.stdout.splitlines()[-1]) == (0, "the rule mine is used")


def test_a_rule_in_its_folder_is_tried_and_used(home: Path) -> None:
    """What `sites test` shows is what `read` then gives."""
    (home / "page.html").write_text(PAGE, "utf-8")
    (home / "config" / "sites" / "bay.example.toml").write_text(RULE, "utf-8")
    address = ("--url", "https://bay.example/quay")
    said = newsmill("sites", "test", "page.html", *address)
    assert said.status == 0
    assert f"- {FAIR[0][:60]}" in said.stdout
    assert f"  {QUAY[0][:60]}" in said.stdout
    told = json.loads(newsmill("sites", "test", "page.html", *address, "--json").stdout)
    assert (told["host"], told["used"], told["ruled"]["lines"]) == ("bay.example", True, list(QUAY))
    read = json.loads(newsmill("read", "page.html", *address, "--format", "json").stdout)
    assert read["text"].split("\n\n") == list(QUAY)
    assert read["origins"]["text"] == "site rule"
    explained = newsmill("read", "page.html", *address, "--explain").stderr
    assert "from site rule" in explained
    (home / "config" / "sites" / "bay.example.toml").write_text("body = 'div.gone'", "utf-8")
    assert newsmill("sites", "test", "page.html", *address).status == 1


def test_what_is_wrong_in_a_rule_is_checked(home: Path) -> None:
    """`sources check` names it, and its exit status is 1."""
    (home / "config" / "sites" / "bay.example.toml").write_text("body = 'div['", "utf-8")
    said = newsmill("sources", "check", "--json")
    assert said.status == 1
    assert json.loads(said.stdout)["site_rules"][0].startswith("bay.example.toml: body: 'div[': no CSS selector")


def _saved(number: int, first: str, more: str) -> str:
    head = f'<link rel="canonical" href="https://bay.example/{number}">'
    body = (
        f"<h1>Story {number}</h1><div class='col-{number}741'><div class='story'><p>{first}</p>"
        f"<div class='club'><p>{FAIR[0]}</p></div><p>{more}</p></div>"
        f"<div class='story-foot'>{paragraphs(*FAIR[1:])}</div></div>"
    )
    return html(body, f"Story {number}", head)


def test_a_rule_is_learnt_from_pages(home: Path) -> None:
    """Where the text stands and what repeats in it is told from pages of one site; a person accepts it."""
    names = []
    for number, (first, more) in enumerate(((QUAY[0], QUAY[1]), (QUAY[2], QUAY[3]), (SWEDISH[0], SWEDISH[1]))):
        (home / f"{number}.html").write_text(_saved(number, first, more), "utf-8")
        names.append(f"{number}.html")
    said = newsmill("sites", "learn", *names)
    assert (said.status, list((home / "config" / "sites").iterdir())) == (0, [])
    assert 'body = "div.story"' in said.stdout
    assert 'strip = "div.club"' in said.stdout
    assert newsmill("sites", "learn", *names, "--write").status == 0
    told = json.loads(newsmill("sites", "test", names[0], "--json").stdout)
    assert told["ruled"]["lines"] == [QUAY[0], QUAY[1]]
    assert "is there already" in newsmill("sites", "learn", *names, "--write").stderr
    assert "two pages" in newsmill("sites", "learn", names[0]).stderr
    (home / "other.html").write_text(PAGE, "utf-8")
    assert "not of one site" in newsmill("sites", "learn", names[0], "other.html").stderr
