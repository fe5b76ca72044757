"""Lines that hold several facts side by side: "By Ann Lee | Updated 3 May 2024 | 12 comments"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ingest.clean.draft import Draft
from ingest.clean.rules import Rule, all_rules
from ingest.clean.shape import are_names, are_people, line_of
from ingest.lang.cues import telling
from ingest.lang.dates import is_line
from ingest.lang.lexicon import entries, once, tables
from ingest.lang.names import longest
from ingest.model import Block, Residue, Role

_MOST_WORDS = 30
_MOST_PARTS = 6
_FACTS = frozenset({"byline", "byline_organisation", "published_stamp", "modified_stamp", "source_line"})
_WHOLE_LINES = frozenset({"teaser", "teaser_plain", "copyright_credit", "breadcrumb"})  # not on parts of lines


def take_out_compounds(draft: Draft) -> None:
    """Lines at the top or bottom whose parts are all facts or buttons: each part is residue of its own."""
    lead, end = draft.zones()
    for place, line in list(draft.kept()):
        near = place < lead or place >= end
        if near and 2 < line.words <= _MOST_WORDS and line.block.role is not Role.QUOTE and _hint().search(line.folded):
            parts = _parts(line.text)
            if parts:
                draft.marks[place] = parts


def _parts(text: str) -> tuple[Residue, ...]:
    pieces = [piece.strip() for piece in _between().split(text)]
    pieces = [piece for piece in pieces if piece]
    if not 2 <= len(pieces) <= _MOST_PARTS:
        return ()
    found = [_find(piece) for piece in pieces]
    if not any(one is not None and one.rule in _FACTS for one in found):
        return ()
    # A place or a section may stand beside facts, once; people beside a day are those who wrote it.
    unknown = [piece for piece, one in zip(pieces, found, strict=True) if one is None]
    people = _stamped(found) and len(unknown) == 1 and are_people(unknown[0])
    if not people and (len(unknown) > 1 or any(len(piece.split()) > 3 or not are_names(piece) for piece in unknown)):
        return ()
    rest = byline if people else _navigation
    return tuple(one or rest(piece) for piece, one in zip(pieces, found, strict=True))


def head_facts(text: str) -> tuple[Residue, ...]:
    """The facts in a line of the page's head, whose pieces are parted by bars; the rest of it is not kept.

    A label and what it labels may be two pieces: "Updated: | 3 May 2024". What is nothing but days is one fact.
    """
    whole = text.replace(" | ", " ")
    if is_line(whole):
        return (Residue(text=whole, rule="published_stamp", value=whole, moved_to="published_at"),)
    pieces = [piece.strip() for part in text.split("|") for piece in _between().split(part)]
    facts: list[Residue] = []
    before = ""
    for piece in pieces:
        found = (_find(f"{before} {piece}") if before else None) or _find(piece)
        if found is not None and found.rule in _FACTS:
            facts.append(found)
        before = piece if found is None else ""
    names = [piece for piece in pieces if are_people(piece)]
    if _stamped(facts) and len(names) == 1 and not any(one.rule == "byline" for one in facts):
        facts.append(byline(names[0]))
    return tuple(facts)


def byline(names: str) -> Residue:
    """People whom their place in a line, not a word, tells to be the authors."""
    return Residue(text=names, rule="byline", value=names, moved_to="authors")


def _stamped(found: Iterable[Residue | None]) -> bool:
    return any(one is not None and one.rule == "published_stamp" for one in found)


def _navigation(piece: str) -> Residue:
    return Residue(text=piece, rule="navigation")


def _find(piece: str) -> Residue | None:
    line = line_of(Block(text=piece))
    return next((residue for rule in _compound_rules() if (residue := rule.find(line)) is not None), None)


@once
def _compound_rules() -> tuple[Rule, ...]:
    return tuple(rule for rule in all_rules() if rule.name not in _WHOLE_LINES)


@once
def _between() -> re.Pattern[str]:
    """What parts the facts of a line: bars and dashes, and the words before "by", "published" and the like."""
    labels = {word for section in ("published", "updated") for row in entries(section).values() for word in row}
    openers = sorted(labels - {word for row in entries("date_joiners").values() for word in row}, key=len)
    words = "|".join((telling("fact_openers"), *map(re.escape, reversed(openers))))
    return re.compile(
        rf"\s*[|·•]\s*|\s+[–—/-]\s+|\s{{2,}}|\s*[,;]?\s+(?=(?:{words})\s?[:\s])"
        r"|(?<=[\d\s)）])(?=[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2,6}\s?[：:])",  # no blank before a label
        re.IGNORECASE,
    )


@once
def _hint() -> re.Pattern[str]:
    """What stands in each line of facts: a bar, a time, a year, a word for "by", minutes to read."""
    minutes = [word for table in tables("units").values() for word in table.get("1", ())]
    words = "|".join(map(re.escape, (*longest("by", "author"), *minutes)))
    return re.compile(rf"[|·•]|\d\d[:.]\d\d|\d{{4}}|\b(?:{words})\b")
