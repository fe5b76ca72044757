"""How the runs fare, in a few numbers for those who watch over them, each from an index or a short table."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from storage import listings, reports, runs
from storage.store import Transaction
from storage.tables import duplicate, record, run, source_run, translation_state

_NIGHTLY = "nightly"


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What operators watch.

    Args:
        records: how many there are.
        duplicates: how many of them have their original elsewhere.
        translations: (target, state) to records.
        runs: (kind, status) to runs.
        finished: for each kind when its newest finished run ended, in ISO 8601.
        outcomes: for each kind (outcome, reason) to URLs, of its newest finished run; stored and unchanged have no
            reason.
        failing: the sources of which the newest finished nightly run could not read a listing, or that fell short.
        announced: for each source when the newest run began in which it announced anything.
    """

    records: int
    duplicates: int
    translations: dict[tuple[str, str], int]
    runs: dict[tuple[str, str], int]
    finished: dict[str, str]
    outcomes: dict[str, dict[tuple[str, str], int]]
    failing: frozenset[str]
    announced: dict[str, str]


def read_health(tx: Transaction) -> Health:
    """Read it all."""
    newest = _newest_finished(tx)
    state = translation_state.c
    counted = select(state.target, state.status, func.count()).group_by(state.target, state.status)
    of_runs = select(run.c.kind, run.c.status, func.count()).group_by(run.c.kind, run.c.status)
    copies = select(func.count()).select_from(duplicate).where(duplicate.c.is_canonical.is_(False))
    heard = (
        select(source_run.c.source, func.max(run.c.started_at))
        .join(run, run.c.id == source_run.c.run_id)
        .where(source_run.c.announced > 0)
        .group_by(source_run.c.source)
    )
    nightly = newest.get(_NIGHTLY)
    return Health(
        records=tx.execute(select(func.count()).select_from(record)).scalar_one(),
        duplicates=tx.execute(copies).scalar_one(),
        translations={(target, status): count for target, status, count in tx.execute(counted)},
        runs={(kind, status): count for kind, status, count in tx.execute(of_runs)},
        finished={kind: ended for kind, (_, ended) in newest.items()},
        outcomes={kind: _outcomes(tx, run_id) for kind, (run_id, _) in newest.items()},
        failing=failing_sources(tx, nightly[0]) if nightly else frozenset(),
        announced={source: at for source, at in tx.execute(heard)},  # noqa: C416 - rows are no pairs to mypy
    )


def failing_sources(tx: Transaction, run_id: str) -> frozenset[str]:
    """The sources that need a look after a run: a listing could not be read, or too few articles were announced."""
    broken = {one.source for one in listings.broken_listings(tx, run_id) if one.source}
    return frozenset(broken | {one.source for one in listings.short_sources(tx, run_id)})


def _newest_finished(tx: Transaction) -> dict[str, tuple[str, str]]:
    """For each kind the newest finished run, and when it ended."""
    query = select(run.c.kind, run.c.id, run.c.finished_at).where(run.c.status == "finished")
    return {kind: (run_id, ended) for kind, run_id, ended in tx.execute(query.order_by(run.c.started_at))}


def _outcomes(tx: Transaction, run_id: str) -> dict[tuple[str, str], int]:
    counts = {(kind, ""): count for kind, count in runs.outcome_counts(tx, run_id).items()}
    reasons = {(kind, reason): count for kind, reason, count in reports.reasons(tx, run_id)}
    with_reason = {kind for kind, _ in reasons}
    return {key: count for key, count in counts.items() if key[0] not in with_reason} | reasons
