"""What other programs ask of the database, answered in JSON: the API and the MCP server say the same (reads only)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from flows.versions import version_values
from ingest.errors import InputError
from ingest.outcome import Outcome
from storage import runs, stats
from storage.browse import nights
from storage.browse.changed import changed_ids
from storage.browse.listing import snapshot
from storage.browse.stories import list_clusters
from storage.search import Within, find
from storage.selection import Selection
from storage.stats import Copy
from storage.store import Store, Transaction
from storage.versions import read_versions
from storage.views import find_record, read_records, read_residue

Answer = dict[str, Any]


class NotFoundError(InputError):
    """There is no record of this name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An open database, and the language of the translations."""

    store: Store
    target: str

    def records(self, selection: Selection, cursor: str = "0", limit: int = 100) -> Answer:
        """Records as docs/record.md describes them that are new or have changed behind a cursor; 0 for all.

        Raises:
            InputError: the cursor is none.
        """
        with snapshot(self.store) as tx:
            portion = changed_ids(tx, cursor, selection, limit)
            known = {one["id"]: one for one in read_records(tx, portion.ids, self.target)}
        listed = [known[key] for key in portion.ids if key in known]
        return {"records": listed, "cursor": portion.cursor, "more": portion.more}

    def record(self, name: str, *, residue: bool = False) -> Answer:
        """A record by its URL, its id or the first six digits of it.

        Raises:
            NotFoundError: there is none.
        """
        with snapshot(self.store) as tx:
            key = _named(tx, name)
            found = next(read_records(tx, [key], self.target))
            return found | ({"residue": read_residue(tx, key)} if residue else {})

    def search(self, query: str, within: Within, *, limit: int = 10, page: int = 1, folded: bool = True) -> Answer:
        """A page of what a search finds, as `newsmill search --json` has it.

        Raises:
            InputError: the query says nothing that could be searched.
        """
        offset = (page - 1) * limit
        return asdict(find(self.store, query, within, target=self.target, limit=limit, offset=offset, folded=folded))

    def clusters(self, after: str = "", limit: int = 50) -> Answer:
        """Clusters by name, each with its members; `after` is for the next portion, ``None`` behind the last."""
        with snapshot(self.store) as tx:
            found = list_clusters(tx, after, limit)
        listed = [_cluster(name, members) for name, members in found.clusters.items()]
        return {"clusters": listed, "total": found.total, "after": found.after}

    def duplicates(self, name: str) -> Answer:
        """The cluster of a record, and its links to records outside of it.

        Raises:
            NotFoundError: there is no such record.
        """
        with snapshot(self.store) as tx:
            key = _named(tx, name)
            cluster = stats.cluster_of(tx, key)
            members = stats.clusters(tx, [cluster])[cluster] if cluster else []
            links = [asdict(one) for one in stats.linked_outside(tx, key)]
        return {"id": key, "cluster": _cluster(cluster, members) if cluster else None, "links": links}

    def history(self, name: str, *, diff: bool = False) -> Answer:
        """The versions of a record, as `newsmill history --json` has them.

        Raises:
            NotFoundError: there is no such record.
        """
        with snapshot(self.store) as tx:
            key = _named(tx, name)
            known = read_versions(tx, key)
        return {"id": key, "versions": version_values(known, diff=diff)}

    def run(self, run_id: str) -> Answer:
        """How far a run is: its status, and its URLs by outcome.

        Raises:
            NotFoundError: there is none.
        """
        with snapshot(self.store) as tx:
            found = nights.find_run(tx, run_id)
            if found is None:
                raise NotFoundError(f"no run {run_id}")
            counts = runs.outcome_counts(tx, run_id)
            status = nights.status(tx, found)
        by_outcome = {name.value: counts[name] for name in Outcome}
        left = max(0, found.seeds - sum(by_outcome.values()))
        return {"id": run_id, "kind": found.kind, "status": status, "urls": found.seeds, **by_outcome, "left": left}


def _named(tx: Transaction, name: str) -> str:
    found = find_record(tx, name.replace("\0", ""))
    if found is None:
        raise NotFoundError(f"no record {name}: give its URL, or 6 characters or more of its id")
    return found


def _cluster(name: str, members: Sequence[Copy]) -> Answer:
    listed = [asdict(one) for one in members]
    for one in listed:
        one["id"] = one.pop("record_id")
        one.pop("cluster")
        one["evidence"] = [{"rule": rule, "detail": detail} for rule, detail in one["evidence"]]
    canonical = next((one["id"] for one in listed if one["is_canonical"]), None)
    return {"cluster": name, "canonical_id": canonical, "members": listed}
