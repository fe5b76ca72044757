"""A damaged archive gives an error or fewer pages, never another page."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import example, given
from hypothesis import strategies as st
from support.fuzzing import CONTENT_TYPES, DAMAGE, LINES, SCRIPTS, URLS, damaged, fuzz, page_of

from ingest.errors import StorageError
from ingest.model import ArchivePointer, Page, Seed
from storage.archive import Archive, find_pages, read_page, recover

_BODIES = tuple(f"<p>{text}</p>".encode() for text in SCRIPTS[:5])


@cache
def whole() -> tuple[str, bytes, tuple[Page, ...]]:
    """An archive of five pages: the name of its file, its bytes, and the pages."""
    with TemporaryDirectory() as name:
        with Archive(Path(name), "run") as archive:
            pages = [
                archive.add(page_of(body, url=f"https://courier.example/{number}"), f"key {number}")
                for number, body in enumerate(_BODIES)
            ]
            archive.sync()
        (file,) = Path(name).iterdir()
        return file.name, file.read_bytes(), tuple(pages)


def read_all(folder: Path, file: Path) -> Iterator[Page]:
    """All pages that can be had from a file, by each of the three ways to them."""
    found: list[ArchivePointer] = []
    with suppress(StorageError):  # an error is an answer
        found += [one.pointer for one in find_pages(file)]
    found += [one.pointer for one in recover(folder, ["run"], ())]
    found += [ArchivePointer(file=str(file), offset=page.archive.offset) for page in whole()[2] if page.archive]
    for pointer in found:
        try:
            yield read_page(Seed(url="https://courier.example/asked"), pointer)
        except StorageError:
            continue


@fuzz(120)
@given(damage=DAMAGE)
@example(damage=[("cut", 0.8359375, 1, b"")])  # in a head, before the length: it was an empty page
@example(damage=[("cut", 0.58203125, 1, b"<"), ("drop", 0.9140625, 12, b"<")])  # of the right length, and wrong
def test_damage_to_a_compressed_archive_makes_no_other_page(damage: list[tuple[str, float, int, bytes]]) -> None:
    """Whatever happens to the bytes of our own archive, a page that is read is one that was written."""
    name, data, _ = whole()
    with TemporaryDirectory() as folder:
        file = Path(folder) / name
        file.write_bytes(damaged(data, damage))
        for page in read_all(Path(folder), file):
            assert page.body in _BODIES


@fuzz(120)
@given(damage=DAMAGE, packed=st.booleans())
def test_damage_to_a_plain_archive_is_an_error_or_a_page(
    damage: list[tuple[str, float, int, bytes]], packed: bool
) -> None:
    """Other people's archives have no checksum of their own: what is read ends, and ends in pages or one error."""
    _, data, _ = whole()
    plain = damaged(gzip.decompress(data), damage)
    with TemporaryDirectory() as folder:
        file = Path(folder) / ("x.warc.gz" if packed else "x.warc")
        file.write_bytes(gzip.compress(plain, mtime=0) if packed else plain)
        for page in read_all(Path(folder), file):
            assert len(page.body) <= len(plain)
            assert page.fetched_at.tzinfo is not None


_LENGTHS = st.one_of(st.integers(-5, 400).map(str), st.sampled_from(("", "9" * 30, "1e3", "0x10", " 7 ", "٣")))
_FIELDS = st.lists(
    st.tuples(
        st.sampled_from(
            (
                *("WARC-Type", "WARC-Target-URI", "WARC-Date", "Content-Type", "WARC-Record-ID", "WARC-Concurrent-To"),
                *("WARC-Truncated", "WARC-IP-Address", "WARC-Block-Digest", "Content-Length", "X"),
            )
        ),
        st.one_of(
            LINES,
            URLS,
            CONTENT_TYPES,
            _LENGTHS,
            st.sampled_from(("response", "resource", "revisit", "metadata", "application/http; msgtype=response")),
        ),
    ),
    max_size=7,
)
_HEADS = st.builds(
    "{} {}\r\n{}: {}\r\n{}".format,
    st.sampled_from(("HTTP/1.1", "HTTP/2", "ICY", "", "http/1.0")),
    st.sampled_from(("200 OK", "200", "999", "-1 ?", "²00", "")),
    st.sampled_from(("Content-Encoding", "Transfer-Encoding", "Content-Type", "Content-Length", ":", " folded")),
    st.one_of(LINES, st.sampled_from(("gzip", "chunked", "br", "gzip, gzip", "identity"))),
    st.sampled_from(("\r\n", "\n\n", "", "\r\r\n")),
)
_RECORDS = st.lists(st.tuples(_FIELDS, _HEADS, LINES, st.none() | _LENGTHS), min_size=1, max_size=4)


def written(records: list[tuple[list[tuple[str, str]], str, str, str | None]]) -> bytes:
    """Records of WARC, as somebody may write them who has not read the standard."""
    parts: list[bytes] = []
    for fields, head, body, length in records:
        block = f"{head}{body}".encode("utf-8", "replace")
        lines = [
            f"{name}: {value}" for name, value in (("WARC-Type", "response"), ("WARC-Target-URI", "http://a/"), *fields)
        ]
        lines.append(f"Content-Length: {len(block) if length is None else length}")
        parts.append(
            ("WARC/1.1\r\n" + "\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "replace") + block + b"\r\n\r\n"
        )
    return b"".join(parts)


@fuzz(150)
@given(records=_RECORDS, packed=st.booleans())
def test_any_records_are_read_or_refused(
    records: list[tuple[list[tuple[str, str]], str, str, str | None]], packed: bool
) -> None:
    """Records with wrong lengths, heads, kinds and encodings give pages or one error that names the file."""
    data = written(records)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "other.warc"
        file.write_bytes(gzip.compress(data, mtime=0) if packed else data)
        try:
            found = list(find_pages(file))
        except StorageError as error:
            assert "other.warc" in str(error)  # noqa: PT017 - no error is an answer, too
            return
        for one in found:
            try:
                page = read_page(Seed(url=one.url), one.pointer)
            except StorageError:
                continue
            assert page.status in (None, 200)
            repr(page).encode()


@fuzz(60)
@given(body=st.binary(max_size=200), kind=CONTENT_TYPES, url=URLS, title=LINES)
def test_a_page_is_read_back_the_same(body: bytes, kind: str, url: str, title: str) -> None:
    """Whatever the body, and whatever stands in the fields of its seed."""
    with TemporaryDirectory() as folder:
        page = page_of(body, kind)
        page = replace(page, seed=replace(page.seed, url=url, title=title))
        with Archive(Path(folder), "run") as archive:
            added = archive.add(page, "key")
        assert added.archive is not None
        got = read_page(added.seed, added.archive)
        assert (body, page.status, page.final_url) == (got.body, got.status, got.final_url)
