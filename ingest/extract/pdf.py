"""PDF as a page: its lines in the order in which they are read, as simple HTML for the reader of pages.

Running heads and feet and the numbers of pages go, lines become paragraphs again, and what the file says of itself is
kept where its first page says the same. Needs pdfminer.six (`newsmill[pdf]`).
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from importlib.util import find_spec
from io import BytesIO
from itertools import groupby, pairwise
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from ingest.extract.common import squeeze
from ingest.extract.names import alike
from ingest.extract.standins import StandIn
from ingest.lang.dates import has_date
from ingest.lang.pages import is_row
from ingest.lang.words import STOPS
from ingest.outcome import Reason
from ingest.text import letters

if TYPE_CHECKING:
    from pdfminer.layout import LTPage
    from pdfminer.pdfdocument import PDFDocument

CAN_READ: Final = find_spec("pdfminer") is not None
"""Whether PDF can be read here."""
NEEDS: Final = "reading PDF needs pdfminer.six: install newsmill[pdf]"

_MOST_PAGES: Final = 100
_MOST_BYTES: Final = 60_000_000  # of all streams, decompressed
_STREAM: Final = re.compile(rb"stream\r?\n")
_MARGIN: Final = 0.14  # of the height of a page, above and below
_BAND: Final = 8.0  # points by which the place of a running head may differ
_LARGER: Final = 1.15  # than most of the text: a heading
_GAP: Final = 0.7  # of a line's height, between paragraphs, more than between lines
_INDENT: Final = 0.8  # of a line's height
_LONGEST_HEADING: Final = 250
_HEAD_LINES: Final = 12
_SENTENCE_END: Final = re.compile(rf"""[:{STOPS}]["'”’»)\]]*$""")
_UNSPACED: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef]"
)
_HYPHENATED: Final = re.compile(r"(?<=[^\W\d_])[-\u2010\u00ad]$")
_JUNK: Final = re.compile(
    r"^(?:untitled|microsoft word|document\d*|.*\.(?:docx?|indd|qxd|pdf|odt|rtf|pages|tex)$)", re.IGNORECASE
)
_CREATED: Final = re.compile(r"D?:?(\d{4})(\d{2})(\d{2})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a page: its text, the height of its letters, its place in points (y from below), and its box."""

    text: str
    size: float
    page: int
    left: float
    low: float
    high: float
    box: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a file says of itself."""

    title: str = ""
    author: str = ""
    created: str = ""


def as_html(body: bytes) -> str | StandIn:
    """The text of a PDF as HTML, or why there is none: encrypted, damaged, too large, without text."""
    if not CAN_READ:
        return StandIn(reason=Reason.BAD_TYPE, detail=NEEDS)
    if (size := _size(body)) > _MOST_BYTES:
        return StandIn(reason=Reason.TOO_BIG, detail=f"a PDF that decompresses to more than {size // 1_000_000} MB")
    try:
        found = _read(body)
    except Exception as error:  # noqa: BLE001 - pdfminer raises anything on damaged files
        found = StandIn(reason=Reason.BAD_TYPE, detail=f"a damaged PDF: {type(error).__name__}: {error}"[:300])
    if isinstance(found, StandIn):
        return found
    lines, heights, facts = found
    if not any(any(map(str.isalpha, line.text)) for line in lines):
        return StandIn(reason=Reason.NO_TEXT, detail="a PDF without text: its pages are pictures")
    return page_of(without_frame(lines, heights), facts)


def _size(body: bytes) -> int:
    """How many bytes the streams of a file come to, as far as it is not too much already."""
    total = 0
    for start in _STREAM.finditer(body):
        unpacked = zlib.decompressobj()
        try:
            total += len(unpacked.decompress(body[start.end() : start.end() + len(body)], _MOST_BYTES + 1 - total))
        except zlib.error:  # packed otherwise, or not at all
            continue
        if total > _MOST_BYTES:
            break
    return total


def _read(body: bytes) -> tuple[list[Line], list[float], Facts] | StandIn:
    from pdfminer.converter import PDFPageAggregator
    from pdfminer.layout import LAParams
    from pdfminer.pdfdocument import PDFDocument, PDFPasswordIncorrect
    from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
    from pdfminer.pdfpage import PDFPage
    from pdfminer.pdfparser import PDFParser

    try:
        document = PDFDocument(PDFParser(BytesIO(body)))
    except PDFPasswordIncorrect:
        return StandIn(reason=Reason.BAD_TYPE, detail="an encrypted PDF")
    if not document.is_extractable:
        return StandIn(reason=Reason.BAD_TYPE, detail="a PDF whose owner does not permit that its text is taken out")
    manager = PDFResourceManager()
    device = PDFPageAggregator(manager, laparams=LAParams())
    interpreter = PDFPageInterpreter(manager, device)
    lines: list[Line] = []
    heights: list[float] = []
    for number, page in enumerate(PDFPage.create_pages(document)):
        if number == _MOST_PAGES:
            return StandIn(reason=Reason.TOO_BIG, detail=f"a PDF of more than {_MOST_PAGES} pages")
        interpreter.process_page(page)
        laid_out = device.get_result()
        heights.append(laid_out.height)
        lines += _lines(laid_out, number)
    if not heights:
        return StandIn(reason=Reason.BAD_TYPE, detail="a PDF without pages")
    return lines, heights, _facts(document)


def _lines(page: LTPage, number: int) -> Iterator[Line]:
    from pdfminer.layout import LTChar, LTTextBox

    for box_number, box in enumerate(one for one in page if isinstance(one, LTTextBox)):
        for line in box:
            text = squeeze(line.get_text().replace("\u00ad\n", "-"))
            if text:
                sizes = [char.size for char in line if isinstance(char, LTChar)]
                size = round(median(sizes), 1) if sizes else line.height
                yield Line(text=text, size=size, page=number, left=line.x0, low=line.y0, high=line.y1, box=box_number)


def _facts(document: PDFDocument) -> Facts:
    said: dict[str, Any] = {}
    for one in document.info:
        said.update(one)
    title, author, created = (_string(said.get(name)) for name in ("Title", "Author", "CreationDate"))
    return Facts(title=title, author=author, created=created)


def _string(value: object) -> str:
    from pdfminer.utils import decode_text

    return squeeze(decode_text(value)) if isinstance(value, bytes) else ""


def without_frame(lines: Sequence[Line], heights: Sequence[float]) -> list[Line]:
    """The lines without numbers of pages, and without those that stand at one place of several pages."""
    pages = len(heights)

    def place(line: Line) -> tuple[str, int] | None:
        height = heights[line.page]
        if _MARGIN * height < line.low and line.high < (1 - _MARGIN) * height:
            return None
        return re.sub(r"\d+", "#", line.text), round(line.low / _BAND)

    places: dict[tuple[str, int], set[int]] = {}
    for line in lines:
        if (found := place(line)) is not None:
            for near in (-1, 0, 1):
                places.setdefault((found[0], found[1] + near), set()).add(line.page)

    def is_frame(line: Line) -> bool:
        found = place(line)
        if found is None:
            return False
        numbers_page = any(map(str.isdigit, line.text)) and len(line.text) < 30 and is_row(line.text)
        return numbers_page or len(places[found]) >= max(2, pages // 3)

    return [line for line in lines if not is_frame(line)]


def page_of(lines: Sequence[Line], facts: Facts) -> str:
    """A page of the lines, with a head that says what the file says of itself and its first page, too."""
    weights: Counter[float] = Counter()
    for line in lines:
        weights[line.size] += len(line.text)
    usual = weights.most_common(1)[0][0]
    parts = list(_paragraphs(lines, usual))
    head = [text for text, _ in parts[:_HEAD_LINES]]
    first_page = letters(" ".join(line.text for line in lines if line.page == 0))
    shown = max(
        ((size, -place) for place, (_, size) in enumerate(parts[:_HEAD_LINES]) if size >= _LARGER * usual), default=None
    )
    title = parts[-shown[1]][0] if shown else ""
    if facts.title and not _JUNK.match(facts.title) and (not title or letters(facts.title) in first_page):
        title = facts.title if not title or alike(facts.title, title) else title
    metas = []
    if facts.author and letters(facts.author) in first_page:
        metas.append(f'<meta name="author" content="{escape(facts.author)}">')
    if (made := _CREATED.match(facts.created)) and not any(map(has_date, head)):
        metas.append(f'<meta property="article:published_time" content="{"-".join(made.groups())}">')
    written = "".join(_element(text, size, usual, title) for text, size in parts)
    return (
        f"<!doctype html><html><head><title>{escape(title)}</title>{''.join(metas)}</head>"
        f"<body><article>{written}</article></body></html>"
    )


def _element(text: str, size: float, usual: float, title: str) -> str:
    is_heading = size >= _LARGER * usual and len(text) <= _LONGEST_HEADING
    tag = "h1" if is_heading and letters(text) == letters(title) else "h2" if is_heading else "p"
    return f"<{tag}>{escape(text)}</{tag}>"


def _paragraphs(lines: Sequence[Line], usual: float) -> Iterator[tuple[str, float]]:
    """Lines joined to paragraphs, each with the size of its letters; a break of column or page need not end one."""
    open_text, open_size = "", 0.0
    for text, size in _in_boxes(lines, usual):
        continues = open_text and size == open_size and _continues(open_text, text)
        if continues:
            open_text = _join((open_text, text))
            continue
        if open_text:
            yield open_text, open_size
        open_text, open_size = text, size
    if open_text:
        yield open_text, open_size


def _continues(before: str, text: str) -> bool:
    if _HYPHENATED.search(before):
        return text[:1].islower()
    return _SENTENCE_END.search(before) is None and len(before) > 40 and not text[:1].isupper() and text[:1].isalpha()


def _in_boxes(lines: Sequence[Line], usual: float) -> Iterator[tuple[str, float]]:
    """The paragraphs within each box of the layout."""
    for _, of_box in groupby(lines, key=lambda line: (line.page, line.box)):
        box = list(of_box)
        left = min(line.left for line in box)
        steps = [one.low - two.low for one, two in pairwise(box)]
        step = median(steps) if steps else 0.0
        group = [box[0]]
        for before, line in pairwise(box):
            gap = before.low - line.low - step
            indented = line.left - left > _INDENT * line.size and before.left - left <= _INDENT * line.size
            other = abs(line.size - before.size) > 0.08 * usual
            if other or gap > _GAP * line.size or indented:
                yield _join(one.text for one in group), group[0].size
                group = []
            group.append(line)
        yield _join(one.text for one in group), group[0].size


def _join(texts: Iterable[str]) -> str:
    """Lines as one text: a word parted at the end of a line is whole again, scripts without spaces get none."""
    whole = ""
    for text in texts:
        if _HYPHENATED.search(whole) and text[:1].islower():
            whole = whole[:-1] + text
        elif _UNSPACED.match(whole[-1:]) and _UNSPACED.match(text):
            whole += text
        else:
            whole = f"{whole} {text}" if whole else text
    return whole
