"""What a response is, and which reader takes it."""

from __future__ import annotations

import re

from ingest.charset import Decoded, decode
from ingest.extract.html import read_html
from ingest.extract.plain import read_plain
from ingest.model import Article, Page, Via
from ingest.outcome import Reason, Rejection, Stage

_MARKUP = re.compile(r"<!doctype html|<html|<head|<body|<article|<div|<p[ >]|<meta|<title", re.IGNORECASE)
_TEXT_TYPES = ("text/", "application/xhtml", "application/xml")
# The first bytes of what is often served or saved under a wrong name (PDF, PNG, JPEG, GIF, ZIP, gzip, MP4's box, ELF).
_BINARY = re.compile(rb"%PDF-|\x89PNG|\xff\xd8\xff|GIF8|PK\x03\x04|\x1f\x8b|....ftyp|\x7fELF", re.DOTALL)


def extract(page: Page) -> Article | Rejection:
    """Read a page's article: HTML or plain text, told apart by content type and first bytes.

    Returns:
        The article, or a rejection: EMPTY, BAD_TYPE, NO_TEXT or UNREADABLE.
    """
    if not page.body.strip():
        return rejected(page, Reason.EMPTY, "the response has no body")
    content_type = page.header("content-type")
    kind = (content_type or "").split(";")[0].strip().lower()
    # NUL bytes are normal in UTF-16, which always starts with a mark.
    nul = b"\0" in page.body[:1024] and not page.body.startswith((b"\xff\xfe", b"\xfe\xff"))
    if (kind and not kind.startswith(_TEXT_TYPES)) or _BINARY.match(page.body) or nul:
        return rejected(page, Reason.BAD_TYPE, kind or "binary content")
    decoded = decode(page.body, content_type)
    article = read_plain(page, decoded) if _is_plain(page, kind, decoded) else read_html(page, decoded)
    return article if article is not None else rejected(page, Reason.NO_TEXT, "no article text was found")


def rejected(page: Page, reason: Reason, detail: str) -> Rejection:
    """A rejection of this page at the extract stage."""
    return Rejection(url=page.seed.url, source=page.seed.source, stage=Stage.EXTRACT, reason=reason, detail=detail)


def _is_plain(page: Page, kind: str, decoded: Decoded) -> bool:
    if page.seed.via is Via.FILE:
        # A saved page may have any name; a text may mention a tag, but does not start with one.
        named_html = page.final_url.lower().endswith((".html", ".htm", ".xhtml"))
        return not named_html and not decoded.text.lstrip("\ufeff \r\n\t").startswith("<")
    return kind == "text/plain" or (not kind and not _MARKUP.search(decoded.text[:4096]))
