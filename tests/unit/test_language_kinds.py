"""Texts of every kind that news is made of, and in languages near and far: each is told, or said to be unknown."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import pytest

from ingest.language import detect_paragraphs

TABLE = Path(__file__).parents[1] / "fixtures" / "languages.tsv"
ROWS = [line.split("\t") for line in TABLE.read_text("utf-8").splitlines() if not line.startswith("#")]
KINDS = {
    kind: [(codes, text) for _, codes, text in rows]
    for kind, rows in groupby(sorted(ROWS, key=lambda row: row[0]), key=lambda row: row[0])
}


@pytest.mark.parametrize("kind", KINDS)
def test_texts_of_a_kind_are_told_or_said_to_be_unknown(kind: str) -> None:
    """None is sold as a language that it is not in; the paragraphs of a document are judged together."""
    texts = [text for _, text in KINDS[kind]]
    found = (
        detect_paragraphs(texts) if kind.startswith("document") else [detect_paragraphs([text])[0] for text in texts]
    )

    wrong = [
        (codes, one.language, text)
        for (codes, text), one in zip(KINDS[kind], found, strict=True)
        if one.language not in codes.split(",")
    ]
    assert not wrong


def test_a_line_in_capitals_is_surer_the_more_of_its_words_are_common() -> None:
    """Capitals do not tell names from words; that they are in the table of a language does."""
    said, named = (
        detect_paragraphs([line])[0]
        for line in ("STARY MOST POZOSTANIE ZAMKNIĘTY AŻ DO NIEDZIELI", "ANNA KOWALSKA, JAN NOWAK")
    )

    assert said.language == "pl"
    assert said.confidence > 0.9 > named.confidence
