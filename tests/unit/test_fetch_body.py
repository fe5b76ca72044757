"""Bodies are decoded whole or refused; nothing inflates past the limit."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.hostile import bomb, members

from ingest.fetch.body import Decoder, read_body
from ingest.fetch.failure import FetchError
from ingest.fetch.responses import check_start
from ingest.outcome import Reason

TEXT = "Снег, snö, neige. ".encode() * 40


def _raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "": lambda data: data,
    "identity": lambda data: data,
    "gzip": gzip.compress,
    "X-GZip": gzip.compress,
    "deflate": zlib.compress,
    "deflate ": _raw_deflate,
}


def _read(chunks: list[bytes], encoding: str = "", *, limit: int = 1_000_000, **how: Any) -> bytes:
    async def stream() -> AsyncIterator[bytes]:
        for chunk in chunks:
            yield chunk

    response = httpx.Response(200, headers={"Content-Encoding": encoding}, content=stream())
    return asyncio.run(read_body(response, limit, **how))


def _reason(chunks: list[bytes], encoding: str = "", *, limit: int = 1_000_000) -> Reason:
    with pytest.raises(FetchError) as caught:
        _read(chunks, encoding, limit=limit)
    return caught.value.reason


@given(st.sampled_from(sorted(PACKERS)), st.binary(max_size=3_000), st.integers(1, 700))
def test_decoding_undoes_encoding(encoding: str, data: bytes, step: int) -> None:
    """However the bytes are cut into chunks, what comes out is what went in."""
    packed = PACKERS[encoding](data)
    chunks = [packed[start : start + step] for start in range(0, len(packed), step)]
    assert data == _read(chunks, encoding)


@pytest.mark.parametrize("step", [1, 7, 10_000])
def test_gzip_members_are_joined(step: int) -> None:
    """A gzip body of several members is one text; padding and junk behind the last one are ignored."""
    packed = members(b"one ", b"two ", b"three") + b"\0\0\0"
    for tail in (b"", b"junk", b"\x1f"):
        whole = packed + tail
        chunks = [whole[start : start + step] for start in range(0, len(whole), step)]
        assert _read(chunks, "gzip") == b"one two three"


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_an_empty_body_needs_no_stream(encoding: str) -> None:
    """A server that names an encoding and sends nothing sends nothing."""
    assert _read([], encoding) == b""


@pytest.mark.parametrize(
    ("packed", "encoding"),
    [
        (b"<html>not compressed at all</html>", "gzip"),
        (gzip.compress(TEXT, mtime=0)[:-20], "gzip"),
        (gzip.compress(TEXT, mtime=0)[:1], "gzip"),
        (gzip.compress(TEXT, mtime=0)[:40] + b"\xff" * 60, "gzip"),
        (zlib.compress(TEXT)[:-20], "deflate"),
        (b"\x78", "deflate"),
        (TEXT, "br"),
        (gzip.compress(gzip.compress(TEXT, mtime=0), mtime=0), "gzip, gzip"),
    ],
)
def test_a_broken_stream_is_unreadable(packed: bytes, encoding: str) -> None:
    """Wrong, damaged or cut streams, and encodings that nobody asked for, have a reason of their own."""
    assert _reason([packed], encoding) == Reason.UNREADABLE


def test_a_flood_of_empty_members_is_refused() -> None:
    """Thousands of gzip members that hold nothing only burn time."""
    assert _reason([gzip.compress(b"") * 2_000], "gzip") == Reason.UNREADABLE


@pytest.mark.parametrize("encoding", ["", "gzip", "deflate"])
def test_the_limit_is_of_decoded_bytes(encoding: str) -> None:
    """A body of just the limit passes, one byte more does not, and the one that may be cut is cut there."""
    body = bytes(range(256)) * 4
    packed = PACKERS[encoding](body)
    assert body == _read([packed], encoding, limit=1_100)
    assert _reason([packed], encoding, limit=1_023) == Reason.TOO_BIG
    assert body[:1_000] == _read([packed], encoding, limit=1_000, cut=True)
    if not encoding:
        assert body == _read([packed], encoding, limit=1_024)


def test_the_limit_is_of_raw_bytes_too() -> None:
    """A body that grows on the wire and not in the hand ends at the same limit."""
    with pytest.raises(FetchError, match="raw body passes 5000 bytes"):
        _read([gzip.compress(b"")] * 400, "gzip", limit=5_000)


def test_a_body_that_declares_too_much_is_not_read() -> None:
    """Content-Length alone is enough to refuse; the stream is left alone."""

    async def never() -> AsyncIterator[bytes]:
        raise AssertionError("the body was read")
        yield b""

    response = httpx.Response(200, headers={"Content-Length": "5001"}, content=never())
    with pytest.raises(FetchError, match="declared body of 5001 bytes passes 5000 bytes"):
        asyncio.run(read_body(response, 5_000))


def test_a_bomb_never_gives_more_than_asked_for() -> None:
    """The decoder hands out at most what it was allowed, of a stream that holds a thousand times more."""
    assert len(Decoder("gzip").decode(bomb(5), 1_001)) == 1_001


def test_a_body_that_swells_too_much_is_refused() -> None:
    """Past a megabyte a hundredfold is too much, whatever the limit; text of the usual kind is far from that."""
    packed = bomb(4)
    with pytest.raises(FetchError, match="decoded body is more than 100 times the raw one"):
        _read([packed[start : start + 700] for start in range(0, len(packed), 700)], "gzip", limit=10**8, max_ratio=100)
    small = gzip.compress(bytes(900_000))
    assert len(_read([small], "gzip", max_ratio=100)) == 900_000
    text = b"".join(f"<loc>https://example.org/{number}</loc>".encode() for number in range(60_000))
    assert text == _read([gzip.compress(text)], "gzip", limit=10**8, max_ratio=100)


@pytest.mark.parametrize("step", [1, 400, 5_000])
@pytest.mark.parametrize("size", [0, 20, 512, 3_000])
def test_the_start_is_shown_once(step: int, size: int) -> None:
    """Whoever is to judge the start sees 512 bytes of a long body and all of a short one, however it arrives."""
    body = bytes(range(32, 127)) * 40
    shown: list[bytes] = []
    chunks = [body[start : min(start + step, size)] for start in range(0, size, step)]
    assert body[:size] == _read(chunks, check_start=shown.append)
    assert shown == [body[: min(size, 512)]]


def test_a_bad_start_ends_the_reading() -> None:
    """Nothing more is read than it took to judge the start."""

    async def stream() -> AsyncIterator[bytes]:
        yield b"PK" + bytes(600)
        raise AssertionError("the rest was read")

    with pytest.raises(FetchError, match="no text"):
        asyncio.run(read_body(httpx.Response(200, content=stream()), 5_000, check_start=check_start))
