"""The body of a response as the server meant it: transfer and content encodings undone, up to a limit.

Archives lie about both: many crawlers store the body decoded and keep the header that says it is not.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterable
from contextlib import suppress
from typing import Protocol

from fastwarc.stream_io import BrotliReader, ZstdReader

_GZIP = 31  # zlib's number for gzip alone
_STEP = 16_384
_CHUNK_SIZE = re.compile(rb"(?:\r?\n)?[ \t]*([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")


class Reader(Protocol):
    """What bytes are read from; fewer may come than were asked for, none at the end."""

    def read(self, size: int = ..., /) -> bytes:
        """Some bytes."""


def read_up_to(reader: Reader, limit: int) -> bytes:
    """All that there is, or the first `limit` bytes."""
    parts: list[bytes] = []
    left = limit
    while left > 0 and (part := reader.read(left)):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def decode_body(raw: bytes, encodings: Iterable[str], limit: int) -> bytes:
    """Undo encodings, the last one first.

    Args:
        raw: the body as it lies in the archive.
        encodings: names of codings as in Content-Encoding, in the order they were applied.
        limit: never more bytes than this are unpacked at any step.

    Returns:
        The body. Where a coding is unknown or untrue it is left as it is; where it breaks off, what came before.
    """
    for name in reversed([one for value in encodings for one in value.lower().replace(" ", "").split(",")]):
        raw = _undo(name.removeprefix("x-"), raw, limit)
    return raw


def _undo(name: str, raw: bytes, limit: int) -> bytes:
    if name == "gzip":
        return _inflate(raw, limit, _GZIP)
    if name == "deflate":
        # Some servers send zlib's format, as they should, others the bare one.
        return _inflate(raw, limit, zlib.MAX_WBITS, -zlib.MAX_WBITS)
    if name == "chunked":
        return _join_chunks(raw, limit)
    if name in ("br", "zstd"):
        stream = io.BytesIO(raw)
        return _read_sound(BrotliReader(stream) if name == "br" else ZstdReader(stream), limit) or raw
    return raw


def _inflate(raw: bytes, limit: int, *formats: int) -> bytes:
    for bits in formats:
        parts: list[bytes] = []
        left = limit
        rest = raw
        try:
            while rest and left > 0:
                unpacker = zlib.decompressobj(bits)
                # In small steps: what one of them made is lost if it meets damage.
                for start in range(0, len(rest), _STEP):
                    parts.append(unpacker.decompress(unpacker.unconsumed_tail + rest[start : start + _STEP], left))
                    left -= len(parts[-1])
                    if unpacker.eof or left <= 0:
                        break
                if not unpacker.eof:
                    break
                rest = unpacker.unused_data + rest[start + _STEP :]
        except zlib.error:
            pass
        if left < limit:
            return b"".join(parts)
    return raw


def _join_chunks(raw: bytes, limit: int) -> bytes:
    """The body of a message with Transfer-Encoding: chunked (RFC 9112, 7.1)."""
    parts: list[bytes] = []
    place = joined = 0
    while joined < limit and (size := _CHUNK_SIZE.match(raw, place)):
        start = size.end()
        length = int(size[1], 16)
        if not length:
            return b"".join(parts)
        parts.append(raw[start : start + min(length, limit - joined)])
        joined += len(parts[-1])
        place = start + length
    return b"".join(parts) or raw


def _read_sound(reader: Reader, limit: int) -> bytes:
    """All that can be read before damage, up to a limit."""
    parts: list[bytes] = []
    left = limit
    with suppress(OSError):
        while left > 0 and (part := reader.read(min(left, _STEP))):
            parts.append(part)
            left -= len(part)
    return b"".join(parts)
