"""`newsmill show`, `stats`: look at what is stored."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.options import AsJson, Config, Database, Target, Verbose, settings_for
from ingest.errors import InputError
from ingest.model import UrlKey

if TYPE_CHECKING:
    from collections.abc import Mapping

    from storage.store import Transaction


class ShownAs(StrEnum):
    """What a record can be shown as."""

    TABLE = "table"
    MARKDOWN = "markdown"
    JSON = "json"


def show(
    key: Annotated[str, typer.Argument(metavar="KEY|URL", help="A record's id, the start of one, or its URL.")],
    kind: Annotated[
        ShownAs, typer.Option("--format", help="markdown: with its links, as published, or translated with --target.")
    ] = ShownAs.TABLE,
    residue: Annotated[bool, typer.Option("--residue", help="Show the removed boilerplate, and why.")] = False,
    config: Config = None,
    db: Database = None,
    target: Target = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Show one record: its text and translation, its duplicates.

    Example: newsmill show 3fa94c
    """
    from flows.cli.record import print_record
    from storage.store import Store
    from storage.views import read_records, read_residue

    settings = settings_for(config, db, verbose, target)
    with Store(settings.storage.url, must_exist=True) as store, store.reading() as tx:
        found = next(read_records(tx, [find(tx, key)], settings.translate.target))
        removed = read_residue(tx, found["id"])
    if kind is ShownAs.MARKDOWN:
        from ingest.markdown import markdown

        typer.echo(markdown(found, translated=target is not None), nl=False)
    elif as_json or kind is ShownAs.JSON:
        typer.echo(json.dumps(found | ({"residue": removed} if residue else {}), ensure_ascii=False))
    else:
        print_record(found, removed if residue else None)


def stats(config: Config = None, db: Database = None, as_json: AsJson = False, verbose: Verbose = False) -> None:
    """Count what is stored, and what the newest run did.

    By source, language, state of translation, and relation of duplicates.

    Example: newsmill stats
    """
    from dataclasses import asdict

    from flows.cli.screen import LANGUAGES, OUTCOMES, console, table
    from flows.drift import NIGHTLY, drifted, said
    from ingest.record import STATES
    from storage import reports, translations
    from storage import stats as counts
    from storage.drift import newest_of
    from storage.store import Store

    settings = settings_for(config, db, verbose)
    with Store(settings.storage.url, must_exist=True) as store, store.reading() as tx:
        totals = counts.totals(tx)
        targets = sorted({settings.translate.target, *translations.targets(tx)})
        languages = {target: counts.languages(tx, target) for target in targets}
        sources, relations = counts.sources(tx), counts.relations(tx)
        newest = reports.last_run(tx)
        outcomes = reports.outcomes(tx, newest) if newest else []
        nightly = newest_of(tx, NIGHTLY)
        changed = drifted(tx, nightly) if nightly else ()
    if as_json:
        by_language = {language: count for language, count, *_ in languages[settings.translate.target]}
        states = {
            target: {language: dict(zip(STATES, row, strict=True)) for language, _, *row in rows}
            for target, rows in languages.items()
        }
        by_source = {source: count for source, count, _ in sources}
        whole = {
            **totals,
            "languages": by_language,
            "translations": states,
            "sources": by_source,
            "relations": dict(relations),
            "last_run": newest,
            "drifted": [asdict(one) for one in changed],
        }
        typer.echo(json.dumps(whole, ensure_ascii=False))
        return
    out = console()
    out.print(_said(totals))
    if sources:
        out.print(table("Sources", ("source", "records", "newest"), sources))
        for target, rows in languages.items():
            out.print(table(f"Languages, and their translation into {target}", LANGUAGES, rows))
    if relations:
        out.print(table("Duplicates", ("relation", "records"), relations))
    if newest:
        out.print(table(f"Newest run: {newest}", OUTCOMES, outcomes))
    if changed:
        rows = [(one.host, said(one)) for one in changed]
        out.print(table("Hosts whose extraction has changed since the newest night", ("host", "change"), rows))


def find(tx: Transaction, key: str) -> UrlKey:
    """The id of the record that a person named.

    Raises:
        InputError: there is none.
    """
    from storage.views import find_record

    found = find_record(tx, key)
    if found is None:
        raise InputError(
            f"no record {key}: give its URL, or 6 characters or more of its id (newsmill export shows them)"
        )
    return UrlKey(found)


def _said(totals: Mapping[str, int]) -> str:
    """The totals in words."""
    from flows.cli.screen import counted

    nouns = {"records": "record", "copies": "duplicate", "addresses": "URL", "runs": "run"}
    words = {"low_confidence": "of low confidence", "poison": "set aside as poison"}
    said = [
        counted(count, nouns[name]) if name in nouns else f"{count:,} {words[name]}"
        for name, count in totals.items()
        if name in nouns or name in words
    ]
    if totals["most_crowded"]:
        keys = f"{counted(totals['crowded_words'], 'word')} and {counted(totals['crowded_pairs'], 'pair')} of words"
        said.append(f"{keys} in too many texts to tell copies (in {totals['most_crowded']:,} at most)")
    return ", ".join(said)
