"""Which of Chinese in simplified or traditional characters, and Japanese in kanji alone, the characters speak for.

The standards of each region say which characters it uses: GB 2312, Big5 and JIS X 0208 each begin with the common ones.
A text in one of them hardly has characters that its standard lacks.
"""

from __future__ import annotations

import functools
from typing import Final

import numpy as np
from numpy.typing import NDArray

# The codec of each standard, the last byte pair of its common characters, and the first of all.
_STANDARDS: Final = {
    "zh-Hans": ("gb2312", b"\xb0\xa1", b"\xd7\xf9"),
    "zh-Hant": ("big5", b"\xa4\x40", b"\xc6\x7e"),
    "ja": ("euc_jp", b"\xb0\xa1", b"\xcf\xd3"),
}
HAN_LANGUAGES: Final = tuple(_STANDARDS)
# Nats against a language: for a character that its standard has among the rare ones, and for one that it lacks.
_RARE: Final = 0.7
_LACKING: Final = 3.0
_FIRST: Final = 0x4E00
_LAST: Final = 0x9FFF

# Characters that only written Cantonese has, and it in nearly every sentence: no Mandarin word is written with them.
_CANTONESE: Final = frozenset("嘅唔咗喺冇佢哋嚟啲嘢咁")
_CANTONESE_SHARE: Final = 60


def is_cantonese(text: str) -> bool:
    """Whether a text in Chinese characters is Cantonese: one of its own characters in 60."""
    return _CANTONESE_SHARE * sum(text.count(one) for one in _CANTONESE) > len(text)


def costs(text: str) -> NDArray[np.float64]:
    """What the characters of a text say against each of `HAN_LANGUAGES`, in nats."""
    codes = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype=np.uint16)
    codes = codes[(codes >= _FIRST) & (codes <= _LAST)] - _FIRST
    found: NDArray[np.float64] = _table().take(codes, axis=0).sum(axis=0)
    return found


@functools.cache
def _table() -> NDArray[np.float64]:
    table = np.empty((_LAST - _FIRST + 1, len(_STANDARDS)))
    for column, (codec, first, last) in enumerate(_STANDARDS.values()):
        for row in range(len(table)):
            try:
                code = chr(_FIRST + row).encode(codec)
            except UnicodeEncodeError:
                table[row, column] = _LACKING
            else:
                table[row, column] = 0.0 if len(code) == 2 and first <= code <= last else _RARE
    return table
