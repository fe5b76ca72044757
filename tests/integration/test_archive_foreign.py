"""Other people's archives: what crawlers write, what they get wrong, and what means ill."""

from __future__ import annotations

import gzip
import io
import os
import subprocess
import sys
import zlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest
from fastwarc.stream_io import ZstdWriter
from hypothesis import given
from hypothesis import strategies as st
from support.effort import no_more_than_a_moment

from ingest.errors import StorageError
from ingest.model import ArchivePointer, Page, Seed, Via
from storage.archive import Archived, PackedTogether, find_pages, read_page, reading, unpack
from storage.archive.bodies import decode_body

STORY = "http://courier.example/story"
TEXT = "<p>Från ett annat arkiv: весна пришла</p>".encode()
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


def warc_record(
    block: bytes, kind: str = "response", content_type: str | None = "application/http", **fields: str
) -> bytes:
    """A record as another crawler writes it."""
    lines = ["WARC/1.0", f"WARC-Type: {kind}", f"WARC-Target-URI: <{fields.pop('url', STORY)}>"]
    lines += ["WARC-Date: 2026-03-14T12:00:00Z", "WARC-Record-ID: <urn:uuid:0b4f>"]
    if content_type is not None:
        lines.append(f"Content-Type: {content_type}")
    length = fields.pop("length", str(len(block)))
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
    lines.append(f"Content-Length: {length}")
    return "\r\n".join([*lines, "", ""]).encode() + block + b"\r\n\r\n"


def pack_zstd(record: bytes) -> bytes:
    """A frame of its own."""
    frame = io.BytesIO()
    with ZstdWriter(frame) as writer:
        writer.write(record)
    return frame.getvalue()


def found_in(path: Path, *records: bytes) -> tuple[list[Archived], Counter[str]]:
    """What is found in a file of these records."""
    path.write_bytes(b"".join(records))
    met: Counter[str] = Counter()
    return list(find_pages(path, met)), met


def page_of(found: Archived) -> Page:
    """The page that was found."""
    return read_page(Seed(url=found.url, via=Via.WARC), found.pointer)


def test_common_crawls_news_files_are_read(tmp_path: Path) -> None:
    """Requests, revisits, errors and pictures are passed over and counted; a page that was cut short is flagged."""
    prefixed = HEAD + b"X-Crawl-Content-Encoding: gzip\r\nX-Crawl-Content-Length: 9\r\nContent-Length: 48\r\n\r\n"
    found, met = found_in(
        tmp_path / "CC-NEWS-20260314120000-00001.warc.gz",
        *map(
            gzip.compress,
            [
                warc_record(b"robots: checked via crawler-commons\r\n", "warcinfo", "application/warc-fields"),
                warc_record(b"GET /story HTTP/1.1\r\nHost: courier.example\r\n\r\n", "request"),
                warc_record(prefixed + TEXT),
                warc_record(b"fetchTimeMs: 210\r\n", "metadata", "application/warc-fields"),
                warc_record(HEAD + b"\r\n", "revisit"),
                warc_record(b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n" + TEXT),
                warc_record(b"HTTP/1.1 200 OK\r\nContent-Type: image/webp\r\n\r\nRIFF"),
                warc_record(HEAD + b"\r\n" + TEXT[:9], url=f"{STORY}/long", WARC_Truncated="length"),
                warc_record(b"203.0.113.7", "response", "text/dns", url="dns:courier.example"),
            ],
        ),
    )
    assert [(one.url, one.truncated) for one in found] == [(STORY, None), (f"{STORY}/long", "length")]
    assert met == {"page": 2, "truncated": 1, "revisit": 1, "gone": 1, "type": 1, "other": 4}
    page = page_of(found[0])
    assert (page.body, page.final_url, page.status) == (TEXT, STORY, 200)
    assert page.header("content-encoding") == "gzip"
    assert (page.request, page.redirects) == ((), ())
    assert page_of(found[1]).body == TEXT[:9]


@pytest.mark.parametrize(
    "record",
    [
        warc_record(b"HTTP/2 200\r\ncontent-type: Text/HTML;charset=UTF-8\r\n\r\n" + TEXT),
        warc_record(b"HTTP/2.0 200 \r\nCONTENT-TYPE:  text/html \r\n\r\n" + TEXT),
        warc_record(b"HTTP/1.1 200 OK\nContent-Type: text/html\n\n" + TEXT),
        warc_record(b"HTTP/1.0 200\r\n\r\n" + TEXT),
        warc_record(b'HTTP/1.1 200 OK\r\nContent-Type: "text/html"\r\n\r\n' + TEXT),
        warc_record(b"HTTP/1.1 200 OK\r\nno field\r\nContent-Type:\r\n text/html;\r\n\tcharset=utf-8\r\n\r\n" + TEXT),
        warc_record(HEAD + b"Set-Cookie: " + b"c" * 40_000 + b"\r\n\r\n" + TEXT),
        warc_record(HEAD + b"Content-Length: 3\r\n\r\n" + TEXT),
        warc_record(HEAD + b"Content-Length: 99999\r\n\r\n" + TEXT),
        warc_record(HEAD + b"\r\n" + TEXT, content_type=None),
        warc_record(HEAD + b"\r\n" + TEXT, content_type="Application/HTTP;msgtype=response"),
        warc_record(TEXT, "resource", "Text/HTML; charset=utf-8"),
    ],
)
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_the_many_ways_to_write_a_page(tmp_path: Path, record: bytes, pack: Callable[[bytes], bytes]) -> None:
    """Odd cases, versions, line ends and lengths: the page is found and read, and so is the next."""
    found, met = found_in(tmp_path / "theirs.warc", pack(record), pack(record))
    assert met == {"page": 2}
    assert [page_of(one).body for one in found] == [TEXT, TEXT]
    assert found[1].pointer.offset == len(pack(record))


def test_a_header_of_many_lines_costs_no_more_than_its_length(tmp_path: Path) -> None:
    """Half a million lines that go on with one value are joined once, not one by one."""
    record = warc_record(HEAD + b"A: b\r\n" + b" \n" * 490_000 + b"\r\n" + TEXT)
    with no_more_than_a_moment():
        found, _ = found_in(tmp_path / "theirs.warc", record)
    assert [one.url for one in found] == [STORY]


@pytest.mark.parametrize(
    "block",
    [TEXT, b"", b"ICY 200 OK\r\n\r\n" + TEXT, b"HTTP/1.1\r\n\r\n", HEAD + b"A: " + b"x" * 1_100_000, bytes(2_000_000)],
)
def test_a_response_without_a_head_costs_itself_only(tmp_path: Path, block: bytes) -> None:
    """It is counted, and what follows is found."""
    found, met = found_in(tmp_path / "theirs.warc", warc_record(block), warc_record(HEAD + b"\r\n" + TEXT))
    assert met == {"unreadable": 1, "page": 1}
    assert page_of(found[0]).body == TEXT
    with pytest.raises(StorageError, match="no readable record at byte 0"):
        read_page(Seed(url=STORY), ArchivePointer(file=str(tmp_path / "theirs.warc"), offset=0))


CHUNKED = b"5;note=1\r\n%b\r\n%X\r\n%b\r\n0\r\nTrailer: x\r\n\r\n" % (TEXT[:5], len(TEXT) - 5, TEXT[5:])
BARE_DEFLATE = zlib.compress(TEXT)[2:-4]


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("gzip", gzip.compress(TEXT)),
        ("GZIP", gzip.compress(TEXT[:20]) + gzip.compress(TEXT[20:])),
        ("x-gzip", gzip.compress(TEXT)),
        ("deflate", zlib.compress(TEXT)),
        ("deflate", BARE_DEFLATE),
        ("br", brotli.compress(TEXT)),
        ("gzip, br", brotli.compress(gzip.compress(TEXT))),
        ("identity", TEXT),
        ("utf-8", TEXT),
        *((name, TEXT) for name in ("gzip", "deflate", "br", "zstd")),
    ],
)
@pytest.mark.parametrize("chunked", [False, True])
def test_encodings_are_undone_or_seen_to_be_untrue(tmp_path: Path, name: str, raw: bytes, chunked: bool) -> None:
    """A body is decoded by its headers; one that was stored decoded, its headers left, is taken as it is."""
    head = HEAD + f"Content-Encoding: {name}\r\n".encode()
    if chunked:
        head += b"Transfer-Encoding: Chunked\r\n"
        raw = b"%x\r\n%b\r\n0\r\n\r\n" % (len(raw), raw)
    found, _ = found_in(tmp_path / "theirs.warc", warc_record(head + b"\r\n" + raw))
    assert page_of(found[0]).body == TEXT


@pytest.mark.parametrize(
    ("name", "raw", "body"),
    [
        ("chunked", CHUNKED, TEXT),
        ("chunked", TEXT, TEXT),
        ("chunked", CHUNKED[:-20], TEXT[:-2]),
        ("chunked", b"", b""),
        ("gzip", gzip.compress(bytes(100_000))[:-8], bytes(100_000)),
        ("br", b"", b""),
    ],
)
def test_what_breaks_off_gives_what_came_before(name: str, raw: bytes, body: bytes) -> None:
    """A connection that was cut leaves the beginning of a page, which is worth reading."""
    assert body == decode_body(raw, [name], 10**6)[: len(body)]


@given(
    raw=st.binary(max_size=200),
    names=st.lists(st.sampled_from(["gzip", "deflate", "br", "zstd", "chunked"]), max_size=3),
)
def test_no_bytes_break_the_decoder(raw: bytes, names: list[str]) -> None:
    """Whatever is there under whatever name, something within the limit comes out."""
    assert len(decode_body(raw, names, 300)) <= 300


@given(body=st.binary(max_size=3000), cuts=st.lists(st.integers(1, 500), max_size=9))
def test_any_chunks_are_joined(body: bytes, cuts: list[int]) -> None:
    """However a server cuts a body into chunks, it is put together again."""
    rest, sent = body, b""
    for cut in cuts:
        if rest:
            sent += b"%x\r\n%b\r\n" % (len(rest[:cut]), rest[:cut])
            rest = rest[cut:]
    sent += (b"%X \r\n%b\r\n" % (len(rest), rest) if rest else b"") + b"0\r\n\r\n"
    assert decode_body(sent, ["chunked"], 10**6) == body or not body


BOMBS = r"""
import re, sys
from pathlib import Path
from storage.archive import find_pages, read_page
from ingest.model import Seed

# The kernel's own mark: that of getrusage begins with what the parent held.
def highest() -> int:
    return int(re.search(r"VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text())[1])

before = highest()
sizes = [len(read_page(Seed(url=one.url), one.pointer).body) for one in find_pages(Path(sys.argv[1]))]
print(sizes, (highest() - before) // 1024)
"""


def test_a_bomb_does_not_go_off(tmp_path: Path) -> None:
    """Of bodies of 120 MB, however they are packed, no more than the limit is unpacked; memory stays near it."""
    zeros = bytes(1_000_000)
    packer, squeezer = zlib.compressobj(wbits=31), brotli.Compressor(quality=3)
    gzipped = b"".join([packer.compress(zeros) for _ in range(120)]) + packer.flush()
    squeezed = b"".join([squeezer.process(zeros) for _ in range(120)]) + squeezer.finish()
    records = [
        warc_record(HEAD + f"Content-Encoding: {name}\r\n\r\n".encode() + body)
        for name, body in (("gzip", gzipped), ("br", squeezed), ("br, gzip", gzip.compress(squeezed)))
    ]
    outer = zlib.compressobj(wbits=31)
    head = HEAD + b"\r\n"
    start = warc_record(head, length=str(len(head) + 120_000_000)).removesuffix(b"\r\n\r\n")
    plain = outer.compress(start) + b"".join([outer.compress(zeros) for _ in range(120)]) + outer.flush()
    path = tmp_path / "bombs.warc.gz"
    path.write_bytes(b"".join(map(gzip.compress, records)) + plain)
    printed = subprocess.check_output([sys.executable, "-c", BOMBS, str(path)], text=True)
    sizes, megabytes = printed.rsplit(" ", 1)
    assert sizes == str([reading.MAX_BODY_BYTES + 1] * 4)
    assert int(megabytes) < 100


def test_a_body_at_the_limit_is_read_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One byte more than the limit tells that there is more."""
    monkeypatch.setattr(reading, "MAX_BODY_BYTES", 1000)
    records = [warc_record(HEAD + b"\r\n" + bytes(size)) for size in (1000, 1001, 5000)]
    found, _ = found_in(tmp_path / "theirs.warc", *records)
    assert [len(page_of(one).body) for one in found] == [1000, 1001, 1001]


def test_files_compressed_with_zstd_are_read(tmp_path: Path) -> None:
    """As some crawlers write them, a frame for each record."""
    records = [warc_record(HEAD + b"\r\n%d" % number, url=f"{STORY}/{number}") for number in range(3)]
    found, _ = found_in(tmp_path / "theirs.warc.zst", *map(pack_zstd, records))
    assert [page_of(one).body for one in found] == [b"0", b"1", b"2"]


def test_an_archive_that_breaks_off_gives_what_came_before(tmp_path: Path) -> None:
    """The pages before the damage are found; the damage is an error that names the file."""
    path = tmp_path / "theirs.warc.gz"
    records = [gzip.compress(warc_record(HEAD + b"\r\n" + TEXT * 50, url=f"{STORY}/{number}")) for number in range(2)]
    path.write_bytes(b"".join(records)[:-60])
    found: list[str] = []
    with pytest.raises(StorageError, match=rf"{path.name}.*record at byte {len(records[0]):,}"):
        found.extend(one.url for one in find_pages(path))
    assert found == [f"{STORY}/0"]


@pytest.mark.parametrize("pack", [bytes, gzip.compress, pack_zstd])
def test_no_break_goes_unnoticed(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    """Wherever a file was cut, or zeros were written into compressed ones, an error says so after the pages before."""
    first, second = (pack(warc_record(HEAD + b"\r\n" + TEXT, url=f"{STORY}/{number}")) for number in range(2))
    compressed = len(pack(bytes(1000))) < 1000
    for cut in range(1, len(second) - 4, 3):  # an uncompressed record ends with four bytes that say nothing
        for rest in (b"", bytes(len(second) - cut) + second) if compressed else (b"",):
            (tmp_path / "theirs.warc").write_bytes(first + second[:cut] + rest)
            pages = find_pages(tmp_path / "theirs.warc")
            assert next(pages).url == f"{STORY}/0"
            with pytest.raises(StorageError, match=r"theirs\.warc cannot be read as WARC"):
                list(pages)


@pytest.mark.parametrize("length", ["50", "500", "-5", "many"])
def test_a_wrong_length_is_an_error(tmp_path: Path, length: str) -> None:
    """Where the next record begins, nobody knows then."""
    records = [warc_record(HEAD + b"\r\n" + TEXT, length=length), warc_record(HEAD + b"\r\n" + TEXT)]
    with pytest.raises(StorageError, match=r"theirs\.warc cannot be read as WARC"):
        found_in(tmp_path / "theirs.warc", *records)


def test_a_pipe_is_no_archive(tmp_path: Path) -> None:
    """It would be waited for for ever."""
    os.mkfifo(tmp_path / "pipe.warc")
    with pytest.raises(StorageError, match="it is no file"):
        list(find_pages(tmp_path / "pipe.warc"))


@pytest.mark.parametrize("pack", [gzip.compress, pack_zstd])
def test_a_file_compressed_as_a_whole_is_read_from_a_copy(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    """No record in it can be read by its place: the error names the tool that mends it, and a plain copy has places."""
    records = [warc_record(HEAD + b"\r\n" + TEXT, url=f"{STORY}/{number}") for number in range(3)]
    with pytest.raises(PackedTogether, match="warcio recompress"):
        found_in(tmp_path / "theirs.warc", pack(b"".join(records)))
    found = list(find_pages(unpack(tmp_path / "theirs.warc", tmp_path / "archive")))
    assert [page_of(one).body for one in found] == [TEXT] * 3


@pytest.mark.parametrize("damage", [b"", b"not an archive", b"\x1f\x8b\x08\x00garbage", gzip.compress(b"a story")])
def test_what_is_no_archive_is_an_error_that_names_the_file(tmp_path: Path, damage: bytes) -> None:
    """An empty or foreign file is refused in one line; an empty one just has no pages."""
    path = tmp_path / "odd.warc.gz"
    path.write_bytes(damage)
    if damage:
        with pytest.raises(StorageError, match=r"odd\.warc\.gz"):
            list(find_pages(path))
    else:
        assert list(find_pages(path)) == []
    with pytest.raises(StorageError, match=r"odd\.warc\.gz"):
        read_page(Seed(url=STORY), ArchivePointer(file=str(path), offset=0))
