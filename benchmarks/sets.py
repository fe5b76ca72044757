"""Labelled sets of other people's texts: which are in a folder, who made them, and whether anything was tuned on them.

A set is recognised by what it holds, not by its name:

    pages      NAME.tar.xz, or a folder: pages and gold.jsonl (benchmarks/extraction_quality.py)
    texts      NAME.jsonl or .jsonl.gz of `language`, `text` (benchmarks/language.py)
    documents  the same of `paragraphs`, a list of such objects
    copies     the same of `id`, `text`, `cluster`, `kind` (benchmarks/dedup_quality.py)

Where a set comes from stands in sets.toml beside it, or in that of this folder: a table of its name with `by` and
`use`, which is "tuned" (its own cases decided rules or weights), "development" (looked at while they were written) or
"untouched". Of a set that stands in neither, nobody has said it.
"""

from __future__ import annotations

import gzip
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

# The last is said of a set of which nothing is known.
USES = ("tuned", "development", "untouched", "use not said")


class Form(StrEnum):
    """What the cases of a set are."""

    PAGES = "pages"
    TEXTS = "texts"
    DOCUMENTS = "documents"
    COPIES = "copies"


# The benchmarks that measure quality, and what they read.
READS = {
    "extraction_quality": {Form.PAGES},
    "language": {Form.TEXTS, Form.DOCUMENTS},
    "dedup_quality": {Form.COPIES},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A set: its name, what it holds, where it lies, and where it comes from."""

    name: str
    form: Form
    path: Path
    by: str = "of unknown origin"
    use: str = USES[-1]

    def called(self, what: str) -> str:
        """What a figure was measured on: `268 pages of extract_dev, fundus and others (development)`."""
        return f"{what} of {self.name}, {self.by} ({self.use})"


def labelled(folder: Path) -> list[Labelled]:
    """The sets of a folder, by name; what is no set is passed over.

    Raises:
        ValueError: sets.toml says something that it cannot.
    """
    known = {**_origins(Path(__file__).with_name("sets.toml")), **_origins(folder / "sets.toml")}
    found = []
    for path in sorted(folder.iterdir()):
        name = path.name.partition(".")[0]
        if form := form_of(path):
            found.append(Labelled(name=name, form=form, path=path, **known.get(name, {})))
    return found


def of_form(folder: Path | None, form: Form) -> list[Labelled]:
    """The sets of one form, none where there is no folder."""
    return [one for one in labelled(folder) if one.form is form] if folder else []


def form_of(path: Path) -> Form | None:
    """What sort of set a file or folder is; None if it is none."""
    if path.is_dir():
        return Form.PAGES if (path / "gold.jsonl").is_file() else None
    if path.name.endswith(".tar.xz"):
        return Form.PAGES
    if not path.name.endswith((".jsonl", ".jsonl.gz")):
        return None
    first = _first(path)
    if "paragraphs" in first:
        return Form.DOCUMENTS
    if {"cluster", "kind", "text"} <= first.keys():
        return Form.COPIES
    return Form.TEXTS if {"language", "text"} <= first.keys() else None


def read(path: Path) -> list[dict[str, Any]]:
    """The cases of a set: one JSON object a line, compressed or not."""
    return [json.loads(line) for line in _text(path).split("\n") if line]


def _first(path: Path) -> Mapping[str, Any]:
    try:
        told = json.loads(_text(path).partition("\n")[0])
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _text(path: Path) -> str:
    packed = path.read_bytes()
    return (gzip.decompress(packed) if path.suffix == ".gz" else packed).decode("utf-8")


def _origins(path: Path) -> dict[str, dict[str, str]]:
    if not path.is_file():
        return {}
    told = tomllib.loads(path.read_text("utf-8"))
    for name, one in told.items():
        if not isinstance(one, dict) or set(one) != {"by", "use"} or one["use"] not in USES[:-1]:
            raise ValueError(f"{path}: {name} must have `by`, and `use`, one of {', '.join(USES[:-1])}")
    return told
