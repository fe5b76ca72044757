"""The text of a page in runs: what stands between two block-level tags, whatever these are called.

What may be taken out of a page, and what must be left of it, is measured in running text: runs as long as a sentence
and mostly outside links, in any tag. A paragraph in a `<div>`, a `<li>` or a `<td>` counts like one in a `<p>`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lxml.etree import iterwalk
from lxml.html import HtmlElement

from ingest.extract.common import squeeze
from ingest.lang.words import STOPS, extent

INLINE = frozenset(
    {"a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "img"}
    | {"ins", "kbd", "label", "mark", "nobr", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong"}
    | {"sub", "sup", "time", "tt", "u", "var", "wbr"}
)
"""Tags that stand inside a sentence."""

_NO_TEXT = frozenset({"head", "noscript", "option", "script", "style", "svg", "template", "textarea"})
_BOLD = frozenset({"b", "strong"})
_SENTENCE_END = re.compile(rf"""[:{STOPS}]["'”»)\]]*$""")
_LEAST, _LEAST_WORDS = 60, 10  # of a run that is running text
_DENSE = 1.3  # times as long as it has characters: a text in a script that needs fewer, with fewer spaces or none
_LINKED = 0.5
_CODE, _LONG_CODE, _DENSE_CODE = ("{", "}", "=", '":'), 8_000, 0.01


@dataclass(frozen=True, slots=True)
class Run:
    """A line of a page: its text, the innermost block-level element around it, characters in links and in bold.

    `prose` is how much stands outside links if this is running text (`extent`), else 0.
    """

    text: str
    element: HtmlElement
    linked: int
    bold: int
    prose: float = field(init=False)

    def __post_init__(self) -> None:
        """Tell once what is asked many times."""
        own = len(self.text) - self.linked
        running = own >= _LINKED * len(self.text) and _is_running(self.text) and not _is_code(self.text)
        object.__setattr__(self, "prose", own * extent(self.text) / len(self.text) if running else 0)


def _is_running(text: str) -> bool:
    if len(text) >= _LEAST and text.count(" ") >= _LEAST_WORDS - 1:
        return True
    return not text.isascii() and extent(text) >= max(_LEAST, _DENSE * len(text))


def _is_code(text: str) -> bool:
    """Whether a very long line is what a script left on the page; a listing in an article is shorter."""
    return len(text) >= _LONG_CODE and sum(map(text.count, _CODE)) >= _DENSE_CODE * len(text)


def runs_of(root: HtmlElement) -> list[Run]:
    """The runs of an element in reading order. A `<br>` parts two where it ends a sentence, and where it is doubled."""
    walk = _Walk()
    owners = [root]
    events = iterwalk(root, events=("start", "end"))
    for event, element in events:
        tag = element.tag
        start = event == "start"
        if start and (not isinstance(tag, str) or tag in _NO_TEXT):
            events.skip_subtree()
        elif tag in INLINE:
            walk.links += (tag == "a") * (1 if start else -1)
            walk.bolds += (tag in _BOLD) * (1 if start else -1)
        elif tag == "br":
            if start:
                walk.break_line(owners[-1])
        elif start:
            walk.end(owners[-1])
            owners.append(element)
        elif tag not in _NO_TEXT:
            walk.end(owners.pop())
        text = element.text if start and tag not in _NO_TEXT else None if start else element.tail
        if start or element is not root:
            walk.add(text)
    walk.end(root)
    return walk.runs


class _Walk:
    """The runs that were read, and the pieces of the one that is being read."""

    __slots__ = ("bold", "bolds", "linked", "links", "pieces", "runs")

    def __init__(self) -> None:
        self.runs: list[Run] = []
        self.pieces: list[str] = []
        self.linked = self.bold = 0
        self.links = self.bolds = 0

    def add(self, text: str | None) -> None:
        """Read a piece of text; blanks part words."""
        if not text:
            return
        self.pieces.append(text)
        if self.links or self.bolds:
            length = len(text.strip())
            self.linked += length if self.links else 0
            self.bold += length if self.bolds else 0

    def break_line(self, owner: HtmlElement) -> None:
        """Read a `<br>`."""
        before = "".join(self.pieces[-3:]).rstrip(" \t\r\f")
        if before.endswith("\n") or _SENTENCE_END.search(before[-8:].rstrip()) is not None:
            self.end(owner)
        self.pieces.append("\n")

    def end(self, owner: HtmlElement) -> None:
        """End a run."""
        if self.pieces:
            text = squeeze("".join(self.pieces))
            if text:
                self.runs.append(Run(text, owner, min(self.linked, len(text)), min(self.bold, len(text))))
            self.pieces = []
            self.linked = self.bold = 0


class Prose:
    """How much running text stands in each element of a page, outside links, in letters (`extent`)."""

    def __init__(self, root: HtmlElement, runs: Sequence[Run]) -> None:
        self.root = root
        self._within: dict[HtmlElement, float] = {}
        own: dict[HtmlElement, float] = {}
        for run in runs:
            if prose := run.prose:
                own[run.element] = own.get(run.element, 0) + prose
        for element, prose in own.items():
            self._add(element, prose)

    def _add(self, element: HtmlElement, prose: float) -> None:
        for one in (element, *element.iterancestors()):
            self._within[one] = self._within.get(one, 0) + prose

    def of(self, element: HtmlElement) -> float:
        """The running text in an element."""
        return self._within.get(element, 0)

    @property
    def total(self) -> float:
        """The running text of the page."""
        return self.of(self.root)

    def within(self) -> Mapping[HtmlElement, float]:
        """All elements that hold running text, with how much."""
        return self._within
