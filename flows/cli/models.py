"""`newsmill models`: the packages that translate."""

from __future__ import annotations

import json
from collections.abc import Callable
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.cli.groups import Group
from flows.cli.options import AsJson, Config, Database, Verbose, settings_for

if TYPE_CHECKING:
    from rich.console import Console

app = typer.Typer(help="Translation packages: list, install, pack, remove.", cls=Group, no_args_is_help=True)


class Backend(StrEnum):
    """What runs a package."""

    ARGOS = "argos"
    FIREFOX = "firefox"


class Size(StrEnum):
    """How large a model of Firefox is, and how good."""

    BASE = "base"
    TINY = "tiny"


To = Annotated[str | None, typer.Option("--to", metavar="LANG", help="Language to translate into. [default: en]")]
Kind = Annotated[Backend, typer.Option("--backend", help="What runs the packages.")]
_MEGABYTE = 1_000_000


@app.command("list")
def list_models(
    available: Annotated[
        bool, typer.Option("--available", help="Also what the Argos index has (needs a network).")
    ] = False,
    config: Config = None,
    db: Database = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Show installed packages, and stored languages without one.

    Example: newsmill models list --available
    """
    from flows.cli.screen import console
    from ingest.translate.index import read_index
    from ingest.translate.packages import list_installed
    from storage.store import Store
    from storage.translations import pending_languages

    settings = settings_for(config, db, verbose)
    target = settings.translate.target
    installed = [
        {"source": one.source, "target": one.target, "version": one.version, "backend": one.backend, "path": one.path}
        for one in list_installed(settings.translate.packages_dir)
    ]
    offered = None
    if available:
        offered = [{"source": one.source, "target": one.target, "version": one.version} for one in read_index()]
    with Store(settings.storage.url) as store, store.reading() as tx:
        waiting = pending_languages(tx, target)
        waiting = dict(sorted(waiting.items(), key=lambda one: (-one[1], one[0])))
    if as_json:
        more = {} if offered is None else {"available": offered}
        typer.echo(json.dumps({"installed": installed, "waiting": waiting, **more}, default=str))
        return
    _print_list(console(), installed, offered, waiting, target)


@app.command("install")
def install(
    what: Annotated[
        list[str],
        typer.Argument(metavar="LANG|PATH", help="Languages to translate from; or .argosmodel files, or folders."),
    ],
    to: To = None,
    backend: Kind = Backend.ARGOS,
    size: Annotated[
        Size | None, typer.Option("--size", help="Of a model of Firefox; by default base where there is one.")
    ] = None,
    config: Config = None,
    verbose: Verbose = False,
) -> None:
    """Install packages: by language, or from files and folders.

    By language they come from the Argos index, or with --backend firefox from Mozilla; files need no network. Where a
    download breaks off, the same command goes on with it.

    Example: newsmill models install sv de ru --to en
    """
    settings = settings_for(config, None, verbose)
    folder, target = settings.translate.packages_dir, to or settings.translate.target
    paths = [Path(one).expanduser() for one in what if _is_path(one)]
    languages = [one for one in what if not _is_path(one)]
    if backend is Backend.FIREFOX:
        from ingest.translate.firefox import install_files
        from ingest.translate.mozilla import install_from_mozilla

        install_one = partial(install_from_mozilla, size=size.value if size else None)
        if paths:
            typer.echo(f"installed {install_files(paths, folder)}")
        for language in languages:
            typer.echo(f"installed {_download(install_one, language, target, folder)}")
        return
    if size is not None:
        raise typer.BadParameter("is for models of Firefox: add --backend firefox", param_hint="--size")
    from ingest.translate.index import install_from_index
    from ingest.translate.packages import install_path

    for path in paths:
        for package in install_path(path, folder):
            typer.echo(f"installed {package}")
    for language in languages:
        typer.echo(f"installed {_download(install_from_index, language, target, folder)}")


@app.command("pack")
def pack_models(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to write to; it is made.")],
    config: Config = None,
    verbose: Verbose = False,
) -> None:
    """Pack all installed packages for a machine without a network.

    There: newsmill models install DIR.

    Example: newsmill models pack /media/stick/models
    """
    from ingest.translate.packing import pack

    settings = settings_for(config, None, verbose)
    for archive in pack(folder, settings.translate.packages_dir):
        typer.echo(f"packed {archive}")
    typer.echo(f"On the other machine: newsmill models install {folder.name}/")


@app.command("remove")
def remove(
    languages: Annotated[list[str], typer.Argument(metavar="LANG", help="Languages that are translated from.")],
    to: To = None,
    backend: Kind = Backend.ARGOS,
    config: Config = None,
    verbose: Verbose = False,
) -> None:
    """Delete installed packages. Translations that were made with them stay.

    Example: newsmill models remove sv --to en
    """
    from ingest.translate.packages import remove_pair

    settings = settings_for(config, None, verbose)
    for language in languages:
        target = to or settings.translate.target
        folder = remove_pair(language, target, settings.translate.packages_dir, backend=backend.value)
        typer.echo(f"removed {folder}")


def _is_path(argument: str) -> bool:
    """Whether an argument names a file or folder: it says so by its form, or is one and no code of a language."""
    return "/" in argument or "." in argument or (len(argument) > 3 and Path(argument).exists())


def _download(install_one: Callable[..., Path], language: str, target: str, folder: Path | None) -> Path:
    from flows.cli.screen import progress
    from flows.stop import at_stop

    with progress() as watch, at_stop(lambda: "what was downloaded stays"):
        return install_one(language, target, folder, watch=_megabytes(watch, f"{language} -> {target}, MB"))


def _megabytes(watch: Callable[[str, int, int], None], phase: str) -> Callable[[int, int | None], None]:
    """Bytes as megabytes, told when there is one more, and at most at every twentieth of the way."""
    told = (-1, -1)

    def show(here: int, total: int | None) -> None:
        nonlocal told
        of = max(total or 0, here)
        step = here * 20 // of if total else here // (10 * _MEGABYTE)
        megabytes = -(-here // _MEGABYTE)
        if step > told[0] and megabytes > told[1]:
            told = (step, megabytes)
            watch(phase, megabytes, -(-of // _MEGABYTE))

    return show


def _print_list(
    out: Console,
    installed: list[dict[str, Any]],
    offered: list[dict[str, str]] | None,
    waiting: dict[str, int],
    target: str,
) -> None:
    from flows.cli.screen import table
    from ingest.model import TRANSLATABLE

    packages = [(one["source"], one["target"], one["version"], one["backend"], one["path"]) for one in installed]
    if packages:
        out.print(table("Installed packages", ("from", "to", "version", "backend", "folder"), packages))
    else:
        out.print(f"No package is installed. To install one: newsmill models install LANGUAGE --to {target}")
    if offered is not None:
        into = [(one["source"], one["target"], one["version"]) for one in offered if one["target"] == target]
        out.print(table(f"In the Argos index, into {target}", ("from", "to", "version"), into))
    if not waiting:
        return
    have = {(one["source"], one["target"]) for one in installed}
    missing = [language for language in waiting if (language, target) not in have]
    hopeless = {language for language in missing if language not in TRANSLATABLE}
    rows = [
        (
            language,
            records,
            "no model is published" if language in hopeless else "missing" if language in missing else "",
        )
        for language, records in waiting.items()
    ]
    out.print(table(f"Waiting for a translation into {target}", ("language", "records", "model"), rows))
    if missing := [language for language in missing if language not in hopeless]:
        out.print(f"To install what is missing: newsmill models install {' '.join(missing)} --to {target}")
    if len(missing) + len(hopeless) < len(waiting):
        out.print("To translate what can be translated now: newsmill retry")
