"""URLs as identities: one spelling for each address (RFC 3986 section 6), without what only tracks readers."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

from ingest.model import UrlKey

# Parameters that say who shared a link, not what it points to. From the lists of courlan and of the ClearURLs project,
# reduced to those met on news sites.
_TRACKER = re.compile(
    r"""^(?: utm_\w+ | at_(?:medium|campaign|custom\d|link\w*|ptr_name|format|bbc_team) | mtm_\w+ | matomo_\w+ | pk_\w+
        | ns_\w+ | hsa_\w+ | _hs(?:enc|mi) | oly_\w+ | ga_\w+ | vero_\w+ | itm_\w+ | fb_(?:action_\w+|ref|source)
        | fbclid | gclid | gclsrc | dclid | gbraid | wbraid | gad_\w+ | msclkid | yclid | ysclid | twclid | ttclid
        | li_fat_id | igshid | igsh | srsltid | mkt_tok | mc_[ce]id | _ga | _gl | _openstat | wt_?(?:mc\w*|zmc) | xtor
        | cmp(?:id)? | cid | icid | ocid | sref | smid | smtyp | s_cid | ito | maca | dicbo | tblci | spm | wprov | oref
        | ref_src | ref_url | guccounter | guce_\w+ | __twitter_impression | _branch_\w+ | amp_js_v | amp_gsa | usqp
        | share_?(?:id|token|source) | social_?share
        | jsessionid | phpsessid | aspsessionid\w* | oscsid | zenid | cfid | cftoken | sid | session_?id )$""",
    re.IGNORECASE | re.VERBOSE,
)
# With a plain number these name an article or a category (PHP-Nuke and its heirs), not a session or a campaign.
_NUMBERED = frozenset({"sid", "cid", "ocid", "zenid"})
# These are trackers only with such a value: ref=rss says where the link stood, ref=12 may be the article.
_ORIGIN = frozenset({"ref", "from", "src", "source", "via", "feature", "campaign", "medium", "traffic_source", "rss"})
_ORIGIN_VALUE = re.compile(
    r"^(?:rss\d?|rss[\W_].*|feeds?|atom|newsletter\w*|e?mail|twitter|x|tw|fb|facebook\w*|instagram|telegram|whatsapp|vk"
    r"|linkedin|reddit|google\w*|social\w*|share\w*|home(?:page)?|front(?:page)?|hp|index|menu|push|app|sitemap)$",
    re.IGNORECASE,
)
_LONGEST = 4_096  # characters in ASCII: servers refuse longer ones, most of them half as long ones
_DEFAULT_PORTS = {"http": 80, "https": 443}
_SESSION_IN_PATH = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/?#;]*", re.IGNORECASE)
_ASP_SESSION = re.compile(r"^\([SAF]\([a-z0-9]{20,}\)\)$", re.IGNORECASE)  # a path segment of its own in ASP.NET
# The first label of a host where the same pages are laid out for another device.
_VARIANT = re.compile(r"^(?:www\d?|m|mobile|mobil|amp|wap|touch)\.(?=[^.]+\.)")
_AMP_CACHE = ".cdn.ampproject.org"
_UNRESERVED_PATH = "/:@!$&'()*+,;=-._~"


def canonicalize(url: str) -> str:
    """One spelling for all that lead to the same page.

    Scheme and host in lower case (the host in IDNA's ASCII form), no default port, no user, no fragment (but "#!", by
    which some sites name the page), dot segments resolved, percent-escapes only where needed, no tracking or session
    parameters. Idempotent. The order of the remaining parameters is kept: some sites read it.

    Raises:
        ValueError: the text is not an absolute http or https URL, or one of more than 4,096 characters.
    """
    parts = urlsplit(url.strip())
    netloc = _canonical_netloc(parts)
    fragment = _canonical_segment(parts.fragment) if parts.fragment.startswith("!") else ""
    canonical = urlunsplit((parts.scheme, netloc, _canonical_path(parts.path), _canonical_query(parts.query), fragment))
    if len(canonical) > _LONGEST:
        raise ValueError(f"a URL of more than {_LONGEST} characters: {canonical[:200]}")
    return canonical


def url_key(canonical_url: str) -> UrlKey:
    """The identity of a page: hex SHA-256 of its canonical URL."""
    return UrlKey(hashlib.sha256(canonical_url.encode()).hexdigest())


def address_key(url: str) -> UrlKey:
    """The key of an address: its canonical URL's; of a file: URI, or of what is no URL at all, that of its spelling."""
    try:
        return url_key(canonicalize(url))
    except ValueError:
        return url_key(url)


def content_key(body: bytes) -> UrlKey:
    """The identity of a local file: hex SHA-256 of its content."""
    return UrlKey(hashlib.sha256(body).hexdigest())


@lru_cache(maxsize=1 << 12)  # asked of a page's own address with each of its links
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


@lru_cache(maxsize=1 << 12)  # a page's links are asked for by more than one who reads it
def absolute(base: str, href: str) -> str | None:
    """A reference as an absolute http(s) URL, or ``None`` where it is none."""
    try:
        target = urljoin(base, href.strip())
        parts = urlsplit(target)
    except ValueError:
        return None
    return target if parts.scheme in _DEFAULT_PORTS and parts.hostname else None


def is_home_page(url: str) -> bool:
    """Whether a URL is that of a site, not of a page in it, or cannot be read."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return True
    return parts.path in ("", "/") and not parts.query


def same_site(one: str, other: str) -> bool:
    """Whether two URLs share a host and port, "www." aside."""
    return site_of(one) == site_of(other) != ""


def same_pages(one: str, other: str) -> bool:
    """Whether two URLs are of one site, or of its layouts for other devices.

    "m.example.org", "amp.example.org" and the copy of "example.org" in the AMP cache hold the pages of "example.org".
    """
    return same_site(one, other) or _desktop(one) == _desktop(other) != ""


def _desktop(url: str) -> str:
    """The site of a URL without the labels of layouts."""
    site = site_of(url)
    if site.endswith(_AMP_CACHE):
        # "www-ex--ample-org" stands for "www.ex-ample.org" (the rules of the AMP cache).
        site = site.removesuffix(_AMP_CACHE).replace("--", "\0").replace("-", ".").replace("\0", "-")
    while (shorter := _VARIANT.sub("", site)) != site:
        site = shorter
    return site


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
    if name.lower() in _ORIGIN:
        return bool(_ORIGIN_VALUE.match(value))
    return bool(_TRACKER.match(name)) and not (name.lower() in _NUMBERED and value.isdecimal())


def _canonical_path(path: str) -> str:
    kept: list[str] = []
    segments = [_canonical_segment(segment) for segment in path.split("/")[1:]]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != "." and not _ASP_SESSION.match(segment):
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
