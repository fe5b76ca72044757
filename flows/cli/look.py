"""`newsmill show`, `stats`, `duplicates`, `export`: look at what is stored, and hand it on."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.cli.options import AsJson, Config, Database, Target, Verbose, settings_for
from ingest.errors import InputError

if TYPE_CHECKING:
    from storage.store import Transaction


class ExportFormat(StrEnum):
    """What an export can be."""

    JSONL = "jsonl"


def show(
    key: Annotated[str, typer.Argument(metavar="KEY|URL", help="A record's id, the start of one, or its URL.")],
    residue: Annotated[bool, typer.Option("--residue", help="Show what was taken out of the text, and why.")] = False,
    config: Config = None,
    db: Database = None,
    target: Target = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Show one record: what is known of it, its text and translation, its copies.

    Example: newsmill show 3fa94c
    """
    from flows.cli.record import print_record
    from storage.store import Store
    from storage.views import read_records, read_residue

    settings = settings_for(config, db, verbose, target)
    with Store(settings.storage.url) as store, store.reading() as tx:
        found = next(read_records(tx, [_find(tx, key)], settings.translate.target))
        removed = read_residue(tx, found["id"])
    if as_json:
        typer.echo(json.dumps(found | ({"residue": removed} if residue else {}), ensure_ascii=False))
    else:
        print_record(found, removed if residue else None)


def stats(config: Config = None, db: Database = None, as_json: AsJson = False, verbose: Verbose = False) -> None:
    """Count what is stored: by source, language, translation and kind of copy; and the newest run.

    Example: newsmill stats
    """
    from flows.cli.screen import console, table
    from storage import stats as counts
    from storage.store import Store

    settings = settings_for(config, db, verbose)
    with Store(settings.storage.url) as store, store.reading() as tx:
        totals = counts.totals(tx)
        languages = counts.languages(tx, settings.translate.target)
        sources, relations = counts.sources(tx), counts.relations(tx)
        newest = counts.last_run(tx)
        outcomes = counts.outcomes(tx, newest) if newest else []
    if as_json:
        by_language = {language: count for language, count, *_ in languages}
        by_source = {source: count for source, count, _ in sources}
        whole = {
            **totals,
            "languages": by_language,
            "sources": by_source,
            "relations": dict(relations),
            "last_run": newest,
        }
        typer.echo(json.dumps(whole, ensure_ascii=False))
        return
    out = console()
    out.print(", ".join(f"{count} {name}" for name, count in totals.items()))
    if sources:
        out.print(table("Sources", ("source", "records", "newest"), sources))
        headings = ("language", "records", "translated", "partly", "pending", "not needed")
        out.print(table("Languages", headings, languages))
    if relations:
        out.print(table("Copies", ("relation", "records"), relations))
    if newest:
        out.print(table(f"Newest run: {newest}", ("source", "stored", "unchanged", "rejected", "failed"), outcomes))


def duplicates(
    key: Annotated[
        str | None, typer.Argument(metavar="[KEY|URL]", help="Only the copies of this record.", show_default=False)
    ] = None,
    config: Config = None,
    db: Database = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Show which records are copies of which, and who quotes whom.

    Example: newsmill duplicates
    """
    from dataclasses import asdict

    from flows.cli.record import print_clusters
    from storage import stats as counts
    from storage.store import Store

    settings = settings_for(config, db, verbose)
    with Store(settings.storage.url) as store, store.reading() as tx:
        if key is None:
            groups, quotations = counts.clusters(tx), counts.quotations(tx)
        else:
            found = _find(tx, key)
            cluster = counts.cluster_of(tx, found)
            groups = counts.clusters(tx, cluster) if cluster else {}
            quotations = [row for row in counts.quotations(tx) if found in (row[0], row[2])]
    if as_json:
        whole: dict[str, Any] = {
            "clusters": [[asdict(copy) for copy in group] for group in groups.values()],
            "quotations": [{"quoting": row[0], "quoted": row[2], "score": row[4]} for row in quotations],
        }
        typer.echo(json.dumps(whole, ensure_ascii=False))
    else:
        print_clusters(groups, quotations)


def export(
    out: Annotated[Path, typer.Option("--out", metavar="PATH", help="The file to write; - is standard output.")],
    kind: Annotated[ExportFormat, typer.Option("--format", help="What to write.")] = ExportFormat.JSONL,
    canonical_only: Annotated[bool, typer.Option("--canonical-only", help="One record a cluster: no copies.")] = False,
    language: Annotated[
        str | None, typer.Option("--language", metavar="LANG", help="Only records in this language.")
    ] = None,
    config: Config = None,
    db: Database = None,
    target: Target = None,
    verbose: Verbose = False,
) -> None:
    """Write the records for other programs, as docs/record.md describes them.

    Example: newsmill export --format jsonl --out records.jsonl --canonical-only
    """
    from storage.export import export_jsonl, iterate_records, write_jsonl
    from storage.store import Store

    del kind  # there is one so far, and Typer has checked it
    settings = settings_for(config, db, verbose, target)
    with Store(settings.storage.url) as store:
        records = iterate_records(store, settings.translate.target, canonical_only=canonical_only, language=language)
        if str(out) == "-":
            write_jsonl(records, sys.stdout)
        else:
            count = export_jsonl(records, out)
            typer.echo(f"{count} records in {out}", err=True)


def _find(tx: Transaction, key: str) -> str:
    from storage.views import find_record

    found = find_record(tx, key)
    if found is None:
        raise InputError(
            f"no record {key}: give its URL, or 6 characters or more of its id (newsmill export shows them)"
        )
    return found
