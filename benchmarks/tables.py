"""Results shown: one table on the terminal, and the same in docs/benchmarks.md."""

from __future__ import annotations

import re
from itertools import groupby
from pathlib import Path

from rich.markup import escape
from rich.table import Table

from benchmarks.results import BANDS, ROOT, Kind, Results, Row
from benchmarks.sets import USES

DOCS = ROOT / "docs" / "benchmarks.md"
_MARKS = ("<!-- from benchmarks/results.json: begin -->", "<!-- from benchmarks/results.json: end -->")
_GLANCE_MARKS = ("<!-- at one glance: begin -->", "<!-- at one glance: end -->")
# What stands in the first table, by subject: qualities on sets of others, and what it costs.
_QUALITY = {
    "Extraction: quality": ("words, F1", "pages lost", "title", "authors", "day of publication"),
    "Language detection": ("right", "right or und, of languages that are not told apart"),
    "Copies, by kind": ("merged pairs, precision", "merged pairs, recall", "clusters, adjusted Rand index"),
}
_COST = {
    "Extraction: speed": ("pages per CPU second",),
    "Whole path": ("articles a second, one core", "articles a second, nothing new"),
}
_ON_SET = re.compile(rf"\((?:{'|'.join(USES)})\)$")


def terminal(results: Results, before: Results | None) -> Table:
    """One table, grouped by subject; what got worse is marked."""
    table = Table(title="newsmill", title_justify="left", header_style="", show_lines=False)
    for name in ("", "newsmill", "beside it", "goal", "before"):
        table.add_column(name, justify="right" if name in ("newsmill", "before") else "left", overflow="fold")
    for subject, rows in groupby(results.rows, key=lambda row: row.subject):
        table.add_section()
        table.add_row(f"[bold]{escape(subject)}[/bold]")
        for on, some in groupby(rows, key=lambda row: row.on):
            if on:
                table.add_row(f"[dim italic]{escape(on)}[/dim italic]")
            for row in some:
                cells = (f"  {row.name}", own(row), beside(row), goal(row))
                table.add_row(*map(escape, cells), _before(row, before), style=_style(row, before))
    return table


def regressions(results: Results, before: Results | None) -> list[tuple[Row, Row]]:
    """(row, what it was) of those that got worse by more than noise."""
    pairs = ((row, before.earlier(row)) for row in results.rows) if before else ()
    return [(row, old) for row, old in pairs if old and row.worse_than(old)]


def markdown(results: Results) -> str:
    """Machine, versions, and a table for each subject."""
    lines = ["", ", ".join(f"{name}: {value}" for name, value in results.about.items()) + ".", ""]
    lines += [", ".join(f"{name} {value}" for name, value in results.versions.items()) + ".", ""]
    for subject, rows in groupby(results.rows, key=lambda row: row.subject):
        lines += [f"### {subject}", ""]
        for on, some in groupby(rows, key=lambda row: row.on):
            lines += [f"Measured on {on}:", ""] if on else []
            lines += ["| | newsmill | beside it | goal |", "| --- | ---: | --- | --- |"]
            lines += [f"| {row.name} | {own(row)} | {beside(row) or ''} | {goal(row)} |" for row in some]
            lines += [""]
    return "\n".join(lines)


def glance(results: Results) -> str:
    """One table that fits a screen: quality on the sets of others, then cost."""
    lines = ["", "| | measured on | newsmill | beside it |", "| --- | --- | ---: | --- |"]
    lines += [
        f"| {row.name} | {row.on} | {own(row)} | {beside(row)} |"
        for row in results.rows
        if (row.name in _QUALITY.get(row.subject, ()) and _ON_SET.search(row.on))
        or row.name in _COST.get(row.subject, ())
    ]
    return "\n".join([*lines, ""])


def fill_docs(text: str, results: Results) -> str:
    """docs/benchmarks.md with what stands between its marks made anew.

    Raises:
        ValueError: the marks are not in the text.
    """
    for (begin, end), made in ((_GLANCE_MARKS, glance(results)), (_MARKS, markdown(results))):
        if begin not in text or end not in text:
            raise ValueError(f"docs/benchmarks.md must hold the lines {begin} and {end}")
        pattern = f"{re.escape(begin)}.*{re.escape(end)}"
        text = re.sub(pattern, lambda _, put=f"{begin}\n{made}\n{end}": put, text, flags=re.DOTALL)  # type: ignore[misc]
    return text


def write_docs(results: Results, path: Path = DOCS) -> None:
    """Bring the tables of docs/benchmarks.md up to date."""
    path.write_text(fill_docs(path.read_text("utf-8"), results), encoding="utf-8")


def own(row: Row) -> str:
    """The value with its unit and in brackets its interval, or why there is none."""
    if row.value is None:
        return f"none: {row.note}"
    told = f"{figure(row.value, row)} {row.unit}".strip()
    return f"{told} ({figure(row.between[0], row)}-{figure(row.between[1], row)})" if row.between else told


def beside(row: Row) -> str:
    """Each peer's value and, where it is a speed or a size, how many times as good this is; then the note."""
    ratios = row.ratios if row.kind is not Kind.QUALITY else {}
    told = [
        f"{name} {figure(value, row)}" + (f" ({ratios[name]:.2f} x)" if name in ratios else "")
        for name, value in row.peers.items()
    ]
    return ", ".join([*told, row.note] if row.note and row.value is not None else told)


def goal(row: Row) -> str:
    """The goal, and whether it is reached."""
    if row.goal is None:
        return ""
    sign, times = ("≥" if row.better_high else "≤"), (" x" if row.relative else "")
    verdict = {True: "reached", False: "not reached", None: "not measured"}[row.reached]
    return f"{sign} {row.goal:g}{times}: {verdict}"


def figure(value: float, row: Row) -> str:
    """A number as people write it: shares and ratios with three places, others with three figures or more."""
    if row.kind is Kind.QUALITY and not value.is_integer():
        return f"{value:.3f}"
    if value >= 100 or value.is_integer():
        return f"{value:,.0f}"
    return f"{value:.2f}" if value < 10 else f"{value:.1f}"


def _before(row: Row, before: Results | None) -> str:
    old = before.earlier(row) if before else None
    if old is None or old.compared is None:
        return ""
    mark = f" WORSE by more than {100 * BANDS[row.kind]:g} %" if row.worse_than(old) else ""
    return f"{old.compared:.3g}{' x' if row.relative else ''}{mark}"


def _style(row: Row, before: Results | None) -> str:
    old = before.earlier(row) if before else None
    return "red" if row.value is None or (old and row.worse_than(old)) else ""
