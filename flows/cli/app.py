"""The application: its commands, in the order in which --help lists them."""

from __future__ import annotations

import typer

from flows.cli import browse, demo, duplicates, export, look, models, reprocess, run, search, serve, sources, work

app = typer.Typer(
    name="newsmill",
    help="Turn news in many languages into clean, translated, de-duplicated records.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    add_completion=False,
)
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
app.command("export")(export.export)
app.command("demo")(demo.demo)
