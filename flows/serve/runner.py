"""The process that registers the deployments and starts their runs: `python -m flows.serve.runner ERRAND`.

On a server that is not our own it cancels what runs when it is told to end; it ends with the keeper in any case.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from flows.serve.tether import VARIABLE, tether
from ingest.errors import ConfigError

if TYPE_CHECKING:
    from prefect.deployments.runner import RunnerDeployment

    from flows.settings import NotifySettings

# How often the runner asks for work, in seconds: someone who starts a run in the UI looks at it and waits.
_ASKS_EVERY_S = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """What the runner is to do.

    `alone` says that the server is our own, so that nobody else serves there; `stopped`, that the last one to serve was
    told to end. With `now` a nightly run starts at once.
    """

    alone: bool
    stopped: bool
    now: bool

    def as_argument(self) -> str:
        """The errand as one argument of a command."""
        return json.dumps(asdict(self))


def main(argument: str) -> int:
    """Carry an errand out until told to end; an exit status."""
    from flows.serve.deployments import deployments
    from flows.settings import handed_on, load_settings

    errand = Errand(**json.loads(argument))
    if not os.read(sys.stdin.fileno(), 1):  # the keeper says when there is a server
        return 0
    tether()
    os.environ[VARIABLE] = "1"  # the processes of runs end with us
    try:
        settings = load_settings(handed_on())
        asyncio.run(_serve(deployments(settings.serve), errand, settings.notify))
    except ConfigError as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201 - the operator's terminal
        return 2
    return 0


async def _serve(deployed: Sequence[RunnerDeployment], errand: Errand, notified: NotifySettings) -> None:
    from prefect.deployments.flow_runs import arun_deployment
    from prefect.runner import Runner

    from flows.serve.deployments import ensure_automation
    from flows.serve.resume import resume_cut_runs

    resumed = []
    if errand.alone:
        await ensure_automation()
        names = [one.name for one in deployed if one.name]
        resumed = await resume_cut_runs(names, notified, stopped=errand.stopped)
    # Two runs at once: the nightly run and a list of URLs. Schedules stay as they are when the runner ends.
    runner = Runner(name="newsmill", query_seconds=_ASKS_EVERY_S, limit=2, pause_on_shutdown=False)
    for deployment in deployed:
        await runner.aadd_deployment(deployment)
    paths = [f"{deployment.flow_name}/{deployment.name}" for deployment in deployed]
    print(f"Serving {' and '.join(paths)}. Ctrl-C ends all of it.", flush=True)  # noqa: T201 - the operator's terminal
    for name in resumed:
        print(f"Going on with {name}, which was cut short.", flush=True)  # noqa: T201
    if errand.now and not resumed:
        await arun_deployment(paths[0], timeout=0, as_subflow=False)
    serving = asyncio.create_task(runner.start())
    await asyncio.sleep(0)  # it installs its handler before anything else, one that waits for this very loop
    told = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, told.set)
    waiting = asyncio.create_task(told.wait())
    await asyncio.wait([serving, waiting], return_when=asyncio.FIRST_COMPLETED)
    if not told.is_set():
        await serving  # raises what ended it
    elif runner.started:
        await runner.astop()
        await serving
    else:
        serving.cancel()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
