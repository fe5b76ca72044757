"""From a page to an article.

`page` decides what a response is; `html` and `plain` read the two kinds of text.

For HTML, `tree` parses the page once. `metadata` reads what the page says about itself: `declared` collects it
(`linked` for JSON-LD, `microdata`, meta elements), `names`, `bylines`, `when` with `dates`, `canonical` and `details`
judge it; `original` finds the link to the source of a repost, `head` the day and the byline that a page shows beside
its headline and does not declare. Then `bulk` takes out what would cost seconds, `scope` finds the article's part of
the page, `joints` mends its sentences, `surroundings` and `captions` take out what is no running text, and `blocks` has
trafilatura read the rest; `links` gives the blocks their hyperlinks, `marked` their marks and levels.

XPath expressions start with /descendant:: instead of //, which has libxml2 list all nodes of a page before it looks
at names: half the time.
"""
