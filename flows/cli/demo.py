"""`newsmill demo`: the whole path, for real, on a bundled news site."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.options import Verbose, set_up_logging

if TYPE_CHECKING:
    from flows.settings import Settings

# Where the outlets listen if the ports are free, so that addresses stay the same from one demo to the next.
_BASE_PORT = 8741


def demo(
    folder: Annotated[
        Path | None,
        typer.Option(
            "--folder",
            metavar="DIR",
            help="Where database, archive and models go; made anew each time. [default: data/demo]",
        ),
    ] = None,
    verbose: Verbose = False,
) -> None:
    """Crawl a bundled news site, and show what comes of it.

    Two nights at seven invented outlets on loopback, in Swedish, English, German and Russian, with all that goes wrong
    on the web. Fetching, translation and everything else are real.

    Example: newsmill demo
    """
    from flows.cli.screen import console, print_summary, progress
    from flows.demo.home import demo_home, demo_settings
    from flows.loop import plainly
    from flows.orders import choose_sources, nightly_order
    from flows.run import run
    from flows.settings import home, load_settings

    set_up_logging(verbose)
    folder = folder or home() / "data" / "demo"
    with demo_home(folder, _BASE_PORT) as site:
        settings = load_settings(folder, **demo_settings(folder, site))
        out = console()
        for edition, night in ((1, "First night"), (2, "Second night: one article was updated, one is new")):
            site.edition = edition
            out.print(f"\n[bold]{night}[/bold]")
            with progress() as watch:
                summary = run(nightly_order(choose_sources(folder, ())), settings, plainly, watch)
            print_summary(settings, summary)
    _print_copies(settings)
    out.print(
        "\nThe translations are by a small model for tests, right on short everyday sentences only. Real ones: "
        "newsmill models install sv de ru --to en"
    )
    newsmill = _spelled()
    out.print(f"Look around: {newsmill} stats --db {settings.storage.url}")
    out.print(f"             {newsmill} duplicates --db {settings.storage.url}")
    out.print(f"             {newsmill} browse --db {settings.storage.url}    the night as stories, in your browser")


def _spelled() -> str:
    """How this program is called from this folder: as it was where its name alone is not found."""
    return "newsmill" if shutil.which("newsmill") else sys.argv[0]


def _print_copies(settings: Settings) -> None:
    from flows.cli.clusters import print_clusters
    from storage import stats
    from storage.store import Store

    with Store(settings.storage.url) as store, store.reading() as tx:
        groups, linked = stats.clusters(tx), stats.linked_outside(tx)
    print_clusters(groups, linked)
