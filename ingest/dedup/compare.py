"""Whether one text is made from another, and how."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace

from ingest.dedup.chain import Chain
from ingest.dedup.dates import Published
from ingest.dedup.decision import score
from ingest.dedup.evidence import Evidence, Profile, measure, reordered
from ingest.dedup.exchanges import Specific
from ingest.dedup.facts import Facts, weigh_facts
from ingest.dedup.fingerprint import exact_hash
from ingest.dedup.relation import copied, places, relation, stock
from ingest.dedup.retold import retold
from ingest.dedup.tokens import normal, tokenise
from ingest.dedup.weights import table_language
from ingest.dedup.words import Words, words_of
from ingest.link import COPIES, Link, Relation, Span
from ingest.model import UrlKey

ORIGINAL = "original"
"""The side of a text as published; a translation's side is its language."""

LINKED = 0.5
"""From this score on two texts are linked."""

# Texts of fewer words are copies only if they are the same: a headline shares half its words with many.
_FEWEST_WORDS = 8

_EXACT_DIGITS = 16  # of the hash of all words are kept

# What announces a quotation, as the last sign before it.
_OPENING = frozenset(':"“”„«»‘‚「『>')


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text to compare: the original of a record, or its translation (`side` is then the target language).

    `published` is only asked who quotes whom; `written` is the language of the record, if that was told with
    confidence: only texts written in two languages can be translations of one another.
    """

    key: UrlKey
    text: str
    language: str
    side: str = ORIGINAL
    published: Published | None = None
    written: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A text that was read once, to be compared with many. `exact` is equal for the same sequence of words."""

    text: Text
    exact: str
    profile: Profile
    specific: Specific


def prepare(text: Text) -> Prepared:
    """Read a text for `compare`. What was read before is made ready by `prepared`, in a fraction of the time."""
    tokens = tokenise(text.text, text.language)
    return prepared(text, words_of(tokens, text.text, text.language), exact_hash(tokens.words))


def prepared(text: Text, words: Words, exact: str) -> Prepared:
    """Make a text ready for `compare` whose words are known."""
    read = Profile(words)
    return Prepared(text=text, exact=exact[:_EXACT_DIGITS], profile=read, specific=Specific(text.text, read))


def shown(text: Text, words: Words) -> Prepared:
    """Make a text ready whose words are known, and of which some were overwritten by spaces since."""
    left = words.at([place for place, start in enumerate(words.starts) if not text.text[start].isspace()])
    places = zip(left.starts, left.ends, strict=True)
    return prepared(text, left, exact_hash(normal(text.text[start:end]) for start, end in places))


def compare(a: Prepared, b: Prepared) -> Link | None:
    """The link between two texts, or ``None`` where neither is made from the other.

    The order of the arguments does not matter. Texts in different languages share no words here: compare translations.
    A record is not compared with itself.

    Who quotes whom is told by the dates of publication where they differ: the later one quotes. Else the one that
    announces the passage by a quotation mark or a colon; else the one that has more words of its own on both sides of
    it, for what is quoted often begins or ends an article (right six times in ten where nothing else is known).
    """
    # One order for all computation, so that ties fall alike; it looks at the texts before it looks at the keys.
    a, b = sorted((a, b), key=lambda each: (len(each.profile.words), each.exact, each.text.key))
    words = len(a.profile.words)
    comparable = table_language(a.text.language) == table_language(b.text.language)
    if words == 0 or not comparable or a.text.key == b.text.key:
        return None
    if a.exact == b.exact:  # then the keys decided above
        whole = Span(a_start=0, a_end=len(a.text.text), b_start=0, b_end=len(b.text.text))
        return _link(a, b, Relation.EXACT, 1.0, (whole,))
    if words < _FEWEST_WORDS:
        return None
    link = _in_order(a, b)
    if link is None or link.compared is Relation.QUOTES:
        link = _in_any_order(a, b) or link
    link = link or _in_other_words(a, b)
    if link is None:
        return None
    stays = _quotes(a, b, link) if link.compared is Relation.QUOTES else a.text.key < b.text.key
    link = link if stays else link.turned()
    return replace(link, spans=tuple(sorted(link.spans, key=lambda span: (span.a_start, span.b_start))))


def _in_order(a: Prepared, b: Prepared) -> Link | None:
    """The link that passages make whose words keep their order; `a` is the shorter text."""
    evidence = measure(a.profile, b.profile)
    if evidence is None or (probability := score(evidence, len(a.profile.words))) < LINKED:
        return None
    return _evident(a, b, evidence, probability)


def _in_any_order(a: Prepared, b: Prepared) -> Link | None:
    """The link of a copy whose parts stand in another order; `a` is the shorter text."""
    evidence = reordered(a.profile, b.profile)
    if evidence is None or not copied(evidence):
        return None
    return _evident(a, b, evidence, LINKED + (1 - LINKED) * evidence.trigrams)


def _in_other_words(a: Prepared, b: Prepared) -> Link | None:
    """The link of texts that have hardly a passage in common, and tell the same."""
    agreement = retold(a.specific, b.specific)
    if agreement is None:
        return None
    link = _link(a, b, Relation.RETOLD, LINKED + (1 - LINKED) * agreement, ())
    return replace(link, covered_a=0.0, covered_b=0.0, overlap=0.0)


def _evident(a: Prepared, b: Prepared, evidence: Evidence, probability: float) -> Link | None:
    facts = weigh_facts(a.specific, b.specific, evidence.chains)
    found = relation(evidence, *places(evidence, len(a.profile.words), len(b.profile.words)), facts)
    if found is Relation.QUOTES and stock(evidence, facts):
        return None
    spans = tuple(_span(a, b, chain) for chain in evidence.chains)
    return _link(a, b, found, probability, spans, evidence=evidence, facts=facts)


def _quotes(a: Prepared, b: Prepared, link: Link) -> bool:
    """Whether it is the first text that quotes."""
    date_a, date_b = a.text.published, b.text.published
    if date_a and date_b and (date_b.before(date_a) or date_a.before(date_b)):
        return date_b.before(date_a)
    passage = link.spans[0]  # the heaviest
    own_a = _own(a, [(span.a_start, span.a_end) for span in link.spans])
    own_b = _own(b, [(span.b_start, span.b_end) for span in link.spans])
    claim_a = (_announced(a.text.text, passage.a_start), own_a, a.text.key)
    claim_b = (_announced(b.text.text, passage.b_start), own_b, b.text.key)
    return claim_a > claim_b


def _own(one: Prepared, passages: list[tuple[int, int]]) -> int:
    """How many words of its own a text has on either side of the passages, at least."""
    words = one.profile.words
    before = bisect_left(words.starts, min(start for start, _ in passages))
    return min(before, len(words) - bisect_left(words.starts, max(end for _, end in passages)))


def _announced(text: str, start: int) -> bool:
    return text[:start].rstrip()[-1:] in _OPENING


def _link(
    a: Prepared,
    b: Prepared,
    found: Relation,
    probability: float,
    spans: tuple[Span, ...],
    *,
    evidence: Evidence | None = None,
    facts: Facts | None = None,
) -> Link:
    """The link between two texts, the heaviest passage first; copies in different languages are `translated`."""
    if found in COPIES and _translated(a.text, b.text):
        found = Relation.TRANSLATED
    covered = (evidence.covered_a, evidence.covered_b) if evidence else (1.0, 1.0)
    return Link(
        a=a.text.key,
        b=b.text.key,
        relation=found,
        compared=found,
        score=probability,
        spans=spans,
        side_a=a.text.side,
        side_b=b.text.side,
        covered_a=covered[0],
        covered_b=covered[1],
        overlap=covered[0] if len(a.profile.words) <= len(b.profile.words) else covered[1],
        conflict=facts.share if facts else 0.0,
        conflicts=facts.conflicts if facts else (),
        exchanged=facts.exchanged if facts and found is not Relation.QUOTES else (),
    )


def _translated(a: Text, b: Text) -> bool:
    """Whether one text was met in translation, and the two are known to be written in different languages."""
    if a.side == b.side == ORIGINAL or a.written is None or b.written is None:
        return False
    return table_language(a.written) != table_language(b.written)


def _span(a: Prepared, b: Prepared, chain: Chain) -> Span:
    words_a, words_b = a.profile.words, b.profile.words
    return Span(
        a_start=words_a.starts[chain.a_start],
        a_end=words_a.ends[chain.a_end - 1],
        b_start=words_b.starts[chain.b_start],
        b_end=words_b.ends[chain.b_end - 1],
    )
