"""The application: its commands, and the order in which --help lists them."""

from __future__ import annotations

import typer
from typer.core import TyperGroup

from flows.cli import (
    browse,
    demo,
    duplicates,
    export,
    look,
    mcp,
    models,
    read,
    reprocess,
    run,
    search,
    serve,
    sources,
    work,
)

_ORDER = (
    "read",
    "demo",
    "run",
    "retry",
    "reprocess",
    "serve",
    "work",
    "sources",
    "models",
    "stats",
    "show",
    "duplicates",
    "search",
    "browse",
    "mcp",
    "export",
)


class _InOrder(TyperGroup):
    def list_commands(self, ctx: object) -> list[str]:  # Typer would list the groups, `run` among them, last
        return sorted(self.commands, key=_ORDER.index)


app = typer.Typer(
    name="newsmill",
    cls=_InOrder,
    help="Turn news in many languages into clean, translated, de-duplicated records.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    add_completion=False,
)
app.command("read")(read.read)
app.add_typer(run.app, name="run")
app.command("retry")(run.retry)
app.command("reprocess")(reprocess.reprocess)
app.command("serve")(serve.serve)
app.command("work")(work.work)
app.add_typer(sources.app, name="sources")
app.add_typer(models.app, name="models")
app.command("show")(look.show)
app.command("stats")(look.stats)
app.command("duplicates")(duplicates.duplicates)
app.command("search")(search.search)
app.command("browse")(browse.browse)
app.command("mcp")(mcp.mcp)
app.command("export")(export.export)
app.command("demo")(demo.demo)
