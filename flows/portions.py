"""What is given to worker processes beside pages (`flows.making`), in portions, and put together again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flows.site_lines import Lined
from ingest.model import Record
from ingest.workers import WorkerPool

if TYPE_CHECKING:
    from storage.search.documents import Document, Words

# Of fewer documents the words are made sooner than they are sent.
_WORTH_SENDING = 32
_TOGETHER = 8


@dataclass(frozen=True, slots=True)
class Documents:
    """Documents whose words are wanted, for a database of this name."""

    documents: tuple[Document, ...]
    dialect: str


def trimmed(pool: WorkerPool[Lined, Record], asked: Sequence[Lined]) -> Mapping[int, Record]:
    """Records without lines of their sites, made in a pool whose processes call `make`; by place."""
    return {place: made for place, made in pool.run(asked) if isinstance(made, Record)}


def words_of(pool: WorkerPool[Documents, list[Words]], documents: Sequence[Document], dialect: str) -> list[Words]:
    """The words of documents, made in a pool whose processes call `make`; here where there are few, or one dies."""
    from storage.search.documents import written

    if len(documents) < _WORTH_SENDING:
        return written(documents, dialect)
    starts = range(0, len(documents), _TOGETHER)
    portions = [Documents(tuple(documents[start : start + _TOGETHER]), dialect) for start in starts]
    made: dict[int, list[Words]] = {}
    for place, words in pool.run(portions):
        made[place] = words if isinstance(words, list) else written(portions[place].documents, dialect)
    return [words for place in range(len(portions)) for words in made[place]]
