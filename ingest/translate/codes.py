"""Codes of languages: one table from the codes of packages, detectors and web pages to those that newsmill writes."""

from __future__ import annotations

from typing import Final

# Other names of a language, in lower case. Argos packages say nb, pb, zt; old pages say iw, in, no for Nynorsk too.
_SAME: Final = {
    "fil": "tl",
    "in": "id",
    "iw": "he",
    "ji": "yi",
    "jw": "jv",
    "mo": "ro",
    "nb": "no",
    "nn": "no",
    "pb": "pt-BR",
    "pt-br": "pt-BR",
    "sh": "hr",
    "zh": "zh-Hans",
    "zh-cn": "zh-Hans",
    "zh-hans": "zh-Hans",
    "zh-hant": "zh-Hant",
    "zh-hk": "zh-Hant",
    "zh-mo": "zh-Hant",
    "zh-sg": "zh-Hans",
    "zh-tw": "zh-Hant",
    "zt": "zh-Hant",
}
STAND_INS: Final = {
    "bs": ("hr", "sr"),
    "hr": ("bs", "sr"),
    "pt": ("pt-BR",),
    "pt-BR": ("pt",),
    "sr": ("bs", "hr"),
}
"""Whose package serves where a language has none of its own, the nearest first: readers of one read the other."""


def is_language(code: str) -> bool:
    """Whether there is a language by a code, in one of the spellings that `bcp47` knows."""
    import langcodes  # late: few ask, and its tables take time to load

    return langcodes.tag_is_valid(bcp47(code))


def bcp47(code: str) -> str:
    """A code of a package, a detector or a page as the code that newsmill uses for the language.

    Regions and scripts go ("de-AT" is "de"), except where models differ by them (pt-BR, zh-Hant, zh-Hans). Bokmål and
    Nynorsk are one language here, "no", as they are for the detector and for the packages.
    """
    written = code.strip().replace("_", "-").lower()
    # "zh-hant-tw" is told by its first two parts.
    for parts in (3, 2, 1):
        known = _SAME.get("-".join(written.split("-")[:parts]))
        if known is not None:
            return known
    return written.partition("-")[0]
