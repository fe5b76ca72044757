"""What people see in the terminal: progress and tables (rich only here)."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskID
from rich.table import Table
from rich.text import Text

from flows.stop import at_stop
from flows.tally import TALLY
from flows.watch import Watch
from ingest.model import TRANSLATABLE

if TYPE_CHECKING:
    from flows.settings import Settings
    from flows.summary import Summary

OUTCOMES = ("source", "stored", "unchanged", "rejected", "failed")
LANGUAGES = ("language", "records", "translated", "partly", "pending", "unsupported", "in target language")
"""The columns of `reports.outcomes` and `stats.languages`."""

_REJECTIONS_SHOWN = 40


@contextmanager
def progress() -> Iterator[Watch]:
    """A bar on a terminal, plain lines on standard error otherwise."""
    if not sys.stderr.isatty():
        yield _plain
        return
    with Progress(*columns(), console=Console(stderr=True), transient=True) as bar, at_stop(bar.stop):
        phases: dict[str, TaskID] = {}

        def show(phase: str, done: int, total: int, /) -> None:
            if phase not in phases:
                phases[phase] = bar.add_task(phase)
            share = TALLY.share if phase == "articles" and TALLY.more else None
            bar.update(phases[phase], completed=done if share is None else share * total, total=total)

        yield show


def columns() -> tuple[ProgressColumn, ...]:
    """A short bar, and how far it is in words."""
    return BarColumn(bar_width=12), _HowFar()


class _HowFar(ProgressColumn):
    """Of a run's articles the numbers by URL, which move between two batches; else how many are through."""

    def render(self, task: Task) -> Text:
        """Make the line; what does not fit into the terminal is left out at its end."""
        line = TALLY.line() if task.description == "articles" else ""
        total = f"/{task.total:.0f}" if task.total is not None else ""
        return Text(line or f"{task.description} {task.completed:.0f}{total}", no_wrap=True, overflow="ellipsis")


def console() -> Console:
    """Standard output, as wide as it is; in a file or pipe wide enough that nothing is cut."""
    return Console(width=None if sys.stdout.isatty() else 140, highlight=False)


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Table:
    """A table of values; numbers stand to the right, nothing in a value is taken for markup."""
    made = Table(title=title, title_justify="left", title_style="bold", header_style="", expand=False)
    listed = [list(row) for row in rows]
    for position, name in enumerate(columns):
        numeric = any(isinstance(row[position], int | float) for row in listed)
        made.add_column(name, justify="right" if numeric else "left", overflow="fold")
    for row in listed:
        made.add_row(*("" if value is None else escape(str(value)) for value in row))
    return made


def print_summary(settings: Settings, summary: Summary) -> None:
    """What a run came to, at one glance, and what to do next."""
    from flows.drift import said  # late, like the next: whoever shows one record needs nothing of what runs are
    from storage import reports, stats
    from storage.store import Store

    out = console()
    with Store(settings.storage.url) as store, store.reading() as tx:
        outcomes = reports.outcomes(tx, summary.run_id)
        rejections = reports.rejections(tx, summary.run_id)
        languages = stats.languages(tx, summary.target)
    if outcomes:
        out.print(table("Outcomes", OUTCOMES, outcomes))
    if rejections:
        shown = rejections[:_REJECTIONS_SHOWN]
        more = f" ({len(shown)} of {len(rejections)})" if len(shown) < len(rejections) else ""
        out.print(table(f"Rejected and failed{more}", ("reason", "detail", "URL"), shown))
    if languages:
        out.print(table("Languages of all that is stored", LANGUAGES, languages))
    _print_lines(
        out, summary, [f"extraction from {drift.host} has changed: {said(drift)}" for drift in summary.drifted]
    )


def counted(number: int, what: str) -> str:
    """A number with its noun: 1 URL, 2 URLs."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _print_lines(out: Console, summary: Summary, drifts: Sequence[str]) -> None:
    """The counts in a sentence, and what waits for the operator."""
    out.print(
        f"{counted(summary.seeds, 'URL')}: {summary.stored} stored ({counted(summary.duplicates, 'duplicate')}), "
        f"{summary.unchanged} unchanged, {summary.rejected} rejected, {summary.failed} failed; "
        f"{summary.translated} translated; {summary.seconds:g} s. Run {summary.run_id}"
    )
    if summary.rechecked:
        out.print(f"{summary.rechecked} of the URLs are recent articles that were checked again")
    if summary.archive_records:
        met = ", ".join(f"{count} {kind}" for kind, count in summary.archive_records.items())
        out.print(f"records met in archives: {met}")
    for feed in summary.broken_feeds:
        out.print(escape(f"could not read the feed of {feed.source}: {feed.url}: {feed.reason} ({feed.detail})"))
    for source in summary.short_sources:
        short = f"{source.source} announced {source.announced} articles, expected are {source.expected} or more"
        out.print(escape(f"{short}: see `newsmill sources check {shlex.quote(source.source)}`"))
    for line in drifts:
        out.print(escape(line))
    if summary.export_error:
        out.print(escape(f"not exported: {summary.export_error}"))
    if summary.missing_models:
        waiting = ", ".join(f"{language} ({count})" for language, count in summary.missing_models)
        names = " ".join(language for language, _ in summary.missing_models if language in TRANSLATABLE)
        out.print(f"{summary.pending_translation} awaiting translation; in languages without a package: {waiting}.")
        if names:
            out.print(f"To translate them: newsmill models install {names} --to {summary.target}, then newsmill retry")


def _plain(phase: str, done: int, total: int, /) -> None:
    line = TALLY.line() if phase == "articles" else ""
    if done or (line and TALLY.more):
        least = " or more" if phase == "articles" and TALLY.more else ""
        print(f"{phase}: {done} of {total}{least}" + (f" ({line})" if line else ""), file=sys.stderr, flush=True)  # noqa: T201 - the command line's own output
