"""`newsmill forget`: nothing of an article, or of a whole host, stays or comes back."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.options import AsJson, Config, Database, Verbose, settings_for
from ingest.errors import ConfigError

if TYPE_CHECKING:
    from flows.forget import Erased, Wanted

_NAMED = 10


def forget(
    what: Annotated[
        str,
        typer.Argument(
            metavar="URL|HOST", help="An address, a host with all below it, or a record.", show_default=False
        ),
    ],
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="Why; it is kept, and told by runs.", show_default=False)
    ],
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
    config: Config = None,
    db: Database = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Erase an article, or all of a host, permanently.

    It goes from database, archives and index, and no run stores it again.

    Example: newsmill forget https://courier.example/story --reason "asked by its author"
    """
    from flows.forget import forget as erase
    from flows.forget import look_for
    from storage.store import Store

    settings = settings_for(config, db, verbose)
    if not reason.strip():
        raise ConfigError("--reason is empty: say why, whoever meets the gap will ask")
    with Store(settings.storage.url, must_exist=True) as store:
        wanted = look_for(store, what)
        if not yes:
            _ask(wanted)
        done = erase(store, wanted, reason.strip())
    if as_json:
        typer.echo(json.dumps(_whole(wanted, done), ensure_ascii=False))
    else:
        typer.echo("\n".join(_lines(wanted, done)))


def _ask(wanted: Wanted) -> None:
    """Show what goes, and let the person decide.

    Raises:
        ConfigError: nobody is there to ask.
    """
    for title in wanted.titles[:_NAMED]:
        typer.echo(f"  {title}", err=True)
    more = wanted.counts["records"] - min(len(wanted.titles), _NAMED)
    if more > 0:
        typer.echo(f"  and {more:,} more", err=True)
    for file in sorted({place.file for place in wanted.traces.places}):
        typer.echo(f"  in {file}", err=True)
    if not sys.stdin.isatty():
        raise ConfigError(f"{_counted(wanted)} would be erased permanently: add --yes")
    typer.confirm(f"{_counted(wanted)}: erase permanently?", abort=True, err=True)


def _counted(wanted: Wanted) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in wanted.counts.items())


def _lines(wanted: Wanted, done: Erased) -> Iterator[str]:
    yield f"forgotten: {', '.join(sorted(set(wanted.names.values())))}"
    yield f"erased: {_counted(wanted)}, {done.archive_records:,} records of archives"
    for file in done.missing:
        yield f"not there, so not erased: {file}"
    yield "exports that were written before, and copies of database and archive, still have it"


def _whole(wanted: Wanted, done: Erased) -> dict[str, object]:
    return {
        "forgotten": sorted(set(wanted.names.values())),
        "ids": sorted(wanted.traces.records),
        **wanted.counts,
        "archive_records": done.archive_records,
        "missing_archives": list(done.missing),
    }
