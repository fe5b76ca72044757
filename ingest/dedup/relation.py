"""How two linked texts are related: a copy, a rewording, or a quote, and who quotes whom."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.dedup.evidence import Evidence
from ingest.dedup.facts import Facts
from ingest.dedup.settle import SERIES_CONFLICT
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

# So alike are the versions of a report of which some facts were changed: each of them takes three neighbouring words.
_UPDATED = 0.75
_MOST_UPDATED = 4

_QUOTED = 50  # words in one piece

# What shows of two texts alone that they tell of two things, though most names agree: it is facts in which they differ,
# rather than words, and either most of their numbers or a good part of all, or a name that recurs and some numbers.
_FACTS_NOT_WORDS = 0.5
_FEWEST_OTHER = 4
_OTHER_NUMBERS = 0.57  # what is counted of one event changes in an update, what is known of it stays
_OF_BOTH_KINDS = 2

# A frame with other things in its slots: nearly every place in which the texts differ is one where each tells something
# else. Who copies also adds, drops and turns words: of copies of news 1 % are so pure.
_FRAME = 0.8
_PURE_FRAME = 0.85  # where no number stands against another
_FEWEST_CHANGES = 3
_OTHER_NAMES = 0.5  # where names do, and hardly any agree
_MOST_UNPROVEN = 3  # places with other words, where neither a number agrees nor one stands against another
_WORDS_TOO = 2


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


def copied(evidence: Evidence) -> bool:
    """Whether the shared passages are nearly all of one text, or most of both."""
    less, more = sorted((evidence.covered_a, evidence.covered_b))
    return more >= _COPIED or less >= _BOTH_COPIED


def stock(evidence: Evidence, facts: Facts) -> bool:
    """Whether the passages are sentences that many reports are made from: short ones, around other facts.

    What is quoted keeps its facts, or is long enough to be known all the same.
    """
    longest = max(max(chain.a_end - chain.a_start, chain.b_end - chain.b_start) for chain in evidence.chains)
    return longest < _QUOTED and facts.share > SERIES_CONFLICT


def tells_otherwise(facts: Facts) -> bool:
    """Whether two texts tell of two things in the same words: a bulletin of two days, two matches of one club."""
    if facts.density < _FACTS_NOT_WORDS:
        return False
    if facts.renamed and facts.numbers >= _OF_BOTH_KINDS and facts.count >= _FEWEST_OTHER:
        return True  # whom it is about is somebody else
    if facts.numbers >= _FEWEST_OTHER and facts.share_of_numbers > _OTHER_NUMBERS:
        return True
    return min(facts.names, facts.numbers) >= _OF_BOTH_KINDS and facts.share > SERIES_CONFLICT


def unproven(facts: Facts) -> bool:
    """Whether nothing shows that two texts which differ like the fillings of one frame tell of the same.

    Nobody knows all words that may stand for facts. So in such a frame it does not suffice that no conflict is known:
    numbers have to agree, more than twice as many as do not; where none stands against another, one has to, or names
    have where some do not. That names agree is no proof otherwise, for a frame has some. Several numbers of which none
    agrees are too much in any text.
    """
    if facts.numbers >= _OF_BOTH_KINDS and not facts.same_numbers and facts.share > SERIES_CONFLICT:
        return True
    share = facts.told_otherwise / max(1, facts.changes)
    if facts.changes < _FEWEST_CHANGES or share < _OTHER_NAMES:
        return False
    if facts.numbers:
        words = facts.told_otherwise - facts.numbers
        return share >= _FRAME and words >= _WORDS_TOO and facts.proving <= 2 * facts.numbers
    if facts.proving or facts.told_otherwise <= _MOST_UNPROVEN:
        return False
    return share >= _PURE_FRAME or (facts.names > 0 and facts.same_names <= 2 * facts.names)


def relation(evidence: Evidence, a: Place, b: Place, facts: Facts) -> Relation:
    """`near`, `update`, `reworded`, `same_template` or `quotes`.

    It is told by how much of either text the passages are, how alike their wording is, and which facts differ: nearly
    the same text with a few other facts is the same report, brought up to date.
    """
    less, more = sorted((a, b), key=lambda place: place.covered)
    if tells_otherwise(facts):
        return Relation.SAME_TEMPLATE
    amid = less.covered < _AMID and less.own >= _SENTENCE and evidence.trigrams < _VERBATIM
    if amid or not copied(evidence):
        return Relation.QUOTES
    if unproven(facts):
        return Relation.SAME_TEMPLATE
    alike = evidence.trigrams / more.covered
    if alike >= _UPDATED and 0 < facts.count <= _MOST_UPDATED and facts.share <= SERIES_CONFLICT:
        return Relation.UPDATE
    return Relation.NEAR if evidence.trigrams >= _NEAR * more.covered else Relation.REWORDED
