"""`newsmill sources add`: find what an outlet can be read by, and write it into sources.toml."""

from __future__ import annotations

import os
import shlex
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.options import Config, Verbose, settings_for
from ingest.errors import ConfigError, InputError

if TYPE_CHECKING:
    from flows.settings import Settings
    from ingest.discover.suggest import Suggestion
    from ingest.sources import Source


def add(
    url: Annotated[str, typer.Argument(metavar="URL", help="The front page of an outlet, or its feed.")],
    name: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help="How records name it. [default: as it calls itself]")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would be added.")] = False,
    config: Config = None,
    verbose: Verbose = False,
) -> None:
    """Find feeds and sitemaps of an outlet; add it to sources.toml.

    Reads each that is found, and adds those that are of use.

    Example: newsmill sources add https://www.example.org/ --dry-run
    """
    from flows.cli.screen import console, table
    from flows.settings import usual_config
    from ingest.sources import as_toml

    settings = settings_for(config, None, verbose)
    file = (config or usual_config()) / "sources.toml"
    _refuse_known(file, name, None)
    found = _suggest(url, settings)
    out = console()
    rows = [(one.address, one.kind, one.entries or None, one.problem) for one in found.tried]
    out.print(table("Tried", ("URL", "kind", "entries", "problem"), rows))
    if not found.found:
        raise InputError(f"{url}: no feed, no sitemap and no link that looks like an article: try a section page")
    source = _as_source(found, name)
    _refuse_known(file, source.name, source)
    written = as_toml(source)
    out.print(written, markup=False)
    if dry_run:
        out.print("Nothing was written: leave out --dry-run to add it.")
        return
    append(file, written)
    out.print(
        f"Added to {file}. Read the terms of the site, then try: newsmill sources check {shlex.quote(source.name)}",
        markup=False,
    )


def _suggest(url: str, settings: Settings) -> Suggestion:
    """What the address could be read by.

    Raises:
        InputError: it cannot be had, or is nothing to read.
    """
    from flows.policies import fetch_policy
    from ingest.discover.suggest import suggest
    from ingest.fetch.fetcher import HttpFetcher
    from ingest.outcome import Rejection

    policy = fetch_policy(settings)
    with HttpFetcher(policy) as fetcher:
        found = suggest(
            url, lambda seed: fetcher.fetch(seed, limit_bytes=policy.max_feed_bytes), fetcher.sitemaps_of(url)
        )
    if isinstance(found, Rejection):
        raise InputError(f"{url}: {found.reason} ({found.detail})")
    return found


def _as_source(found: Suggestion, name: str | None) -> Source:
    from pydantic import ValidationError

    from ingest.sources import Source

    try:
        return Source(
            name=name or found.name,
            feeds=found.feeds,
            sitemaps=found.sitemaps,
            pages=found.pages,
            language=found.language,
        )
    except ValidationError as error:
        raise InputError(f"{error.errors()[0]['msg']}: give another name with --name") from error


def _refuse_known(file: Path, name: str | None, source: Source | None) -> None:
    """Raise ConfigError where the file has this name, or a feed of this source, already."""
    from ingest.sources import parse_sources

    text = known_text(file)
    for known in parse_sources(text, file):
        if known.name == name:
            raise ConfigError(f"{file} has a source named {name!r} already: give another name with --name")
        shared = sorted(set(known.feeds) & set(source.feeds)) if source else []
        if shared:
            raise ConfigError(f"{file}: {known.name!r} has the feed {shared[0]} already")


def known_text(file: Path) -> str:
    """What stands in a file of sources; empty where there is none."""
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot read {file}: {error}") from error


def append(file: Path, table: str) -> None:
    """Add a table at the end of a file, all or nothing; a link stays a link, and permissions stay as they are."""
    from ingest.sources import parse_sources

    target = file.resolve()
    before = known_text(target)
    gap = "" if not before else "\n" if before.endswith("\n") else "\n\n"
    after = before + gap + table
    parse_sources(after, file)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".sources-") as scratch:
            made = Path(scratch) / target.name
            with made.open("w", encoding="utf-8", newline="") as out:
                out.write(after)
                out.flush()
                os.fsync(out.fileno())
            made.chmod(target.stat().st_mode & 0o777 if target.exists() else 0o644)
            made.replace(target)
    except OSError as error:
        raise ConfigError(f"cannot write {file}: {error}") from error
