"""What makes a translation doubtful, and what does not."""

from __future__ import annotations

import pytest

from benchmarks.guards import is_noticed, listed
from ingest.translate.doubts import Doubt, find_doubt

GOOD, PLANTED = listed()


def test_good_translations_are_neither_faulty_nor_doubtful() -> None:
    """None of the table, in whatever way two languages write numbers, denials and quotations."""
    assert [one for one in GOOD if is_noticed(one, one.translation)] == []


@pytest.mark.parametrize("kind", sorted({one.kind for one in PLANTED}))
def test_a_planted_fault_is_noticed(kind: str) -> None:
    """Each place of a good translation that a model may get wrong, gone wrong."""
    assert [one for one in PLANTED if one.kind == kind and not is_noticed(one.pair, one.bad)] == []


@pytest.mark.parametrize(
    ("source", "translation", "language"),
    [
        ("Inte bara Malmö utan även Lund drabbades.", "Both Malmö and Lund were hit.", "sv"),
        ("Der Antrag wurde nicht angenommen.", "The motion was rejected.", "de"),
        ("Полиция чуть не опоздала.", "The police almost came too late.", "ru"),
        ("Газета «Факты» закрылась.", "The newspaper Fakty has closed.", "ru"),
        ("Personne n'est venu sans invitation.", "Only invited guests came, none without.", "fr"),
        ("Han är 1.80 lång.", "He is 1.80 tall.", "sv"),
        ("Кого это не касается?", "Whom does it spare? None are exempt.", "ru"),
        ("質問に答えなければならない。", "Questions must be answered.", "ja"),
        ("لا يزال الطريق مغلقا.", "The road is still closed.", "ar"),
    ],
)
def test_who_says_it_in_another_way_raises_no_doubt(source: str, translation: str, language: str) -> None:
    """Idioms with a "not" in them, words that deny by themselves, names in marks, decimals."""
    assert find_doubt(source, translation, language, "en") is None


def test_into_a_language_whose_ways_to_deny_are_not_known_no_denial_is_missed() -> None:
    """Marks and numbers are looked at all the same."""
    assert find_doubt("She did not answer.", "Hän vastasi.", "en", "fi") is None
    assert find_doubt('"No," she said.', "Ei, hän sanoi.", "en", "fi") is Doubt.QUOTATION
