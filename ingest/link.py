"""How two records are related: which is a copy of which, and what they share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from ingest.model import UrlKey
from ingest.value import Value


class Relation(StrEnum):
    """How two records are related. Those of `COPIES` make duplicates."""

    ORIGINAL = "original"
    EXACT = "exact"
    NEAR = "near"
    REWORDED = "reworded"
    TRANSLATED = "translated"
    UPDATE = "update"
    QUOTES = "quotes"
    CONTAINS = "contains"
    RETOLD = "retold"
    SAME_TEMPLATE = "same_template"


COPIES = frozenset({Relation.EXACT, Relation.NEAR, Relation.REWORDED, Relation.TRANSLATED, Relation.UPDATE})
"""The relations that make duplicates."""


QUOTED_BY = "quoted_by"
"""How the text is related whose passage another quotes or contains."""


class Certain(StrEnum):
    """Whether it is known who wrote it first."""

    YES = "yes"
    LIKELY = "likely"
    NO = "no"


class Fact(StrEnum):
    """What stands against each other in two texts."""

    NUMBER = "number"
    NAME = "name"


class Span(NamedTuple):
    """A passage that two texts share: half-open character offsets into each text."""

    a_start: int
    a_end: int
    b_start: int
    b_end: int

    def turned(self) -> Span:
        """The same passage, seen from the other text."""
        return Span(self.b_start, self.b_end, self.a_start, self.a_end)


class Conflict(NamedTuple):
    """A fact that two texts give otherwise in the same place, and the words of either.

    Two reports of a series have dozens, so these are plain tuples; the texts that they are cut from are well-formed.
    """

    fact: Fact
    place: Span
    a: str
    b: str

    def turned(self) -> Conflict:
        """The same conflict, seen from the other text."""
        return Conflict(self.fact, self.place.turned(), self.b, self.a)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link(Value):
    """Two records that share text, with the evidence. `a` < `b`, except that for `quotes` `a` quotes `b`.

    Attributes:
        a: one record.
        b: the other.
        relation: how they are related, as told from all links (`ingest.dedup.settle`).
        score: between 0 and 1.
        spans: the shared passages, in the texts that were compared.
        side_a: which text of `a` was compared: "original" or the target language of a translation.
        side_b: the same for `b`.
        compared: how they are related as far as these two texts tell.
        covered_a: the share of the words of `a` that are in the passages.
        covered_b: the same for `b`.
        overlap: the share of the shorter text that is in the passages.
        conflict: how much of the facts in the passages stands against each other, 0 to 1.
        conflicts: these facts, each kind of difference once.
        exchanged: where no capitals tell names, every place in which the texts have words that the other lacks.
    """

    a: UrlKey
    b: UrlKey
    relation: Relation
    score: float
    spans: tuple[Span, ...]
    side_a: str = "original"
    side_b: str = "original"
    compared: Relation
    covered_a: float = 1.0
    covered_b: float = 1.0
    overlap: float = 1.0
    conflict: float = 0.0
    conflicts: tuple[Conflict, ...] = ()
    exchanged: tuple[Conflict, ...] = ()

    @property
    def told_conflicts(self) -> tuple[Conflict, ...]:
        """The facts that stand against each other; if a series shows that what was exchanged are facts, those too.

        In the order of the first text, and each once: a name that was told is not told again as a word.
        """
        if self.relation is not Relation.SAME_TEMPLATE:
            return self.conflicts
        others = (one for one in self.exchanged if not any(_touch(one.place, each.place) for each in self.conflicts))
        return tuple(sorted((*self.conflicts, *others), key=lambda one: one.place))

    def turned(self) -> Link:
        """The same link, with its ends exchanged."""
        return replace(
            self,
            a=self.b,
            b=self.a,
            side_a=self.side_b,
            side_b=self.side_a,
            spans=tuple(span.turned() for span in self.spans),
            covered_a=self.covered_b,
            covered_b=self.covered_a,
            conflicts=tuple(one.turned() for one in self.conflicts),
            exchanged=tuple(one.turned() for one in self.exchanged),
        )


def _touch(one: Span, other: Span) -> bool:
    return one.a_start < other.a_end and other.a_start < one.a_end


Place: TypeAlias = tuple[int, int, int, int]
"""A span as numbers: start and end in the first text, start and end in the second."""

Exchange: TypeAlias = tuple[int, int, int, int, str, str]
"""Where two texts have other words, as numbers, and the words of either."""


class Tie(NamedTuple):
    """What a link tells of the texts around it (`ingest.dedup.settle`), in plain numbers: very many are looked at.

    The names are those of `Link`; of the conflicts it has the number.
    """

    a: UrlKey
    b: UrlKey
    relation: Relation
    compared: Relation
    score: float
    side_a: str
    side_b: str
    covered_a: float
    covered_b: float
    conflict: float
    conflicts: int
    spans: Sequence[Place]
    exchanged: Sequence[Exchange]

    def turned(self) -> Tie:
        """The same tie, with its ends exchanged."""
        return self._replace(
            a=self.b,
            b=self.a,
            side_a=self.side_b,
            side_b=self.side_a,
            covered_a=self.covered_b,
            covered_b=self.covered_a,
            spans=[(c, d, a, b) for a, b, c, d in self.spans],
            exchanged=sorted((c, d, a, b, other, one) for a, b, c, d, one, other in self.exchanged),
        )

    def seen_from(self, key: UrlKey) -> Tie:
        """The tie with this one of its ends first."""
        return self if self.a == key else self.turned()


def tie(link: Link) -> Tie:
    """What a link tells of the texts around it."""
    exchanged = [(*_numbers(one.place), one.a, one.b) for one in link.exchanged]
    return Tie(
        a=link.a,
        b=link.b,
        relation=link.relation,
        compared=link.compared,
        score=link.score,
        side_a=link.side_a,
        side_b=link.side_b,
        covered_a=link.covered_a,
        covered_b=link.covered_b,
        conflict=link.conflict,
        conflicts=len(link.conflicts),
        spans=[_numbers(span) for span in link.spans],
        exchanged=sorted(exchanged),
    )


def _numbers(span: Span) -> Place:
    return span.a_start, span.a_end, span.b_start, span.b_end


def told_from(link: Link, *, first: bool) -> str:
    """The name of a relation, seen from an end: who quotes or contains says so, the other end is `quoted_by`.

    Args:
        link: seen from that end, which is its `a`.
        first: whether it is stored so.
    """
    if link.relation is Relation.QUOTES:
        return str(Relation.QUOTES) if first else QUOTED_BY
    if link.relation is Relation.CONTAINS:
        # Of a collection the part is less than it is of itself.
        contains = (link.covered_a, not first) < (link.covered_b, first)
        return str(Relation.CONTAINS) if contains else QUOTED_BY
    return str(link.relation)
