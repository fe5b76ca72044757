"""Whether the words around a name cite it: "told Reuters", "skriver DN", "laut Spiegel", "сообщает ТАСС"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.attribution.mentions import Mention, Shape, is_kind
from ingest.lang.cues import cues
from ingest.lang.lexicon import once
from ingest.lang.tokens import Token, gap, is_article

# What may part a name from the words that cite it.
_JOINED = re.compile(r"""[\s"'“”„«»‘’‹›*‑-]*""")
_LISTED = re.compile(r"""[\s,"'“”„«»‘’‹›]*""")
_QUOTED = re.compile(r"""\s*["“„«‹‘]""")
_REACH = 2  # words between cue and name: "told Russia's Interfax"
_KIND_REACH = 6  # where an outlet's kind stands between: "the small northern online portal X"
_TALK_REACH = 6  # from "interview" to "with"
_SHORT_NAME = 3  # letters of an unknown name that are too few for one: the rest of "U.S. News"


@once
def citing_words() -> frozenset[str]:
    """Words of which one is in every text that cites an outlet, but for what stands in parentheses or beside a kind."""
    return cues("after", "spun_after", "before", "dative", "talk") | {first for first, _ in _pairs()}


@once
def source_words() -> frozenset[str]:
    """Words of which one stands right before a name in quotes that is a source."""
    return cues("before_quote", "before_article_and_quote") | {second for _, second in _pairs()}


@once
def _pairs() -> frozenset[tuple[str, str]]:
    """Two words right before the name."""
    return frozenset((first, second) for first, second in map(str.split, cues("pairs")))


@dataclass(frozen=True, slots=True)
class _Cues:
    """What stands before a name: a word that cites it, whether it was spoken to, whether that is right before.

    `source` says that it is a source even if it is only known by its quotes.
    """

    cited: bool = False
    spoken_to: bool = False
    near: bool = False
    source: bool = False


def cited_mentions(text: str, tokens: Sequence[Token], mentions: Sequence[Mention]) -> list[Mention]:
    """Those mentions that the text cites, in order."""
    cited = [_is_cited(text, tokens, mention) for mention in mentions]
    for here in (*range(1, len(mentions)), *range(len(mentions) - 2, -1, -1)):
        # A list is cited as a whole: "the ARD and ZDF quote", "told Reuters and AFP".
        for other in (here - 1, here + 1):
            if 0 <= other < len(mentions) and cited[other] and not cited[here]:
                first, second = sorted((mentions[here], mentions[other]), key=lambda one: one.first)
                cited[here] = mentions[here].shape >= Shape.NAMED_AS_OUTLET and _in_one_list(
                    text, tokens, first, second
                )
    return [mention for mention, is_cited in zip(mentions, cited, strict=True) if is_cited]


def _is_cited(text: str, tokens: Sequence[Token], mention: Mention) -> bool:
    kind = _kind_before(text, tokens, mention) or _kind_after(text, tokens, mention.end)
    if mention.shape in (Shape.CAPITALISED, Shape.CAMEL):
        return _unknown_is_cited(text, tokens, mention, kind=kind)
    before = _cues_before(text, tokens, mention.first)
    if mention.shape is Shape.PLAIN_WORD:
        if _goes_on(text, tokens, mention.end):
            return False  # "The National Property Index"
        return before.near or (_set_apart(text, tokens, mention.first) and _cited_after(text, tokens, mention))
    if before.cited or _cited_after(text, tokens, mention):
        return True
    return mention.shape is Shape.KNOWN and (
        _alone_in_parentheses(text, tokens, mention) or (kind and not _merely_mentioned(tokens, mention))
    )


def _goes_on(text: str, tokens: Sequence[Token], end: int) -> bool:
    return end < len(tokens) and gap(text, tokens, end) == " " and tokens[end].text[0].isupper()


def _set_apart(text: str, tokens: Sequence[Token], first: int) -> bool:
    """Whether a plain word stands like a name: first in its sentence, behind an article, in quotes."""
    return first == 0 or is_article(tokens[first - 1].low) or gap(text, tokens, first) != " "


def _unknown_is_cited(text: str, tokens: Sequence[Token], mention: Mention, *, kind: bool) -> bool:
    """Whether a name that may be anything's is cited as an outlet: by its kind, in quotes, or as whom one talks to."""
    quoted = mention.first > 0 and _QUOTED.fullmatch(gap(text, tokens, mention.first)) is not None
    if not (kind or quoted or mention.shape is Shape.CAMEL):
        return False
    before = _cues_before(text, tokens, mention.first)
    if mention.shape is Shape.CAMEL and before.spoken_to:
        return True
    return (kind and (before.cited or _cited_after(text, tokens, mention))) or (
        quoted and before.source and len(mention.name) > _SHORT_NAME and "." not in mention.name
    )


def _kind_before(text: str, tokens: Sequence[Token], mention: Mention) -> bool:
    """Whether "newspaper", "агентство" stands right before; of an unknown name "news agency", not any "agency"."""
    first = mention.first
    if first == 0 or not is_kind(tokens[first - 1].low) or not _JOINED.fullmatch(gap(text, tokens, first)):
        return False
    vague = tokens[first - 1].low in cues("vague_kinds") and mention.shape is not Shape.KNOWN
    return not vague or (first > 1 and tokens[first - 2].low in cues("groups"))


def _cues_before(text: str, tokens: Sequence[Token], first: int) -> _Cues:
    kind = False
    steps = 0
    index = first
    while index > 0 and steps <= (_KIND_REACH if kind else _REACH) and _JOINED.fullmatch(gap(text, tokens, index)):
        word = tokens[index - 1].low
        talk = _talk_before(text, tokens, index - 1) if word in cues("to") else None
        pair = index >= 2 and (tokens[index - 2].low, word) in _pairs()
        dative = word in cues("dative") or (steps <= 1 and _dative_before(text, tokens, index, first))
        if word in cues("before") or pair or talk or dative:
            near = steps == 0 or kind
            source = (
                pair or word in cues("before_quote") or (word in cues("before_article_and_quote") and index < first)
            )
            return _Cues(cited=True, spoken_to=talk in cues("talked"), near=near, source=near and source)
        if is_kind(word):
            kind = kind or index == first
        elif word in cues("blocks") and not kind:
            break
        elif not is_article(word):
            steps += 1
        index -= 1
    return _Cues()


def _talk_before(text: str, tokens: Sequence[Token], preposition: int) -> str | None:
    """The "interview", "spoke", "säger" that stands a few words before "with", "to", "till" in the same sentence."""
    nearest = max(0, preposition - _TALK_REACH)
    for index in range(preposition - 1, nearest - 1, -1):
        if any(mark in gap(text, tokens, index + 1) for mark in ".!?;:,"):
            return None
        if tokens[index].low in cues("talk"):
            return tokens[index].low
    return None


def _dative_before(text: str, tokens: Sequence[Token], index: int, first: int) -> bool:
    """Whether a verb with a speaker stands before: "sagte Vogel der Zeitung", "рассказал Петров «Известиям»"."""
    quoted = index == first and _QUOTED.fullmatch(gap(text, tokens, first))
    if not (quoted or tokens[index - 1].low in cues("dative_articles") or is_kind(tokens[index - 1].low)):
        return False
    for back in range(index - 1, max(0, index - 5) - 1, -1):
        if tokens[back].low in cues("dative"):
            return True
        if any(mark in gap(text, tokens, back + 1) for mark in ".!?;:,"):
            return False
    return False


def _cited_after(text: str, tokens: Sequence[Token], mention: Mention) -> bool:
    for index in range(mention.end, min(mention.end + 5, len(tokens))):
        if not _JOINED.fullmatch(gap(text, tokens, index)):
            return False
        word = tokens[index].low
        if word in cues("after"):
            return True
        if mention.shape is Shape.KNOWN and index == mention.end and word in cues("spun_after"):
            return True
        if word not in cues("fillers", "groups") and not is_kind(word):
            return False
    return False


def _kind_after(text: str, tokens: Sequence[Token], end: int) -> bool:
    """Whether "newspaper", "news agency", "media group", "-Zeitung" follows."""
    if end >= len(tokens):
        return False
    following = tokens[end].low
    second = tokens[end + 1].low if end + 1 < len(tokens) else ""
    named = is_kind(following) or (following in cues("groups") and (is_kind(second) or second in cues("group_of")))
    return named and _JOINED.fullmatch(gap(text, tokens, end)) is not None


def _merely_mentioned(tokens: Sequence[Token], mention: Mention) -> bool:
    around = tokens[max(0, mention.first - 5) : mention.first + 1], tokens[mention.end : mention.end + 4]
    return any(token.low in cues("mere") for part in around for token in part)


def _alone_in_parentheses(text: str, tokens: Sequence[Token], mention: Mention) -> bool:
    """Whether a name is all of a remark in the middle of a text: at its ends it is the agency that wrote it."""
    start, end = tokens[mention.first].start, tokens[mention.end - 1].end
    inside = text[start - 1 : start] == "(" and text[end : end + 1] == ")"
    if mention.first and tokens[mention.first - 1].text[0].isupper():
        return False  # "Pakistan Tehreek-e-Insaf (PTI)": the short form of another name
    return inside and start > 60 and len(text) - end > 20


def _in_one_list(text: str, tokens: Sequence[Token], first: Mention, second: Mention) -> bool:
    between = range(first.end, second.first)
    return (
        all(
            tokens[index].low in cues("conjunctions") or is_article(tokens[index].low) or is_kind(tokens[index].low)
            for index in between
        )
        and all(_LISTED.fullmatch(gap(text, tokens, index)) for index in range(first.end, second.first + 1))
        and (len(between) > 0 or "," in gap(text, tokens, second.first))
    )
