"""Which URLs are asked for: http and https, with a host, without a password. Pure."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

import httpx

from ingest.fetch.failure import FetchError
from ingest.outcome import Reason

# RFC 9110 (4.1) wants 8,000 supported; what is longer is a mistake or an attack on whoever matches patterns against it.
_MAX_URL_CHARS = 8_192


def parse_url(text: str, *, fault: Reason = Reason.BAD_URL) -> httpx.URL:
    """Read a URL that may be asked for; the fragment is dropped.

    Raises:
        FetchError: With `fault` as its reason, and what is wrong with the URL.
    """
    text = text.strip()
    if len(text) > _MAX_URL_CHARS:
        raise FetchError(fault, f"URL of more than {_MAX_URL_CHARS} characters")
    try:
        url = httpx.URL(_transitional(text))
    except (httpx.InvalidURL, ValueError) as error:
        raise FetchError(fault, str(error)) from error
    _check(url, fault)
    return url.copy_with(fragment=None)


def _transitional(text: str) -> str:
    """A URL whose host httpx takes: IDNA 2008 forbids names that are registered, such as those with a heart in them.

    They are written as IDNA 2003 has them, and as browsers ask for them (UTS 46, transitional).

    Raises:
        ValueError: neither knows such a name.
    """
    try:
        httpx.URL(text)
    except httpx.InvalidURL:
        parts = urlsplit(text)
        if not parts.hostname or parts.hostname.isascii():
            raise
        return urlunsplit(parts._replace(netloc=parts.netloc.lower().replace(parts.hostname, _ascii(parts.hostname))))
    return text


def _ascii(host: str) -> str:
    return host.encode("idna").decode("ascii")


def redirect_target(url: httpx.URL, location: str) -> httpx.URL:
    """Where a Location header leads, seen from the URL that sent it.

    Raises:
        FetchError: With REDIRECTS as its reason.
    """
    try:
        joined = str(url.join(location.strip()))
    except (httpx.InvalidURL, ValueError) as error:
        raise FetchError(Reason.REDIRECTS, f"redirect to an unreadable URL: {error}") from error
    return parse_url(joined, fault=Reason.REDIRECTS)


def _check(url: httpx.URL, fault: Reason) -> None:
    if url.scheme not in ("http", "https"):
        raise FetchError(fault, f"not an http or https URL: {str(url)[:80]}")
    if not url.raw_host or b"%" in url.raw_host:  # httpx escapes what no host name may hold, and keeps IPv6 zones
        raise FetchError(fault, "URL without a proper host")
    if url.userinfo:
        raise FetchError(fault, "URL with a user name or password")
    if url.port is not None and not 0 < url.port < 65_536:
        raise FetchError(fault, f"no port {url.port}")


def host_of(url: httpx.URL) -> str:
    """The host that politeness is owed to; another port than the usual is another server."""
    host = url.raw_host.decode("ascii").rstrip(".")
    return host if url.port is None else f"{host}:{url.port}"


def origin_of(url: httpx.URL) -> httpx.URL:
    """Scheme, host and port: what one robots.txt speaks for (RFC 9309, 2.3)."""
    return url.copy_with(raw_path=b"/", fragment=None)
