"""The report of a run as Markdown, and its table of failures. Pure text.

Addresses, details and names of sources come from foreign sites and files: they are escaped, so that a page's report
cannot bring pictures, links or markup of its own into the operator's browser.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flows.report.figures import Figures, Rows
from flows.report.plot import data_uri, stacked_bars
from flows.summary import Summary
from storage.engine import DEFAULT_URL

# A report is read, a table of thousands of lines is not.
_ROWS = 200
_MARKUP = frozenset("&<>|[]()!*_`~\\#$^={}\"'")


def report_page(title: str, summary: Summary, figures: Figures, options: str) -> str:
    """The report of a run.

    Args:
        title: the name of the run.
        summary: its counts.
        figures: its tables.
        options: the options that a command needs to work on the same configuration and database, or nothing.
    """
    parts = [
        f"# {escape(title)}",
        _counts(summary),
        *_picture(figures),
        _table("By source", ("source", "stored", "unchanged", "rejected", "failed"), figures.sources),
        _table("Rejected and failed", ("outcome", "reason", "seeds"), figures.reasons),
        _table(
            "Languages of what was stored",
            ("language", "stored", "translated", "partly", "pending", "not needed"),
            figures.languages,
        ),
        _table("Copies among what was stored", ("relation", "records"), figures.copies),
        _table("Sources below expectation", ("source", "announced", "expected"), _short(summary)),
        _table("Listings not read", ("source", "address", "reason", "detail"), _broken(summary)),
        *_next_steps(summary, options),
        f"Run `{summary.run_id}`",
    ]
    return "\n\n".join(part for part in parts if part)


def failure_rows(failures: Rows, options: str) -> list[dict[str, str]]:
    """The rows of the table of failures: each URL with its reason, and the command that tries it alone again."""
    return [
        {
            "source": source or "",
            "address": address,
            "reason": reason,
            "detail": detail or "",
            "try again": f"newsmill run urls {shlex.quote(address)}{options}",
        }
        for source, address, reason, detail in failures
    ]


def options_for(config: Path | None, database: str) -> str:
    """What to add to a command so that it works on the same configuration and database.

    A database with a password is left out: reports are no place for one.
    """
    options = f" --config {shlex.quote(str(config))}" if config else ""
    if database != DEFAULT_URL and urlsplit(database).password is None:
        options += f" --db {shlex.quote(database)}"
    return options


def escape(text: object) -> str:
    """Text that is shown as it is, whatever it looks like to Markdown or HTML."""
    flat = " ".join(str(text).split())
    return "".join(f"&#{ord(char)};" if char in _MARKUP else char for char in flat)


def _counts(summary: Summary) -> str:
    return (
        f"**{summary.stored} stored** ({summary.duplicates} of them copies), {summary.unchanged} unchanged, "
        f"{summary.rejected} rejected, {summary.failed} failed, of {summary.seeds} addresses in {summary.seconds:g} s. "
        f"{summary.translated} translated into {escape(summary.target)}, {summary.pending_translation} waiting for a "
        f"translation."
    )


def _picture(figures: Figures) -> Iterator[str]:
    if any(night.total for night in figures.nights):
        chart = stacked_bars("Records stored, by day and language", figures.nights)
        yield f"![Records stored, by day and language]({data_uri(chart)})"


def _table(title: str, columns: Sequence[str], rows: Rows) -> str:
    if not rows:
        return ""
    lines = [f"## {title}", "", _line(columns), _line(["---"] * len(columns))]
    lines += [_line([escape("" if value is None else value) for value in row]) for row in rows[:_ROWS]]
    if len(rows) > _ROWS:
        lines += ["", f"and {len(rows) - _ROWS} more"]
    return "\n".join(lines)


def _line(cells: Sequence[Any]) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def _short(summary: Summary) -> Rows:
    return [(one.source, one.announced, one.expected) for one in summary.short_sources]


def _broken(summary: Summary) -> Rows:
    return [(one.source, one.url, one.reason, one.detail) for one in summary.broken_feeds]


def _next_steps(summary: Summary, options: str) -> Iterator[str]:
    """The commands that would help, each in a block that can be copied."""
    steps = []
    if summary.missing_models:
        names = " ".join(shlex.quote(language) for language, _ in summary.missing_models)
        steps.append(f"newsmill models install {names} --to {summary.target}")
    if summary.failed or summary.missing_models:
        steps.append(f"newsmill retry{options}")
    short = [one.source for one in summary.short_sources]
    sources = dict.fromkeys([*short, *(one.source for one in summary.broken_feeds if one.source)])
    steps += [f"newsmill sources check {shlex.quote(name)}" for name in sources]
    if steps:
        # An indented block: whatever a name holds, it cannot end it.
        yield "## What to do\n\n" + "\n".join(f"    {' '.join(step.split())}" for step in steps)
