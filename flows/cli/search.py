"""`newsmill search`: find records by their words."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.filters import warn_of_nothing
from flows.cli.options import (
    AsJson,
    Config,
    Database,
    FirstDay,
    Language,
    LastDay,
    SourceName,
    Verbose,
    day,
    settings_for,
)
from ingest.model import Only

if TYPE_CHECKING:
    from storage.search import Found


def search(
    query: Annotated[list[str], typer.Argument(metavar="QUERY", help='Words, "phrases", OR, -without, begin*.')],
    language: Language = None,
    source: SourceName = None,
    first_day: FirstDay = None,
    last_day: LastDay = None,
    author: Annotated[
        str | None, typer.Option("--author", metavar="NAME", help="Only records by this author, in any case.")
    ] = None,
    run: Annotated[str | None, typer.Option("--run", metavar="ID", help="Only records that this run stored.")] = None,
    only: Annotated[
        Only | None,
        typer.Option("--only", help="Only duplicates of others, what awaits translation, or whose text is not sure."),
    ] = None,
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, help="Results on a page.")] = 10,
    page: Annotated[int, typer.Option("--page", metavar="N", min=1, help="Which page of results.")] = 1,
    unfolded: Annotated[
        bool, typer.Option("--all", help="List duplicates, too, each behind its original; else one of a cluster.")
    ] = False,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Make the index anew first.")] = False,
    config: Config = None,
    db: Database = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Find records by words of their titles, texts and by-lines.

    Looks at original and translated texts. Finds other forms of a word, and names also in other spellings; what stands
    in quotation marks is found as it is spelled. Two dashes go before a query with a
    word that begins with a minus.

    Example: newsmill search --limit 5 -- Tokayev -tennis
    """
    from storage.search import find, update_index, within
    from storage.selection import Selection
    from storage.store import Store

    chosen = Selection(
        language=language,
        source=source,
        author=author,
        run_id=run,
        first_day=day(first_day),
        last_day=day(last_day),
    )
    settings = settings_for(config, db, verbose)
    with Store(settings.storage.url, must_exist=True) as store:
        update_index(store, rebuild=rebuild)
        offset = (page - 1) * limit
        target = settings.translate.target
        where = within(chosen.only(only, target))
        found = find(store, " ".join(query), where, target=target, limit=limit, offset=offset, folded=not unfolded)
        if not found.records and (language or source or author or run or only):
            with store.reading() as tx:
                warn_of_nothing(tx, language=language, source=source, author=author, run=run, others=bool(only))
    if as_json:
        typer.echo(json.dumps(asdict(found), ensure_ascii=False))
    else:
        _print_hits(found, offset, found.records if unfolded else found.stories)


def _print_hits(found: Found, offset: int, total: int) -> None:
    from rich.text import Text

    from flows.cli.screen import console
    from storage.search import RANKED

    out = console()
    if not found.hits:
        out.print(f"there are only {total:,} results" if total else "nothing found")
    for hit in found.hits:
        title = Text(hit.title or "(no title)", style="bold")
        if hit.translated_title not in (None, hit.title):
            title.append(f" / {hit.translated_title}", style="not bold italic")
        out.print(title)
        more = f"+{hit.duplicates} duplicate{'s' if hit.duplicates > 1 else ''}" if hit.duplicates else None
        facts = (hit.published_at and hit.published_at[:10], hit.source, hit.language, hit.id[:12], more, hit.url)
        out.print(Text("  " + "  ".join(fact for fact in facts if fact)), style="dim", soft_wrap=True)
        passage = Text("  " + hit.snippet)
        for start, end in hit.marks:
            passage.stylize("bold reverse", start + 2, end + 2)
        out.print(passage)
    if len(found.hits) < total and found.hits:
        many = f" in {found.records:,} records" if found.records > found.stories else ""
        out.print(f"{offset + 1} to {offset + len(found.hits)} of {total:,}{many}; --page shows more", style="dim")
    if found.more:
        out.print(f"more than {RANKED:,} records match: these are the newest, titles first", style="dim")
