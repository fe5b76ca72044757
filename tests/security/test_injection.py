"""What strangers write is data: to the database, to XML parsers, to the file system and to the terminal."""

from __future__ import annotations

import io
import json
from contextlib import suppress
from pathlib import Path
from typing import Any, cast
from xml.etree import ElementTree as ET

import pytest
from sqlalchemy import func, select
from support.command import newsmill
from support.fuzzing import page_of
from support.making import make_stored

from ingest.discover.read import read_listing
from ingest.errors import InputError
from ingest.model import Via
from ingest.pipeline import process_page
from storage import records, runs
from storage.export.feeds import write_atom, write_json_feed
from storage.record_types import RecordDict
from storage.search import find, update_index
from storage.search.finding import Within
from storage.store import Store
from storage.tables import record
from storage.views import find_by_id, find_record

STATEMENTS = (
    "'; DROP TABLE record; --",
    "' OR '1'='1",
    '" OR ""="',
    "%",
    "_" * 12,
    "x') UNION SELECT version_num FROM alembic_version --",
    "\\'; DELETE FROM run; --",
    "record_text:* NEAR(a b)",
)
TEXT = "The harbour office said that the old ferry will sail again in June, after two years of repairs at a yard."


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A database with three records, one of whose fields are all statements."""
    opened = Store(f"sqlite:///{tmp_path / 'n.db'}")
    hostile = make_stored(
        f"{TEXT}\n\n{STATEMENTS[0]}",
        "https://courier.example/?q=';DROP TABLE record;--",
        source=STATEMENTS[0],
        title=STATEMENTS[1],
        section=STATEMENTS[2],
        tags=STATEMENTS,
    )
    plain = [make_stored(f"{TEXT} Number {number}.", f"https://courier.example/{number}") for number in range(2)]
    with opened.writing() as tx:
        records.add_records(tx, [hostile, *plain], runs.start_run(tx, "urls", "en"))
    update_index(opened)
    return opened


@pytest.mark.parametrize("statement", STATEMENTS)
def test_no_name_is_a_statement(store: Store, statement: str) -> None:
    """In a key, a filter or a query, a statement of SQL finds nothing that is not its own text, and changes nothing."""
    with store.reading() as tx:
        assert find_record(tx, statement) is None
        assert find_by_id(tx, statement) is None
    within = (Within(source=statement), Within(language=statement), Within(first_day=statement, last_day=statement))
    for narrowed in within:
        hits = find(store, "ferry", narrowed).hits
        assert len(hits) == (1 if narrowed.source == STATEMENTS[0] else 0)
    with suppress(InputError):  # refused in words
        find(store, statement)
    with store.reading() as tx:
        assert tx.execute(select(func.count()).select_from(record)).scalar() == 3
    store.close()


ENTITY = '<!DOCTYPE x [<!ENTITY e SYSTEM "{uri}"><!ENTITY % p SYSTEM "{uri}">]>'
BODIES = {
    "rss": "{doctype}<rss><channel><title>&e;</title><item><title>&e;</title><link>https://a.example/&e;</link></item>"
    "</channel></rss>",
    "atom": '{doctype}<feed xmlns="http://www.w3.org/2005/Atom"><title>&e;</title><entry><title>&e;</title>'
    "<id>https://a.example/1</id></entry></feed>",
    "sitemap": "{doctype}<urlset><url><loc>https://a.example/&e;</loc></url></urlset>",
    "xinclude": '<rss xmlns:xi="http://www.w3.org/2001/XInclude"><channel><title>'
    '<xi:include href="{uri}" parse="text"/>'
    "</title></channel></rss>",
    "page": "{doctype}<html><head><title>&e;</title></head><body><p>&e; " + TEXT + "</p></body></html>",
    "xhtml": '<?xml version="1.0"?>{doctype}<html xmlns="http://www.w3.org/1999/xhtml"><body><p>&e; '
    + TEXT
    + "</p></body></html>",
}


@pytest.mark.parametrize("kind", BODIES)
@pytest.mark.parametrize("scheme", ["file", "path"])
def test_no_document_names_a_file(tmp_path: Path, kind: str, scheme: str) -> None:
    """An external entity or an inclusion brings nothing of this machine into a listing or a record."""
    file = tmp_path / "own.txt"
    file.write_text("tallow-kiln", "utf-8")
    uri = file.as_uri() if scheme == "file" else str(file)
    body = BODIES[kind].replace("{doctype}", ENTITY).replace("{uri}", uri).encode()
    for via in (Via.FEED, Via.SITEMAP, Via.SECTION):
        assert "tallow-kiln" not in repr(read_listing(page_of(body, "text/xml", via=via)))
    assert "tallow-kiln" not in repr(process_page(page_of(b"<!-- -->" + body, "application/xhtml+xml"))).replace(
        repr(body), ""
    )


def test_a_terminal_is_not_spoken_to(tmp_path: Path) -> None:
    """Titles and texts with escape sequences and with marks of our own output are shown as text by every command."""
    (tmp_path / "texts").mkdir()
    odd = "\x1b[31mred\x1b]0;title\x07 [/bold] [link=https://evil.example]here[/link] \x9b2J \u202egnirts"
    (tmp_path / "texts" / "odd.txt").write_text(f"Odd {odd}\n\n{TEXT} {odd}\n\n{TEXT}", "utf-8")
    assert newsmill("run", "files", "texts", "--no-translate", home=tmp_path).returncode == 0
    (listed,) = (tmp_path / "data").glob("*.db")
    assert listed.exists()
    for command in (["search", "ferry"], ["show", (tmp_path / "texts" / "odd.txt").as_uri()], ["stats"]):
        done = newsmill(*command, home=tmp_path)
        assert done.returncode == 0, done.stderr
        assert not set("\x1b\x07\x9b") & set(done.stdout + done.stderr)


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "]]></title><script xmlns='http://www.w3.org/1999/xhtml'>alert(1)</script>",
        "\"' onmouseover='alert(1)",
        "&lt;b&gt; &#60;script&#62;",
        "javascript:alert(1)",
    ],
)
def test_no_reader_of_feeds_runs_what_a_page_says(hostile: str) -> None:
    """Titles, names, tags and licences are text in Atom and JSON Feed, and only addresses of the web are links."""
    told: dict[str, Any] = dict.fromkeys(("url", "image", "publisher", "source", "licence"), hostile)
    told |= {"id": "0" * 64, "tags": [hostile], "authors": [hostile], "organisations": [], "language": "en"}
    told |= {"published_at": None, "modified_at": None, "fetched_at": "2026-03-14T12:00:00+00:00"}
    told["translation"] = {"title": hostile, "best_text": hostile, "language": "en", "models": []}
    record = cast(RecordDict, told)

    atom = io.StringIO()
    write_atom([record], atom)
    feed = ET.fromstring(atom.getvalue())
    entry = feed.find("{*}entry")
    assert entry is not None
    assert [entry.findtext(f"{{*}}{name}") for name in ("title", "content", "rights")] == [hostile] * 3
    assert {element.tag.rpartition("}")[2] for element in entry.iter()} <= {
        *("entry", "id", "title", "updated", "author", "name", "category", "rights", "summary", "content")
    }
    assert all(element.get("type") is None for element in entry.iter())  # text, by RFC 4287 (3.1.1)

    listed = io.StringIO()
    write_json_feed([record], listed)
    (item,) = json.loads(listed.getvalue())["items"]
    assert {"url", "image", "content_html"} & item.keys() == set()
    assert (item["title"], item["content_text"], item["tags"]) == (hostile, hostile, [hostile])
