"""Names in a text that may be those of outlets: known ones, domains, and those shaped like one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from ingest.lang.cues import cues, folded, pieces
from ingest.lang.outlets import begins_outlet, is_domain, match_outlet, may_begin
from ingest.lang.tokens import Token, fold_word, gap, is_article, tokens_of, without_article

_CAMEL = re.compile(r"[A-ZÅÄÖ]?[a-zåäö]+[A-ZÅÄÖ]\w+|[A-ZÅÄÖ]{3,8}\d?")
_LONGEST = 5  # words in the name of an unknown outlet
_SHORT_ACRONYM = 3
_LONG_WORD = 9  # letters in a one-word name that is told by its ending: "Volkszeitung", but not "Posten"
_CLOSING = {"«": "»", "„": "“”", "“": "”", "‹": "›", "»": "«"}
_GLUED_LENGTH = 7


class Shape(IntEnum):
    """How surely a name is an outlet's, by itself: the less, the more the words around it must say."""

    CAPITALISED = 1
    CAMEL = 2
    NAMED_AS_OUTLET = 3
    PLAIN_WORD = 4
    KNOWN = 5


@dataclass(frozen=True, slots=True)
class Mention:
    """A name: the half-open range of its tokens, and how it is printed."""

    first: int
    end: int
    name: str
    shape: Shape


def find_mentions(text: str, tokens: Sequence[Token]) -> list[Mention]:
    """The names in a text that may be outlets', in order, not overlapping."""
    found: list[Mention] = []
    reached = 0
    for index, token in enumerate(tokens):
        if index < reached or not may_begin(token.text):
            continue
        mention = _mention_at(text, tokens, index)
        if mention is not None:
            found.append(mention)
            reached = mention.end
    return found


def is_telling(word: str) -> bool:
    """Whether a word is shaped like an outlet's name or part of one."""
    if word[0].islower():
        return is_domain(word)
    return (
        _is_home(word.lower())
        or word.lower().endswith(pieces("home_endings"))
        or is_domain(word)
        or (len(word) >= _GLUED_LENGTH and word.endswith(pieces("glued")))
    )


def is_acronym_like(word: str) -> bool:
    """Whether a word has capitals inside: "EurActiv", "NEXTA"."""
    return len(word) > _SHORT_ACRONYM and _CAMEL.fullmatch(word) is not None


def is_like_outlet(name: str) -> bool:
    """Whether a whole name is shaped like an outlet's: "Harbour Times", "Rheintalzeitung"."""
    tokens = tokens_of(name)
    return bool(tokens) and _shape(tokens) is Shape.NAMED_AS_OUTLET


def is_kind(word: str) -> bool:
    """Whether a lower-case word says that what is named beside it is an outlet."""
    return fold_word(word) in folded("kinds")


def _mention_at(text: str, tokens: Sequence[Token], start: int) -> Mention | None:
    hit = match_outlet(tokens, start)
    if hit is not None:
        outlet, end = hit
        printed = text[tokens[start].start : tokens[end - 1].end]
        # As printed, but not as inflected ("der Süddeutschen Zeitung") and not with a small article ("la Repubblica").
        as_listed = printed.casefold() == outlet.name.casefold() and printed[0].islower() == outlet.name[0].islower()
        shape = Shape.PLAIN_WORD if outlet.plain else Shape.KNOWN
        return Mention(start, end, printed if as_listed else outlet.name, shape)
    word = tokens[start].text
    if "." in word and is_domain(word):
        return Mention(start, start + 1, word, Shape.NAMED_AS_OUTLET)
    low = tokens[start].low
    if (
        not word[0].isupper()
        or low in cues("before", "after", "fillers", "to", "says", "sentence_first")
        or (is_article(low) and not _is_acronym(word))
        or (is_kind(low) and low not in cues("kind_first"))
    ):
        return None
    return _glued(tokens, start) or _capitalised(text, tokens, start)


def _is_acronym(word: str) -> bool:
    return len(word) > 1 and word.isupper()


def _glued(tokens: Sequence[Token], start: int) -> Mention | None:
    """A word that lost the space before "the" where a hyperlink ended: "Aftenpostenthe Oslo paper"."""
    token = tokens[start]
    glued = next(filter(token.text.endswith, pieces("glued")), None)
    if glued is None or len(token.text) < _GLUED_LENGTH:
        return None
    cut = Token(token.text.removesuffix(glued), token.low.removesuffix(glued), token.start, token.end - len(glued))
    return Mention(start, start + 1, cut.text, Shape.KNOWN) if match_outlet([cut], 0) else None


def _capitalised(text: str, tokens: Sequence[Token], start: int) -> Mention | None:
    end = start + 1
    while end < len(tokens) and end - start < _LONGEST and gap(text, tokens, end) == " ":
        word = tokens[end]
        if word.low in cues("inside"):
            if end + 1 == len(tokens) or not tokens[end + 1].text[0].isupper():
                break
        elif not (word.text[0].isupper() or word.text[0].isdigit()) or (
            begins_outlet(word.text) and match_outlet(tokens, end) is not None
        ):
            break
        end += 1
    while tokens[end - 1].low in cues("inside") and end - start > 1:
        end -= 1
    end = max(end, _quoted_end(text, tokens, start))
    name = without_article(text[tokens[start].start : tokens[end - 1].end])
    return Mention(start, end, name, _shape(tokens[start:end]))


def _quoted_end(text: str, tokens: Sequence[Token], start: int) -> int:
    """The end of a name in quotes that begins at `start`, small words included: «Вестник порта»; else `start`."""
    closing = _CLOSING.get(text[tokens[start].start - 1 : tokens[start].start])
    if closing is None:
        return start
    for end in range(start + 1, min(start + _LONGEST, len(tokens)) + 1):
        behind = text[tokens[end - 1].end : tokens[end - 1].end + 1]
        if behind and behind in closing:
            return end
        if behind != " ":
            break
    return start


def _shape(words: Sequence[Token]) -> Shape:
    last = words[-1].low
    if len(words) > 1 and (_is_home(last) or _is_home(words[0].low)):
        return Shape.NAMED_AS_OUTLET
    if len(words) == 1 and last.endswith(pieces("home_endings")) and len(last) >= _LONG_WORD:
        return Shape.NAMED_AS_OUTLET
    if len(words) == 1 and _CAMEL.fullmatch(words[0].text):
        return Shape.CAMEL
    return Shape.CAPITALISED


def _is_home(low: str) -> bool:
    return fold_word(low) in folded("home")
