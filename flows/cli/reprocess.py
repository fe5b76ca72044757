"""`newsmill reprocess`: redo one stage for what is stored."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import typer

from flows.cli.options import AsJson, Config, Database, NoTranslate, Sources, Target, Verbose, settings_for


class StageName(StrEnum):
    """What can be done again."""

    EXTRACT = "extract"
    LANGUAGE = "language"
    TRANSLATE = "translate"
    DEDUP = "dedup"


def reprocess(
    stage: Annotated[StageName, typer.Option("--stage", help="What to do again.")],
    since: Annotated[
        datetime | None,
        typer.Option("--since", metavar="DATE", formats=["%Y-%m-%d"], help="Only what was fetched from this day on."),
    ] = None,
    source: Sources = None,
    config: Config = None,
    db: Database = None,
    target: Target = None,
    no_translate: NoTranslate = False,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Redo one stage for what is stored, after an upgrade.

    Works from the archive and the database, never from the network. extract reads the archived pages anew, with all
    that follows from them, and is the only one that --source and --no-translate are for; language and dedup look at the
    stored texts; translate replaces what another version of a package translated, and keeps it until then.

    Example: newsmill reprocess --stage extract --since 2026-03-01
    """
    from flows import reprocess as redo
    from flows.cli.run import carry_out
    from flows.cli.screen import progress
    from storage.store import Store

    settings = settings_for(config, db, verbose, target)
    start = since.replace(tzinfo=UTC) if since else None
    if stage is StageName.EXTRACT:
        order = redo.extract_order(start, source, translate=not no_translate)
        carry_out(order, settings, as_json=as_json)
        return
    if stage is StageName.TRANSLATE:
        with progress() as watch:
            redone = redo.redo_translations(settings, start, watch)
    else:
        function = redo.redo_languages if stage is StageName.LANGUAGE else redo.redo_links
        with Store(settings.storage.url, must_exist=True) as store, progress() as watch:
            redone = function(store, start, watch)
    if as_json:
        typer.echo(json.dumps({"stage": stage.value, "records": redone.records, "changed": redone.changed}))
    else:
        typer.echo(f"{stage.value}: {redone.records} records looked at, {redone.changed} changed")
