"""An article on its way through the cleaner: its lines, and for each what residue it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ingest.clean.rules import Place, Rule, all_rules, allowed
from ingest.clean.shape import Line, line_of
from ingest.lang.lexicon import once
from ingest.model import Block, Residue, Role

# The lead of an article reaches to its second full paragraph, its end begins with the last but one: stamps, bylines
# and pictures stand between the first two as well, notices before the last.
_NEAR = 2
_LONGEST_TEXT = 1000  # characters: a line of dashes has one word, and a page that means harm has a long one
_PASSES = 4  # what is taken out at the end may show the notice before it to stand at the end too


@dataclass(slots=True)
class Draft:
    """Lines in reading order. `marks[i]` is the residue that line i becomes: none where it is kept.

    `openers` are the lines after which a list of teasers may follow; `cut` is what was cut off the end of a line that
    is kept.
    """

    lines: list[Line]
    marks: list[tuple[Residue, ...]]
    openers: set[int]
    cut: dict[int, Residue]

    @classmethod
    def of(cls, blocks: Iterable[Block]) -> Draft:
        """A draft in which every block is kept."""
        lines = [line_of(block) for block in blocks]
        return cls(lines=lines, marks=[()] * len(lines), openers=set(), cut={})

    def kept(self) -> Iterator[tuple[int, Line]]:
        """The lines that are kept, with their places."""
        return ((place, line) for place, line in enumerate(self.lines) if not self.marks[place])

    def mark(self, place: int, rule: str, value: str | None = None, moved_to: str | None = None) -> None:
        """Take a line out."""
        residue = Residue(text=self.lines[place].text, rule=rule, value=value, moved_to=moved_to if value else None)
        self.marks[place] = (residue,)

    def trim(self, place: int, block: Block, residue: Residue) -> None:
        """Keep a line without its end."""
        self.lines[place] = line_of(block)
        self.cut[place] = residue

    def rule_at(self, place: int) -> str | None:
        """Under which code a line was taken out."""
        return self.marks[place][0].rule if 0 <= place < len(self.marks) and self.marks[place] else None

    def paragraphs(self) -> list[int]:
        """The places of the full paragraphs that are kept."""
        return [place for place, line in self.kept() if line.is_paragraph]

    def zones(self) -> tuple[int, int]:
        """Up to which line the lead reaches, and from which the end does. In a short article they overlap."""
        paragraphs = self.paragraphs()
        if len(paragraphs) < _NEAR:
            return len(self.lines), 0
        return paragraphs[_NEAR - 1], paragraphs[-_NEAR] + 1


def apply_rules(draft: Draft) -> None:
    """Take out the lines that a rule fits: first those that may stand anywhere, which shows where lead and end are."""
    for place, line in draft.kept():
        _apply(draft, place, _rules(line.words, in_lead=False, at_end=False))
    asked: set[tuple[int, bool, bool]] = set()
    for _ in range(_PASSES):
        lead, end = draft.zones()
        before = draft.marks.count(())
        for place, line in draft.kept():
            question = (place, place < lead, place >= end)
            if any(question[1:]) and question not in asked:
                asked.add(question)
                _apply(draft, place, _rules(line.words, in_lead=place < lead, at_end=place >= end))
        if draft.marks.count(()) == before:
            break


def _apply(draft: Draft, place: int, rules: Sequence[Rule]) -> None:
    line = draft.lines[place]
    if (line.block.role is Role.QUOTE and line.is_paragraph) or len(line.text) > _LONGEST_TEXT:
        return
    for rule in rules:
        residue = rule.find(line)
        if residue is not None:
            draft.marks[place] = (residue,)
            if rule.opens:
                draft.openers.add(place)
            return


def _rules(words: int, *, in_lead: bool, at_end: bool) -> tuple[Rule, ...]:
    return _fitting(words, in_lead, at_end) if words <= _longest() else ()


@once
def _longest() -> int:
    """No rule fits a line of more words."""
    return max(rule.max_words for rule in all_rules())


@once
def _fitting(words: int, in_lead: bool, at_end: bool) -> tuple[Rule, ...]:
    """The rules for lines of so many words: most lines are too long for most rules."""
    near = in_lead or at_end
    return tuple(
        rule
        for rule in all_rules()
        if words <= rule.max_words
        and (rule.place is not Place.ANYWHERE) == near
        and allowed(rule, in_lead=in_lead, at_end=at_end)
    )
