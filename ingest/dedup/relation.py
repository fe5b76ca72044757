"""How two linked texts are related: a copy, a rewording, or a quote, and who quotes whom."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.dedup.evidence import Evidence
from ingest.link import Relation

# A copy lies nearly whole in the shared passages (of a pair of true copies, 97 % of the fuller sides do), or both texts
# do for the most part, as when a story was updated at both ends. Of posts that quote, 1 % have so little of their own.
_COPIED = 0.85
_BOTH_COPIED = 0.7

# Rewritten words amid others' words are quoted, though they be a whole short article: the longer text has most of its
# words outside, and at least a sentence on either side. A verbatim copy may well lie amid what a page has around it.
_AMID = 0.5
_SENTENCE = 20
_VERBATIM = 0.9

# One word in twenty replaced leaves 85 % of three neighbouring words, one in ten 73 %.
_NEAR = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the shared passages lie in a text: the share of its words in them, and the words before and after."""

    covered: float
    before: int
    after: int

    @property
    def own(self) -> int:
        """Words of its own that a text has on either side, at least."""
        return min(self.before, self.after)


def places(evidence: Evidence, words_a: int, words_b: int) -> tuple[Place, Place]:
    """Where the passages lie in two texts of so many words."""
    chains = evidence.chains
    a = Place(
        covered=evidence.covered_a,
        before=min(chain.a_start for chain in chains),
        after=words_a - max(chain.a_end for chain in chains),
    )
    b = Place(
        covered=evidence.covered_b,
        before=min(chain.b_start for chain in chains),
        after=words_b - max(chain.b_end for chain in chains),
    )
    return a, b


def relation(evidence: Evidence, a: Place, b: Place) -> Relation:
    """`near`, `reworded` or `quotes`, by how much of either text the passages are and how alike their wording is."""
    less, more = sorted((a, b), key=lambda place: place.covered)
    copied = more.covered >= _COPIED or less.covered >= _BOTH_COPIED
    amid = less.covered < _AMID and less.own >= _SENTENCE and evidence.trigrams < _VERBATIM
    if amid or not copied:
        return Relation.QUOTES
    return Relation.NEAR if evidence.trigrams >= _NEAR * more.covered else Relation.REWORDED
