"""Sentences: cut a text into what a translation model takes, and put translations back in the same places.

The rules are made for news in Swedish, German, Russian and English and do something sensible elsewhere. They need no
model and no download. Cutting is invertible: the pieces joined are the text, each carries the white space behind it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

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

# What comes before a name and so never ends a sentence. The row "" holds for every language.
_NEVER_LAST: Final = {
    "": "dott dr ing mlle mme mr mrs ms prof sr sra srta st ste",
    "sv": "bl ca dir e exkl f fr fred hr inkl jfr kungl prof red resp s:t st t.ex ung uppl vd",
    "de": "bzw ca dipl evtl fr ggf gebr hl hr hrn inkl jur med phil sog vgl z.b zit d.h",
    "en": "adm approx brig capt cf col cpl dept e.g est gen gov hon i.e lieut lt maj messrs mt pres pvt rep rev sen"
    " sens sgt supt vs",
    "ru": "акад англ библ вып греч доц др.-греч им инж кв корп лат напр нем обл обр оз пер пл пос пр-т проф просп"
    " род св см ср стр ул т.е т.н т.к франц",
}  # fmt: skip
# What ends a sentence unless a number follows.
_BEFORE_NUMBER: Final = {
    "": "art cap fig nr pp vol",
    "sv": "avd kap kl sid tel",
    "de": "abs anm bd jg kap tel",
    "en": "ch no nos sec",
    "ru": "гл илл рис ст табл тел",
}  # fmt: skip
# What may end a sentence: it does where the next word is one that often begins a sentence.
_MAYBE_LAST: Final = {
    "": "etc",
    "sv": "a.a d.v.s dvs d.ä d.y e.d e.kr f.d f.k f.kr f.n f.ö forts fr.o.m f.v.b i.o.m m.a.o m.fl m.m mfl milj min mm"
    " mdr mån m.v o.d o.dyl o.s.v osv p.g.a pga s.a.s s.k sek st t.o.m t.v tr u.a u.å ons tis tor fre lör sön jan feb"
    " apr aug sept okt nov dec",
    "de": "a.a a.d d.ä d.j ff geb gest i.a i.d.r i.v m.e max min mio mrd n.chr o.ä o.g sen std str s.o s.u u.a u.ä u.u"
    " usf usw u.v.m u.v.a v.a v.chr z.t z.zt jan feb mär apr aug sept okt nov dez",
    "en": "a.d a.m assn ave b.c blvd bros co corp d.c ft inc jr ltd mass p.m ph.d plc rd u.k u.n u.s u.s.a jan feb mar"
    " apr aug sept sep oct nov dec",
    "ru": "вв г гг д долл др евр изд кг км коп кор куб л.с лл м мин млн млрд мм мн н.э пр прим р руб сб сек с.г т т.д"
    " т.п трлн тт тыс ч чел шт экз до.н.э",
}  # fmt: skip
_STARTERS: Final = {
    "sv": "av de den denna dessa det detta du då efter en enligt ett för från han hon i inte jag man med men nu när och"
    " om på samtidigt sedan så till trots under vad vi vid även",
    "de": "aber als am an auch auf aus bei bis da damit dann das dass dem den denn der des die dies diese dieser doch"
    " durch ein eine einen er es für gegen hier ich ihr im in ist man mit nach nicht noch nun nur ob sein seit sie so"
    " sollte trotz um und unter von vor was weil wenn wer wie wir zu zudem zum zur",
    "en": "a after all also although an and another as at because but by during for from he her here his how however i"
    " if in it its many most no nor not now on one only our she since so some still such that the their then there"
    " these they this those though to under until we what when where which while who why with yet you",
    "ru": "а без более в во все вместе впрочем где да для до его ее если еще же за затем и из или их к как когда кроме"
    " кто ли мы на над не него нет но о об однако он она они оно от по под позже потом поэтому при с сейчас со так"
    " также там теперь то тогда тот у чтобы что эта эти это этот я",
}  # fmt: skip
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

# Words that begin a clause, by language of those that are split most often; of others none are known.
_CONJUNCTIONS: Final = (
    "och men eller samt som att när medan eftersom utan"  # sv, da, no
    " und aber oder dass weil während sowie sondern wobei"  # de
    " and but or that which who while because when where"  # en
    " и но или что чтобы который которая которые когда потому а"  # ru
    " et mais ou que qui y pero o e mas ma che dat maar en omdat"  # fr, es, pt, it, nl
)
# Where a long sentence may be cut, the best first.
_CUTS = (
    re.compile(r"[;:]\s+|[؛；：]\s*|\s[–—-]\s+|—\s*"),
    re.compile(r"[,)]\s+|[،，、]\s*"),
    re.compile(rf"(?<!\s)\s+(?=(?:{'|'.join(sorted(set(_CONJUNCTIONS.split())))})\s)"),
    re.compile(r"\s+"),
)


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


@functools.cache
def _rules(language: str) -> _Rules:
    language = language.partition("-")[0]
    row = _ROW_OF.get(language, language)

    def words(table: Mapping[str, str]) -> frozenset[str]:
        return frozenset(f"{table.get('', '')} {table.get(row, '')}".split())

    return _Rules(
        never_last=words(_NEVER_LAST),
        before_number=words(_BEFORE_NUMBER),
        maybe_last=words(_MAYBE_LAST),
        starters=words(_STARTERS),
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
    for pattern in _CUTS:
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
