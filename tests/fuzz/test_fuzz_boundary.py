"""Any string in any field of anything that comes in: what is made of it holds text, and nothing else."""

from __future__ import annotations

import json
import os
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import example, given
from hypothesis import strategies as st
from support.fuzzing import SCRIPTS, fuzz, page_of
from support.unfit import CONTROL, STRINGS, UNFIT, strings_in, unfit_listings, unfit_page

from ingest.discover.listing import Listing
from ingest.discover.read import read_listing
from ingest.errors import ConfigError, StorageError
from ingest.inputs import file_seed, find_files, read_file, read_urls
from ingest.model import Page, Record, Seed, Via
from ingest.outcome import Rejection
from ingest.pipeline import process_page
from ingest.sources import parse_sources
from storage.archive import find_pages, read_page

HALF = UNFIT["half a character"]


def assert_text(value: object) -> None:
    """No string in a value holds what no database takes."""
    assert [text for text in strings_in(value) if CONTROL.search(text)] == []


@fuzz(40)
@given(text=STRINGS)
@example(text=HALF)
@example(text=UNFIT["NUL"])
def test_every_field_of_a_page(text: str) -> None:
    """HTML, JSON-LD and microdata."""
    made = process_page(page_of(unfit_page(text)))
    assert isinstance(made, Record | Rejection)
    assert_text(made)


@fuzz(40)
@given(text=STRINGS)
@example(text=HALF)
def test_every_field_of_a_listing(text: str) -> None:
    """RSS, Atom, JSON feeds and sitemaps."""
    for kind, body in unfit_listings(text).items():
        listing = read_listing(page_of(body, kind, via=Via.FEED))
        assert isinstance(listing, Listing | Rejection)
        assert_text(listing.entries if isinstance(listing, Listing) else listing)
        assert_text(listing)


@fuzz(60)
@given(text=STRINGS)
@example(text="text/html; charset=\x9b31m")
def test_every_header_of_a_response(text: str) -> None:
    """What is kept of headers is text, however they were decoded."""
    page = Page(
        seed=Seed(url=text, source=text, title=text, language=text),
        final_url="https://courier.example/story",
        body=f"<article><h1>Ferry</h1><p>{SCRIPTS[0]}</p><p>{SCRIPTS[0]}</p></article>".encode(),
        fetched_at=page_of(b"").fetched_at,
        status=200,
        headers=(("Content-Type", f"text/html; charset={text}"), ("ETag", text), (text, text)),
        redirects=(text,),
        address=text,
    )
    assert_text((page.header("etag"), page.header("content-type"), page.redirects, page.address))
    assert_text(process_page(page))


@fuzz(60)
@given(text=STRINGS)
@example(text="https://courier.example/\x9b31m")
def test_every_field_of_a_web_archive(text: str) -> None:
    """Names, addresses and times of WARC records, and the headers in them."""
    raw = text.encode("utf-8", "surrogatepass").replace(b"\r", b"").replace(b"\n", b"")
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-%b: %b\r\n\r\n<p>%b</p>" % (raw, raw, raw)
    fields = b"WARC-Target-URI: http://a.example/%b\r\nWARC-Date: %b\r\nWARC-IP-Address: %b\r\nX-%b: %b"
    head = b"WARC/1.1\r\nWARC-Type: response\r\nContent-Type: application/http\r\nContent-Length: %d\r\n" % len(block)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.warc"
        path.write_bytes(head + fields % ((raw,) * 5) + b"\r\n\r\n" + block + b"\r\n\r\n")
        try:
            for found in find_pages(path):
                assert_text(found)
                page = read_page(Seed(url=found.url, via=Via.WARC), found.pointer)
                assert_text((page.final_url, page.address, page.seed, process_page(page)))
        except StorageError:
            pass  # it is no WARC file any more


@fuzz(40)
@given(name=st.binary(min_size=1, max_size=40).filter(lambda name: b"/" not in name and b"\0" not in name))
@example(name=b"\xed\xa0\x80 \xff\x1b[31m")
def test_every_name_of_a_file(name: bytes) -> None:
    """Names of files need not be text: the file is read all the same, under an address that is."""
    with TemporaryDirectory() as folder:
        path = Path(os.fsdecode(os.path.join(os.fsencode(folder), name + b".txt")))  # noqa: PTH118 - bytes
        path.write_text(SCRIPTS[0], encoding="utf-8")
        (found,) = find_files([Path(folder)])
        page = read_file(file_seed(found), 1000)
        assert isinstance(page, Page)
        assert_text((page.seed, page.final_url))
        assert_text(process_page(page))


@fuzz(60)
@given(text=STRINGS)
@example(text=HALF)
def test_every_line_of_a_list(text: str) -> None:
    """Standard input, and names of sources: what is no text becomes text, or a clear error."""
    assert_text(list(read_urls(["-"], StringIO(text))))
    try:
        sources = parse_sources(f"[[source]]\nname = {json.dumps(text)}\nfeeds = ['https://a.example/']", Path("s"))
    except ConfigError:
        return
    assert_text([source.name for source in sources])
