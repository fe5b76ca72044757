"""Names, progress and artifacts of a flow run: what is written into Prefect. Nothing of it can make a run fail."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextvars import copy_context
from datetime import UTC, datetime
from threading import Lock
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from prefect.artifacts import (
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)
from prefect.client.orchestration import get_client
from prefect.runtime import flow_run

from flows.report.figures import Figures
from flows.report.pages import failure_rows, report_page
from flows.run import Watch
from flows.summary import Summary

logger = logging.getLogger(__name__)

_UPDATE_EVERY_S = 1.0


class Progress:
    """A `Watch` that shows in the UI how far a run is: in its name, its log and an artifact.

    Any thread may call it, and as often as it likes.

    Args:
        title: the name of the run; its size is added once it is known.
        key: the first part of the artifact's key.
        watch: who is told as well.
        clock: seconds that only grow.
    """

    def __init__(self, title: str, key: str, watch: Watch, clock: Callable[[], float] = time.monotonic) -> None:
        self.title = title
        self._key = key
        self._watch = watch
        self._clock = clock
        self._begun = False
        self._artifact: UUID | None = None
        self._shown = ("", -1)  # the phase and how many were through when it was told last
        self._due = float("-inf")
        self._lock = Lock()
        self._context = copy_context()  # Prefect knows the run by it

    def __call__(self, phase: str, done: int, total: int, /) -> None:
        """Show that `done` of `total` are through a phase; the artifact is updated at most once a second."""
        self._watch(phase, done, total)
        with self._lock:
            if (phase, done) != self._shown:
                self._context.run(self._tell, phase, done, total)
                self._shown = (phase, done)

    def _tell(self, phase: str, done: int, total: int) -> None:
        if phase != "articles":
            logger.info("%s: %d", phase, done)
            return
        logger.info("%s: %d of %d", phase, done, total)
        if not self._begun:
            self._begun = True
            self.title = f"{self.title}, {total} {'article' if total == 1 else 'articles'}"
            rename(self.title)
            self._artifact = _safely("show the progress", self._create, 0.0 if total else 100.0)
        elif self._artifact is not None and (self._clock() >= self._due or done >= total):
            _safely("show the progress", update_progress_artifact, self._artifact, progress=100.0 * done / total)
        else:
            return
        self._due = self._clock() + _UPDATE_EVERY_S

    def _create(self, percent: float) -> Any:  # noqa: ANN401 - Prefect's signature allows for a coroutine
        key = f"{self._key}-progress"
        return create_progress_artifact(percent, key=key, description=f"Articles of {self.title}")


def publish_report(title: str, key: str, summary: Summary, figures: Figures, options: str) -> None:
    """Leave the report of a run, and the table of what failed if anything did."""
    page = report_page(title, summary, figures, options)
    _safely("leave the report", create_markdown_artifact, page, key=f"{key}-report", description=title)
    if figures.failures:
        shown = f" (the first {len(figures.failures)})" if len(figures.failures) < summary.failed else ""
        about = f"{summary.failed} failed{shown}. All of them again: newsmill retry{options}"
        rows = failure_rows(figures.failures, options)
        _safely("leave the table of failures", create_table_artifact, rows, key=f"{key}-failures", description=about)


def rename(name: str) -> None:
    """Give the current flow run a name."""

    def tell() -> None:
        with get_client(sync_client=True) as client:
            client.set_flow_run_name(UUID(flow_run.id), name)

    _safely("name the run", tell)


def planned_for(zone: ZoneInfo) -> datetime:
    """When the current flow run was to start, in a time zone: the night it belongs to."""
    planned: datetime | None = flow_run.scheduled_start_time
    return (planned or datetime.now(UTC)).astimezone(zone)


def _safely(what: str, action: Callable[..., Any], /, *args: object, **named: object) -> Any:  # noqa: ANN401 - theirs
    try:
        return action(*args, **named)
    except Exception as error:  # noqa: BLE001 - whatever befalls the server or the way to it, the run itself is sound
        logger.warning("cannot %s: %s: %s", what, type(error).__name__, error)
        return None
