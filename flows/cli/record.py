"""A record as a person reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.markup import escape
from rich.table import Table

from flows.cli.screen import console, table

_SHORT_ID = 12


def print_record(record: Mapping[str, Any], residue: Sequence[Mapping[str, Any]] | None) -> None:
    """What is known of a record, then its paragraphs with their translations side by side."""
    out = console()
    out.print(f"[bold]{escape(record['title'] or '(no title)')}[/bold]")
    if record["translation"]["title"] not in (None, record["title"]):
        out.print(f"[italic]{escape(record['translation']['title'])}[/italic]")
    known = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    for name, value in _facts(record):
        known.add_row(name, escape(value))
    out.print(known)
    out.print(_paragraphs(record))
    for name, title in (("kept", "Stayed in its language"), ("doubtful", "Translated, and doubtful")):
        if noted := record["translation"][name]:
            rows = [("" if one["segment"] is None else one["segment"], one["reason"], one["sentence"]) for one in noted]
            out.print(table(title, ("paragraph, from 0", "reason", "sentence"), rows))
    if residue is not None:
        rows = [(one["rule"], one["moved_to"], one["text"]) for one in residue]
        out.print(table("Removed boilerplate", ("rule", "moved to", "text"), rows))


def _facts(record: Mapping[str, Any]) -> list[tuple[str, str]]:
    shares = ", ".join(f"{language} {share:.0%}" for language, share in record["languages"].items())
    duplicate, translation = record["duplicate"], record["translation"]
    relation = duplicate["relation"]
    if not duplicate["is_canonical"]:
        relation += f" of {duplicate['canonical_id'][:_SHORT_ID]} (score {duplicate['score']:.2f})"
    facts = {
        "id": record["id"],
        "url": record["url"],
        "also at": "\n".join(record["also_at"]),
        "publisher": record["publisher"],
        "authors": ", ".join(record["authors"]),
        "published": record["published_at"],
        "modified": record["modified_at"],
        "languages": shares,
        "translation": f"{translation['status']} {', '.join(translation['models'])}".strip(),
        "relation": relation,
        "original": record["attribution"]["original_url"] or record["attribution"]["original_name"],
        "sure of": ", ".join(f"{name} {sure:.2f}" for name, sure in record["confidence"].items() if sure is not None),
        "flags": ", ".join(record["flags"]),
    }
    return [(name, value) for name, value in facts.items() if value]


def _paragraphs(record: Mapping[str, Any]) -> Table:
    segments = record["segments"]
    translated = any(one["translation"] for one in segments)
    shown = Table(header_style="", show_lines=True)
    shown.add_column("language")
    shown.add_column("text", ratio=1)
    if translated:
        shown.add_column(f"in {record['translation']['language']}", ratio=1)
    for one in segments:
        row = [f"{one['language']}\n{one['role']}", escape(one["text"])]
        shown.add_row(*row, *([escape(one["translation"] or "")] if translated else []))
    return shown
