"""Who wrote a text first, who passed it on, and whom it cites.

Works on a cleaned article: on its text, and on what cleaning found in what it took out. `attribute` puts it together.

From what was found: `attribute` reads by-lines, dates and credits, `origin` where a text was first (by what `hosts`
tells of addresses); who is named is read by `ingest.lang.bylines`. From the text: `stamps` reads days, `datelines` how
it opens, `oddities` counts what engines and synonym spinners leave in it, and `citations` collects all that it cites:
sources in parentheses, linked pages, and those that `mentions` and `citing` find, names that may be outlets' and
whether the words around them cite them; `experts` does the same for people.

An outlet that is not in the list of `ingest.lang.outlets` is recognised by the words around it.
"""
