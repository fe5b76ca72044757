"""What the head of a response means. Pure."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from ingest.fetch.failure import FetchError
from ingest.outcome import Reason

REDIRECTS = frozenset({301, 302, 303, 307, 308})

# Text, and what feeds and sitemaps are served as. A missing type is let through: the next stage looks at the bytes.
_TYPES = frozenset(
    {
        "",
        "text/html",
        "text/plain",
        "text/xml",
        "application/xhtml+xml",
        "application/xml",
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/json",
        "application/feed+json",
    }
)
_REASONS = {
    401: Reason.BLOCKED,
    403: Reason.BLOCKED,
    451: Reason.BLOCKED,
    404: Reason.NOT_FOUND,
    410: Reason.GONE,
    429: Reason.TOO_MANY_REQUESTS,
}
# A longer Retry-After is a mistake or a refusal; a day is Media Cloud's cap as well.
_MAX_RETRY_AFTER_S = 86_400.0


def refusal(status: int, *, wait_s: float | None = None, patience_s: float = 0.0) -> FetchError:
    """What a status other than 200 and the redirects amounts to.

    Args:
        status: The HTTP status.
        wait_s: What Retry-After asks for.
        patience_s: The longest that it is waited for; where it asks for more, asking again is not offered.
    """
    transient = status == 429 or status >= 500
    detail = f"HTTP {status}" if wait_s is None else f"HTTP {status}, asks to wait {wait_s:.0f} s"
    return FetchError(
        Reason.SERVER_ERROR if status >= 500 else _REASONS.get(status, Reason.HTTP_ERROR),
        detail,
        again=transient and (wait_s is None or wait_s <= patience_s),
        status=status,
        wait_s=wait_s,
    )


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


def check_type(content_type: str | None) -> None:
    """Let text and XML pass.

    Raises:
        FetchError: BAD_TYPE, for pictures, archives and the like.
    """
    essence = (content_type or "").replace(",", ";").split(";")[0].strip().lower()
    if essence not in _TYPES:
        raise FetchError(Reason.BAD_TYPE, f"content type {essence[:80]}")
