"""The way in: the bytes of a page decide which reader they get, whatever content type they came with."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain, islice

from ingest.charset import decode
from ingest.discover.feeds import MAX_CHARS, read_feed
from ingest.discover.jsonfeed import read_json_feed
from ingest.discover.listing import BadListingError, Listing
from ingest.discover.pages import feeds_of, parse_page, read_page
from ingest.discover.recognise import Form, Recognised, recognise
from ingest.discover.sitemaps import read_addresses, read_sitemap
from ingest.discover.unpack import MAX_DECODED, PIECE, unpacked
from ingest.model import Page, Via
from ingest.outcome import Reason, Rejection, Stage

# A feed is read up to MAX_CHARS characters, of four bytes at most; a JSON Feed and a page as whole.
_MAX_PIECES = 4 * MAX_CHARS // PIECE
_UTF16 = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))


def read_listing(page: Page, *, since: datetime | None = None, max_decoded: int = MAX_DECODED) -> Listing | Rejection:
    """Read what a page announces: a feed, a sitemap, or the links of a section page.

    Args:
        page: The page. An HTML page is a listing only if it was not asked for as a feed or sitemap (`seed.via`).
        since: Leave out what a sitemap says is older: a sitemap holds a whole site. Feeds are short, and kept whole.
        max_decoded: Most bytes of an unpacked .gz file.

    Returns:
        The listing, or BAD_FEED with what the page is instead and what to do.
    """
    try:
        return _read(page, since, max_decoded)
    except BadListingError as error:
        return Rejection(
            url=page.seed.url,
            source=page.seed.source,
            stage=Stage.DISCOVER,
            reason=Reason.BAD_FEED,
            detail=str(error).encode("utf-8", "replace").decode(),
        )


def _read(page: Page, since: datetime | None, max_decoded: int) -> Listing:
    pieces = unpacked(page.body, max_decoded)
    head = next(pieces, b"")
    charset = _charset_of(head, page.header("content-type"))
    texts = _texts(chain([head], pieces), charset)
    first = next(texts, "")
    found = recognise(first)
    if found.form in (Form.URLSET, Form.SITEMAPINDEX):
        return read_sitemap(chain([first[found.start :]], texts), page, found.form, since)
    if found.form is Form.ADDRESSES:
        return read_addresses(chain([first[found.start :]], texts), page, since)
    return _read_whole(first + "".join(islice(texts, _MAX_PIECES)), found, page)


def _read_whole(text: str, found: Recognised, page: Page) -> Listing:
    if found.form is Form.JSON:
        return read_json_feed(text[found.start :], page)
    if found.form is not Form.HTML:
        return read_feed(text[found.start :], page, found.form, found.root)
    if page.seed.via in (Via.FEED, Via.SITEMAP):
        raise BadListingError(_instead(text, page))
    return read_page(text, page)


def _instead(text: str, page: Page) -> str:
    moved = f" (it was sent on to {page.final_url})" if page.redirects else ""
    feeds = feeds_of(parse_page(text), page.final_url)
    if feeds:
        return f"an HTML page, no feed{moved}; it names the feed {feeds[0].url}"
    return f"an HTML page, no feed{moved}, and it names none: look for a new address, or name it under pages"


def _charset_of(head: bytes, content_type: str | None) -> str:
    """The charset of a text by its beginning, which is taken up to a ">" so that no character is cut through."""
    for start, charset in _UTF16:
        if head.startswith(start):
            return charset
    charset = decode(head[: head.rfind(b">") + 1] or head, content_type).charset
    # Python's incremental decoders of these refuse a text without a byte order mark.
    unmarked = charset in ("utf-16", "utf-32") and not head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return f"{charset}-le" if unmarked else charset


def _texts(pieces: Iterable[bytes], charset: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(charset)("replace")
    for piece in pieces:
        yield decoder.decode(piece)
    yield decoder.decode(b"", final=True)
