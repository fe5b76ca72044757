"""PDF files, written by hand: lines of text at places of pages, with what the file says of itself.

Text that Helvetica has no letters for is written in numbers of glyphs, and a map says which letters these are.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

HEIGHT, WIDTH = 792, 612
_WIDE = 0x2E80
"""Letters from here on are as wide as high."""


@dataclass(frozen=True)
class Put:
    """A line of text: its place in points from below and from the left, and the size of its letters."""

    text: str
    left: float
    low: float
    size: float = 10.0


def column(lines: Sequence[str], left: float, top: float, size: float = 10.0) -> list[Put]:
    """Lines one below the other; an empty one is a gap."""
    return [Put(text, left, top - place * 1.2 * size, size) for place, text in enumerate(lines) if text]


def pdf(
    pages: Iterable[Iterable[Put]], facts: Mapping[str, str] | None = None, *, trailer: str = "", packed: bool = True
) -> bytes:
    """A file of pages; `facts` are what its document information says."""
    objects: list[bytes] = [b"<</Type/Catalog/Pages 2 0 R>>", b""]
    objects.append(b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>")
    said = "".join(f"/{name}{_string(value)}" for name, value in (facts or {}).items())
    objects.append(f"<<{said}>>".encode("cp1252"))
    shown = [list(page) for page in pages]
    letters = sorted({letter for page in shown for one in page for letter in one.text})
    glyphs = {letter: place for place, letter in enumerate(letters, 1)}
    objects += _mapped_font(glyphs)
    kids = []
    for page in shown:
        stream = "".join(
            f"BT {_shown(one, glyphs)[0]} {one.size} Tf {one.left} {one.low} Td {_shown(one, glyphs)[1]} Tj ET\n"
            for one in page
        ).encode("cp1252")
        data = zlib.compress(stream) if packed else stream
        how = "/Filter/FlateDecode" if packed else ""
        objects.append(f"<<{how}/Length {len(data)}>>stream\n".encode() + data + b"\nendstream")
        box = f"/MediaBox[0 0 {WIDTH} {HEIGHT}]/Resources<</Font<</F1 3 0 R/F2 5 0 R>>>>"
        objects.append(f"<</Type/Page/Parent 2 0 R{box}/Contents {len(objects)} 0 R>>".encode())
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<</Type/Pages/Kids[{' '.join(kids)}]/Count {len(kids)}>>".encode()
    return _written(objects, trailer)


def _string(text: str) -> str:
    if _is_plain(text):
        escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        return f"({escaped})"
    return f"<FEFF{text.encode('utf-16-be').hex()}>"


def _is_plain(text: str) -> bool:
    return text.encode("cp1252", "ignore").decode("cp1252") == text


def _shown(one: Put, glyphs: Mapping[str, int]) -> tuple[str, str]:
    """The font of a line, and its text in it."""
    if _is_plain(one.text):
        return "/F1", _string(one.text)
    return "/F2", "<" + "".join(f"{glyphs[letter]:04x}" for letter in one.text) + ">"


def _mapped_font(glyphs: Mapping[str, int]) -> list[bytes]:
    """A font of numbered glyphs, all as wide as half their height or, of Chinese, as all of it."""
    rows = "".join(f"<{place:04x}> <{letter.encode('utf-16-be').hex()}>\n" for letter, place in glyphs.items())
    map_of = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /M def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        f"{len(glyphs)} beginbfchar\n{rows}endbfchar endcmap end end"
    ).encode()
    wide = " ".join(f"{place} [{1000 if ord(letter) > _WIDE else 500}]" for letter, place in glyphs.items())
    system = "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
    descriptor = "/Ascent 800/Descent -200/CapHeight 700/ItalicAngle 0/StemV 80/Flags 4/FontBBox[0 -200 1000 800]"
    return [
        b"<</Type/Font/Subtype/Type0/BaseFont/Made/Encoding/Identity-H/DescendantFonts[6 0 R]/ToUnicode 8 0 R>>",
        f"<</Type/Font/Subtype/CIDFontType2/BaseFont/Made{system}/FontDescriptor 7 0 R/DW 500/W[{wide}]>>".encode(),
        f"<</Type/FontDescriptor/FontName/Made{descriptor}>>".encode(),
        f"<</Length {len(map_of)}>>stream\n".encode() + map_of + b"\nendstream",
    ]


def _written(objects: Sequence[bytes], trailer: str) -> bytes:
    body, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n".encode() + one + b"\nendobj\n"
    rows = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{rows}trailer<</Size {size}/Root 1 0 R/Info 4 0 R"
    return body + f"{end}{trailer}>>\nstartxref\n{len(body)}\n%%EOF\n".encode()
