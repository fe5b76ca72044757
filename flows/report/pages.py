"""The report of a run as Markdown, and its table of failures. Pure text.

Addresses, details and names of sources come from foreign sites and files: they are escaped, so that a page's report
cannot bring pictures, links or markup of its own into the operator's browser.
"""

from __future__ import annotations

import re
import shlex
import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flows.drift import said
from flows.report.figures import Figures, Rows
from flows.report.plot import data_uri, stacked_bars
from flows.summary import Summary

# A report is read, a table of thousands of lines is not.
_ROWS = 200
_PICTURE = "Records stored, by day and language"
# All that may be escaped (CommonMark 0.31, 2.4): the colon and the dots of an address, too, or it becomes a link.
# Entities would not do: Prefect's UI shows them as they stand where they are in a table.
_MARKUP = str.maketrans({char: f"\\{char}" for char in string.punctuation})
# What an address is made of that may become a link where all is Markdown: a link to just that address.
_PLAIN_ADDRESS = re.compile(r"https?://[A-Za-z0-9._/?=&%#:@,;+$-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What to add to a command so that it works on the same configuration and database; each is empty, or " --x y"."""

    config: str = ""
    database: str = ""

    @property
    def both(self) -> str:
        """For the commands that touch the database."""
        return self.config + self.database


def report_page(title: str, summary: Summary, figures: Figures, options: Options) -> str:
    """The report of a run.

    Args:
        title: the name of the run.
        summary: its counts.
        figures: its tables.
        options: for the commands that it names.
    """
    parts = [
        f"# {escape(title)}",
        _counts(summary),
        *_next_steps(summary, options),
        f"![{_PICTURE}]({drawn})" if (drawn := picture(figures)) else "",
        _table("By source", ("source", "stored", "unchanged", "rejected", "failed"), figures.sources),
        _table("Rejected and failed", ("outcome", "reason", "URLs"), figures.reasons),
        _table(
            "Languages of what was stored",
            ("language", "stored", "translated", "partly", "pending", "unsupported", "in target language"),
            figures.languages,
        ),
        _table("Duplicates among what was stored", ("relation", "records"), figures.copies),
        _table("Corrected, withdrawn, restored", ("change", "title", "record"), figures.changed),
        _table("One text at many URLs", ("host", "URLs", "title", "one of them"), figures.one_text),
        _table("Texts of which little is sure", ("source", "low confidence", "stored"), figures.unsure),
        _table("Slowest hosts", ("host", "pages", "seconds, first to last", "seconds a page"), figures.hosts),
        _table("Sources below expectation", ("source", "announced", "expected"), _short(summary)),
        _table("Hosts whose extraction has changed", ("host", "change"), _drifted(summary)),
        _table("Feeds that could not be read", ("source", "URL", "reason", "detail"), _broken(summary)),
        f"Run `{summary.run_id}`",
    ]
    return "\n\n".join(part for part in parts if part)


def failure_rows(failures: Rows, options: Options) -> list[dict[str, str]]:
    """The rows of the table of failures: each URL with its reason, and the command that tries it alone again.

    Prefect takes each cell for Markdown, and leads wherever a link in it says, also into a script.
    """
    return [
        {
            "source": escape(source or ""),
            "address": address if _PLAIN_ADDRESS.fullmatch(address) else escape(address),
            "reason": reason,
            "detail": escape(detail or ""),
            "try again": _code(f"newsmill run urls {shlex.quote(address)}{options.both}"),
        }
        for source, address, reason, detail in failures
    ]


def _code(text: str) -> str:
    """Text as code: between more backticks than it has in a row."""
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    edge = " " if "`" in (text[:1], text[-1:]) else ""
    return f"{fence}{edge}{text}{edge}{fence}"


def options_for(config: Path | None, database: str, usual: str) -> Options:
    """What to add to the commands of a report.

    Args:
        config: the folder of settings, if not the usual one.
        database: the database of the run. One with a password is left out: reports are no place for it.
        usual: the database that a command takes by itself with this configuration.
    """
    named = database != usual and urlsplit(database).password is None
    return Options(
        config=f" --config {shlex.quote(str(config))}" if config else "",
        database=f" --db {shlex.quote(database)}" if named else "",
    )


def escape(text: object) -> str:
    """Text that is shown as it is, whatever it looks like to Markdown or HTML."""
    return " ".join(str(text).split()).translate(_MARKUP)


def _counts(summary: Summary) -> str:
    again = f" {summary.rechecked} are recent articles that were checked again." if summary.rechecked else ""
    return (
        f"**{summary.stored} stored** ({summary.duplicates} duplicates), {summary.unchanged} unchanged, "
        f"{summary.rejected} rejected, {summary.failed} failed, of {summary.seeds} URLs in {summary.seconds:g} s. "
        f"{summary.translated} translated into {escape(summary.target)}, {summary.pending_translation} awaiting "
        f"translation.{again}"
    )


def picture(figures: Figures) -> str | None:
    """What was stored by day and language, as an address that holds the picture; ``None`` where nothing was."""
    if any(night.total for night in figures.nights):
        return data_uri(stacked_bars(_PICTURE, figures.nights))
    return None


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


def _drifted(summary: Summary) -> Rows:
    return [(one.host, said(one)) for one in summary.drifted]


def _broken(summary: Summary) -> Rows:
    return [(one.source, one.url, one.reason, one.detail) for one in summary.broken_feeds]


def _next_steps(summary: Summary, options: Options) -> Iterator[str]:
    """The commands that would help, each in a block that can be copied."""
    steps = []
    if summary.missing_models:
        names = " ".join(shlex.quote(language) for language, _ in summary.missing_models)
        steps.append(f"newsmill models install {names} --to {summary.target}{options.config}")
    if summary.failed or summary.missing_models:
        steps.append(f"newsmill retry{options.both}")
    short = [one.source for one in summary.short_sources]
    sources = dict.fromkeys([*short, *(one.source for one in summary.broken_feeds if one.source)])
    steps += [f"newsmill sources check {shlex.quote(name)}{options.config}" for name in sources]
    if steps:
        # An indented block: whatever a name holds, it cannot end it.
        yield "## What to do\n\n" + "\n".join(f"    {' '.join(step.split())}" for step in steps)
