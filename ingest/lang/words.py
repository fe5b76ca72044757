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

STOPS = ".!?…。！？｡؟۔।॥။៖។៕։"
"""The signs that end a sentence, for a character class: Thai and Lao have none."""

SPACELESS = re.compile(f"[{PAIRED}{FOURFOLD}]")
"""A character of a script that parts no words."""

_SYLLABLES = "\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3"
_DENSE = re.compile(f"[{PAIRED}{FOURFOLD}{_SYLLABLES}]")
# How many letters of an alphabet say as much as one of their signs, less that one.
_MORE = (
    (re.compile(f"[{PAIRED}]+"), 1.75),
    (re.compile(f"[{_SYLLABLES}]+"), 1.5),
    (re.compile(f"[{FOURFOLD}]+"), 0.5),
)
_RUN = re.compile(f"(?P<paired>[{PAIRED}]+)|(?P<fourfold>[{FOURFOLD}]+)")
_PIECE = re.compile(f"[{PAIRED}]{{1,2}}|[{FOURFOLD}]{{1,4}}|[^\\s{PAIRED}{FOURFOLD}]+")
_LENGTHS = {"paired": 2, "fourfold": 4}
_END = re.compile(rf"""[:{STOPS}]["'”’»“)\]」』）]*$""")
_UNSTOPPED = re.compile("[\u0e00-\u0eff]$")  # Thai and Lao
_UNSTOPPED_SENTENCE = 60  # letters, as `extent` counts them
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


def extent(text: str) -> float:
    """How long a text is, in letters of an alphabet: what is long enough in one script is so in all.

    A Chinese or Japanese sign says as much as nearly three letters, a Korean as two and a half, a Thai, Lao, Khmer or
    Burmese as one and a half.
    """
    length = len(text)
    if text.isascii() or _DENSE.search(text) is None:
        return length
    return length + sum(more * (length - len(signs.sub("", text))) for signs, more in _MORE)


def ends_sentence(text: str) -> bool:
    """Whether a line ends as a sentence does, or with a colon; in a script without stops, whether it is that long."""
    end = text[-6:]
    if end.isascii() or _UNSTOPPED.search(end) is None:
        return _END.search(end) is not None
    return extent(text) >= _UNSTOPPED_SENTENCE


def fold(text: str) -> str:
    """Lower case of the same length: the Turkish dotted I is an i, another letter whose lower case is two stays."""
    folded = text.replace("İ", "i").lower()
    if len(folded) != len(text):
        folded = "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)
    return folded.replace("\u00a0", " ").replace("’", "'")
