"""What worker processes make besides records: the words that are searched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from flows.making import make
from flows.portions import Documents, words_of
from ingest.workers import WorkerDeath
from storage.search.documents import Document, Said, written


class _Pool:
    """Answers in reverse order; of some portions the process dies."""

    def __init__(self, dying: frozenset[int] = frozenset()) -> None:
        self.dying = dying
        self.asked = 0

    def run(self, items: Iterable[Documents]) -> Iterator[tuple[int, Any]]:
        """Yield (position, what was made)."""
        portions = list(items)
        self.asked += len(portions)
        for place in reversed(range(len(portions))):
            dead = WorkerDeath(timed_out=False, detail="killed")
            yield place, dead if place in self.dying else make(portions[place])


def _document(number: int) -> Document:
    text = f"The harbour master counted {number} lanterns. Fyrvaktaren räknade {number} båtar."
    return Document(
        record_id=f"{number:064x}",
        number=number,
        language="en",
        source="lantern",
        day="2026-03-01",
        instant="2026-03-01T00:00:00+00:00",
        titles=(Said(f"Lantern {number}", "en"),),
        texts=(text,),
        paragraphs=(Said(text, "sv"),),
        about=("Lantern Gazette",),
    )


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
@pytest.mark.parametrize("dying", [frozenset[int](), frozenset({0, 3})])
def test_words_come_in_the_order_of_their_documents(dialect: str, dying: frozenset[int]) -> None:
    """The words of many documents are those that this process would make, in their order, though a worker dies."""
    documents = [_document(number) for number in range(75)]
    pool = _Pool(dying)
    assert words_of(pool, documents, dialect) == written(documents, dialect)  # type: ignore[arg-type]
    assert pool.asked > len(dying)


def test_the_words_of_a_few_documents_are_made_here() -> None:
    """For a few documents no worker is asked, nor started."""
    pool = _Pool()
    documents = [_document(number) for number in range(3)]
    assert words_of(pool, documents, "sqlite") == written(documents, "sqlite")  # type: ignore[arg-type]
    assert pool.asked == 0
