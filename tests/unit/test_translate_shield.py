"""Addresses around the model: what is taken out, and that it comes back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.translate.shield import lost_placeholders, shield, unshield


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("Läs mer på https://example.org/a_b?c=1.", "Läs mer på X1."),
        ("Das steht auf www.example.de, sagte er.", "Das steht auf X1, sagte er."),
        ("Пишите на red@example.ru или звоните.", "Пишите на X1 или звоните."),
        ("Se Exempel.se för mer.", "Se X1 för mer."),
        ("@anna_k skrev att #valet blev av.", "X1 skrev att X2 blev av."),
        ("Kartan (https://example.org/x_(y)) är ny.", "Kartan (X1) är ny."),
        ("En X1 och www.example.org står där.", "En X1 och X2 står där."),
        ("Hon bor i nr 5. Han också.", "Hon bor i nr 5. Han också."),
        ("Slut.De nya kom, C# också, och 5 % & #1.", "Slut.De nya kom, C# också, och 5 % & #1."),
    ],
)
def test_an_address_inside_a_sentence_leaves_a_placeholder(sentence: str, text: str) -> None:
    """Closing marks stay with the sentence, brackets with the address; no placeholder is used twice."""
    shielded = shield(sentence)

    assert text == shielded.text
    assert sentence == unshield(shielded, shielded.text)


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("Det blev bra! #politik #val", "Det blev bra!"),
        ("Källa: https://example.org/x", "Källa:"),
        ("@anna: Kom hit.", "Kom hit."),
        ("@anna @bo Kom hit.", "Kom hit."),
        ("• Mjölk och bröd", "Mjölk och bröd"),
        ("– Ja, sade hon.", "Ja, sade hon."),
        ("3. Rör om.", "Rör om."),
    ],
)
def test_what_stands_apart_at_an_end_is_copied(sentence: str, text: str) -> None:
    """The model sees the sentence alone."""
    shielded = shield(sentence)

    assert (text, ()) == (shielded.text, shielded.held)
    assert sentence == unshield(shielded, shielded.text)


@pytest.mark.parametrize("sentence", ["https://example.org/", "(www.example.org)", "12 345 – 67 %", "@a @b #c1", "5–3"])
def test_a_sentence_of_addresses_and_figures_has_no_words(sentence: str) -> None:
    """It needs no model."""
    assert not shield(sentence).has_words


@given(st.text(alphabet="aB1 .,:@#/()-wX1å", max_size=80).map(lambda text: f"www.ex.se {text} https://e.org/a@b.se #x"))
def test_what_is_taken_out_comes_back(sentence: str) -> None:
    """Shielding loses nothing, whatever the sentence."""
    shielded = shield(sentence)

    assert sentence == unshield(shielded, shielded.text)


def test_more_addresses_than_placeholders_are_left_alone() -> None:
    """Nine are taken out; the others stay in the text."""
    sentence = " ".join(f"ord www.ex{number}.se" for number in range(15)) + " slut."
    shielded = shield(sentence)

    assert len(shielded.held) == 9
    assert sentence == unshield(shielded, shielded.text)


def test_a_placeholder_may_neither_vanish_nor_double() -> None:
    """Order is free."""
    assert not lost_placeholders("X1 och X2", "X2 and X1")
    assert lost_placeholders("X1 och X2", "X1 and")
    assert lost_placeholders("X1", "X1 X1")
