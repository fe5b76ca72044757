"""A page is overwritten where it lies in an archive: all else stays readable at its place."""

from __future__ import annotations

import gzip
import io
import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from fastwarc.stream_io import ZstdWriter
from fastwarc.warc import ArchiveIterator

from ingest.errors import StorageError
from ingest.model import ArchivePointer, Seed, Via
from storage.archive import erase, find_pages, read_page
from storage.archive.erasing import _blank


def as_it_is(record: bytes) -> bytes:
    """No compression."""
    return record


def pack_zstd(record: bytes) -> bytes:
    """A frame of its own."""
    frame = io.BytesIO()
    with ZstdWriter(frame) as writer:
        writer.write(record)
    return frame.getvalue()


PACKED: dict[str, Callable[[bytes], bytes]] = {".warc": as_it_is, ".warc.gz": gzip.compress, ".warc.zst": pack_zstd}


def record(number: int, kind: str, block: bytes, *fields: str) -> bytes:
    """A record of the page with this number."""
    lines = ["WARC/1.0", f"WARC-Type: {kind}", f"WARC-Target-URI: https://courier.example/{number}"]
    lines += ["WARC-Date: 2026-03-14T12:00:00Z", *fields, f"Content-Length: {len(block)}", "", ""]
    return "\r\n".join(lines).encode() + block + b"\r\n\r\n"


def archive(path: Path, texts: list[str]) -> list[int]:
    """Pages, each with its request and what is known of it; returns where they begin."""
    pack = next(pack for ending, pack in sorted(PACKED.items(), reverse=True) if path.name.endswith(ending))
    parts: list[bytes] = []
    places: list[int] = []
    for number, text in enumerate(texts):
        response = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>{text}</p>".encode()
        own, of = f"WARC-Record-ID: <urn:x:{number}>", f"WARC-Concurrent-To: <urn:x:{number}>"
        beside = [f"WARC-Record-ID: <urn:x:{number}-{one}>" for one in "ab"]
        places.append(sum(map(len, parts)))
        parts += [
            pack(record(number, "response", response, own, "Content-Type: application/http")),
            pack(record(number, "request", b"GET / HTTP/1.1\r\n\r\n", beside[0], of, "Content-Type: application/http")),
            pack(record(number, "metadata", f"title: {text[:30]}\r\n".encode(), beside[1], of)),
        ]
    path.write_bytes(b"".join(parts))
    return places


def unpacked(path: Path) -> bytes:
    """All that the records of an archive hold."""
    return b"".join(
        bytes(str(dict(one.headers)), "utf-8") + one.reader.read()
        for one in ArchiveIterator(str(path), parse_http=False)
    )


def noise(size: int, seed: str = "") -> str:
    """A text that no compression makes shorter by much."""
    return random.Random(f"{size} {seed}").randbytes(size // 2).hex()


@pytest.mark.parametrize("ending", PACKED)
@pytest.mark.parametrize("size", [40, 3_000, 400_000])
def test_a_page_is_gone_and_the_others_lie_where_they_lay(ending: str, size: int, tmp_path: Path) -> None:
    """Of the page nothing is left, packed or unpacked; places, length and time of the file are as they were."""
    path = tmp_path / f"a{ending}"
    texts = [f"{noise(size, name)} {name}" for name in ("first", "second, to be forgotten", "third")]
    places = archive(path, texts)
    os.utime(path, (1_700_000_000, 1_700_000_000))
    before = path.stat()
    assert texts[1].encode() in unpacked(path)
    assert erase(ArchivePointer(file=str(path), offset=places[1])) == 3
    assert erase(ArchivePointer(file=str(path), offset=places[1])) == 0
    assert (path.stat().st_size, path.stat().st_mtime) == (before.st_size, before.st_mtime)
    left = path.read_bytes() + unpacked(path)
    assert not any(texts[1][at : at + 20].encode() in left for at in range(0, len(texts[1]) - 20, max(1, size // 100)))
    assert b"to be forgotten" not in left
    for number in (0, 2):
        pointer = ArchivePointer(file=str(path), offset=places[number])
        assert texts[number].encode() in read_page(Seed(url="https://a.example/", via=Via.WARC), pointer).body
    with pytest.raises(StorageError):
        read_page(Seed(url="https://a.example/", via=Via.WARC), ArchivePointer(file=str(path), offset=places[1]))
    assert [one.url for one in find_pages(path)] == ["https://courier.example/0", "https://courier.example/2"]


def test_what_a_kill_left_half_erased_is_erased(tmp_path: Path) -> None:
    """A record that breaks off in the middle of being overwritten is overwritten up to the next one."""
    path = tmp_path / "a.warc.gz"
    texts = [noise(60_000), noise(60_002)]
    places = archive(path, texts)
    with path.open("r+b") as file:
        file.write(_blank(b"\x1f\x8b\x08\x00", places[1])[:20_000])
    assert erase(ArchivePointer(file=str(path), offset=0)) == 1
    assert texts[0][45_000:50_000].encode() not in unpacked(path)
    assert [one.url for one in find_pages(path)] == ["https://courier.example/1"]


@pytest.mark.parametrize("magic", [b"WARC", b"\x1f\x8b\x08\x00", b"\x28\xb5\x2f\xfd"])
def test_what_says_nothing_is_of_any_length(magic: bytes, tmp_path: Path) -> None:
    """A padded record fills its place to the byte, also where one block of its packing ends and the next begins."""
    edges = [at + by for at in (65_553, 131_081, 131_093, 262_156) for by in range(-8, 9)]
    for size in [110, 200, 1_000, *edges]:
        made = _blank(magic, size)
        path = tmp_path / "one"
        path.write_bytes(made)
        held = [one.reader.read().strip() for one in ArchiveIterator(str(path), parse_http=False)]
        assert (len(made), held) == (size, [b""])


def test_a_place_that_is_none_is_refused(tmp_path: Path) -> None:
    """Nothing is written where no record begins, or where there is no file."""
    path = tmp_path / "a.warc.gz"
    archive(path, ["one"])
    before = path.read_bytes()
    for pointer in (ArchivePointer(file=str(path), offset=5), ArchivePointer(file=str(tmp_path / "b"), offset=0)):
        with pytest.raises(StorageError, match="cannot be erased"):
            erase(pointer)
    assert path.read_bytes() == before
