"""A run as a Prefect flow, its stages as tasks: one task run a batch and stage.

The server digests about 25 task runs a second and grows 20 MB per 1,000, so a task is a batch of articles and not an
article. Nothing is persisted or cached by Prefect: the state table in our own database is the truth about progress.
"""

from __future__ import annotations

import os
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any, TypeVar, cast

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.run import Order, Watch, run, silently
from flows.settings import Settings
from flows.summary import Summary

Result = TypeVar("Result")

FLOW_NAMES = {"urls": "url-list", "files": "files", "nightly": "nightly", "retry": "retry", "reprocess": "reprocess"}


def run_in_flow(order: Order, settings: Settings, watch: Watch = silently) -> Summary:
    """Do a run inside the current flow run: the same sequence, each stage of a batch a task."""
    return run(order, settings, call=as_task, watch=watch)


def run_as_flow(order: Order, settings: Settings, watch: Watch = silently) -> Summary:
    """Do a run as a flow run of its own, under the name of its kind."""

    def carry_out() -> State[Summary]:
        return state_of(run_in_flow(order, settings, watch))

    # A flow that returns a state ends in it, and gives its caller what the state holds.
    summary: Any = flow(name=FLOW_NAMES[order.kind], persist_result=False)(carry_out)()
    return cast(Summary, summary)


def as_task(name: str, stage: Callable[..., Result], /, *args: Any) -> Result:  # noqa: ANN401 - any stage's
    """Call a stage as a task of the current flow run; the UI shows `name`."""
    # Prefect fills in what stands in braces.
    shown = name.replace("{", "(").replace("}", ")")
    made = task(name=stage.__name__, task_run_name=shown, cache_policy=NO_CACHE, persist_result=False)(stage)
    result: Result = made(*args)
    return result


def state_of(summary: Summary) -> State[Summary]:
    """The final state of a flow: the counts as its message. What befell single pages is data, not a failed flow."""
    parts = [f"{getattr(summary, name)} {name}" for name in ("stored", "unchanged", "rejected", "failed", "translated")]
    parts.append(f"{summary.pending_translation} wait for a translation")
    if summary.broken_feeds:
        parts.append(f"{len(summary.broken_feeds)} feeds not read")
    if summary.short_sources:
        parts.append(f"{len(summary.short_sources)} sources fell short")
    message = ", ".join(parts)
    return Completed(message=message, data=summary)


def server_answers() -> bool:
    """Whether a Prefect server is named by PREFECT_API_URL and answers within 3 seconds."""
    api = os.environ.get("PREFECT_API_URL", "")
    if not api.startswith(("http://", "https://")):
        return False
    try:
        with urllib.request.urlopen(f"{api.rstrip('/')}/health", timeout=3) as answer:  # noqa: S310 - http(s) only
            return bool(answer.status == 200)
    except (urllib.error.URLError, TimeoutError, OSError):
        return False
