"""`newsmill sources`: the outlets of sources.toml; whether they can be read, and add one."""

from __future__ import annotations

import json
import os
import shlex
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.cli.options import AsJson, Config, Verbose, settings_for
from ingest.errors import ConfigError, InputError

if TYPE_CHECKING:
    from flows.settings import Settings
    from ingest.discover.suggest import Suggestion
    from ingest.model import Page, Seed
    from ingest.outcome import Rejection, Unmodified
    from ingest.sources import Discovery, Source

# Each waits most of the time for its own host.
_AT_ONCE = 16

app = typer.Typer(help="Outlets: check that they can be read, add one.", no_args_is_help=True)


@app.command("check")
def check(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME...]", help="Only these sources.", show_default=False)
    ] = None,
    config: Config = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Fetch what sources announce, and show it; nothing is stored. Exit status 1 if a source announces nothing.

    Example: newsmill sources check "SVT Nyheter"
    """
    from flows.cli.screen import console, table
    from flows.orders import choose_sources

    settings = settings_for(config, None, verbose)
    checked = _discover(choose_sources(config, names or ()), settings)
    if as_json:
        typer.echo(json.dumps({"sources": [_as_object(*one) for one in checked]}, ensure_ascii=False))
    else:
        columns = ("source", "listing", "kind", "entries", "fresh", "newest", "problem")
        out = console()
        out.print(table("Sources", columns, (row for one in checked for row in _rows(*one))))
        for source, found in checked:
            problem = _problem(source, found)
            if problem is not None:
                out.print(f"{source.name}: {problem}", markup=False)
    if any(not found.seeds for _, found in checked):
        raise typer.Exit(1)


@app.command("add")
def add(
    url: Annotated[str, typer.Argument(metavar="URL", help="The front page of an outlet, or its feed.")],
    name: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help="How records name it. [default: as it calls itself]")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would be added.")] = False,
    config: Config = None,
    verbose: Verbose = False,
) -> None:
    """Look for feeds and sitemaps of an outlet, read each, and add what is of use to sources.toml.

    Example: newsmill sources add https://www.example.org/ --dry-run
    """
    from flows.cli.screen import console, table
    from flows.settings import DEFAULT_CONFIG
    from ingest.sources import as_toml

    settings = settings_for(config, None, verbose)
    file = (config or DEFAULT_CONFIG) / "sources.toml"
    _refuse_known(file, name, None)
    found = _suggest(url, settings)
    out = console()
    rows = [(one.address, one.kind, one.entries or None, one.problem) for one in found.tried]
    out.print(table("Tried", ("address", "kind", "entries", "problem"), rows))
    if not found.found:
        raise InputError(f"{url}: no feed, no sitemap and no link that looks like an article: try a section page")
    source = _as_source(found, name)
    _refuse_known(file, source.name, source)
    written = as_toml(source)
    out.print(written, markup=False)
    if dry_run:
        out.print("Nothing was written: leave out --dry-run to add it.")
        return
    _append(file, written)
    out.print(
        f"Added to {file}. Read the terms of the site, then try: newsmill sources check {shlex.quote(source.name)}",
        markup=False,
    )


def _discover(sources: Iterable[Source], settings: Settings) -> list[tuple[Source, Discovery]]:
    from flows.policies import fetch_policy
    from ingest.fetch.fetcher import HttpFetcher
    from ingest.sources import discover

    listed = list(sources)
    delays = {source.name: source.delay_s for source in listed if source.delay_s is not None}
    policy = replace(fetch_policy(settings), source_delays=delays)
    with HttpFetcher(policy) as fetcher:

        def fetch(seed: Seed) -> Page | Rejection | Unmodified:
            return fetcher.fetch(seed, limit_bytes=policy.max_feed_bytes)

        with ThreadPoolExecutor(_AT_ONCE, "check") as executor:
            return list(zip(listed, executor.map(lambda source: discover(source, fetch), listed), strict=True))


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

    text = _text(file)
    for known in parse_sources(text, file):
        if known.name == name:
            raise ConfigError(f"{file} has a source named {name!r} already: give another name with --name")
        shared = sorted(set(known.feeds) & set(source.feeds)) if source else []
        if shared:
            raise ConfigError(f"{file}: {known.name!r} has the feed {shared[0]} already")


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot read {file}: {error}") from error


def _append(file: Path, table: str) -> None:
    """Add a table at the end of a file, all or nothing; a link stays a link, and permissions stay as they are."""
    from ingest.sources import parse_sources

    target = file.resolve()
    before = _text(target)
    gap = "" if not before else "\n" if before.endswith("\n") else "\n\n"
    after = before + gap + table
    parse_sources(after, file)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", newline="", dir=target.parent, prefix=".sources-", suffix=".toml", delete=False
        ) as temporary:
            temporary.write(after)
            temporary.flush()
            os.fsync(temporary.fileno())
        made = Path(temporary.name)
        made.chmod(target.stat().st_mode & 0o777 if target.exists() else 0o644)
        made.replace(target)
    except OSError as error:
        raise ConfigError(f"cannot write {file}: {error}") from error


def _rows(source: Source, found: Discovery) -> Iterable[tuple[Any, ...]]:
    walled = source.paywall in ("metered", "hard")
    name = f"{source.name} ({source.paywall} paywall)" if walled else source.name
    for one in found.listings:
        problem = f"{one.rejection.reason}: {one.rejection.detail}" if one.rejection else "; ".join(one.notes)
        newest = f"{one.newest:%Y-%m-%d %H:%M}" if one.newest else None
        yield name, one.address, one.kind, one.entries, one.fresh, newest, problem


def _problem(source: Source, found: Discovery) -> str | None:
    """What is wrong with a source as a whole."""
    least = source.expect.min_articles if source.expect else 0
    if found.broken:
        return "not one of its listings can be read"
    if not found.seeds:
        return "its listings announce nothing that is wanted"
    if len(found.seeds) < least:
        return f"announces {len(found.seeds)} articles, and {least} are expected"
    return None


def _as_object(source: Source, found: Discovery) -> dict[str, Any]:
    listings = [
        {
            "address": one.address,
            "kind": one.kind,
            "entries": one.entries,
            "fresh": one.fresh,
            "newest": one.newest.isoformat() if one.newest else None,
            "reason": one.rejection.reason if one.rejection else None,
            "detail": one.rejection.detail if one.rejection else None,
            "notes": list(one.notes),
        }
        for one in found.listings
    ]
    return {
        "name": source.name,
        "language": source.language,
        "paywall": source.paywall,
        "articles": len(found.seeds),
        "problem": _problem(source, found),
        "listings": listings,
    }
