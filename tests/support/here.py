"""Engines that read pages in this very process, for tests that look at what is given to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from flows.settings import Settings
from flows.stages import Digest
from flows.tools import Engines
from ingest.model import Page, Record
from ingest.pipeline import process_page
from ingest.translate.backends import open_translator


@dataclass(frozen=True)
class Here:
    """Pages processed here, whose addresses are kept in `read`; of some the record is broken behind the boundary."""

    broken: frozenset[str] = frozenset()
    read: list[str] = field(default_factory=list)

    def prepare(self, _: int) -> None:
        """Nothing is to be started."""

    def run(self, items: Iterable[Page], /) -> Iterator[tuple[int, Digest]]:
        """Yield (position of the page, what became of it)."""
        for position, page in enumerate(items):
            self.read.append(page.seed.url)
            made = process_page(page)
            if isinstance(made, Record) and page.seed.url.rpartition("/")[2] in self.broken:
                object.__setattr__(made.article, "title", "half \ud800")
            yield position, made

    @contextmanager
    def open(self, settings: Settings) -> Iterator[Engines]:
        """Engines with these pages."""
        folder = settings.translate.packages_dir
        yield Engines(
            pages=self, translator=open_translator("argos", folder, beam=1, threads=1, compute_type="default")
        )
