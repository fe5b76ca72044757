"""Who wrote a text first, who passed it on, and whom it cites.

Works on a cleaned article: on its text, and on what cleaning took out of it. `attribute` puts it together.

From what was taken out: `bylines` reads who is named, `stamps` days and times, `origin` where a text was first (by what
`hosts` tells of addresses). From the text: `datelines` reads how it opens, `oddities` counts what engines and synonym
spinners leave in it, and `citations` collects all that it cites. For that, `traits` passes over the paragraphs that
cite nobody; `references` are sources in parentheses; `mentions` finds names that may be outlets', and `citing` says
whether the words around them (listed in `words`) cite them; `experts` does the same for `people`.

`outlets` looks names up in `outlets.txt`, `places` knows cities, `tokens` are the words of a text. An outlet that is
not in the list is recognised by the words around it.
"""
