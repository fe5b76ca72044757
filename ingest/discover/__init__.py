"""Discover: from a fetched page to what it announces.

`read` is the way in: `read_listing` looks at the bytes of a page and hands them to the reader of their kind. `feeds`
reads RSS and Atom (feedparser only here), `jsonfeed` JSON Feed, `sitemaps` sitemaps of all kinds, `pages` the links of
a section page, of which `articles` tells those that look like articles. `recognise` tells the kinds apart, `unpack`
undoes gzip without ever inflating a bomb, `dates` reads the instants, and `listing` holds the values. `patterns` are
what a source includes and excludes, and `suggest` finds out what a new source could be read by. All of it is pure, but
for the `fetch` that `suggest` is given.
"""
