"""The application: its commands, and the order in which --help lists them."""

from __future__ import annotations

from typing import Annotated

import typer

from flows.cli import (
    browse,
    demo,
    duplicates,
    export,
    forget,
    history,
    look,
    mcp,
    models,
    read,
    reprocess,
    run,
    search,
    serve,
    sites,
    sources,
    work,
)
from flows.cli.groups import Group

app = typer.Typer(
    name="newsmill",
    cls=Group,
    context_settings={"help_option_names": ["-h", "--help"]},
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"newsmill {version('newsmill')}")
        raise typer.Exit


@app.callback()
def newsmill(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version, and end.")
    ] = False,
) -> None:
    """Turn news in many languages into clean, translated, de-duplicated records.

    Settings and data are looked for in ./config and ./data, or in the folder that NEWSMILL_HOME names.
    """


app.command("read")(read.read)
app.add_typer(run.app, name="run")
app.command("retry")(run.retry)
app.command("reprocess")(reprocess.reprocess)
app.command("serve")(serve.serve)
app.command("work")(work.work)
app.add_typer(sources.app, name="sources")
app.add_typer(sites.app, name="sites")
app.add_typer(models.app, name="models")
app.command("show")(look.show)
app.command("history")(history.history)
app.command("stats")(look.stats)
app.command("duplicates")(duplicates.duplicates)
app.command("search")(search.search)
app.command("browse")(browse.browse)
app.command("mcp")(mcp.mcp)
app.command("export")(export.export)
app.command("forget")(forget.forget)
app.command("demo")(demo.demo)
