"""`newsmill browse`: look at the database in a browser."""

from __future__ import annotations

from typing import Annotated

import typer

from flows.cli.options import Config, Database, Target, Verbose, settings_for


def browse(
    host: Annotated[
        str, typer.Option("--host", metavar="HOST", help="Where to listen. There is no login.")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", metavar="PORT", min=0, max=65_535, help="The port; 0: any that is free.")
    ] = 8089,
    config: Config = None,
    db: Database = None,
    target: Target = None,
    verbose: Verbose = False,
) -> None:
    """Show runs, records, duplicates and sources in a browser.

    Nothing can be changed there. Ctrl-C ends it.

    Example: newsmill browse
    """
    from flows.browse.serve import serve

    serve(settings_for(config, db, verbose, target), host, port, typer.echo)
