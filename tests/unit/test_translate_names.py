"""Names that come out in two spellings."""

from __future__ import annotations

from itertools import islice, product
from string import ascii_lowercase

import pytest
from support.effort import no_more_than_a_moment

from ingest.translate.names import unstable_names


@pytest.mark.parametrize(
    ("sources", "translations", "unstable"),
    [
        (
            ["I går sade Karin Lindqvist ja.", "I dag sade Lindqvist nej."],
            ["Yesterday Karin Lindqvist said yes.", "Today Lindquist said no."],
            ("Lindqvist: Lindqvist, Lindquist",),
        ),
        (
            ["Вчера Петров приехал в Тверь.", "Мы видели Петрова."],
            ["Yesterday Petrov came to Tver.", "We saw Petroff."],
            ("Petrov: Petrov, Petroff",),
        ),
        (
            ["Gestern sprach Frau Schneider.", "Dann ging Frau Schneider."],
            ["Yesterday Ms Schneider spoke.", "Then Ms Schnaider left."],
            ("Schneider: Schneider, Schnaider",),
        ),
        # Cases and genitives are no other spelling, nor is a word that is translated.
        (["Мы видели Иванова.", "Она знает Ивановых."], ["We saw Ivanov.", "She knows the Ivanovs."], ()),
        (["Hon läser Bergs bok.", "Boken är av Berg."], ["She reads Berg's book.", "The book is by Berg."], ()),
        (["Dort ist die Regierung.", "Was tut die Regierung?"], ["The Cabinet is there.", "What does it do?"], ()),
        (["Han bor i Göteborg nu."], ["He lives in Gothenburg now."], ()),
        ([], [], ()),
        ([""], [""], ()),
    ],
)
def test_a_name_in_two_spellings_is_named(
    sources: list[str], translations: list[str], unstable: tuple[str, ...]
) -> None:
    """With its spellings in the order they appear."""
    assert unstable == unstable_names(sources, translations)


def test_a_list_of_names_takes_no_hours() -> None:
    """Each is compared with each, so of a paragraph that holds thousands only the first ones are looked at."""
    names = ["Bo" + "".join(letters) for letters in islice(product(ascii_lowercase, repeat=3), 10_000)]
    text = "Med var " + ", ".join(names) + "."
    with no_more_than_a_moment():
        unstable_names([text], [text])
