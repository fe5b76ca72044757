"""Pages that stand in for an article: consent and log-in walls, refusals, soft 404s, maintenance, loaders, indexes.

A stand-in speaks about itself to its reader, and about nothing else. So three things are looked at together: how much
of the text is about such matters (stems, a table a language), how much of it addresses the reader ("you", "we"), and
whether the page declares a dated article. None of them is enough alone: a report about a fine for cookies
does not say "your device", and a column that says "you" is not about passwords. Pure.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, islice

from lxml.etree import XPath
from lxml.html import HtmlElement

from ingest.extract.common import squeeze, visible_text
from ingest.lang.lexicon import once, tables
from ingest.outcome import Reason
from ingest.text import letters

_PASSWORD = XPath("boolean(/descendant::input[translate(@type, 'PASWORD', 'pasword') = 'password'])")
_UNSEEN = ("script", "style", "noscript", "template", "svg")
_SENTENCE = re.compile(r"[.!?…。！？؟।]+(?=\s|$|[\u3000-\u9fff])|[\n。！？]")
_NO_LETTERS = re.compile(r"[^\w\u0300-\u0fff]+")  # signs of vowels are letters of a word, though not for `\w`
_REST_OF_WORD = re.compile(r"[\w\u0300-\u0fff]*")
# Scripts that glue little words to others, or put no spaces between words.
_GLUED = re.compile(r"[\u0590-\u05ff\u0600-\u06ff\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """How sure the text has to be for one kind of stand-in, as shares of its letters.

    `about` is the least share of sentences on the matter, `addressed` that of sentences that address the reader,
    `stems` the least number of different words for the matter, `most` the longest text in letters. Where there is a
    field for a password, `about` may be less by `field`. What is `headed_by_stems` needs all its words under a heading
    on the matter, too.
    """

    name: str
    reason: Reason
    detail: str
    about: float
    addressed: float
    stems: int
    most: int
    field: float = 0.0
    headed_by_stems: bool = False


# Consent walls are law and run long; the others are a few lines.
_KINDS = (
    _Kind(
        name="consent",
        reason=Reason.CONSENT_WALL,
        detail="the page asks for consent instead of showing its text",
        about=0.55,
        addressed=0.4,
        stems=3,
        most=3500,
    ),
    _Kind(
        name="login",
        reason=Reason.LOGIN,
        detail="the page asks to log in instead of showing its text",
        about=0.5,
        addressed=0.35,
        stems=2,
        most=900,
        field=0.2,
    ),
    _Kind(
        name="blocked",
        reason=Reason.BLOCKED,
        detail="the page refuses access",
        about=0.5,
        addressed=0.3,
        stems=3,
        most=1500,
        headed_by_stems=True,
    ),
    _Kind(
        name="not_found",
        reason=Reason.NOT_FOUND,
        detail="the page says that there is no such page",
        about=0.4,
        addressed=0.25,
        stems=2,
        most=700,
    ),
    _Kind(
        name="maintenance",
        reason=Reason.NO_TEXT,
        detail="the page says that the site is out of order",
        about=0.5,
        addressed=0.25,
        stems=2,
        most=700,
    ),
)
_LOADING = _Kind(
    name="loading",
    reason=Reason.NO_TEXT,
    detail="the page only says that it is loading",
    about=0,
    addressed=0,
    stems=1,
    most=60,
)
_LONGEST = max(kind.most for kind in _KINDS)
_SURER = 0.25
"""By how much the shares have to be greater where the page declares a dated article."""
_HEADED = 350
"""Letters: the longest text that a heading like "Page not found" tells to be a stand-in by itself."""
_CONTROLS = XPath(
    "/descendant::*[self::button or self::select or self::input[not(@type = 'hidden' or @type = 'search')]]"
    "[not(ancestor::header or ancestor::nav or ancestor::footer or ancestor::aside)]"
)
_MOST_CONTROLS, _LEVELS = 20, 3
_FORM = 450
"""Letters: the longest text beside a form or buttons that is taken for a part of it, where nothing says otherwise."""
_COVERED = 0.68
"""Share of a heading's letters in stems of one matter, from which it says nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandIn:
    """What a page is instead of an article."""

    reason: Reason
    detail: str


def asks_for_password(tree: HtmlElement) -> bool:
    """Tell whether a page has a field for a password. Ask before anything is taken out of the tree."""
    return bool(_PASSWORD(tree))


def has_no_words(language: str | None) -> bool:
    """Tell whether stand-ins in a language, by its BCP-47 code, can be told by structure alone."""
    return language is not None and language.partition("-")[0].lower() not in tables("stand_in")


def forms_of(tree: HtmlElement) -> tuple[str, ...]:
    """Return the letters of what stands close around each control of a page: a form with the words above it.

    Controls in the frame of the page are left out, and so is what is longer than a form. Ask before anything is taken
    out of the tree.
    """
    around: dict[HtmlElement, None] = {}
    for control in _CONTROLS(tree)[:_MOST_CONTROLS]:
        for above in islice(control.iterancestors(), _LEVELS):
            if above.tag not in ("body", "html"):
                around[above] = None
    return tuple(text for one in around if 0 < len(text := letters(visible_text(one))) <= 2 * _FORM)


def is_form(lines: Sequence[str], forms: Iterable[str]) -> bool:
    """Tell by structure alone whether a text is the few lines of a form.

    Ask only of pages whose head says nothing of an article, that show no day, and whose language has no table of words:
    a brief with a button below looks alike.
    """
    told = [letters(line) for line in lines]
    total = sum(map(len, told))
    return 0 < total <= _FORM and any(sum(len(line) for line in told if line in form) > total / 2 for form in forms)


def visible_lines(tree: HtmlElement, most: int = 200) -> list[str]:
    """Return the first lines of text of a page's body, whatever they are: for pages without main text."""
    body = tree.find("body")
    lines: list[str] = []
    for element in () if body is None else body.iter():
        if isinstance(element.tag, str) and element.tag not in _UNSEEN and (text := squeeze(element.text or "")):
            lines.append(text)
        if (tail := squeeze(element.tail or "")) and element is not body:
            lines.append(tail)
        if len(lines) >= most:
            break
    return lines


def stand_in(headings: Iterable[str], lines: Sequence[str], *, dated: bool, password: bool) -> StandIn | None:
    """Tell what a page is if its text is no article; ``None`` where nothing speaks for that.

    Args:
        headings: the title, and what the page shows as its headline.
        lines: the paragraphs of its main text.
        dated: whether it declares an article with a date.
        password: whether it has a field for a password.
    """
    heads = [head for head in dict.fromkeys(map(squeeze, headings)) if head]
    text = "\n".join([*heads, *(line for line in lines if line not in heads)])
    letters = _letters(text)
    if letters > _LONGEST:
        return None
    page = _Page(
        heads=heads,
        sentences=[one for one in map(str.strip, _SENTENCE.split(text)) if one],
        letters=letters,
        dated=dated,
        password=password,
    )
    # All languages at once tell quickly that a page is an article; one alone has to say that it is none.
    if (kind := _kind_of(page, _words(None))) is None:
        return None
    told = [one for code in tables("stand_in") if (one := _kind_of(page, _words(code))) is not None]
    if not told:
        return None
    best = kind if kind in told else told[0]
    return StandIn(reason=best.reason, detail=best.detail)


def is_about_consent(line: str) -> bool:
    """Tell whether a line is about consent to being followed, in any language: two words for it or more."""
    kind = next(kind for kind in _KINDS if kind.reason is Reason.CONSENT_WALL)
    return len(_words(None).matters[kind.name].found(line.casefold())) >= 2


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """What is known of a page: its headings, its sentences (with them), their letters, and what its markup says."""

    heads: Sequence[str]
    sentences: Sequence[str]
    letters: int
    dated: bool
    password: bool


def _kind_of(page: _Page, words: _Words) -> _Kind | None:
    """Return the kind of stand-in that a page is by these words, the one that it speaks of most."""
    if (
        page.letters <= _LOADING.most
        and not page.dated
        and words.matters["loading"].found("\n".join(page.sentences).casefold())
    ):
        return _LOADING
    addressed = cache(lambda: _share([one for one in page.sentences if words.address(one)], page.sentences))
    told = [(about, kind) for kind in _KINDS if (about := _how_much(page, kind, words.matters[kind.name], addressed))]
    return max(told, key=lambda one: one[0])[1] if told else None


def _how_much(page: _Page, kind: _Kind, words: _Stems, addressed: Callable[[], float]) -> float:
    """Return the share of a page that is about what a kind of stand-in says; 0 where it is not of this kind.

    `addressed` tells the share of it that addresses the reader: of most articles nobody has to ask.
    """
    if page.letters > kind.most:
        return 0.0
    surer = _SURER if page.dated else 0.0
    about, stems = _about(words, page.sentences)
    least = kind.about + surer - (kind.field if page.password else 0.0)
    if about < least / 2:
        return 0.0
    if about >= least and addressed() >= kind.addressed + surer and stems >= kind.stems:
        return about
    headed = not page.dated and page.letters <= _HEADED and _is_headed(words, page.heads)
    return about if headed and (stems >= kind.stems or not kind.headed_by_stems) else 0.0


class _Stems:
    """Words for one matter, found by how they begin: beginnings of words, or whole ones.

    A pattern of them all would do the same, and take longer to make than a page takes to read.
    """

    def __init__(self, stems: Iterable[str], *, whole: bool) -> None:
        self._whole = whole
        self._beginning: dict[str, list[str]] = defaultdict(list)
        for stem in sorted(dict.fromkeys(stems), key=len, reverse=True):
            self._beginning[stem[:2]].append(stem)
        glued = {stem[0] for stem in chain.from_iterable(self._beginning.values()) if _GLUED.search(stem)}
        self._starts = re.compile(rf"(?<!\w)\S|[{re.escape(''.join(sorted(glued)))}]" if glued else r"(?<!\w)\S")

    def found(self, text: str) -> set[str]:
        """Return the words of the matter in a folded text."""
        return {text[start:end] for start, end in self._places(text)}

    def covers(self, text: str) -> float:
        """Return the share of a folded text's letters that stand in words of the matter; whole words count."""
        covered = 0
        for start, end in self._places(text):
            rest = _REST_OF_WORD.match(text, end) if not _GLUED.search(text[start:end]) else None
            covered += _letters_of(text[start : rest.end() if rest else end])
        return covered / max(1, _letters_of(text))

    def _places(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where words of the matter stand; none overlaps the one before."""
        reached = 0
        for start in (found.start() for found in self._starts.finditer(text)):
            if start >= reached and (stem := self._at(text, start)):
                reached = start + len(stem)
                yield start, reached

    def _at(self, text: str, start: int) -> str | None:
        """Return the longest word of the matter that begins at a place."""
        begins_word = not _is_letter(text[start - 1 : start])
        for stem in chain(self._beginning.get(text[start : start + 2], ()), self._beginning.get(text[start], ())):
            if text.startswith(stem, start) and (
                _GLUED.search(stem) or (begins_word and self._may_end(text, start, stem))
            ):
                return stem
        return None

    def _may_end(self, text: str, start: int, stem: str) -> bool:
        end = start + len(stem)
        return not self._whole or not _is_letter(text[end : end + 1])


def _is_letter(character: str) -> bool:
    """Tell whether a character is what a pattern calls one of a word; nothing is not."""
    return character.isalnum() or character == "_"


def _letters_of(text: str) -> int:
    return len(_NO_LETTERS.sub("", text))


def _any(patterns: Sequence[str]) -> str:
    return "|".join(patterns) or "(?!)"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """The words of one language, or of all: for each matter, and those that address the reader."""

    matters: Mapping[str, _Stems]
    reader: _Stems
    polite: re.Pattern[str]

    def address(self, sentence: str) -> bool:
        """Tell whether a sentence addresses the reader; a polite word ("Sie") counts inside of it only."""
        return bool(self.reader.found(sentence.casefold())) or self.polite.search(sentence) is not None


@once
def _words(code: str | None) -> _Words:
    """Return the words of one language, or of all."""
    every = tables("stand_in")
    chosen = list(every.values()) if code is None else [every[code]]

    def of(name: str) -> list[str]:
        return [word for table in chosen for word in table.get(name, ())]

    polite = [re.escape(word.capitalize()) for word in of("polite")]
    return _Words(
        matters={name: _Stems(of(name), whole=False) for name in (_LOADING.name, *(kind.name for kind in _KINDS))},
        reader=_Stems(of("reader"), whole=True),
        polite=re.compile(rf"(?<=\s)(?:{_any(polite)})(?!\w)"),
    )


def _about(stems: _Stems, sentences: Sequence[str]) -> tuple[float, int]:
    """Return the share of the sentences that are on a matter, and the number of its words in them."""
    found = [stems.found(sentence.casefold()) for sentence in sentences]
    return _share([one for one, hits in zip(sentences, found, strict=True) if hits], sentences), len(
        set().union(*found)
    )


def _is_headed(stems: _Stems, heads: Sequence[str]) -> bool:
    return any(stems.covers(head.casefold()) >= _COVERED for head in heads)


def _share(part: Sequence[str], whole: Sequence[str]) -> float:
    return sum(map(_letters, part)) / max(1, sum(map(_letters, whole)))


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))
