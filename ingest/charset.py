"""Bytes of a page to text, by the witness that lies least.

Order: byte order mark, valid UTF-8, the page's own declaration, the HTTP header, a detector. Headers are often a
server's default and wrong; text that decodes as UTF-8 and holds multi-byte characters practically never is anything
else (the order of the WHATWG sniffing algorithm, with valid UTF-8 moved up).
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass
from itertools import islice

from ingest.value import note_repair

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),  # before that of UTF-16, which starts with the same bytes
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# HTML says the declaration must stand in the first 1024 bytes; real pages put scripts before it.
_DECLARATION_WINDOW = 8192
_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*(?:["']\s*)?([\w.:-]{2,40})""", re.IGNORECASE
)
_IN_HEADER = re.compile(r"""charset\s*=\s*(?:["']\s*)?([\w.:-]{2,40})""", re.IGNORECASE)
# WHATWG: what these charsets (by Python's names, which stand for all their labels) mean on the web.
_MEANT = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
}
# Python codecs that are no charset of a page. utf-8 was tried before.
_NOT_ON_THE_WEB = frozenset({"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7", "utf-8"})
# What the detector chooses from: the charsets of the web that differ enough to be told apart. Left to itself it takes
# short Swedish texts for EBCDIC or Arabic (108 texts in 24 languages: 84 right; with these 97). windows-1257 is not
# among them: French looks like Lithuanian in it.
_CANDIDATES = [
    *("cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "koi8_r", "koi8_u"),
    *("iso8859_2", "iso8859_5", "iso8859_6", "iso8859_7", "cp932", "euc_jp", "gb18030", "big5", "cp949"),
]


# UTF-8 that a content system read as windows-1252 and wrote as UTF-8 again: lead bytes of two or three letters.
_HIGH = "[\x80-\xbf‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ\xa0]"
_MOJIBAKE = re.compile(f"[\xc2-\xc5\xce-\xd1\xd7-\xdb]{_HIGH}|[\xe0-\xef]{_HIGH}{_HIGH}")
_MUCH_MOJIBAKE = 3
_BLANKED = bytes(32 if code < 128 else code for code in range(256))
_BETWEEN_TAGS = re.compile(r"[^<>]+")
# What is escaped twice shows its escapes to readers. "&lt;" and "&gt;" may be meant, on pages about markup.
_ESCAPED_TWICE = re.compile(
    r"&amp;(?=(?:amp;)*(?:#\d{2,6}|#x[0-9a-f]{2,5}|quot|apos|nbsp|[nm]dash|hellip|[lr][sd]quo|[lr]aquo"
    r"|[a-z]{1,2}(?:uml|acute|grave|circ|tilde|cedil|ring|slash|lig));)(?:amp;)*",
    re.IGNORECASE,
)
_ON_MARKUP = re.compile(r"<(?:code|pre)\b", re.IGNORECASE)
_ADDRESS = re.compile(r"""(\\?/\\?/[^\s<>"']+|(?<![^\s<>"'=])\.{0,2}/[^\s<>"']+)""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """A text, the charset it was read in (Python's name) and who named it: bom, utf8, meta, header or detector.

    Its letters are composed (NFC): a word is the same word whether its accents are part of its letters or follow them,
    and no list of words, no comparison and no search has to see to it. What looks like an address stays as it is, since
    servers compare addresses byte by byte.
    """

    text: str
    charset: str
    witness: str

    def __post_init__(self) -> None:
        """Compose the letters; of 977 news pages 13 have some to compose."""
        if not unicodedata.is_normalized("NFC", self.text):
            object.__setattr__(self, "text", _composed(self.text))


def decode(body: bytes, content_type: str | None = None) -> Decoded:
    """Read a page's bytes as text. Never fails: what no charset explains becomes U+FFFD."""
    for mark, charset in _MARKS:
        if body.startswith(mark):
            return Decoded(text=body.decode(charset, "replace"), charset=charset, witness="bom")
    try:
        return Decoded(text=body.decode("utf-8"), charset="utf-8", witness="utf8")
    except UnicodeDecodeError:
        # One broken byte in a long UTF-8 page (a cut teaser, an advertisement) must not turn all of it into mojibake.
        if _multibyte_share(body) > 0.9:
            return Decoded(text=body.decode("utf-8", "replace"), charset="utf-8", witness="utf8")
    for witness, label in (("meta", _declared(body)), ("header", _in_header(content_type))):
        declared = _charset_of(label, witness)
        text = _try(body, declared) if declared else None
        if declared and text is not None:
            return Decoded(text=text, charset=declared, witness=witness)
    charset = codecs.lookup(_detect(body[:200_000])).name
    return Decoded(text=body.decode(charset, "replace"), charset=charset, witness="detector")


def mend(markup: str) -> str:
    """Return a page's markup without what its content system did wrong to characters; most are returned as they are.

    Escapes that are escaped again become escapes, but on pages that show markup. UTF-8 that was taken for windows-1252
    becomes what it was, run by run between tags, where ftfy is sure of it.
    """
    if "&amp;" in markup and _ON_MARKUP.search(markup) is None:
        markup = _ESCAPED_TWICE.sub("&", markup)
    if (
        markup.isascii()
        or sum(1 for _ in islice(_MOJIBAKE.finditer(_foreign(markup)), _MUCH_MOJIBAKE)) < _MUCH_MOJIBAKE
    ):
        return markup
    mended = _BETWEEN_TAGS.sub(lambda run: _mended(run[0]), markup)
    if mended != markup:
        note_repair("page")
    return mended


def _composed(text: str) -> str:
    """A text, the addresses in it left out: every second part is one."""
    parts = _ADDRESS.split(text)
    parts[::2] = [unicodedata.normalize("NFC", part) for part in parts[::2]]
    return "".join(parts)


def _foreign(markup: str) -> str:
    """What is not ASCII of a text, runs parted by spaces: a small part of most pages, found by bytes."""
    encoded = markup.encode("utf-8", "surrogatepass").translate(_BLANKED)
    return b" ".join(encoded.split()).decode("utf-8", "surrogatepass")


def _mended(run: str) -> str:
    if not _MOJIBAKE.search(run):
        return run
    import ftfy  # late, as few pages need it

    return ftfy.fix_encoding(run)


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


def _charset_of(label: str | None, witness: str) -> str | None:
    """The charset that a label means on the web, by Python's name, if it can be one of this page."""
    try:
        name = codecs.lookup(label or "").name
    except LookupError:
        return None
    # A declaration that can be read as ASCII does not stand in UTF-16.
    if name in _NOT_ON_THE_WEB or (witness == "meta" and name.startswith(("utf-16", "utf-32"))):
        return None
    return _MEANT.get(name, name)


def _detect(body: bytes) -> str:
    """The likeliest charset by the look of the text; windows-1252 where the detector sees no difference."""
    import charset_normalizer  # late: most pages say what they are in

    found = charset_normalizer.from_bytes(body, cp_isolation=_CANDIDATES)
    best = found.best()
    if best is None:
        return "cp1252"
    equal = (one for one in found if (one.chaos, one.coherence) == (best.chaos, best.coherence))
    return "cp1252" if any("cp1252" in one.could_be_from_charset for one in equal) else best.encoding


def _try(body: bytes, charset: str) -> str | None:
    """The text, if (nearly) all bytes have a meaning in a charset."""
    try:
        text = body.decode(charset, "replace")
    except LookupError:  # a codec that makes no text, like "hex"
        return None
    # cp1252 leaves five bytes undefined; a handful of stray ones is no reason to doubt the declaration.
    return text if text.count("\ufffd") <= len(text) // 1000 else None
