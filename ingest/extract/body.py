"""The main text of a page by trafilatura: which way of reading it finds the text that stands in the article's part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement

from ingest.extract.blocks import extract_blocks, finds_article
from ingest.extract.metadata import Metadata
from ingest.extract.scope import Scope, set_apart
from ingest.lang.words import extent, words_of
from ingest.model import Block, Residue, Role
from ingest.text import letters

_LINKS = etree.XPath("/descendant::a[@href]")
# What trafilatura drops in any case (figures without a table), and would copy several times before.
_NEVER_READ = (
    "svg", "button", "iframe", "input", "noscript", "picture", "select", "aside", "footer", "nav", "figure",
)  # fmt: skip
_LITTLE = 250
_LONGEST_UNREAD, _LARGEST_UNREAD = 300, 0.1
_MOST = 0.7
_ENOUGH = 0.6  # of the running text in the article's part
_SHORT_LINE = 80
_FEW, _FRAME = 125, 300  # letters of words outside links


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The running text that stands in the article's part and was not taken out: its letters, run by run."""

    runs: tuple[tuple[str, float], ...]
    every: str

    @classmethod
    def of(cls, scope: Scope, residue: Iterable[Residue]) -> _Wanted:
        gone = "\n".join([letters(one.text) for one in residue])
        told = [(letters(run.text), run.prose) for run in scope.runs if run.prose and scope.holds(run.element)]
        runs = tuple((text, prose) for text, prose in told if text not in gone)
        return cls(runs=runs, every="\n".join([text for text, _ in runs]))

    @property
    def total(self) -> float:
        """How much it is, in letters (`extent`)."""
        return sum([prose for _, prose in self.runs])

    def found(self, blocks: Sequence[Block]) -> float:
        """How much of it is in the blocks."""
        read = _read(blocks)
        return sum([prose for text, prose in self.runs if text in read])

    def worth(self, blocks: Sequence[Block]) -> float:
        """What the blocks have of it, less what they have from elsewhere."""
        return self.found(blocks) - sum(map(self._from_elsewhere, blocks))

    def has_holes(self, blocks: Sequence[Block]) -> bool:
        """Whether the blocks lack much of it between the first and the last run that they have."""
        read = _read(blocks)
        places = [place for place, (text, _) in enumerate(self.runs) if text in read]
        between = self.runs[places[0] : places[-1] + 1] if places else ()
        return self.found(blocks) < _ENOUGH * sum(prose for _, prose in between)

    def _from_elsewhere(self, block: Block) -> float:
        text = letters(block.text)
        if extent(block.text) <= _SHORT_LINE or text in self.every:
            return 0
        return max(0, extent(text) - sum([extent(run) for run, _ in self.runs if run in text]))


def _read(blocks: Iterable[Block]) -> str:
    return "".join([letters(block.text) for block in blocks])


def main_text(
    tree: HtmlElement,
    scope: Scope,
    url: str,
    metadata: Metadata,
    residue: Sequence[Residue],
    untouched: Callable[[], HtmlElement | None],
) -> tuple[Block, ...]:
    """The blocks of the main text; none where there is none.

    trafilatura's fall-backs (two more extractors, whose results it compares with its own) take about a quarter of its
    time and are run only where it found little of the running text in the article's part, or a menu. Where that does
    not help, what was taken out before has misled it: the page is read once more as it came (`untouched`).
    """
    linked = Counter(words_of(" ".join([link.text_content() for link in _LINKS(tree)])))
    _drop_unread(tree, scope)
    wanted = _Wanted.of(scope, residue)
    blocks = _fast(tree, scope, url, wanted)
    if (
        _length(blocks) >= _LITTLE
        and wanted.found(blocks) >= _ENOUGH * wanted.total
        and not _is_navigation(blocks, linked, metadata, scope)
    ):
        return blocks
    candidates = [extract_blocks(tree, url, wide=True), blocks]
    if _length(blocks) < 2 * _LITTLE:
        candidates.append(extract_blocks(tree, url, wide=False, short=True))
    best = max(candidates, key=wanted.worth)
    if wanted.has_holes(best) and (page := untouched()) is not None:
        best = max(best, _without(extract_blocks(page, url, wide=True), residue), key=wanted.worth)
    return () if _is_navigation(best, linked, metadata, scope) else best


def _drop_unread(tree: HtmlElement, scope: Scope) -> None:
    most = max(_LONGEST_UNREAD, _LARGEST_UNREAD * scope.page.total)
    for element in list(tree.iter(*_NEVER_READ)):
        held = element.tag == "figure" and element.find(".//table") is not None
        if not held and scope.page.of(element) <= most:
            element.drop_tree()


def _fast(tree: HtmlElement, scope: Scope, url: str, wanted: _Wanted) -> tuple[Block, ...]:
    blocks = extract_blocks(tree, url, wide=False)
    if not finds_article(tree):
        apart = extract_blocks(set_apart(scope), url, wide=False)
        close = _length(apart) >= _MOST * _length(blocks) and _keeps_prose(apart, blocks)
        worth = wanted.worth(blocks)
        elsewhere = wanted.found(blocks) - worth
        if close or wanted.found(apart) > wanted.found(blocks) + elsewhere or wanted.worth(apart) > 2 * worth:
            return apart
    return blocks


def _without(blocks: Sequence[Block], residue: Iterable[Residue]) -> tuple[Block, ...]:
    """The blocks but for what was taken out of the page."""
    gone = "\n".join([letters(one.text) for one in residue])
    return tuple(block for block in blocks if letters(block.text) not in gone)


def _keeps_prose(apart: Sequence[Block], blocks: Sequence[Block]) -> bool:
    """Whether of what the whole page gives the article's part lacks short lines only, up to where they end alike."""
    texts = {block.text for block in apart}
    common = [place for place, block in enumerate(blocks) if block.text in texts]
    return bool(common) and all(
        block.text in texts or extent(block.text) < _SHORT_LINE for block in blocks[: common[-1]]
    )


def _length(blocks: Sequence[Block]) -> float:
    return sum(extent(block.text) for block in blocks)


def _is_navigation(blocks: Sequence[Block], linked: Counter[str], metadata: Metadata, scope: Scope) -> bool:
    """Whether trafilatura found no main text, and took headings or the menu.

    In a menu nine letters of ten stand in links, or hardly any stand outside them and the page does not say that it is
    an article: a notice of two sentences is one if it has a date. Where the article's part holds no running text, what
    was found is the frame of the site. `linked` are the words of all links of the page.
    """
    if all(block.role is Role.HEADING for block in blocks):
        return True
    words = Counter(words_of(" ".join([block.text for block in blocks])))
    total = sum([count * extent(word) for word, count in words.items()])
    own = sum([max(0, count - linked[word]) * extent(word) for word, count in words.items()])
    # What a feed announces with a date may be a list of links all the same.
    dated = metadata.published_at is not None and dict(metadata.origins).get("published_at") != "feed"
    undeclared = not dated and not metadata.says_article
    few = _FEW if scope.prose else _FRAME
    return own <= 0.1 * total or (undeclared and own < few and own < total)
