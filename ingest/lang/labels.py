"""The labels in a by-line: "By", "Text:", "Photos by", and what stands behind each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.lang.lexicon import once
from ingest.lang.names import bare, begins_name, caseless, is_east_asian, is_given_name, is_particle, listed, longest
from ingest.lang.outlets import known

PEOPLE, PHOTOGRAPHERS, OTHERS = "people", "photographers", "others"
"""The fields of a by-line that a label may begin."""

_LONGEST = 1_000  # characters: a label stands at the beginning
_LONGEST_CREDIT = 60
_WRAPPERS = " ()（）[]【】〔〕"
_RUN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
_LONGEST_NAME, _MOST_WORDS = 5, 4
_COLONS = tuple(":：=＝／｜")
_EDGES = " ,;|/·•–—-("
_BARS = ("|", "•", "·", ";", "⋅")


def begins_byline(text: str, *, single: bool = False) -> bool:
    """Whether a line begins with a word for "by" or "author" and goes on as a name does, if `single` of one word."""
    found = _label().match(text[:_LONGEST])
    if found is None or PEOPLE not in _fields_of(found["label"]):
        return False
    behind = text[found.end() :].split()
    return bool(behind) and begins_name(behind[0]) and (single or not found["open"] or len(behind) > 1)


def without_label(text: str) -> str | None:
    """What stands behind a word for "by" or "author" and a colon, where a line begins so: "Piše: Ana Novak"."""
    found = _label().match(text[:_LONGEST])
    if found is None or PEOPLE not in _fields_of(found["label"]) or not found[0].rstrip(" |").endswith(_COLONS):
        return None
    return text[found.end() :]


def names_behind_day(text: str) -> bool:
    """Whether a word for "by" and a name stand behind a number or a sign in a line: "3 May 2024 by Ann Lee"."""
    parts = text.split()
    return any(
        listed("by").has(word) and begins_name(behind) and not before[-1:].isalpha()
        for before, word, behind in zip(parts, parts[1:], parts[2:], strict=False)
    )


def is_label(text: str) -> bool:
    """Whether a line is a word for "by" and nothing else: the names stand on the next."""
    low = " ".join(map(bare, text.split()))
    return low in caseless("by", "author") - caseless("photo")


def names_others(text: str) -> bool:
    """Whether a line is labels of those who did anything but write, and names: "责任编辑：王小明", "Video: Bo Ek"."""
    bare_text = text.strip(_WRAPPERS)
    if len(bare_text) > _LONGEST_CREDIT or _label().match(bare_text) is None:
        return False
    found = list(_label().finditer(bare_text))
    if any(one["open"] for one in found):
        return False
    ends = [*(one.start() for one in found[1:]), len(bare_text)]
    named = [bare_text[one.end() : end] for one, end in zip(found, ends, strict=True)]
    return all(_fields_of(one["label"]) == (OTHERS,) for one in found) and all(map(_may_be_names, named))


def _may_be_names(text: str) -> bool:
    """Whether a text may be names: short runs of Chinese, Japanese or Korean, few words that begin as names do."""
    if is_east_asian(text):
        return all(len(run) <= _LONGEST_NAME for run in _RUN.findall(text))
    words = [word for word in text.split() if not is_particle(word)]
    return len(words) <= _MOST_WORDS and all(map(begins_name, words))


def labelled(text: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """The parts of a by-line under the fields of those that their labels say they name."""
    fields: tuple[str, ...] = (PEOPLE,)
    start = 0
    opened = 0  # where the part began that we are in: a lone "By" or "Foto" counts only there
    for found in _label().finditer(text):
        if found["open"] and not _opens(text, opened, found):
            continue
        before = text[start : found.start()]
        # What leads to the first label is a name, or a sentence: "This post was written by Ann Lee".
        if before.strip(_EDGES) and (start or begins_name(before.rstrip(_EDGES).split()[-1])):
            yield fields, before
        fields = _fields_of(found["label"])
        start = opened = found.end()
    if text[start:].strip():
        yield fields, text[start:]


def _opens(text: str, opened: int, found: re.Match[str]) -> bool:
    """Whether a label without a colon is one: at the start of a part, before more than it leaves a name short of.

    A part starts behind a day as well: "3 May 2024 by Ann Lee".
    """
    before = text[opened : found.start()]
    behind = text[found.end() :].split()
    low = found["open"].strip(" :：").casefold()
    if low in caseless("photo"):
        return bool(behind) and begins_name(behind[0]) and not listed("roles", "newsroom").has(behind[0])
    at_start = not before.strip() or before.rstrip().endswith(_BARS) or before.rstrip()[-1:].isdigit()
    if not at_start:
        return False
    # "Di Wu", "Von Miller", "Oleh Hai": words that also begin names leave two words behind them, or an outlet.
    begins = is_particle(low) or is_given_name(low)
    return len(behind) > 1 or not begins or found["open"][0].islower() or known(" ".join(behind)) is not None


def _fields_of(label: str) -> tuple[str, ...]:
    """The fields of those whom a label names: "Text och foto" names authors and photographers."""
    low = " ".join(re.sub(r"[/&+・·、:：=＝|／｜]", " ", label.casefold()).split())
    parts = {low, *low.split()}
    others = parts & caseless("other")
    fields = [PEOPLE] if parts & caseless("author") and low not in others else []
    fields += [PHOTOGRAPHERS] if parts & caseless("photo") else []
    return tuple(fields) or ((OTHERS,) if others else (PEOPLE,))


@once
def _label() -> re.Pattern[str]:
    """A label: "By", "Text:", "Words and photos by"; a lone word without a colon is `open` to be one (`_opens`).

    What names a field stands in it once, ahead of its uses: to make the pattern costs by its length.
    """
    openers = [one for one in longest("by") if " " not in one]
    nouns = [one for one in longest("author", "photo", "other") if one not in openers]
    short, noun = _any(openers), _any(nouns)
    long = _any([one for one in longest("by", "other") if " " in one])
    joint = rf"(?:{noun})(?:\s*(?:[&/+・·、]|\b(?:{'|'.join(longest('and'))})\b)\s*(?:{noun}))*"
    east_asian = _any([one for one in nouns if is_east_asian(one)])
    bar = r"\s*\|?\s*"
    return re.compile(
        rf"(?:^|(?<=[\s|•·;,、(（/]))(?=(?P<joint>{joint})?)(?P<label>"
        rf"(?P=joint)(?:\s+(?:{short}))?\s*[:：=＝]{bar}"
        rf"|(?P=joint)\s*[/／｜・]\s?(?!(?:{east_asian})[\s・·/／])(?=[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af])"
        rf"|(?:{long})(?:\s*[:：]{bar}|\s+\|?\s*(?=\S))|(?P=joint)\s+(?:{short})\s+\|?\s*"
        r"|(?:[a-z]+\s)?by\s+(?:\|\s)?(?-i:(?=[^\W\d_a-z]))"
        rf"|(?P<open>(?:{short})(?:\s*[:：]\s*|\s+(?=\S))|(?P=joint)\s+(?=\S)))",
        re.IGNORECASE,
    )


def _any(phrases: Sequence[str]) -> str:
    """A pattern of any of these phrases, the first that fits; where words are parted, they end with it."""
    glued = [one for one in phrases if is_east_asian(one) or "\u0e00" <= one[0] <= "\u0eff"]
    parted = "|".join(_spaced(one) for one in phrases if one not in glued)
    return "|".join([rf"(?:{parted or '(?!)'})(?!\w)", *map(_spaced, glued)])


def _spaced(phrase: str) -> str:
    return r"\s+".join(map(re.escape, phrase.split()))
