"""`newsmill export`: hand records on to other programs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from flows.cli.options import (
    Config,
    Database,
    FirstDay,
    Language,
    LastDay,
    SourceName,
    Target,
    Verbose,
    day,
    settings_for,
)
from storage.formats import ExportFormat


def export(
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            metavar="PATH",
            help="Where to write: a file (.gz: compressed), for parquet a folder. - is standard output.",
        ),
    ],
    kind: Annotated[ExportFormat, typer.Option("--format", help="In which format.")] = ExportFormat.JSONL,
    since: Annotated[
        int | None,
        typer.Option(
            "--since",
            metavar="CURSOR",
            help="Only what is new or changed since the export that ended with this cursor.",
        ),
    ] = None,
    canonical_only: Annotated[
        bool, typer.Option("--canonical-only", help="One record a cluster: no copies. Feeds never have copies.")
    ] = False,
    language: Language = None,
    source: SourceName = None,
    first_day: FirstDay = None,
    last_day: LastDay = None,
    licence: Annotated[
        str | None, typer.Option("--licence", metavar="TEXT", help="Only records whose licence contains this.")
    ] = None,
    min_confidence: Annotated[
        float | None,
        typer.Option("--min-confidence", metavar="SHARE", min=0, max=1, help="Only records so sure of their text."),
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", min=1, help="Records in a feed (atom, jsonfeed).")
    ] = 100,
    raw: Annotated[bool, typer.Option("--raw", help="CSV: leave cells that begin like a formula as they are.")] = False,
    config: Config = None,
    db: Database = None,
    target: Target = None,
    verbose: Verbose = False,
) -> None:
    """Write records to a file for other programs.

    Their fields are described in docs/record.md, the formats in docs/export.md.

    Example: newsmill export --format jsonl --out records.jsonl --canonical-only
    """
    from storage.export import Selection, export_records, stream_records
    from storage.store import Store

    settings = settings_for(config, db, verbose, target)
    selection = Selection(
        canonical_only=canonical_only or kind.is_feed,
        language=language,
        source=source,
        first_day=day(first_day),
        last_day=day(last_day),
        licence=licence,
        since=since,
        min_confidence=min_confidence,
    )
    with Store(settings.storage.url, must_exist=True) as store:
        goal = settings.translate.target
        if str(out) == "-":
            written = stream_records(store, goal, sys.stdout, kind, selection, newest=limit, raw=raw)
        else:
            written = export_records(store, goal, out, kind, selection, newest=limit, raw=raw)
    place = "" if str(out) == "-" else f" in {out}"
    typer.echo(f"{written.records} records{place}\ncursor {written.cursor}", err=True)
