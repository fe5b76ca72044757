"""What reads pages, as one word: it changes with every rule, table, model and library that a record hangs on."""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

_READING: Final = (
    "attribution", "charset.py", "clean", "confidence.py", "dedup", "extract", "kept.py", "lang", "language",
    "model.py", "pipeline.py", "text.py", "urls.py", "value.py", "xpath.py",
)  # fmt: skip
_SUFFIXES: Final = frozenset({".json", ".py", ".toml", ".txt"})
_LIBRARIES: Final = (
    "babel",
    "ftfy",
    "htmldate",
    "langdetect",
    "lxml",
    "numpy",
    "pdfminer.six",
    "py3langid",
    "trafilatura",
    "wordfreq",
)


@cache
def reader_version() -> str:
    """A word for all that decides what becomes of a page, its own bytes apart.

    It is a hash of the files themselves: a version that somebody has to raise is forgotten once.
    """
    made = blake2b(digest_size=8)
    for library in _LIBRARIES:
        made.update(f"{library} {_version(library)}\n".encode())
    folder = Path(__file__).parent
    for name in _READING:
        part = folder / name
        for path in sorted(part.rglob("*")) if part.is_dir() else [part]:
            if path.suffix in _SUFFIXES:
                made.update(f"{path.relative_to(folder).as_posix()}\n".encode())
                made.update(path.read_bytes())
    return made.hexdigest()


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return ""
