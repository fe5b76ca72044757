"""What has changed from version to version of stored articles: told once, when a version comes in."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from typing import Any

from flows.passages import Range, common_runs
from ingest.versions import Change, Told, align, changes
from storage import versions
from storage.store import Transaction
from storage.versions import Stored


def tell_changes(tx: Transaction, ids: Collection[str]) -> None:
    """Work out and store the kinds of change of these records' versions, where that has not been done."""
    for key in versions.untold(tx, ids):
        known = versions.read_versions(tx, key)
        told = {later.number: str(kinds[0]) for later, kinds in all_changes(known) if later.change is None}
        versions.set_changes(tx, key, told)


def all_changes(known: Sequence[Stored]) -> list[tuple[Stored, tuple[Change, ...]]]:
    """All kinds of change of each version but the first, the most telling first."""
    found: list[tuple[Stored, tuple[Change, ...]]] = []
    last: Stored | None = None  # that had a text
    for before, later in pairwise([*known[:1], *known]):
        last = last if before.gone else before
        if later.number == known[0].number:
            continue
        if later.gone:
            kinds: tuple[Change, ...] = (Change.WITHDRAWN,)
        elif last is None:
            kinds = (Change.RESTORED,)
        elif before.gone:
            same = (last.title, last.text) == (later.title, later.text)
            kinds = (Change.RESTORED, *(() if same else changes(told(last), told(later))))
        else:
            kinds = changes(told(last), told(later))
        found.append((later, kinds))
    return found


def told(version: Stored) -> Told:
    """What a version says."""
    return Told(title=version.title, text=version.text or "", language=version.language, notes=version.residue)


def version_values(known: Sequence[Stored], *, diff: bool = False) -> list[dict[str, Any]]:
    """The versions of a record as JSON has them, with what differs from the one before if that is wanted."""
    kinds = {later.number: list(told) for later, told in all_changes(known)}
    values = [
        {
            "number": one.number,
            "captured_at": one.captured_at,
            "change": one.change,
            "kinds": kinds.get(one.number, []),
            "title": one.title,
            "characters": None if one.text is None else len(one.text),
            "text": one.text,
            "archive": None if one.file is None else {"file": one.file, "offset": one.offset},
        }
        for one in known
    ]
    for one, before in steps_of(known) if diff else ():
        values[one.number - 1]["diff"] = differences(before, one)
    return values


def steps_of(known: Sequence[Stored]) -> Iterator[tuple[Stored, Stored]]:
    """Each version that has a text, and the last one before it that has one."""
    last: Stored | None = None
    for one in known:
        if not one.gone:
            if last is not None:
                yield one, last
            last = one


def differences(before: Stored, later: Stored) -> dict[str, Any]:
    """What differs between two texts: titles, and pairs of sentences, ``None`` where one text has none there."""
    pairs = [[one.before, one.after] for one in align(told(before), told(later)) if not one.same]
    return {"title": [before.title, later.title] if before.title != later.title else None, "sentences": pairs}


def word_runs(old: str, new: str, language: str) -> tuple[list[tuple[str, bool]], list[tuple[str, bool]]]:
    """Two sentences in pieces, each with whether the other sentence has these words in this place."""
    runs = list(common_runs(old, language, new, language)) if old and new else []
    return _pieces(old, [own for own, _ in runs]), _pieces(new, [other for _, other in runs])


def _pieces(text: str, same: Sequence[Range]) -> list[tuple[str, bool]]:
    found: list[tuple[str, bool]] = []
    at = 0
    for start, end in [*same, (len(text), len(text))]:
        first, last = at, start
        while first < last and not text[first].isalnum():  # signs and spaces make no difference
            first += 1
        while last > first and not text[last - 1].isalnum():
            last -= 1
        found += [(text[at:first], True), (text[first:last], False), (text[last:end], True)]
        at = end
    return [piece for piece in found if piece[0]]
