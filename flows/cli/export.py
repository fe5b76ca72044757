"""`newsmill export`: hand records on to other programs."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from flows.cli.filters import warn_of_nothing
from flows.cli.options import (
    AsJson,
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
from ingest.errors import ConfigError
from ingest.model import Use
from storage.formats import ExportFormat, format_of


def export(
    path: Annotated[Path | None, typer.Argument(metavar="PATH", help="The same as --out.", show_default=False)] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="PATH",
            help="Where to write: a file (.gz: compressed), for parquet a folder. - is standard output; "
            "s3://bucket/name goes to an object store.",
        ),
    ] = None,
    kind: Annotated[
        ExportFormat | None, typer.Option("--format", help="In which format. [default: as the name ends, else jsonl]")
    ] = None,
    since: Annotated[
        int | None,
        typer.Option(
            "--since",
            metavar="CURSOR",
            help="Only what is new or changed since the export that ended with this cursor.",
        ),
    ] = None,
    canonical_only: Annotated[
        bool, typer.Option("--canonical-only", help="One record a cluster, without duplicates; feeds are always so.")
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
    permitted_for: Annotated[
        Use | None,
        typer.Option("--permitted-for", help="Only records whose page does not reserve this use."),
    ] = None,
    versions: Annotated[
        bool, typer.Option("--versions", help="jsonl, csv, parquet: also the earlier versions of each record.")
    ] = False,
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", min=1, help="Records in a feed (atom, jsonfeed).")
    ] = 100,
    raw: Annotated[bool, typer.Option("--raw", help="CSV: leave cells that begin like a formula as they are.")] = False,
    config: Config = None,
    db: Database = None,
    target: Target = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Write records to a file for other programs.

    Their fields are described in docs/record.md, the formats in docs/export.md.

    Example: newsmill export records.csv --canonical-only
    """
    from flows.cli.screen import counted
    from storage.export import Selection, export_records, stream_records
    from storage.objects import as_address, delivered
    from storage.store import Store

    place = out or path
    if place is None or (out and path):
        raise ConfigError("name one file to write to: newsmill export records.jsonl, or - for standard output")
    form = kind or format_of(place)
    settings = settings_for(config, db, verbose, target)
    selection = Selection(
        canonical_only=canonical_only or form.is_feed,
        language=language,
        source=source,
        first_day=day(first_day),
        last_day=day(last_day),
        licence=licence,
        since=since,
        min_confidence=min_confidence,
        permitted_for=permitted_for or settings.export.permitted_for,
        versions=versions,
    )
    streamed, goes_to = str(place) == "-", as_address(place) or place
    with Store(settings.storage.url, must_exist=True) as store:
        goal = settings.translate.target
        if streamed:
            written = stream_records(store, goal, sys.stdout, form, selection, newest=limit, raw=raw)
        else:
            with delivered(goes_to) as room:
                written = export_records(store, goal, room, form, selection, newest=limit, raw=raw)
        if not written.records and since is None:
            with store.reading() as tx:
                others = any((first_day, last_day, licence, min_confidence))
                warn_of_nothing(tx, language=language, source=source, others=others)
    if as_json:
        told = {"records": written.records, "cursor": written.cursor, "format": form, "path": str(goes_to)}
        typer.echo(json.dumps(told), err=streamed)
    else:
        typer.echo(
            f"{counted(written.records, 'record')}{'' if streamed else f' in {goes_to}'}\ncursor {written.cursor}",
            err=True,
        )
