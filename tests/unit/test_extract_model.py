"""The model of lines: what it may bring back and take out, and how sure a record is."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files

import numpy as np
import pytest
from lxml.html import document_fromstring
from support.pages import ENGLISH, ENGLISH_TOO, GERMAN, RUSSIAN, SWEDISH, html, page

from ingest.clean import clean
from ingest.clean.guard import IMPROBABLE
from ingest.confidence import confidence_of
from ingest.extract.forest import Floats, Forest, shipped
from ingest.extract.judged import ORIGIN, SURE, judge
from ingest.extract.likely import FEATURES, Reading, describe, numbers
from ingest.extract.page import extract
from ingest.extract.scope import find_scope
from ingest.model import LOW, LOW_CONFIDENCE, Article, Block, Confidence, Record
from ingest.pipeline import process_page
from ingest.text import letters

PARAGRAPHS = (ENGLISH, SWEDISH, GERMAN, RUSSIAN, ENGLISH_TOO)


class _Same:
    """A model that says the same of every line."""

    def __init__(self, chance: float) -> None:
        self.chance = chance

    def predict(self, rows: Floats) -> Floats:
        """That probability, for each row."""
        return np.full(len(rows), self.chance)


def _judged(chance: float, found: tuple[str, ...], body: str) -> tuple[tuple[Block, ...], float]:
    lines = describe(find_scope(document_fromstring(html(body))))
    told = [letters(text) for text in found]
    reading = Reading(
        found=told, taken=(), captions=(), declared="", title=letters("The ferry sails again"), subtitle=""
    )
    return judge([Block(text=text, origin="trafilatura") for text in found], lines, reading, _Same(chance))


def test_a_forest_adds_its_leaves() -> None:
    """Each tree sends a row to one leaf; the sum is the logarithm of the odds."""
    trees = [[[0, 0.5, 1, 2], [-1, -1.0, 0, 0], [1, 2.0, 3, 4], [-1, 1.0, 0, 0], [-1, 3.0, 0, 0]], [[-1, 0.5, 0, 0]]]
    forest = Forest(trees, 0.25, ("a", "b"))
    rows = np.array([[0.5, 9.0], [0.6, 2.0], [0.6, 2.1]])
    assert np.log(1 / forest.predict(rows) - 1) == pytest.approx([0.25, -1.75, -3.75])
    assert len(forest.predict(rows[:0])) == 0


def test_a_row_ends_in_the_leaf_to_which_its_tree_leads() -> None:
    """All comparisons at once give what walking down each tree gives, for trees of any shape and any number of rows."""
    told = json.loads(files("ingest.extract").joinpath("forest.json").read_text("utf-8"))
    rows = np.random.default_rng(7).choice([-1.0, 0.0, 0.3, 1.0, 4.0, 60.0], size=(700, len(FEATURES)))

    def walk(tree: list[list[float]], row: Floats) -> float:
        node = tree[0]
        while node[0] >= 0:
            node = tree[int(node[2 if row[int(node[0])] <= node[1] else 3])]
        return node[1]

    odds = [told["baseline"] + sum(walk(tree, row) for tree in told["trees"]) for row in rows[::100]]
    assert shipped().predict(rows)[::100] == pytest.approx([1 / (1 + np.exp(-one)) for one in odds], abs=1e-12)


def test_the_shipped_forest_fits_the_numbers() -> None:
    """The file was learnt from the numbers that lines are described by now, and gives a probability for each."""
    lines = describe(find_scope(document_fromstring(html("".join(f"<p>{text}</p>" for text in PARAGRAPHS)))))
    table = numbers(lines, Reading(found=(), taken=(), captions=(), declared="", title="", subtitle=""))
    assert shipped().features == FEATURES
    assert table.shape == (6, len(FEATURES))
    assert all(0 < chance < 1 for chance in shipped().predict(table))


def test_a_missed_line_comes_back_in_its_place() -> None:
    """A line that is surely text is put where it stands on the page, with the model as its origin; the title is not."""
    body = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    blocks, expected = _judged(SURE + 0.1, PARAGRAPHS[:2] + PARAGRAPHS[3:], body)
    assert [block.text for block in blocks] == list(PARAGRAPHS)
    assert [block.origin == ORIGIN for block in blocks] == [False, False, True, False, False]
    assert expected > 0
    unsure, _ = _judged(SURE - 0.1, PARAGRAPHS[:2], body)
    assert [block.text for block in unsure] == list(PARAGRAPHS[:2])


def test_a_line_that_was_shortened_is_not_missed() -> None:
    """Of a line from which a part was taken out, the whole does not come back beside the rest."""
    body = f"<p>{ENGLISH} More of it: three boats.</p><p>{SWEDISH}</p>"
    blocks, _ = _judged(0.9, (ENGLISH, SWEDISH), body)
    assert [block.text for block in blocks] == [ENGLISH, SWEDISH]


def _article(chances: dict[str, float], expected: float = 600.0) -> Article:
    article = extract(page(html("".join(f"<p>{text}</p>" for text in PARAGRAPHS))))
    assert isinstance(article, Article)
    blocks = tuple(replace(block, probability=chances.get(block.text, 0.99)) for block in article.blocks)
    return replace(article, blocks=blocks, expected_length=expected)


def test_an_improbable_line_is_residue() -> None:
    """A line that is nearly certainly the page's frame goes, and is kept as residue; most of a text never does."""
    cleaned = clean(_article({SWEDISH: IMPROBABLE - 0.01}))
    assert [one.text for one in cleaned.residue if one.rule == "improbable"] == [SWEDISH]
    assert clean(_article(dict.fromkeys(PARAGRAPHS[:3], 0.01))).text == "\n\n".join(PARAGRAPHS)


def test_confidence() -> None:
    """It is what the F1 of the text is expected to be: less where lines are unsure, and where text is missing."""
    length = sum(map(len, PARAGRAPHS))
    sure = confidence_of(_article({}, length)).text or 0
    unsure = confidence_of(_article(dict.fromkeys(PARAGRAPHS, 0.6), length)).text or 1
    missing = confidence_of(_article({}, 3 * length)).text or 1
    assert max(unsure, missing) < LOW < sure


def test_a_plain_text_has_nobody_to_ask() -> None:
    """The confidence of what came as plain text is not known, and it is not flagged for that."""
    record = process_page(page(f"The ferry sails again\n\n{ENGLISH}\n\n{ENGLISH_TOO}", "text/plain"))
    assert isinstance(record, Record)
    assert record.confidence == Confidence()
    assert LOW_CONFIDENCE not in record.article.flags
