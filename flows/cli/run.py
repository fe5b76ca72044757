"""`newsmill run ...` and `newsmill retry`: ingest once, now."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.groups import Group
from flows.cli.options import AsJson, Config, Database, NoTranslate, Sources, Target, UrlOnly, Verbose, settings_for
from ingest.errors import ConfigError

if TYPE_CHECKING:
    from flows.run import Order
    from flows.settings import Settings
    from flows.summary import Summary
    from flows.watch import Watch
    from ingest.model import Seed

_DAY = "%Y-%m-%d"

app = typer.Typer(help="Ingest now: URLs, local files, or all configured sources.", cls=Group, no_args_is_help=True)


@app.command("urls")
def urls(
    inputs: Annotated[
        list[str],
        typer.Argument(metavar="INPUT", help="URLs, files of URLs (one a line, # comments), or - for stdin."),
    ],
    config: Config = None,
    db: Database = None,
    target: Target = None,
    no_translate: NoTranslate = False,
    url_only: UrlOnly = False,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Ingest a list of URLs.

    Example: newsmill run urls https://example.org/a-story more-urls.txt
    """
    from flows.orders import url_order
    from ingest.inputs import read_urls

    settings = settings_for(config, db, verbose, target)
    seeds = list(read_urls(inputs, sys.stdin))
    if url_only:
        _list_urls(seeds)
        return
    carry_out(url_order(seeds, translate=not no_translate), settings, as_json=as_json)


@app.command("files")
def files(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH", help="Saved .html or .txt pages, .warc or .warc.gz files, folders."),
    ],
    host: Annotated[
        list[str] | None,
        typer.Option("--host", metavar="HOST", help="Of archives only this host and all below it; more than once."),
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option("--since", metavar="DATE", formats=[_DAY], help="Of archives only captures from this day on."),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option("--until", metavar="DATE", formats=[_DAY], help="Of archives only captures up to this day."),
    ] = None,
    language: Annotated[
        list[str] | None,
        typer.Option("--language", metavar="LANG", help="Of archives only pages in this language; more than once."),
    ] = None,
    config: Config = None,
    db: Database = None,
    target: Target = None,
    no_translate: NoTranslate = False,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Ingest local files: saved pages, plain texts, WARC archives.

    Example: newsmill run files saved-pages/ crawl.warc.gz
    """
    from flows.orders import file_order

    settings = settings_for(config, db, verbose, target)
    choice = None
    if host or since or until or language:
        from flows.choice import choice_of

        first = since.replace(tzinfo=UTC) if since else None
        end = until.replace(tzinfo=UTC) + timedelta(days=1) if until else None
        choice = choice_of(host, first, end, language)
    carry_out(file_order(paths, translate=not no_translate, choice=choice), settings, as_json=as_json)


@app.command("nightly")
def nightly(
    source: Sources = None,
    config: Config = None,
    db: Database = None,
    target: Target = None,
    no_translate: NoTranslate = False,
    url_only: UrlOnly = False,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Ingest what all configured sources announce.

    Example: newsmill run nightly --source "Example Times"
    """
    from flows.orders import choose_sources, nightly_order, rechecks_of

    settings = settings_for(config, db, verbose, target)
    sources = choose_sources(config, source or ())
    if url_only:
        from flows.cli.sources import discover_all

        found = discover_all(sources, settings, recent=True)
        _list_urls(seed for _, one in found for seed in one.seeds)
        for source_of, one in found:
            for listing in one.listings:
                if listing.rejection is not None:
                    typer.echo(
                        f"could not read {listing.address} of {source_of.name}: {listing.rejection.detail}", err=True
                    )
        return
    order = nightly_order(sources, translate=not no_translate, rechecks=rechecks_of(settings))
    carry_out(order, settings, as_json=as_json)


def retry(
    poison: Annotated[
        bool, typer.Option("--poison", help="Try what was set aside because runs died of it, instead of what failed.")
    ] = False,
    config: Config = None,
    db: Database = None,
    target: Target = None,
    no_translate: NoTranslate = False,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Try again what failed, and finish what was interrupted.

    Translates also what waited for a translation package.

    Example: newsmill retry
    """
    from flows.orders import retry_order

    settings = settings_for(config, db, verbose, target)
    carry_out(retry_order(translate=not no_translate, poison=poison), settings, as_json=as_json)


def _list_urls(seeds: Iterable[Seed]) -> None:
    """Each address once, as a run would take it."""
    from flows.intake import seed_tasks

    seen: set[str] = set()
    for task in seed_tasks(list(seeds)):
        if task.key not in seen:
            seen.add(task.key)
            typer.echo(task.seed.url)


def carry_out(order: Order, settings: Settings, *, as_json: bool) -> None:
    """Run, show how far it is and what came of it; exit with 1 where something failed."""
    from flows.cli.screen import print_summary, progress
    from storage.engine import file_of

    file = file_of(settings.storage.url)
    if file is not None and not file.exists() and (file.parent.is_dir() or file.parent.name == "data"):
        typer.echo(f"new database: {file.resolve()} (for another place: --db, or NEWSMILL_HOME)", err=True)
    runner, leave = _runner(settings)
    with progress() as watch:
        summary = runner(order, settings, watch)
    if as_json:
        typer.echo(json.dumps(summary.as_json()))
    else:
        print_summary(settings, summary)
    status = int(summary.fell_short)
    leave(status)
    if status:
        raise typer.Exit(status)


def _runner(settings: Settings) -> tuple[Callable[[Order, Settings, Watch], Summary], Callable[[int], None]]:
    """What carries out a run, and what is to be called at the end.

    A run shows up in the Prefect UI where PREFECT_API_URL names a server that answers; else it needs none. With a task
    runner of Prefect's, and no server named, Prefect starts one for the time of the run.

    Raises:
        ConfigError: a task runner of Prefect's is set, and the server that is named does not answer.
    """
    named = bool(os.environ.get("PREFECT_API_URL"))
    needed = settings.run.task_runner != "thread"
    if named or needed:
        # Prefect's own server makes its database at the first start: 10 s here, three times that on a busy machine.
        os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "120")
        from flows.serve.server import server_answers

        if server_answers() or not named:
            from flows.tasks import leave, run_as_flow

            return run_as_flow, leave
        if needed:
            raise ConfigError(
                f"run.task_runner = {settings.run.task_runner} needs Prefect, and the server of PREFECT_API_URL does "
                "not answer: start it, or unset the variable"
            )
        typer.echo("the Prefect server of PREFECT_API_URL does not answer: running without it", err=True)
    from flows.loop import plainly
    from flows.run import run

    return lambda order, settings, watch: run(order, settings, plainly, watch), lambda _: None
