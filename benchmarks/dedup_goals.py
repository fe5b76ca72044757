"""What is asked of linked texts beside pairs: updates told, originals chosen, reordered texts found, digests apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from benchmarks.results import Row

REORDERED = frozenset({"swap", "shuffle", "live_top"})
COLLECTIONS = {"digest": 0, "digest_part": 1}
"""Kinds of texts that hold several articles, and how many of them may be merged with one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the tables say: pairs with their relation, the clusters of records that have copies, the canonical ones."""

    pairs: dict[tuple[str, str], str]
    cluster: dict[str, str]
    first: frozenset[str]


def goals(entries: Sequence[dict[str, Any]], found: Found, on: str) -> Iterator[Row]:
    """A row for each of these that the set asks for."""
    yield from _rate("corrections told as updates", _updates(entries, found), on, 0.9)
    yield from _rate("original chosen, without dates", _originals(entries, found), on, 0.9)
    yield from _rate("reordered texts in the cluster of their original", _reordered(entries, found), on, 0.95)
    for kind, most in COLLECTIONS.items():
        held = [_with_what_it_holds(one, entries, found) for one in entries if one["kind"] == kind]
        if held:
            name = f"merged with an article: {kind}"
            yield Row(name=name, value=sum(held), on=on, higher=False, goal=most, note=f"of {len(held)}")
    if any(one.get("event") for one in entries):
        linked = sum(_same_event(found, a, b) for a, b in _events(entries))
        yield Row(name="independent reports of one event linked", value=linked, on=on, higher=False, goal=0)


def _rate(name: str, told: Sequence[bool], on: str, goal: float) -> Iterator[Row]:
    if told:
        yield Row(name=name, value=sum(told) / len(told), on=on, note=f"of {len(told)}", goal=goal)


def _updates(entries: Sequence[dict[str, Any]], found: Found) -> list[bool]:
    return [found.pairs.get(_pair(one, other)) == "update" for one, other in _with_original(entries, {"correction"})]


def _reordered(entries: Sequence[dict[str, Any]], found: Found) -> list[bool]:
    return [_together(one, other, found) for one, other in _with_original(entries, REORDERED)]


def _originals(entries: Sequence[dict[str, Any]], found: Found) -> list[bool]:
    """Of each cluster that holds copies of one article, and it: whether it, or a text in its words, is canonical."""
    by_name = {one["id"]: one for one in entries}
    groups: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for name, group in found.cluster.items():
        groups[group].append(by_name[name])
    told = []
    for members in groups.values():
        texts = {one["text"] for one in members if one["kind"] == "original"}
        if texts and len({one["cluster"] for one in members}) == 1:
            told.append(any(one["text"] in texts for one in members if one["id"] in found.first))
    return told


def _with_original(
    entries: Sequence[dict[str, Any]], kinds: Collection[str]
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    originals = {one["cluster"]: one for one in entries if one["kind"] == "original"}
    for one in entries:
        if one["kind"] in kinds and one["cluster"] in originals:
            yield one, originals[one["cluster"]]


def _with_what_it_holds(one: dict[str, Any], entries: Sequence[dict[str, Any]], found: Found) -> bool:
    return any(other["cluster"] in one["quotes"] and _together(one, other, found) for other in entries)


def _events(entries: Sequence[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Pairs of independent reports of one event, as far as the labels tell."""
    events: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for one in entries:
        if one.get("event") and not one.get("quotes"):
            events[one["event"]].append(one)
    for reports in events.values():
        for a, b in combinations(reports, 2):
            if a["cluster"] != b["cluster"] and b["cluster"] not in a.get("ambiguous_with", ()):
                yield a, b


def _same_event(found: Found, a: dict[str, Any], b: dict[str, Any]) -> bool:
    return found.pairs.get(_pair(a, b), "same_template") != "same_template"


def _together(a: dict[str, Any], b: dict[str, Any], found: Found) -> bool:
    return a["id"] in found.cluster and found.cluster[a["id"]] == found.cluster.get(b["id"])


def _pair(a: dict[str, Any], b: dict[str, Any]) -> tuple[str, str]:
    one, other = sorted((a["id"], b["id"]))
    return one, other
