"""What a text says of itself at its edges: where it was first, and that a machine translated it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.lang.lexicon import entries, fill, made_once, once, words
from ingest.lang.names import begins_name
from ingest.lang.needles import Seldom, needles
from ingest.lang.outlets import is_domain
from ingest.lang.tokens import is_article, without_article
from ingest.lang.vocabulary import is_day_word
from ingest.lang.words import fold

LONGEST_TRAILER = 420
"""Characters of a line that may name the original: a title, the name of a site, and some words."""

LONGEST_NOTE = 500
"""Characters of a line that may say that a machine translated the text."""

_URL = re.compile(r"https?://[^\s<>()\[\]]{4,400}[^\s<>()\[\].,;:!?'\"»”]")
_MOST_SITE_WORDS = 8
_TITLE = r"(?P<title>.{0,240}?)"
_SITE = r"[\"'«„“]?(?P<site>[^\s.,;:!?\"'«»„“”][^;!?\n]{0,78}?)[\"'»“”]?"
_AROUND = " .:\"'«»„“”‘’「」『』《》"
# What may stand before a note on the same line: a mark, a word with a colon, a sentence.
_BEFORE = r"(?:^|[.!?:;)\]–—*|。：，]\s*|\(\s*|\[\s*)[\W_]*+"


@dataclass(frozen=True, slots=True)
class Trailer:
    """The end of a repost, "The post X appeared first on Y.": the `title` of the original, if told, and its `site`."""

    title: str
    site: str


def read_trailer(text: str) -> Trailer | None:
    """The original that a line names as a whole, or ``None`` where the line says anything else."""
    if len(text) > LONGEST_TRAILER:
        return None
    folded = fold(text)
    for pattern in _trailers():
        found = pattern.fullmatch(folded)
        if found is not None:
            site = text[found.start("site") : found.end("site")].strip(_AROUND)
            title = text[found.start("title") : found.end("title")].strip(_AROUND)
            if _may_be_site(site):
                return Trailer(title, without_article(site))
    return None


def says_machine_translated(text: str) -> bool:
    """Whether a line, of the text or from beside it, says that a machine translated the text."""
    if len(text) > LONGEST_NOTE:
        return False
    folded = fold(text)
    return (
        any(piece in folded for piece in _machine_needles())
        and _any_machine().search(folded) is not None
        and _machine().search(folded) is not None
    )


def url_in(text: str) -> str | None:
    """The one address in a line, or ``None`` where it holds none or several."""
    found = set(_URL.findall(text))
    return found.pop() if len(found) == 1 else None


def _may_be_site(name: str) -> bool:
    """Whether a name may be a site's: few words, in capitals or a domain, and no day."""
    parts = name.split()
    if not parts or len(parts) > _MOST_SITE_WORDS or ". " in name or is_day_word(parts[0]):
        return False
    small = sum(part.islower() for part in parts[1:])
    return is_domain(name) or ((begins_name(parts[0]) or is_article(parts[0].lower())) and 2 * small <= len(parts))


@once
def _trailers() -> tuple[Seldom, ...]:
    rows = [fill(row, {"title": _TITLE, "site": _SITE}) for row in _rows("trailers")]
    found_by = made_once("trailer-needles", lambda: tuple(needles([row]) for row in rows))
    return tuple(Seldom(_as_line(row), pieces) for row, pieces in zip(rows, found_by, strict=True))


def _as_line(pattern: str) -> str:
    return rf"[\W_]*{pattern}[\s.。\"»”)]*"


@once
def _any_machine() -> re.Pattern[str]:
    """What `_machine` finds and more: any few words for an engine. It is made in a tenth of the time."""
    return _told_by(rf".{{1,{max(map(len, words('engines'))) + max(map(len, words('translators'))) + 1}}}?")


@once
def _machine_needles() -> tuple[str, ...]:
    return made_once("note-needles", lambda: needles(_machine_rows(".*")) or ("",))


@once
def _machine() -> re.Pattern[str]:
    engines, translators = (sorted(words(one), key=lambda one: (-len(one), one)) for one in ("engines", "translators"))
    return _told_by(rf"(?:{'|'.join(map(re.escape, engines))})(?:[ -](?:{'|'.join(translators)}))?")


def _told_by(engine: str) -> re.Pattern[str]:
    return re.compile(rf"{_BEFORE}(?:{'|'.join(_machine_rows(engine))})")


def _machine_rows(engine: str) -> list[str]:
    return [fill(row, {"engine": engine}) for row in _rows("machine_translation")]


def _rows(section: str) -> list[str]:
    return [pattern for row in entries(section).values() for pattern in row]
