"""Quality and speed of de-duplication on a labelled set of texts, through the code and the tables of a run.

    python benchmarks/dedup_quality.py BENCH.jsonl.gz --out predictions.jsonl [--database URL]

The set has one JSON object a line: `id`, `text`, `cluster` (copies of one article share it) and, for a post that
quotes, `quotes` (the cluster or clusters it quotes). Sets with a `family` name templates and have the language of each
text in `lang`; texts of others are all in English. They are stored and linked in batches, in the order
of the file; texts of which twenty or more begin with the same line are taken to come from one site.

Predictions are read from the tables `link` and `duplicate` and written as one JSON object a line: `a`, `b`, `relation`
("duplicate", "update", "quote" or "same_template"), then `id`, `cluster`, `canonical` of each record that has copies.
Records of one cluster are duplicates, whether they are linked or not.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from math import comb
from pathlib import Path
from typing import Any

from sqlalchemy import select

from benchmarks import sets
from benchmarks.dedup_goals import Found, goals
from benchmarks.dedup_records import addresses, make_record
from benchmarks.made_copies import made_copies
from benchmarks.results import Kind, Row, Scope
from benchmarks.sets import read
from flows.link import link_texts
from ingest.dedup.fingerprint import fingerprint
from ingest.link import Relation
from ingest.model import Record
from storage import records, runs
from storage.links import ORIGINAL_SIDE
from storage.store import Store
from storage.tables import duplicate, link

BATCH = 50
# The share of the pairs of some kinds that is to be found at least.
GOALS = {"spin25": 0.98, "spin40": 0.98, "retranslated": 0.98, "quoted": 0.98, "quoted_rt": 0.95}


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """How well the groups agree with the labels: merged are pairs, or posts, that should not be together."""

    clusters: int
    agreement: float
    posts: int
    posts_merged: int
    events_merged: int


def run(store: Store, made: Sequence[Record], batch: int = BATCH) -> float:
    """Store and link records as a run does; CPU seconds spent on linking."""
    seconds = 0.0
    with store.writing() as tx:
        run_id = runs.start_run(tx, "urls", "en")
    for start in range(0, len(made), batch):
        some = made[start : start + batch]
        with store.writing() as tx:
            records.add_records(tx, some, run_id)
            started = time.process_time()
            texts = {(one.article.key, ORIGINAL_SIDE): one.fingerprint for one in some}
            link_texts(tx, texts, [one.article.key for one in some])
            seconds += time.process_time() - started
    return seconds


def found_in(store: Store, names: dict[str, str]) -> Found:
    """What was found, by the names of the set."""
    with store.reading() as tx:
        links = tx.execute(select(link.c.a, link.c.b, link.c.relation)).all()
        places = tx.execute(select(duplicate.c.record_id, duplicate.c.cluster, duplicate.c.is_canonical)).all()
    cluster = {names[key]: group for key, group, _ in places}
    pairs = {_pair(names[a], names[b]): _kind(relation) for a, b, relation in links}
    members: defaultdict[str, list[str]] = defaultdict(list)
    for name, group in cluster.items():
        members[group].append(name)
    for group in members.values():
        inside = [_pair(a, b) for a, b in combinations(group, 2)]
        pairs |= {pair: "duplicate" for pair in inside if pairs.get(pair) != "update"}
    first = frozenset(names[key] for key, _, canonical in places if canonical)
    return Found(pairs=pairs, cluster=cluster, first=first)


def rand_index(gold: list[str], found: list[str]) -> float:
    """Adjusted Rand index of two labellings (Hubert & Arabie 1985): 1 for the same groups, 0 for chance."""
    both = sum(comb(n, 2) for n in Counter(zip(gold, found, strict=True)).values())
    of_gold = sum(comb(n, 2) for n in Counter(gold).values())
    of_found = sum(comb(n, 2) for n in Counter(found).values())
    chance = of_gold * of_found / comb(len(gold), 2)
    return (both - chance) / ((of_gold + of_found) / 2 - chance)


def judge_clusters(entries: Sequence[dict[str, Any]], found: Found) -> Groups:
    """How well the groups agree with the labels, and how many quoting posts were merged with what they quote."""
    label = {entry["id"]: found.cluster.get(entry["id"], entry["id"]) for entry in entries}
    articles = [entry for entry in entries if not entry.get("quotes")]
    agreement = rand_index([entry["cluster"] for entry in articles], [label[entry["id"]] for entry in articles])
    members = defaultdict(set)
    for entry in articles:
        members[label[entry["id"]]].add(entry["cluster"])
    posts = [entry for entry in entries if entry.get("quotes")]
    merged = sum(not members[label[entry["id"]]].isdisjoint(_quoted(entry)) for entry in posts)
    groups: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for entry in entries:
        if entry["id"] in found.cluster:
            groups[label[entry["id"]]].append(entry)
    merged_events = sum(_same_event(a, b) for group in groups.values() for a, b in combinations(group, 2))
    return Groups(
        clusters=len(groups),
        agreement=agreement,
        posts=len(posts),
        posts_merged=merged,
        events_merged=merged_events,
    )


def found_by_kind(entries: Sequence[dict[str, Any]], pairs: dict[tuple[str, str], str]) -> dict[str, tuple[int, int]]:
    """(found, wanted) pairs of a variant of each kind and the originals it was made of."""
    originals: defaultdict[str, list[str]] = defaultdict(list)
    for one in entries:
        if one["kind"] == "original":
            originals[one["cluster"]].append(one["id"])
    counts: defaultdict[str, Counter[bool]] = defaultdict(Counter)
    for one in entries:
        if one["kind"] != "original":
            sources = [each for name in _quoted(one) or [one["cluster"]] for each in originals[name]]
            counts[one["kind"]].update(_pair(one["id"], source) in pairs for source in sources)
    return {kind: (count[True], count.total()) for kind, count in sorted(counts.items()) if count}


def merged_pairs(entries: Sequence[dict[str, Any]], found: Found) -> tuple[int, int, int]:
    """How many pairs of texts stand in one cluster rightly, in all, and how many should.

    Posts that quote and digests are left out, and so are pairs of which the labels do not tell.
    """
    articles = [one for one in entries if not one.get("quotes")]
    together: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for one in articles:
        if one["id"] in found.cluster:
            together[found.cluster[one["id"]]].append(one)
    pairs = [pair for group in together.values() for pair in combinations(group, 2)]
    right = sum(a["cluster"] == b["cluster"] for a, b in pairs)
    unsure = sum(a["cluster"] != b["cluster"] and b["cluster"] in a.get("ambiguous_with", ()) for a, b in pairs)
    wanted = sum(comb(count, 2) for count in Counter(one["cluster"] for one in articles).values())
    return right, len(pairs) - unsure, wanted


def rows(scope: Scope) -> Iterator[Row]:
    """What is found of each kind of copy, what is merged by mistake, and the time it takes."""
    fingerprint("warm up", "en")
    for on, entries in labelled_sets(scope):
        linked = link_all(entries)
        groups = judge_clusters(entries, linked.found)
        for kind, (hits, wanted) in found_by_kind(entries, linked.found.pairs).items():
            share = hits / wanted
            yield Row(name=f"found: {kind}", value=share, on=on, note=f"of {wanted} pairs", goal=GOALS.get(kind))
        right, together, wanted = merged_pairs(entries, linked.found)
        yield Row(name="merged pairs, precision", value=right / (together or 1), on=on, goal=0.995)
        yield Row(name="merged pairs, recall", value=right / (wanted or 1), on=on, goal=0.93)
        yield Row(name="clusters, adjusted Rand index", value=groups.agreement, on=on, goal=0.975)
        merged = partial(Row, on=on, higher=False, goal=0)
        yield merged(name="independent reports of one event merged", value=groups.events_merged)
        yield merged(name="quoting posts merged with their source", value=groups.posts_merged)
        yield from goals(entries, linked.found, on)
        each = partial(Row, unit="ms", kind=Kind.SPEED, on=on, higher=False)
        yield each(name="CPU a text, fingerprint", value=1000 * linked.fingerprint_s / len(entries))
        yield each(name="CPU a text, link and cluster", value=1000 * linked.link_s / len(entries))


def labelled_sets(scope: Scope) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """(name, entries) of the sets that are at hand."""
    if not scope.judge:
        made = made_copies()
        yield f"{len(made)} texts made of the demo's articles", made
    for one in sets.of_form(scope.data, sets.Form.COPIES):
        entries = read(one.path)
        yield one.called(f"{len(entries)} texts"), entries


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """What was found in a set, and the CPU seconds it took."""

    found: Found
    fingerprint_s: float
    link_s: float


def link_all(entries: Sequence[dict[str, Any]], database: str | None = None, batch: int = BATCH) -> Linked:
    """Store and link a set in an empty database, by default a temporary one."""
    started = time.process_time()
    made = [
        make_record(url, entry["text"], entry["lang"] if "family" in entry else "en")
        for url, entry in zip(addresses(entries), entries, strict=True)
    ]
    fingerprinting = time.process_time() - started
    names = {str(record.article.key): entry["id"] for record, entry in zip(made, entries, strict=True)}
    with (
        tempfile.TemporaryDirectory(prefix="newsmill-bench-") as folder,
        Store(database or f"sqlite:///{folder}/quality.db") as store,
    ):
        linking = run(store, made, batch)
        return Linked(found=found_in(store, names), fingerprint_s=fingerprinting, link_s=linking)


def _quoted(entry: dict[str, Any]) -> list[str]:
    quotes = entry.get("quotes") or []
    return [quotes] if isinstance(quotes, str) else list(quotes)


def _same_event(a: dict[str, Any], b: dict[str, Any]) -> bool:
    """Whether two entries report one event independently, as far as the labels tell."""
    told_apart = a["cluster"] != b["cluster"] and b["cluster"] not in a.get("ambiguous_with", ())
    return told_apart and a.get("event") is not None and a.get("event") == b.get("event")


def _pair(a: str, b: str) -> tuple[str, str]:
    return (a, b) if a < b else (b, a)


def _kind(relation: str) -> str:
    told = {Relation.QUOTES: "quote", Relation.CONTAINS: "quote", Relation.UPDATE: "update"}
    told |= {Relation.SAME_TEMPLATE: "same_template", Relation.RETOLD: "retold"}
    return told.get(Relation(relation), "duplicate")


def main() -> None:
    """Read a set, link it, judge the groups, write predictions."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", type=Path)
    parser.add_argument("--out", type=Path, help="where to write predictions")
    parser.add_argument("--database", metavar="URL", help="an empty database; by default a temporary SQLite file")
    parser.add_argument("--batch", type=int, default=BATCH)
    parser.add_argument("--shuffle", type=int, metavar="SEED", help="let the texts come in another order")
    options = parser.parse_args()
    entries = read(options.bench)
    if options.shuffle is not None:
        random.Random(options.shuffle).shuffle(entries)
    fingerprint("warm up", "en")
    linked = link_all(entries, options.database, options.batch)
    found, each = linked.found, 1000 / len(entries)
    print(f"CPU ms a text: fingerprint {linked.fingerprint_s * each:.2f}, link and cluster {linked.link_s * each:.2f}")
    print(dict(Counter(found.pairs.values())))
    print(judge_clusters(entries, found))
    for row in goals(entries, found, options.bench.name):
        print(f"{row.name}: {row.counted} {row.note}")
    if options.out:
        with options.out.open("w", encoding="utf-8") as out:
            for (a, b), relation in sorted(found.pairs.items()):
                out.write(json.dumps({"a": a, "b": b, "relation": relation}) + "\n")
            for name, group in sorted(found.cluster.items()):
                place = {"id": name, "cluster": group, "canonical": name in found.first}
                out.write(json.dumps(place) + "\n")


if __name__ == "__main__":
    main()
