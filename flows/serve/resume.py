"""After `newsmill serve` ended: the runs it was at are closed and told of; after a kill they are started once more.

A local server knows of no other process that works for our deployments, and what an earlier `newsmill serve` had
started ended with it. So a run that is under way while nothing is served yet, is dead. Waiting for the automation would
take 90 seconds, and would keep the next night from starting until then.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterName,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.states import Cancelled, Crashed

from flows.notify import notice_of, notify
from flows.settings import NotifySettings

AGAIN = "started-again"
"""Tag of a run that goes on with another. If it dies with everything, too, it may be what kills us: no third time."""

_UNDER_WAY = [StateType.PENDING, StateType.RUNNING, StateType.CANCELLING]


async def resume_cut_runs(deployments: Sequence[str], notified: NotifySettings, *, stopped: bool) -> list[str]:
    """Close the runs that were under way when everything ended, and start each once more unless that was wanted.

    Args:
        deployments: the names of those that only we serve, which are those of their flows, too.
        notified: who is told of the closed runs; Prefect runs no hooks for them.
        stopped: whether `newsmill serve` was told to end, by which they were cancelled.

    Returns:
        The names of the runs that are started again. A new run takes over what the old one left (`flows.run`), so
        nothing is fetched or stored twice.
    """
    resumed = []
    async with get_client() as client:
        for flow, cut in await _cut_runs(client, deployments):
            unwanted = stopped or cut.state_type == StateType.CANCELLING or AGAIN in cut.tags
            state: State[None] = (
                Cancelled(message="newsmill serve was told to end while it ran.")
                if stopped
                else Crashed(message="newsmill serve was killed while it ran.")
            )
            await client.set_flow_run_state(cut.id, state, force=True)
            if cut.deployment_id is not None and not unwanted:
                # With the key the next start does not start it twice, should we be killed just here.
                key = f"again-{cut.id}"
                tags = [*cut.tags, AGAIN]
                await client.create_flow_run_from_deployment(
                    cut.deployment_id, parameters=_parameters(cut), tags=tags, idempotency_key=key
                )
                resumed.append(cut.name)
            await asyncio.to_thread(notify, notified, notice_of(cut, state, flow))
    return resumed


def _parameters(cut: FlowRun) -> dict[str, Any]:
    """What a run was started with, without what only runs of newsmill 0.1 could be told."""
    return {name: value for name, value in cut.parameters.items() if name not in ("config", "db")}


async def _cut_runs(client: PrefectClient, deployments: Sequence[str]) -> list[tuple[str, FlowRun]]:
    under_way = FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=_UNDER_WAY)))
    found: list[tuple[str, FlowRun]] = []
    for name in deployments:
        of_it = DeploymentFilter(name=DeploymentFilterName(any_=[name]))
        runs = await client.read_flow_runs(flow_run_filter=under_way, deployment_filter=of_it)
        found += [(name, run) for run in runs]
    return found
