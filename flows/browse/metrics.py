"""`/metrics`: what operators watch, as OpenMetrics (prometheus_client, which Prefect brings, only here)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.openmetrics.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector
from starlette.responses import Response

from storage.browse.health import Health


def metrics(health: Health) -> Response:
    """The answer to a program that collects them."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Read(health))
    said: bytes = generate_latest(registry)  # type: ignore[no-untyped-call]
    return Response(said, headers={"Content-Type": CONTENT_TYPE_LATEST})


class _Read(Collector):
    def __init__(self, health: Health) -> None:
        self._health = health

    def collect(self) -> Iterable[Metric]:
        """Each metric with its samples."""
        known = self._health
        yield GaugeMetricFamily("newsmill_records", "Records stored.", value=known.records)
        yield GaugeMetricFamily("newsmill_duplicates", "Records whose original is another one.", value=known.duplicates)
        yield _labelled(
            "newsmill_translations",
            "Records by target language and state of their translation; pending ones wait for a model.",
            ("target", "state"),
            known.translations.items(),
        )
        yield _labelled("newsmill_runs", "Runs by kind and status.", ("kind", "status"), known.runs.items())
        yield _labelled(
            "newsmill_last_run_urls",
            "URLs of the newest finished run of each kind, by outcome and reason.",
            ("kind", "outcome", "reason"),
            (((kind, *key), count) for kind, counts in known.outcomes.items() for key, count in counts.items()),
        )
        yield _labelled(
            "newsmill_last_success_timestamp_seconds",
            "When the newest finished run of each kind ended.",
            ("kind",),
            (((kind,), _seconds(at)) for kind, at in known.finished.items()),
        )
        yield GaugeMetricFamily(
            "newsmill_sources_failing",
            "Sources of the newest finished nightly run with an unreadable listing or too few articles.",
            value=len(known.failing),
        )
        yield _labelled(
            "newsmill_source_failing",
            "1 for each source that needs a look, 0 for the others.",
            ("source",),
            (((name,), int(name in known.failing)) for name in {*known.announced, *known.failing}),
        )
        yield _labelled(
            "newsmill_source_last_success_timestamp_seconds",
            "When the newest run began in which a source announced anything.",
            ("source",),
            (((name,), _seconds(at)) for name, at in known.announced.items()),
        )


def _labelled(
    name: str, described: str, labels: tuple[str, ...], samples: Iterable[tuple[tuple[str, ...], float]]
) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, described, labels=labels)
    for values, value in sorted(samples):
        family.add_metric(values, value)
    return family


def _seconds(at: str) -> float:
    return datetime.fromisoformat(at).timestamp()
