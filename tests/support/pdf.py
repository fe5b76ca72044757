"""PDF files, written by hand: lines of text in Helvetica at places of pages, with what the file says of itself."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

HEIGHT, WIDTH = 792, 612


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
    said = "".join(f"/{name}({value})" for name, value in (facts or {}).items())
    objects.append(f"<<{said}>>".encode("cp1252"))
    kids = []
    for page in pages:
        shown = "".join(f"BT /F1 {one.size} Tf {one.left} {one.low} Td ({_escaped(one.text)}) Tj ET\n" for one in page)
        stream = shown.encode("cp1252")
        data = zlib.compress(stream) if packed else stream
        how = "/Filter/FlateDecode" if packed else ""
        objects.append(f"<<{how}/Length {len(data)}>>stream\n".encode() + data + b"\nendstream")
        box = f"/MediaBox[0 0 {WIDTH} {HEIGHT}]/Resources<</Font<</F1 3 0 R>>>>"
        objects.append(f"<</Type/Page/Parent 2 0 R{box}/Contents {len(objects)} 0 R>>".encode())
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<</Type/Pages/Kids[{' '.join(kids)}]/Count {len(kids)}>>".encode()
    return _written(objects, trailer)


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _written(objects: Sequence[bytes], trailer: str) -> bytes:
    body, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n".encode() + one + b"\nendobj\n"
    rows = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{rows}trailer<</Size {size}/Root 1 0 R/Info 4 0 R"
    return body + f"{end}{trailer}>>\nstartxref\n{len(body)}\n%%EOF\n".encode()
