"""The tables, as plain as they open in Datasette. Their history is in `storage/migrations/`.

    work.py
      run            one row a run: when, what, how it ended
      worker         one row a process that works: who, and when it was last heard of
      listing        one row a feed, sitemap or section page and run: what it announced
      source_run     one row a source and run: how many articles it announced, how many were expected
      url            one row an address: how far it came, where its raw response lies. The truth about progress
      queue          one row a seed of an open run that has no outcome yet
      reach          how far an open run has looked through an archive
      claim          which worker has which seed in hand
      capture        one row a response in the archive: whose, when, where it lies
      reading        what was read last of an address, by what, and what it came to: the same again is not read again
      outcome        one row a seed and run: stored, unchanged, rejected or failed, and why
      forgotten      addresses and hosts of which nothing may be stored any more, since when and why
    articles.py
      record         one row an article, the newest version
      author         who wrote them, in small letters: records are found by it
      sighting       one row a capture of an article: what it said then, and where a version began, all of that
      segment        its paragraphs, each with a language
      translation    what a segment (or title, subtitle, section, tag: positions below 0) is in a target language
      translation_state   how complete the translation of a record is
      memory         sentences translated before
      mark           which records were written to                    change      the number of their last change
    copies.py
      fingerprint    what finds the copies of a text                  anchor      its keys, by which it is found
      line           the lines of a site's texts: those in many of them are boilerplate
      site_line      short lines by page: on three pages of a site they are residue
      link           two records that share text, with the evidence   duplicate   the cluster a record belongs to
      unlinked       pairs that a person said are no copies of each other

Instants are ISO 8601 text with an offset, so that a reader sees what the page said.
"""

from ingest.record import FIRST_TAG, SECTION, SUBTITLE, TITLE
from storage.tables.articles import (
    author,
    change,
    mark,
    memory,
    record,
    segment,
    sighting,
    translation,
    translation_state,
    twin,
)
from storage.tables.base import metadata
from storage.tables.copies import anchor, duplicate, fingerprint, line, link, site_line, unlinked
from storage.tables.work import (
    capture,
    claim,
    forgotten,
    listing,
    outcome,
    queue,
    reach,
    reading,
    run,
    source_run,
    url,
    worker,
)

__all__ = [
    "FIRST_TAG", "SECTION", "SUBTITLE", "TITLE",
    "anchor", "author", "capture", "change", "claim", "duplicate", "fingerprint", "forgotten", "line", "link",
    "listing",
    "mark", "memory", "metadata", "outcome", "queue", "reach", "reading", "record", "run", "segment", "sighting",
    "site_line", "source_run", "translation", "translation_state", "twin", "unlinked", "url", "worker",
]  # fmt: skip
