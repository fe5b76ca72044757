"""`newsmill read`: one page to standard output, without a database."""

from __future__ import annotations

import json
import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.cli.options import Config, Verbose, set_up_logging

if TYPE_CHECKING:
    from ingest.reading import Reading

_STANDARD_INPUT = "-"
_LONGEST = 160  # characters of a line of residue


class PageFormat(StrEnum):
    """What a page can come out as."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"


def read(
    page: Annotated[
        str, typer.Argument(metavar="URL|FILE|-", help="An address, a saved page, or - for standard input.")
    ],
    kind: Annotated[PageFormat, typer.Option("--format", help="What to print.")] = PageFormat.TEXT,
    target: Annotated[
        str | None, typer.Option("--target", metavar="LANG", help="Translate into this language. [default: not at all]")
    ] = None,
    url: Annotated[
        str | None, typer.Option("--url", metavar="URL", help="The address that a file or standard input came from.")
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say what was removed, where each field came from, how sure that is.")
    ] = False,
    config: Config = None,
    verbose: Verbose = False,
) -> None:
    """Read one page, and print its article.

    Nothing is stored. Exit status 1 if the page is no article: one line says why.

    Example: newsmill read https://example.org/a-story --format json
    """
    set_up_logging(verbose)
    found = _read(page, url, target, config)
    if kind is PageFormat.JSON:
        typer.echo(json.dumps(found.record | ({"residue": found.residue} if explain else {}), ensure_ascii=False))
        return
    if kind is PageFormat.MARKDOWN:
        from ingest.markdown import markdown

        typer.echo(markdown(found.record, translated=target is not None), nl=False)
    else:
        typer.echo(_as_text(found.record, translated=target is not None))
    if explain:
        typer.echo(_explained(found), err=True)


def _read(page: str, url: str | None, target: str | None, config: Path | None) -> Reading:
    """The page as asked for. Settings are read only where something hangs on them: a saved page needs none.

    Raises:
        NewsmillError: it is no article, or nothing that can be read.
    """
    from contextlib import ExitStack

    from ingest.reading import read_page

    is_url = "://" in page
    given = page if is_url else sys.stdin.buffer.read() if page == _STANDARD_INPUT else Path(page)
    if not is_url and target is None and not _has_rules(config):
        return read_page(given, url)
    from flows.settings import load_settings
    from flows.tools import site_rules, translator

    settings = load_settings(config)
    with ExitStack() as stack:
        fetcher = None
        if is_url:
            from flows.policies import fetch_policy
            from flows.stop import at_stop
            from ingest.fetch.fetcher import HttpFetcher

            fetcher = stack.enter_context(HttpFetcher(fetch_policy(settings)))
            stack.enter_context(at_stop(fetcher.abandon))
        how = translator(settings) if target else None
        return read_page(given, url, target, fetcher=fetcher, translator=how, rules=site_rules(settings))


def _has_rules(config: Path | None) -> bool:
    """Whether a rule may be there for a saved page. Told without the settings, which take long to load."""
    usual = Path(os.environ.get("NEWSMILL_HOME", "")) / "config"
    return ((config or usual) / "sites").is_dir() or "NEWSMILL_EXTRACT__SITES_DIR" in os.environ


def _as_text(record: dict[str, Any], *, translated: bool) -> str:
    """Title and text; in the target language as far as they could be translated."""
    whole = record["translation"]
    title = (whole["title"] if translated else None) or record["title"]
    text = whole["best_text"] if translated else record["text"]
    return f"{title}\n\n{text}" if title else text


def _explained(found: Reading) -> str:
    """How sure the record is, where its fields came from, and what was removed from the text by which rule."""
    record = found.record
    sure = ", ".join(f"{name} {value:.2f}" for name, value in record["confidence"].items() if value is not None)
    facts = [("confidence", sure or "nothing to go by"), ("flags", ", ".join(record["flags"]) or "none")]
    facts += [
        (field, f"from {origin}: {_shown(record.get(field))}")
        for field, origin in record["origins"].items()
        if record.get(field)
    ]
    taken = [(one["rule"], _line(one["text"]) + _kept(one)) for one in found.residue]
    lines = ["", *_columns(facts), "", f"Removed boilerplate: {len(taken) or 'none'}", *_columns(taken)]
    return "\n".join(lines)


def _kept(one: dict[str, Any]) -> str:
    return f"  -> {one['moved_to']}: {one['value']}" if one["moved_to"] and one["value"] else ""


def _shown(value: Any) -> str:  # noqa: ANN401 - the value of any field
    return _line("; ".join(map(str, value)) if isinstance(value, list) else str(value))


def _line(text: str) -> str:
    whole = " ".join(text.split())
    return whole if len(whole) <= _LONGEST else f"{whole[:_LONGEST]}..."


def _columns(rows: list[tuple[str, str]]) -> list[str]:
    width = max((len(name) for name, _ in rows), default=0)
    return [f"{name:{width}}  {value}" for name, value in rows]
