"""What worker processes are for: pages become records, documents the words that are searched.

Records also lose lines of their sites there. All in the same processes, which have loaded by then what they need. Only
they import this module, for it takes all that reads pages (`flows.portions` is what the other side has of it).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.portions import Documents
from flows.site_lines import Lined
from ingest.model import Page, Record
from ingest.outcome import Rejection
from ingest.pipeline import forget_lines, process_page

if TYPE_CHECKING:
    from storage.search.documents import Words


def make(item: Page | Lined | Documents) -> Record | Rejection | list[Words]:
    """Make a record of a page, one without lines of its site, or the words of documents."""
    if isinstance(item, Lined):
        return forget_lines(item.record, item.lines)
    if not isinstance(item, Documents):
        return process_page(item)
    from storage.search.documents import written  # late: of a few pages no worker makes the words

    return written(item.documents, item.dialect)
