"""Facts that stand against each other: what tells two reports made from one template from two copies of one report.

Both have the same words in the same order. In a copy the names and numbers among them agree; in the next report of a
series others stand in their places. The words of every shared passage are aligned, and between the words that match lie
slots: where both texts have something specific in a slot that the other text lacks altogether, one fact stands against
another. What differs only in its spelling is no conflict: names are transliterated and inflected in many ways.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from ingest.dedup.chain import Chain
from ingest.dedup.exchanges import Slot, Specific, any_alike, conflict, exchanges
from ingest.dedup.fuzzy import common_blocks
from ingest.dedup.specific import Kind
from ingest.dedup.stems import PAIR, SPACELESS
from ingest.link import Conflict, Fact

_LONGEST_SLOT = 12  # words: what lies further apart was not exchanged for each other
_LONGEST_RUN = 24  # overlapping runs of characters: a long name in a script without spaces
_LONGEST_PASSAGE = 6000  # words are aligned of a passage: the work grows with the square
_MOST_KEPT = 40  # conflicts are kept of a pair: a few show that there are many

# A name of two to five Chinese or Japanese characters that another takes the place of touches one more pair of them.
_FEWEST_RUNS, _MOST_RUNS = 3, 6
_FOOT = 15  # words, of the shortest that tells what a company does and where
_MOST_FOOT = 0.6  # of a passage: more is the text itself, under another headline
_OFTEN = 2

# A day's full stop ends no sentence: "4. April".
_SENTENCE_ENDS = re.compile(r"(?<!\d)[.!?…][\"'”»)]*\s|[。！？]|\n")

_Words: TypeAlias = tuple[str, str] | None
_Where: TypeAlias = tuple[Sequence[int], Sequence[int], _Words]
_Found: TypeAlias = dict[tuple[Fact, frozenset[int | str], frozenset[int | str]], _Where]
"""Facts that stand against each other: their places in either text, and the words where these are not those there."""

_KINDS = ((Fact.NUMBER, Kind.NUMBER), (Fact.NAME, Kind.NAME))


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """How the facts of two texts stand to each other.

    Attributes:
        conflicts: those that stand against each other, each difference once, in the order of the first text.
        count: how many there are; `conflicts` has the first of very many.
        share: of all facts in the passages, the share that stands against each other; 0 to 1.
        names: how many of them are names.
        numbers: how many are numbers.
        renamed: how many are names that either text has again and again.
        share_of_numbers: the same share of the numbers alone.
        density: how many there are for each place in which the texts have other words.
        same_names: how many names of the passages agree.
        same_numbers: how many numbers do.
        proving: how many of these stand above what a company says below everything: a foot that is long and the same.
        changes: how many places there are in the passages in which the texts are not the same.
        told_otherwise: in how many of them each has telling words that the other lacks, numbers that stand against
            each other included.
        exchanged: every place where the texts have words, no numbers, that the other lacks, if these are few.
    """

    conflicts: tuple[Conflict, ...]
    count: int
    share: float
    names: int = 0
    numbers: int = 0
    renamed: int = 0
    share_of_numbers: float = 0.0
    density: float = 0.0
    same_names: int = 0
    same_numbers: int = 0
    proving: int = 0
    changes: int = 0
    told_otherwise: int = 0
    exchanged: tuple[Conflict, ...] = ()


def weigh_facts(a: Specific, b: Specific, passages: Iterable[Chain]) -> Facts:
    """Which names and numbers of the shared passages stand against each other, and how many agree."""
    proving: set[int] = set()
    below: set[int] = set()
    found: _Found = {}
    telling: list[Slot] = []
    changes = 0
    for passage in passages:
        blocks, slots = _aligned(a, b, passage)
        changes += max(0, len(blocks) - 1)
        kinds, stems = a.kinds, a.stems
        foot = _foot(a, blocks) if blocks else 0
        for block in blocks:
            proving.update([stems[place] for place in block[: max(0, foot - block.start)] if kinds[place]])
            below.update([stems[place] for place in block[max(0, foot - block.start) :] if kinds[place]])
        for slot_a, slot_b in slots:
            if a.has_facts(slot_a) and b.has_facts(slot_b):
                _conflicts(a, slot_a, b, slot_b, found)
        if a.paired and b.paired:
            found |= _renamed(a, b, slots)
        telling += [slot for slot in slots if a.tells(slot[0]) and b.tells(slot[1])]
    agreed = proving | below
    count, numbers = len(found), sum([fact is Fact.NUMBER for fact, _, _ in found])
    same_numbers = len(agreed & a.profile.numbers)
    exchanged = sum([bool(a.words_beside(ours, b) and b.words_beside(theirs, a)) for ours, theirs in telling])
    names = [where for (fact, _, _), where in found.items() if fact is Fact.NAME]
    listed = sorted(found.items(), key=lambda one: (one[1][0][0], one[1][1][0], one[0][0]))[:_MOST_KEPT]
    return Facts(
        conflicts=tuple([conflict(fact, a, ours, b, theirs, words) for (fact, _, _), (ours, theirs, words) in listed]),
        count=count,
        share=count / (count + len(agreed) + 1),
        names=count - numbers,
        numbers=numbers,
        renamed=sum([_recurs(a, ours) and _recurs(b, theirs) for (ours, theirs, _) in names]),
        share_of_numbers=numbers / (numbers + same_numbers + 1),
        density=count / max(1, len(telling)),
        same_names=len(agreed) - same_numbers,
        same_numbers=same_numbers,
        proving=len(proving & a.profile.numbers),
        changes=changes,
        told_otherwise=exchanged + numbers,
        exchanged=exchanges(a, b, telling),
    )


def _foot(a: Specific, blocks: Sequence[range]) -> int:
    """Where whole sentences begin in which nothing differs to the end of what matches: some, and not most of it."""
    last = blocks[-1]
    if len(last) <= _FOOT:
        return last.stop
    starts = (at for at in last[1:] if _SENTENCE_ENDS.search(a.text, a.ends[at - 1] - 1, a.starts[at] + 1))
    foot = next(starts, last.stop)
    return foot if _FOOT <= last.stop - foot <= _MOST_FOOT * (last.stop - blocks[0].start) else last.stop


def _conflicts(a: Specific, slot_a: range, b: Specific, slot_b: range, found: _Found) -> None:
    """Add the facts that stand against each other in a slot."""
    own, other = a.facts_beside(slot_a, b), b.facts_beside(slot_b, a)
    if len(slot_a) == len(slot_b) == 1:
        # One number in the place of another: small ones stand elsewhere in any longer text.
        own, other = own or _number(a, slot_a), other or _number(b, slot_b)
    if not own or not other:
        return
    for fact, kind in _KINDS:
        ours = [place for place in own if a.kinds[place] == kind]
        theirs = [place for place in other if b.kinds[place] == kind] if ours else []
        if theirs and not (kind is Kind.NAME and any_alike(a, ours, b, theirs)):
            key = (fact, frozenset([a.stems[p] for p in ours]), frozenset([b.stems[p] for p in theirs]))
            found.setdefault(key, (ours, theirs, None))


def _recurs(one: Specific, places: Sequence[int]) -> bool:
    return all(one.known[one.stems[place]] > 1 for place in places)


def _number(one: Specific, slot: range) -> list[int]:
    return [place for place in slot if one.kinds[place] == Kind.NUMBER]


def _renamed(a: Specific, b: Specific, slots: Sequence[Slot]) -> _Found:
    """Runs of characters that give way to the same others again and again: in Chinese, names do."""
    seen: defaultdict[tuple[str, str], list[Slot]] = defaultdict(list)
    for slot_a, slot_b in slots:
        one, other = _characters(a, slot_a), _characters(b, slot_b)
        if one and other and a.is_new(slot_a, b) and b.is_new(slot_b, a):
            seen[one, other].append((slot_a, slot_b))
    return {
        (Fact.NAME, frozenset({one}), frozenset({other})): (*slots[0], (one, other))
        for (one, other), slots in seen.items()
        if len(slots) >= _OFTEN
    }


def _characters(one: Specific, slot: range) -> str | None:
    """The characters that were exchanged in a slot of overlapping pairs; ``None`` where it has other words."""
    if not _FEWEST_RUNS <= len(slot) <= _MOST_RUNS or any(not PAIR.fullmatch(one.word(place)) for place in slot):
        return None
    return "".join(one.word(place)[0] for place in slot[1:])


def _aligned(a: Specific, b: Specific, passage: Chain) -> tuple[list[range], list[Slot]]:
    """The runs of places of the first text that match in a passage, and the slots with words on both sides."""
    end_a = min(passage.a_end, passage.a_start + _LONGEST_PASSAGE)
    end_b = min(passage.b_end, passage.b_start + _LONGEST_PASSAGE)
    blocks = common_blocks(a.stems[passage.a_start : end_a], b.stems[passage.b_start : end_b])
    longest = _LONGEST_RUN if SPACELESS.match(a.text, a.starts[passage.a_start]) else _LONGEST_SLOT
    same: list[range] = []
    slots: list[Slot] = []
    at_a, at_b = passage.a_start, passage.b_start
    for from_a, from_b, length in blocks:
        start_a, start_b = passage.a_start + from_a, passage.b_start + from_b
        if 0 < start_a - at_a <= longest and 0 < start_b - at_b <= longest:
            slots.append((range(at_a, start_a), range(at_b, start_b)))
        at_a, at_b = start_a + length, start_b + length
        same.append(range(start_a, at_a))
    return same, slots
