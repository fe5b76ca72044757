"""Words after which a clause must go on, in the languages that sentences are cut in most often."""

from __future__ import annotations

from typing import Final

OPEN_WORDS: Final = frozenset(
    word
    for words in (
        "a an the of in on at to by for from with as and or but that which who whose than into about after before",
        "since while when if his her its their our said says told reports reported according per via",
        "der die das den dem des ein eine einen einem einer eines und oder aber dass von vom mit für auf an im am zu",
        "zum zur bei beim aus nach über unter durch wie als wenn weil sagte laut so berichtet",
        "en ett och eller men att som på av med till från om när där enligt hos vid mellan säger sade skriver",
        "и или но что как в во на с со из за по для от до о об при к ко у под над который которая которое которые",
        "пишет сообщает сообщил le la les un une du de et ou mais que qui dans sur par pour avec el los las del y",
        "o pero con para según se il lo gli di da e ma che su nel della dello dei het een van maar dat op met voor",
        "door bij naar i oraz ale że w na z ze od po dla przez według jak",
    )
    for word in words.split()
)
"""Articles, prepositions, conjunctions: no headline ends with one, and hardly a verse."""


def is_open(text: str) -> bool:
    """Tell whether a line ends in the middle of a clause: with such a word, or with a comma."""
    return text.endswith((",", "،", "、", "，")) or text[-30:].casefold().rpartition(" ")[2] in OPEN_WORDS
