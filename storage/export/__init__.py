"""Records out, for other programs.

`reading` reads those of a selection; `jsonl`, `jsonld`, `table`, `parquet`, `documents` and `feeds` write them in one
format each; `write` puts these together, with a manifest.
"""

from storage.export.jsonl import write_jsonl
from storage.export.reading import iterate_records
from storage.export.write import FEEDS, Written, export_jsonl, export_records, stream_records
from storage.selection import Selection

__all__ = [
    "FEEDS",
    "Selection",
    "Written",
    "export_jsonl",
    "export_records",
    "iterate_records",
    "stream_records",
    "write_jsonl",
]
