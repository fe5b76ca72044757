"""The whole path of one page on texts whose lines are known: what is residue, what is text, which facts are in them.

    python benchmarks/seed_truth.py TEXTS TRUTH

TEXTS holds plain texts, TRUTH is a JSON object: name of the text without ending -> {boilerplate, attribution, ...}.
`boilerplate` are lines that must not be in the text, as {line, text, why} with the number of the line from 1, or as the
words of the line, loosely; those whose `why` says "keep" stay. All other lines must be in the text, the title excepted.
Facts are matched loosely and field by field. Exits with 1 where anything is missing.
"""

from __future__ import annotations

import json
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from ingest.model import Article, Page, Record, Seed, Via
from ingest.pipeline import process_page

NOTE = re.compile(r"\s*\((?:->|truncated).*\)$|…|\.\.\.$")
STARTS = 25  # a line is that of a note in the truth where it begins with so many of its letters


def main() -> int:
    """Print a table of the texts and one of the facts; 1 where anything is missing."""
    folder, truths = Path(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    console = Console(width=150)
    lines = table("Lines", "text", "residue left", "text lost", "taken out", "joined", "flags")
    facts = table("Facts", "text", "field", "expected", "found", "")
    missing = 0
    for name, truth in truths.items():
        text = (folder / f"{name}.txt").read_text(encoding="utf-8")
        article = article_of(folder / f"{name}.txt")
        left, lost = compare(text, truth, article)
        joined = sum(len(squeeze(block.text)) > longest(text, block.text) for block in article.blocks)
        lines.add_row(
            name[:3], "\n".join(left), "\n".join(lost), str(len(article.residue)), str(joined), ", ".join(article.flags)
        )
        missing += len(left) + len(lost)
        for field, wanted, found, ok in compare_facts(truth.get("attribution", {}), article):
            facts.add_row(name[:3], field, wanted, found, "" if ok else "missing")
            missing += not ok
    console.print(lines, facts, f"{missing} missing", sep="\n")
    return 1 if missing else 0


def table(title: str, *columns: str) -> Table:
    """An empty table."""
    made = Table(title=title, title_justify="left", header_style="")
    for column in columns:
        made.add_column(column)
    return made


def article_of(path: Path) -> Article:
    """The article that the pipeline makes of a local text."""
    uri = path.resolve().as_uri()
    page = Page(
        seed=Seed(url=uri, via=Via.FILE),
        final_url=uri,
        body=path.read_bytes(),
        fetched_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    record = process_page(page)
    if not isinstance(record, Record):
        sys.exit(f"{path.name}: {record.reason} {record.detail}")
    return record.article


def compare(text: str, truth: dict[str, Any], article: Article) -> tuple[list[str], list[str]]:
    """The lines of residue that are left in the text, and the lines of text that are lost."""
    printed = [line.strip() for line in text.splitlines()]
    residue = residue_lines(printed, truth)
    blocks = [squeeze(block.text) or block.text.strip() for block in article.blocks]
    whole = "".join(blocks)
    left, lost = [], []
    for number, line in enumerate(printed):
        own = squeeze(line) or line
        if number in residue:
            if own and (
                own in blocks or (len(own) > STARTS and own in whole and own not in kept_text(printed, residue))
            ):
                left.append(f"{number + 1} {line[:40]}")
        elif own and own not in whole and own != squeeze(article.title or ""):
            lost.append(f"{number + 1} {line[:40]}")
    return left, lost


def kept_text(printed: list[str], residue: set[int]) -> str:
    """The squeezed lines that are text."""
    return "".join(squeeze(line) for number, line in enumerate(printed) if number not in residue)


def residue_lines(printed: list[str], truth: dict[str, Any]) -> set[int]:
    """The numbers, from 0, of the lines that are no text."""
    found = {number for number, line in enumerate(printed) if re.fullmatch(r"https?://\S+", line)}  # moved, not lost
    title = squeeze(str(truth.get("attribution", {}).get("title", "")))
    for entry in truth.get("boilerplate", ()):
        if isinstance(entry, dict):
            if "keep" not in entry.get("why", ""):
                found.add(entry["line"] - 1)
            continue
        quoted = re.search(r"'(.+?)(?:\s?\.\.\..*)?'", entry) if entry[:1].islower() else None
        wanted = squeeze(quoted[1] if quoted else NOTE.sub("", entry))[: 4 * STARTS]
        for number, line in enumerate(printed):
            own = squeeze(line)
            same = own.startswith(wanted) if len(wanted) > STARTS or quoted else own == wanted
            if (same and wanted and own != title) or (not wanted and line == entry):
                found.add(number)
    copies = [number for number, line in enumerate(printed) if title and squeeze(line) == title]
    return found | set(copies)


def compare_facts(truth: dict[str, Any], article: Article) -> list[tuple[str, str, str, bool]]:
    """(field, expected, found, whether they agree) for each fact that the truth states."""
    known = article.attribution
    cited = " ".join(f"{one.name} {one.date} {one.url}" for one in article.citations)
    pictured = " ".join((cited, *known.photo_credits))
    found = {
        "title": article.title or "",
        "author": " ".join([*article.authors, *article.organisations, article.byline or ""]),
        "organisation": " ".join(article.organisations),
        "original_source": f"{known.original_name} {known.original_url}",
        "source_url": f"{known.original_url} {cited}",
        "source_name": f"{known.original_name} {known.original_url}",
        "reposter": known.reposted_by or "",
        "created": article.published_at.isoformat() if article.published_at else "",
        "aggregator_time": known.reposted_at.isoformat() if known.reposted_at else "",
        "dateline": known.dateline or "",
        "place": known.dateline or "",
        "photo_credit": " ".join(known.photo_credits),
        "original_language": known.original_language or "",
        "spun": "true" if known.reworded else "",
    }
    rows = []
    for field, wanted in truth.items():
        if field == "cited":
            named = [(name, pictured if "(photo)" in name else cited) for name in wanted]
            rows += [("cited", name, where[:60], agree(name, where)) for name, where in named]
        elif field in found and wanted is not None and not str(wanted).startswith("unnamed"):
            rows.append((field, str(wanted)[:60], found[field][:60], agree(str(wanted), found[field])))
    return rows


def agree(wanted: str, found: str) -> bool:
    """Whether the first name, day or address of what is wanted is in what was found, or what stands in brackets."""
    first, *rest = re.split(r"[(,/]|\s-\s|(?<=\d)[T ](?=\d\d:)", wanted.strip())
    bracketed = [part.rstrip(")") for part in rest if "." in part]
    return any(squeeze(part) in squeeze(found) for part in (first, *bracketed) if squeeze(part))


def longest(text: str, block: str) -> int:
    """The letters of the longest line that is part of a block."""
    own = squeeze(block)
    return max((len(line) for line in map(squeeze, text.splitlines()) if line and line in own), default=len(own))


def squeeze(text: str) -> str:
    """Letters and digits alone, in lower case."""
    return re.sub(r"[\W_]+", "", text.casefold())


if __name__ == "__main__":
    sys.exit(main())
