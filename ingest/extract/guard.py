"""The last look at a text: is it an article's, beside what the page shows and what trafilatura reads of it untouched?

Every removal has a bound of its own. This one stands behind all of them, whatever the path: where next to nothing of a
page's running text is left, though trafilatura finds much of it on the page as it came, that is the text. What comes
from elsewhere (posts of a ticker, JSON-LD, the data of scripts) shows little of the page by its nature: there
trafilatura has to find more than that, too. On 977 pages of development it is never needed; what has less than half of
trafilatura's text is right there nearly always.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lxml.html import HtmlElement

from ingest.extract.blocks import extract_blocks
from ingest.extract.scope import Scope
from ingest.lang.words import extent
from ingest.model import Block, Residue
from ingest.text import letters

TEXT_FALLBACK = "text_fallback"
"""The flag of an article whose text is trafilatura's own, since next to nothing was left of it."""

Text = tuple[tuple[Block, ...], tuple[Residue, ...], float | None, tuple[str, ...]]
"""The blocks of a text, what was taken out, how many characters the text is expected to have, and flags."""

_LEAST = 1_000  # characters of running text on the page
_LOST = 0.15  # of the page's running text, and of what trafilatura finds of it
_MUCH = 0.3
_BRIEF = 250  # characters: so much is no remainder, but may be a brief beside a long notice


def fall_back(
    blocks: Sequence[Block], scope: Scope, url: str, untouched: Callable[[], HtmlElement | None], *, least: float = 0
) -> tuple[Block, ...]:
    """Return trafilatura's own reading of a page that was all but lost; nothing where all is well.

    It has to have more than `least` characters of the page's running text.
    """
    total, found = scope.page.total, _found(blocks, scope)
    if total < max(_LEAST, least) or found >= min(_BRIEF, _LOST * total) or (page := untouched()) is None:
        return ()
    theirs = extract_blocks(page, url, wide=True)
    there = _found(theirs, scope)
    return theirs if there >= max(_MUCH * total, least) and found < _LOST * there else ()


def told_elsewhere(
    blocks: tuple[Block, ...],
    residue: tuple[Residue, ...],
    scope: Scope,
    url: str,
    untouched: Callable[[], HtmlElement | None],
) -> Text:
    """Return a text that does not come from the page's paragraphs, or trafilatura's own where that is longer."""
    own = sum(extent(block.text) for block in blocks)
    if theirs := fall_back(blocks, scope, url, untouched, least=own + 1):
        return theirs, (), None, (TEXT_FALLBACK,)
    return blocks, residue, None, ()


def _found(blocks: Sequence[Block], scope: Scope) -> float:
    """How much of the page's running text stand in the blocks."""
    read = "".join([letters(block.text) for block in blocks])
    return sum([prose for run in scope.runs if (prose := run.prose) and letters(run.text) in read])
