"""Captions and credits of pictures: as blocks of that role, on lines beside each other, or both on one line."""

from __future__ import annotations

import re
from dataclasses import replace

from ingest.clean.checks import is_credit
from ingest.clean.draft import Draft
from ingest.clean.shape import Line, has_two_sentences, line_of
from ingest.marks import with_text
from ingest.model import Block, Picture, Residue, Role

# What only a caption says of what can be seen. In lower case.
_SIGN = re.compile(
    r"\bfile (?:photo|picture|image)\b|^(?:file|archive?|arkiv|archiv|архив)\s?[-–—:]|\bpictured\b"
    r"|\bseen (?:here|in this)\b"
    r"|\b(?:photo|photograph|picture|image|foto|bild|bilden|aufnahme|снимок|снимке|фото|imagen|zdjęcie)\b.{0,80}"
    r"\b(?:shows?|zeigt|visar|показыва|taken|released|provided|undated|muestra|montre|przedstawia)"
    r"|\((?:l|r|c|left|right|cent(?:re|er)|from left.{0,20}|li|re|links|rechts|m|mitte|t\.? ?v|t\.? ?h"
    r"|till (?:vänster|höger)|i mitten|слева|справа|в центре|archivbild|archivfoto|archiv|arkiv|arkivbild)\.?\)"
    r"|\bfrom left\b|\bvon links\b|\bfrån vänster\b|слева направо|\b(?:auf (?:dem|diesem) (?:foto|bild)|im bild)\b"
    r"|\b(?:på bilden|i bild|arkivbild|archivbild|archivfoto|symbolbild|symbolfoto|genrebild)\b"
    r"|на (?:фото|снимке|фотографии)\b|архивное фото|\ben la (?:foto|imagen)\b|\bsur (?:la |cette )?photo\b"
    r"|\bnella foto\b|\bop de foto\b|\bna zdjęciu\b|في الصورة"
)
_LABEL = (
    r"(?:photo(?:graph)?s?|pictures?|images?|foto(?:graf(?:ie?)?)?s?|bild(?:er|quelle|nachweis)?|фото(?:графия|граф)?|снимок|fot\.|zdjęcie"
    r"|crédit(?: photo)?|imagen|beeld|صورة)(?: credits?| courtesy(?: of)?)?"
)
# The credit at the end of a caption: "... Photo: Ann Lee/TT", "(Foto: dpa)", "© Ann Lee/dpa", "(AP Photo/Ann Lee)".
_TAIL = re.compile(
    r"(?:(?<=[.!?…\"”»)'])\s*|[\s([|])(?:[(\[]\s?)?"
    # Synonym spinners put labels that they took for names in braces: "{Photograph}: Ann Lee".
    rf"(\{{?(?:{_LABEL}\}}?\s?(?:[:：]|©|by\s|av\s|von\s)|©|(?:ap|epa|afp|reuters|tass) photo\s?/)"
    r"\s?(.{2,60}?))[)\]. ]*$"
)
_HINTS = (
    "photo",
    "foto",
    "bild",
    "фото",
    "©",
    "image",
    "picture",
    "снимок",
    "fot.",
    "zdjęcie",
    "crédit",
    "beeld",
    "صورة",
)
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
        if any(hint in ending for hint in _HINTS):
            _split_credit(draft, place)
    lead, _ = draft.zones()
    for place, line in list(draft.kept()):
        if line.words > _CAPTION_WORDS or line.block.role is not Role.BODY:
            continue
        before, after = draft.rule_at(place + 1) == "photo_credit", draft.rule_at(place - 1) == "photo_credit"
        beside = (before or after) and _SIGN.search(line.folded) is not None
        group = place < lead and len(_SIGN.findall(line.folded)) > 1
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
    found = _TAIL.search(line.folded, max(0, len(line.folded) - _CREDIT_LENGTH))
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
