"""The shape of a line: what can be told of it without knowing its language."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.lang.lexicon import once
from ingest.lang.names import listed, longest, may_be_headings
from ingest.lang.words import STOPS, count_words, fold
from ingest.model import Block, Role

_SENTENCE_END = re.compile(rf"""[{STOPS}]["'”’»“)\]*]*\s*$""")
_SENTENCE_BREAK = re.compile(r"""[^\W\d_]{2}[.!?…]["'”’»)]*\s+["'“„«(]?[^\W\d_a-zäöüåßа-я]""")
LIST_ITEM = re.compile(r"^(?:[-*•–—·▪►]|\(?\d{1,2}[.)]|\(?[a-z][.)])\s+\S")
"""How an item of a list begins in plain text."""

# A full paragraph: of this many words and with the end of a sentence, or longer without one.
_PARAGRAPH_WORDS = 10
_LONG_WORDS = 30
_MOST_NAME_WORDS = 14


@dataclass(frozen=True, slots=True)
class Line:
    """A block and its shape. `folded` has the length of the text, so that a span in one is a span in the other."""

    block: Block
    folded: str
    words: int
    ends_sentence: bool
    is_paragraph: bool

    @property
    def text(self) -> str:
        """The text of the block."""
        return self.block.text

    @property
    def is_prose(self) -> bool:
        """Whether it is a full sentence or more, in any role."""
        return self.is_paragraph or (self.ends_sentence and self.words >= _PARAGRAPH_WORDS)

    @property
    def is_headline(self) -> bool:
        """Whether it looks like a headline: a few words and no end of a sentence."""
        return (
            3 <= self.words <= 30
            and (not self.ends_sentence or self.folded.endswith(("?", "!")))
            and not has_two_sentences(self.text)
            and not self.folded.endswith((":", ",", ";"))
            and not LIST_ITEM.match(self.folded)
        )


def line_of(block: Block) -> Line:
    """The line of a block."""
    text = block.text
    words = count_words(text)
    ends = _SENTENCE_END.search(text[-12:]) is not None
    paragraph = words >= _LONG_WORDS or (ends and words >= _PARAGRAPH_WORDS and block.role is not Role.HEADING)
    paragraph = paragraph and block.role is not Role.CAPTION
    return Line(block=block, folded=fold(text), words=words, ends_sentence=ends, is_paragraph=paragraph)


def has_two_sentences(text: str) -> bool:
    """Whether a sentence ends inside the text and another begins."""
    return _SENTENCE_BREAK.search(text) is not None


def are_names(text: str) -> bool:
    """Whether a text may be the names of people, with what stands around them in a byline: capitals all through."""
    words = [word.strip("(),;:&/|.'’\"„“”«»") for word in re.split(r"[\s/&]+", text.strip())]
    words = [word for word in words if word]
    if not 1 <= len(words) <= _MOST_NAME_WORDS or has_two_sentences(text) or any(map(str.isdigit, text)):
        return False
    small = listed("particles", "and", "inside")
    capitals = sum(is_capital(word[0]) for word in words)
    return capitals >= 1 and all(is_capital(word[0]) or small.has(word) for word in words)


def is_capital(letter: str) -> bool:
    """Whether a name may begin with a letter: with a capital, or with any of a script that has none."""
    return letter.isupper() or (letter.isalpha() and not letter.islower())


def is_person(text: str) -> bool:
    """Whether a text may be the name of one person alone: two to five capitalised words and nothing else."""
    words = text.split()
    return 2 <= len(words) <= 5 and text[-1:].isalpha() and "," not in text and are_names(text)


def are_people(text: str) -> bool:
    """Whether a text may be the names of people alone, and neither a place nor a section: "Ann Lee and Bo Ek"."""
    return not may_be_headings(text) and all(map(is_person, _between_people().split(text.strip())))


@once
def _between_people() -> re.Pattern[str]:
    words = "|".join(map(re.escape, longest("and")))
    return re.compile(rf"\s*(?:[,;&/+]|\s(?:{words})\s)\s*", re.IGNORECASE)
