"""URLs as identities: one spelling for each address (RFC 3986 section 6), without what only tracks readers."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from ingest.model import UrlKey

# Parameters that say who shared a link, not what it points to. From the lists of courlan and of the ClearURLs project,
# reduced to those met on news sites.
_TRACKER = re.compile(
    r"""^(?: utm_\w+ | at_(?:medium|campaign|custom\d|link\w*|ptr_name|format|bbc_team) | mtm_\w+ | pk_\w+ | ns_\w+
        | fbclid | gclid | dclid | msclkid | yclid | twclid | igshid | mc_[ce]id | _ga | _gl | wt_?mc\w* | xtor
        | cmp(?:id)? | cid | icid | ocid | sref | smid | smtyp | s_cid | ref_src | ref_url | guccounter | guce_\w+
        | jsessionid | phpsessid | sid | sessionid )$""",
    re.IGNORECASE | re.VERBOSE,
)
_DEFAULT_PORTS = {"http": 80, "https": 443}
_SESSION_IN_PATH = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/?#;]*", re.IGNORECASE)
_UNRESERVED_PATH = "/:@!$&'()*+,;=-._~"


def canonicalize(url: str) -> str:
    """One spelling for all that lead to the same page.

    Scheme and host in lower case (the host in IDNA's ASCII form), no default port, no user, no fragment, dot segments
    resolved, percent-escapes only where needed, no tracking or session parameters. Idempotent. The order of the
    remaining parameters is kept: some sites read it.

    Raises:
        ValueError: the text is not an absolute http or https URL.
    """
    parts = urlsplit(url.strip())
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORTS or not parts.hostname:
        raise ValueError(f"not an http(s) URL: {url.strip()[:200]}")
    netloc = _canonical_host(parts)
    if parts.port not in (None, _DEFAULT_PORTS[scheme]):
        netloc += f":{parts.port}"
    query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKER.match(pair[0])]
    return urlunsplit((scheme, netloc, _canonical_path(parts.path), urlencode(query), ""))


def url_key(canonical_url: str) -> UrlKey:
    """The identity of a page: hex SHA-256 of its canonical URL."""
    return UrlKey(hashlib.sha256(canonical_url.encode()).hexdigest())


def content_key(body: bytes) -> UrlKey:
    """The identity of a local file: hex SHA-256 of its content."""
    return UrlKey(hashlib.sha256(body).hexdigest())


def host_of(url: str) -> str:
    """The host of a URL without "www.", or "" where there is none: what people call the site."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")


def site_of(url: str) -> str:
    """The host and port of a URL without "www.", or "" where there is none: what shares templates and manners."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    return (parts.hostname or "").removeprefix("www.") + port


def same_site(one: str, other: str) -> bool:
    """Whether two URLs share a host and port, "www." aside."""
    return site_of(one) == site_of(other) != ""


def _canonical_host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".").lower()
    if ":" in host:
        return f"[{host}]"
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError as error:
            raise ValueError(f"not a host name: {host[:200]}") from error
    if not host or any(character in host for character in ' "<>\\^`{|}%'):
        raise ValueError(f"not a host name: {host[:200]}")
    return host


def _canonical_path(path: str) -> str:
    path = _SESSION_IN_PATH.sub("", path)
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(_canonical_segment(segment))
    if segments and segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)


def _canonical_segment(segment: str) -> str:
    # An escaped slash or percent sign is data, not syntax: unquoting it would change the path.
    pieces = re.split(r"(%2[Ff]|%25)", segment)
    return "".join(
        piece.upper()
        if index % 2
        else quote(unquote(piece, errors="surrogateescape"), safe=_UNRESERVED_PATH, errors="surrogateescape")
        for index, piece in enumerate(pieces)
    )
