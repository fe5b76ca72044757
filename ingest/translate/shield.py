"""Addresses, handles and tags travel around the model, not through it: taken out before, put back after.

An address inside a sentence leaves a placeholder behind. "X1" is what models keep best: of 450 news sentences in
Swedish, German and Russian with a placeholder at a random place, small Argos models kept "X1" in 78 %, "Q7" in 74 %,
"URL" in 73 %, "Alpha" in 70 %, "X23" in 67 %, "NN" in 51 %. A plain URL survived in 1 of 18. Where it is lost the
sentence is translated in parts (`ingest.translate.rescue`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

PLACEHOLDER: Final = re.compile(r"(?<!\w)X[1-9](?!\w)")
"""What stands for an address in a text that goes to the model."""

_ADDRESS: Final = re.compile(
    r"""
      (?:(?i:https?|ftp)://|(?i:www)\.)[^\s<>"“”„«»\u3000-\uffef]+
    | (?<![-\w.+]) [-\w.+]+@[-\w]+(?:\.[-\w]+)+
    | (?<![\w/@.]) (?:[A-Za-z0-9][-A-Za-z0-9]*\.)+
      (?:com|org|net|info|eu|se|de|ru|no|dk|fi|is|fr|uk|us|io|nu|be|by|at|ch|nl|es|it|pl|pt|ua|cz|tv|news) (?![\w@.-]\w)
      (?:/[^\s<>"“”„«»]*)?
    | (?<![\w@]) @\w[\w.]*
    | (?<![\w&/\#]) \#\w*[^\W\d_]\w*
    """,
    re.VERBOSE,
)
# What closes a sentence or a bracket behind an address is not part of it.
_BEHIND: Final = ".,;:!?…'’\"”»*_"
_LETTER: Final = re.compile(r"[^\W\d_]")
_BULLET: Final = re.compile(r"\s*(?:[•·▪►●‣◦*–—-]+|[(\[]?\d{1,3}[.)\]])\s+(?=\S)")
_BETWEEN: Final = re.compile(r"[\s,|/·•]*")
_SET_APART: Final = tuple(".!?…:;|–—-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shielded:
    """A sentence without its addresses.

    `before` and `after` are copied as they are; `text` goes to the model; `held` are placeholders in it with what they
    stand for.
    """

    before: str
    text: str
    after: str
    held: tuple[tuple[str, str], ...]

    @property
    def has_words(self) -> bool:
        """Whether there is anything for a model to translate."""
        return has_words(self.text)


def has_words(text: str) -> bool:
    """Whether a text holds a letter outside addresses and placeholders."""
    return _LETTER.search(PLACEHOLDER.sub(" ", without_addresses(text))) is not None


def without_addresses(text: str) -> str:
    """A text with a space in the place of each address."""
    return _ADDRESS.sub(" ", text)


def shield(sentence: str) -> Shielded:
    """Take the addresses out of a sentence.

    A bullet or list number at the start, and addresses at either end that stand apart from the sentence, are copied;
    addresses within it leave placeholders that the sentence does not use itself.
    """
    start, end = 0, len(sentence)
    if bullet := _BULLET.match(sentence):
        start = bullet.end()
    spans = [(found.start(), found.start() + len(_trimmed(found[0]))) for found in _ADDRESS.finditer(sentence, start)]
    if len(spans) == 1 and not has_words(sentence[start:]):
        return Shielded(before=sentence, text="", after="", held=())
    start, spans = _head(sentence, start, spans)
    end, spans = _tail(sentence, start, spans)
    used = set(PLACEHOLDER.findall(sentence))
    names = [name for name in map("X{}".format, range(1, 10)) if name not in used]
    parts: list[str] = []
    held: list[tuple[str, str]] = []
    position = start
    for (first, last), name in zip(spans, names, strict=False):  # a sentence with more has lost its way already
        parts += [sentence[position:first], name]
        held.append((name, sentence[first:last]))
        position = last
    parts.append(sentence[position:end])
    text = "".join(parts)
    return Shielded(before=sentence[:start], text=text, after=sentence[end:], held=tuple(held))


def lost_placeholders(source: str, translation: str) -> bool:
    """Whether a translation lacks, or repeats, a placeholder of its source."""
    return sorted(PLACEHOLDER.findall(source)) != sorted(PLACEHOLDER.findall(translation))


def unshield(shielded: Shielded, translation: str) -> str:
    """Put back what `shield` took out; `translation` has all the placeholders."""
    held = dict(shielded.held)
    text = PLACEHOLDER.sub(lambda found: held.get(found[0], found[0]), translation)
    return f"{shielded.before}{text}{shielded.after}"


def _trimmed(address: str) -> str:
    while address:
        shorter = address.rstrip(_BEHIND)
        # A closing bracket belongs to the address where it was opened in it: .../Mercury_(planet)
        for opening, closing in ("()", "[]", "{}"):
            if shorter.endswith(closing) and shorter.count(opening) < shorter.count(closing):
                shorter = shorter[:-1]
        if shorter == address:
            break
        address = shorter
    return address


def _head(sentence: str, start: int, spans: list[tuple[int, int]]) -> tuple[int, list[tuple[int, int]]]:
    """Where the text begins behind addresses that stand apart at the start, and the spans that are left."""
    position, taken = start, 0
    for first, last in spans:
        if _BETWEEN.fullmatch(sentence, position, first) is None:
            break
        position, taken = last, taken + 1
    behind = sentence[position:].lstrip()
    if taken and (taken > 1 or not behind or behind.startswith(_SET_APART)):
        while position < len(sentence) and not (sentence[position].isalnum() or sentence[position] in "\"'“”„«»([¿¡@#"):
            position += 1
        return position, spans[taken:]
    return start, spans


def _tail(sentence: str, start: int, spans: list[tuple[int, int]]) -> tuple[int, list[tuple[int, int]]]:
    """Where the text ends before addresses that stand apart at the end, and the spans that are left."""
    position, taken = len(sentence), 0
    for first, last in reversed(spans):
        gap = sentence[last:position]
        if gap.strip(" ,|/·•" if taken else " .!…"):
            break
        position, taken = first, taken + 1
    before = sentence[start:position].rstrip()
    if taken and (taken > 1 or not before or before.endswith(_SET_APART)):
        return start + len(before), spans[: len(spans) - taken]
    return len(sentence), spans
