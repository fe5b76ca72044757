"""What the pages of `newsmill browse` ask the database: only reads, each answered from an index.

`listing` has the records page by page, `changed` by their changes, `stories` by cluster, `copying` by outlets;
`nights` the runs and what they came to by source, hour and language; `health` the few numbers that an operator watches.
"""
