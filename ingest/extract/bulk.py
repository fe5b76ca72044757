"""What costs trafilatura seconds and is no prose: indexes of hundreds of links, tables of thousands of rows."""

from __future__ import annotations

from collections.abc import Iterator

from lxml.etree import XPath
from lxml.html import HtmlElement

from ingest.extract.common import squeeze, visible_text
from ingest.extract.links import linked_length
from ingest.lang.words import count_words
from ingest.model import Residue

# The longest list inside the article's part of 268 pages has 74 entries, the longest table 44 rows. 60,000 links take
# trafilatura eight seconds.
_FARM = 300
_LINKED = 0.9
_KEPT = 500  # characters of a farm that are kept as residue: enough to see what it was
_ROWS = 2_000
_LONG_TABLES = XPath(f"/descendant::table[count(.//tr) > {_ROWS}][not(.//table)]")
# What a browser does not show: but some sites hide their whole text until a script has run.
_HIDDEN = XPath("/descendant::body//*[@hidden and not(@hidden = 'until-found')]")
_MOST_HIDDEN = 0.3
_LARGE = XPath(f"/descendant::*[*[{_FARM + 1}]]")


def take_bulk(tree: HtmlElement) -> tuple[Residue, ...]:
    """Take out of the tree what is hidden, and link farms.

    Farms are every run of more than 300 neighbours that are hardly more than links, and the rows of a
    table after its two thousandth. Of each the first 500 characters are kept as residue.
    """
    taken: list[Residue] = list(_take_hidden(tree))
    for parent in _LARGE(tree):
        links = [child for child in parent if isinstance(child.tag, str) and _is_link(child)]
        if len(links) <= _FARM:
            continue
        text = squeeze(" ".join(link.text_content() for link in links[:_FARM]))
        taken.append(Residue(text=text[:_KEPT], rule="link_farm"))
        _remove(parent, links)
    for table in _LONG_TABLES(tree):
        rows = list(table.iter("tr"))[_ROWS:]
        taken.append(
            Residue(text=squeeze(" ".join(row.text_content() for row in rows[:_FARM]))[:_KEPT], rule="long_table")
        )
        for row in rows:
            row.getparent().remove(row)
    return tuple(taken)


def _take_hidden(tree: HtmlElement) -> Iterator[Residue]:
    """What the page hides from its readers, unless it hides much of its text."""
    hidden = _HIDDEN(tree)
    texts = [visible_text(element) for element in hidden]
    if not any(texts) or sum(map(len, texts)) > _MOST_HIDDEN * len(visible_text(tree)):
        return
    for element, text in zip(hidden, texts, strict=True):
        if element.getparent() is not None:
            element.drop_tree()
        if text:
            yield Residue(text=text[:_KEPT], rule="hidden")


def _is_link(child: HtmlElement) -> bool:
    if child.tag == "a":
        return True
    length = len(squeeze(child.text_content()))
    return length > 0 and linked_length(child) >= _LINKED * length


def _remove(parent: HtmlElement, links: list[HtmlElement]) -> None:
    """Remove elements with what stands loose behind each, if that is shorter than a sentence (a comma, a bar)."""
    for link in links:
        tail = link.tail or ""
        if count_words(tail) > 3:
            link.drop_tree()
        else:
            parent.remove(link)
