"""From the settings to the small policies that stages of `ingest` keep to."""

from __future__ import annotations

from flows.settings import Settings
from ingest.fetch.policy import FetchPolicy
from ingest.workers import WorkerPolicy


def fetch_policy(settings: Settings) -> FetchPolicy:
    """What the fetcher is to keep to."""
    fetch = settings.fetch
    return FetchPolicy(
        user_agent=fetch.user_agent,
        delay_s=fetch.delay_s,
        concurrency=fetch.concurrency,
        deadline_s=fetch.deadline_s,
        max_body_bytes=fetch.max_body_bytes,
        attempts=fetch.attempts,
        allow_private=frozenset(fetch.allow_private),
        tdmrep=fetch.tdmrep,
        proxy=fetch.proxy.get_secret_value() if fetch.proxy else None,
    )


def worker_policy(settings: Settings) -> WorkerPolicy:
    """What the extraction workers are to keep to."""
    extract = settings.extract
    return WorkerPolicy(processes=settings.processes, deadline_s=extract.deadline_s, memory_mb=extract.memory_mb)
