"""One reader of by-lines: who is named, as what, and what stands around the names.

Every stage that meets a by-line reads it here: declared in JSON-LD or a meta element, shown in an element of the page,
alone on a line of its text. A by-line is parted from the outside in: at its labels (`labels`), at bars and bullets, at
commas, at "and" (`pieces`); what is left is a name with a role, a place or a day around it, and `names` says of what
kind it is.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence

from ingest.lang.codes import primary
from ingest.lang.labels import begins_byline, labelled, without_label
from ingest.lang.names import (
    Kind,
    bare,
    begins_name,
    begins_with_given_name,
    caseless,
    is_east_asian,
    is_full_name,
    is_given_name,
    is_organisation,
    is_particle,
    listed,
    longest,
    may_be_headings,
)
from ingest.lang.outlets import agency_in, known
from ingest.lang.pieces import has_east_asian_role, names_in, pieces_of
from ingest.lang.places import is_place
from ingest.model import Byline

LONGEST = 1_000
"""Characters of a by-line that are read: a paper by thirty authors has as many."""

_LONGEST_LABEL = 60
_LONGEST_SIGN = 5  # letters
_SHARE = 0.8  # of the letters of a line of names
_MOST_NAMES = 50  # of 268 pages none names more than nine
_NO_NAME = re.compile(r"https?://[^\s()]+|www\.[^\s()]+|[^\s()]+@[^\s()]+|(?<!\w)@\w+|#\w+|[©®™]|\[[^\]]*\]")
_WRAPPED = re.compile(r"[(（〔【［][^()（）〔〕【】［］]*[)）〕】］]")
_BRACKETS = "（）〔〕【】［］"
_OTHER = re.compile(r"[\d:：]")  # a day, a label: more than names
_PIECES = re.compile(r"\s*[,，、;|•·()（）/]\s*|\s[–—-]\s")
_PARTED = re.compile(r"[\s/／:：=＝・｜]+")
_BETWEEN_AGENCIES = re.compile(r"[\s/／:：–-]+")
_ACRONYM = re.compile(r"^([^\W\d_a-z]{2,6})[–—-](?=[^\W\d_a-z])")  # "STT–Aino Laine"
_PLACE_BEFORE = re.compile(r"[\uac00-\ud7af]{2,6}=")
_AFTER_PLACE = re.compile(r"/|\s[–—-]\s")  # "Madrid / Ana Reis", "القاهرة - سلمى الجندي"
_LONGEST_PLACE = 3  # words
_STOP = re.compile(r"(?<![^\W\d_])([^\W\d_]{3,})\.\s+(?=[^\W\d_a-z])")
_LABELLED = re.compile(r"(?P<name>[^,;|()（）&/]+?)\s*[(（](?P<label>[^()（）]{2,30})[)）]")
_PARENTHESES = re.compile(r"\s*[(（]([^()（）]*)[)）]")
_INITIALS = re.compile(r"[^\W\d_]{1,5}(?:[./,\s]{1,2}[^\W\d_]{1,5}){0,4}\.?")


_FIELDS = {Kind.AGENCY: "organisations", Kind.ORGANISATION: "organisations", Kind.PLACE: "places", Kind.ROLE: "roles"}


def read_byline(text: str, own: Iterable[str] = (), language: str | None = None) -> Byline:
    """Read one by-line.

    Args:
        text: the by-line as declared or shown, entities allowed.
        own: names of the site and its publisher, which are organisations.
        language: of the page, if known: "山田 太郎" is one person in Japanese, "王明 李华" are two in Chinese.

    Returns:
        What it names; nothing but `printed` where it names nobody.
    """
    printed = " ".join(html.unescape(text).split())[:LONGEST]
    if is_east_asian(printed) and printed[:1] == "[" and printed.find("]") == len(printed) - 1:
        printed_names = printed[1:-1]  # "[한빛일보 홍길동 기자]"
    else:
        printed_names = printed
    bare_text = " ".join(_NO_NAME.sub(" ", printed_names).split())
    if _WRAPPED.fullmatch(bare_text):
        bare_text = bare_text[1:-1]  # "（記者 王曉明）"
    rest, initials = _without_parentheses(_with_labels_before(_without_place_before(_apart(bare_text))))
    shouted = rest.isupper() and rest.lower() != rest and " " in rest
    found: dict[str, dict[str, int]] = {}
    for fields, part in labelled(rest):
        for kind, name, chunk in names_in(part, tuple(own), language):
            told = _in_case(name) if kind is Kind.PERSON and (shouted or _is_shouted(name)) else name
            for field in fields if kind is Kind.PERSON else (_FIELDS[kind],):
                found.setdefault(field, {}).setdefault(told, chunk)
    taken = {field: tuple(_without_strays(names))[:_MOST_NAMES] for field, names in found.items()}
    agency = agency_in("/".join(taken.get("organisations", ()))) or (agency_in(initials) if initials else None)
    if agency:
        taken["people"], initials = _without_initials(taken.get("people", ()), initials)
    taken["photographers"] = _without_distributors(taken.get("photographers", ()), rest)
    return Byline(**taken, agency=agency, initials=initials, label=label_of(printed), printed=printed or None)


def are_people(text: str, *, marked: bool = False) -> bool:
    """Whether a line may be the names of people alone, a day aside, and neither a place nor a section.

    Args:
        text: a line of the page.
        marked: whether the page marks the line as a by-line: then roles and organisations may stand beside the names.
    """
    read = read_byline(text)
    if not read.people or not all(map(is_full_name, read.people)) or any(map(may_be_headings, read.people)):
        return False
    if ":" in text or (is_east_asian(text) and not has_east_asian_role(text)):
        return False
    if not marked and text.lower() == text.upper() and not is_east_asian(text):
        return False  # without capitals any few words could be a name
    if not marked and (read.organisations or read.places):
        return False
    named = " ".join((*read.people, *read.roles, *read.organisations, *read.places, *read.photographers))
    return _letters(named) >= _SHARE * _letters(" ".join(pieces_of(text)))


def credited(text: str, language: str | None = None, *, alone: bool = False) -> Byline:
    """Who a line names as its authors: people, or else newsrooms and agencies; nobody where a word is not explained.

    A line of names alone names anybody: something must say that they report, a role, a label, an agency, an address.
    Whoever asks must know as well that the text is not about these people.

    Args:
        text: a line of the text.
        language: of the page, if known.
        alone: whether the line stands where by-lines do and nothing else does, below the title or behind the text: then
            names that begin with a given name need nothing that says so.
    """
    read = read_byline(text, (), language)
    if not all(map(is_full_name, read.people)) or any(map(may_be_headings, read.people)):
        return Byline()
    if not read.people:
        return read if read.agency and (_is_agency(text) or _is_desk(text, read)) else Byline()
    unlabelled = without_label(text)
    signed = alone and not _OTHER.search(text) and all(is_signature(name, language) for name in read.people)
    told = bool(read.roles or read.agency or unlabelled or signed or _names_reporter(text))
    told = told or (begins_byline(text) and all(map(begins_with_given_name, read.people)))
    told = told or (is_east_asian(text) and _WRAPPED.fullmatch(text.strip()) is not None)
    told = told or (alone and is_east_asian(text) and begins_byline(text, single=True))  # "文・写真 大野拓也"
    told = told or "@" in text or (bool(read.places) and _AFTER_PLACE.search(text) is not None)
    return read if told and _all_explained(_apart(unlabelled or text), read) else Byline()


def _is_desk(text: str, read: Byline) -> bool:
    return _names_reporter(text) and _all_explained(text, read)  # "Redacción / EFE"


def is_signature(name: str, language: str | None = None) -> bool:
    """Whether a name is a person's beyond doubt: capitals, a given name where it belongs, no other word that is known.

    Hungarian has the given name behind the other.
    """
    others = name.split()[1:]
    named = begins_with_given_name(name) or (primary(language) == "hu" and bool(others) and is_given_name(others[-1]))
    return named and name.upper() != name.lower() and not listed("roles").holds(name) and not any(map(known, others))


def _is_agency(text: str) -> bool:
    """Whether a line names agencies, and says no more of them than that the text is by or from them."""
    low = text.strip(" ()/©").casefold()
    led = next((one for one in longest("by") if " " in one and low.startswith(f"{one} ")), "")
    parts = [part for part in _BETWEEN_AGENCIES.split(text.strip(" ()/©")[len(led) :]) if part]
    return all(known(part) is not None or listed("by", "and").has(part) for part in parts)


def _names_reporter(text: str) -> bool:
    """Whether one of the words of a line is what those who write are called, or what they do, or labels them."""
    return any(map(listed("roles", "author", "newsroom", "verbs").has, text.split()))


def _all_explained(text: str, read: Byline) -> bool:
    """Whether each word of a line is part of what it names, or stands beside that as places, roles and labels do."""
    named = " ".join((*read.people, *read.photographers, *read.roles, *read.organisations, *read.places, *read.others))
    known_words = {bare(word) for word in _PARTED.split(named)}
    behind = False
    for piece in _PIECES.split(_NO_NAME.sub(" ", text)):
        parts = [part for part in _PARTED.split(piece) if part]
        roles = [listed("roles").has(part) for part in parts]
        placed = behind and len(parts) <= _LONGEST_PLACE and all(map(begins_name, parts))  # "Ann Lee, Grauholm"
        for place, part in enumerate(parts):
            beside_role = begins_name(part) and any(roles[max(place - 1, 0) : place + 2])  # "Harbour Correspondent"
            if not (placed or beside_role or _is_explained(part, known_words) or _is_located(parts[: place + 1])):
                return False
        behind = behind or any(word in known_words for word in map(bare, parts))
    return True


def _is_located(parts: Sequence[str]) -> bool:
    """Whether the last of some words is, with capitals, part of what stands behind "in", "from" or "for"."""
    for word in reversed(parts):
        if not begins_name(word) or listed("in", "for").has(word):
            return listed("in", "for").has(word) and word is not parts[-1]
    return False


def _is_explained(word: str, named: set[str]) -> bool:
    low = bare(word.strip(_BRACKETS))
    if not any(map(str.isalpha, low)) or low in named or is_particle(low):
        return True
    around = ("roles", "modifiers", "author", "photo", "other", "by", "for", "in", "and", "articles", "newsroom")
    return (
        listed(*around, "places_and_sections", "verbs").has(low)
        or is_place(word.strip(" ,.;:()"))
        or known(word.strip(" ,.;:()")) is not None
    )


def label_of(text: str) -> str | None:
    """The name in a label ("Editor TLN": "TLN"), "" for a bare one ("Redaktion"), ``None`` where a text is no label.

    "Editor Ann Lee" is none: a person with a role, two capitalised words that are not shouted.
    """
    parts = text.split()
    newsroom, labels = listed("newsroom"), listed("labels")
    if not parts or len(text) > _LONGEST_LABEL:
        return None
    first = 2 if len(parts) > 1 and labels.has(parts[1]) and listed("modifiers").has(parts[0]) else 1
    if labels.has(parts[first - 1]):
        name = parts[first:]
        person = len(name) == 2 and all(word[0].isupper() and word[1:].islower() for word in name)
        return None if person else " ".join(name).strip(" .,:-")
    if newsroom.has(parts[-1]) and len(parts) > 1:
        return " ".join(parts[:-1]).strip(" -")
    return None


def _apart(text: str) -> str:
    """A by-line with bars where a sentence ends, and behind an agency that a dash joins to what follows.

    A place that Korean bylines begin with ("파리=홍길동 특파원") goes.
    """
    placed = _PLACE_BEFORE.match(text)
    if placed and has_east_asian_role(text[placed.end() :]):
        text = text[placed.end() :]
    agency = _ACRONYM.match(text)
    if agency and known(agency[1]):
        text = f"{agency[1]} | {text[agency.end() :]}"
    return _STOP.sub(_parted, text)


def _parted(stop: re.Match[str]) -> str:
    """A bar in place of the full stop of a sentence: "By Ann Lee. Translated by Bo Ek"; "Prof. Ann Lee" has none."""
    return stop[0] if listed("titles", "suffixes", "degrees").has(stop[1]) else f"{stop[1]} | "


def _without_place_before(text: str) -> str:
    """A by-line without the place that it begins with, or what the named do behind them.

    "From Rome Ann Lee reports", "Aus Rom berichtet Anna See", "From our correspondent Ann Lee", "Ann Lee reports".
    """
    parts = text.split()
    if len(parts) < 3 or is_east_asian(text):
        return text
    verb = next(
        (place for place, part in enumerate(parts) if place and part == part.lower() and listed("verbs").has(part)), 0
    )
    leads = listed("in", "by", "for")
    if verb and not leads.has(parts[0]):
        return " ".join(parts[:verb])
    if verb and len(parts) - verb > 2:
        return " ".join(parts[verb + 1 :])
    if leads.has(parts[0]) and listed("modifiers", "roles").has(parts[1]):
        return " ".join(parts[1:])
    named = next((place for place, part in enumerate(parts[:4]) if place and is_given_name(part)), 0)
    if named and listed("in").has(parts[0]) and all(map(begins_name, parts[1:named])) and len(parts) - named > 1:
        return " ".join(parts[named:])
    return text


def _with_labels_before(text: str) -> str:
    """A by-line with labels in parentheses put before the names: "Ann Lee (text), Bo Ek (photos)"."""
    if "(" not in text and "（" not in text:
        return text
    labels = caseless("author", "photo", "other")
    return _LABELLED.sub(
        lambda found: (
            f" | {found['label']}: {_without_and(found['name'])} | "
            if found["label"].strip().casefold() in labels
            else found[0]
        ),
        text,
    ).strip(" |,")


def _without_and(name: str) -> str:
    first, _, others = name.strip().partition(" ")
    return others if others and first.casefold() in caseless("and") else name.strip()


def _without_parentheses(text: str) -> tuple[str, str | None]:
    """A by-line without what stands in parentheses, and the initials and agencies that stood there at its end."""
    initials = None
    for found in _PARENTHESES.finditer(text):
        inside = found[1].strip()
        if agency_in(inside) or (_INITIALS.fullmatch(inside) and not known(inside) and found.end() == len(text)):
            initials = initials or inside
    return _PARENTHESES.sub(" ", text).strip() if "(" in text or "（" in text else text, initials


def _without_strays(names: dict[str, int]) -> list[str]:
    """Names without single words that stand apart from a whole name: "Ann Lee | Harbour"."""
    whole = {number for name, number in names.items() if is_full_name(name) and not is_organisation(name)}
    return [
        name
        for name, number in names.items()
        if not whole or number in whole or is_full_name(name) or is_organisation(name)
    ]


def _without_initials(people: Sequence[str], initials: str | None) -> tuple[tuple[str, ...], str | None]:
    """The people beside an agency without a few small letters by which its reporter signs: "dpa/lno"."""
    signs = [name for name in people if name.islower() and len(name) <= _LONGEST_SIGN]
    return tuple(name for name in people if name not in signs), initials or next(iter(signs), None)


def _without_distributors(names: Sequence[str], printed: str) -> tuple[str, ...]:
    """Photographers without who distributes their pictures, behind a slash: "Ann Lee/Harbour Bild", not "/Bo Ek"."""
    behind = [name for name in names[1:] if f"/{name}" in printed and not begins_with_given_name(name)]
    return tuple(name for name in names if name not in behind)


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text))


def _is_shouted(name: str) -> bool:
    return name.isupper() and name.lower() != name and sum(len(part) > 1 for part in name.split()) > 1


def _in_case(name: str) -> str:
    """A shouted name in the case of names: "ANNE-MARIE O'NEILL" is "Anne-Marie O'Neill"."""
    return " ".join(_cased(word, first=not place) for place, word in enumerate(name.split()))


def _cased(word: str, *, first: bool) -> str:
    low = word.lower()
    if low.rstrip(".") in listed("particles").whole and not first:
        return low
    if low.rstrip(".") in ("ii", "iii", "iv") or (len(word) < 3 and "." not in word and not first):
        return word
    cased = re.sub(r"(?:^|(?<=[-'’.‑]))[^\W\d_]", lambda letter: letter[0].upper(), low)
    return f"Mc{cased[2].upper()}{cased[3:]}" if cased.startswith("Mc") and len(cased) > 4 else cased
