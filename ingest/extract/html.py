"""HTML to an article, by trafilatura: its tree of the main text becomes blocks with roles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import version

from lxml import etree
from trafilatura import bare_extraction, load_html
from trafilatura.settings import Document, set_date_params

from ingest.charset import Decoded
from ingest.extract.common import article_of, squeeze
from ingest.extract.metadata import Metadata, parse_date, read_metadata
from ingest.model import Article, Attribution, Block, Page, Role
from ingest.urls import host_of

HTML_READER = f"trafilatura {version('trafilatura')}, newsmill 1"

_SENTENCE_END = re.compile(r"""[.!?…:]["'”»)\]]*$""")


def read_html(page: Page, decoded: Decoded) -> Article | None:
    """The article in an HTML page, or ``None`` where there is no main text.

    The page is parsed once; comments below the article are left out. Not guarded against pages that take for ever:
    run it in a process that can be killed (`ingest.workers`).
    """
    tree = load_html(decoded.text)
    if tree is None:
        return None
    metadata = read_metadata(tree, page.final_url, page.fetched_at)
    document = bare_extraction(
        tree,
        url=page.final_url,
        with_metadata=True,
        include_comments=False,
        # Without htmldate's search through the whole text, which guesses (a copyright year becomes 1 January) and costs
        # a quarter of the time; on 268 news pages it found no day that the declarations did not have.
        date_extraction_params=set_date_params(extensive=False),
    )
    if not isinstance(document, Document) or document.body is None:
        return None
    blocks = tuple(_blocks(document.body))
    if not blocks:
        return None
    published_at, precision = metadata.published_at, metadata.published_precision
    if published_at is None and "future_date" not in metadata.flags:
        published_at, precision = parse_date(document.date)
    return article_of(
        page,
        decoded,
        blocks,
        title=squeeze(document.title) if document.title else None,
        reader=HTML_READER,
        canonical_url=metadata.canonical_url,
        publisher=document.sitename or host_of(page.final_url) or None,
        subtitle=squeeze(document.description) if document.description else None,
        authors=tuple(name.strip() for name in (document.author or "").split(";") if name.strip()),
        byline=document.author,
        published_at=published_at,
        published_precision=precision,
        modified_at=metadata.modified_at,
        declared_language=metadata.language,
        attribution=_attribution(metadata, document),
        flags=metadata.flags,
    )


def _attribution(metadata: Metadata, document: Document) -> Attribution:
    if metadata.source_link is None:
        return Attribution()
    return Attribution(
        original_url=metadata.source_link, original_name=host_of(metadata.source_link), reposted_by=document.sitename
    )


def _blocks(body: etree._Element) -> Iterator[Block]:
    for element in body:
        tag = element.tag
        if tag == "head":
            yield from _lines(element, Role.HEADING)
        elif tag == "list":
            for item in element.iter("item"):
                yield from _lines(item, Role.LIST)
        elif tag == "table":
            for row in element.iter("row"):
                yield from _row(row)
        elif tag == "quote":
            yield from _quotation(element)
        else:
            yield from _lines(element, Role.BODY)


def _row(row: etree._Element) -> Iterator[Block]:
    """A row of data is one block; a row that lays out the page holds paragraphs, which stay apart."""
    cells = row.findall("cell")
    if any(cell.find("p") is not None or cell.find("head") is not None for cell in cells):
        for cell in cells:
            if cell.text and squeeze(cell.text):
                yield Block(text=squeeze(cell.text))
            yield from _blocks(cell)
        return
    texts = [squeeze(" ".join(cell.itertext())) for cell in cells]
    if any(texts):
        yield Block(text=" | ".join(text for text in texts if text), role=Role.LIST)


def _quotation(element: etree._Element) -> Iterator[Block]:
    """A quotation keeps its paragraphs apart: each may be in a language of its own."""
    inner = [child for child in element if child.tag in ("p", "quote", "list")]
    if not inner:
        yield from _lines(element, Role.QUOTE)
        return
    if element.text and squeeze(element.text):
        yield Block(text=squeeze(element.text), role=Role.QUOTE)
    for child in inner:
        yield from _lines(child, Role.QUOTE)
        if child.tail and squeeze(child.tail):
            yield Block(text=squeeze(child.tail), role=Role.QUOTE)


def _lines(element: etree._Element, role: Role) -> Iterator[Block]:
    """The text of an element, parted at line breaks that end a paragraph.

    Forums part paragraphs by `<br><br>`, and trafilatura keeps breaks as `<lb/>`. A single break inside a sentence is
    layout and becomes a space.
    """
    parts: list[str] = [element.text or ""]
    for node in element.iterdescendants():
        if node.tag == "lb":
            parts.append("\n")
        elif isinstance(node.tag, str) and node.text:
            parts.append(node.text)
        parts.append(node.tail or "")
    current = ""
    for line in "".join(parts).split("\n"):
        text = squeeze(line)
        if current and (not text or _SENTENCE_END.search(current)):
            yield Block(text=current, role=role)
            current = ""
        current = f"{current} {text}".strip()
    if current:
        yield Block(text=current, role=role)
