"""Experts whom a text cites: "Annette Weil, an analyst at Kiln House, said", "политолог Иван Петров считает"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from ingest.lang.cues import cues, folded, pieces
from ingest.lang.tokens import Token, fold_word, gap, is_article, without_article

_ORGANISATION_MOST = 8
_SENTENCE = re.compile(r"(?<![A-ZÅÄÖА-ЯÉ])[.!?…][\"”»']?\s+(?=[«„\"“]?[A-ZÅÄÖА-ЯÉ])")
_LONG_WORD = 6  # letters of a word that is told by its ending
_MOST_OCCURRENCES = 30  # of a name that are looked at
_MARKS = ".,;:!?\"'“”„«»‘’()–—-"
_ROLE_REACH = 7  # words between a name and the role in its apposition: "a bridge and harbour analyst at"


def find_experts(text: str, tokens: Sequence[Token], article: str) -> Iterator[tuple[str, str | None]]:
    """The experts that a paragraph cites.

    Args:
        text: the paragraph.
        tokens: its words.
        article: the text of the whole article: elsewhere in it an expert is cited by the last name.

    Yields:
        Their names, each with the institution where that is given.
    """
    for index, token in enumerate(tokens):
        if _is_expert(token.low) or _is_leader(token.low):
            yield from _at_role(text, tokens, index, article)
    if _is_institute(tokens):
        yield from _beside_institutes(text, tokens, article)


def _at_role(text: str, tokens: Sequence[Token], role: int, article: str) -> Iterator[tuple[str, str | None]]:
    """The expert whose role stands at `role`: named right behind it, in front of it, or behind the institution."""
    expert = _is_expert(tokens[role].low)  # and not the leader of an institution, which must then be one of research
    organisation = _organisation_after(text, tokens, role + 1)
    if not expert and not (organisation and _is_institute(tokens[slice(*organisation)])):
        return
    found = None
    if organisation:
        found = _named_before(text, tokens, role) or _named_behind(text, tokens, organisation[1])
    if found is None and expert:
        found = _named_behind(text, tokens, role + 1)
        if found and organisation is None:
            organisation = _organisation_after(text, tokens, found[1], of_person=True)
    if found and _speaks(text, tokens, found, article):
        yield _printed(text, tokens, found), _printed(text, tokens, organisation) if organisation else None


def _beside_institutes(text: str, tokens: Sequence[Token], article: str) -> Iterator[tuple[str, str | None]]:
    """Experts without a role: "X of Kiln House", "X (Second Hill Strategies)", "the Carnegie Endowment's X"."""
    index = 0
    while index < len(tokens):
        end = _name_end(text, tokens, index)
        if end is None or not _is_institute(tokens[index:end]) or end - index < 2:
            index += 1
            continue
        person = _owned_by(text, tokens, end) or _person_before(text, tokens, index)
        if person and _speaks(text, tokens, person, article):
            yield _printed(text, tokens, person), _printed(text, tokens, (index, end))
        index = end


def _owned_by(text: str, tokens: Sequence[Token], end: int) -> tuple[int, int] | None:
    """The person behind the name of an institution: "the Carnegie Endowment's X"."""
    if end + 1 < len(tokens) and _owns(text, tokens, end):
        stop = _person_from(text, tokens, end + 1)
        if stop and (
            stop == len(tokens)
            or gap(text, tokens, stop) != " "
            or tokens[stop].low in cues("says", "at", "behind_owned")
        ):
            return end + 1, stop  # and not "the Harbour Institute's Best Cities report"
    return None


def _owns(text: str, tokens: Sequence[Token], index: int) -> bool:
    """Whether the "s" of "Washington's" stands at `index`."""
    return tokens[index].low == "s" and gap(text, tokens, index) in ("'", "’")


def _person_before(text: str, tokens: Sequence[Token], index: int) -> tuple[int, int] | None:
    """A person right before an institution: parted by "of", "at", "vid", "vom" or an opening parenthesis."""
    last = index
    if "(" not in gap(text, tokens, index) if index else True:
        while last > 0 and is_article(tokens[last - 1].low) and gap(text, tokens, last) == " ":
            last -= 1
        if last == 0 or tokens[last - 1].low not in cues("at") or gap(text, tokens, last) != " ":
            return None
        last -= 1
        if last == 0 or gap(text, tokens, last) != " ":
            return None
    return _ending_at(text, tokens, last)


def _ending_at(text: str, tokens: Sequence[Token], end: int) -> tuple[int, int] | None:
    """The longest person's name that ends right before `end`."""
    for start in range(max(0, end - 4), end - 1):
        owned = start > 0 and _owns(text, tokens, start - 1)
        if not owned and _person_from(text, tokens, start) == end:
            return start, end
    return None


def _named_before(text: str, tokens: Sequence[Token], role: int) -> tuple[int, int] | None:
    """The person in front of "…, an analyst at": the comma at most a few words back."""
    for index in range(role, max(0, role - _ROLE_REACH), -1):
        between = gap(text, tokens, index)
        if "," in between or "(" in between or between.strip() in ("–", "—", "-"):
            return _ending_at(text, tokens, index)
        if between.strip():
            return None
    return None


def _named_behind(text: str, tokens: Sequence[Token], index: int) -> tuple[int, int] | None:
    if index >= len(tokens) or gap(text, tokens, index).strip(" ,\u00a0"):
        return None
    end = _person_from(text, tokens, index)
    return (index, end) if end else None


def _organisation_after(
    text: str, tokens: Sequence[Token], index: int, *, of_person: bool = False
) -> tuple[int, int] | None:
    """The institution behind a role or name: "at Kiln House", "vid Lunds universitet", "Института экономики".

    Behind a role an article does ("Experte der Stiftung"); behind a person it begins whom they told ("sagte Ek der").
    """
    seen = False
    for start in range(index, min(index + 6, len(tokens))):
        between = gap(text, tokens, start)
        if between.strip() and not (start == index and between.strip() in (",", "(")):
            return None
        word = tokens[start]
        if word.low in cues("at") or is_article(word.low):
            seen = seen or not of_person or word.low in cues("at") - cues("at_articles")
        elif word.text[0].isupper():
            return _organisation_at(text, tokens, start, introduced=seen)
    return None


def _organisation_at(text: str, tokens: Sequence[Token], start: int, *, introduced: bool) -> tuple[int, int] | None:
    end = _name_end(text, tokens, start)
    if end is None:
        return None
    if end + 1 < len(tokens) and _owns(text, tokens, end):
        start, end = end + 1, _name_end(text, tokens, end + 1) or end  # "Washington's Second Hill Strategies"
    genitive = tokens[start].low[0] >= "а" and _is_institute(tokens[start:end])
    if genitive:
        end = _cyrillic_end(text, tokens, end)
    return (start, end) if end > start and (introduced or genitive) and _organisation_like(tokens[start:end]) else None


def _cyrillic_end(text: str, tokens: Sequence[Token], end: int) -> int:
    """The end of "Института мировой экономики", whose small words are ended by the name of a person."""
    for index in range(end, min(end + 5, len(tokens))):
        if gap(text, tokens, index).strip(" «»-"):
            break
        if tokens[index].text[0].isupper():
            return index
    return end


def _organisation_like(words: Sequence[Token]) -> bool:
    return _is_institute(words) or len(words) > 1 or words[0].text.isupper()


def _name_end(text: str, tokens: Sequence[Token], start: int) -> int | None:
    """The index after a name of capitalised words, linked by "of", "för", "и" or closed by "universitet"."""
    if start >= len(tokens) or not tokens[start].text[0].isupper():
        return None
    end = start + 1
    while end < len(tokens) and end - start < _ORGANISATION_MOST and gap(text, tokens, end) in (" ", "-", " «"):
        word = tokens[end]
        linked = word.low in cues("links") and end + 1 < len(tokens) and tokens[end + 1].text[0].isupper()
        if not (word.text[0].isupper() or linked or _is_institute([word])):
            break
        end += 1
    return end


def _speaks(text: str, tokens: Sequence[Token], person: tuple[int, int], article: str) -> bool:
    """Whether the sentence of a person has a verb of citing, or the article one beside the last name."""
    first, end = person
    start = tokens[first].start
    opening = max((stop.end() for stop in _SENTENCE.finditer(text, max(0, start - 300), start)), default=0)
    closing = _SENTENCE.search(text, tokens[end - 1].end, min(len(text), start + 400))
    stop = closing.start() if closing else len(text)
    around = tokens[max(0, first - 40) : end + 40]
    if any(token.low in cues("says") for token in around if opening <= token.start < stop):
        return True
    return _beside_a_verb(article, tokens[end - 1].text)


def _beside_a_verb(article: str, name: str) -> bool:
    """Whether a name stands right before or behind a verb of citing anywhere: "explains Weil", "Weil later said"."""
    position = article.find(name)
    for _ in range(_MOST_OCCURRENCES):
        if position < 0:
            break
        end = position + len(name)
        beside = (*article[max(0, position - 25) : position].split()[-1:], *article[end : end + 30].split()[:2])
        if any(word.strip(_MARKS).lower() in cues("says") for word in beside):
            return True
        position = article.find(name, end)
    return False


def _printed(text: str, tokens: Sequence[Token], span: tuple[int, int]) -> str:
    return without_article(text[tokens[span[0]].start : tokens[span[1] - 1].end])


@lru_cache(maxsize=1 << 16)
def _is_expert(word: str) -> bool:
    """Whether a lower-case word is a role of those who are cited for what they know."""
    return fold_word(word) in folded("experts") or (len(word) >= _LONG_WORD and word.endswith(pieces("expert_endings")))


def _is_leader(word: str) -> bool:
    """Whether a lower-case word is a role of those who speak for an institution."""
    return fold_word(word) in folded("leaders")


def _is_institute(words: Sequence[Token]) -> bool:
    """Whether a name holds the word of an institution of research."""
    return any(fold_word(token.low) in folded("institutes") for token in words)


def is_telling_of_experts(word: str) -> bool:
    """Whether a word may be the role or part of the institution of an expert."""
    low = word.lower()
    institute = fold_word(low) in folded("institutes") and (
        word[0].isupper() or low.startswith(pieces("institute_beginnings"))
    )
    return institute or _is_expert(low)


def _person_from(text: str, tokens: Sequence[Token], start: int) -> int | None:
    """The index after a person's name that begins at `start`: two to four words, initials and particles allowed."""
    index = start
    names = 0
    while index < len(tokens) and index - start < 5:
        word = tokens[index].text
        if index > start and not _name_goes_on(text, tokens, index):
            break
        if word.lower() in cues("particles") and index > start:
            index += 1
            continue
        low = tokens[index].low
        initial = len(word) == 1 and text[tokens[index].end : tokens[index].end + 1] == "."
        no_name = (
            (low in cues("no_first_name") and not initial)
            or (word.isupper() and len(word) > 2)
            or _is_institute(tokens[index : index + 1])
        )
        if not word[0].isupper() or no_name or (index == start and (_is_expert(low) or _is_leader(low))):
            break
        names += 1
        index += 1
    while index > start and tokens[index - 1].low in cues("particles"):
        index -= 1
    return index if names >= 2 and len(tokens[index - 1].text) > 1 else None


def _name_goes_on(text: str, tokens: Sequence[Token], index: int) -> bool:
    between = gap(text, tokens, index)
    return between in (" ", "-") or (between in (". ", ".") and len(tokens[index - 1].text) == 1)
