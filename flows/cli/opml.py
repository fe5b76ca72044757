"""`newsmill sources import`, `sources export`: the lists of feeds of feed readers."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.new_source import append, known_text
from flows.cli.options import Config, Verbose, settings_for
from ingest.errors import ConfigError, InputError

if TYPE_CHECKING:
    from ingest.sources import Source


def import_feeds(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="An OPML file, as feed readers export it.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would be added.")] = False,
    config: Config = None,
    verbose: Verbose = False,
) -> None:
    """Add the feeds of an OPML file to sources.toml.

    A source for each name; what is there already, by its name or a feed, is left alone.

    Example: newsmill sources import feeds.opml --dry-run
    """
    from flows.settings import usual_config
    from ingest.opml import read_opml
    from ingest.sources import as_toml, parse_sources

    settings_for(config, None, verbose)
    file = (config or usual_config()) / "sources.toml"
    try:
        found, problems = read_opml(path.read_bytes())
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from error
    except InputError as error:
        raise InputError(f"{path}: {error}") from error
    known = parse_sources(known_text(file), file)
    fresh = _fresh(found, known)
    if dry_run:
        typer.echo("\n".join(as_toml(one) for one in fresh))
    elif fresh:
        append(file, "\n".join(as_toml(one) for one in fresh))
    for problem in problems:
        typer.echo(f"left out: {problem}", err=True)
    verb = "would be added" if dry_run else "added"
    typer.echo(f"{len(fresh)} sources {verb} to {file}; {len(found) - len(fresh)} were there", err=True)
    if fresh and not dry_run:
        typer.echo("Try them: newsmill sources check", err=True)


def export_feeds(
    out: Annotated[Path, typer.Option("--out", metavar="PATH", help="Where to write; - is standard output.")] = Path(
        "-"
    ),
    config: Config = None,
    verbose: Verbose = False,
) -> None:
    """Write the feeds of all sources as OPML, for feed readers.

    Example: newsmill sources export --out feeds.opml
    """
    from flows.settings import usual_config
    from ingest.opml import write_opml
    from ingest.sources import load_sources

    settings_for(config, None, verbose)
    sources = load_sources((config or usual_config()) / "sources.toml")
    written = write_opml(sources)
    if str(out) == "-":
        sys.stdout.buffer.write(written)
    else:
        try:
            out.write_bytes(written)
        except OSError as error:
            raise ConfigError(f"cannot write {out}: {error.strerror}") from error
    without = [one.name for one in sources if not one.feeds]
    if without:
        typer.echo(f"left out, since they have no feed: {', '.join(without)}", err=True)


def _fresh(found: list[Source], known: tuple[Source, ...]) -> list[Source]:
    """Those of which neither the name nor a feed is known; pure."""
    names = {one.name for one in known}
    feeds = {feed for one in known for feed in one.feeds}
    return [one for one in found if one.name not in names and feeds.isdisjoint(one.feeds)]
