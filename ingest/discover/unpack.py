"""The bytes of a listing, piece by piece: sitemaps often come as .gz files, and some of those are bombs."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from ingest.discover.listing import BadListingError

MAX_DECODED = 50_000_000
"""Most bytes of an unpacked listing: what the sitemap protocol allows a file to have."""

PIECE = 65_536
# Sitemaps of addresses that hardly differ pack at 30 to 1; zlib's most is 1,032 to 1. Short texts are let be.
_MAX_RATIO = 200
_RATIO_FROM = 1_000_000
_GZIP = b"\x1f\x8b\x08"
# One for the file, one for a server that packs it again.
_MAX_LAYERS = 2


def unpacked(body: bytes, limit: int = MAX_DECODED) -> Iterator[bytes]:
    """The pieces of a body, unpacked if it is gzip, whatever it is called. A body cut short gives what there is.

    Args:
        body: As it was received.
        limit: Most bytes to unpack.

    Raises:
        BadListingError: it unpacks to more than `limit`, is packed more than any text can be, or is no gzip after all.
    """
    pieces: Iterator[bytes] = (body[start : start + PIECE] for start in range(0, len(body), PIECE))
    packed, layers = body.startswith(_GZIP), 0
    while packed:
        layers += 1
        if layers > _MAX_LAYERS:
            raise BadListingError(f"gzip in gzip, more than {_MAX_LAYERS} times: packed to be a trap")
        inflated = _inflated(pieces, len(body), limit)
        first = next(inflated, b"")
        packed = first.startswith(_GZIP)
        pieces = _with_first(first, inflated)
    yield from pieces


def _with_first(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _inflated(packed: Iterator[bytes], size: int, limit: int) -> Iterator[bytes]:
    total = 0
    member = zlib.decompressobj(zlib.MAX_WBITS | 16)
    for piece in packed:
        pending = piece
        while pending:
            try:
                plain = member.decompress(pending, PIECE)
            except zlib.error as error:
                if total:
                    return
                raise BadListingError(f"a broken gzip file: {error}") from error
            total += len(plain)
            _check(total, size, limit)
            if plain:
                yield plain
            pending = member.unconsumed_tail
            if member.eof:  # files packed in blocks have several members; what else follows is padding
                pending = member.unused_data.lstrip(b"\0")
                if pending and not _GZIP.startswith(pending[:3]):
                    return
                member = zlib.decompressobj(zlib.MAX_WBITS | 16)


def _check(total: int, size: int, limit: int) -> None:
    if total > limit:
        raise BadListingError(f"a gzip file that unpacks to more than {limit:,} bytes")
    if total > _RATIO_FROM and total > size * _MAX_RATIO:
        raise BadListingError(f"a gzip file of {size:,} bytes that unpacks to more than {_MAX_RATIO} times as much")
