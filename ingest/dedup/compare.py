"""Whether one text is made from another, and how."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.dedup.chain import Chain
from ingest.dedup.dates import Published
from ingest.dedup.decision import score
from ingest.dedup.evidence import Profile, measure, profile
from ingest.dedup.fingerprint import exact_hash
from ingest.dedup.relation import Place, places, relation
from ingest.dedup.tokens import tokenise
from ingest.dedup.weights import table_language
from ingest.link import Link, Relation, Span
from ingest.model import UrlKey

ORIGINAL = "original"
"""The side of a text as published; a translation's side is its language."""

LINKED = 0.5
"""From this score on two texts are linked."""

# Texts of fewer words are copies only if they are the same: a headline shares half its words with many.
_FEWEST_WORDS = 8

# What announces a quotation, as the last sign before it.
_OPENING = frozenset(':"“”„«»‘‚「『>')


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text to compare: the original of a record, or its translation (`side` is then the target language).

    `published` is only asked who quotes whom.
    """

    key: UrlKey
    text: str
    language: str
    side: str = ORIGINAL
    published: Published | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A text that was read once, to be compared with many. `exact` is the hash that its fingerprint has."""

    text: Text
    exact: str
    profile: Profile


def prepare(text: Text) -> Prepared:
    """Read a text for `compare`: about 1 ms for 400 words, so prepare once what is compared with many."""
    tokens = tokenise(text.text, text.language)
    return Prepared(text=text, exact=exact_hash(tokens), profile=profile(tokens))


def compare(a: Prepared, b: Prepared) -> Link | None:
    """The link between two texts, or ``None`` where neither is made from the other.

    The order of the arguments does not matter. Texts in different languages share no words here: compare translations.
    A record is not compared with itself.

    Who quotes whom is told by the dates of publication where they differ: the later one quotes. Else the one that
    announces the passage by a quotation mark or a colon; else the one that has more words of its own on both sides of
    it, for what is quoted often begins or ends an article (right six times in ten where nothing else is known).
    """
    # One order for all computation, so that ties fall alike; it looks at the texts before it looks at the keys.
    a, b = sorted((a, b), key=lambda each: (len(each.profile.tokens), each.exact, each.text.key))
    words = len(a.profile.tokens)
    comparable = table_language(a.text.language) == table_language(b.text.language)
    if words == 0 or not comparable or a.text.key == b.text.key:
        return None
    if a.exact == b.exact:  # then the keys decided above
        whole = Span(a_start=0, a_end=len(a.text.text), b_start=0, b_end=len(b.text.text))
        return _link(a, b, Relation.EXACT, 1.0, (whole,))
    evidence = measure(a.profile, b.profile) if words >= _FEWEST_WORDS else None
    if evidence is None or (probability := score(evidence, words)) < LINKED:
        return None
    place_a, place_b = places(evidence, words, len(b.profile.tokens))
    spans = tuple(_span(a, b, chain) for chain in evidence.chains)
    found = relation(evidence, place_a, place_b)
    quoted_by_b = found is Relation.QUOTES and not _quotes(a, b, place_a, place_b, spans[0])
    if quoted_by_b or (found is not Relation.QUOTES and b.text.key < a.text.key):
        a, b, spans = b, a, tuple(_turned(span) for span in spans)
    return _link(a, b, found, probability, spans)


def _quotes(a: Prepared, b: Prepared, place_a: Place, place_b: Place, passage: Span) -> bool:
    """Whether it is the first text that quotes; `passage` is the heaviest."""
    date_a, date_b = a.text.published, b.text.published
    if date_a and date_b and (date_b.before(date_a) or date_a.before(date_b)):
        return date_b.before(date_a)
    claim_a = (_announced(a.text.text, passage.a_start), place_a.own, a.text.key)
    claim_b = (_announced(b.text.text, passage.b_start), place_b.own, b.text.key)
    return claim_a > claim_b


def _announced(text: str, start: int) -> bool:
    return text[:start].rstrip()[-1:] in _OPENING


def _link(a: Prepared, b: Prepared, found: Relation, probability: float, spans: tuple[Span, ...]) -> Link:
    """The link; where a translation was compared, copies are so only through it."""
    through_translation = not a.text.side == b.text.side == ORIGINAL
    if through_translation and found is not Relation.QUOTES:
        found = Relation.TRANSLATED
    return Link(
        a=a.text.key,
        b=b.text.key,
        relation=found,
        score=probability,
        spans=tuple(sorted(spans, key=lambda span: (span.a_start, span.b_start))),
        side_a=a.text.side,
        side_b=b.text.side,
    )


def _span(a: Prepared, b: Prepared, chain: Chain) -> Span:
    tokens_a, tokens_b = a.profile.tokens, b.profile.tokens
    return Span(
        a_start=tokens_a.starts[chain.a_start],
        a_end=tokens_a.ends[chain.a_end - 1],
        b_start=tokens_b.starts[chain.b_start],
        b_end=tokens_b.ends[chain.b_end - 1],
    )


def _turned(span: Span) -> Span:
    return Span(a_start=span.b_start, a_end=span.b_end, b_start=span.a_start, b_end=span.a_end)
