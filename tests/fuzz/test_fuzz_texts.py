"""Any text: cut and joined, shielded, translated by a bad model, labelled, compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import assume, example, given
from hypothesis import strategies as st
from support.fuzzing import LINES, SCRIPTS, fuzz

from ingest.clean.rules import all_rules
from ingest.dedup.chain import Seeds, chains
from ingest.dedup.compare import Text, compare, prepare
from ingest.dedup.fingerprint import fingerprint
from ingest.dedup.tokens import tokenise
from ingest.lang.sentences import MAX_CHARACTERS, replace_sentences, split_sentences
from ingest.language import detect_paragraphs, shares
from ingest.link import Relation
from ingest.model import UrlKey
from ingest.translate.headline import Case
from ingest.translate.shield import PLACEHOLDER, shield, unshield
from ingest.translate.texts import DictMemory, translate_texts
from ingest.value import well_formed

LANGUAGES = st.sampled_from(("en", "sv", "de", "ru", "ar", "zh", "th", "el", "und", "zz", ""))
TEXTS = st.lists(LINES, min_size=1, max_size=6).map("\n\n".join)
PROSE = st.lists(st.sampled_from(SCRIPTS + tuple(" ".join(SCRIPTS).split())), min_size=1, max_size=60).map(" ".join)


@fuzz(150)
@given(text=TEXTS, language=LANGUAGES)
@example(text="a" * 5000, language="en")
@example(text="." * 5000 + " A", language="en")
def test_sentences_joined_are_the_text(text: str, language: str) -> None:
    """Cutting loses nothing, leaves no sentence too long, and putting the same sentences back changes nothing."""
    sentences = split_sentences(text, language)
    assert text == "".join(sentences)
    assert all(len(one.strip()) <= MAX_CHARACTERS for one in sentences)
    spaced = [one for one in sentences if one[-1:].isspace() or one is sentences[-1]]
    if language not in ("zh", "th") and len(spaced) == len(sentences):
        assert text == replace_sentences(sentences, sentences, language)


@fuzz(150)
@given(sentence=LINES)
@example(sentence="X1 says https://ferry.example/ and X2 says @harbour")
def test_what_is_shielded_comes_back(sentence: str) -> None:
    """A model that changes nothing gives back the sentence, and a placeholder stands once for one address."""
    shielded = shield(sentence)
    names = [name for name, _ in shielded.held]
    back = unshield(shielded, shielded.text)
    assert sentence == back or (shielded.case is not Case.SENTENCE and sentence.casefold() == back.casefold())
    assert len(set(names)) == len(names)
    assert all(PLACEHOLDER.findall(shielded.text).count(name) == 1 for name in names)
    assert not any(PLACEHOLDER.fullmatch(held) for _, held in shielded.held)


@dataclass
class BadModel:
    """A model that answers what it likes; `answers` are taken in turn."""

    answers: Sequence[str]
    settings: str = "bad"
    asked: int = 0

    def pairs(self) -> frozenset[tuple[str, str]]:
        """It claims to know Swedish."""
        return frozenset({("sv", "en")})

    def model(self, source: str, target: str) -> str:
        """Its name."""
        return f"bad-{source}_{target} 1"

    def translate(self, sentences: Sequence[str], source: str, target: str, *, strict: bool = False) -> list[str]:
        """One answer for each sentence."""
        del source, target, strict
        given_back = [self.answers[(self.asked + place) % len(self.answers)] for place in range(len(sentences))]
        self.asked += len(sentences)
        return given_back


@fuzz(80)
@given(
    texts=st.lists(TEXTS, max_size=3), answers=st.lists(LINES | st.sampled_from(("", "X1", "X1 X1", "X9")), min_size=1)
)
@example(texts=["A"], answers=["\ue0f00"])
def test_a_bad_model_spoils_no_text(texts: list[str], answers: list[str]) -> None:
    """Whatever a model answers, every text has a translation that is remembered, and no placeholder is left over."""
    memory = DictMemory()
    model = BadModel(answers)
    first = translate_texts(texts, "sv", "en", model, memory)
    assert len(texts) == len(first)
    asked = model.asked
    assert first == translate_texts(texts, "sv", "en", model, memory)
    assert asked == model.asked, "what is known was asked for again"
    for text, made in zip(texts, first, strict=True):
        assert all(one.sentence in well_formed(text) for one in made.kept)
        assert not set(PLACEHOLDER.findall(made.text)) - set(PLACEHOLDER.findall(text + " ".join(answers)))


@fuzz(60)
@given(paragraphs=st.lists(LINES, max_size=6))
def test_every_paragraph_has_a_language(paragraphs: list[str]) -> None:
    """One detection for each paragraph, the same every time, and shares that add up."""
    found = detect_paragraphs(paragraphs)
    assert len(paragraphs) == len(found)
    assert found == detect_paragraphs(paragraphs)
    assert all(one.language and 0 <= one.confidence <= 1 for one in found)
    told = shares((text, one.language) for text, one in zip(paragraphs, found, strict=True))
    assert abs(sum(share for _, share in told) - 1) < 1e-6
    assert [share for _, share in told] == sorted((share for _, share in told), reverse=True)


@fuzz(100)
@given(text=TEXTS, language=LANGUAGES)
def test_words_lie_where_they_are_said_to(text: str, language: str) -> None:
    """Words of any text lie in it in order, and its fingerprint hangs on nothing else."""
    tokens = tokenise(text, language)
    assert all(0 <= start < end <= len(text) for start, end in zip(tokens.starts, tokens.ends, strict=True))
    assert list(tokens.starts) == sorted(tokens.starts)
    assert all(tokens.words), "an empty word"
    assert fingerprint(text, language) == fingerprint(text, language)


STEMS = st.lists(st.integers(0, 12), max_size=80)


@fuzz(150)
@given(one=STEMS, other=STEMS, step=st.integers(1, 70))
@example(one=list(range(30)), other=[*range(15, 30), *range(15)], step=1)
def test_chains_are_disjoint_and_run_forward(one: list[int], other: list[int], step: int) -> None:
    """Chains begin and end at seeds, no two at the same word, and each is worth what its words are at most."""
    weights = {stem: 1.2 + stem / 3 for stem in range(30)}
    a, b = (Seeds([step * place for place in range(len(stems))], stems) for stems in (one, other))
    found = chains(a, b, weights)
    for chain in found:
        assert chain.a_start < chain.a_end
        assert chain.b_start < chain.b_end
        for seeds, start, end in ((a, chain.a_start, chain.a_end), (b, chain.b_start, chain.b_end)):
            inside = [stem for place, stem in zip(seeds.places, seeds.stems, strict=True) if start <= place < end]
            assert {start, end - 1} <= set(seeds.places)
            assert chain.mass <= sum(weights[stem] for stem in inside) + 1e-6
    assert len(found) == len({chain.a_start for chain in found}) == len({chain.b_start for chain in found})
    assert [chain.mass for chain in found] == sorted((chain.mass for chain in found), reverse=True)


@fuzz(60)
@given(a=PROSE | TEXTS, b=PROSE | TEXTS, common=PROSE, language=LANGUAGES)
@example(a="", b=" ".join(SCRIPTS[:4]), common=" ".join(SCRIPTS[:4]), language="en")
def test_passages_lie_in_both_texts_and_in_the_same_order(a: str, b: str, common: str, language: str) -> None:
    """The spans of a link hold text on both sides, each begins at a place of its own, in the order of the first."""
    one, other = f"{a}\n\n{common}", f"{common}\n\n{b}"
    link = compare(
        prepare(Text(key=UrlKey("a"), text=one, language=language)),
        prepare(Text(key=UrlKey("b"), text=other, language=language)),
    )
    assume(link is not None)
    assert link is not None
    text_a, text_b = (one, other) if link.a == "a" else (other, one)
    assert link.spans
    assert 0.5 <= link.score <= 1
    assert {link.a, link.b} == {"a", "b"}
    for span in link.spans:
        assert text_a[span.a_start : span.a_end].strip()
        assert text_b[span.b_start : span.b_end].strip()
        assert 0 <= span.a_start < span.a_end <= len(text_a)
        assert 0 <= span.b_start < span.b_end <= len(text_b)
    starts = [(span.a_start, span.b_start) for span in link.spans]
    assert starts == sorted(starts)
    assert len(starts) == len({a for a, _ in starts}) == len({b for _, b in starts})
    if link.relation is Relation.EXACT:
        assert tokenise(one, language).words == tokenise(other, language).words


@fuzz(40)
@given(line=LINES)
def test_a_rule_that_fits_says_where_its_value_stands(line: str) -> None:
    """No rule fails on any line, and a value is a part of the line."""
    from ingest.clean.shape import Line
    from ingest.model import Block

    read = Line(
        block=Block(text=line),
        folded=line.lower() if len(line.lower()) == len(line) else line,
        words=1,
        ends_sentence=False,
        is_paragraph=False,
    )
    for rule in all_rules():
        residue = rule.find(read)
        assert residue is None or residue.value is None or residue.value in line
