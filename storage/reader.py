"""Records for notebooks and scripts: read one by one, typed."""

from __future__ import annotations

from collections.abc import Iterator
from types import TracebackType
from typing import Self, cast

from ingest.errors import InputError
from storage.engine import DEFAULT_URL
from storage.export import iterate_records
from storage.record_types import RecordDict
from storage.search import EVERYWHERE, Hit, Within, find, update_index
from storage.selection import Selection
from storage.store import Store
from storage.views import find_record, read_records


class Reader:
    """An open database to read from; `storage.open_store` opens it. Close it, or use it in a ``with`` block."""

    def __init__(self, store: Store, target: str) -> None:
        self._store = store
        self._target = target

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the connections back."""
        self._store.close()

    def records(
        self,
        *,
        language: str | None = None,
        source: str | None = None,
        first_day: str | None = None,
        last_day: str | None = None,
        canonical_only: bool = False,
    ) -> Iterator[RecordDict]:
        """All records that meet what is given, as docs/record.md describes them, by id; memory stays flat.

        Days are of the publication as the page dates it, YYYY-MM-DD, both included.
        """
        selection = Selection(
            language=language,
            source=source,
            first_day=first_day,
            last_day=last_day,
            canonical_only=canonical_only,
        )
        return iterate_records(self._store, self._target, selection)

    def record(self, name: str) -> RecordDict:
        """The record with this URL or id (or the start of one, of 6 characters or more).

        Raises:
            InputError: there is none.
        """
        with self._store.reading() as tx:
            key = find_record(tx, name)
            if key is None:
                raise InputError(f"no record {name}: give its URL, or 6 characters or more of its id")
            return cast("RecordDict", next(read_records(tx, [key], self._target)))

    def search(self, query: str, *, within: Within = EVERYWHERE, limit: int = 10) -> list[Hit]:
        """The records that a query describes (docs/search.md), the best first; one of each cluster."""
        update_index(self._store)
        return list(find(self._store, query, within, target=self._target, limit=limit).hits)


def open_reader(url: str | None, *, target: str) -> Reader:
    """Open a database to read from, by default the SQLite file in ``data/``.

    Args:
        url: an SQLAlchemy URL.
        target: the language of the translations.

    Raises:
        ConfigError: the URL is no database URL.
        InputError: there is no such file.
        StorageError: the database cannot be opened.
    """
    return Reader(Store(url or DEFAULT_URL, must_exist=True), target)
