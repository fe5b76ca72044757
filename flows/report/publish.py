"""The name and the report of a flow run, written into Prefect. Nothing of it can make a run fail."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from prefect.artifacts import create_image_artifact, create_markdown_artifact, create_table_artifact
from prefect.client.orchestration import get_client
from prefect.runtime import flow_run

from flows.report.figures import Figures
from flows.report.pages import Options, failure_rows, picture, report_page
from flows.summary import Summary

logger = logging.getLogger(__name__)


def publish_report(title: str, key: str, summary: Summary, figures: Figures, options: Options) -> None:
    """Leave the report of a run, its picture, and the table of what failed if anything did."""
    page = report_page(title, summary, figures, options)
    safely("leave the report", create_markdown_artifact, page, key=f"{key}-report", description=title)
    if drawn := picture(figures):
        about = f"Records stored, by day and language, up to {title}"
        safely("leave the picture", create_image_artifact, drawn, key=f"{key}-picture", description=about)
    if figures.failures:
        shown = f" (the first {len(figures.failures)})" if len(figures.failures) < summary.failed else ""
        about = f"{summary.failed} failed{shown}. All of them again: newsmill retry{options.both}"
        rows = failure_rows(figures.failures, options)
        safely("leave the table of failures", create_table_artifact, rows, key=f"{key}-failures", description=about)


def rename(name: str) -> None:
    """Give the current flow run a name."""

    def tell() -> None:
        with get_client(sync_client=True) as client:
            client.set_flow_run_name(UUID(flow_run.id), name)

    safely("name the run", tell)


def planned_for(zone: ZoneInfo) -> datetime:
    """When the current flow run was to start, in a time zone: the night it belongs to."""
    planned: datetime | None = flow_run.scheduled_start_time
    return (planned or datetime.now(UTC)).astimezone(zone)


def safely(what: str, action: Callable[..., Any], /, *args: object, **named: object) -> Any:  # noqa: ANN401 - theirs
    """Do something that the run does not depend on; nothing comes of it where it fails, but a line in the log."""
    try:
        return action(*args, **named)
    except Exception as error:  # noqa: BLE001 - whatever befalls the server or the way to it, the run itself is sound
        logger.warning("cannot %s: %s: %s", what, type(error).__name__, error)
        return None
