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
# With a plain number these name an article or a category (PHP-Nuke and its heirs), not a session or a campaign.
_NUMBERED = frozenset({"sid", "cid", "ocid"})
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
    netloc = _canonical_netloc(parts)
    return urlunsplit((parts.scheme, netloc, _canonical_path(parts.path), _canonical_query(parts.query), ""))


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
        return _canonical_netloc(urlsplit(url.strip())).removeprefix("www.")
    except ValueError:
        return ""


def same_site(one: str, other: str) -> bool:
    """Whether two URLs share a host and port, "www." aside."""
    return site_of(one) == site_of(other) != ""


def _canonical_netloc(parts: SplitResult) -> str:
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        raise ValueError(f"not an http(s) URL: {urlunsplit(parts)[:200]}")
    host = _canonical_host(parts.hostname)
    return host if parts.port in (None, _DEFAULT_PORTS[parts.scheme]) else f"{host}:{parts.port}"


def _canonical_host(host: str) -> str:
    host = host.rstrip(".")
    if ":" in host:
        return f"[{host}]"
    try:  # of ASCII names too: it refuses empty labels and those of more than 63 characters
        host = host.encode("idna").decode("ascii").rstrip(".")
    except UnicodeError as error:
        raise ValueError(f"not a host name: {host[:200]!a}") from error
    if not host or not host.isprintable() or any(character in host for character in ' "<>[]\\^`{|}%'):
        raise ValueError(f"not a host name: {host[:200]!a}")
    return host


def _canonical_query(query: str) -> str:
    # Bytes that are no UTF-8 (addresses in cp1251) are kept as they are: replaced, they would all look alike.
    pairs = parse_qsl(query, keep_blank_values=True, errors="surrogateescape")
    return urlencode([pair for pair in pairs if not _tracks(*pair)], errors="surrogateescape")


def _tracks(name: str, value: str) -> bool:
    return bool(_TRACKER.match(name)) and not (name.lower() in _NUMBERED and value.isdecimal())


def _canonical_path(path: str) -> str:
    kept: list[str] = []
    segments = [_canonical_segment(segment) for segment in path.split("/")[1:]]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments and segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)


def _canonical_segment(segment: str) -> str:
    # An escaped slash or percent sign is data, not syntax: unquoting it would change the path.
    pieces = re.split(r"(%2[Ff]|%25)", segment)
    plain = "".join(
        piece.upper()
        if index % 2
        else quote(unquote(piece, errors="surrogateescape"), safe=_UNRESERVED_PATH, errors="surrogateescape")
        for index, piece in enumerate(pieces)
    )
    return _SESSION_IN_PATH.sub("", plain)
