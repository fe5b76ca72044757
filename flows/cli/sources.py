"""`newsmill sources`: the outlets of sources.toml; whether they can be read; and add one."""

from __future__ import annotations

import json
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.cli.groups import Group
from flows.cli.new_source import add
from flows.cli.opml import export_feeds, import_feeds
from flows.cli.options import AsJson, Config, Database, Verbose, settings_for

if TYPE_CHECKING:
    from flows.settings import Settings
    from ingest.model import Page, Seed
    from ingest.outcome import Rejection, Unmodified
    from ingest.sources import Discovery, Source

# Each waits most of the time for its own host.
_AT_ONCE = 16

app = typer.Typer(help="Outlets: list them, check that they can be read, add one.", cls=Group, no_args_is_help=True)
app.command("add")(add)
app.command("import")(import_feeds)
app.command("export")(export_feeds)


@app.command("list")
def list_sources(config: Config = None, as_json: AsJson = False, verbose: Verbose = False) -> None:
    """Show the sources of sources.toml.

    Nothing is fetched.

    Example: newsmill sources list
    """
    from flows.cli.screen import console, table
    from flows.orders import choose_sources

    settings_for(config, None, verbose)
    listed = choose_sources(config, ())
    if as_json:
        typer.echo(json.dumps({"sources": [one.model_dump(mode="json") for one in listed]}, ensure_ascii=False))
        return
    columns = ("source", "language", "paywall", "kind", "URL")
    kinds = ("feed", "sitemap", "page")
    rows = [
        (source.name, source.language, source.paywall, kind, address)
        for source in listed
        for kind, addresses in zip(kinds, (source.feeds, source.sitemaps, source.pages), strict=True)
        for address in addresses
    ]
    console().print(table("Sources", columns, rows))


@app.command("check")
def check(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="NAME", help="Only these sources.", show_default=False)
    ] = None,
    deep: Annotated[
        bool,
        typer.Option("--deep", help="Show hosts whose extraction has changed: a page before, and one after."),
    ] = False,
    config: Config = None,
    db: Database = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Fetch what sources announce, and show it.

    Nothing is stored. Exit status 1 if a source announces nothing, or something in a site rule is wrong.
    With --deep the newest nights in the database are looked through as well.

    Example: newsmill sources check "SVT Nyheter"
    """
    from flows.cli.deep import changed_hosts, print_changed
    from flows.cli.screen import console, table
    from flows.orders import choose_sources
    from flows.tools import site_rules

    settings = settings_for(config, None, verbose)
    wrong = site_rules(settings).problems
    checked = discover_all(choose_sources(config, names or ()), settings)
    changed = changed_hosts(config, db, names or (), verbose=verbose) if deep else None
    if as_json:
        told = {"sources": [_as_object(*one) for one in checked], "site_rules": list(wrong)}
        told |= {} if changed is None else {"changed": changed}
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        columns = ("source", "listing", "kind", "entries", "fresh", "newest", "problem")
        out = console()
        out.print(table("Sources", columns, (row for one in checked for row in _rows(*one))))
        for source, found in checked:
            problem = _problem(source, found)
            if problem is not None:
                out.print(f"{source.name}: {problem}", markup=False)
        for problem in wrong:
            out.print(f"site rule {problem}", markup=False)
        if changed is not None:
            print_changed(changed)
    if wrong or any(not found.seeds for _, found in checked):
        raise typer.Exit(1)


def discover_all(
    sources: Iterable[Source], settings: Settings, *, recent: bool = False
) -> list[tuple[Source, Discovery]]:
    """What sources announce now, as they are asked; with `recent` only what a nightly run would take for news."""
    from flows.orders import NEWS
    from flows.policies import fetch_policy
    from ingest.fetch.fetcher import HttpFetcher
    from ingest.sources import discover

    listed = list(sources)
    delays = {source.name: source.delay_s for source in listed if source.delay_s is not None}
    policy = replace(fetch_policy(settings), source_delays=delays)
    since = datetime.now(UTC) - NEWS if recent else None
    with HttpFetcher(policy) as fetcher:

        def fetch(seed: Seed) -> Page | Rejection | Unmodified:
            return fetcher.fetch(seed, limit_bytes=policy.max_feed_bytes)

        with ThreadPoolExecutor(_AT_ONCE, "check") as executor:
            found = executor.map(lambda source: discover(source, fetch, since=since), listed)
            return list(zip(listed, found, strict=True))


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
