"""Whether one text is made from another, and how."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.dedup.chain import Chain
from ingest.dedup.decision import score
from ingest.dedup.evidence import Profile, measure, profile
from ingest.dedup.fingerprint import exact_hash
from ingest.dedup.tokens import tokenise
from ingest.dedup.weights import table_language
from ingest.model import Link, Relation, Span, UrlKey

ORIGINAL = "original"
"""The side of a text as published; a translation's side is its language."""

LINKED = 0.5
"""From this score on two texts are linked."""

# Texts of fewer words are never compared: a headline alone or "read more" says nothing, even if it is the same.
_FEWEST_WORDS = 8

# A copy has nearly all of one text in the passages that both share; a post that quotes has words of its own.
_COPIED = 0.85

# One word in twenty replaced leaves 85 % of three neighbouring words, one in ten 73 %.
_NEAR = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text to compare: the original of a record, or its translation (`side` is then the target language)."""

    key: UrlKey
    text: str
    language: str
    side: str = ORIGINAL


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
    """
    # One order for all computation, so that ties fall alike; it looks at the texts before it looks at the keys.
    a, b = sorted((a, b), key=lambda each: (len(each.profile.tokens), each.exact, each.text.key, each.text.side))
    words = len(a.profile.tokens)
    if words < _FEWEST_WORDS or table_language(a.text.language) != table_language(b.text.language):
        return None
    if a.exact == b.exact:
        whole = Span(a_start=0, a_end=len(a.text.text), b_start=0, b_end=len(b.text.text))
        return _link(a, b, _translated(a, b) or Relation.EXACT, 1.0, (whole,))
    evidence = measure(a.profile, b.profile)
    if evidence is None or (probability := score(evidence, words)) < LINKED:
        return None
    spans = tuple(
        sorted((_span(a, b, chain) for chain in evidence.chains), key=lambda span: (span.a_start, span.b_start))
    )
    if max(evidence.covered_a, evidence.covered_b) < _COPIED:
        return _link(a, b, Relation.QUOTES, probability, spans)
    near = evidence.trigrams >= _NEAR * max(evidence.covered_a, evidence.covered_b)
    return _link(a, b, _translated(a, b) or (Relation.NEAR if near else Relation.REWORDED), probability, spans)


def _translated(a: Prepared, b: Prepared) -> Relation | None:
    """Where a translation is compared, the texts are the same only through it."""
    return None if a.text.side == b.text.side == ORIGINAL else Relation.TRANSLATED


def _link(a: Prepared, b: Prepared, relation: Relation, probability: float, spans: tuple[Span, ...]) -> Link:
    """The link with `a` < `b`, except for a quote, where `a` is the one that quotes."""
    swap = (b.text.key, b.text.side) < (a.text.key, a.text.side)
    if swap:
        a, b = b, a
        spans = tuple(
            sorted(
                (Span(a_start=s.b_start, a_end=s.b_end, b_start=s.a_start, b_end=s.a_end) for s in spans),
                key=lambda span: (span.a_start, span.b_start),
            )
        )
    return Link(
        a=a.text.key,
        b=b.text.key,
        relation=relation,
        score=probability,
        spans=spans,
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
