"""Sentences: cut a text into what a translation model takes, and put translations back in the same places.

The rules are made for news in Swedish, German, Russian and English and do something sensible elsewhere. They need no
model and no download. Cutting is invertible: the pieces joined are the text, each carries the white space behind it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ingest.lang.lexicon import once, tables

MAX_CHARACTERS: Final = 400
"""The longest sentence, in characters: with the usual three to four characters a token it stays well inside the 256
tokens that models are trained on; what is longer comes out cut short."""

ADDRESS: Final = re.compile(
    r"(?:https?://|www\.)[^\s\u3000-\uffef]+"
    r"|(?<![-A-Za-z0-9_.+])[-A-Za-z0-9_.+]+@[-A-Za-z0-9_.]+"  # tried once in a run of such letters, not at each
    r"|(?<!\w)@[A-Za-z0-9_]+"
)
"""A URL, an e-mail address or an @handle: no language, and nothing to translate."""

_UNSPACED: Final = frozenset({"ja", "th", "yue", "zh", "zh-Hans", "zh-Hant"})

# Languages near enough to share a row.
_ROW_OF: Final = {"be": "ru", "bg": "ru", "da": "sv", "mk": "ru", "nb": "sv", "nn": "sv", "no": "sv", "uk": "ru"}
# "am 8. April", "3. kerroksessa": a number with a full stop may be an ordinal.
_ORDINAL_LANGUAGES: Final = frozenset(
    ("cs", "da", "de", "et", "fi", "hr", "hu", "is", "lv", "nb", "nn", "no", "pl", "sk", "sl", "tr")
)
_LONGEST_ORDINAL: Final = 2

# A stop, what closes with it, and the white space behind; scripts without spaces need none.
_STOP = re.compile(
    r"""
      (?<! [.!?…‽؟۔։।॥] ) (?P<mark> [.!?…‽؟۔։।॥]++ )
      (?P<close> ["'”’“‘»›«‹)\]]* (?: [ \u00a0\u202f] [»›] (?=\s|$) )? ) (?P<space> \s+ )
    | (?<! [。！？｡] ) [。！？｡]++ (?: [」』”’）〉》]++ (?! と | って ) | (?! [」』”’）〉》] ) ) \s*
    | \n \s*
    """,
    re.VERBOSE,
)
_GREEK_QUESTION = re.compile(r";[\"'”’»)\]]*\s+(?=[\"'“‘«(\[]*[^\W\d_])")
_NEXT_WORD = re.compile(r"[\"'“„”‚‘’«»‹›(\[¡¿–—―\-\s]*(?P<word>\w[\w'’]*)")
_LAST_WORD = re.compile(r"\S+$")
_DOTTED = re.compile(r"(?:[^\W\d_]{1,2}\.)+[^\W\d_]{1,2}")  # U.S, bl.a, т.е
_LIST_NUMBER = re.compile(r"\s*[(\[]?(?:\d{1,3}|[^\W\d_]|[IVX]{1,4})")
_QUOTES: Final = "\"'“„”‚‘’«»‹›([–—-"


def split_sentences(text: str, language: str) -> tuple[str, ...]:
    """Cut a text into sentences.

    A line break always ends one. A sentence of more than `MAX_CHARACTERS` is cut further, at a semicolon, a dash, a
    comma, before a conjunction or, failing all, between words.

    Args:
        text: Any text.
        language: Its BCP-47 code; an unknown one gets the rules that all languages share.

    Returns:
        The sentences with the white space that follows each: joined they are `text` again.
    """
    sentences: list[str] = []
    start = 0
    for end in _boundaries(text, language):
        if not text[start:end].strip():
            continue  # white space before the first sentence belongs to it
        sentences += _cut(text[start:end])
        start = end
    if start < len(text):
        sentences += _cut(text[start:])
    return tuple(sentences)


def replace_sentences(sentences: Sequence[str], replacements: Sequence[str], language: str) -> str:
    """Join the replacements (translations, say) of sentences with the white space of the sentences.

    Args:
        sentences: What `split_sentences` gave.
        replacements: One for each, in the same order.
        language: BCP-47 code of the replacements. Where the sentences have no white space between them (Chinese) one
            space is put, and where this language has none the spaces go.

    Returns:
        The text of the replacements.
    """
    parts: list[str] = []
    for sentence, replacement in zip(sentences, replacements, strict=True):
        start = len(sentence) - len(sentence.lstrip())
        space = sentence[max(start, len(sentence.rstrip())) :]
        if language in _UNSPACED and "\n" not in space:
            space = ""
        elif language not in _UNSPACED and not space and start < len(sentence):
            space = " "
        parts += [sentence[:start], replacement.strip(), space]
    if parts and sentences[-1].rstrip() == sentences[-1]:
        parts[-1] = ""
    return "".join(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rules:
    never_last: frozenset[str]
    before_number: frozenset[str]
    maybe_last: frozenset[str]
    starters: frozenset[str]
    has_ordinals: bool


@once
def _rules(language: str) -> _Rules:
    language = language.partition("-")[0]
    row = _ROW_OF.get(language, language)

    def words(key: str) -> frozenset[str]:
        return frozenset(word for code in ("und", row) for word in tables("sentences").get(code, {}).get(key, ()))

    return _Rules(
        never_last=words("never_last"),
        before_number=words("before_number"),
        maybe_last=words("maybe_last"),
        starters=words("starters"),
        has_ordinals=language in _ORDINAL_LANGUAGES,
    )


def _boundaries(text: str, language: str) -> list[int]:
    rules = _rules(language)
    stops = [stop.end() for stop in _STOP.finditer(text) if stop["mark"] is None or _ends_sentence(text, stop, rules)]
    if language == "el":
        stops = sorted({*stops, *(stop.end() for stop in _GREEK_QUESTION.finditer(text))})
    return stops


def _ends_sentence(text: str, stop: re.Match[str], rules: _Rules) -> bool:
    following = _NEXT_WORD.match(text, stop.end())
    next_word = following["word"] if following else ""
    if "\n" in stop["space"] or next_word[:1].islower():
        return "\n" in stop["space"]
    if stop["mark"] != "." or stop["close"].strip(")]"):
        return True
    # A window: no word that matters is longer, and looking back to the start every time would be quadratic.
    before = _LAST_WORD.search(text, max(0, stop.start() - 60), stop.start())
    word = before[0].lstrip(_QUOTES).lower() if before else ""
    if word in rules.before_number:
        return not next_word[:1].isdigit()
    if _may_go_on(word, rules):
        initial_follows = len(next_word) == 1 and text.startswith(f"{next_word}.", stop.end())
        return next_word.lower() in rules.starters and not initial_follows
    return word not in rules.never_last and not _is_list_number(text, stop.start())


def _is_list_number(text: str, stop: int) -> bool:
    """Whether "1." or "a." stands at the start of a line: it belongs to what follows."""
    nearest = max(0, stop - 12)
    line = text.rfind("\n", nearest, stop) + 1
    return line >= nearest and _LIST_NUMBER.fullmatch(text, line, stop) is not None


def _may_go_on(word: str, rules: _Rules) -> bool:
    """Whether a full stop after this word may be no end: an ordinal, an initial, an abbreviation."""
    if word.isdigit():
        return rules.has_ordinals and len(word) <= _LONGEST_ORDINAL
    initial = len(word) == 1 and word.isalpha()
    return initial or word in rules.maybe_last or _DOTTED.fullmatch(word) is not None


def cut_in_two(sentence: str) -> tuple[str, str]:
    """Cut a sentence near its middle: at a semicolon, colon or dash, a comma, before a conjunction, between words.

    Returns:
        The two pieces, which joined are the sentence; in the middle of a word where it has nothing else.
    """
    middle = len(sentence) // 2
    for pattern in _cuts():
        # In the middle half, so that no crumb is left and every piece is much shorter than the whole.
        ends = [cut.end() for cut in pattern.finditer(sentence) if abs(cut.end() - middle) <= middle // 2]
        if ends:
            middle = min(ends, key=lambda end: abs(end - middle))
            break
    return sentence[:middle], sentence[middle:]


def _cut(sentence: str) -> list[str]:
    """Cut a sentence that is too long, as often as it takes."""
    if len(sentence.strip()) <= MAX_CHARACTERS:
        return [sentence]
    return [piece for half in cut_in_two(sentence) for piece in _cut(half)]


@once
def _cuts() -> tuple[re.Pattern[str], ...]:
    """Where a long sentence may be cut, the best first."""
    conjunctions = sorted({word for table in tables("sentences").values() for word in table.get("conjunctions", ())})
    return (
        re.compile(r"[;:]\s+|[؛；：]\s*|\s[–—-]\s+|—\s*"),
        re.compile(r"[,)]\s+|[،，、]\s*"),
        re.compile(rf"(?<!\s)\s+(?=(?:{'|'.join(conjunctions)})\s)"),
        re.compile(r"\s+"),
    )
