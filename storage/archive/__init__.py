"""Raw responses on disk, as WARC 1.1 (ISO 28500): what was fetched is never fetched again.

A folder holds the files of all runs: `newsmill-<run>-00000.warc.gz`, then `-00001` when the first is full. A file is
written by one process and never opened again for writing. It begins with a `warcinfo` record; each page follows as

    response    head and body as the server sent them, the body decoded; `resource` for a local file. Pointers lead here
    request     the headers that were sent, where they are known
    metadata    how the page was heard of: seed, redirects, key in the state table

Every record is a gzip member of its own, and what belongs to a page goes to the operating system in one piece: a kill
loses nothing that was added. A power cut may leave a torn end. Nothing points to it, and nothing is written behind it.

`writing` adds pages, `reading` gets one back, `scanning` finds the pages of any WARC file, `recovering` what a killed
run left, `indexing` knows the indexes beside archives. `unpacking` makes a plain copy of a file that was compressed as
a whole, `erasing` overwrites a page where it lies. `members` and `heard` turn pages into bytes and back, `bodies`
undoes the encodings of other people's archives. FastWARC is imported nowhere else.
"""

from storage.archive.erasing import erase
from storage.archive.members import Body
from storage.archive.reading import read_page
from storage.archive.recovering import Recovered, recover
from storage.archive.scanning import Archived, PackedTogether, Passed, find_pages, look_through
from storage.archive.unpacking import unpack
from storage.archive.writing import Archive

__all__ = [
    "Archive", "Archived", "Body", "PackedTogether", "Passed", "Recovered", "erase", "find_pages", "look_through",
    "read_page", "recover", "unpack",
]  # fmt: skip
