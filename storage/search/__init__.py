"""Full-text search over titles, texts and by-lines, in SQLite (FTS5) and PostgreSQL (tsvector).

`folding`, `stems` and `names` say which words are the same, `query` understands what people type, `index` keeps what is
searched, `find` searches it, `snippets` shows where. Words are folded here and not by the database, so that both find
the same.
"""

from storage.search.find import EVERYWHERE, Found, Hit, Within, find, found_ids, within
from storage.search.index import take_out, update_index

__all__ = ["EVERYWHERE", "Found", "Hit", "Within", "find", "found_ids", "take_out", "update_index", "within"]
