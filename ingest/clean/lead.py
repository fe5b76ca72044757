"""What stands above the text: the title once more, the site's name over it, a copy of the beginning, the byline."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from ingest.clean.compound import byline
from ingest.clean.draft import Draft
from ingest.clean.rules import is_organisation, rule_named
from ingest.clean.shape import Line, are_names, has_two_sentences, is_person, line_of
from ingest.lang.bylines import credited, is_signature, read_byline
from ingest.lang.labels import is_label, names_others
from ingest.lang.lexicon import once
from ingest.lang.names import longest
from ingest.lang.words import count_words
from ingest.model import Article, Block, Byline, Residue, Role
from ingest.text import letters

# A title is looked for in so many lines: above it stand a kicker, the site's name and claim, a stamp.
_TITLE_LINES = 8
_LEAD_LINES = 14
_LAST_LINES = 4  # who wrote may stand at the end as well
# Shares of common 4-grams of letters in a headline that was reworded for search engines: anywhere in the lead, and in
# the heading that a page begins with.
_SAME_TITLE = 0.6
_SAME_FIRST = 0.4
_SAME_TEXT = 0.8  # of common words in two versions of a standfirst
_COPY_WORDS = 12
_LEAST_PIECE = 8
_MADE_OF = 0.6  # of the letters: a teaser made by a program leaves out some lines, and has others
_COPIED_TOGETHER = 3
_LEAST_COPY = 40  # characters: shorter beginnings are shared by chance
_CUT_OFF = re.compile(r"\s*[\[(]?(?:…|\.{3})[\])]?\s*(?:[^\W\d]+[\s→»>]*){0,3}$")
_NO_CREDIT = frozenset({Role.CAPTION, Role.HEADING})
_DIGITS = re.compile(r"\d+")


def take_out_copies(draft: Draft) -> None:
    """Paragraphs that stand twice: above the text, whole or cut short; word for word beside their twins."""
    lead = [
        (place, line) for place, line in enumerate(draft.lines[:_LEAD_LINES]) if line.block.role is not Role.CAPTION
    ]
    for number, (place, line) in enumerate(lead[:_TITLE_LINES]):
        following = [other for _, other in lead[number + 1 :]]
        if not draft.marks[place] and line.words >= _COPY_WORDS and _may_be_copy(line, following):
            own = letters(_without_cut(line.text))
            if _is_made_of(own, [letters(other.text) for other in following]) or _is_version(line, following[:5]):
                draft.mark(place, "repeated_lead")
    for place in _second_copies(draft):
        draft.mark(place, "repeated_lead")


def _second_copies(draft: Draft) -> list[int]:
    """Where a paragraph stands right behind its twin, or several stand a second time in their order.

    A single paragraph that comes again further down is the writer's: a refrain, a menu, terms that repeat.
    """
    kept = list(draft.kept())
    copies = [place for (_, before), (place, line) in pairwise(kept) if line.is_paragraph and line.text == before.text]
    paragraphs = [(place, line.text) for place, line in kept if line.is_paragraph]
    first: dict[str, int] = {}
    run: list[int] = []
    behind = 0  # how many paragraphs further down the second copy stands
    for number, (place, text) in enumerate([*paragraphs, (0, "")]):
        twin = first.setdefault(text, number)
        if number - twin != behind:
            copies += run if len(run) >= _COPIED_TOGETHER and behind else []
            run, behind = [], number - twin
        run.append(place)
    return sorted(set(copies))


def _may_be_copy(line: Line, following: Sequence[Line]) -> bool:
    """Whether its first or last words are in a line that follows: cheap, and true of every copy."""
    words = _without_cut(line.folded).split()
    text = "\n".join([other.folded for other in following])
    return " ".join(words[:4]) in text or " ".join(words[-4:]) in text


def _without_cut(text: str) -> str:
    """A text without the dots, and the "read more", where it was cut short."""
    return _CUT_OFF.sub("", text) if "…" in text or "..." in text else text


def _is_made_of(own: str, following: list[str]) -> bool:
    """Whether a text is a row of the lines that follow, the last one perhaps cut short, with little between them."""
    if len(own) < _LEAST_COPY:
        return False
    covered = 0
    for line in {line for line in following if len(line) >= _LEAST_PIECE}:
        if line in own:
            covered += len(line)
        elif (start := own.rfind(line[:_LEAST_PIECE])) >= 0 and line.startswith(own[start:]):
            covered += len(own) - start
    return covered >= _MADE_OF * len(own)


def _is_version(line: Line, following: Sequence[Line]) -> bool:
    """Whether the next lines hold nearly the same paragraph, and no worse one."""
    mine, digits = set(line.folded.split()), _DIGITS.findall(line.folded)
    for other in following:
        if digits != _DIGITS.findall(other.folded):  # another price, another day: another fact
            continue
        if other.is_paragraph and len(line.text) <= len(other.text) <= 1.3 * len(line.text):
            theirs = set(other.folded.split())
            if len(mine & theirs) >= _SAME_TEXT * len(mine | theirs):
                return True
    return False


def find_title(article: Article, draft: Draft) -> str | None:
    """The title: in plain text a headline that stands there twice, for the first line may be the site's name."""
    if not draft.lines or draft.lines[0].block.origin != "plain" or article.title != draft.lines[0].text:
        return article.title
    seen: set[str] = set()
    for line in draft.lines[:_LEAD_LINES]:
        own = letters(line.text)
        if own in seen and line.is_headline:
            return line.text
        seen.add(own)
    return article.title


def take_out_titles(draft: Draft, title: str | None) -> int:
    """The title above the text, also under a kicker.

    Returns:
        Where it stands first; 0 where it does not.
    """
    if title is None:
        return 0
    wanted = letters(title)
    lead, _ = draft.zones()
    found = [
        place
        for place, line in draft.kept()
        if place < max(lead, 1) and place < _LEAD_LINES and _is_title(line, wanted, place)
    ]
    for place in found:
        draft.mark(place, "repeated_title", draft.lines[place].text, "title")
    return found[0] if found and found[0] < _TITLE_LINES else 0


def _is_title(line: Line, wanted: str, place: int) -> bool:
    if line.words > 40 or line.block.role in (Role.LIST, Role.CAPTION) or not wanted:
        return False
    own = letters(line.text)
    if own == wanted:
        return True
    if len(own) < 12 or len(wanted) < 12 or (line.ends_sentence and line.is_paragraph):
        return False
    if wanted.startswith(own) or wanted.endswith(own) or own.startswith(wanted) or own.endswith(wanted):
        return 0.4 * len(wanted) < len(own) < 2.5 * len(wanted)
    if line.block.role is not Role.HEADING or line.block.origin == "plain" or place > 2:
        return False
    mine, theirs = _grams(own), _grams(wanted)
    least = _SAME_FIRST if place == 0 and line.words >= 5 else _SAME_TITLE
    return len(mine & theirs) >= least * min(len(mine), len(theirs))


def take_out_above(draft: Draft, title: int) -> None:
    """The site's name and claim in plain text, a kicker on a page: short lines that are no sentence."""
    for place in range(title):
        line = draft.lines[place]
        if draft.marks[place] or line.words > 12 or line.is_paragraph:
            continue
        if line.ends_sentence and not line.folded.endswith(("...", "…")):
            continue
        if line.block.origin == "plain":
            draft.mark(place, "site_line", line.text if place == 0 and are_names(line.text) else None, "attribution")
        else:
            draft.mark(place, "kicker")


def take_out_bylines(draft: Draft, article: Article) -> None:
    """Bylines over two lines, and names that the page gives as its authors on a line of their own."""
    authors = {letters(name) for name in (*article.authors, article.byline or "") if name} - {""}
    lead, end = draft.zones()
    last = max(end, len(draft.lines) - _LAST_LINES)
    paragraphs = draft.paragraphs()
    for place, line in enumerate(draft.lines):
        # Above the first paragraph and behind the last a name that stands alone is that of who wrote.
        alone = bool(paragraphs) and not paragraphs[0] < place < paragraphs[-1]
        if draft.rule_at(place) == "byline_organisation":
            _finish_byline(draft, place)
        elif draft.marks[place] or not (place < lead or place >= end) or line.words > 12:
            continue
        elif is_label(line.text) and _is_name_line(draft, place + 1):
            draft.mark(place, "byline")
            draft.mark(place + 1, "byline", draft.lines[place + 1].text.strip(), "authors")
        elif not line.ends_sentence and letters(line.text) in authors:
            draft.mark(place, "byline", line.text.strip(), "authors")
        elif place >= end and names_others(line.text):
            draft.mark(place, "byline")
        elif place < lead and (parts := _name_and_stamp(line, article.authors, alone=alone)):
            draft.marks[place] = parts
        elif (place < min(lead, _LEAD_LINES) or place >= last) and (
            named := _credited(draft, place, article, alone=alone)
        ):
            if named.people:
                draft.mark(place, "byline", line.text.strip(), "authors")
            else:
                draft.mark(place, "byline_organisation", line.text.strip(), "organisations")


def _credited(draft: Draft, place: int, article: Article, *, alone: bool) -> Byline:
    """Who, by a line, wrote the text, and the text is not about them: "Enviada especial Ana Gómez".

    The second condition is what keeps a kicker ("President Ann Lee") or the name under a picture in the text.
    """
    line = draft.lines[place]
    heading = line.block.role in _NO_CREDIT and not (alone and line.block.origin == "plain")
    if line.ends_sentence or has_two_sentences(line.text) or heading:
        return Byline()
    named = credited(line.text, article.declared_language, alone=alone)
    rest = " ".join((article.title or "", *(other.text for other in draft.lines if other is not line)))
    return Byline() if any(name.split()[-1] in rest for name in named.people) else named


def _name_and_stamp(line: Line, authors: Sequence[str], *, alone: bool) -> tuple[Residue, ...]:
    """The two facts of "Ann Lee, 3 May 2024, 10:15": the page's author, or `alone` above the text anybody's name."""
    signed = filter(is_signature, read_byline(line.text).people) if alone else ()
    name = next((name for name in (*authors, *signed) if line.text.startswith(name)), None)
    behind = line.text[len(name) :].strip(" ,;|·•–—-") if name else ""
    if name is None or not behind or rule_named("date_line").find(line_of(Block(text=behind))) is None:
        return ()
    return byline(name), Residue(text=behind, rule="published_stamp", value=behind, moved_to="published_at")


def _finish_byline(draft: Draft, place: int) -> None:
    """The name after "Written for the Office by": on the same line or on the next."""
    residue = draft.marks[place][0]
    split = _split_byline().fullmatch(residue.value or "")
    if split and are_names(split[3]):
        name = replace(residue, text=split[3], rule="byline", value=split[3], moved_to="authors")
        text = residue.text[: residue.text.rindex(split[3])].strip()
        draft.marks[place] = (replace(residue, text=text, value=split[1]), name)
    elif _is_name_line(draft, place + 1) and (
        _ends_open().search(residue.text) or is_person(draft.lines[place + 1].text)
    ):
        draft.mark(place + 1, "byline", draft.lines[place + 1].text.strip(), "authors")


def _is_name_line(draft: Draft, place: int) -> bool:
    if place >= len(draft.lines) or draft.marks[place]:
        return False
    text = draft.lines[place].text.strip()
    return count_words(text) <= 8 and are_names(text) and not is_organisation(text)


def _grams(text: str) -> set[str]:
    return {text[start : start + 4] for start in range(len(text) - 3)}


@once
def _split_byline() -> re.Pattern[str]:
    return re.compile(rf"(.+?)\s({_by()})\s(.+)", re.IGNORECASE)


@once
def _ends_open() -> re.Pattern[str]:
    return re.compile(rf"\s(?:{_by()}):?\s*$", re.IGNORECASE)


def _by() -> str:
    """The single words for "by", as alternatives of a regular expression."""
    return "|".join(re.escape(word) for word in longest("by") if " " not in word)
