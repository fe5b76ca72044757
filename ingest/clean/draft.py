"""An article on its way through the cleaner: its lines, and for each what residue it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from ingest.clean.rules import Place, Rule, all_rules, allowed
from ingest.clean.shape import Line, line_of
from ingest.findings import Address, Findings, NamedLine, Note, PrintedDate, Signature, Signer
from ingest.lang.lexicon import once
from ingest.lang.notes import says_machine_translated
from ingest.model import Block, Residue, Role

# The lead of an article reaches to its second full paragraph, its end begins with the last but one: stamps, bylines
# and pictures stand between the first two as well, notices before the last.
_NEAR = 2
_LONGEST_TEXT = 1000  # characters: a line of dashes has one word, and a page that means harm has a long one
_SIGNERS = {
    "author_box": Signer.PEOPLE,
    "byline": Signer.PEOPLE,
    "byline_organisation": Signer.ORGANISATION,
    "initials": Signer.INITIALS,
}
# From here on a page is about other pages: what stands below is not this article's.
_ENDS = frozenset({"navigation", "trailer", "copyright"})
# Below the last line of a text may stand these: an address in front of them is still at its end.
_BELOW = _ENDS | {
    "ad_marker",
    "aggregator_stamp",
    "asterisk",
    "author_box",
    "bare_url",
    "comments",
    "disclaimer",
    "initials",
    "newsletter",
    "related",
    "share",
    "site_line",
    "source_line",
    "source_link",
    "tags",
    "teaser",
}
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


def findings_in(taken: Sequence[Residue]) -> Findings:
    """The facts in lines that are taken out, in reading order: the one place that knows them by their codes."""

    def of(*rules: str) -> list[Residue]:
        return [one for one in taken if one.rule in rules]

    def named(rule: str) -> tuple[NamedLine, ...]:
        return tuple(NamedLine(text=one.text, name=one.value or "") for one in of(rule))

    def texts(rule: str) -> tuple[str, ...]:
        return tuple(one.text for one in of(rule))

    end = len(taken) - sum(1 for _ in takewhile(lambda one: one.rule in _BELOW, reversed(taken)))
    above = taken[: next((place for place, one in enumerate(taken) if one.rule in _ENDS), None)]
    return Findings(
        signatures=tuple(
            Signature(text=one.text, names=one.value or "", signer=_SIGNERS[one.rule])
            for one in of(*_SIGNERS)
            if one.value or one.rule != "author_box"
        ),
        contributors=texts("contributors"),
        dates=tuple(
            PrintedDate(text=one.text, date=one.value or "", is_change=one.rule == "modified_stamp")
            for one in of("published_stamp", "modified_stamp")
        ),
        aggregated=tuple(one.value or one.text for one in above if one.rule == "aggregator_stamp"),
        credits=named("photo_credit"),
        captions=texts("caption"),
        sources=named("source_line"),
        site_lines=named("site_line"),
        addresses=tuple(
            Address(text=one.text, url=one.value or one.text, is_last=place >= end)
            for place, one in enumerate(taken)
            if one.rule == "bare_url"
        ),
        translators=texts("translator"),
        notes=tuple(Note(text=one.text, url=one.value) for one in of("translation_note")),
        links_source=bool(of("source_link")),
        machine_translated=any(says_machine_translated(one.text) for one in taken),
    )


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
