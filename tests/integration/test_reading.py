"""`ingest.read`, `ingest.read_many` and `newsmill read`: one page, or many, without a database."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from support.documents import ROOT
from support.fetching import policy_for
from support.hostile import HostileServer, redirect, reply
from support.shell import newsmill

import ingest
from flows.loop import plainly
from flows.orders import file_order
from flows.run import run
from flows.settings import load_settings
from ingest.errors import ConfigError, InputError
from ingest.fetch.fetcher import HttpFetcher
from ingest.fetch.policy import FetchPolicy
from ingest.translate.argos import ArgosTranslator
from storage import open_store

URL = "https://news.example/sund/bell"
PAGE = """<!doctype html><html lang="sv"><head><title>Dykare hittade en klocka</title>
<meta name="author" content="Bo Ek"><meta property="article:published_time" content="2026-03-02T18:40:00+01:00">
<meta property="article:section" content="Kultur"></head><body><article><h1>Dykare hittade en klocka</h1>
<p>Av Bo Ek</p>
<p>Hunden kom hem i dag. Katten sover på taket och vill inte komma ner, säger grannen.</p>
<p>Klockan är gammal och tung. Den kom upp på måndagen med en lina, och namnet kan läsas på kanten.</p>
<p>Läs också: Fyrtio ankaren som ingen saknar</p>
<p>I mars ska klockan hänga i museet vid hamnen, och alla barn får ringa i den en gång var.</p>
</article></body></html>"""
STORY = "Bells and anchors\n\nDivers found a bell on Monday. It rang on a cargo ship in 1874 and is heavy as a horse."


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page in a file."""
    file = tmp_path_factory.mktemp("saved") / "bell.html"
    file.write_text(PAGE, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def translator(packages: Path, argos_home: None) -> ArgosTranslator:
    """The demo's model, from Swedish into English."""
    return ArgosTranslator(packages)


def test_what_is_read_is_the_documented_record() -> None:
    """The dictionary validates against the schema, and belongs to no run."""
    record = ingest.read(PAGE, url=URL)
    jsonschema.validate(record, json.loads((ROOT / "docs" / "record.schema.json").read_text(encoding="utf-8")))
    assert (record["url"], record["title"], record["authors"]) == (URL, "Dykare hittade en klocka", ["Bo Ek"])
    assert record["provenance"]["run_id"] is None
    assert record["translation"]["status"] == "pending"
    assert "Läs också" not in record["text"]


def test_what_is_read_is_what_a_run_stores(
    saved: Path, packages: Path, translator: ArgosTranslator, tmp_path: Path
) -> None:
    """A page gives the same record here and through a run and its database, translations included."""
    settings = load_settings(
        None,
        storage={"url": f"sqlite:///{tmp_path}/news.db"},
        translate={"packages_dir": packages},
        extract={"processes": 1},
    )
    run(file_order([saved]), settings, plainly, lambda *_: None)
    with open_store(settings.storage.url) as store:
        (stored,) = store.records()
    read = ingest.read(saved, target="en", translator=translator)
    assert read["translation"]["status"] == "complete"
    assert _without_time(read) == _without_time(dict(stored))


def _without_time(record: dict[str, Any]) -> dict[str, Any]:
    made = {**record["provenance"], "run_id": None, "archive": None}
    version = {**record["version"], "captured_at": None}
    return {**record, "fetched_at": None, "provenance": made, "version": version}


@pytest.mark.parametrize("form", [PAGE, PAGE.encode(), f"\ufeff{PAGE}"], ids=["text", "bytes", "mark"])
def test_a_page_may_be_text_or_bytes(form: str | bytes) -> None:
    """The same page gives the same text in any form; without an address it is known by its content."""
    record = ingest.read(form)
    assert record["url"] == "about:blank"
    assert record["text"] == ingest.read(PAGE, url=URL)["text"]


def test_plain_text_may_be_read() -> None:
    """A text without tags is read as one, with its first line for a title."""
    assert ingest.read(STORY)["title"] == "Bells and anchors"


def test_many_come_in_order_and_what_is_none_is_a_value(saved: Path) -> None:
    """Each of several has one answer in its place; one without an article is a rejection with its reason."""
    titles = [
        one.reason if isinstance(one, ingest.Rejection) else one["title"]
        for one in ingest.read_many([STORY, "<p></p>", saved, (PAGE, URL), b"%PDF-1.4 x", STORY], processes=2)
    ]
    klocka = "Dykare hittade en klocka"
    assert titles == ["Bells and anchors", "no_text", klocka, klocka, "bad_type", "Bells and anchors"]


def test_one_that_is_none_is_an_error_with_the_rejection() -> None:
    """Whoever asked for one page is told why there is no record."""
    with pytest.raises(ingest.RejectedError, match="no_text") as caught:
        ingest.read("<p></p>", url=URL)
    assert caught.value.rejection.url == URL


@pytest.mark.parametrize(
    ("page", "url", "words"),
    [
        ("bell.html", None, "pathlib.Path"),
        (Path("nothing.html"), None, "no such file"),
        (Path("many.warc.gz"), None, "run files"),
        (PAGE, "news.example/bell", "http"),
    ],
)
def test_what_is_no_page_at_all_is_refused(page: str | Path, url: str | None, words: str) -> None:
    """A mistake of the caller is no rejection: the error says what to give."""
    with pytest.raises(InputError, match=words):
        ingest.read(page, url=url)


def test_a_language_that_does_not_exist_is_refused() -> None:
    """A target is a language code."""
    with pytest.raises(ConfigError, match="swedish"):
        ingest.read(PAGE, target="swedish")


def test_an_address_is_fetched_as_a_run_does(server: HostileServer) -> None:
    """Redirects are followed, robots.txt is obeyed, each address once."""
    server.answers["/bell"] = reply(PAGE.encode())
    server.answers["/old"] = redirect("/bell")
    server.answers["/robots.txt"] = reply(b"User-agent: *\nDisallow: /secret\n", content_type="text/plain")
    urls = [server.url("/old"), server.url("/secret"), server.url("/old")]
    with HttpFetcher(policy_for(server)) as fetcher:
        first, second, third = ingest.read_many(urls, processes=1, fetcher=fetcher)
    assert not isinstance(first, ingest.Rejection)
    assert (first["url"], first["provenance"]["status"]) == (server.url("/bell"), 200)
    assert isinstance(second, ingest.Rejection)
    assert second.reason == "robots"
    assert third == first


def test_a_private_address_is_refused(server: HostileServer) -> None:
    """What leads into the own network is not asked for, and the line says which setting allows it."""
    with (
        HttpFetcher(FetchPolicy()) as fetcher,
        pytest.raises(ingest.RejectedError, match=r"private_address.*fetch\.allow_private"),
    ):
        ingest.read(server.url("/bell"), fetcher=fetcher)


def test_the_command_prints_the_article(saved: Path) -> None:
    """Title and text on standard output; --explain says the rest on standard error."""
    said = newsmill("read", str(saved), "--explain")
    assert said.status == 0
    assert said.stdout.startswith("Dykare hittade en klocka\n\nHunden kom hem i dag.")
    assert "Läs också" not in said.stdout
    for words in ("confidence", "published_at  ", "from opengraph", "byline", "-> authors: Bo Ek", "teaser"):
        assert words in said.stderr


def test_the_command_prints_markdown() -> None:
    """Markdown has a title and the links of the page."""
    body = PAGE.replace("namnet kan läsas", 'namnet <a href="/aurora">kan läsas</a>')
    said = newsmill("read", "-", "--url", URL, "--format", "markdown", stdin=body)
    assert said.stdout.startswith("# Dykare hittade en klocka\n\nBo Ek · 2026-03-02 · [news.example](https://news.")
    assert "namnet [kan läsas](https://news.example/aurora) på kanten" in said.stdout


def test_the_command_reads_standard_input_and_prints_json(saved: Path) -> None:
    """JSON is the record in one line, with what was taken out if that is asked for."""
    said = newsmill("read", "-", "--url", URL, "--format", "json", "--explain", stdin=PAGE)
    record = json.loads(said.stdout)
    assert (said.status, record["url"], said.stderr) == (0, URL, "")
    assert {one["rule"] for one in record["residue"]} >= {"byline"}


def test_the_command_translates(saved: Path, packages: Path, argos_home: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a target the text is printed in that language as far as the installed packages go."""
    monkeypatch.setenv("NEWSMILL_TRANSLATE__PACKAGES_DIR", str(packages))
    assert "home today." in newsmill("read", str(saved), "--target", "en").stdout


def test_the_command_says_in_one_line_why_there_is_none() -> None:
    """A page without an article ends with status 1, and nothing on standard output."""
    said = newsmill("read", "-", stdin="<p></p>")
    assert (said.status, said.stdout) == (1, "")
    assert said.stderr.startswith("error: ")
    assert said.stderr.count("\n") == 1
    assert "no_text" in said.stderr


def test_reading_a_saved_page_loads_no_database_and_no_prefect(saved: Path) -> None:
    """What a page does not need is not imported for it: it would take longer than the page."""
    script = (
        f"import sys; sys.argv = ['newsmill', 'read', {str(saved)!r}]\n"
        "from flows.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = ('sqlalchemy', 'prefect', 'rich', 'httpx', 'ctranslate2', 'alembic')\n"
        "print([name for name in heavy if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stderr.splitlines()[-1] == "[]"
