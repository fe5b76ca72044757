"""`newsmill models`: the Argos packages that translate."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from flows.cli.options import AsJson, Config, Database, Verbose, settings_for

app = typer.Typer(
    help="Translation packages: what is installed and what is missing, install, remove.", no_args_is_help=True
)

To = Annotated[str | None, typer.Option("--to", metavar="LANG", help="Language to translate into. [default: en]")]


@app.command("list")
def list_models(config: Config = None, db: Database = None, as_json: AsJson = False, verbose: Verbose = False) -> None:
    """Show which packages are installed, and which languages of what is stored wait for one.

    Example: newsmill models list
    """
    from flows.cli.screen import console, table
    from ingest.translate.packages import list_installed
    from storage.store import Store
    from storage.translations import pending_languages

    settings = settings_for(config, db, verbose)
    target = settings.translate.target
    installed = list_installed(settings.translate.packages_dir)
    with Store(settings.storage.url) as store, store.reading() as tx:
        waiting = pending_languages(tx, target)
    if as_json:
        pairs = [{"source": one.source, "target": one.target, "version": one.version} for one in installed]
        typer.echo(json.dumps({"installed": pairs, "waiting": waiting}))
        return
    out = console()
    rows = [(one.source, one.target, one.version, one.path) for one in installed]
    out.print(table("Installed packages", ("from", "to", "version", "folder"), rows))
    if waiting:
        out.print(table(f"Waiting for a translation into {target}", ("language", "records"), waiting.items()))
        missing = [language for language in waiting if (language, target) not in {(one[0], one[1]) for one in rows}]
        if missing:
            out.print(f"To install what is missing: newsmill models install {' '.join(missing)} --to {target}")
        if len(missing) < len(waiting):
            out.print("To translate what can be translated now: newsmill retry")


@app.command("install")
def install(
    what: Annotated[
        list[str], typer.Argument(metavar="LANG|FILE...", help="Languages to translate from, or .argosmodel files.")
    ],
    to: To = None,
    config: Config = None,
    verbose: Verbose = False,
) -> None:
    """Install packages: by language from the Argos index, or from .argosmodel files (no network needed).

    Example: newsmill models install sv de ru --to en
    """
    from ingest.translate.packages import install_archive, install_from_index

    settings = settings_for(config, None, verbose)
    folder, target = settings.translate.packages_dir, to or settings.translate.target
    for one in what:
        if one.endswith(".argosmodel") or "/" in one:
            typer.echo(f"installed {install_archive(Path(one), folder)}")
        else:
            typer.echo(f"downloading {one} -> {target} ...", err=True)
            typer.echo(f"installed {install_from_index(one, target, folder)}")


@app.command("remove")
def remove(
    languages: Annotated[list[str], typer.Argument(metavar="LANG...", help="Languages that are translated from.")],
    to: To = None,
    config: Config = None,
    verbose: Verbose = False,
) -> None:
    """Delete installed packages. Translations that were made with them stay.

    Example: newsmill models remove sv --to en
    """
    from ingest.translate.packages import remove_pair

    settings = settings_for(config, None, verbose)
    for language in languages:
        folder = remove_pair(language, to or settings.translate.target, settings.translate.packages_dir)
        typer.echo(f"removed {folder}")
