"""What the head of a response means. Pure."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from ingest.fetch.failure import FetchError
from ingest.outcome import Reason

REDIRECTS = frozenset({301, 302, 303, 307, 308})

# Responses with a page: 203 is a 200 that a proxy on the way has changed (RFC 9110, 15.3.4).
PAGES = frozenset({200, 203})
NOT_MODIFIED = 304

# Text, and what feeds and sitemaps are served as.
_TYPES = frozenset(
    {
        "text/html",
        "text/plain",
        "text/xml",
        "text/rss",
        "application/xml",
        "application/json",
        "application/feed+json",
    }
)
# They say nothing, or "compressed", as sitemaps are: the bytes tell whether it is something to read.
_OPAQUE_TYPES = frozenset(
    {
        "",
        "application/octet-stream",
        "binary/octet-stream",
        "application/gzip",
        "application/x-gzip",
        "application/unknown",
        "unknown/unknown",
        "*/*",
    }
)
_PDF_TYPE = "application/pdf"
_NEEDED = "reading PDF needs pdfminer.six: install newsmill[pdf]"
_GZIP = b"\x1f\x8b\x08"
_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xfe\xff", b"\xff\xfe")
# Documents and pictures that begin with text.
_TEXT_BUT_NO_PAGE = (b"%PDF-", b"%!PS", b"{\\rtf", b"GIF8")
# No text in any encoding has these (the "binary data bytes" of the MIME Sniffing standard, section 3).
_BINARY = bytes([*range(0x09), 0x0B, *range(0x0E, 0x1B), *range(0x1C, 0x20)])
_REASONS = {
    # Success without a page: No Content and Reset Content.
    204: Reason.EMPTY,
    205: Reason.EMPTY,
    401: Reason.BLOCKED,
    402: Reason.PAYWALL,
    403: Reason.BLOCKED,
    451: Reason.BLOCKED,
    404: Reason.NOT_FOUND,
    408: Reason.TIMEOUT,
    410: Reason.GONE,
    429: Reason.TOO_MANY_REQUESTS,
}
_AGAIN = frozenset({408, 429})
_REFUSED = frozenset({401, 403, 451})
# So much is looked at where a type says nothing: half of the MIME Sniffing standard's resource header is plenty.
SNIFF_BYTES = 512
# A longer Retry-After is a mistake or a refusal; a day is Media Cloud's cap as well.
_MAX_RETRY_AFTER_S = 86_400.0


def refusal(status: int, *, wait_s: float | None = None, patience_s: float = 0.0, by: str | None = None) -> FetchError:
    """What a status that brings no page amounts to.

    Args:
        status: The HTTP status, which is neither one of `PAGES` nor a redirect.
        wait_s: What Retry-After asks for.
        patience_s: The longest that it is waited for; where it asks for more, asking again is not offered.
        by: The service that is likely to have refused.
    """
    transient = status in _AGAIN or status >= 500
    detail = f"HTTP {status}"
    if status == NOT_MODIFIED:
        detail += ", although it was not told what we hold"
    if status == 206:
        detail += ", a part where the whole was asked for"
    if by is not None and status in _REFUSED:
        detail += f", likely by {by}"
    if wait_s is not None:
        detail += f", asks to wait {wait_s:.0f} s"
    return FetchError(
        Reason.SERVER_ERROR if status >= 500 else _REASONS.get(status, Reason.HTTP_ERROR),
        detail,
        again=transient and (wait_s is None or wait_s <= patience_s),
        status=status,
        wait_s=wait_s,
    )


def challenge(status: int, by: str) -> FetchError:
    """What a page amounts to that stands in for the page; asking again would only confirm the suspicion."""
    return FetchError(Reason.BLOCKED, f"HTTP {status}, challenge by {by}", status=status)


def retry_after_s(value: str | None, now: datetime) -> float | None:
    """Seconds to wait by a Retry-After header, which holds seconds or a date (RFC 9110, 10.2.3); unreadable is None."""
    if value is None:
        return None
    value = value.strip()
    if value.isascii() and value.isdigit():
        return min(float(value), _MAX_RETRY_AFTER_S)
    try:
        date = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    aware = date if date.tzinfo is not None else date.replace(tzinfo=UTC)
    return min(max((aware - now).total_seconds(), 0.0), _MAX_RETRY_AFTER_S)


def check_type(content_type: str | None, *, pdf: bool = False) -> bool:
    """Let text and XML pass, and PDF where it is taken.

    Returns:
        Whether the type says nothing, so that `check_start` has to look at the bytes.

    Raises:
        FetchError: BAD_TYPE, for pictures, archives and the like.
    """
    essence = (content_type or "").replace(",", ";").split(";")[0].strip().lower()
    if essence in _OPAQUE_TYPES:
        return True
    if essence == _PDF_TYPE:
        if not pdf:
            raise FetchError(Reason.BAD_TYPE, f"content type {essence}: {_NEEDED}")
        return False
    if essence not in _TYPES and (not essence.endswith("+xml") or essence.startswith("image/")):
        raise FetchError(Reason.BAD_TYPE, f"content type {essence[:80]}")
    return False


def check_start(start: bytes, *, pdf: bool = False) -> None:
    """Let pass what begins like text, markup or gzip (which sitemaps come in), and PDF where it is taken.

    Args:
        start: The first `SNIFF_BYTES` bytes of a body, or all of a shorter one.
        pdf: Whether PDF is taken.

    Raises:
        FetchError: BAD_TYPE for anything else.
    """
    if start.startswith((_GZIP, *_BYTE_ORDER_MARKS)):
        return
    if pdf and start.startswith(b"%PDF-"):
        return
    if start.startswith((b"<\0", b"\0<")):  # UTF-16 without a byte order mark
        return
    if start.startswith(_TEXT_BUT_NO_PAGE) or start.translate(None, _BINARY) != start:
        raise FetchError(Reason.BAD_TYPE, f"no text: the body begins with {start[:8].hex(' ')}")
