"""Of an archive only what is wanted is read: by host, by time, by language, and all else is counted."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from support.here import Here
from typer.testing import CliRunner

from flows.archives import Given, Look
from flows.choice import Choice, choice_of
from flows.cli.app import app
from flows.orders import file_order
from flows.run import run
from flows.settings import load_settings
from ingest.errors import ConfigError
from storage.seeds import Task
from storage.store import Store

SWEDISH = (
    "Byalaget i Norrby har köpt den gamla kvarnen och tänker mala sitt eget mjöl igen.",
    "Hjulet måste bytas före vintern, och smeden i byn har lovat att göra det billigt.",
)
GERMAN = (
    "Der Gemeinderat von Oberlau hat beschlossen, die alte Brücke über die Lau zu sanieren.",
    "Die Arbeiten beginnen im Frühjahr und sollen nicht länger als vier Monate dauern.",
)
ENGLISH = (
    "The harbour board of Skellbrook has sold its last crane to a collector from Hull.",
    "It will be taken apart in May and shipped in nine pieces on two of his barges.",
)
PAGES = {
    "https://www.courier.example/sv": ("2026-03-01T10:00:00Z", SWEDISH),
    "https://news.courier.example/de": ("2026-03-02T23:59:59Z", GERMAN),
    "https://courier.example/en": ("2026-03-03T00:00:00Z", ENGLISH),
    "https://notcourier.example/en": ("2026-03-04T10:00:00Z", ENGLISH[::-1]),
    "https://mixed.example/both": ("2026-03-05T10:00:00Z", (*ENGLISH, *SWEDISH)),
}


def captured(url: str, at: str, paragraphs: tuple[str, ...]) -> bytes:
    """A response as a crawler keeps it, with a request beside it."""
    menu = "<nav><a href='/'>Home</a> <a href='/a'>About us and our many newsletters for early risers</a></nav>"
    body = f"<html><body>{menu}<article>{''.join(f'<p>{one}</p>' for one in paragraphs)}</article></body></html>"
    block = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{body}".encode()
    parts = []
    for kind, content in (("request", b"GET / HTTP/1.1\r\n\r\n"), ("response", block)):
        head = ["WARC/1.0", f"WARC-Type: {kind}", f"WARC-Record-ID: <urn:{kind}:{url}>", f"WARC-Target-URI: {url}"]
        head += [f"WARC-Date: {at}", "Content-Type: application/http", f"Content-Length: {len(content)}", "", ""]
        parts.append(gzip.compress("\r\n".join(head).encode() + content + b"\r\n\r\n"))
    return b"".join(parts)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """The pages, in one archive."""
    path = tmp_path / "crawl.warc.gz"
    path.write_bytes(b"".join(captured(url, *page) for url, page in PAGES.items()))
    return path


def look(path: Path, choice: Choice) -> tuple[list[Task], Counter[str]]:
    """The seeds that are chosen from an archive, and what was met for them."""
    met: Counter[str] = Counter()
    found = Look(Given(paths=(path,), choice=choice), path.parent / "archive", {}, 100, met)
    return [task for portion in found.portions() for task in portion.tasks], met


CHOSEN: dict[str, tuple[list[str], set[str], dict[str, int]]] = {
    "host": (["--host", "courier.example"], {"sv", "de", "en"}, {"other_host": 2}),
    "hosts": (["--host", "news.courier.example", "--host", "mixed.example"], {"de", "both"}, {"other_host": 3}),
    "since": (["--since", "2026-03-04"], {"en", "both"}, {"other_time": 3}),
    "a day": (["--since", "2026-03-02", "--until", "2026-03-02"], {"de"}, {"other_time": 4}),
    "language": (["--language", "sv"], {"sv", "both"}, {"other_language": 3}),
    "languages": (["--language", "de", "--language", "sv"], {"sv", "de", "both"}, {"other_language": 2}),
    "all three": (
        ["--host", "courier.example", "--until", "2026-03-02", "--language", "sv"],
        {"sv"},
        {"other_host": 2, "other_time": 1, "other_language": 1},
    ),
    "nothing": (["--host", "elsewhere.example"], set(), {"other_host": 5}),
}


@pytest.mark.parametrize(("options", "wanted", "over"), CHOSEN.values(), ids=CHOSEN)
def test_only_what_is_wanted_is_a_seed(
    options: list[str], wanted: set[str], over: dict[str, int], archive: Path, tmp_path: Path
) -> None:
    """What else is there is neither read nor a seed, but counted, by why it is passed over."""
    told = CliRunner().invoke(
        app, ["run", "files", str(archive), *options, "--json", "--no-translate", "--db", f"sqlite:///{tmp_path}/n.db"]
    )
    summary: dict[str, Any] = json.loads(told.stdout.splitlines()[-1])
    assert (summary["seeds"], summary["stored"]) == (len(wanted), len(wanted))
    met = summary["archive_records"]
    assert {kind: count for kind, count in met.items() if kind.startswith("other_")} == over
    assert met["other"] == 5
    with Store(f"sqlite:///{tmp_path}/n.db") as store, store.reading() as tx:
        found = {row[0] for row in tx.exec_driver_sql("SELECT url FROM record")}
    assert {url.rpartition("/")[2] for url in found} == wanted


def test_what_is_passed_over_comes_the_next_time(archive: Path, tmp_path: Path) -> None:
    """A choice says what a run takes, and nothing of what another may."""
    settings = load_settings(None, storage={"url": f"sqlite:///{tmp_path / 'n.db'}"})
    pages = Here()
    choice = choice_of(["courier.example"], None, None, None)
    assert run(file_order([archive], choice=choice), settings, open_engines=pages.open).stored == 3
    assert len(pages.read) == 3
    again = run(file_order([archive]), settings, open_engines=pages.open)
    assert (again.stored, again.unchanged, len(pages.read)) == (2, 3, 5)


def test_a_choice_holds_for_an_archive_that_is_unpacked_first(tmp_path: Path) -> None:
    """One whose records are compressed together is looked through in the same way."""
    path = tmp_path / "crawl.warc.gz"
    plain = b"".join(gzip.decompress(captured(url, *page)) for url, page in PAGES.items())
    path.write_bytes(gzip.compress(plain))
    tasks, met = look(path, Choice(hosts=frozenset({"mixed.example"})))
    assert [task.seed.url for task in tasks] == ["https://mixed.example/both"]
    assert met["other_host"] == 4


def test_a_page_that_does_not_tell_its_language_is_not_left_out(tmp_path: Path) -> None:
    """Without running text nobody can say; what reads pages will."""
    path = tmp_path / "crawl.warc.gz"
    path.write_bytes(captured("https://courier.example/short", "2026-03-01T10:00:00Z", ("Kort.", "12.30")))
    assert len(look(path, Choice(languages=frozenset({"ja"})))[0]) == 1


@pytest.mark.parametrize("host", ["courier.example/news", "https://courier.example", ""])
def test_what_is_no_host_is_refused(host: str) -> None:
    """An address would choose nothing, silently."""
    with pytest.raises(ConfigError, match="is no host"):
        choice_of([host], None, None, None)
