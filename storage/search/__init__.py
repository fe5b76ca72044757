"""Full-text search over titles, texts and by-lines, in SQLite (FTS5) and PostgreSQL (tsvector).

`folding`, `stems` and `names` say which words are the same, `documents` what is searched of a record, `query`
understands what people type, `index` keeps it, `finding` searches it, `snippets` shows where. Words are folded here and
not by the database, so that both find the same.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from storage.search.finding import EVERYWHERE, RANKED, Found, Hit, Within, find, found_ids, within
    from storage.search.index import pass_over, take_out, update_index

__all__ = [
    "EVERYWHERE", "RANKED", "Found", "Hit", "Within", "find", "found_ids", "pass_over", "take_out", "update_index",
    "within",
]  # fmt: skip


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever it is the name of
    """What is asked for, loaded then: worker processes need the words alone, and no database."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = "index" if name in ("pass_over", "take_out", "update_index") else "finding"
    return getattr(import_module(f"{__name__}.{module}"), name)
