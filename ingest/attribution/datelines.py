"""The dateline that opens a text: "MOSCOW (Reuters) -", "МОСКВА, 5 апреля. /ТАСС/", "Oslo/Stockholm/Turku -"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.attribution.stamps import find_days
from ingest.lang.cues import cues, either
from ingest.lang.lexicon import once
from ingest.lang.outlets import agency_in, known
from ingest.lang.places import is_place
from ingest.lang.tokens import is_article
from ingest.model import Block, Role

# Above the dateline may stand a standfirst and a heading or two.
_SEARCHED = 6
_SHORTEST = 50  # characters of a paragraph that opens an article
_DASH = r"(?:\s*\.?\s?[-–—]{1,2}|\s*:|\.)(?=\s|[^\W\d_]|[«„\"“])"

_PLACE_AGENCY = re.compile(
    rf"(?P<head>[^()\n]{{2,70}}?)\s*\(\s*(?P<agency>[^()\n]{{0,40}})\)(?:{_DASH}|\s*$|\s(?=[A-ZÅÄÖА-Я]))"
)
_SLASHES = re.compile(r"(?P<head>[^/\n]{2,50}?)[.,]?\s*/(?P<agency>[^/\n]{2,30})/[.,]?\s")
_AGENCY_BEHIND = re.compile(
    r"(?P<head>[^()\n]{2,50}?)(?:\s*[-–—]\s*|\.\s)(?P<agency>[^\W\d_][^.,–—()\n]{1,30}?(?:\.[a-zA-Z]{2,3})?)\s*(?:[.,]|[-–—])\s"
)
_AGENCY_FIRST = re.compile(r"\((?P<agency>[^()\n]{2,30})\)\s*[-–—.]+\s+(?:(?P<head>[^()\n–—]{2,50}?)\s+[-–—]\s)?")
_PLACE_ONLY = re.compile(
    r"(?P<head>[^()\n]{2,70}?)(?:\s[-–—]{1,2}\s|[—–]|\.\s?[-–—]\s)(?=[«„\"“'‘]?(?P<next>[^\W\d_]))"
)
_SIGNED = re.compile(r"\(([^()\n]{2,30})\)\W{0,2}$")

_WORD = re.compile(r"[^\W\d_][\w.’'-]*")
_MOST_WORDS = 7
_MOST_SHOUTED = 3
_SHOUTED = 5  # letters of an unknown place in capitals: shorter ones are acronyms


@dataclass(frozen=True, slots=True)
class Dateline:
    """The places as printed, the agency as printed, and whether its parentheses stand there empty."""

    places: str | None = None
    agency: str | None = None
    emptied: bool = False


def find_dateline(blocks: Sequence[Block]) -> Dateline:
    """The dateline of the first paragraph that opens with one, and the agency that signs the last one."""
    bodies = [block for block in blocks[:_SEARCHED] if block.role in (Role.BODY, Role.QUOTE)]
    found = next((line for block in bodies if (line := read_dateline(block.text))), Dateline())
    if found.agency is None and blocks:
        signed = _SIGNED.search(blocks[-1].text[-40:])
        if signed:
            found = Dateline(found.places, agency_in(signed[1]), found.emptied)
    return found


def read_dateline(text: str) -> Dateline | None:
    """The dateline that a paragraph opens with, if it does."""
    if len(text) < _SHORTEST or not (text[0].isupper() or text[0] == "("):
        return None
    opening = text[:120]
    if text[0] == "(":
        first = _AGENCY_FIRST.match(opening)
        agency = agency_in(first["agency"]) if first else None
        return Dateline(_places(first["head"] or ""), agency) if first and agency else None
    return _with_agency(opening) or _place_only(opening)


def _with_agency(opening: str) -> Dateline | None:
    for pattern in (_PLACE_AGENCY, _SLASHES, _AGENCY_BEHIND):
        match = pattern.match(opening)
        places = _places(match["head"]) if match else None
        if match is None or places is None:
            continue
        inside = match["agency"].strip()
        if not inside:
            return Dateline(places, None, emptied=True)
        agency = agency_in(inside)
        city = places.split(",")[0]
        # A press release names its wire in parentheses, and gives the day before it.
        dated = _is_shouted(city) and next(find_days(match["head"]), None) is not None
        if agency or (pattern is _PLACE_AGENCY and (is_place(city) or dated)):
            return Dateline(places, agency)
    return None


def _place_only(opening: str) -> Dateline | None:
    match = _PLACE_ONLY.match(opening)
    places = _places(match["head"]) if match else None
    if match is None or places is None or not match["next"].isupper():
        return None
    parts = [part.strip() for part in places.split("/")]
    city = places.split(",")[0]
    sure = is_place(city) or (len(parts) > 1 and any(map(is_place, parts)))
    return Dateline(places) if sure or _is_shouted(city) else None


def _is_shouted(city: str) -> bool:
    """Whether a name in capitals may be that of an unknown place."""
    return (
        city.isupper()
        and len(city) >= _SHOUTED
        and known(city) is None
        and len(city.split()) <= _MOST_SHOUTED
        and not is_article(city.split(maxsplit=1)[0].lower())
        and not any(word.lower() in cues("dateline_labels") for word in city.split())
    )


def _places(head: str) -> str | None:
    """The places in what stands before the agency or the dash: without the day, and only if all of it is names."""
    day = next(find_days(head), None)
    if day is not None:
        head = head[: day.start]
    places = _before_day().sub("", head).strip(" ,-–—")
    words = places.replace("/", " ").split()
    if not 1 <= len(words) <= _MOST_WORDS or len(places) < 2:
        return None
    names = all(
        word.lower() in cues("place_particles") or (word[0].isupper() and _WORD.fullmatch(word.strip(",")))
        for word in words
    )
    return places if names and words[0][0].isupper() else None


@once
def _before_day() -> re.Pattern[str]:
    return re.compile(rf"[\s,.]*(?:\b(?:{either('before_dateline_day')})\b)?[\s,.]*$", re.IGNORECASE)
