"""A run inside a flow, with all that the operator sees of it."""

from __future__ import annotations

import os
from pathlib import Path
from zoneinfo import ZoneInfo

from flows.report.figures import read_figures
from flows.report.logs import our_logs_shown
from flows.report.pages import options_for
from flows.report.progress import Progress
from flows.report.publish import planned_for, publish_report, rename
from flows.run import Order
from flows.settings import Settings, load_settings
from flows.summary import Summary
from flows.tasks import FLOW_NAMES, run_in_flow
from storage.engine import DEFAULT_URL
from storage.store import Store


def run_reported(order: Order, settings: Settings, *, config: Path | None) -> Summary:
    """Do a run inside the current flow run: named by its night and size, with progress, and a report at the end.

    Args:
        order: what to do.
        settings: all settings.
        config: the folder they are from, ``None`` for the usual one: commands in the report name it.

    Raises:
        NewsmillError: the world is broken.
    """
    zone = ZoneInfo(settings.serve.timezone)
    key = FLOW_NAMES[order.kind]
    night = planned_for(zone)
    title = f"{key} {night:%Y-%m-%d}" if order.kind == "nightly" else f"{key} {night:%Y-%m-%d %H:%M}"
    with our_logs_shown():
        rename(title)
        with Progress(title, key) as progress:
            summary = run_in_flow(order, settings, progress)
        with Store(settings.storage.url) as store:
            figures = read_figures(store, summary, order.kind, zone)
        options = options_for(config, settings.storage.url, _usual_database(config))
        publish_report(progress.title, key, summary, figures, options)
    return summary


def _usual_database(config: Path | None) -> str:
    """The database that a command takes in a shell: the environment of a service is not that of the operator's."""
    in_environment = any(name.upper() == "NEWSMILL_STORAGE__URL" for name in os.environ)
    return DEFAULT_URL if in_environment else load_settings(config).storage.url
