"""From a page to an article.

`page` decides what a response is; `html` runs trafilatura and turns its tree into blocks with roles; `plain` does the
same for plain text; `metadata` reads what the page says about itself (JSON-LD, OpenGraph, `<time>`, links) from the
tree that is parsed once for both.
"""
