"""RSS 0.9 to 2.0, RSS 1.0 and Atom, by feedparser (only here).

feedparser reads what is not well-formed, too. What it is given is the text from the root element on, in UTF-8 and
within bounds: no document type, so no entities, and no charset to be guessed from a wrong header.
"""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable, Set
from itertools import islice
from typing import Any

import feedparser

from ingest.discover.dates import Moment, read_moment
from ingest.discover.listing import NOT_XML, BadListingError, Entry, Kind, Listing, entry_of, newest_first, squeeze
from ingest.discover.recognise import Form
from ingest.model import Page

MAX_ENTRIES = 1_000
"""Most entries of a feed that are read: its first ones."""

MAX_CHARS = 4_000_000
"""Most characters of a feed that are read. feedparser takes half a second for a million that are not well-formed."""

# An entry has 10 to 60. feedparser reads 25,000 to 70,000 tags a second where there is nothing else (6.0.14).
_MAX_TAGS = 100_000
_KINDS = {Form.RSS: Kind.RSS, Form.FEED: Kind.ATOM, Form.RDF: Kind.RDF}
_ENTRY = re.compile(r"<(?:[\w.-]{1,40}:)?(?:item|entry)(?=[\s/>])", re.IGNORECASE)
_AMPERSAND = re.compile(r"&(?:(#\d{1,8}|#[xX][0-9A-Fa-f]{1,7}|[A-Za-z]\w{1,30});)?")
_XML_NAMES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_BASE = re.compile(r"""\sxml:base\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)')""")
# A base that is relative to the one around it makes the next longer: 20,000 of them kept feedparser busy for 45 s.
_MAX_BASES, _MAX_BASE_CHARS = 100, 500
_TAG = re.compile(r"<!\[CDATA\[|<!--|<(/?)[A-Za-z_][^<>]*>")
_MAX_DEPTH = 500
# No two parts that white space could be shared between: half a megabyte of it would keep them busy for hours.
_GUID = re.compile(r"<guid(?:\s[^<>]*)?>\s*(?:<!\[CDATA\[\s*)?(https?://[^\s<>\]]+)", re.IGNORECASE)
_MARKUP = re.compile(r"<[^<>]+>")


def read_feed(text: str, page: Page, form: Form, root: str) -> Listing:
    """Read a feed.

    Args:
        text: It, from the root element on.
        page: Where it was found; its final URL is what relative links are relative to.
        form: RSS, FEED (Atom) or RDF.
        root: The name of the root element, with its prefix.

    Raises:
        BadListingError: it breaks the parser, or is built to.
    """
    if _too_deep(text[:MAX_CHARS]):
        raise BadListingError(f"XML with more than {_MAX_DEPTH} elements inside one another: no feed needs that")
    bounded, notes = _bounded(text, form, root)
    sound = _BASE.sub(_base_keeper(), _with_plain_references(NOT_XML.sub("", bounded)))
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": page.final_url}
    try:
        # As a stream: feedparser takes bytes for the name of a file, if there is one of that name.
        parsed = feedparser.parse(
            io.BytesIO(sound.encode()), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except Exception as error:  # feedparser raises anything on hostile bytes: one feed must not end a run
        raise BadListingError(f"feedparser gives up: {type(error).__name__}: {error}"[:300]) from error
    kind = _KINDS[form]
    # feedparser takes a guid for a link where there is no other, and makes an address of "17", too.
    guids = {html.unescape(guid) for guid in _GUID.findall(sound)}
    entries = [entry for one in parsed.entries[:MAX_ENTRIES] if (entry := _entry(one, page, kind, guids)) is not None]
    return Listing(
        kind=kind,
        entries=newest_first(entries),
        found=len(parsed.entries),
        title=_plain(parsed.feed, "title"),
        language=parsed.feed.get("language") or None,
        notes=notes,
    )


def _entry(entry: Any, page: Page, kind: Kind, guids: Set[str]) -> Entry | None:  # noqa: ANN401 - feedparser's dictionary
    link = _link(entry, guids)
    return entry_of(page, kind, link, title=_plain(entry, "title"), moment=_moment(entry, page)) if link else None


def _link(entry: Any, guids: Set[str]) -> str | None:  # noqa: ANN401 - feedparser's dictionary
    """The address of the article: the one behind FeedBurner's, else the link, else an id that is an address."""
    identity = str(entry.get("id") or "").strip()
    original = str(entry.get("feedburner_origlink") or "").strip()
    link = str(entry.get("link") or "").strip()
    if original.startswith(("http://", "https://")):
        return original
    if entry.get("guidislink") and link in ("", identity):  # Atom's id may stand before a link of its own
        return identity if identity in guids else None
    return link or (identity if identity.startswith(("http://", "https://")) else None)


def _plain(values: Any, key: str) -> str | None:  # noqa: ANN401 - feedparser's dictionary
    text = str(values.get(key) or "")
    detail = values.get(f"{key}_detail")
    if text and detail is not None and detail.get("type") != "text/plain":
        text = html.unescape(_MARKUP.sub("", text))
    return squeeze(text) or None


def _moment(entry: Any, page: Page) -> Moment | None:  # noqa: ANN401 - feedparser's dictionary
    # Atom without `published` has `updated`, which is then the better witness than nothing. It is asked for only
    # where it is: feedparser warns otherwise. feedparser's own dates are not used: it guesses.
    for key in ("published", "updated", "created"):
        if key in entry and (moment := read_moment(str(entry[key]), page.fetched_at)) is not None:
            return moment
    return None


def _bounded(text: str, form: Form, root: str) -> tuple[str, tuple[str, ...]]:
    """The text up to the last entry that is within bounds, ended as it should end."""
    end = _end_of_bounds(text)
    starts = [match.start() for match in islice(_ENTRY.finditer(text, 0, end), MAX_ENTRIES + 1)]
    if len(starts) <= MAX_ENTRIES and end == len(text):
        return text, ()
    # The last one that begins is cut through, or is one too many.
    cut = starts[-1] if len(starts) > 1 else end
    closing = f"</channel></{root}>" if form is Form.RSS else f"</{root}>"
    note = f"a feed of {len(text):,} characters: only its first {max(len(starts) - 1, 0):,} entries were read"
    return text[:cut] + closing, (note,)


def _end_of_bounds(text: str) -> int:
    """Where there are enough characters or tags; CDATA counts as one."""
    at = 0
    for _ in range(_MAX_TAGS):
        at = text.find("<", at, MAX_CHARS)
        if at >= 0 and text.startswith("<![CDATA[", at):
            at = text.find("]]>", at, MAX_CHARS)
        if at < 0:
            return min(len(text), MAX_CHARS)
        at += 1
    return at - 1


def _too_deep(text: str) -> bool:
    depth, at = 0, 0
    while match := _TAG.search(text, at):
        at = match.end()
        if match.group().startswith("<!"):
            closing = "]]>" if match.group() == "<![CDATA[" else "-->"
            at = text.find(closing, at)
            if at < 0:
                return False
        elif match[1]:
            depth -= 1
        elif not match.group().endswith("/>"):
            depth += 1
            if depth > _MAX_DEPTH:
                return True
    return False


def _with_plain_references(text: str) -> str:
    """The text with every ampersand outside CDATA made one that XML knows, so that feedparser need not guess."""
    parts: list[str] = []
    at = 0
    while (start := text.find("<![CDATA[", at)) >= 0:
        end = text.find("]]>", start)
        end = len(text) if end < 0 else end
        parts += [_AMPERSAND.sub(_plain_reference, text[at:start]), text[start : end + 3]]
        at = end + 3
    return "".join([*parts, _AMPERSAND.sub(_plain_reference, text[at:])])


def _plain_reference(match: re.Match[str]) -> str:
    """HTML's names and numbers as characters, which is what they mean; XML's own are left, nonsense goes."""
    if match[1] is None:
        return "&amp;"
    if match[1] in _XML_NAMES:
        return match.group()
    character = html.unescape(match.group())
    if character in (match.group(), "\ufffd"):  # what only a document type could explain, or what is no character
        return ""
    return html.escape(NOT_XML.sub("", character))


def _base_keeper() -> Callable[[re.Match[str]], str]:
    """What `re.sub` puts in the place of each xml:base: it goes where it is long, or one of too many relative ones."""
    relative = 0

    def keep(match: re.Match[str]) -> str:
        nonlocal relative
        base = match[1] or match[2] or ""
        if len(base) > _MAX_BASE_CHARS:
            return ""
        if base.startswith(("http://", "https://")):
            return match.group()
        relative += 1
        return match.group() if relative <= _MAX_BASES else ""

    return keep
