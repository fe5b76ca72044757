"""From a URL to a record: plain functions of frozen values, without a database and without a workflow engine.

`ingest.read` reads one page, `ingest.read_many` many.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ingest.outcome import RejectedError, Rejection
    from ingest.reading import read, read_many

__all__ = ["RejectedError", "Rejection", "read", "read_many"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever has that name
    # Every module of this package would otherwise load all of it.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from ingest import outcome, reading

    return getattr(outcome if name.startswith("Reject") else reading, name)
