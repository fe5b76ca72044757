"""Addresses that misbehave, as the replies a server gives, and what a crawl makes of each."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache

from flows.demo.corpus import Trap, TrapKind
from flows.demo.pages import Place, list_page
from ingest.outcome import Reason

HTML = "text/html; charset=utf-8"
BOMB_BYTES = 128 * 1024 * 1024
_MIB = 1024 * 1024
# More hops than any crawler follows; the last leads back to the first.
_LAPS = 64

EXPECTED: Mapping[TrapKind, Reason | None] = {
    TrapKind.NOT_FOUND: Reason.NOT_FOUND,
    TrapKind.GONE: Reason.GONE,
    TrapKind.UNAVAILABLE: Reason.SERVER_ERROR,
    TrapKind.DRIP: Reason.TIMEOUT,
    TrapKind.GZIP_BOMB: Reason.TOO_BIG,
    TrapKind.REDIRECT: None,
    TrapKind.ENDLESS_REDIRECT: Reason.REDIRECTS,
    TrapKind.PRIVATE: Reason.PRIVATE_ADDRESS,
    TrapKind.PDF: Reason.BAD_TYPE,
    TrapKind.EMPTY: Reason.EMPTY,
    TrapKind.NO_TEXT: Reason.NO_TEXT,
    TrapKind.FORBIDDEN: Reason.ROBOTS,
    TrapKind.TRACKED: None,
}
"""Why a trap is rejected; ``None`` where it leads to an article after all."""

_STATUS = {TrapKind.NOT_FOUND: 404, TrapKind.GONE: 410, TrapKind.UNAVAILABLE: 503}

# The smallest file that says it is a PDF; nothing should look further.
_PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


class Pace(Enum):
    """How fast a body is sent."""

    WHOLE = "whole"
    SLOW = "in ten pieces over a second"
    DRIP = "one byte a second, for ever"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a server answers. Where `first_status` is set, the first request gets only that status."""

    status: int = 200
    headers: tuple[tuple[str, str], ...] = (("Content-Type", HTML),)
    body: bytes = b""
    pace: Pace = Pace.WHOLE
    first_status: int | None = None


def trap_routes(trap: Trap, place: Place) -> Iterator[tuple[str, Reply]]:
    """The paths of a trap and their replies. A tracked address is served by the path of its article: none."""
    match trap.kind:
        case TrapKind.REDIRECT:
            yield trap.path, _redirect(place.url_of(trap.target or ""))
        case TrapKind.PRIVATE:
            yield trap.path, _redirect(trap.target or "")
        case TrapKind.ENDLESS_REDIRECT:
            paths = [trap.path, *(f"{trap.path}/{lap}" for lap in range(1, _LAPS))]
            for path, following in zip(paths, [*paths[1:], paths[0]], strict=True):
                yield path, _redirect(place.base + following)
        case TrapKind.TRACKED:
            pass
        case _:
            yield trap.path, _reply(trap, place)


def _reply(trap: Trap, place: Place) -> Reply:
    page = Reply(body=list_page(trap.title, [(place.base, place.outlet.name)], place).encode())
    match trap.kind:
        case TrapKind.NOT_FOUND | TrapKind.GONE | TrapKind.UNAVAILABLE:
            return replace(page, status=_STATUS[trap.kind])
        case TrapKind.DRIP:
            return replace(page, pace=Pace.DRIP)
        case TrapKind.GZIP_BOMB:
            return Reply(headers=(("Content-Type", HTML), ("Content-Encoding", "gzip")), body=gzip_bomb())
        case TrapKind.PDF:
            return Reply(headers=(("Content-Type", "application/pdf"),), body=_PDF)
        case TrapKind.EMPTY:
            return Reply()
        case _:
            return page


def _redirect(target: str) -> Reply:
    return Reply(status=302, headers=(("Location", target),))


@cache
def gzip_bomb() -> bytes:
    """128 MiB of spaces as one gzip member of about 130 kB, made without holding them.

    A full flush makes the compressed form of a chunk independent of what came before it, so that one compressed MiB
    can be repeated; only the checksum has to run over it all. One member, because many clients read no second.
    """
    chunk = b" " * _MIB
    deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    compressed = deflate.compress(chunk) + deflate.flush(zlib.Z_FULL_FLUSH)
    count = BOMB_BYTES // _MIB
    checksum = 0
    for _ in range(count):
        checksum = zlib.crc32(chunk, checksum)
    header = b"\x1f\x8b\x08" + bytes(6) + b"\xff"
    trailer = checksum.to_bytes(4, "little") + BOMB_BYTES.to_bytes(4, "little")
    return header + compressed * count + deflate.flush(zlib.Z_FINISH) + trailer
