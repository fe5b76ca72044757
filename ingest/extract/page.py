"""What a response is, and which reader takes it."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib.metadata import version

from ingest.charset import Decoded, decode
from ingest.extract.html import read_html
from ingest.extract.pdf import CAN_READ, as_html
from ingest.extract.plain import read_plain
from ingest.extract.preferred import read_preferred
from ingest.extract.standins import StandIn
from ingest.lang.words import STOPS, count_words
from ingest.model import Article, Page, Via
from ingest.outcome import Reason, Rejection, Stage

_MARKUP = re.compile(r"<!doctype html|<html|<head|<body|<article|<div|<p[ >]|<meta|<title", re.IGNORECASE)
_PDF = b"%PDF-"
PDF_READER = f"pdfminer.six {version('pdfminer.six')}" if CAN_READ else ""
_TEXT_TYPES = ("text/", "application/xhtml", "application/xml")
# The first bytes of what is often served or saved under a wrong name (PDF, PNG, JPEG, GIF, ZIP, gzip, MP4's box, ELF).
_BINARY = re.compile(rb"%PDF-|\x89PNG|\xff\xd8\xff|GIF8|PK\x03\x04|\x1f\x8b|....ftyp|\x7fELF", re.DOTALL)
# What a page behind a paywall shows is a paragraph or two. Of 268 pages, all saved with their text, 44 say that they
# are not free; the shortest of these has 164 words.
PREVIEW_WORDS = 120
# The shortest briefs of papers that say so of every page, whole: from 62 words.
BRIEF_WORDS = 60
_COMPLETE = re.compile(rf"""(?<!\.\.)(?!…)[{STOPS}]["'”’»“)\]]*\s*$""")


def extract(page: Page) -> Article | Rejection:
    """Read a page's article: HTML, plain text or PDF, told apart by content type and first bytes.

    Returns:
        The article, or a rejection: EMPTY, BAD_TYPE, NO_TEXT, PAYWALL (the page says that it is not free and shows
        only the start; where it shows more, the article is kept with the flag not_free), or what a page is that stands
        in for an article: CONSENT_WALL, LOGIN, BLOCKED, NOT_FOUND.
    """
    if not page.body.strip():
        return rejected(page, Reason.EMPTY, "the response has no body")
    return _of_pdf(page) if page.body.startswith(_PDF) else _of_text(page)


def _of_text(page: Page) -> Article | Rejection:
    content_type = page.header("content-type")
    kind = (content_type or "").split(";")[0].strip().lower()
    if (kind and not kind.startswith(_TEXT_TYPES)) or _BINARY.match(page.body) or _has_nul(page.body[:1024]):
        return rejected(page, Reason.BAD_TYPE, kind or "binary content")
    decoded = decode(page.body, content_type)
    article = read_plain(page, decoded) if _is_plain(page, kind, decoded) else read_preferred(page, decoded)
    if article is None:
        return rejected(page, Reason.NO_TEXT, "no article text was found")
    if isinstance(article, StandIn):
        return rejected(page, article.reason, article.detail)
    words = count_words(article.text)
    if article.is_free is False and words < (BRIEF_WORDS if _is_complete(article) else PREVIEW_WORDS):
        return rejected(page, Reason.PAYWALL, f"the page says that it is not free, and shows {words} words")
    return article


def _of_pdf(page: Page) -> Article | Rejection:
    """The article in a PDF: of its text as HTML."""
    text = as_html(page.body)
    if isinstance(text, StandIn):
        return rejected(page, text.reason, text.detail)
    article = read_html(page, Decoded(text=text, charset="utf-8", witness="pdf"))
    if article is None or isinstance(article, StandIn):
        return rejected(page, Reason.NO_TEXT, "a PDF in which no article was found")
    made = replace(article.provenance, charset=None, extractor=f"{PDF_READER}, {article.provenance.extractor}")
    return replace(article, provenance=made)


def _is_complete(article: Article) -> bool:
    """Whether a short text may be a brief of a paper whose pages all say that they are not free.

    It ends with the end of a sentence, no dots, and no offer to read on stood in it.
    """
    return not article.findings.is_offered and _COMPLETE.search(article.text[-12:]) is not None


def rejected(page: Page, reason: Reason, detail: str) -> Rejection:
    """A rejection of this page at the extract stage."""
    return Rejection(url=page.seed.url, source=page.seed.source, stage=Stage.EXTRACT, reason=reason, detail=detail)


def _has_nul(start: bytes) -> bool:
    """Whether NUL says that this is no text. UTF-16 is full of it behind its mark, and browsers read pages with it."""
    if b"\0" not in start or start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    return _MARKUP.search(start.decode("latin-1")) is None


def _is_plain(page: Page, kind: str, decoded: Decoded) -> bool:
    if page.seed.via is Via.FILE:
        # A saved page may have any name; a text may mention a tag, but does not start with one.
        named_html = page.final_url.lower().endswith((".html", ".htm", ".xhtml"))
        return not named_html and not decoded.text.lstrip("\ufeff \r\n\t").startswith("<")
    return kind == "text/plain" or (not kind and not _MARKUP.search(decoded.text[:4096]))
