"""What a model cannot spell or must not touch travels around it; headlines go through it as sentences."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ingest.translate.faults import Fault, find_fault
from ingest.translate.numbers import lost_numbers
from ingest.translate.shield import shield, unshield
from ingest.translate.texts import DictMemory, translate_texts

LACKED = frozenset("€£♥🎉–ş")


class Poor:
    """A translator whose vocabulary lacks `LACKED`; it answers in English to what it knows, and notes what it saw."""

    settings = "test"

    def __init__(self, answers: dict[str, str]) -> None:
        self._answers = answers
        self.asked: list[str] = []

    def pairs(self) -> frozenset[tuple[str, str]]:
        """One."""
        return frozenset({("pt", "en")})

    def model(self, source: str, target: str) -> str:
        """One."""
        return f"test-{source}_{target} 1"

    def lacks(self, characters: frozenset[str], source: str, target: str) -> frozenset[str]:
        """What is not in the vocabulary."""
        return characters & LACKED

    def translate(self, sentences: Sequence[str], source: str, target: str, *, strict: bool = False) -> list[str]:
        """The answers, or nothing."""
        self.asked += sentences
        return [self._answers.get(sentence, "") for sentence in sentences]


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("O bilhete custa 25 € por pessoa.", "O bilhete custa X1 por pessoa."),
        ("Os preços vão de 10 €–20 € por dia.", "Os preços vão de X1 por dia."),
        ("Custa £300 na loja.", "Custa X1 na loja."),
        ("Chegou o cantor Владимир Высоцкий a Lisboa.", "Chegou o cantor X1 a Lisboa."),
        ("A empresa 华为 abriu.", "A empresa X1 abriu."),
        ("Boa notícia 🎉 para a vila!", "Boa notícia X1 para a vila!"),
        ("A ministra Ayşe Kaya chegou ontem.", "A ministra X1 Kaya chegou ontem."),
        ("Olá %1$s, tem {count} cartas.", "Olá X1, tem X2 cartas."),
        ("Uma <b>nova</b> ponte.", "Uma X1 nova X2 ponte."),
        ("Subiu 5 % de janeiro a março.", "Subiu 5 % de janeiro a março."),
        ("♥ Adoro a vila ♥", "Adoro a vila"),
        ("Foi assim – disse ela.", "Foi assim - disse ela."),
    ],
)
def test_what_the_vocabulary_lacks_goes_around_the_model(sentence: str, text: str) -> None:
    """And comes back where it stood."""
    shielded = shield(sentence, "pt", lambda characters: characters & LACKED)

    assert shielded.text == text
    assert unshield(shielded, shielded.text) == sentence.replace("–", "–" if "€" in sentence else "-")


def test_the_translator_is_asked_what_it_can_spell() -> None:
    """An amount in a currency that the vocabulary lacks is in the translation as it was."""
    poor = Poor({"O bilhete custa X1 por pessoa.": "The ticket costs X1 per person."})
    (made,) = translate_texts(["O bilhete custa 25 € por pessoa."], "pt", "en", poor, DictMemory())

    assert made.text == "The ticket costs 25 € per person."


@pytest.mark.parametrize(
    ("headline", "asked", "answer", "text"),
    [
        ("A VELHA PONTE REABRE NA PRIMAVERA", "A velha ponte reabre na primavera", "The old bridge reopens in spring",
         "THE OLD BRIDGE REOPENS IN SPRING"),
        ("A Velha Ponte Reabre Na Primavera", "A velha ponte reabre na primavera", "The old bridge reopens in spring",
         "The Old Bridge Reopens in Spring"),
    ],
)  # fmt: skip
def test_a_headline_is_translated_as_a_sentence(headline: str, asked: str, answer: str, text: str) -> None:
    """In capitals or in title case; its translation is set as it was."""
    poor = Poor({asked: answer})
    (made,) = translate_texts([headline], "pt", "en", poor, DictMemory())

    assert (poor.asked, made.text) == ([asked], text)


def test_german_nouns_make_no_headline() -> None:
    """Capitals are usual there; a sentence of names is a sentence."""
    assert shield("Bürgermeister Müller eröffnet Brücke", "de").text == "Bürgermeister Müller eröffnet Brücke"
    assert shield("Der Umsatz stieg", "de").text == "Der Umsatz stieg"


@pytest.mark.parametrize(
    ("source", "translation", "lost"),
    [
        ("Es kam 1 Brief.", "A letter came.", True),
        ("Es sind 1,05 Millionen.", "There are ,05 million.", True),
        ("Es sind 1,05 Millionen.", "There are 1.05 million.", False),
        ("Der Umsatz stieg auf 35 Mio. Euro.", "Sales rose to 3.5 million euros.", True),
        ("Der Umsatz stieg auf 35 Mio. Euro.", "Sales rose to 35 million euros.", False),
        ("Das kostet 3 Mrd. Euro.", "That costs 3 million euros.", True),
        ("Das kostet 3 Mrd. Euro.", "That costs 3 billion euros.", False),
        ("Das kostet 3 Mrd. Euro.", "That costs 3,000 million euros.", False),
        ("Um 14.30 Uhr beginnt es.", "It begins at 1430.", True),
        ("Um 14.30 Uhr beginnt es.", "It begins at 2:30 pm.", False),
        ("Um 16h00 beginnt es.", "It begins at 4pm.", False),
        ("Bayern gewann 2–1.", "Bayern won 21.", True),
        ("Bayern gewann 2–1.", "Bayern won 2-1.", False),
        ("Am 3/4 2005 war es.", "It was on 3 April 2005.", False),
        ("Es waren 12 000 Leute.", "There were 12,000 people.", False),
    ],
)
def test_numbers_are_compared_as_quantities(source: str, translation: str, lost: bool) -> None:
    """With their scales, separators and conventions; what is no number of the same value is lost."""
    assert bool(lost_numbers(source, translation, "en", "de")) is lost


@pytest.mark.parametrize(
    ("source", "translation", "fault"),
    [
        ("Das kostet 25 €.", "That costs $25.", Fault.CURRENCY),
        ("Das kostet 25 €.", "That costs 25.", Fault.CURRENCY),
        ("Das kostet 25 €.", "That costs 25 euros.", None),
        ("Das kostet 25 Euro.", "That costs €25.", None),
        ("Die Stadt ist schön, sagt er.", "The City City City is nice, he says.", Fault.LOOP),
        ("Die Stadt ist schön, sagt er.", 'The city " " " " " " is nice, he says.', Fault.LOOP),
    ],
)
def test_new_faults_are_seen(source: str, translation: str, fault: Fault | None) -> None:
    """Another currency or none, the same word three times, rows of marks."""
    assert find_fault(source, translation, "de", "en") == fault
