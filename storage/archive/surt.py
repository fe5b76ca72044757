"""The key under which web archives look up a URL: Sort-friendly URI Reordering Transform."""

from __future__ import annotations

import re
from contextlib import suppress
from urllib.parse import quote_from_bytes

_URL = re.compile(rb"(?:(https?):/*)?([^/?#]*)([^?#]*)(?:\?([^#]*))?", re.IGNORECASE)
_WWW = re.compile(rb"www\d*\.")
_NOT_VISIBLE = re.compile(rb"[\t\r\n]")
# Those that the web archives know not to make another page, in the order in which they look for them.
_SESSION_IDS = tuple(
    re.compile(rb"(.*)" + name + rb"(?:&(.*))?$")
    for name in (
        rb"jsessionid=[0-9a-z]{32}",
        rb"phpsessid=[0-9a-z]{32}",
        rb"sid=[0-9a-z]{32}",
        rb"aspsessionid[a-z]{8}=[a-z]{24}",
        rb"cfid=[^&]+&cftoken=[^&]+",
    )
)
_PERCENT = ord("%")
_TWO_DIGITS = re.compile(rb"[0-9A-Fa-f]{2}")
_KEPT = "!\"$&'()*+,-./:;<=>?@[\\]^_`{|}~"
_DEFAULT_PORTS = {b"http": b"80", b"https": b"443"}


def surt(url: str) -> str:
    """The key of an http(s) URL: its host reversed, what makes no difference left out, in lower case.

    `https://www.courier.example/News/?b=2&a=1` becomes `example,courier)/news?a=1&b=2`. The keys are those of the
    Python package surt 0.3, by which pywb and the usual indexers go, but a number for an IP address is left as it is.
    """
    found = _URL.match(_NOT_VISIBLE.sub(b"", url.strip().encode("utf-8", "replace")))
    scheme, authority, path, query = (part or b"" for part in found.groups()) if found else (b"",) * 4
    name, _, port = authority.rpartition(b"@")[2].partition(b":")
    key = b",".join(reversed(_WWW.sub(b"", _host(name), count=1).split(b".")))
    if port and port != _DEFAULT_PORTS.get(scheme.lower()):
        key += b":" + _escaped(port)
    key += b")" + (_path(path) or b"/")
    if query := _query(query):
        key += b"?" + query
    return key.decode("ascii", "replace")


def _host(name: bytes) -> bytes:
    host = _unescaped(name)
    if not host.isascii():
        with suppress(UnicodeError):  # no name of a host: escaped below
            host = host.decode("utf-8", "ignore").encode("idna")
    return _escaped(host.replace(b"..", b".").strip(b".").lower())


def _path(path: bytes) -> bytes:
    kept: list[bytes] = []
    for part in _unescaped(path).split(b"/")[1:]:
        if part == b".." and kept:
            kept.pop()
        elif part != b".":
            kept.append(part)
    # Repeated slashes count as one, and one at the end for none.
    return b"".join(b"/" + part for part in _escaped(b"/".join(kept)).lower().split(b"/") if part)


def _query(query: bytes) -> bytes:
    query = _escaped(_unescaped(query)).lower()
    for pattern in _SESSION_IDS:
        if found := pattern.match(query):
            query = found[1] + (found[2] or b"")
    pairs = sorted(pair.split(b"=", 1) for pair in query.split(b"&"))
    return b"&".join(b"=".join(pair) for pair in pairs)


def _unescaped(part: bytes) -> bytes:
    """Without escapes, also those that come of others ("%2541"). From the end, so that each is looked at once."""
    if b"%" not in part:
        return part
    plain = bytearray()  # what is done, backwards
    for byte in reversed(part):
        plain.append(byte)
        while plain[-1] == _PERCENT and _TWO_DIGITS.fullmatch(two := plain[-2:-4:-1]):
            plain[-3:] = bytes.fromhex(two.decode())
    return bytes(reversed(plain))


def _escaped(part: bytes) -> bytes:
    return quote_from_bytes(part, safe=_KEPT).encode("ascii")
