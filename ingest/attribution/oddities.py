"""Traces that translation engines and synonym spinners leave in a text.

Two traces of different kinds are needed before a text counts as translated or reworded: any one of them is also a
slip that people make. What the page itself says of its translation needs no second witness.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ingest.lang.cues import either, pieces
from ingest.lang.lexicon import entries, once
from ingest.lang.needles import Seldom, needles
from ingest.lang.notes import says_machine_translated

ENOUGH = 2

# In the text itself only a short line that speaks of the text: articles about translation engines exist.
_SAID_MOST = 160
_EDGE = 3

_SIGNS = (
    Seldom(r"[^\W\d_]{3}\*(?=[\s,.;:]|$)", ("*",)),  # the mark of a hyperlink
    Seldom(r"«[^«»“”\"\n]{8,400}”|“[^«»“”\"\n]{8,400}»|„[^«»„“”\"\n]{8,400}»", ("«", "»", "„")),
)


def says_translated(blocks: Sequence[str]) -> bool:
    """Whether a text says of itself, at its beginning or end, that a machine translated it."""
    edges = (*blocks[:_EDGE], *blocks[-_EDGE:])
    return any(says_machine_translated(text) for text in edges if len(text) <= _SAID_MOST)


def translation_traces(text: str, *, emptied_dateline: bool) -> int:
    """How many kinds of traces of machine translation a text has."""
    return emptied_dateline + _count(_translated(), text)


def rewording_traces(text: str) -> int:
    """How many kinds of confusions of synonym spinners a text has."""
    return _count(_spun(), text)


@once
def _translated() -> tuple[Seldom, ...]:
    # A sentence that begins small behind a full stop: engines keep the case of a text that was cut at its links.
    short = "".join(f"(?<!{re.escape(word)}\\.)" for word in pieces("four_letters"))
    small = rf"\.(?<=[^\W\d_]{{4}}\.){short}\s(?:{either('clause_starts')})\s"
    names = rf"\s(?:{either('uncapitalised')})\b(?![.\w-]*\.\w)"
    return (Seldom(small, (". ",)), Seldom(names, [f" {name}" for name in pieces("uncapitalised")]), *_SIGNS)


@once
def _spun() -> tuple[Seldom, ...]:
    return tuple(Seldom(row, needles([row])) for rows in entries("spun").values() for row in rows)


def _count(traces: Iterable[Seldom], text: str) -> int:
    return sum(trace.search(text) is not None for trace in traces)
