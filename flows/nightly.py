"""The flow `nightly`: ingest what the configured sources announce. Deploy it as `flows.nightly.nightly`."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State

from flows.notify import tell, tell_of_shortfall
from flows.orders import choose_sources, nightly_order, rechecks_of
from flows.report.run import run_reported
from flows.serve.ending import ends_when_told
from flows.settings import handed_on, load_settings
from flows.summary import Summary
from flows.tasks import FLOW_NAMES, state_of


@flow(
    name=FLOW_NAMES["nightly"],
    persist_result=False,
    on_failure=[tell],
    on_crashed=[tell],
    on_cancellation=[tell],
    on_completion=[tell_of_shortfall],
)
def nightly(
    # Empty rather than None: the form shows a field for it, and two buttons and no field for None.
    sources: tuple[str, ...] = (),
    translate: bool = True,
) -> State[Summary]:
    """Discover and ingest every configured source once, and translate what waited for a model.

    Args:
        sources: Names of sources. Empty: all of sources.toml.
        translate: Off leaves translations pending.
    """
    folder = handed_on()
    with ends_when_told():
        settings = load_settings(folder)
        chosen = choose_sources(folder, sources)
        order = nightly_order(chosen, translate=translate, rechecks=rechecks_of(settings))
        return state_of(run_reported(order, settings, config=folder))
