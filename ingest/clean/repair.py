"""Sentences that were cut at their hyperlinks are joined again; marks of a converter go; labels become headings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ingest.clean.draft import Draft
from ingest.clean.shape import LIST_ITEM, Line, line_of
from ingest.lang.clauses import open_words
from ingest.lang.cues import telling
from ingest.lang.lexicon import once
from ingest.marks import fitting, moved, shifted, with_text
from ingest.model import Block, Role

_CLOSING = re.compile(r"(?:[,;:.!?»”)\]]|['’]s\b)(?![.…)\w-])|['’]s\b")
_TAKES_NO_SPACE = ("(", "[", "„", "«", "“", "/", "-")
_LINKED_WORDS = 6  # the words of a hyperlink to an outlet or a term
_SHORT_WORDS = 8
_TWO_SHORT = 16

_BOLD = re.compile(r"\*\*(?=\S)([^*\n]{1,300}?)(?<=\S)\*\*")
_ITALIC = re.compile(r"(?<![\w*])\*(?=[^\s*])([^*\n]{1,200}?)(?<=[^\s*])\*(?![\w*])")
_AFTER_WORD = re.compile(r"(?<=[^\W\d_]{3})\*(?=[\s.,;:!?)»”\"'’]|$)")
_LABEL = re.compile(r"[^\W\d_][^.!?:;,\n\"“”„«»()]{1,40}\s?:")


def join_broken(draft: Draft) -> Draft:
    """A draft in which the pieces of a sentence stand on one line again, whatever was taken out between them.

    A piece that begins in lower case, or with what closes a word, goes on the line before it, if that has no end of a
    sentence. Where the line before is only a few words (the hyperlink), the one before that may be the beginning.
    """
    places = [place for place, _ in draft.kept()]
    spans = _spans([draft.lines[place] for place in places])
    if not spans:
        return draft
    pieces_of = {places[first]: places[first:end] for first, end in spans.items()}
    later = {piece for pieces in pieces_of.values() for piece in pieces[1:]}
    joined = Draft.of(())
    for place, line in enumerate(draft.lines):
        if place in later:
            continue
        pieces = pieces_of.get(place, [place])
        number = len(joined.lines)
        joined.lines.append(
            line if len(pieces) == 1 else line_of(_joined([draft.lines[piece].block for piece in pieces]))
        )
        joined.marks.append(draft.marks[place])
        joined.openers |= {number} if place in draft.openers else set()
        joined.cut.update((number, draft.cut[piece]) for piece in pieces if piece in draft.cut)
    return joined


def _spans(lines: list[Line]) -> dict[int, int]:
    """The first piece of each broken sentence, and the number behind its last."""
    spans: dict[int, int] = {}
    start_of: dict[int, int] = {}  # where the span begins that ends before this line
    for number in range(1, len(lines)):
        if not _goes_on(lines[number], lines[number - 1]) or _in_verse(lines, number - 1):
            continue
        first = start_of.pop(number, None)
        if first is None:
            # The first half of another broken sentence may be the piece before: the two are one.
            before = start_of.pop(number - 1, None)
            first = before if before is not None else _beginning(lines, number)
        if first is not None:
            spans[first] = number + 1
            start_of[number + 1] = first
    return spans


def _in_verse(lines: list[Line], number: int) -> bool:
    """Whether a line is one of three in a row that have the length of a verse: of broken sentences some are shorter."""
    threes = (lines[first : first + 3] for first in range(max(0, number - 2), number + 1))
    return any(len(three) == 3 and all(map(_is_verse, three)) for three in threes)


def _is_verse(line: Line) -> bool:
    return 3 <= line.words <= _SHORT_WORDS and not line.ends_sentence


def _goes_on(line: Line, before: Line) -> bool:
    """Whether a line goes on the one before it, by its first letter."""
    text = line.text
    lower = text[:1].islower() and not text[1:2].isupper()
    return (lower or _CLOSING.match(text) is not None) and _may_be_piece(line) and _is_open(before)


def _may_be_piece(line: Line) -> bool:
    if line.block.role in (Role.LIST, Role.TABLE, Role.CAPTION) or LIST_ITEM.match(line.folded):
        return False
    return line.block.role is not Role.HEADING or line.block.origin == "plain"


def _is_open(line: Line) -> bool:
    return _may_be_piece(line) and not line.ends_sentence and not line.folded.rstrip().endswith(":")


def _beginning(lines: list[Line], number: int) -> int | None:
    """Where the sentence begins whose rest is line `number`; ``None`` where the two should stay apart."""
    rest, link = lines[number], lines[number - 1]
    if (
        number >= 2
        and link.words <= _LINKED_WORDS
        and _is_open(lines[number - 2])
        and _clause_is_open(lines[number - 2])
    ):
        return number - 2
    closing = _CLOSING.match(rest.text) is not None
    if closing or link.words + rest.words > _TWO_SHORT or _last_word(link) in open_words():
        return number - 1
    # Two short lines may be verses, or items of a list.
    return number - 1 if rest.ends_sentence and link.words > _SHORT_WORDS else None


def _clause_is_open(line: Line) -> bool:
    last = _last_word(line)
    if last in open_words() or _outlet().fullmatch(last) or line.folded.endswith((",", "(", "„", "“", "«")):
        return True
    clause = _subordinate().search(line.folded) is not None or any(mark in line.text for mark in ('"', "”", "“", "»"))
    on_a_page = line.block.origin != "plain" and line.block.role is Role.BODY
    return clause or on_a_page or line.words > 12


def _last_word(line: Line) -> str:
    return line.folded.split()[-1] if line.folded.split() else ""


def _joined(pieces: list[Block]) -> Block:
    text = pieces[0].text.rstrip()
    marks = list(pieces[0].marks)
    for piece in pieces[1:]:
        more = piece.text.strip()
        tight = _CLOSING.match(more) is not None or (text.endswith(_TAKES_NO_SPACE) and not text.endswith((" -", " /")))
        text += "" if tight else " "
        marks += [
            shifted(one, one.start + len(text), one.end + len(text)) for one in moved(piece.marks, piece.text, more)
        ]
        text += more
    anchors = tuple(anchor for piece in pieces for anchor in piece.anchors)
    role = Role.QUOTE if all(piece.role is Role.QUOTE for piece in pieces) else Role.BODY
    return replace(pieces[0], text=text, role=role, anchors=anchors, marks=fitting(marks, text), level=None)


def tidy(draft: Draft) -> Iterator[Block]:
    """The blocks that are kept, without asterisks of links and bold type; labels on their own are headings."""
    noted = any(line.text.startswith("*") and line.words > 1 for _, line in draft.kept())
    kept = [line for _, line in draft.kept()]
    for number, line in enumerate(kept):
        block = line.block
        text = _without_asterisks(block.text, noted=noted) if "*" in block.text else block.text
        followed = number + 1 < len(kept)
        role = Role.HEADING if followed and block.role is Role.BODY and _is_label(line) else block.role
        yield block if (text, role) == (block.text, block.role) else replace(with_text(block, text), role=role)


def _is_label(line: Line) -> bool:
    """Whether a line is a label: "Comment:". Not what leads to a quotation: "She said:"."""
    return line.words <= 4 and _LABEL.fullmatch(line.text) is not None and _speaks().search(line.folded) is None


def _without_asterisks(text: str, *, noted: bool) -> str:
    """`noted` says that a note below begins with an asterisk: then one behind a word leads to it."""
    text = _ITALIC.sub(r"\1", _BOLD.sub(r"\1", text))
    return text if noted else _AFTER_WORD.sub("", text)


@once
def _outlet() -> re.Pattern[str]:
    """The clause of such a word goes on behind the noun."""
    return re.compile(telling("outlet"))


@once
def _subordinate() -> re.Pattern[str]:
    return re.compile(rf"\s(?:{telling('subordinate')})\s")


@once
def _speaks() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{telling('speaks')})\b")
