"""Captions and credits of pictures: as blocks of that role, on lines beside each other, or both on one line."""

from __future__ import annotations

import re
from dataclasses import replace

from ingest.clean.draft import Draft
from ingest.clean.rules import is_credit
from ingest.clean.shape import Line, has_two_sentences, line_of
from ingest.lang.cues import telling
from ingest.lang.lexicon import once, tables
from ingest.lang.names import longest
from ingest.lang.needles import needles
from ingest.marks import with_text
from ingest.model import Block, Picture, Residue, Role

_CREDIT_LENGTH = 110  # characters, with the word before it
# A caption of a group from left to right has some 45 words; what is longer is a paragraph with a credit behind it.
_CAPTION_WORDS = 60
_UNSIGNED_WORDS = 25


def take_out_pictures(draft: Draft) -> None:
    """Mark captions and credits; from a paragraph that a credit follows on the same line only the credit goes.

    What the page itself marks as a caption stays one, without its credit: it is no part of the text.
    """
    for place, line in list(draft.kept()):
        ending = line.folded[-_CREDIT_LENGTH:]
        if any(hint in ending for hint in _hints()):
            _split_credit(draft, place)
    lead, _ = draft.zones()
    for place, line in list(draft.kept()):
        if line.words > _CAPTION_WORDS or line.block.role is not Role.BODY:
            continue
        before, after = draft.rule_at(place + 1) == "photo_credit", draft.rule_at(place - 1) == "photo_credit"
        beside = (before or after) and _sign().search(line.folded) is not None
        group = place < lead and len(_sign().findall(line.folded)) > 1
        if beside or group or (before and _is_bare_caption(line, in_lead=place < lead)):
            draft.mark(place, "caption")


def with_credit(picture: Picture) -> Picture:
    """The picture with its credit beside its caption instead of in it."""
    if picture.caption is None or picture.credit is not None:
        return picture
    told = {one.rule: one for one in _parts(line_of(Block(text=picture.caption, role=Role.CAPTION)))}
    caption, credit = told.get("caption"), told.get("photo_credit")
    return replace(picture, caption=caption.text if caption else None, credit=credit.value if credit else None)


def _is_bare_caption(line: Line, *, in_lead: bool) -> bool:
    """Above a credit and no sentence: a heading does not stand above a credit."""
    return (
        not line.ends_sentence and 2 <= line.words <= _UNSIGNED_WORDS and (in_lead or not has_two_sentences(line.text))
    )


def _parts(line: Line) -> tuple[Residue, ...]:
    found = _tail().search(line.folded, max(0, len(line.folded) - _CREDIT_LENGTH))
    if found is None or not is_credit(line.text[found.start(2) : found.end(2)]):
        return (Residue(text=line.text, rule="caption"),)
    whole = " photo" in found[1][:12]  # "AP Photo/Ann Lee" is a credit as it stands
    caption = line.text[: found.start()].strip(" ([")
    credit = Residue(
        text=line.text[len(caption) :].strip(),
        rule="photo_credit",
        value=line.text[found.start(1 if whole else 2) : found.end(2)].strip(" ("),
        moved_to="attribution.photo_credits",
    )
    return (Residue(text=caption, rule="caption"), credit) if caption else (credit,)


def _split_credit(draft: Draft, place: int) -> None:
    line = draft.lines[place]
    parts = _parts(line)
    if parts[-1].rule != "photo_credit":
        return
    if len(parts) == 1 or (line.words <= _CAPTION_WORDS and line.block.role in (Role.BODY, Role.HEADING)):
        draft.marks[place] = parts
    else:
        text = line.text[: -len(parts[-1].text)].rstrip()
        block = with_text(line.block, text)
        draft.trim(place, block, parts[-1])


@once
def _sign() -> re.Pattern[str]:
    return re.compile(telling("caption_signs"))


@once
def _hints() -> tuple[str, ...]:
    """Pieces of which one stands in each credit."""
    return ("©", " photo", *needles(row for table in tables("lines").values() for row in table.get("photo_labels", ())))


@once
def _tail() -> re.Pattern[str]:
    """The credit at the end of a caption: "... Photo: Ann Lee/TT", "(Foto: dpa)", "© Ann Lee/dpa", "or before it.

    Synonym spinners put labels that they took for names in braces: "{Photograph}: Ann Lee".
    """
    by = "|".join(re.escape(word) for word in longest("by") if " " not in word)
    label = rf"\{{?(?:{telling('photo_labels')})\}}?\s?(?:[:：]|©|(?:{by})\s)"
    agency = r"(?:ap|epa|afp|reuters|tass) photo\s?/"
    return re.compile(rf"(?:(?<=[.!?…\"”»)'])\s*|[\s([|])(?:[(\[]\s?)?((?:{label}|©|{agency})\s?(.{{2,60}}?))[)\]. ]*$")
