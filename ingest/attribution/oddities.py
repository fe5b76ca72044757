"""Traces that translation engines and synonym spinners leave in a text.

Two traces of different kinds are needed before a text counts as translated or reworded: any one of them is also a
slip that people make. What the page itself says of its translation needs no second witness.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ingest.lang.notes import says_machine_translated

ENOUGH = 2

# In the text itself only a short line that speaks of the text: articles about translation engines exist.
_SAID_MOST = 160
_EDGE = 3

# Each trace: words of which one must be in the text (looked for first, being much faster), and the pattern.
_Trace = tuple[tuple[str, ...], re.Pattern[str]]

_TRANSLATED: tuple[_Trace, ...] = (
    # A sentence that begins small behind a full stop: engines keep the case of a text that was cut at its links.
    (
        (". ",),
        re.compile(
            r"\.(?<=[^\W\d_]{4}\.)(?<!(?:prox|corp|dept|prof|univ|inkl|exkl|sept|resp|evtl|govt|assn|bros|корп|прим)\.)\s"
            r"(?:in|on|at|as|the|for|with|but|and|he|she|it|they|this|that|which|och|men|som|i|på|det|den|und|aber|der|die|das|в|на|и|но|как|y|pero|et|mais|ma)\s"
        ),
    ),
    (
        (" kyiv", " kiev", " moscow", " russia", " ukraine", " germany", " berlin", " london", " america", " sweden"),
        re.compile(r"\s(?:kyiv|kiev|moscow|russia|ukraine|germany|berlin|london|america|sweden)\b(?![.\w-]*\.\w)"),
    ),
    (("*",), re.compile(r"[^\W\d_]{3}\*(?=[\s,.;:]|$)")),  # the mark of a hyperlink
    (
        ("«", "»", "„"),
        re.compile(r"«[^«»“”\"\n]{8,400}”|“[^«»“”\"\n]{8,400}»|„[^«»„“”\"\n]{8,400}»"),
    ),
)
_SPUN: tuple[_Trace, ...] = (
    # The month of May.
    (
        ("Might",),
        re.compile(r"\b(?:in|since|until|by|on|of|this|last|early|late|mid|from)\s+Might\b|\bMight\s+\d"),
    ),
    (("Getty",), re.compile(r"\bGetty\s+(?:Photos|Pictures|Photographs)\b")),
    (("Press",), re.compile(r"\b(?:Related|Affiliated)\s+Press\b|\bPress\s+Affiliation\b")),
    (
        ("Instances", "Occasions", "Monetary Times"),
        re.compile(r"\b(?:New\s+York|Monetary|Los\s+Angeles|Sunday)\s+(?:Instances|Occasions)\b|\bMonetary\s+Times\b"),
    ),
    (
        ("Washington ", "Journal"),
        re.compile(r"\bWashington\s+(?:Publish|Submit)\b|\bWall\s+(?:Road|Avenue)\s+Journal\b"),
    ),
    (
        ("Home", "Residence", "Avenue"),
        re.compile(
            r"\b(?:Chatham|White|Freedom)\s+(?:Home|Residence)\b|\bHome\s+of\s+(?:Commons|Lords|Representatives)\b"
        ),
    ),
    (("United ",), re.compile(r"\bUnited\s+(?:Stated|Nation|Country|International\s+Locations)\b")),
    (
        ("Safety", "Treaty Group"),
        re.compile(r"\b(?:Collective|Nationwide|UN)\s+Safety\b|\bSafety\s+Treaty\b|\bTreaty\s+Group\b"),
    ),
    (
        ("ourtroom",),
        re.compile(r"\b(?:Supreme|Excessive|District)\s+Courtroom\b|\b[a-z]{4,12}\s+courtroom\s+ordered\b"),
    ),
    # "Eastern" and back: Japanese is a language that lies in the east.
    (
        ("japanese",),
        re.compile(r"\bjapanese\s+(?:Ukraine|Europe|Germany|Congo|Turkey)\b|\b(?:[Ss]outh|[Nn]orth)\s?japanese\b"),
    ),
    (("internet hosting",), re.compile(r"\binternet\s+hosting\s+(?:a|an|the|its|their|[A-Z])")),
    (("n every of",), re.compile(r"\b[Oo]ne\s+in\s+every\s+of\b")),
    # "Back row", "back right".
    (("again row", "again proper", "again left"), re.compile(r"\bagain\s+(?:row|proper|left)\b")),
    (("synthetic intelligence",), re.compile(r"\bsynthetic\s+intelligence\b")),
    (
        ("hyperlinks", "upply hyperlink"),
        re.compile(r"\b[Ss]upply\s+hyperlink\b|\bhyperlinks\s+(?:with|between)\b"),
    ),
    (
        # House labels: "The big picture:", "The other side:", "Driving the news:".
        ("image:", "facet:", "Driving the "),
        re.compile(
            r"\b[Tt]he\s+(?:massive|huge)\s+image:|\b[Tt]he\s+opposite\s+facet:|\bDriving\s+the\s+(?:information|data):"
        ),
    ),
    (
        (" studies.", " studies,"),
        re.compile(r"\b(?:Reuters|Bloomberg|CNN|BBC|Axios|Politico|Asia|Times)\s+studies[.,]"),
    ),
)


def says_translated(residue: Iterable[str], blocks: Sequence[str]) -> bool:
    """Whether the page says of its text that a machine translated it."""
    edges = (*blocks[:_EDGE], *blocks[-_EDGE:])
    return any(map(says_machine_translated, (*residue, *(text for text in edges if len(text) <= _SAID_MOST))))


def translation_traces(text: str, *, emptied_dateline: bool) -> int:
    """How many kinds of traces of machine translation a text has."""
    return emptied_dateline + _count(_TRANSLATED, text)


def rewording_traces(text: str) -> int:
    """How many kinds of confusions of synonym spinners a text has: English only, where spinning is common."""
    return _count(_SPUN, text)


def _count(traces: Iterable[_Trace], text: str) -> int:
    return sum(any(word in text for word in words) and pattern.search(text) is not None for words, pattern in traces)
