"""What the documents hold: fenced blocks, command lines, the rows of tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAMES = [str(path.relative_to(ROOT)) for path in sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])]
"""The documents, as paths from the root of the project."""

FENCE = re.compile(
    r"(?:^<!-- (?P<mark>run(?:: slow)?) -->\n)?^(?P<indent> *)```(?P<kind>\w+)\n(?P<body>.*?)^ *```$",
    re.MULTILINE | re.DOTALL,
)
# Minute, hour, day, month and weekday before the command.
_CRON = re.compile(r"^(?:[\d*/,-]+ +){5}(?P<command>.+)$")
# What begins a command in a block of text, which else shows folders and diagrams.
_TYPED = re.compile(r"^(?:[A-Z_]+=\S+ )*(?:newsmill|python|dask|make|pip) ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A fenced block: its language, its lines and its mark ("run", "run: slow" or none)."""

    document: str
    kind: str
    lines: tuple[str, ...]
    mark: str | None

    @property
    def text(self) -> str:
        """Its lines as they stand."""
        return "\n".join(self.lines) + "\n"

    @property
    def typed(self) -> list[str]:
        """What a reader would type: all of ```sh, what follows "$ " in ```console, commands and cron jobs in text."""
        if self.kind == "sh":
            return list(self.lines)
        if self.kind == "console":
            return [line.removeprefix("$ ") for line in self.lines if line.startswith("$ ")]
        if self.kind == "text":
            jobs = [match["command"] for line in self.lines if (match := _CRON.match(line))]
            return jobs + [line for line in self.lines if _TYPED.match(line)]
        return []


def text_of(name: str) -> str:
    """A document's text."""
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(name: str) -> Iterator[Block]:
    """The fenced blocks of a document."""
    for match in FENCE.finditer(text_of(name)):
        indent = len(match["indent"])
        lines = tuple(line[indent:] for line in match["body"].splitlines())
        yield Block(document=name, kind=match["kind"], lines=lines, mark=match["mark"])


def rows(name: str, start: str = "", end: str = "\0") -> set[str]:
    """What stands in backquotes in the first column of a document's tables, between two headings if they are given."""
    section = text_of(name).partition(start)[2] if start else text_of(name)
    return set(re.findall(r"^\| `([\w.\[\]]+)` \|", section.partition(end)[0], re.MULTILINE))
