"""What is deployed: the nightly run by its schedule, URL lists by hand; and what closes runs whose process is gone."""

from __future__ import annotations

from datetime import timedelta

from prefect.automations import Automation
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy, StateType
from prefect.deployments.runner import RunnerDeployment
from prefect.events.actions import ChangeFlowRunState
from prefect.events.schemas.automations import EventTrigger, Posture
from prefect.events.schemas.events import ResourceSpecification
from prefect.schedules import Cron
from prefect.types.entrypoint import EntrypointType

from flows.nightly import nightly
from flows.serve.server import HEARTBEAT_S, TAG
from flows.settings import ServeSettings
from flows.url_list import url_list
from ingest.errors import ConfigError

NIGHTLY = "nightly"
URL_LIST = "url-list"
ZOMBIES = "newsmill: close runs whose process is gone"

# A machine that is busy may lose a heartbeat.
_SILENCE = timedelta(seconds=3 * HEARTBEAT_S)
_HEARTBEAT = "prefect.flow-run.heartbeat"
_ENDS = ("Completed", "Failed", "Cancelled", "Crashed")


def deployments(settings: ServeSettings) -> list[RunnerDeployment]:
    """The deployments, by module path: by file Prefect would put our folders first on the path of modules.

    Raises:
        ConfigError: the schedule is none.
    """
    try:
        schedule = Cron(settings.cron, timezone=settings.timezone)
    except ValueError as error:
        raise ConfigError(f"setting serve.cron: {error}") from error
    scheduled = RunnerDeployment.from_flow(
        nightly,
        NIGHTLY,
        schedule=schedule,
        # A night that takes longer than a day must not be joined by the next: both would fetch the same.
        concurrency_limit=ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW),
        tags=[TAG],
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    by_hand = RunnerDeployment.from_flow(
        url_list,
        URL_LIST,
        concurrency_limit=ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.ENQUEUE),
        tags=[TAG],
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    return [scheduled, by_hand]


def zombie_automation() -> Automation:
    """A run of which nothing was heard for 90 seconds becomes Crashed: its machine or its runner is gone.

    Otherwise it would be Running for ever, and keep the next night from starting. Only our own runs, which are
    known by their tag, are looked at: those of other flows on the server may well be silent for longer.
    """
    return Automation(
        name=ZOMBIES,
        description="A run that sent heartbeats and sends none any more becomes Crashed.",
        trigger=EventTrigger(
            posture=Posture.Proactive,
            after={_HEARTBEAT},
            expect={_HEARTBEAT, *(f"prefect.flow-run.{state}" for state in _ENDS)},
            match_related=ResourceSpecification(
                {"prefect.resource.id": f"prefect.tag.{TAG}", "prefect.resource.role": "tag"}
            ),
            for_each={"prefect.resource.id"},
            within=_SILENCE,
            threshold=1,
        ),
        actions=[
            ChangeFlowRunState(
                name="Crashed",
                state=StateType.CRASHED,
                message=f"No sign of life for {_SILENCE.total_seconds():g} seconds.",
                force=False,
            )
        ],
    )


async def ensure_automation() -> None:
    """Create the automation, unless the server has one of its name: an operator may have changed it."""
    try:
        await Automation.aread(name=ZOMBIES)
    except ValueError:
        await zombie_automation().acreate()
