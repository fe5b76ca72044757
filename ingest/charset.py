"""Bytes of a page to text, by the witness that lies least.

Order: byte order mark, valid UTF-8, the page's own declaration, the HTTP header, a detector. Headers are often a
server's default and wrong; text that decodes as UTF-8 and holds multi-byte characters practically never is anything
else (the order of the WHATWG sniffing algorithm, with valid UTF-8 moved up).
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

import charset_normalizer

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# HTML says the declaration must stand in the first 1024 bytes; real pages put scripts before it.
_DECLARATION_WINDOW = 8192
_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE
)
_IN_HEADER = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
# WHATWG: these labels mean windows-1252 on the web.
_ALIASES = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """A text, the charset it was read in, and which witness named it: bom, utf8, meta, header or detector."""

    text: str
    charset: str
    witness: str


def decode(body: bytes, content_type: str | None = None) -> Decoded:
    """Read a page's bytes as text. Never fails: what no charset explains becomes U+FFFD."""
    for mark, charset in _MARKS:
        if body.startswith(mark):
            return Decoded(text=body.decode(charset, "replace"), charset=charset, witness="bom")
    try:
        return Decoded(text=body.decode("utf-8"), charset="utf-8", witness="utf8")
    except UnicodeDecodeError as error:
        # One broken byte in a long UTF-8 page (a cut teaser, an advertisement) must not turn all of it into mojibake.
        mostly_utf8 = error.start > 0 and _multibyte_share(body) > 0.9
    if mostly_utf8:
        return Decoded(text=body.decode("utf-8", "replace"), charset="utf-8", witness="utf8")
    for witness, label in (("meta", _declared(body)), ("header", _in_header(content_type))):
        text = _try(body, label)
        if text is not None and label is not None:
            return Decoded(text=text, charset=_ALIASES.get(label, label), witness=witness)
    best = charset_normalizer.from_bytes(body[:200_000]).best()
    charset = best.encoding if best is not None else "cp1252"
    return Decoded(text=body.decode(charset, "replace"), charset=charset, witness="detector")


def _multibyte_share(body: bytes) -> float:
    """Share of the non-ASCII characters of a text that are well-formed UTF-8."""
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    good = sum(character > "\x7f" for character in text) - broken
    return good / (good + broken) if good + broken else 0.0


def _declared(body: bytes) -> str | None:
    found = _DECLARED.search(body[:_DECLARATION_WINDOW])
    return found.group(1).decode("ascii").lower() if found else None


def _in_header(content_type: str | None) -> str | None:
    found = _IN_HEADER.search(content_type or "")
    return found.group(1).lower() if found else None


def _try(body: bytes, label: str | None) -> str | None:
    """The text, if the label names a charset in which (nearly) all bytes have a meaning."""
    if label is None or label.replace("_", "-") in ("utf-8", "utf8"):
        return None
    try:
        text = body.decode(_ALIASES.get(label, label), "replace")
    except LookupError:
        return None
    # cp1252 leaves five bytes undefined; a handful of stray ones is no reason to doubt the declaration.
    return text if text.count("\ufffd") <= len(text) // 1000 else None
