"""`newsmill duplicates`: which records are duplicates of which, the evidence, and how to separate what is none."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.cli.look import find
from flows.cli.options import AsJson, Config, Database, Verbose, settings_for
from ingest.errors import ConfigError

if TYPE_CHECKING:
    from flows.cli.passages import Pair
    from storage.stats import Copy, Linked
    from storage.store import Store


def duplicates(
    key: Annotated[
        str | None,
        typer.Argument(
            metavar="KEY|URL", help="Only the duplicates of this record, with what they share.", show_default=False
        ),
    ] = None,
    unlink: Annotated[
        tuple[str, str] | None,
        typer.Option("--unlink", metavar="A B", help="Mark two records as not duplicates, permanently."),
    ] = None,
    relink: Annotated[
        tuple[str, str] | None, typer.Option("--relink", metavar="A B", help="Take --unlink back.")
    ] = None,
    config: Config = None,
    db: Database = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Show which records are duplicates, and which share text.

    Example: newsmill duplicates 3fa94c
    """
    from flows.cli.clusters import print_cluster, print_clusters
    from storage.store import Store

    settings = settings_for(config, db, verbose)
    if (unlink or relink) and (key or (unlink and relink)):
        raise ConfigError("give either a record to look at, or --unlink A B, or --relink A B")
    with Store(settings.storage.url, must_exist=True) as store:
        done = _part(store, unlink) if unlink else _join(store, relink) if relink else None
        if done is not None:
            typer.echo(done, err=as_json)
            if not as_json:
                return
        groups, linked, pairs = _read(store, key)
    if as_json:
        typer.echo(json.dumps(_whole(groups, linked, pairs if key else None), ensure_ascii=False))
    elif key is None:
        print_clusters(groups, linked)
    else:
        print_cluster(groups, linked, pairs)


def _part(store: Store, pair: tuple[str, str]) -> str:
    from flows.link import unlink

    with store.writing() as tx:
        one, other = find(tx, pair[0]), find(tx, pair[1])
        if one == other:
            raise ConfigError("--unlink takes two records, these are the same")
        linked = unlink(tx, one, other)
    return "separated; --relink takes it back" if linked else "they were not linked; they will not be from now on"


def _join(store: Store, pair: tuple[str, str]) -> str:
    from flows.link import relink

    with store.writing() as tx:
        parted = relink(tx, find(tx, pair[0]), find(tx, pair[1]))
    return "compared again" if parted else "they were not separated"


def _read(store: Store, key: str | None) -> tuple[dict[str, list[Copy]], list[Linked], list[Pair]]:
    """The clusters and the links outside them: all, or those of a record, and then what its cluster has in common."""
    from flows.cli.passages import read_pairs
    from storage import stats

    with store.reading() as tx:
        if key is None:
            return stats.clusters(tx), stats.linked_outside(tx), []
        found = find(tx, key)
        cluster = stats.cluster_of(tx, found)
        groups = stats.clusters(tx, [cluster]) if cluster else {}
        members = {copy.record_id for group in groups.values() for copy in group}
        return groups, stats.linked_outside(tx, found), read_pairs(tx, found, members)


def _whole(groups: dict[str, list[Copy]], linked: list[Linked], pairs: list[Pair] | None) -> dict[str, Any]:
    from dataclasses import asdict

    from flows.cli.passages import pair_object
    from ingest.link import Relation

    def plain(copy: Copy) -> dict[str, Any]:
        return {**asdict(copy), "evidence": [{"rule": rule, "detail": detail} for rule, detail in copy.evidence]}

    whole: dict[str, Any] = {
        "clusters": [[plain(copy) for copy in group] for group in groups.values()],
        "quotations": [
            {"quoting": one.a, "quoted": one.b, "score": one.score} for one in linked if one.relation == Relation.QUOTES
        ],
        "links": [asdict(one) for one in linked],
    }
    if pairs is not None:
        whole["pairs"] = [pair_object(pair) for pair in pairs]
    return whole
