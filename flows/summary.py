"""What a run came to: the counts, and the one object that other programs read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from ingest.drift import Drift
from ingest.outcome import Outcome, Rejection
from storage import listings, runs, translations
from storage.listings import SourceRow
from storage.store import Transaction

_FOR_PEOPLE = ("target", "missing_models", "broken_feeds", "short_sources", "drifted", "export_error")


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The counts of a run.

    `stored + unchanged + rejected + failed == seeds`. Of the records stored in this run, `duplicates` are copies of
    another; `translated` got a translation in it; `pending_translation` of the records it met wait for a model, by
    language in `missing_models` (of how many records). `short_sources` announced fewer articles than expected,
    `drifted` are hosts that come out otherwise than they used to.
    `export_error` says why the export that the settings ask for was not written. `archive_records` counts the records
    that were met in WARC files, by kind; ``None`` where there was none. `rechecked` seeds are young articles that were
    asked again though no listing announced them.
    """

    run_id: str
    seeds: int
    stored: int
    unchanged: int
    rejected: int
    failed: int
    duplicates: int
    translated: int
    pending_translation: int
    seconds: float
    target: str
    missing_models: tuple[tuple[str, int], ...]
    broken_feeds: tuple[Rejection, ...]
    short_sources: tuple[SourceRow, ...]
    drifted: tuple[Drift, ...] = ()
    export_error: str | None = None
    archive_records: dict[str, int] | None = None
    rechecked: int = 0

    @property
    def fell_short(self) -> bool:
        """Whether something is left for the operator to look at, though the run did its work."""
        return bool(self.failed or self.broken_feeds or self.short_sources or self.drifted or self.export_error)

    @property
    def complete(self) -> bool:
        """Whether every seed has exactly one outcome."""
        return self.stored + self.unchanged + self.rejected + self.failed == self.seeds

    def as_json(self) -> dict[str, Any]:
        """The object that `--json` prints."""
        fields = asdict(self)
        met, rechecked = fields.pop("archive_records"), fields.pop("rechecked")
        counts = {name: value for name, value in fields.items() if name not in _FOR_PEOPLE}
        return counts | ({"archive_records": met} if met else {}) | ({"rechecked": rechecked} if rechecked else {})


def records_met(met: Mapping[str, int]) -> dict[str, int] | None:
    """What was met in archives, as `storage.archive.find_pages` counts it, by the kinds of WARC records.

    `page` and `refused`, pages that are said to be from no place on the web, are among the responses. What was not
    wanted (`flows.choice`) is counted by why, if there was any: `other_language` among the pages, the rest besides.
    """
    counted = {
        "response": sum(met.get(kind, 0) for kind in ("page", "gone", "status", "type", "unreadable")),
        "revisit": met.get("revisit", 0),
        "other": met.get("other", 0),
        "page": met.get("page", 0),
        "refused": met.get("foreign", 0),
    }
    counted |= {kind: met[kind] for kind in ("other_host", "other_time", "other_language") if met.get(kind)}
    return counted if any(counted.values()) else None


def summarise(tx: Transaction, run_id: str, target: str, *, translated: int, seconds: float) -> Summary:
    """Count a run's outcomes from the database, which alone knows."""
    counts = runs.outcome_counts(tx, run_id)
    missing = translations.pending_languages(tx, target, (run_id,))
    return Summary(
        run_id=run_id,
        seeds=runs.seed_count(tx, run_id),
        stored=counts[Outcome.STORED],
        unchanged=counts[Outcome.UNCHANGED],
        rejected=counts[Outcome.REJECTED],
        failed=counts[Outcome.FAILED],
        duplicates=runs.duplicate_count(tx, run_id),
        translated=translated,
        pending_translation=translations.pending_count(tx, target, run_id),
        seconds=round(seconds, 2),
        target=target,
        missing_models=tuple(missing.items()),
        broken_feeds=listings.broken_listings(tx, run_id),
        short_sources=listings.short_sources(tx, run_id),
    )
