"""What a word is, in every script: one tokenisation, one count, one folding.

Chinese, Japanese, Thai, Lao, Khmer and Burmese part no words by spaces. Where their words end only a dictionary tells;
here a run of such letters is cut into pieces as long as their words are on average, so that counts of texts in all
scripts can be compared.
"""

from __future__ import annotations

import re

PAIRED = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
"""Chinese and Japanese characters, as a character class: a word has about two."""

FOURFOLD = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
"""Thai, Lao, Khmer and Burmese characters, as a character class: a word has about four, its vowel signs included."""

SPACELESS = re.compile(f"[{PAIRED}{FOURFOLD}]")
"""A character of a script that parts no words."""

_RUN = re.compile(f"(?P<paired>[{PAIRED}]+)|(?P<fourfold>[{FOURFOLD}]+)")
_PIECE = re.compile(f"[{PAIRED}]{{1,2}}|[{FOURFOLD}]{{1,4}}|[^\\s{PAIRED}{FOURFOLD}]+")
_LENGTHS = {"paired": 2, "fourfold": 4}
_WORDLESS = re.compile(r"[\W_]*")


def words_of(text: str) -> list[str]:
    """The words of a text as they are printed, with the signs at their ends; what holds no letter or digit is none."""
    pieces = text.split() if SPACELESS.search(text) is None else _PIECE.findall(text)
    return [piece for piece in pieces if not _WORDLESS.fullmatch(piece)]


def count_words(text: str) -> int:
    """The number of words of a text, as `words_of` has them; signs that stand alone may count."""
    if text.isascii() or SPACELESS.search(text) is None:
        return len(text.split())
    unparted = sum(-(-len(run[0]) // _LENGTHS[run.lastgroup or ""]) for run in _RUN.finditer(text))
    rest = _RUN.sub(" ", text).split()
    return unparted + sum(not _WORDLESS.fullmatch(word) for word in rest)


def fold(text: str) -> str:
    """Lower case of the same length: the Turkish dotted I is an i, another letter whose lower case is two stays."""
    folded = text.replace("İ", "i").lower()
    if len(folded) != len(text):
        folded = "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)
    return folded.replace("\u00a0", " ").replace("’", "'")
