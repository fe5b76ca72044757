"""Text that stands loose beside blocks: a writer's own words around a quotation. Pure.

trafilatura keeps what is marked as a paragraph and drops much of the rest, so that of a forum post only the quotation
would stay. Loose text as long as a sentence becomes a paragraph of its own before it reads the page.
"""

from __future__ import annotations

from lxml.html import Element, HtmlElement

from ingest.extract.common import squeeze
from ingest.extract.runs import INLINE
from ingest.lang.words import STOPS, extent

# Not in `<p>`, which may hold no further one, nor in lists and tables, whose parts have names of their own.
_CONTAINERS = frozenset({"article", "blockquote", "body", "center", "div", "main", "section", "td"})
_BLOCKS = frozenset(
    {"article", "blockquote", "div", "dl", "figure", "h2", "h3", "h4", "ol", "p", "pre", "section", "table", "ul"}
)
_LEAST = 25
"""Letters: what is shorter is a label ("Quote:", "Tags")."""
_LINKED = 0.5
_SHORTEST = 3
"""Words of a short sentence, which has to end as one."""
_ENDS = frozenset(STOPS)
_SIGNS = _ENDS | frozenset(":,;،、，")


def wrap_loose(root: HtmlElement) -> None:
    """Make paragraphs of the loose text in each container of an element that holds a quotation, in place."""
    for container in [one for one in root.iter(*_CONTAINERS) if _is_mixed(one)]:
        _wrap(container)


def _is_mixed(container: HtmlElement) -> bool:
    """Whether a container holds blocks and, loose beside them, a sentence."""
    loose = [container.text or "", *(child.tail or "" for child in container)]
    if not any(extent(text.strip()) >= _LEAST for text in loose):
        return False
    return any(child.tag in _BLOCKS for child in container)


def _wrap(container: HtmlElement) -> None:
    runs: list[tuple[HtmlElement | None, str | None, list[HtmlElement]]] = [(None, container.text, [])]
    for child in container:
        if isinstance(child.tag, str) and (child.tag in INLINE or child.tag == "br"):
            runs[-1][2].append(child)
        else:
            runs.append((child, child.tail, []))
    for block, text, inline in runs:
        whole = squeeze("".join([text or "", *(one.text_content() + (one.tail or "") for one in inline)]))
        linked = sum(
            len(squeeze(one.text_content())) for one in inline if one.tag == "a" or one.find(".//a") is not None
        )
        if linked > _LINKED * len(whole) or not _is_sentence(whole):
            continue
        paragraph: HtmlElement = Element("p")
        paragraph.text = text
        paragraph.extend(inline)
        if block is None:
            container.text = None
            container.insert(0, paragraph)
        else:
            block.tail = None
            block.addnext(paragraph)


def _is_sentence(text: str) -> bool:
    if extent(text) < _LEAST:
        return text.count(" ") >= _SHORTEST - 1 and text[-1:] in _ENDS
    return bool(_SIGNS & set(text))
