"""What stands below and between: teasers, what follows a trailer, headlines without a text, foreign lines."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ingest.clean.draft import Draft
from ingest.clean.shape import Line
from ingest.lang.bylines import is_signature
from ingest.lang.cues import telling
from ingest.lang.dates import is_line
from ingest.lang.lexicon import once
from ingest.lang.notes import read_trailer, says_machine_translated, url_in
from ingest.model import Anchor, Article, Role
from ingest.text import script_of
from ingest.urls import same_site

# After these near the end of a page the article is over.
_TRAILERS = frozenset(
    {
        "source_link",
        "navigation",
        "copyright",
        "share",
        "comments",
        "newsletter",
        "author_box",
        "disclaimer",
        "site_line",
    }
)
_SURE_TRAILERS = frozenset({"source_link", "copyright", "comments"})
_TRAILER_FROM = 0.7  # of the characters that are kept, so many stand before a trailer
_MOST_TEASERS = 12
_TRAILER_WORDS = 60
_NOTE_WORDS = 60
_SHORT = 25
_MENU, _MENU_WORDS, _MOSTLY = 5, 3, 0.8  # links, words of one, share of the characters
_BEFORE_NAME = 30  # characters: "Our correspondent Ann Lee writes ..."
_FOREIGN_WORDS = 12
_QUOTES = ('"', "'", "“", "”", "„", "«", "»", "‘", "‹")
_ONE_SCRIPT = {"HIRAGANA": "CJK", "KATAKANA": "CJK", "HANGUL": "CJK"}
_DATE_ONLY = re.compile(r"[\d\s.:/,|-]{4,20}")


def take_out_notes(draft: Draft) -> None:
    """Lines at the edges in which a repost names its original, or says that a machine translated it."""
    lead, end = draft.zones()
    for place, line in list(draft.kept()):
        if not (place < lead or place >= end) or line.block.role in (Role.QUOTE, Role.CAPTION):
            continue
        trailer = read_trailer(line.text) if line.words <= _TRAILER_WORDS else None
        if trailer is not None:
            draft.mark(place, "source_line", trailer.site, "attribution")
        elif line.words <= _NOTE_WORDS and says_machine_translated(line.text):
            draft.mark(place, "translation_note", url_in(line.text), "attribution.original_url")


def take_out_tail(draft: Draft, article: Article) -> None:
    """All that this module knows, in the order in which it depends on one another."""
    _take_out_linked(draft, article)
    _take_out_teasers(draft)
    _take_out_author_box(draft, article.authors)
    _take_out_signed_note(draft, article)
    _take_out_after_trailer(draft)
    _take_out_headlines(draft)


def _take_out_linked(draft: Draft, article: Article) -> None:
    """Lines that are one link to another page of the site, headline-like: teasers between the paragraphs."""
    for place, line in list(draft.kept()):
        anchors = line.block.anchors
        if _is_menu(line, article.url):
            draft.mark(place, "navigation")
            continue
        if not anchors or line.words > _SHORT + 5 or line.words < 3 or line.block.role is Role.QUOTE:
            continue
        linked = sum(len(anchor.text) for anchor in anchors) >= 0.9 * len(line.text.strip(" >»→•-|"))
        if linked and not (line.is_paragraph and line.ends_sentence) and _leads_on(anchors, article.url):
            draft.mark(place, "teaser")


def _is_menu(line: Line, url: str) -> bool:
    """Whether a line is a row of short links to pages of the site: the site's sections, kept as one paragraph."""
    anchors = line.block.anchors
    if len(anchors) < _MENU or line.block.role is Role.QUOTE:
        return False
    linked = sum(len(anchor.text) for anchor in anchors)
    words = sum(len(anchor.text.split()) for anchor in anchors)
    return linked >= _MOSTLY * len(line.text) and words <= _MENU_WORDS * len(anchors) and _leads_on(anchors, url)


def _leads_on(anchors: Iterable[Anchor], url: str) -> bool:
    """Whether links lead to other pages of the same site."""
    page = url.partition("#")[0]
    return all(anchor.url.partition("#")[0] != page and same_site(anchor.url, url) for anchor in anchors)


def _take_out_teasers(draft: Draft) -> None:
    """Headlines in a list under "Read also"."""
    paragraphs = draft.paragraphs()
    for opener in sorted(draft.openers):
        if not draft.marks[opener]:
            continue
        below: list[int] = []
        for place in range(opener + 1, min(opener + 1 + _MOST_TEASERS, len(draft.lines))):
            if not draft.marks[place] and not _is_teaser(draft.lines[place]):
                break
            below.append(place)
        below = [place for place in below if not draft.marks[place]]
        goes_on = bool(below and paragraphs and below[-1] < paragraphs[-1])
        if goes_on and draft.lines[below[-1]].block.role is Role.HEADING and below[-1] + 1 in paragraphs:
            below.pop()  # the heading of what follows
        for place in below:
            draft.mark(place, "teaser")


def _is_teaser(line: Line) -> bool:
    if line.block.role is Role.LIST:
        return line.words <= _SHORT and not line.is_paragraph
    return line.is_headline or (_DATE_ONLY.fullmatch(line.folded) is not None or is_line(line.folded))


def _take_out_author_box(draft: Draft, authors: Iterable[str]) -> None:
    """What the page says of its author below the text."""
    names = [name for name in authors if " " in name]
    _, end = draft.zones()
    for place, line in list(draft.kept()):
        if place < max(end, 1) or line.words > 90:
            continue
        name = next((name for name in names if name in line.text[: len(name) + _BEFORE_NAME]), None)
        if name is not None and _about().match(line.folded, line.text.index(name) + len(name)):
            draft.mark(place, "author_box")


def _take_out_signed_note(draft: Draft, article: Article) -> None:
    """The last line, where it tells of somebody who writes, and nothing else names an author or tells of that person.

    "Ann Lee is a freelance journalist based in Tarn." names the author as a by-line does.
    """
    place, line = max(draft.kept(), key=lambda one: one[0], default=(0, None))
    signed = article.authors or any(draft.rule_at(other) == "byline" for other in range(len(draft.lines)))
    if line is None or not place or signed or line.words > _NOTE_WORDS or line.block.role is Role.QUOTE:
        return
    found = _writes().match(line.folded)
    name = line.text[: found.end("name")] if found else ""
    rest = " ".join((article.title or "", *(other.text for other in draft.lines if other is not line)))
    if name and is_signature(name, article.declared_language) and name.split()[-1] not in rest:
        draft.mark(place, "author_box", name, "authors")


def _take_out_after_trailer(draft: Draft) -> None:
    """Short lines behind the last trailer; full paragraphs there stay."""
    total = sum(len(line.text) for _, line in draft.kept())
    before, trailer = 0, None
    for place, line in enumerate(draft.lines):
        if not draft.marks[place]:
            before += len(line.text)
        elif draft.rule_at(place) in _TRAILERS and before >= _TRAILER_FROM * total > 0:
            trailer = place
            break
    if trailer is None:
        return
    last = max([trailer, *draft.paragraphs()])
    sure = draft.rule_at(trailer) in _SURE_TRAILERS
    for place, line in list(draft.kept()):
        if place > last and line.words <= _SHORT and line.block.role is not Role.QUOTE:
            headline = line.is_headline and not line.text.startswith(_QUOTES)
            if sure or headline or line.block.role is Role.HEADING:
                draft.mark(place, "trailer")


def _take_out_headlines(draft: Draft) -> None:
    """Headlines below the last paragraph: a heading heads nothing there."""
    paragraphs = draft.paragraphs()
    kept = list(draft.kept())
    if not paragraphs or not kept:
        return
    prose = sum(len(draft.lines[place].text) for place in paragraphs)
    if prose < 0.6 * sum(len(line.text) for _, line in kept):
        return
    run = [
        (place, line) for place, line in kept if place > paragraphs[-1] and line.block.role in (Role.BODY, Role.HEADING)
    ]
    if not all(
        line.is_headline and not line.ends_sentence and line.words >= 4 and not line.text.startswith(_QUOTES)
        for _, line in run
    ):
        return
    sure = len(run) > 1 or (run and run[0][1].block.role is Role.HEADING and run[0][1].block.origin != "plain")
    for place, _ in run if sure else ():
        draft.mark(place, "trailer")


def take_out_foreign(draft: Draft) -> None:
    """A short line in another script than the text's, at its top or bottom: an invocation, a motto, the site's name."""
    paragraphs = draft.paragraphs()
    edge = [
        (place, line)
        for place, line in draft.kept()
        if line.words <= _FOREIGN_WORDS and (not paragraphs or place < paragraphs[0] or place > paragraphs[-1])
    ]
    if not paragraphs or all(line.text.isascii() and draft.lines[paragraphs[0]].text.isascii() for _, line in edge):
        return
    main = _script(" ".join(draft.lines[place].text[:300] for place in paragraphs[:3]))
    for place, line in edge:
        script = _script(line.text)
        quoted = line.block.role is Role.QUOTE or line.text.startswith(_QUOTES)
        if script is not None and script != main and not quoted:
            draft.mark(place, "foreign_line")


def _script(text: str) -> str | None:
    script = script_of(text)
    return _ONE_SCRIPT.get(script, script) if script else None


@once
def _writes() -> re.Pattern[str]:
    """A name of two to four words, a word like "is", and within a few words what those who write are called."""
    return re.compile(
        rf"(?P<name>[^\W\d_][\w'’.-]*(?:\s[^\W\d_][\w'’.-]*){{1,3}}?)\s(?:(?:{telling('about')})\w*|—|–)\s"
        rf"(?:[\w'’-]+,?\s){{0,5}}(?:{telling('writers')})(?!\w)"
    )


@once
def _about() -> re.Pattern[str]:
    return re.compile(rf"\s*(?:\([^)]{{1,12}}\)\s*)?(?:{telling('about')}|—|–|-|,)(?:\W|\w)")
