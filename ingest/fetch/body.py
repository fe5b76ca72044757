"""Reads a body and undoes its content encoding, never further than allowed.

A decoder that is handed all of a compressed bomb inflates all of it: 284 kB became 905 MB of memory in one well-known
client. Here zlib is told how much it may give, so the most that is ever held is the limit and one chunk.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from math import inf

import httpx

from ingest.fetch.failure import FetchError
from ingest.fetch.responses import SNIFF_BYTES
from ingest.outcome import Reason

ACCEPT_ENCODING = "gzip, deflate"

_GZIP_MAGIC = b"\x1f\x8b"
# Real bodies have one member, block-compressed ones under a hundred; a body of empty members only burns time.
_MAX_MEMBERS = 1_000
# A page of nothing but blanks and repeats may pass any ratio while it is small.
_RATIO_FROM_BYTES = 1_000_000


async def read_body(
    response: httpx.Response,
    limit: int,
    *,
    cut: bool = False,
    max_ratio: float = inf,
    check_start: Callable[[bytes], None] | None = None,
) -> bytes:
    """Read a response to its end, decoded.

    Args:
        response: A streamed response of which nothing was read yet.
        limit: Most bytes of the decoded body, and of the body on the wire.
        cut: Whether to return the first `limit` bytes of a body that is longer, instead of refusing it.
        max_ratio: Most bytes of the decoded body for each byte on the wire, once it is past a megabyte.
        check_start: Is shown the first `SNIFF_BYTES` bytes, or all of a shorter body; raises where they will not do.

    Raises:
        FetchError: TOO_BIG past the limit or the ratio; UNREADABLE where the encoding is broken, cut short or not one
            that we asked for.
    """
    declared = response.headers.get("content-length", "")
    if not cut and declared.isascii() and declared.isdigit() and len(declared) < 20 and int(declared) > limit:
        raise FetchError(Reason.TOO_BIG, f"declared body of {declared} bytes passes {limit} bytes")
    decoder = Decoder(response.headers.get("content-encoding"))
    body = bytearray()
    received = 0
    # No chunk size: with one, httpx waits until the chunk is full, and a slow body is seen late.
    async for chunk in response.aiter_raw():
        received += len(chunk)
        body += decoder.decode(chunk, limit + 1 - len(body))
        if check_start is not None and len(body) >= SNIFF_BYTES:
            check_start(bytes(body[:SNIFF_BYTES]))
            check_start = None
        if len(body) > max(_RATIO_FROM_BYTES, max_ratio * received):
            raise FetchError(Reason.TOO_BIG, f"decoded body is more than {max_ratio:g} times the raw one")
        if len(body) > limit or received > limit:
            if cut:
                return bytes(body[:limit])
            kind = "decoded" if len(body) > limit else "raw"
            raise FetchError(Reason.TOO_BIG, f"{kind} body passes {limit} bytes")
    decoder.finish()
    if check_start is not None:
        check_start(bytes(body))
    return bytes(body)


class Decoder:
    """Undoes a Content-Encoding, chunk by chunk.

    Raises:
        FetchError: UNREADABLE for an encoding that we did not ask for, or for several on top of each other.
    """

    def __init__(self, content_encoding: str | None) -> None:
        names = [name.strip().lower() for name in (content_encoding or "").split(",")]
        layers = [name for name in names if name not in ("", "identity")]
        if layers not in ([], ["gzip"], ["x-gzip"], ["deflate"]):
            raise FetchError(Reason.UNREADABLE, f"content encoding {', '.join(layers)[:80]} was not asked for")
        self._encoding = layers[0].removeprefix("x-") if layers else "identity"
        self._pending = b""
        self._member: zlib._Decompress | None = None
        self._members = 0

    def decode(self, data: bytes, most: int) -> bytes:
        """Decode the next chunk: at most `most` bytes, except that an unencoded chunk is returned as it is.

        Raises:
            FetchError: UNREADABLE for a broken stream.
        """
        if self._encoding == "identity":
            return data
        decoded = bytearray()
        self._pending += data
        while self._pending and len(decoded) < most:
            member = self._member or self._open_member()
            if member is None:
                break
            try:
                decoded += member.decompress(self._pending, most - len(decoded))
            except zlib.error as error:
                raise FetchError(Reason.UNREADABLE, f"broken {self._encoding} body: {error}") from error
            self._member = None if member.eof else member
            self._pending = member.unused_data if member.eof else member.unconsumed_tail
        return bytes(decoded)

    def finish(self) -> None:
        """Say that no chunk follows.

        Raises:
            FetchError: UNREADABLE where more had to come.
        """
        if self._member is not None or (self._pending and self._members == 0):
            raise FetchError(Reason.UNREADABLE, f"{self._encoding} body is cut short")

    def _open_member(self) -> zlib._Decompress | None:
        """Begin a member of gzip, or deflate's only one; None where bytes are wanting or only junk is left."""
        if (self._members and not self._another_follows()) or len(self._pending) < 2:
            return None
        if self._members == _MAX_MEMBERS:
            raise FetchError(Reason.UNREADABLE, f"gzip body of more than {_MAX_MEMBERS} members")
        self._members += 1
        return zlib.decompressobj(self._window_bits())

    def _another_follows(self) -> bool:
        """Whether what is left after a member may be another one; padding and junk are thrown away, as browsers do."""
        self._pending = self._pending.lstrip(b"\0")
        if self._encoding == "gzip" and _GZIP_MAGIC.startswith(self._pending[:2]):
            return bool(self._pending)
        self._pending = b""
        return False

    def _window_bits(self) -> int:
        """The format, as zlib wants it told; many servers leave out the zlib header of deflate (RFC 9110, 8.4.1.2)."""
        if self._encoding == "gzip":
            return zlib.MAX_WBITS | 16
        first, second = self._pending[:2]
        has_header = first & 0x0F == zlib.DEFLATED and (first << 8 | second) % 31 == 0
        return zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS
