"""Records out, for other programs.

`selection` says which records and reads them; `lines`, `jsonld`, `table`, `parquet` and `feeds` write them in one
format each; `files` lets a file or a folder appear whole or not at all; `write` puts these together, with a manifest.
"""

from storage.export.lines import write_jsonl
from storage.export.selection import Selection, iterate_records
from storage.export.write import FEEDS, FORMATS, Written, export_jsonl, export_records, stream_records

__all__ = [
    "FEEDS",
    "FORMATS",
    "Selection",
    "Written",
    "export_jsonl",
    "export_records",
    "iterate_records",
    "stream_records",
    "write_jsonl",
]
