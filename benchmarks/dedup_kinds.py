"""Copies and their likes in kinds that no rule was made for, written for this: benchmarks/kinds.toml.

    python benchmarks/dedup_kinds.py [TABLE...]

Each table is stored and linked in an empty database of its own, as a run does it, and its clusters are held against
what was written: reports of a series stay apart, copies come together, who quotes or holds several joins none.
"""

from __future__ import annotations

import argparse
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from benchmarks.dedup_quality import link_all
from benchmarks.results import Row, Scope

KINDS = Path(__file__).with_name("kinds.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Of the pairs of texts of a table: those rightly in one cluster, those wrongly, and those that should be."""

    texts: int
    right: int
    wrong: tuple[tuple[str, str], ...]
    missed: tuple[tuple[str, str], ...]
    unlinked: tuple[tuple[str, str], ...]


def entries(table: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The texts of a table in the form of `dedup_quality.py`."""
    made = [table["frame"].format(*slots) for slots in table["slots"]] if "frame" in table else table["texts"]
    copies = [(f"copy {place}", one["of"], one["text"]) for place, one in enumerate(table.get("copies", ()))]
    others = [*table.get("quotes", ()), *table.get("holds", ())]
    found = [{"id": f"text {place}", "cluster": f"c{place}", "text": text} for place, text in enumerate(made)]
    found += [{"id": name, "cluster": f"c{of}", "text": text} for name, of, text in copies]
    for place, one in enumerate(others):
        of = one["of"] if isinstance(one["of"], list) else [one["of"]]
        name = f"other {place}"
        found.append({"id": name, "cluster": name, "text": one["text"], "quotes": [f"c{each}" for each in of]})
    return [one | {"lang": table["language"], "family": "kinds"} for one in found]


def judge(made: Sequence[dict[str, Any]]) -> Judged:
    """Link the texts of a table and compare the clusters."""
    found = link_all(made).found
    pairs = {(a["id"], b["id"]): a["cluster"] == b["cluster"] for a, b in combinations(made, 2)}
    place = {one["id"]: found.cluster.get(one["id"], one["id"]) for one in made}
    merged = {(a, b) for a, b in pairs if place[a] == place[b]}
    carried = [(one, other) for one in made for other in made if other["cluster"] in one.get("quotes", ())]
    told = [tuple(sorted((one["id"], other["id"]))) for one, other in carried]
    return Judged(
        texts=len(made),
        right=sum(pairs[pair] for pair in merged),
        wrong=tuple(sorted(pair for pair in merged if not pairs[pair])),
        missed=tuple(sorted(pair for pair, same in pairs.items() if same and pair not in merged)),
        unlinked=tuple((a, b) for a, b in told if found.pairs.get((a, b)) != "quote"),
    )


def judged() -> dict[str, Judged]:
    """All tables, by name."""
    tables = tomllib.loads(KINDS.read_text("utf-8"))
    return {name: judge(entries(table)) for name, table in tables.items()}


def rows(scope: Scope) -> Iterator[Row]:
    """What is merged rightly and wrongly, and the quotations found."""
    del scope
    found = list(judged().values())
    on = f"{sum(one.texts for one in found)} texts in {len(found)} kinds, of kinds.toml"
    right, wrong = sum(one.right for one in found), sum(len(one.wrong) for one in found)
    missed, unlinked = sum(len(one.missed) for one in found), sum(len(one.unlinked) for one in found)
    yield Row(name="pairs merged wrongly", value=wrong, on=on, higher=False, goal=0)
    yield Row(name="pairs of copies not merged", value=missed, on=on, higher=False, goal=0, note=f"of {right + missed}")
    yield Row(name="quotations and parts not told", value=unlinked, on=on, higher=False, goal=0)


def main() -> None:
    """Judge the tables and print what is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tables", nargs="*")
    wanted = parser.parse_args().tables
    for name, one in judged().items():
        if not wanted or name in wanted:
            print(f"{name}: {one.texts} texts, {one.right} right", end="")
            for what in ("wrong", "missed", "unlinked"):
                pairs = getattr(one, what)
                print(f"; {what}: {pairs}" if pairs else "", end="")
            print()


if __name__ == "__main__":
    main()
