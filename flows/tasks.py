"""A run as a Prefect flow, its stages as tasks: one task run a batch and stage.

A task run costs Prefect's server far more than an article costs us, so a task is a batch of articles. Nothing is
persisted or cached by Prefect: the state table in our own database is the truth about progress.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from typing import Any, TypeVar

from prefect import flow, tags
from prefect.client.schemas.objects import State
from prefect.context import TagsContext
from prefect.settings import PREFECT_CLIENT_MAX_RETRIES, PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
from prefect.states import Completed

from flows.loop import plainly
from flows.run import Order, run
from flows.runners import engines_of, task_of
from flows.serve.server import HEARTBEAT_S, TAG, server_answers
from flows.settings import Settings
from flows.stages import digest, translate
from flows.summary import Summary
from flows.watch import Watch, silently
from ingest.errors import NewsmillError

logger = logging.getLogger(__name__)

Result = TypeVar("Result")

# A server that is restarted is back within some ten seconds; Prefect would wait a minute for it at every turn.
_RETRIES = 2
_NAMED = 10  # hosts in the message of a state

FLOW_NAMES = {"urls": "url-list", "files": "files", "nightly": "nightly", "retry": "retry", "reprocess": "reprocess"}


# What a flow carries out, by the name of the flow. It is no parameter and in no closure: Prefect would send it to every
# process that does a task of the flow.
_carried_out: dict[str, Callable[[], State[Summary]]] = {}


def run_in_flow(order: Order, settings: Settings, watch: Watch = silently) -> Summary:
    """Do a run inside the current flow run: the same sequence, each stage of a batch a task."""
    call = as_task if settings.run.task_runner == "thread" else _as_tasks_elsewhere
    # For each tag of a task Prefect asks the server whether the task may begin, and fails it if none answers.
    with TagsContext(current_tags=set()):
        return run(order, settings, call=call, watch=watch, open_engines=engines_of(settings))


def run_as_flow(order: Order, settings: Settings, watch: Watch = silently) -> Summary:
    """Do a run as a flow run of its own, under the name of its kind.

    Raises:
        NewsmillError: the world is broken. That the Prefect server went away is no such thing, if the run came to its
            end.
    """
    done: list[Summary] = []

    def carry_out() -> State[Summary]:
        done.append(run_in_flow(order, settings, watch))
        return state_of(done[0])

    name = FLOW_NAMES[order.kind]
    _carried_out[name] = carry_out
    try:
        own = {PREFECT_CLIENT_MAX_RETRIES: _RETRIES, PREFECT_FLOWS_HEARTBEAT_FREQUENCY: HEARTBEAT_S}
        with temporary_settings(own), tags(TAG):
            flow(name=name, persist_result=False)(_carry_out)(name)
    except NewsmillError:
        raise
    except Exception as error:  # whatever Prefect's client raises where its server is gone
        if not _server_is_gone():
            raise
        if not done:
            raise NewsmillError(
                "the Prefect server does not answer any more: what was committed is safe, run again without "
                "PREFECT_API_URL or when it is back"
            ) from error
    return done[0]


def leave(status: int) -> None:
    """End this process at once where the Prefect server is gone.

    Its client would go on for many minutes to tell a server that does not answer what the tasks did.
    """
    if _server_is_gone():
        logger.warning("the Prefect server does not answer any more: the run is done, and not all of it in its UI")
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def as_task(name: str, stage: Callable[..., Result], /, *args: Any) -> Result:  # noqa: ANN401 - any stage's
    """Call a stage as a task of the current flow run; the UI shows `name`."""
    result: Result = task_of(stage, name)(*args)
    return result


def _as_tasks_elsewhere(name: str, stage: Callable[..., Result], /, *args: Any) -> Result:  # noqa: ANN401 - any stage's
    """Call a stage as a task, unless it is one that hands out tasks itself: those would take it with them."""
    return (plainly if stage in (digest, translate) else as_task)(name, stage, *args)


def _carry_out(name: str) -> State[Summary]:
    # A flow that returns a state ends in it.
    return _carried_out.pop(name)()


def state_of(summary: Summary) -> State[Summary]:
    """The final state of a flow: the counts as its message. What befell single pages is data, not a failed flow."""
    parts = [f"{getattr(summary, name)} {name}" for name in ("stored", "unchanged", "rejected", "failed", "translated")]
    parts.append(f"{summary.pending_translation} awaiting translation")
    if summary.broken_feeds:
        parts.append(f"{len(summary.broken_feeds)} feeds could not be read")
    if summary.short_sources:
        parts.append(f"{len(summary.short_sources)} sources fell short")
    if summary.drifted:
        hosts = list(dict.fromkeys(one.host for one in summary.drifted))
        parts.append(
            f"extraction has changed at {len(hosts)} host{'s' if len(hosts) > 1 else ''}: {', '.join(hosts[:_NAMED])}"
        )
    if summary.export_error:
        parts.append(f"not exported: {summary.export_error}")
    message = ", ".join(parts)
    return Completed(message=message, data=summary)


def _server_is_gone() -> bool:
    """Whether there should be a server and is none; one that Prefect started for this process counts as there."""
    return bool(os.environ.get("PREFECT_API_URL")) and not server_answers()
