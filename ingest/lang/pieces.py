"""The names in a part of a by-line: what bars, commas and "and" part, and what stands around each name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.lang.lexicon import once
from ingest.lang.names import (
    Kind,
    bare,
    begins_name,
    caseless,
    is_east_asian,
    is_full_name,
    is_glued,
    is_organisation,
    is_particle,
    kind_of,
    listed,
    longest,
)
from ingest.lang.outlets import known
from ingest.lang.places import is_country, is_place
from ingest.lang.vocabulary import is_day_word

_HARD = re.compile(
    r"\s*(?:[|｜•⋅⸱▪●;=＝／\n]|\s[–—-]\s|\s/\s|、|--+|➤|→|»"
    r"|(?<![\u3400-\u9fff\u30a0-\u30ff])[·・](?![\u3400-\u9fff\u30a0-\u30ff]))\s*"
)
_COMMA = re.compile(r"\s*[,，،]\s*")
_AFFIX = re.compile(r",\s+(?=(?:jr|sr|ii|iii|iv)\b)", re.IGNORECASE)
_INVERTED = re.compile(r"([^\W\d_a-z][\w'’-]+), ([^\W\d_a-z][\w'’-]+(?: [^\W\d_]\.)?|[^\W\d_]\. ?[^\W\d_]\.)")
_NO_PART = ("roles", "modifiers", "organisation", "newsroom", "places_and_sections", "nobody", "degrees")
_DIGIT = re.compile(r"\d")
_DEGREE = re.compile(r"(?=.{2,8}$)(?:[A-Z][a-z]{0,2}\.?-?){2,6}®?")
_JAPANESE = re.compile(r"[\u3040-\u30ff]")

_FURTHEST_ROLE = 4  # words from the beginning of a piece
_LONGEST_PREPOSITION = 2  # "on", "by"

Found = Iterator[tuple[Kind, str]]


def names_in(text: str, own: Sequence[str], language: str | None) -> Iterator[tuple[Kind, str, int]]:
    """The names in a part of a by-line, with the number of the piece that each stands in.

    Args:
        text: the part: what stands behind one label.
        own: names of the site and its publisher.
        language: of the page, if known.
    """
    named = False
    for number, chunk in enumerate(_HARD.split(text)):
        for piece in pieces_of(chunk):
            if named and _is_role_alone(piece):
                yield Kind.ROLE, piece, number  # "Ann Lee | EdTech content writer"
                continue
            if named and all(_is_degree(part, alone=True) for part in _COMMA.split(piece)):
                continue  # "Ann Lee | RN, BSN"
            for kind, name in _in_commas(piece, own, language):
                named = named or (kind is Kind.PERSON and is_full_name(name))
                yield kind, name, number


def pieces_of(text: str) -> Iterator[str]:
    """What is left of a by-line without bars, days, times and what labels them; one name or several in each piece."""
    for chunk in _HARD.split(text):
        if known(chunk.strip(" ,.")):
            yield chunk
        elif run := _without_days(chunk):
            yield run


def has_east_asian_role(text: str) -> bool:
    """Whether a role stands beside a name that is written without spaces: "山田太郎記者"."""
    return any(pattern.search(part) for pattern in _east_asian_role() for part in text.split())


def _without_days(text: str) -> str:
    """The first words of a text that are no day, no time and no label of one."""
    parts = text.split()
    run: list[str] = []
    for place, part in enumerate(parts):
        if not _is_stamp(parts, place, len(run)):
            run.append(part)
        elif run:
            break
    return " ".join(run)


def _is_stamp(parts: Sequence[str], place: int, before: int) -> bool:
    """Whether a word belongs to a day or a time; `before` words of a name stand before it."""
    word, behind = parts[place], next(iter(parts[place + 1 :]), "")
    low, no_name = bare(word), listed("no_name")
    if _DIGIT.search(word):
        begins = before == 0 and word[0].isdigit() and begins_name(behind) and not is_day_word(bare(behind))
        return ":" in word or not begins  # "3i Global"
    if (no_name.has(word) and not is_east_asian(word)) or f"{low} {bare(behind)}" in no_name.phrases:
        return True
    if not is_day_word(low):
        return False
    near = _DIGIT.match(behind) or (place and _DIGIT.match(parts[place - 1]))
    if before > 1 and begins_name(behind) and not is_day_word(bare(behind)):
        return False  # "Ewa Lis, Jan Kos"
    return bool(near) or len(parts) == 1 or before > 1 or (place > 0 and before == 0)  # "Jane August" is a name


def _in_commas(text: str, own: Sequence[str], language: str | None) -> Found:
    behind = placed = False
    catalogued = _INVERTED.fullmatch(text)  # "Lowrey, Tom J."
    if catalogued and (is_place(catalogued[1]) or is_place(catalogued[2]) or listed(*_NO_PART).holds(text)):
        catalogued = None
    text = f"{catalogued[2]} {catalogued[1]}" if catalogued else _AFFIX.sub(" ", text)
    for piece in _COMMA.split(text):
        for name in _at_and(_stripped(piece), own):
            for kind, told in _read(name, own, language, behind=behind):
                country = placed and kind is Kind.PERSON and is_country(told)  # "Frankfurt, Germany"
                behind = behind or (kind is Kind.PERSON and is_full_name(told))
                placed = country or kind is Kind.PLACE
                yield (Kind.PLACE if country else kind), told


def _stripped(piece: str) -> str:
    """A piece without marks around it; the dot of "Jr." and of an initial stays."""
    piece = piece.strip(" :-–—/*").lstrip(" .")
    last = piece.rstrip(".").rpartition(" ")[2]
    dotted = piece.endswith(".") and (listed("suffixes").has(last) or (len(last) == 1 and last.isupper()))
    return f"{piece.rstrip('.')}." if dotted else piece.rstrip(" .")


@once
def _and() -> re.Pattern[str]:
    joins = "|".join(map(re.escape, longest("and")))
    glued = "|".join(map(re.escape, longest("glued_and")))
    single = "|".join(map(re.escape, longest("glued_names")))
    return re.compile(
        rf"\s+(?:{joins})\s+|\s*[&＆+]\s*|(?<=\w)/(?=\w)"
        rf"|(?<=\w)\s+(?!(?:{single})(?!\w))(?:{glued})(?=\w+\s+\w)",  # as Arabic writes it
        re.IGNORECASE,
    )


def _at_and(text: str, own: Sequence[str]) -> list[str]:
    """The names that "and", "&" and a slash part; "Center for Drug Evaluation and Research" has none."""
    parts = [part for part in _and().split(text) if part]
    if parts and bare(parts[0].split()[0]) in caseless("and") and len(parts[0].split()) > 1:
        parts[0] = " ".join(parts[0].split()[1:])
    if len(parts) < 2:
        return parts
    kinds = [kind_of(_head(part), own) for part in parts]
    sure = [
        kind is Kind.AGENCY or known(part) is not None or (kind is Kind.PERSON and is_full_name(_head(part)))
        for kind, part in zip(kinds, parts, strict=True)
    ]
    if any(sure) and not (is_organisation(parts[0]) and not known(parts[0])):
        return parts
    singles = all(kind is Kind.PERSON for kind in kinds) and len(parts) == 2 and "/" not in text
    return parts if singles else [text]


def _head(text: str) -> str:
    """The name that a piece begins with, without what follows it."""
    return " ".join(_split_role(text.split())[0]) or text


def _read(text: str, own: Sequence[str], language: str | None, *, behind: bool) -> Found:
    """The names in a piece; `behind` says that a person's whole name stands before it in the same part."""
    if not text or (behind and _is_degree(text, alone=True)):
        return
    if is_east_asian(text):
        yield from _read_east_asian(text, language)
        return
    first, _, others = text.partition(" ")
    if behind and first.islower() and listed("in").has(first) and _may_be_place(others):
        yield Kind.PLACE, others  # "Por Ana Reis, em Faro"
        return
    if others and first.islower() and bare(first) in listed("articles").whole:
        text = others  # "von der Redaktion"
    name, rest = _split_role(text.split())
    whole = " ".join(name)
    if name:
        kind, told = _judged(text, whole, rest, kind_of(whole, own), own, behind=behind)
        if kind is not Kind.NOBODY:
            yield kind, told
        if told == whole:
            yield from _employer(rest, own)
        if kind is Kind.PERSON and len(rest) > 1 and listed("in").has(rest[0]) and _may_be_place(" ".join(rest[1:])):
            yield Kind.PLACE, " ".join(rest[1:])  # "Ann Lee in Grauholm"
    elif rest and listed("roles").has(rest[-1]):
        yield Kind.ROLE, text
    else:
        yield from _account(text, own, behind=behind)


def _may_be_place(name: str) -> bool:
    """Whether a name behind "in" may be a place: one word may be part of organisations' names too, as "Faro" is."""
    alone = " " not in name and not listed("newsroom").has(name)
    named = bool(name) and all(map(begins_name, name.split())) and known(name) is None
    return named and (alone or not is_organisation(name))


def _judged(
    text: str, name: str, rest: Sequence[str], kind: Kind, own: Sequence[str], *, behind: bool
) -> tuple[Kind, str]:
    """What a piece names, and as what: its name, or all of it where that is an organisation or a role."""
    roles = listed("roles")
    if kind is not Kind.PERSON or not is_full_name(name):
        of_all = kind_of(text, own)
        if of_all in (Kind.ORGANISATION, Kind.AGENCY) or (rest and of_all is Kind.ROLE):
            return (Kind.ROLE if _says_role(text, behind=behind) else of_all), text
        small = bool(rest) and rest[0].islower() and not listed("for", "roles", "modifiers", "in").has(rest[0])
        if small and kind is Kind.PERSON:
            return Kind.NOBODY, name  # "Ask the Doctors"
    if behind and (is_place(name) or (kind is Kind.PERSON and not is_full_name(name))):
        return (Kind.ROLE if rest else Kind.PLACE), name
    if kind is Kind.PERSON and not is_full_name(name) and rest and roles.holds(" ".join(rest)):
        return Kind.ROLE, name  # "Courier Staff Writer"
    return kind, name


def _is_role_alone(piece: str) -> bool:
    """Whether a piece that has a part of its own says what somebody is: "content writer", "Digital Security Expert"."""
    *words, last = piece.split()
    if "," in piece or is_east_asian(piece) or not listed("roles").has(last):
        return False
    return last.islower() or any(map(listed("roles", "modifiers", "organisation").has, words))


def _says_role(text: str, *, behind: bool) -> bool:
    """Whether what looks like an organisation is what somebody is: "Head of Marketing" behind a name, "staff at"."""
    roles, either, parts = listed("roles"), listed("roles", "modifiers"), text.split()
    if known(text) is not None or listed("newsroom").has(parts[-1]):
        return False
    first = either.has(parts[0]) and len(parts) > 1
    return (first and parts[0].islower()) or (behind and (roles.has(parts[-1]) or (first and parts[1].islower())))


def _account(text: str, own: Sequence[str], *, behind: bool) -> Found:
    """A name that is not printed as one: one small word may be what somebody calls himself."""
    kind = kind_of(text, own)
    if kind is Kind.ORGANISATION and _says_role(text, behind=behind):
        kind = Kind.ROLE
    single = len(text) > _LONGEST_PREPOSITION and text.isalpha() and not behind
    if kind is not Kind.NOBODY and (single or kind is not Kind.PERSON) and kind is not Kind.ROLE:
        yield kind, text


def _employer(rest: Sequence[str], own: Sequence[str]) -> Found:
    """The organisation behind "for": "Ann Lee for The Courier"."""
    rest = rest[1:] if len(rest) > 1 and listed("for").has(rest[0]) else rest
    rest = rest[1:] if len(rest) > 1 and rest[0].islower() and listed("articles").has(rest[0]) else rest
    if rest and begins_name(rest[0]):
        name = " ".join(rest)
        kind = kind_of(name, own)
        if kind in (Kind.ORGANISATION, Kind.AGENCY):
            yield kind, name


def _is_degree(text: str, *, alone: bool = False) -> bool:
    """Whether words are degrees or licences: those that are listed, or `alone` behind a comma any capitals."""
    if alone and _DEGREE.fullmatch(text) and known(text) is None:
        return True
    return all(map(listed("degrees").has, text.split()))


def _split_role(parts: Sequence[str]) -> tuple[list[str], list[str]]:
    """The words of a piece that are the name, and those behind it; a role before the name goes.

    "Chief Correspondent Tom Lowrey", "Rachel MacDonald Writer", "Agnès Thorne envoyée spéciale à Quillport".
    """
    parts = _without_role_before(parts)
    last = max((place for place, part in enumerate(parts) if listed("roles").has(part)), default=-1)
    name: list[str] = []
    for place, part in enumerate(parts):
        inside = begins_name(part) or (_goes_on(parts, place) if name else is_particle(part))
        if not inside or (_ends_name(parts, place, last) and (name or place <= last)):
            return _trimmed(name), list(parts[place:])
        name.append(part)
    return _trimmed(name), []


def _without_role_before(parts: Sequence[str]) -> Sequence[str]:
    roles, either = listed("roles"), listed("roles", "modifiers")
    first = next((place for place, part in enumerate(parts) if not either.has(part)), len(parts))
    if first and not any(map(roles.has, parts[:first])):  # "our Harbour Correspondent Ann Lee"
        first = next((place + 1 for place, part in enumerate(parts[:_FURTHEST_ROLE]) if roles.has(part)), first)
    stands_before = any(map(roles.has, parts[:first])) and len(parts) - first > 1 and begins_name(parts[first])
    return parts[first:] if stands_before else parts


def _ends_name(parts: Sequence[str], place: int, last: int) -> bool:
    """Whether a word is the first behind a name: of a role that ends at `last`, a degree or an outlet."""
    part = parts[place]
    if listed("roles").has(part) or (place <= last and listed("modifiers").has(part)):
        return True
    if place < 2:
        return False
    degree = _is_degree(part) and not listed("suffixes").has(part) and not parts[0].isupper()
    return degree or (known(part) or known(" ".join(parts[place:]))) is not None


def _goes_on(parts: Sequence[str], place: int) -> bool:
    """Whether a small word stands inside a name: a particle, and a name's part behind it that is no organisation."""
    if not is_particle(parts[place]):
        return False
    if is_glued(parts[place]):
        return True
    behind = next((part for part in parts[place:] if not is_particle(part)), "")
    return begins_name(behind) and not listed("newsroom").has(behind)


def _trimmed(name: list[str]) -> list[str]:
    """A name without small words at its end: "Ann Lee in"."""
    while name and (
        (is_particle(name[-1]) and name[-1].islower()) or (len(name) > 2 and listed("in", "for").has(name[-1]))
    ):
        name.pop()
    return [part.strip(",;:") for part in name]


def _read_east_asian(text: str, language: str | None) -> Found:
    """Names without capitals and mostly without spaces: "新华社记者 张三 李四", "홍길동 기자", "山田太郎記者"."""
    outlet = known(text)
    if outlet is not None:
        yield (Kind.AGENCY if outlet.section == "agency" else Kind.ORGANISATION), text
        return
    parts = text.split()
    japanese = (language or "").startswith("ja") or _JAPANESE.search(text) is not None
    if japanese and len(parts) == 2 and all(len(part) < 4 for part in parts) and not listed("roles").has(parts[1]):
        parts = [" ".join(parts)]
    for part in parts:
        name = _without_east_asian_role(part)
        if part.endswith(_dateline_ends()) or name.startswith(longest("dateline_starts")):
            continue  # "台北報導", "驻巴黎记者"
        kind = kind_of(name) if name else Kind.NOBODY
        if kind in (Kind.PERSON, Kind.ORGANISATION, Kind.AGENCY):
            yield kind, name


@once
def _dateline_ends() -> tuple[str, ...]:
    return longest("dateline_ends")


@once
def _east_asian_role() -> tuple[re.Pattern[str], re.Pattern[str]]:
    words = [one for one in longest("roles", "modifiers", "author") if is_east_asian(one) and len(one) > 1]
    every = "|".join(map(re.escape, words))
    return re.compile(rf"^(?:{every})+"), re.compile(rf"(?:{every})+$")


def _without_east_asian_role(name: str) -> str:
    before, behind = _east_asian_role()
    return before.sub("", behind.sub("", name)).strip()
