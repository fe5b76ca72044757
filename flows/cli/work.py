"""`newsmill work`: help with the runs of other processes."""

from __future__ import annotations

from typing import Annotated

import typer

from flows.cli.options import Config, Database, Verbose, settings_for


def work(
    until_idle: Annotated[bool, typer.Option("--until-idle", help="End when no run has anything left to do.")] = False,
    config: Config = None,
    db: Database = None,
    verbose: Verbose = False,
) -> None:
    """Help with all runs that are running on this database.

    Fetches, extracts and stores beside the processes that began them. Start it as often as there are cores and machines
    to spare. Ctrl-C and SIGTERM end it, and others go on with what it has in hand.

    Example: newsmill work --db postgresql+psycopg://news@db.example/news
    """
    from flows.cli.screen import counted, progress
    from flows.work import work as work_on

    settings = settings_for(config, db, verbose)
    with progress() as watch:
        done = work_on(settings, watch, until_idle=until_idle)
    typer.echo(f"{counted(done, 'URL')} done")
