"""Lines that hold several facts side by side: "By Ann Lee | Updated 3 May 2024 | 12 comments"."""

from __future__ import annotations

import re

from ingest.clean.draft import Draft
from ingest.clean.rules import RULES
from ingest.clean.shape import are_names, line_of
from ingest.model import Block, Residue, Role

_MOST_WORDS = 30
_MOST_PARTS = 6
_BETWEEN = re.compile(
    r"\s*[|·•]\s*|\s+[–—-]\s+|\s{2,}|\s*[,;]?\s+(?=(?:(?:last )?updated|modified|published|created|posted|by|uppdaterad"
    r"|publicerad|av|(?:zuletzt )?aktualisiert|veröffentlicht|stand|von|обновлено|опубликовано|автор|mis à jour|publié"
    r"|actualizado|publicado|aggiornato|pubblicato|bijgewerkt|gepubliceerd|aktualizacja|opublikowano)\s?[:\s])",
    re.IGNORECASE,
)
_HINT = re.compile(r"[|·•]|\d\d[:.]\d\d|\d{4}|\b(?:by|av|von|автор|min)\b")
_FACTS = frozenset({"byline", "byline_organisation", "published_stamp", "modified_stamp", "source_line"})
_COMPOUND_RULES = tuple(
    rule for rule in RULES if rule.name not in ("teaser", "teaser_plain", "copyright_credit", "breadcrumb")
)


def take_out_compounds(draft: Draft) -> None:
    """Lines at the top or bottom whose parts are all facts or buttons: each part is residue of its own."""
    lead, end = draft.zones()
    for place, line in list(draft.kept()):
        near = place < lead or place >= end
        if near and 2 < line.words <= _MOST_WORDS and line.block.role is not Role.QUOTE and _HINT.search(line.folded):
            parts = _parts(line.text)
            if parts:
                draft.marks[place] = parts


def _parts(text: str) -> tuple[Residue, ...]:
    pieces = [piece.strip() for piece in _BETWEEN.split(text)]
    pieces = [piece for piece in pieces if piece]
    if not 2 <= len(pieces) <= _MOST_PARTS:
        return ()
    found = [_find(piece) for piece in pieces]
    if not any(one is not None and one.rule in _FACTS for one in found):
        return ()
    # A place or a section may stand beside facts, once.
    unknown = [piece for piece, one in zip(pieces, found, strict=True) if one is None]
    if len(unknown) > 1 or any(len(piece.split()) > 3 or not are_names(piece) for piece in unknown):
        return ()
    return tuple(one or Residue(text=piece, rule="navigation") for piece, one in zip(pieces, found, strict=True))


def _find(piece: str) -> Residue | None:
    line = line_of(Block(text=piece))
    return next((residue for rule in _COMPOUND_RULES if (residue := rule.find(line)) is not None), None)
