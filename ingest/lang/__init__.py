"""What every stage knows of languages, in one place: words, codes, and a lexicon for each language.

`lexicon` reads `lexicon/<code>.toml`, the one file in which a language's words and rules stand. `words` says what a
word is, in every script. `codes` knows names, scripts and directions of languages.
"""
