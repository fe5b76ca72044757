"""Records to disk and back: tables, archive, export, search. `open_store` is for notebooks and scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storage.reader import Reader

__all__ = ["open_store"]


def open_store(url: str | None = None, *, target: str = "en") -> Reader:
    """Open a database to read records from, by default the SQLite file in ``data/`` (see `storage.reader.Reader`).

    Raises:
        ConfigError: the URL is no database URL.
        InputError: there is no such file.
        StorageError: the database cannot be opened.
    """
    # Most of newsmill needs a few modules of this package, and should not wait for all.
    from storage.reader import open_reader

    return open_reader(url, target=target)
