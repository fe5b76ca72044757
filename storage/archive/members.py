"""A page as the bytes of an archive: WARC 1.1 records, each a gzip member of its own.

The records are put together here, not by a library: what a hostile server puts into its headers is met in one place,
and three records and two digests cost a tenth more time than one record did through FastWARC's objects.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote, urlsplit

from ingest.model import ArchivePointer, Page
from storage.archive.heard import BREAKS, encode_heard

try:
    from isal import isal_zlib as zlib
except ImportError:  # there is no wheel of it for every machine
    import zlib  # type: ignore[no-redef]

WIRE_PREFIX = "X-Crawl-"
"""Stands before what the server said of the encoding of the body: it is stored decoded, as Common Crawl does."""

# Of isal, at a quarter of the time of zlib's level 2 and a size 1 % larger; zlib's usual 6 takes ten times as long as
# isal and saves 14 %: the page is a fifth of its size in each case.
_COMPRESSION = 2
_WIRE_HEADERS = ("content-encoding", "transfer-encoding", "content-length")
_NO_TOKEN = re.compile(r"[^!#$%&'*+.^_`|~0-9A-Za-z-]")  # RFC 9110, 5.6.2
_NOT_IN_URI = re.compile(r"[\x00-\x20<>\x7f-\xa0\u2028\u2029]")
_PHRASES = {status.value: status.phrase for status in HTTPStatus}
_ABOUT = (
    ("software", f"newsmill/{version('newsmill')}"),
    ("format", "WARC File Format 1.1"),
    ("conformsTo", "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"),
    ("robots", "obey"),
)

Fields = Sequence[tuple[str, str]]

_SAME_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
REFERS_TO_FILE = "WARC-Refers-To-Filename"
"""The file, in the same folder, that holds the body of a revisit record; of webarchive-commons, like the next."""
REFERS_TO_OFFSET = "WARC-Refers-To-File-Offset"
"""Where in that file the record with the body begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A body that lies in the archive: its hash, where it is, which URL gave it and when, as far as that is known."""

    sha256: str
    place: ArchivePointer
    url: str | None = None
    at: str | None = None


def new_id() -> str:
    """A record id."""
    return f"<{uuid.uuid4().urn}>"


def encode_info(info_id: str, filename: str, run_id: str, at: datetime) -> bytes:
    """The record that a file begins with: what wrote it and how."""
    fields = [("WARC-Date", _stamp(at)), ("WARC-Filename", filename), ("Content-Type", "application/warc-fields")]
    block = "".join(f"{name}: {value}\r\n" for name, value in (*_ABOUT, ("isPartOf", run_id)))
    return _member("warcinfo", info_id, fields, block.encode())


def encode_page(page: Page, key: str | None, info_id: str, again: Body | None = None) -> bytes:
    """All records of a page, the one that pointers lead to first.

    Args:
        page: the page.
        key: its seed's key in the state table, for `recover`.
        info_id: the id of the file's warcinfo record.
        again: where the same body lies already: a revisit record points there, and holds the head alone.
    """
    main_id = new_id()
    common = [
        ("WARC-Target-URI", _uri(page.final_url)),
        ("WARC-Date", _stamp(page.captured_at)),
        ("WARC-Warcinfo-ID", info_id),
    ]
    beside = [*common, ("WARC-Concurrent-To", main_id)]
    if page.status is None:
        kind = _one_line(page.header("content-type") or "application/octet-stream")
        members = [_member("resource", main_id, [*common, ("Content-Type", kind)], page.body, page.body_sha256)]
    else:
        members = [_response(page, main_id, common) if again is None else _revisit(page, main_id, common, again)]
        if page.request:
            fields = [*beside, ("Content-Type", "application/http; msgtype=request")]
            members.append(_member("request", new_id(), fields, _request_head(page)))
    fields = [*beside, ("Content-Type", "application/warc-fields")]
    members.append(_member("metadata", new_id(), fields, encode_heard(page, key)))
    return b"".join(members)


def _response(page: Page, main_id: str, common: Fields) -> bytes:
    fields = [*common, *_of_response(page)]
    return _member("response", main_id, fields, _response_head(page) + page.body, page.body_sha256)


def _revisit(page: Page, main_id: str, common: Fields, again: Body) -> bytes:
    fields = [*common, *_of_response(page), ("WARC-Profile", _SAME_PAYLOAD)]
    if again.url is not None and again.at is not None:
        fields.append(("WARC-Refers-To-Target-URI", _uri(again.url)))
        fields.append(("WARC-Refers-To-Date", _stamp(datetime.fromisoformat(again.at))))
    fields.append((REFERS_TO_FILE, _one_line(Path(again.place.file).name)))
    fields.append((REFERS_TO_OFFSET, str(again.place.offset)))
    return _member("revisit", main_id, fields, _response_head(page), page.body_sha256)


def _of_response(page: Page) -> Fields:
    address = [] if page.address is None else [("WARC-IP-Address", _one_line(page.address))]
    return [("Content-Type", "application/http; msgtype=response"), *address]


def _member(kind: str, record_id: str, fields: Fields, block: bytes, payload: str | None = None) -> bytes:
    """A record, compressed. `payload` is the hash of what the block holds, or stands for, where that is told."""
    lines = ["WARC/1.1", f"WARC-Type: {kind}", f"WARC-Record-ID: {record_id}"]
    lines += [f"{name}: {value}" for name, value in fields]
    whole = payload if payload and kind == "resource" else hashlib.sha256(block).hexdigest()
    lines.append(f"WARC-Block-Digest: sha256:{whole}")
    if payload is not None:
        lines.append(f"WARC-Payload-Digest: sha256:{payload}")
    lines.append(f"Content-Length: {len(block)}\r\n\r\n")
    packer = zlib.compressobj(_COMPRESSION, zlib.DEFLATED, 31)  # 31: with the header and trailer of gzip
    head = "\r\n".join(lines).encode("utf-8", "replace")
    return b"".join((packer.compress(head), packer.compress(block), packer.compress(b"\r\n\r\n"), packer.flush()))


def _response_head(page: Page) -> bytes:
    status = page.status or 0
    headers = [(f"{WIRE_PREFIX if _is_wire(name) else ''}{name}", value) for name, value in page.headers]
    return _head(f"HTTP/1.1 {status:03d} {_PHRASES.get(status, '')}", headers)


def _request_head(page: Page) -> bytes:
    parts = urlsplit(page.final_url)
    path = parts.path or "/"
    target = f"{path}?{parts.query}" if parts.query else path
    host = (
        [] if any(name.lower() == "host" for name, _ in page.request) else [("Host", parts.netloc.rpartition("@")[2])]
    )
    return _head(f"GET {_uri(target)} HTTP/1.1", [*host, *page.request])


def _head(first: str, headers: Fields) -> bytes:
    """The head of an HTTP message. Nothing in a name or value can end its line or begin another (RFC 9110, 5.5)."""
    lines = [_octets(first)]
    lines += [_octets(f"{_NO_TOKEN.sub('_', name) or '_'}: {_one_line(value)}") for name, value in headers]
    return b"\r\n".join([*lines, b"", b""])


def _is_wire(name: str) -> bool:
    # What looks prefixed already gets another prefix, which reading takes off again.
    lower = name.lower()
    return lower in _WIRE_HEADERS or lower.startswith(WIRE_PREFIX.lower())


def _one_line(value: str) -> str:
    return BREAKS.sub(" ", value).strip(" \t")


def _octets(line: str) -> bytes:
    """Headers are decoded as Latin-1 where they arrive; what is beyond it was never on the wire."""
    try:
        return line.encode("latin-1")
    except UnicodeEncodeError:
        return line.encode("utf-8", "replace")


def _uri(url: str) -> str:
    return _NOT_IN_URI.sub(lambda found: quote(found[0]), url)


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
