"""`newsmill search`: find records by their words."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

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

if TYPE_CHECKING:
    from storage.search import Hit


def search(
    query: Annotated[list[str], typer.Argument(metavar="QUERY", help='Words, "phrases", OR, -without, begin*.')],
    language: Language = None,
    source: SourceName = None,
    first_day: FirstDay = None,
    last_day: LastDay = None,
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, help="Records shown.")] = 10,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Make the index anew first.")] = False,
    config: Config = None,
    db: Database = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Find records by words of their titles and texts.

    Looks at original and translated texts, and finds names also in other spellings. Two dashes go before a query with a
    word that begins with a minus.

    Example: newsmill search --limit 5 -- Tokayev -tennis
    """
    from storage.search import Within, find, update_index
    from storage.store import Store

    within = Within(language=language, source=source, first_day=day(first_day), last_day=day(last_day))
    settings = settings_for(config, db, verbose)
    with Store(settings.storage.url, must_exist=True) as store:
        update_index(store, rebuild=rebuild)
        hits = find(store, " ".join(query), within, target=settings.translate.target, limit=limit)
    if as_json:
        typer.echo(json.dumps({"hits": [asdict(hit) for hit in hits]}, ensure_ascii=False))
    else:
        _print_hits(hits)


def _print_hits(hits: list[Hit]) -> None:
    from rich.text import Text

    from flows.cli.screen import console

    out = console()
    if not hits:
        out.print("nothing found")
    for hit in hits:
        title = Text(hit.title or "(no title)", style="bold")
        if hit.translated_title not in (None, hit.title):
            title.append(f" / {hit.translated_title}", style="not bold italic")
        out.print(title)
        facts = (hit.published_at and hit.published_at[:10], hit.source, hit.language, hit.id[:12], hit.url)
        out.print(Text("  " + "  ".join(fact for fact in facts if fact)), style="dim", soft_wrap=True)
        passage = Text("  " + hit.snippet)
        for start, end in hit.marks:
            passage.stylize("bold reverse", start + 2, end + 2)
        out.print(passage)
