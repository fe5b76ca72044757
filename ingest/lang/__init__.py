"""What every stage knows of languages, in one place: words, dates, codes, and a lexicon for each language.

`lexicon` reads `lexicon/<code>.toml`, the one file in which a language's words and rules stand; `sections` says what it
may hold. `words` says what a word is, in every script, and `sentences` where they end. `codes` knows
names, scripts and directions of languages. `dates` reads days and times: `scan` makes tokens of a text, by the words of
`vocabulary`; `calendars` and `zones` know other years and clocks. `cues` has the words by which texts cite.

`bylines` reads by-lines: `labels` finds what opens their parts, `pieces` what stands in each, `names` says of what kind
a name is, with `outlets` (a list as data, `outlets.txt`), `places` and `days`. `notes` reads what a text says of itself
at its edges: where it was first, and that a machine translated it. `tokens` are words with their places.
"""
